"""Working time: which minutes an office works, and sums over them, exact to the microsecond.

A calendar is a value. It is read on the wall clock of its own zone, because "13:30" in a regulation means what the
clock in the office shows; Việt Nam keeps one offset the year round, so wall time and elapsed time agree.
All moments given must carry a time zone; all moments returned are in the calendar's zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Literal, NamedTuple

from hotline.regulation.labels import Label

DAY = 86_400_000_000  # microseconds
_LAST_ORDINAL = date.max.toordinal()
_Plan = tuple[tuple[int, int], ...]  # (start, end) of each interval in microseconds since midnight


class NoWorkingTime(ValueError):
    """The calendar never offers the working time that was asked for."""


def _microseconds(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `start` up to `end` within one day; an `end` of 00:00 is the midnight that closes the day (24:00)."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end != time(0) and self.end <= self.start:
            raise ValueError(f"interval {self} ends before it starts; write work over midnight as two intervals")

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """An interval from "07:00-11:30" (a dash of any kind; "24:00" closes the day). Raises ValueError."""
        begin, dash, end = text.replace("–", "-").partition("-")
        if not dash:
            raise ValueError(f"{text!r} is no interval: write it as 07:00-11:30")
        closing = end.strip()
        return cls(time.fromisoformat(begin.strip()), time(0) if closing == "24:00" else time.fromisoformat(closing))

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in microseconds since midnight."""
        return _microseconds(self.start), _microseconds(self.end) or DAY

    @property
    def length(self) -> timedelta:
        start, end = self.span
        return timedelta(microseconds=end - start)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{'24:00' if self.end == time(0) else format(self.end, '%H:%M')}"


@dataclass(frozen=True, slots=True)
class DayException:
    """A date that departs from its weekday: a day off, or a day worked (a make-up Saturday, or special hours).

    Without own `intervals` a day worked has the hours of the weekday of the date it `replaces`, else those of the
    first weekday with hours (Monday in practice). `source` cites the decision that made it so.
    """

    kind: Literal["off", "working"]
    reason: Label
    intervals: tuple[Interval, ...] | None = None
    tet: bool = False
    replaces: date | None = None
    source: str = ""

    def __post_init__(self) -> None:
        if self.kind == "off" and self.intervals:
            raise ValueError(f"a day off has no working hours: {self.reason.vi}")
        if self.kind == "working" and self.intervals == ():
            raise ValueError(f"a working day needs hours, or none given to take the weekday's: {self.reason.vi}")


class _Table(NamedTuple):
    """Prefix sums over the days first … first + len(plans) - 1; never changed, only replaced by a longer one."""

    first: int  # ordinal of the first day
    plans: list[_Plan]
    worked: list[int]  # worked[i]: microseconds worked before day i
    days: list[int]  # days[i]: working days before day i

    @property
    def end(self) -> int:
        return self.first + len(self.plans)


@dataclass(frozen=True)
class WorkCalendar:
    """The working hours of a week (Monday first) and the dates that depart from it.

    Raises ValueError for a week of other than seven days or for hours that overlap or are out of order.
    """

    key: str
    zone: tzinfo
    weekly: tuple[tuple[Interval, ...], ...]
    exceptions: Mapping[date, DayException] = field(default_factory=dict)
    _epoch: datetime = field(init=False, repr=False, compare=False)
    _week: list[_Plan] = field(init=False, repr=False, compare=False)
    _special: dict[int, _Plan] = field(init=False, repr=False, compare=False)
    _tables: list[_Table] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise ValueError(f"calendar {self.key}: a week has seven days, {len(self.weekly)} given")
        special = {day.toordinal(): self._plan(self._exception_hours(day, e)) for day, e in self.exceptions.items()}
        object.__setattr__(self, "_epoch", datetime(1, 1, 1, tzinfo=self.zone))
        object.__setattr__(self, "_week", [self._plan(hours) for hours in self.weekly])
        object.__setattr__(self, "_special", special)

    def __hash__(self) -> int:
        return hash((self.key, len(self.exceptions)))

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_tables": []}

    # -- the day -----------------------------------------------------------------------------------------------

    def intervals_on(self, day: date) -> tuple[Interval, ...]:
        """The working hours of one date, in order; empty on a day off."""
        exception = self.exceptions.get(day)
        return self.weekly[day.weekday()] if exception is None else self._exception_hours(day, exception)

    def is_working_day(self, day: date) -> bool:
        return bool(self.intervals_on(day))

    def is_working(self, at: datetime) -> bool:
        """Whether work is going on at this moment; the closing minute itself is already outside."""
        ordinal, clock = self._local(at)
        return any(start <= clock < end for start, end in self._plan_on(ordinal))

    def closing(self, day: date) -> datetime:
        """The end of the last working interval of a working day. Raises NoWorkingTime on a day off."""
        plan = self._plan_on(day.toordinal())
        if not plan:
            raise NoWorkingTime(f"calendar {self.key}: {day:%d/%m/%Y} is a day off")
        return self._moment(day.toordinal(), plan[-1][1])

    # -- sums --------------------------------------------------------------------------------------------------

    def next_working(self, at: datetime) -> datetime:
        """The moment itself if work is going on, else the start of the next working interval."""
        ordinal, clock = self._local(at)
        for start, end in self._plan_on(ordinal):
            if clock < end:
                return self._moment(ordinal, max(start, clock))
        day = self.working_day_after(date.fromordinal(ordinal), 1).toordinal()
        return self._moment(day, self._plan_on(day)[0][0])

    def add(self, start: datetime, work: timedelta) -> datetime:
        """The first moment by which `work` of working time has passed since `start`.

        What starts outside working time counts from the next working minute. A sum that ends exactly at the end of
        an interval is that end, not the start of the next; no work at all is `start` itself. A negative `work` goes
        back: the last moment from which that much working time passes until `start`.
        Raises NoWorkingTime if the calendar never offers that much, ValueError for a moment without a time zone.
        """
        ordinal, clock = self._local(start)
        wanted = (work.days * 86_400 + work.seconds) * 1_000_000 + work.microseconds
        if wanted < 0:
            return self._back(ordinal, clock, -wanted)
        if wanted == 0:
            return self._moment(ordinal, clock)
        table = self._covering(ordinal)
        target = self._before(table, ordinal, clock) + wanted
        while target > table.worked[-1]:
            table = self._longer(table)
        index = bisect_left(table.worked, target) - 1
        left = target - table.worked[index]
        for begin, end in table.plans[index]:
            if left <= end - begin:
                return self._moment(table.first + index, begin + left)
            left -= end - begin
        raise AssertionError("prefix sums disagree with the day's hours")

    def elapsed(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`; negative when `b` is before `a`."""
        (day_a, clock_a), (day_b, clock_b) = self._local(a), self._local(b)
        table = self._covering(min(day_a, day_b), max(day_a, day_b))
        return timedelta(0, 0, self._before(table, day_b, clock_b) - self._before(table, day_a, clock_a))

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day strictly after `day` (count ≥ 1)."""
        if count < 1:
            raise ValueError(f"count working days from 1, not {count}")
        ordinal = day.toordinal()
        table = self._covering(ordinal)
        target = table.days[ordinal - table.first + 1] + count
        while target > table.days[-1]:
            table = self._longer(table)
        return date.fromordinal(table.first + bisect_left(table.days, target) - 1)

    # -- inside ------------------------------------------------------------------------------------------------

    def _exception_hours(self, day: date, exception: DayException) -> tuple[Interval, ...]:
        if exception.kind == "off":
            return ()
        if exception.intervals is not None:
            return exception.intervals
        replaced = self.weekly[exception.replaces.weekday()] if exception.replaces else ()
        hours = replaced or next((hours for hours in self.weekly if hours), ())
        if not hours:
            raise ValueError(f"calendar {self.key}: {day:%d/%m/%Y} is worked, but the week has no hours to borrow")
        return hours

    def _plan(self, hours: tuple[Interval, ...]) -> _Plan:
        plan = tuple(interval.span for interval in hours)
        for (_, end), (start, _) in pairwise(plan):
            if start < end:
                raise ValueError(f"calendar {self.key}: working hours overlap or are out of order: {hours}")
        return plan

    def _local(self, at: datetime) -> tuple[int, int]:
        if at.tzinfo is not self.zone:
            if at.utcoffset() is None:
                raise ValueError(f"{at.isoformat()} has no time zone: give one, such as +07:00")
            at = at.astimezone(self.zone)
        return at.toordinal(), (at.hour * 3600 + at.minute * 60 + at.second) * 1_000_000 + at.microsecond

    def _moment(self, ordinal: int, clock: int) -> datetime:
        return self._epoch + timedelta(ordinal - 1, 0, clock)

    def _plan_on(self, ordinal: int) -> _Plan:
        plan = self._special.get(ordinal)
        return self._week[(ordinal + 6) % 7] if plan is None else plan

    @staticmethod
    def _before(table: _Table, ordinal: int, clock: int) -> int:
        """Microseconds worked from the start of the table up to a moment."""
        index = ordinal - table.first
        worked = table.worked[index]
        for begin, end in table.plans[index]:
            if clock <= begin:
                break
            worked += (end if clock >= end else clock) - begin
        return worked

    def _back(self, ordinal: int, clock: int, wanted: int) -> datetime:
        table = self._covering(ordinal)
        while (target := self._before(table, ordinal, clock) - wanted) < 0:
            table = self._longer(table, backwards=True)
        index = bisect_right(table.worked, target) - 1
        left = target - table.worked[index]
        for begin, end in table.plans[index]:
            if left < end - begin:
                return self._moment(table.first + index, begin + left)
            left -= end - begin
        raise AssertionError("prefix sums disagree with the day's hours")

    def _covering(self, low: int, high: int | None = None) -> _Table:
        high = low if high is None else high
        table = self._tables[0] if self._tables else None
        if table is None:
            return self._build(low - 40, high + 400)
        if low < table.first or high >= table.end:
            return self._build(min(low - 40, table.first), max(high + 400, table.end))
        return table

    def _longer(self, table: _Table, backwards: bool = False) -> _Table:
        """Twice the days. What the week never offers, the dates beyond the table may; else there is no such time."""
        worked_beyond = any(
            plan and (ordinal < table.first if backwards else ordinal >= table.end)
            for ordinal, plan in self._special.items()
        )
        if not any(self._week) and not worked_beyond:
            raise NoWorkingTime(f"calendar {self.key} has no working time left to count")
        if (table.first <= 1) if backwards else (table.end > _LAST_ORDINAL):
            raise NoWorkingTime(f"calendar {self.key}: the sum leaves the years 1–9999")
        grow = max(len(table.plans), 400)
        return self._build(table.first - grow, table.end) if backwards else self._build(table.first, table.end + grow)

    def _build(self, first: int, end: int) -> _Table:
        first, end = max(first, 1), min(end, _LAST_ORDINAL + 1)
        table = _Table(first, [], [0], [0])
        total = days = 0
        for ordinal in range(first, end):
            plan = self._plan_on(ordinal)
            for begin, close in plan:
                total += close - begin
            days += bool(plan)
            table.plans.append(plan)
            table.worked.append(total)
            table.days.append(days)
        self._tables[:] = [table]  # one assignment: another thread sees the old table or the new one, both right
        return table
