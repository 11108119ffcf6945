"""A calendar was changed: the due moments that were computed on it are computed anew, each case saying old and new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from hotline.calendars.queries import dependents, unsettled_calendar
from hotline.cases.actions.work import Work, on
from hotline.cases.clocks import rule_of, value_of, write
from hotline.cases.models import Case, Clock
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM, Actor
from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import ClockRule
from hotline.regulation.explain import moment_words
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ClockState
from hotline.regulation.working_time import WorkCalendar


@dataclass(frozen=True, slots=True)
class Move:
    """A due moment of an open case that a change of its calendar moves. `late`: it had run out already, so it stays as it is
    and only says what the changed calendar would have made of it."""

    code: str
    clock: Label
    agency: str
    old: datetime
    new: datetime
    late: bool = False


def recalculate(calendar_id: int, *, now: datetime, actor: Actor = SYSTEM) -> int:
    """Recompute the running clocks of open cases on a calendar and on those that take their days from it.

    Each case is a transaction of its own with an act of its own, so that nobody waits for thousands of them; the last act
    is the calendar's, with old and new of every case. Run again after a crash it does what is left, and nothing twice. What
    was met, paused or promised to the citizen stays as it was, and so does what was breached: trễ hạn is never taken back,
    but a case that would not be late yet under the changed calendar says so. Returns how many cases moved.
    """
    calendars = dependents(calendar_id)
    told: list[list[str]] = []
    moved = 0
    for case_id in sorted(set(_affected(calendars).values_list("case_id", flat=True))):
        with on(case_id, actor, now) as work:
            moves = _recompute(work, set(calendars))
            _explain(work, set(calendars))
        moved += bool(moves)
        told += [[work.case.code, key, old, new] for key, (old, new) in moves.items()]
    if told:
        with transaction.atomic():
            record("calendar.recalculated", "calendar", calendar_id, actor, now, after={"cases": moved, "moved": told})
    return moved


def foretell(calendar_id: int, change: Callable[[], object]) -> list[Move]:
    """Which due moments a change of a calendar would move, the earliest first, before anybody decides on it.

    The change is really made, counted on and taken back, so that what is foretold is what will happen. Raises what it
    raises. Nothing is written.
    """
    with transaction.atomic():
        change()
        moves = list(_moves(dependents(calendar_id)))
        transaction.set_rollback(True)
    return sorted(moves, key=lambda move: (move.late, move.old, move.code))


def _affected(calendars: list[int]) -> QuerySet[Clock]:
    """Clocks a changed calendar may move, and those of open cases that ran out on it."""
    running = Q(next_at__isnull=False, state=str(ClockState.RUNNING))
    late = Q(state=str(ClockState.BREACHED), case__in=Case.objects.open().filter(late_at__isnull=False))
    return Clock.objects.filter(running | late, calendar__in=calendars, promised=False)


def _moves(calendars: list[int]) -> Iterator[Move]:
    values = {pk: unsettled_calendar(pk) for pk in calendars}
    rows = _affected(calendars).select_related("case__edition", "agency")
    for row in rows.defer("case__search", "case__content", "case__edition__document").iterator(chunk_size=2000):
        rule = rule_of(row.case.edition, row.key)
        late = row.state == ClockState.BREACHED
        new = _anew(row, rule, values[row.calendar_id])
        if new > row.due_at if late else new != row.due_at:
            yield Move(row.case.code, rule.label, row.agency.label if row.agency else "", row.due_at, new, late)


def _anew(row: Clock, rule: ClockRule, calendar: WorkCalendar) -> datetime:
    """The due moment under a changed calendar, as though the clock had not run out."""
    value = replace(value_of(row, rule), state=ClockState.RUNNING, breached_at=None)
    return regulation.recompute(value, calendar).due_at


def _recompute(work: Work, calendars: set[int]) -> dict[str, tuple[str, str]]:
    """Move the running clocks of a case; old and new by clock, each with its agency where several owe one of a key."""
    moves: dict[str, tuple[str, str]] = {}
    said: list[str] = []
    for row in work.clocks.rows:
        if row.calendar_id not in calendars:
            continue
        rule, calendar = work.clocks.rules[row.key], work.clocks.calendar(row.calendar_id)
        value = regulation.recompute(value_of(row, rule), calendar)
        if value.due_at != row.due_at:
            key = f"{row.key}:{row.agency_id}" if row.participant_id else row.key
            moves[key] = (row.due_at.isoformat(), value.due_at.isoformat())
            old, new = (moment_words(at.astimezone(calendar.zone), "vi") for at in (row.due_at, value.due_at))
            said.append(f"{_named(row, rule)}: {old} → {new}")
            work.clocks.touch(write(row, value, rule, calendar, work.now))
    if moves:
        record("case.recalculated", "case", work.case.pk, work.actor, work.now,
               before={key: old for key, (old, _) in moves.items()}, after={key: new for key, (_, new) in moves.items()},
               note="; ".join(said), topics=work.topics())
    return moves


def _named(row: Clock, rule: ClockRule) -> str:
    """A clock by what it is for, and a cooperating agency's by whose it is too."""
    return f"{rule.label.vi} ({row.agency.name})" if row.participant_id and row.agency else rule.label.vi


def _explain(work: Work, calendars: set[int]) -> None:
    """What ran out on the calendar as it was, and would not have run out yet on the changed one: it stays late, and the case
    says why. Once for each due moment."""
    for row in work.clocks.rows:
        if row.state != ClockState.BREACHED or row.promised or row.calendar_id not in calendars:
            continue
        rule = work.clocks.rules[row.key]
        new = _anew(row, rule, work.clocks.calendar(row.calendar_id))
        said: dict[str, str | int | None] = {"clock": row.key, "round": row.round, "due_at": new.isoformat()}
        if row.participant_id:  # several agencies may be late at one moment: each is explained
            said["part_of"] = row.agency_id
        known = Act.objects.filter(subject="case", subject_id=work.case.pk, kind="case.late_explained", after__contains=said)
        if new <= row.due_at or new < work.now or known.exists():
            continue
        zone = work.clocks.calendar(row.calendar_id).zone
        record(
            "case.late_explained", "case", work.case.pk, work.actor, work.now, before={"due_at": row.due_at.isoformat()},
            after=said, topics=work.topics(),
            note=f"{_named(row, rule)}: trễ từ {moment_words(row.due_at.astimezone(zone), 'vi')} theo lịch làm việc khi ấy; theo "
            f"lịch đã sửa, hạn là {moment_words(new, 'vi')}. Dấu trễ hạn giữ nguyên.",
        )
