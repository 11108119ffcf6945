"""One recorded case replayed step by step with the regulation's own functions: what the arrays must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import Clock, ClockRule
from hotline.regulation.lifecycle import TRANSITIONS, State, Step
from hotline.regulation.working_time import WorkCalendar

# Steps after which nothing is owed any more, from the lifecycle's own table.
ENDING = frozenset(step for (_, step), to in TRANSITIONS.items() if to.to == State.CLOSED and step != Step.RATE)


@dataclass(frozen=True, slots=True)
class Taken:
    """A recorded step: what, when, the number of the calendar of whoever held the case then; for a reschedule, the date
    that was promised."""

    step: str
    at: datetime
    calendar: int = 0
    until: datetime | None = None


@dataclass(slots=True)
class Replayed:
    """What one case would have been: its clocks in the order they began, and when it first became late."""

    clocks: list[Clock] = field(default_factory=list)
    late_at: datetime | None = None
    late_key: str = ""


def replay_case(
    rules: Sequence[ClockRule],
    moves: Iterable[str],
    promise: ClockRule,
    calendars: Sequence[WorkCalendar],
    received: datetime,
    steps: Iterable[Taken],
    now: datetime,
) -> Replayed:
    """A case received at a moment with the steps people took, under these clock rules up to `now`.

    `moves`: the clocks that a reschedule moves; `promise`: the rule of the promise itself. Calendar 0 is the hotline's.
    The steps are taken as recorded, even where the edition would not have allowed them.
    """
    life = _Life({rule.key: rule for rule in (*rules, promise)}, frozenset(moves), promise, calendars)
    life.step(Step.OPEN, received)
    for taken in steps:
        life.run_out(taken.at)
        life.holder = taken.calendar
        if taken.step == Step.RESCHEDULE and taken.until is not None:
            life.promised(taken.until, taken.at)
        life.step(taken.step, taken.at)
        if taken.step in ENDING:
            life.rows = [(which, regulation.cancel(clock, taken.at)) for which, clock in life.rows]
    life.run_out(now)
    return Replayed([clock for _, clock in life.rows], life.late_at, life.late_key)


@dataclass
class _Life:
    rules: Mapping[str, ClockRule]
    moves: frozenset[str]
    promise: ClockRule
    calendars: Sequence[WorkCalendar]
    holder: int = 0
    rows: list[tuple[int, Clock]] = field(default_factory=list)  # each on the calendar it was started on
    late_at: datetime | None = None
    late_key: str = ""

    def step(self, step: str, at: datetime) -> None:
        for key, rule in self.rules.items():
            for number, (which, clock) in enumerate(self.rows):
                if clock.key == key:
                    moved = regulation.apply_step([_only_moving(rule)], [clock], step, at, self.calendars[which])
                    if moved:
                        self.rows[number] = (which, moved[0])
            if step in rule.starts_on and not any(c.unfinished for _, c in self.rows if c.key == key):
                self.rows.append((self.holder, regulation.start(rule, at, self.calendars[self.holder])))

    def promised(self, until: datetime, at: datetime) -> None:
        for number, (which, clock) in enumerate(self.rows):
            if clock.key in self.moves:
                self.rows[number] = (which, regulation.promise(clock, until))
            elif clock.key == self.promise.key:
                self.rows[number] = (which, regulation.cancel(clock, at))
        new = Clock(key=self.promise.key, limit=self.promise.limit, started_at=at, due_at=until, promised=True)
        self.rows.append((self.holder, new))

    def run_out(self, now: datetime) -> None:
        while past := [n for n, (_, clock) in enumerate(self.rows) if regulation.is_past(clock, now)]:
            number = min(past, key=lambda n: (self.rows[n][1].due_at, n))
            which, clock = self.rows[number]
            self.rows[number] = (which, regulation.breach(clock))
            if self.late_at is None and self.rules[clock.key].marks_late:
                self.late_at, self.late_key = clock.due_at, clock.key
            self.step(regulation.expiry_of(clock.key), clock.due_at)


def _only_moving(rule: ClockRule) -> ClockRule:
    """The rule without its beginning: what is there is moved on its own calendar, what begins is seen to by the holder's."""
    return replace(rule, starts_on=())
