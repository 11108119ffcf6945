"""One recorded case replayed step by step with the regulation's own functions: what the arrays must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hotline.regulation.clocks import Clock, ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.life import ANSWERING, ENDING, Life
from hotline.regulation.lifecycle import Step
from hotline.regulation.working_time import WorkCalendar

__all__ = [
    "ANSWERING", "ENDING", "PARTS", "PART_ASKED", "PART_ENDED", "PART_MET", "PART_MOVED", "Replayed", "Taken",
    "replay_case",
]  # fmt: skip

# What can be recorded of a cooperating agency's part.
PARTS = PART_ASKED, PART_MET, PART_ENDED, PART_MOVED = ("part:asked", "part:met", "part:ended", "part:moved")


@dataclass(frozen=True, slots=True)
class Taken:
    """A recorded step: what, when, the number of the calendar of whoever held the case then; for a reschedule or a progress
    report, the date that was promised. `office`: who holds the case from now on, -1 where that did not change.

    Of a cooperating agency ("part:asked" …): the number of its part, its calendar and itself as `office`."""

    step: str
    at: datetime
    calendar: int = 0
    until: datetime | None = None
    part: int = 0
    office: int = -1


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
        if taken.part:
            _part(life, taken)
            continue
        life.holder = taken.calendar
        if taken.step == Step.RESCHEDULE and taken.until is not None:
            life.promised(taken.until, taken.at)
        elif taken.step == Step.REPORT_PROGRESS and taken.until is not None:
            life.committed(taken.until, taken.at)
        life.take(taken.step, taken.at)
        if taken.office >= 0:
            life.given_to(taken.office, taken.at)
    life.run_out(now)
    return Replayed([each.clock for each in life.owed], life.late_at, life.late_key)


def _part(life: Life, taken: Taken) -> None:
    if taken.step == PART_ASKED:
        life.asked(taken.part, taken.office, taken.calendar, taken.at)
    elif taken.step == PART_MOVED:
        life.part_passed(taken.part, taken.office)
    elif taken.step in (PART_MET, PART_ENDED):
        life.part_over(taken.part, taken.at, met=taken.step == PART_MET)
