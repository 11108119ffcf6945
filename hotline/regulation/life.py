"""The clocks of one case through its life, as values: what each step, promise and expiry does to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotline.regulation import clocks
from hotline.regulation.clocks import Clock, ClockRule, expiry_of
from hotline.regulation.cooperation import ASKED
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import DONE_STATES, TRANSITIONS, ClockState, State, Step
from hotline.regulation.obligations import owed_in
from hotline.regulation.triggers import mode_trigger
from hotline.regulation.working_time import WorkCalendar

# Steps after which nobody handles the case any more, from the lifecycle's own table.
ENDING = frozenset(
    step for (state, step), to in TRANSITIONS.items() if to.to == State.CLOSED != state and step != Step.RATE
)
# Steps that answer or end a case: what cooperating agencies had to say was said until then.
ANSWERING = frozenset(
    step for (state, step), to in TRANSITIONS.items() if to.to in DONE_STATES and state is not None and state not in DONE_STATES
)


@dataclass(slots=True)
class Owed:
    """A clock, the number of the calendar it was started on, and the trigger that began it. Of a cooperating agency: the
    number of its part, and its own."""

    calendar: int
    clock: Clock
    cause: str
    part: int = 0
    office: int = -1


@dataclass
class Life:
    """One case under an edition. `promise`: the rule of a promise to the citizen; `holder`: the number of the calendar of
    whoever has the case, 0 the hotline's. Before each step `run_out` must have been called for its moment."""

    edition: Edition
    promise: ClockRule
    calendars: Sequence[WorkCalendar]
    mode: str = ""
    holder: int = 0
    owed: list[Owed] = field(default_factory=list)
    late_at: datetime | None = None
    late_key: str = ""

    @property
    def rules(self) -> dict[str, ClockRule]:
        """The rules of all clocks by key; what is not owed in the case's mode does not begin."""
        edition = self.edition
        return {rule.key: rule for rule in (*edition.clocks, *edition.obligation_clocks(self.mode), self.promise)}

    def take(self, word: str, at: datetime) -> None:
        """A step with the response mode it chooses by itself; or "mode:<key>" for choosing one, "raise:<level>" for raising
        the case, "met:<kind>" for obligations that a deed of their own has met."""
        sort, _, key = word.partition(":")
        if sort == "met":
            met = {rule.key for rule in self.edition.obligations if rule.kind == key}
            for each in self.owed:
                each.clock = clocks.meet(each.clock, at) if each.clock.key in met else each.clock
            return
        step = {"mode": Step.SET_MODE, "raise": Step.RAISE_LEVEL}.get(sort, word)
        chosen = key if sort == "mode" else self.edition.mode_by(step) if not self.mode else None
        if chosen:
            self._answer_in(chosen, at)
        self._step(step, at)
        if sort == "raise":
            self._step(word, at)
        if chosen:
            self._step(mode_trigger(chosen), at)
        if step in ENDING:  # what is owed besides stays owed: no case is closed over an unwritten letter in silence
            besides = {rule.key for rule in self.edition.obligations}
            for each in self.owed:
                each.clock = each.clock if each.clock.key in besides else clocks.cancel(each.clock, at)
        if step in ANSWERING:
            for each in self.owed:
                each.clock = clocks.cancel(each.clock, at) if each.part else each.clock

    def promised(self, until: datetime, at: datetime) -> None:
        """The citizen is promised another date (hẹn lại); a former promise is owed no more."""
        for each in self.owed:
            if each.clock.key in self.edition.reschedule.moves:
                each.clock = clocks.promise(each.clock, until)
            elif each.clock.key == self.promise.key:
                each.clock = clocks.cancel(each.clock, at)
        self._promise(until, at, Step.RESCHEDULE)

    def committed(self, until: datetime, at: datetime) -> None:
        """A progress report names the day it will be done; a promise that was broken stays broken."""
        for each in self.owed:
            if each.clock.key == self.promise.key and each.clock.unfinished:
                each.clock = clocks.promise(each.clock, until)
                return
        self._promise(until, at, Step.REPORT_PROGRESS)

    def asked(self, part: int, office: int, calendar: int, at: datetime) -> None:
        """An agency is asked for its part: its own clock, from its own receipt, on its own calendar. A part that is still
        owed is not asked for again."""
        rule = self.edition.cooperation
        if rule is None or any(each.part == part and each.clock.unfinished for each in self.owed):
            return
        clock = clocks.start(self.rules[rule.clock], at, self.calendars[calendar])
        self.owed.append(Owed(calendar, clock, ASKED, part, office))

    def part_over(self, part: int, at: datetime, *, met: bool) -> None:
        """An agency has given its part, or owes it no more."""
        end = clocks.meet if met else clocks.cancel
        for each in self.owed:
            each.clock = end(each.clock, at) if each.part == part else each.clock

    def part_passed(self, part: int, office: int) -> None:
        """Another agency does the part from now on; its clock runs on."""
        for each in self.owed:
            each.office = office if each.part == part else each.office

    def given_to(self, office: int, at: datetime) -> None:
        """An agency leads the case from now on: it no longer cooperates in it."""
        for each in self.owed:
            each.clock = clocks.cancel(each.clock, at) if each.part and each.office == office else each.clock

    def run_out(self, now: datetime) -> None:
        """Breach every clock past its due moment, earliest first, with what its expiry starts."""
        while past := [n for n, each in enumerate(self.owed) if clocks.is_past(each.clock, now)]:
            each = self.owed[min(past, key=lambda n: (self.owed[n].clock.due_at, n))]
            each.clock = clocks.breach(each.clock)
            if self.late_at is None and self.rules[each.clock.key].marks_late:
                self.late_at, self.late_key = each.clock.due_at, each.clock.key
            self._step(expiry_of(each.clock.key), each.clock.due_at)

    def _answer_in(self, mode: str, at: datetime) -> None:
        self.mode = mode
        gone = {rule.key for rule in self.edition.obligations if not owed_in(rule, self.edition.modes, mode)}
        for each in self.owed:
            if each.clock.key in gone and each.clock.state != ClockState.BREACHED:
                each.clock = clocks.cancel(each.clock, at)

    def _step(self, trigger: str, at: datetime) -> None:
        for key, rule in self.rules.items():
            own = [each for each in self.owed if each.clock.key == key]
            for each in own:
                # What is there moves on its own calendar; what begins is seen to below, on the holder's.
                moved = clocks.apply_step(
                    [replace(rule, starts_on=())], [each.clock], trigger, at, self.calendars[each.calendar]
                )
                each.clock = moved[0] if moved else each.clock
            if trigger in rule.starts_on and not any(each.clock.unfinished for each in own):
                clock = clocks.start(rule, at, self.calendars[self.holder])
                self.owed.append(Owed(self.holder, clock, trigger))

    def _promise(self, until: datetime, at: datetime, cause: str) -> None:
        rule = self.promise
        clock = Clock(key=rule.key, limit=rule.limit, started_at=at, due_at=until, promised=True)
        self.owed.append(Owed(self.holder, clock, cause))
