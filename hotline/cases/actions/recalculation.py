"""A calendar was changed: the due moments that were computed on it are computed anew, each case saying old and new."""

from __future__ import annotations

from datetime import datetime

from hotline.calendars.queries import dependents
from hotline.cases.actions.work import Work, on
from hotline.cases.clocks import value_of, write
from hotline.cases.models import Clock
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.regulation import clocks as regulation
from hotline.regulation.lifecycle import ClockState


def recalculate(calendar_id: int, *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Recompute the running clocks of open cases on a calendar and on those that take their days from it.

    Each case is a transaction of its own, so that nobody waits for thousands of them; run again after a crash it does
    what is left, and nothing twice. What was breached, met, paused or promised to the citizen stays as it was. Returns
    how many cases moved.
    """
    calendars = dependents(calendar_id)
    running = Clock.objects.filter(calendar__in=calendars, next_at__isnull=False, state=str(ClockState.RUNNING))
    moved = 0
    for case_id in sorted(set(running.values_list("case_id", flat=True))):
        with on(case_id, actor, now) as work:
            moved += _recompute(work, set(calendars))
    return moved


def _recompute(work: Work, calendars: set[int]) -> bool:
    before, after = {}, {}
    for row in work.clocks.rows:
        if row.calendar_id not in calendars:
            continue
        rule, calendar = work.clocks.rules[row.key], work.clocks.calendar(row.calendar_id)
        value = regulation.recompute(value_of(row, rule), calendar)
        if value.due_at != row.due_at:
            before[row.key], after[row.key] = row.due_at.isoformat(), value.due_at.isoformat()
            work.clocks.touch(write(row, value, rule, calendar, work.now))
    if before:
        record("case.recalculated", "case", work.case.pk, work.actor, work.now, before=before, after=after,
               topics=work.topics())
    return bool(before)
