"""Recorded cases replayed on arrays: the same answers as `reference.replay_case`, for a whole chunk of cases at once.

The k-th steps of all cases are taken together, and of those the same steps together; what a step does to a clock is then
one assignment over the cases that took it. People's steps are taken as recorded; only the clocks are reckoned anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hotline.regulation.clocks import ClockRule, expiry_of
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import Step
from hotline.regulation.triggers import mode_trigger, raise_trigger
from hotline.simulation.rules import limits
from hotline.simulation.rules.reference import ANSWERING, ENDING, PART_ASKED, PART_MOVED, PARTS
from hotline.simulation.rules.timeline import Bools, Moments, Timeline, Which

NEVER = np.iinfo(np.int64).max
IDLE, RUNNING, PAUSED, BREACHED = range(4)
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Plan:
    """An edition prepared for arrays. `words` are what can be recorded, by their numbers; any other number moves no clock.

    `owed`: for each rule the response modes (numbers in `modes`, 0 while none is chosen) in which it can begin, None for
    all; `chooses`: the mode that a step chooses by itself; `met`: the rules that "met:<kind>" meets; `cooperation`: the
    rule of the clock that each cooperating agency gets, -1 where the edition knows none.
    """

    rules: tuple[ClockRule, ...]
    words: tuple[str, ...]
    modes: tuple[str, ...]
    owed: tuple[frozenset[int] | None, ...]
    chooses: Mapping[str, int]
    met: Mapping[str, tuple[int, ...]]
    moves: frozenset[int]  # rules that a reschedule moves
    promise: int  # the rule of the promise itself
    cooperation: int = -1
    besides: int = 0  # the first rule of an obligation; the others follow, up to the promise

    @property
    def keys(self) -> tuple[str, ...]:
        """The clocks in the order of the result's rows."""
        return tuple(rule.key for rule in self.rules)

    def with_parts(self, count: int) -> Plan:
        """The plan with a row more for each part that other agencies have in one case, as many as any case has: a clock
        under the same rule, which nothing but the agency's being asked begins."""
        rule, first = replace(self.rules[self.cooperation], starts_on=()), len(self.rules)
        moves = self.moves | set(range(first, first + count)) if self.cooperation in self.moves else self.moves
        return replace(
            self, rules=(*self.rules, *[rule] * count), owed=(*self.owed, *[None] * count), moves=frozenset(moves)
        )


def plan_of(edition: Edition, promise: ClockRule) -> Plan:
    """The plan of an edition: its clocks, those of its obligations, and the promise to the citizen."""
    modes = ("", *(mode.key for mode in edition.modes))
    rules: list[ClockRule] = list(edition.clocks)
    owed: list[frozenset[int] | None] = [None] * len(rules)
    met: dict[str, tuple[int, ...]] = {}
    variants = [edition.obligation_clocks(mode) for mode in modes]
    for place, obligation in enumerate(edition.obligations):
        met[f"met:{obligation.kind}"] = (*met.get(f"met:{obligation.kind}", ()), len(rules))
        owing = frozenset(number for number, clocks in enumerate(variants) if clocks[place].starts_on)
        owed.append(None if len(owing) == len(modes) else owing)
        rules.append(variants[min(owing, default=0)][place])
    everything = (*rules, promise)
    words = (
        *map(str, Step), *map(mode_trigger, modes[1:]), *(raise_trigger(level.number) for level in edition.levels), *met,
        *PARTS,
    )  # fmt: skip
    chooses = {str(step): modes.index(chosen) for step in Step if (chosen := edition.mode_by(step)) is not None}
    moves = frozenset(n for n, rule in enumerate(everything) if rule.key in edition.reschedule.moves)
    asked = edition.cooperation.clock if edition.cooperation else None
    cooperation = next((number for number, rule in enumerate(edition.clocks) if rule.key == asked), -1)
    return Plan(everything, words, modes, (*owed, None), chooses, met, moves, len(rules), cooperation, len(edition.clocks))


@dataclass(frozen=True, slots=True)
class Parts:
    """Beside the steps of a chunk, one value for each of them. `slot`: which part in its case the step is about, 0 and up,
    -1 for a step of the case itself. `office`: whose part it is, or who holds the case from then on; -1 where that did not
    change. `which`: the calendar of a cooperating agency."""

    slot: NDArray[np.int16]
    office: NDArray[np.int64]
    which: Which


@dataclass(frozen=True, slots=True)
class Recorded:
    """A chunk of cases and their steps. The steps of a case stand together, in the order they were taken.

    `word`: the number of the step in the plan's words; `which`: the calendar of whoever holds the case after the step;
    `until`: the date that a reschedule or a progress report promised, else NEVER. `parts`: None where no agency cooperates.
    """

    received: Moments
    case: Numbers  # of each step, 0 … len(received) - 1, ascending
    word: NDArray[np.int16]
    at: Moments
    which: Which
    until: Moments
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the cases would have been. `late_at`: first late, or NEVER; `late_rule`: the clock that made it so, else -1;
    `late` and `begun`: a row per rule, whether that clock was ever late, ever began."""

    late_at: Moments
    late_rule: NDArray[np.int16]
    late: Bools
    begun: Bools


def replay(plan: Plan, recorded: Recorded, timeline: Timeline, now: int) -> Outcome:
    """Replay a chunk up to `now` (microseconds). Calendar 0 of the timeline is the hotline's, where every case begins.

    Raises NoWorkingTime and UnsteadyZone as the timeline does.
    """
    parts = recorded.parts if plan.cooperation >= 0 else None
    slots = int(parts.slot.max(initial=-1)) + 1 if parts else 0
    lives = _Lives(plan.with_parts(slots) if slots else plan, timeline, len(recorded.received), slots)
    everybody = np.arange(len(recorded.received))
    lives.take(Step.OPEN, everybody, recorded.received)
    word_of = dict(enumerate(plan.words))
    for wave in _waves(recorded.case):
        cases, at = recorded.case[wave], recorded.at[wave]
        lives.run_out(cases, at)
        own = wave[recorded.parts.slot[wave] < 0] if recorded.parts else wave
        lives.holder[recorded.case[own]] = recorded.which[own]
        for number in np.unique(recorded.word[wave]):
            same = wave[recorded.word[wave] == number]
            word = word_of.get(int(number), "")
            cases, at = recorded.case[same], recorded.at[same]
            if word in PARTS:
                if slots and parts:
                    lives.part(word, parts.slot[same], cases, at, parts.office[same], parts.which[same])
                continue
            told = recorded.until[same] != NEVER
            if word == Step.RESCHEDULE:
                lives.promise(cases[told], recorded.until[same][told])
            elif word == Step.REPORT_PROGRESS:
                lives.commit(cases[told], recorded.until[same][told])
            lives.take(word, cases, at)
            if word in ENDING:
                lives.end(cases)
            if slots and parts:
                if word in ANSWERING:
                    lives.parts_over(cases)
                lives.given_to(cases, parts.office[same])
    lives.run_out(everybody, np.full(len(everybody), now, np.int64))
    return lives.outcome()


def _waves(case: Numbers) -> Iterator[Numbers]:
    """The first steps of all cases, then the second ones, and so on: positions in the arrays of steps."""
    if not len(case):
        return
    first = np.flatnonzero(np.r_[True, case[1:] != case[:-1]])
    place = np.arange(len(case)) - np.repeat(first, np.diff(np.r_[first, len(case)]))
    order = np.argsort(place, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(place[order])) + 1)


class _Lives:
    """The clocks of a chunk of cases: a row per rule, a column per case. One clock of a key is owed at a time; the last
    `slots` rows are those of cooperating agencies, one for each part in a case."""

    def __init__(self, plan: Plan, timeline: Timeline, count: int, slots: int = 0) -> None:
        shape = (len(plan.rules), count)
        self.slots, self.first_slot = slots, len(plan.rules) - slots
        self.office = np.full((slots, count), -1, np.int64)  # whose part it is
        self.order = np.zeros(shape, np.int32)  # which clock began first: of two due at one moment it runs out first
        self._begun = 0
        self.plan, self.timeline = plan, timeline
        self.state = np.zeros(shape, np.int8)
        self.due = np.full(shape, NEVER, np.int64)  # of running clocks; NEVER for all others
        self.rest = np.zeros(shape, np.int64)  # of paused ones
        self.which = np.zeros(shape, np.int16)  # the calendar a clock was started on
        self.promised = np.zeros(shape, bool)
        self.late = np.zeros(shape, bool)
        self.begun = np.zeros(shape, bool)
        self.late_at = np.full(count, NEVER, np.int64)
        self.late_rule = np.full(count, -1, np.int16)
        self.holder = np.zeros(count, np.int16)
        self.mode = np.zeros(count, np.int16)
        self._marking = np.array([rule.marks_late for rule in plan.rules])
        self._after = [
            [n for n, other in enumerate(plan.rules) if expiry_of(rule.key) in other.starts_on] for rule in plan.rules
        ]

    def take(self, word: str, cases: Numbers, at: Moments) -> None:
        """What was recorded of these cases: a step with the response mode it chooses, a mode, a level, a debt paid."""
        for number in self.plan.met.get(word, ()):
            self._set(number, cases, IDLE)
        if word in self.plan.met:
            return
        sort, _, key = word.partition(":")
        step = {"mode": str(Step.SET_MODE), "raise": str(Step.RAISE_LEVEL)}.get(sort, word)
        if sort == "mode":
            chosen, choosing = self.plan.modes.index(key), np.ones(len(cases), bool)
        else:
            chosen = self.plan.chooses.get(step, 0)
            choosing = self.mode[cases] == 0 if chosen else np.zeros(len(cases), bool)
        self._answer_in(chosen, cases[choosing])
        self.step(step, cases, at)
        if sort == "raise":
            self.step(word, cases, at)
        if choosing.any():
            self.step(mode_trigger(self.plan.modes[chosen]), cases[choosing], at[choosing])

    def step(self, word: str, cases: Numbers, at: Moments) -> None:
        """What a trigger does to the clocks of these cases; they have been run out before. First to those that are there,
        then what begins: a clock waits for none that this very step ends, another agency's of the same name included."""
        for number, rule in enumerate(self.plan.rules):
            if word in rule.meets_on or word in rule.cancels_on:
                self._set(number, cases, IDLE)
            elif word in rule.resumes_on:
                self._resume(number, cases, at)
            elif word in rule.pauses_on:
                self._pause(number, cases, at)
        for number, rule in enumerate(self.plan.rules):
            if word in rule.starts_on:
                self._start(number, cases, at)

    def promise(self, cases: Numbers, until: Moments) -> None:
        """A date was promised: the clocks the edition moves get it, and the promise itself is owed, a former one no more."""
        for number in self.plan.moves:
            running = self.state[number, cases] == RUNNING
            self.due[number, cases[running]] = until[running]
            self.promised[number, cases[running]] = True
        self._promise(cases, until)

    def commit(self, cases: Numbers, until: Moments) -> None:
        """A progress report names the day it will be done: the promise is that day; one that was broken stays broken."""
        state = self.state[self.plan.promise, cases]
        self.due[self.plan.promise, cases[state == RUNNING]] = until[state == RUNNING]
        self._promise(cases[state == IDLE], until[state == IDLE])

    def _promise(self, cases: Numbers, until: Moments) -> None:
        self._begin(self.plan.promise, cases, self.holder[cases], until)
        self.promised[self.plan.promise, cases] = True

    def part(
        self, word: str, slot: NDArray[np.int16], cases: Numbers, at: Moments, office: NDArray[np.int64], which: Which
    ) -> None:
        """What was recorded of the parts of cooperating agencies, one for each of these cases."""
        if word == PART_MOVED:
            self.office[slot, cases] = office
            return
        row = slot + np.intp(self.first_slot)
        if word != PART_ASKED:
            self.state[row, cases], self.due[row, cases] = IDLE, NEVER
            return
        idle = self.state[row, cases] == IDLE
        row, who, which = row[idle], cases[idle], which[idle]
        if not len(who):
            return
        self.office[slot[idle], who] = office[idle]
        limit = self.plan.rules[self.plan.cooperation].limit
        self._begin(row, who, which, limits.due(limit, which, at[idle], self.timeline))

    def given_to(self, cases: Numbers, office: NDArray[np.int64]) -> None:
        """Who holds a case from now on no longer cooperates in it."""
        for slot in range(self.slots):
            leads = (office >= 0) & (self.office[slot, cases] == office)
            self._set(self.first_slot + slot, cases[leads], IDLE)

    def parts_over(self, cases: Numbers) -> None:
        """The case was answered: what others had to say was said."""
        self.state[self.first_slot :, cases] = IDLE
        self.due[self.first_slot :, cases] = NEVER

    def outcome(self) -> Outcome:
        """What came of it, the parts of cooperating agencies under the rule of their clock."""
        first, mine = self.first_slot, self.plan.cooperation
        if self.slots:
            for rows in (self.late, self.begun):
                rows[mine] |= rows[first:].any(axis=0)
            self.late_rule[self.late_rule >= first] = mine
        return Outcome(self.late_at, self.late_rule, self.late[:first], self.begun[:first])

    def end(self, cases: Numbers) -> None:
        """Nobody handles these cases any more; what is owed besides stays owed."""
        for rows in (slice(self.plan.besides), slice(self.plan.promise, None)):
            self.state[rows, cases] = IDLE
            self.due[rows, cases] = NEVER

    def run_out(self, cases: Numbers, now: Moments) -> None:
        """Breach what is past its due moment, earliest first, with what its expiry starts."""
        due = self.due[:, cases]
        past = (due < now).any(axis=0)
        if not past.any():
            return
        cases, now, due = cases[past], now[past], due[:, past]
        while True:
            late = np.where(due < now, due, NEVER)
            number = late.argmin(axis=0)
            at = late[number, np.arange(len(cases))]
            hit = at != NEVER
            same, many = late == at, int(np.count_nonzero(hit))
            # Counted over all of them first: two clocks due at one moment are rare.
            if np.count_nonzero(same) != many + len(late) * (len(hit) - many):
                tied = hit & (np.count_nonzero(same, axis=0) > 1)
                began = np.where(same[:, tied], self.order[:, cases[tied]], np.iinfo(np.int32).max)
                number[tied] = began.argmin(axis=0)
            if not hit.any():
                break
            fresh = hit & self._marking[number] & (self.late_at[cases] == NEVER)
            self.late_at[cases[fresh]] = at[fresh]
            self.late_rule[cases[fresh]] = number[fresh]
            for rule in np.unique(number[hit]):
                mine = hit & (number == rule)
                who = cases[mine]
                self.state[rule, who], self.due[rule, who], self.late[rule, who] = BREACHED, NEVER, True
                for other in self._after[rule]:
                    self._start(other, who, at[mine])
            due = self.due[:, cases]

    def _answer_in(self, mode: int, cases: Numbers) -> None:
        """Another mode: what is owed in others alone is lifted, unless it ran out."""
        self.mode[cases] = mode
        for number, owed in enumerate(self.plan.owed):
            if owed is not None and mode not in owed:
                self._set(number, cases[self.state[number, cases] != BREACHED], IDLE)

    # -- one rule ----------------------------------------------------------------------------------------------------

    def _set(self, number: int, cases: Numbers, state: int) -> None:
        self.state[number, cases] = state
        self.due[number, cases] = NEVER

    def _start(self, number: int, cases: Numbers, at: Moments) -> None:
        idle = self.state[number, cases] == IDLE
        owed = self.plan.owed[number]
        if owed is not None:
            idle &= np.isin(self.mode[cases], sorted(owed))
        if number == self.plan.cooperation:  # one of the same name is owed, if by another agency
            idle &= (self.state[self.first_slot :, cases] == IDLE).all(axis=0)
        who, when = cases[idle], at[idle]
        if not len(who):
            return
        which = self.holder[who]
        self._begin(number, who, which, limits.due(self.plan.rules[number].limit, which, when, self.timeline))

    def _begin(self, number: Numbers | int, who: Numbers, which: Which, due: Moments) -> None:
        self._begun += 1
        self.which[number, who] = which
        self.state[number, who] = RUNNING
        self.due[number, who] = due
        self.order[number, who] = self._begun
        self.promised[number, who] = False
        self.begun[number, who] = True

    def _pause(self, number: int, cases: Numbers, at: Moments) -> None:
        running = (self.state[number, cases] == RUNNING) & ~self.promised[number, cases]
        who, when = cases[running], at[running]
        limit = self.plan.rules[number].limit
        self.rest[number, who] = limits.left(limit, self.which[number, who], when, self.due[number, who], self.timeline)
        self._set(number, who, PAUSED)

    def _resume(self, number: int, cases: Numbers, at: Moments) -> None:
        paused = self.state[number, cases] == PAUSED
        who, when = cases[paused], at[paused]
        limit = self.plan.rules[number].limit
        self.state[number, who] = RUNNING
        self.due[number, who] = limits.after(
            limit, self.which[number, who], when, self.rest[number, who], self.timeline
        )
