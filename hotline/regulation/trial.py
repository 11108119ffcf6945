"""An edition tried on a report that does not exist: received then, handled so: every clock, its reasons, who is told when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.regulation import clocks
from hotline.regulation.clocks import Clock, ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.explain import Explanation, explain_clock
from hotline.regulation.labels import Label
from hotline.regulation.life import Life
from hotline.regulation.lifecycle import ClockState, Role, Step
from hotline.regulation.working_time import WorkCalendar

_MOST_ROUNDS = 1000  # clocks that start one another for ever are cut short here

Assumed = tuple[tuple[Step, float], ...]  # each step and the working hours after the one before it

# What people may be assumed to do, the shortest life first.
LIVES: dict[str, tuple[Label, Assumed]] = {
    "desk": (Label("Tổng đài chưa chuyển đến đơn vị nào", "The desk assigns it to nobody"), ()),
    "assigned": (Label("Chuyển ngay, đơn vị để yên", "Assigned at once, then left lying"), ((Step.ASSIGN, 0),)),
    "verifying": (
        Label(
            "Chuyển ngay, sau 2 giờ làm việc đề nghị xác minh", "Assigned at once, verification after 2 working hours"
        ),
        ((Step.ASSIGN, 0), (Step.ACCEPT, 1), (Step.ASK_VERIFICATION, 1)),
    ),
    "submitted": (
        Label(
            "Chuyển ngay, sau 4 giờ làm việc trình thủ trưởng", "Assigned at once, with the head after 4 working hours"
        ),
        ((Step.ASSIGN, 0), (Step.ACCEPT, 1), (Step.SUBMIT, 3)),
    ),
    "answered": (
        Label("Chuyển ngay, trả lời sau 6 giờ làm việc", "Assigned at once, answered after 6 working hours"),
        ((Step.ASSIGN, 0), (Step.ACCEPT, 1), (Step.SUBMIT, 3), (Step.APPROVE, 2)),
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody is told: a reminder before (`late` False) or that the time has run out."""

    at: datetime
    who: tuple[Role, ...]
    late: bool


@dataclass(frozen=True, slots=True)
class TriedClock:
    """One clock of the life: what began it, how it came out, its days, and who is told of it."""

    rule: ClockRule
    clock: Clock
    cause: str
    explanation: Explanation
    told: tuple[Told, ...]

    @property
    def met(self) -> bool:
        return self.clock.state == ClockState.MET

    @property
    def cancelled(self) -> bool:
        return self.clock.state == ClockState.CANCELLED


@dataclass(frozen=True, slots=True)
class Trial:
    """The steps as they were assumed, the clocks in the order they begin, and when the case is late, if ever."""

    steps: tuple[tuple[Step, datetime], ...]
    clocks: tuple[TriedClock, ...]
    late_at: datetime | None


def try_out(
    edition: Edition,
    promise: ClockRule,
    calendar: WorkCalendar,
    received: datetime,
    life: Assumed,
    mode: str = "",
) -> Trial:
    """A report received at a moment and handled as assumed, then left: what becomes of it until nothing more can run out.

    `mode`: the response mode chosen when it is opened, "" for none. Raises NoWorkingTime, OverflowError as working time
    does.
    """
    lived = Life(edition, promise, [calendar])
    steps: list[tuple[Step, datetime]] = [(Step.OPEN, received)]
    lived.take(Step.OPEN, received)
    if mode:
        lived.take(f"mode:{mode}", received)
    at = received
    for step, hours in life:
        at = calendar.add(at, timedelta(hours=hours))
        lived.run_out(at)
        lived.take(step, at)
        steps.append((step, at))
    for _ in range(_MOST_ROUNDS):
        running = [each.clock.due_at for each in lived.owed if each.clock.state == ClockState.RUNNING]
        if not running:
            break
        lived.run_out(min(running) + timedelta(microseconds=1))
    rules = lived.rules
    tried = [
        TriedClock(
            rules[each.clock.key],
            each.clock,
            each.cause,
            explain_clock(each.clock, calendar),
            _told(rules[each.clock.key], each.clock, calendar),
        )
        for each in lived.owed
    ]
    return Trial(tuple(steps), tuple(sorted(tried, key=lambda t: t.clock.started_at)), lived.late_at)


def _told(rule: ClockRule, clock: Clock, calendar: WorkCalendar) -> tuple[Told, ...]:
    who = tuple(dict.fromkeys((rule.owner, *rule.tells)))
    until = clock.met_at or clock.cancelled_at
    told = [Told(at, who, False) for at in clocks.warnings(clock, rule, calendar) if until is None or at <= until]
    return (*told, *([Told(clock.breached_at, who, True)] if clock.breached_at else []))


def steps_of(life: str) -> Assumed:
    """The steps of a life by its key. Raises KeyError."""
    return LIVES[life][1]


__all__ = ["LIVES", "Assumed", "Told", "Trial", "TriedClock", "steps_of", "try_out"]
