"""Clocks: promises about the future as values. Every function takes clocks and gives new ones; nothing is changed.

A breach is never undone: a clock met after it was due stays marked late for ever.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ClockState, Role, Standing, Step
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingHours, after, due, left
from hotline.regulation.working_time import WorkCalendar

Lead = WorkingHours | CalendarDays | Minutes
PROMISE_KEY = "promise"  # the clock of a date promised to the citizen, in every edition: no pack may use its name
UNFINISHED = frozenset({ClockState.RUNNING, ClockState.PAUSED, ClockState.BREACHED})


def expiry_of(key: str) -> str:
    """The trigger that a breach of the clock `key` gives to other clocks."""
    return f"expire:{key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """One clock of an edition: who owes what within which limit, and the steps that move it.

    Besides steps these lists name the other triggers of an edition (regulation/triggers.py), as "expire:<clock>": the
    head's clock starts when the focal person's runs out.
    `warn_before` are leads before the due moment (working hours, or minutes of the wall clock).
    `tells` are the roles told when it warns and when it is breached, besides the `owner`.
    """

    key: str
    label: Label
    owner: Role
    limit: Limit
    starts_on: tuple[str, ...]
    meets_on: tuple[str, ...] = ()
    pauses_on: tuple[str, ...] = ()
    resumes_on: tuple[str, ...] = ()
    cancels_on: tuple[str, ...] = ()
    warn_before: tuple[Lead, ...] = ()
    marks_late: bool = True
    tells: tuple[Role, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise on one case. `round` counts from 1 and rises when the case is reopened. `remaining` is what was
    left when it was last paused, in the limit's own measure. `promised`: the due moment was promised to the citizen (hẹn
    lại), not computed."""

    key: str
    limit: Limit
    started_at: datetime
    due_at: datetime
    state: ClockState = ClockState.RUNNING
    round: int = 1
    paused_at: datetime | None = None
    resumed_at: datetime | None = None
    remaining: timedelta | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    cancelled_at: datetime | None = None
    promised: bool = False

    @property
    def late(self) -> bool:
        """Whether it was ever breached; stays true when the work is done afterwards."""
        return self.breached_at is not None

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED


def start(rule: ClockRule, now: datetime, calendar: WorkCalendar, round: int = 1) -> Clock:
    """A new clock, running from `now`, the moment of its own receipt."""
    return Clock(key=rule.key, limit=rule.limit, started_at=now, due_at=due(rule.limit, now, calendar), round=round)


def breach(clock: Clock) -> Clock:
    """The clock ran out, at its due moment however late the sweeper looks. Others stay as they are."""
    if clock.state != ClockState.RUNNING:
        return clock
    return replace(clock, state=ClockState.BREACHED, breached_at=clock.due_at)


def is_past(clock: Clock, now: datetime) -> bool:
    """Whether a running clock has run out: on the due moment itself the work is still in time."""
    return clock.state == ClockState.RUNNING and now > clock.due_at


def _settled(clock: Clock, now: datetime) -> Clock:
    """The clock as it really stands at `now`, even when no sweeper has looked yet."""
    return breach(clock) if is_past(clock, now) else clock


def meet(clock: Clock, now: datetime) -> Clock:
    """The work is done. Done after the due moment is late, whether or not the breach had been noticed."""
    clock = _settled(clock, now)
    return replace(clock, state=ClockState.MET, met_at=now, paused_at=None) if clock.unfinished else clock


def cancel(clock: Clock, now: datetime) -> Clock:
    """The work is no longer owed; a breach that already happened stays."""
    clock = _settled(clock, now)
    return replace(clock, state=ClockState.CANCELLED, cancelled_at=now, paused_at=None) if clock.unfinished else clock


def pause(clock: Clock, now: datetime, calendar: WorkCalendar) -> Clock:
    """Stop counting, keeping what is left. A clock that has run out is breached instead: no pause saves it, and a date
    promised to the citizen does not wait either."""
    clock = _settled(clock, now)
    if clock.state != ClockState.RUNNING or clock.promised:
        return clock
    rest = left(clock.limit, now, clock.due_at, calendar)
    return replace(clock, state=ClockState.PAUSED, paused_at=now, remaining=rest)


def resume(clock: Clock, now: datetime, calendar: WorkCalendar) -> Clock:
    """Count on from `now` with what was left."""
    if clock.state != ClockState.PAUSED or clock.remaining is None:
        return clock
    return replace(
        clock,
        state=ClockState.RUNNING,
        paused_at=None,
        resumed_at=now,
        due_at=after(clock.limit, now, clock.remaining, calendar),
    )


def promise(clock: Clock, until: datetime) -> Clock:
    """The citizen was promised another date (hẹn lại): it becomes the due moment. A breach that happened stays."""
    if clock.state != ClockState.RUNNING:
        return clock
    return replace(clock, due_at=until, promised=True)


def recompute(clock: Clock, calendar: WorkCalendar) -> Clock:
    """The due moment under a changed calendar. Only a running clock moves: what was breached, met, cancelled or
    promised stays as it was, and a paused clock keeps what it had left."""
    if clock.state != ClockState.RUNNING or clock.promised:
        return clock
    if clock.resumed_at is not None and clock.remaining is not None:
        return replace(clock, due_at=after(clock.limit, clock.resumed_at, clock.remaining, calendar))
    return replace(clock, due_at=due(clock.limit, clock.started_at, calendar))


def remaining(clock: Clock, now: datetime, calendar: WorkCalendar) -> timedelta:
    """What is left in the limit's own measure (working or wall time); negative once late, zero when done."""
    if clock.state == ClockState.PAUSED and clock.remaining is not None:
        return clock.remaining
    return left(clock.limit, now, clock.due_at, calendar) if clock.unfinished else timedelta()


def warnings(clock: Clock, rule: ClockRule, calendar: WorkCalendar) -> list[datetime]:
    """The moments to warn at, earliest first. Leads longer than the clock's whole time are left out.

    In working time, so that nobody is reminded at midnight or on a Sunday of a clock that counts working hours.
    """
    moments = (_lead(lead, clock.due_at, calendar) for lead in rule.warn_before)
    return sorted(moment for moment in moments if moment > clock.started_at)


def _lead(lead: Lead, due_at: datetime, calendar: WorkCalendar) -> datetime:
    return calendar.add(due_at, -lead.duration) if isinstance(lead, WorkingHours) else due_at - lead.duration


def standing(clock: Clock, rule: ClockRule, now: datetime, calendar: WorkCalendar) -> Standing:
    """How one unfinished clock stands at `now`; a finished or paused one presses nobody, unless it is late."""
    if clock.state == ClockState.BREACHED or is_past(clock, now):
        return Standing.OVERDUE
    soon = warnings(clock, rule, calendar)[:1]
    near = clock.state == ClockState.RUNNING and bool(soon) and now >= soon[0]
    return Standing.DUE_SOON if near else Standing.ON_TIME


def case_standing(
    rules: Iterable[ClockRule], clocks: Iterable[Clock], now: datetime, calendar: WorkCalendar
) -> Standing:
    """The worst standing among the clocks that mark a case late."""
    by_key = {rule.key: rule for rule in rules if rule.marks_late}
    stands = [standing(clock, by_key[clock.key], now, calendar) for clock in clocks if clock.key in by_key]
    return max(stands, key=list(Standing).index, default=Standing.ON_TIME)


def ever_late(rules: Iterable[ClockRule], clocks: Iterable[Clock], now: datetime) -> bool:
    """Whether any clock that marks a case late has ever been breached; it never becomes false again."""
    marking = {rule.key for rule in rules if rule.marks_late}
    return any(_settled(clock, now).late for clock in clocks if clock.key in marking)


def apply_step(
    rules: Sequence[ClockRule], clocks: Sequence[Clock], step: str, now: datetime, calendar: WorkCalendar
) -> list[Clock]:
    """What a step does to the clocks of a case: the clocks that changed and those that start, nothing else.

    `step` is a Step, or `expiry_of(key)` given with the due moment as `now` when a clock runs out. Give the calendar
    of the agency that holds the case, or the hotline's while nobody does. A clock still owed is not started again:
    after a return or a reassignment the original runs on. Clocks started by a reopening belong to a new round.
    """
    round = max((clock.round for clock in clocks), default=1) + (step == Step.REOPEN)
    changed: list[Clock] = []
    started: list[Clock] = []
    for rule in rules:
        own = [clock for clock in clocks if clock.key == rule.key]
        moved = [_move(rule, clock, step, now, calendar) for clock in own]
        changed += [new for old, new in zip(own, moved, strict=True) if new != old]
        if step in rule.starts_on and not any(clock.unfinished for clock in moved):
            started.append(start(rule, now, calendar, round))
    return changed + started


def _move(rule: ClockRule, clock: Clock, step: str, now: datetime, calendar: WorkCalendar) -> Clock:
    if step in rule.meets_on:
        return meet(clock, now)
    if step in rule.cancels_on:
        return cancel(clock, now)
    if step in rule.resumes_on:
        return resume(clock, now, calendar)
    if step in rule.pauses_on:
        return pause(clock, now, calendar)
    return clock
