"""What time alone does to a case: a reminder before, *trễ hạn* after. The sweeper calls these; twice does no more than once."""

from __future__ import annotations

from datetime import datetime

from hotline.cases.actions.work import Work, on
from hotline.cases.clocks import value_of
from hotline.cases.models import Clock
from hotline.journal.rules import SYSTEM
from hotline.regulation import clocks as regulation
from hotline.regulation.lifecycle import ClockState


def expire(clock_id: int, now: datetime) -> int:
    """Breach a clock that is past its due moment, and any other of its case that is: trễ hạn, once and for ever. Returns
    how many were.

    A clock that was met, moved or breached meanwhile stays as it is. The case's version stays too: nobody's words
    changed, so nobody's form is refused. Raises Clock.DoesNotExist.
    """
    case_id = Clock.objects.values_list("case_id", flat=True).get(pk=clock_id)
    with on(case_id, SYSTEM, now) as work:
        pass  # coming to a case breaches what ran out, whoever comes: see `on`
    return len(work.overdue)


def warn(clock_id: int, now: datetime) -> int:
    """Remind of a clock whose next warning is due. However many were missed meanwhile, one is given. Returns 1, or 0 when
    there was nothing to warn of (any more). Raises Clock.DoesNotExist."""
    case_id = Clock.objects.values_list("case_id", flat=True).get(pk=clock_id)
    with on(case_id, SYSTEM, now) as work:
        row = next(row for row in work.clocks.rows if row.pk == clock_id)
        due = row.state == ClockState.RUNNING and row.next_at is not None and row.next_at <= now <= row.due_at
        if due:
            _remind(work, row)
    return int(due)


def _remind(work: Work, row: Clock) -> None:
    rule = work.clocks.rules[row.key]
    calendar = work.clocks.calendar(row.calendar_id)
    moments = regulation.warnings(value_of(row, rule), rule, calendar)
    row.warned = sum(moment <= work.now for moment in moments)
    row.next_at = moments[row.warned] if row.warned < len(moments) else row.due_at
    work.clocks.touch(row)
    work.remind(row)
