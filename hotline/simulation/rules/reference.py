"""One recorded case replayed step by step with the regulation's own functions: what the arrays must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.regulation.clocks import Clock, ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.life import ENDING, Life
from hotline.regulation.lifecycle import Step
from hotline.regulation.working_time import WorkCalendar

__all__ = ["ENDING", "Replayed", "Taken", "replay_case"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A recorded step: what, when, the number of the calendar of whoever held the case then; for a reschedule or a progress
    report, the date that was promised."""

    step: str
    at: datetime
    calendar: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one case would have been: its clocks in the order they began, and when it first became late."""

    clocks: list[Clock]
    late_at: datetime | None
    late_key: str


def replay_case(
    edition: Edition,
    promise: ClockRule,
    calendars: Sequence[WorkCalendar],
    received: datetime,
    steps: Iterable[Taken],
    now: datetime,
) -> Replayed:
    """A case received at a moment with the steps people took, under this edition up to `now`.

    `promise`: the rule of a promise to the citizen. Calendar 0 is the hotline's, where every case begins. The steps are
    taken as recorded, even where the edition would not have allowed them.
    """
    life = Life(edition, promise, calendars)
    life.take(Step.OPEN, received)
    for taken in steps:
        life.run_out(taken.at)
        life.holder = taken.calendar
        if taken.step == Step.RESCHEDULE and taken.until is not None:
            life.promised(taken.until, taken.at)
        elif taken.step == Step.REPORT_PROGRESS and taken.until is not None:
            life.committed(taken.until, taken.at)
        life.take(taken.step, taken.at)
    life.run_out(now)
    return Replayed([each.clock for each in life.owed], life.late_at, life.late_key)
