"""A calendar was changed: the due moments that were computed on it are computed anew, each case saying old and new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hotline.calendars.queries import dependents, unsettled_calendar
from hotline.cases.actions.work import Work, on
from hotline.cases.clocks import rule_of, value_of, write
from hotline.cases.models import Clock
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.regulation import clocks as regulation
from hotline.regulation.labels import Label
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


@dataclass(frozen=True, slots=True)
class Move:
    """A due moment of an open case that a change of its calendar moves."""

    code: str
    clock: Label
    agency: str
    old: datetime
    new: datetime


def foretell(calendar_id: int, change: Callable[[], object]) -> list[Move]:
    """Which due moments a change of a calendar would move, the earliest first, before anybody decides on it.

    The change is really made, counted on and taken back, so that what is foretold is what will happen. Raises what it
    raises. Nothing is written.
    """
    with transaction.atomic():
        change()
        moves = _moves(dependents(calendar_id))
        transaction.set_rollback(True)
    return sorted(moves, key=lambda move: (move.old, move.code))


def _moves(calendars: list[int]) -> list[Move]:
    values = {pk: unsettled_calendar(pk) for pk in calendars}
    rows = (
        Clock.objects.filter(calendar__in=calendars, next_at__isnull=False, state=str(ClockState.RUNNING), promised=False)
        .select_related("case__edition", "agency")
        .defer("case__search", "case__content", "case__edition__document")
    )
    moves = []
    for row in rows.iterator(chunk_size=2000):
        rule = rule_of(row.case.edition, row.key)
        new = regulation.recompute(value_of(row, rule), values[row.calendar_id]).due_at
        if new != row.due_at:
            moves.append(Move(row.case.code, rule.label, row.agency.label if row.agency else "", row.due_at, new))
    return moves


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
