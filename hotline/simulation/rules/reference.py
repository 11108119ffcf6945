"""One recorded case replayed step by step with the regulation's own functions: what the arrays must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import Clock, ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import TRANSITIONS, ClockState, State, Step
from hotline.regulation.obligations import owed_in
from hotline.regulation.triggers import mode_trigger
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
    life = _Life(edition, promise, calendars)
    life.take(Step.OPEN, received)
    for taken in steps:
        life.run_out(taken.at)
        life.holder = taken.calendar
        if taken.step == Step.RESCHEDULE and taken.until is not None:
            life.promised(taken.until, taken.at)
        elif taken.step == Step.REPORT_PROGRESS and taken.until is not None:
            life.committed(taken.until, taken.at)
        life.take(taken.step, taken.at)
        if taken.step in ENDING:
            life.rows = [(which, regulation.cancel(clock, taken.at)) for which, clock in life.rows]
    life.run_out(now)
    return Replayed([clock for _, clock in life.rows], life.late_at, life.late_key)


@dataclass
class _Life:
    edition: Edition
    promise: ClockRule
    calendars: Sequence[WorkCalendar]
    mode: str = ""
    holder: int = 0
    rows: list[tuple[int, Clock]] = field(default_factory=list)  # each on the calendar it was started on
    late_at: datetime | None = None
    late_key: str = ""

    @property
    def rules(self) -> dict[str, ClockRule]:
        """The clocks that can begin, as the case is answered now."""
        edition = self.edition
        return {rule.key: rule for rule in (*edition.clocks, *edition.obligation_clocks(self.mode), self.promise)}

    def take(self, word: str, at: datetime) -> None:
        """A recorded word: a step, "mode:<key>" for choosing a response mode, "raise:<level>", "met:<kind>"."""
        sort, _, key = word.partition(":")
        if sort == "met":
            met = {rule.key for rule in self.edition.obligations if rule.kind == key}
            self.rows = [(n, regulation.meet(clock, at) if clock.key in met else clock) for n, clock in self.rows]
            return
        step = {"mode": Step.SET_MODE, "raise": Step.RAISE_LEVEL}.get(sort, word)
        chosen = key if sort == "mode" else self.edition.mode_by(step) if not self.mode else None
        if chosen:
            self.answer_in(chosen, at)
        self.step(step, at)
        if sort == "raise":
            self.step(word, at)
        if chosen:
            self.step(mode_trigger(chosen), at)

    def answer_in(self, mode: str, at: datetime) -> None:
        self.mode = mode
        gone = {rule.key for rule in self.edition.obligations if not owed_in(rule, self.edition.modes, mode)}
        for number, (which, clock) in enumerate(self.rows):
            if clock.key in gone and clock.state != ClockState.BREACHED:
                self.rows[number] = (which, regulation.cancel(clock, at))

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
            if clock.key in self.edition.reschedule.moves:
                self.rows[number] = (which, regulation.promise(clock, until))
            elif clock.key == self.promise.key:
                self.rows[number] = (which, regulation.cancel(clock, at))
        self._promise(until, at)

    def committed(self, until: datetime, at: datetime) -> None:
        for number, (which, clock) in enumerate(self.rows):
            if clock.key == self.promise.key and clock.unfinished:
                self.rows[number] = (which, regulation.promise(clock, until))
                return
        self._promise(until, at)

    def _promise(self, until: datetime, at: datetime) -> None:
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
