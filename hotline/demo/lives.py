"""The life of a generated case: its steps, its clocks and where it stands now, by the regulation's own functions."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp

from hotline.cases.rules import nearest_duty
from hotline.regulation import clocks
from hotline.regulation.clocks import Clock
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import ClockState, State, Step, next_state
from hotline.regulation.reopening import closes_at
from hotline.regulation.working_time import WorkCalendar

# Where the open ones stand, in parts of a hundred: the steps that lead there after assignment.
_OPEN: tuple[tuple[int, tuple[Step, ...]], ...] = (
    (5, ()),
    (13, (Step.ASSIGN,)),
    (42, (Step.ASSIGN, Step.ACCEPT)),
    (9, (Step.ASSIGN, Step.ACCEPT, Step.ASK_VERIFICATION)),
    (12, (Step.ASSIGN, Step.ACCEPT, Step.SUBMIT)),
    (8, (Step.ASSIGN, Step.ACCEPT, Step.TAKE_OVER)),
    (4, (Step.ASSIGN, Step.RETURN)),
    (2, (Step.ASSIGN, Step.RETURN, Step.ASSIGN, Step.RETURN_AGAIN)),
    (5, (Step.ASSIGN, Step.ACCEPT, Step.SUBMIT, Step.APPROVE, Step.ASK_REOPEN)),
)
_ANSWERED = (Step.ASSIGN, Step.ACCEPT, Step.SUBMIT, Step.APPROVE)
_OPEN_AT_FIRST, _OPEN_DAYS = 0.85, 90.0  # 0,85 · e^(−days/90) over three years: seven in a hundred


@dataclass(frozen=True, slots=True)
class Deed:
    """A step at a moment, with the state before and after."""

    step: Step
    at: datetime
    before: State
    after: State


@dataclass(slots=True)
class Life:
    """Everything a case went through up to now."""

    received: datetime
    state: State = State.RECEIVED
    deeds: list[Deed] = field(default_factory=list)
    clocks: dict[str, Clock] = field(default_factory=dict)
    breaches: list[Clock] = field(default_factory=list)  # in the order they ran out
    late_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    reopen_until: datetime | None = None
    due_at: datetime | None = None
    due_clock: str = ""
    stars: int | None = None

    def when(self, step: Step) -> datetime | None:
        """When a step was first taken."""
        return next((deed.at for deed in self.deeds if deed.step == step), None)


class Course:
    """Lives under one edition and calendar."""

    def __init__(self, edition: Edition, calendar: WorkCalendar, now: datetime) -> None:
        self.edition, self.calendar, self.now = edition, calendar, now
        self.rules = {rule.key: rule for rule in edition.clocks}

    def live(self, dice: random.Random, received: datetime) -> Life:
        """One case's life, as far as it has come by now."""
        life = Life(received)
        self._apply(life, Step.OPEN, received)
        days = (self.now - received).total_seconds() / 86400
        if dice.random() < _OPEN_AT_FIRST * exp(-days / _OPEN_DAYS):
            [(_, steps)] = dice.choices(_OPEN, [weight for weight, _ in _OPEN])
        else:
            steps = _ANSWERED
        moment = received + timedelta(minutes=dice.randrange(3, 50))
        for number, step in enumerate(steps):
            if number:
                pause = dice.expovariate(1 / 1.6) if step != Step.ASK_REOPEN else dice.uniform(4, 30)
                moment = self.calendar.add(moment, timedelta(hours=0.05 + pause))
            if moment >= self.now:
                break
            self._take(life, step, moment)
        life.answered_at = life.when(Step.APPROVE)
        if life.answered_at is not None:
            life.reopen_until = closes_at(self.edition.reopening, life.answered_at, self.calendar)
        if life.state == State.ANSWERED:
            self._after_answer(life, dice)
        self._run_out(life, self.now)
        duty = nearest_duty(life.state, life.clocks.values(), self.rules)
        life.due_at, life.due_clock = (duty.due_at, duty.key) if duty else (None, "")
        return life

    def next_look(self, clock: Clock) -> tuple[int, datetime | None]:
        """How many warnings of a clock are out, and when the sweeper has to look at it next."""
        if clock.state != ClockState.RUNNING:
            return 0, None
        moments = clocks.warnings(clock, self.rules[clock.key], self.calendar)
        out = sum(moment <= self.now for moment in moments)
        return out, moments[out] if out < len(moments) else clock.due_at

    def _after_answer(self, life: Life, dice: random.Random) -> None:
        assert life.answered_at is not None and life.reopen_until is not None
        rated = life.answered_at + timedelta(hours=dice.uniform(1, 60))
        if dice.random() < 0.34 and rated < self.now:
            life.stars = dice.choices((3, 4, 5), (2, 4, 7))[0]
            self._take(life, Step.RATE, rated)
            life.closed_at = rated
        elif life.reopen_until < self.now - timedelta(minutes=1):
            life.closed_at = life.reopen_until + timedelta(seconds=20)
        if life.closed_at:
            self._take(life, Step.SETTLE, life.closed_at)

    def _take(self, life: Life, step: Step, at: datetime) -> None:
        self._run_out(life, at)
        before, life.state = life.state, next_state(life.state, step)
        life.deeds.append(Deed(step, at, before, life.state))
        self._apply(life, step, at)

    def _apply(self, life: Life, step: str, at: datetime) -> None:
        for clock in clocks.apply_step(self.edition.clocks, list(life.clocks.values()), step, at, self.calendar):
            life.clocks[clock.key] = clock

    def _run_out(self, life: Life, at: datetime) -> None:
        while past := [clock for clock in life.clocks.values() if clocks.is_past(clock, at)]:
            clock = clocks.breach(min(past, key=lambda c: c.due_at))
            life.clocks[clock.key] = clock
            life.breaches.append(clock)
            if self.rules[clock.key].marks_late and life.late_at is None:
                life.late_at = clock.breached_at
            self._apply(life, clocks.expiry_of(clock.key), clock.due_at)
