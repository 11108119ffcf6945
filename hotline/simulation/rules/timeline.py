"""Working time on arrays: the sums of `regulation.working_time` for thousands of moments in one go, to the microsecond.

Moments are int64 microseconds since 1/1/2000 00:00 UTC, as PostgreSQL keeps them. Several calendars lie end to end on one
line, so that a search over moments of different offices is one search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hotline.regulation.labels import Label
from hotline.regulation.refusal import Refused
from hotline.regulation.working_time import DAY, NoWorkingTime, WorkCalendar

Moments: TypeAlias = NDArray[np.int64]
Which: TypeAlias = NDArray[np.int16]  # the number of a calendar, one for each moment
Bools: TypeAlias = NDArray[np.bool_]

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)
_SPARE = 40  # days before the first and after the last moment asked about


class UnsteadyZone(Refused):
    """The zone of a calendar changes its offset in the years that are counted, so wall time and elapsed time differ."""


def micros(at: datetime) -> int:
    """A moment as the arrays hold it."""
    return (at - EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """The moment in UTC that a number of the arrays stands for."""
    return EPOCH + timedelta(microseconds=int(value))


def length(duration: timedelta) -> int:
    """A duration in microseconds."""
    return duration // _MICROSECOND


@dataclass(frozen=True, slots=True)
class _Line:
    """All calendars over days `first` … `first + days - 1`, each shifted by its number × `span`."""

    first: int  # ordinal of the first day
    days: int
    starts: Moments  # of every working interval, ascending over the whole line
    ends: Moments
    worked: Moments  # worked[i]: before interval i, from the beginning of the line; one more at the end
    bounds: Moments  # intervals of calendar c: bounds[c] up to bounds[c + 1]
    dates: Moments  # working days as day numbers of the line, ascending
    closings: Moments  # the end of the last interval of each
    date_bounds: Moments

    @property
    def span(self) -> int:
        return self.days * DAY


class Timeline:
    """Working time of several calendars; it covers more days as moments ask for them.

    Every method takes the number of a calendar for each moment and gives moments. Raises NoWorkingTime where a calendar
    never offers what was asked for, UnsteadyZone where its zone changes its offset in the years counted.
    """

    def __init__(self, calendars: Sequence[WorkCalendar]) -> None:
        if not calendars:
            raise ValueError("a timeline needs at least one calendar")
        self.calendars = tuple(calendars)
        self._line: _Line | None = None
        self._offset = np.zeros(len(calendars), np.int64)

    def add(self, which: Which, at: Moments, work: Moments | int) -> Moments:
        """The first moment by which `work` (≥ 0) of working time has passed; no work at all is the moment itself."""
        wanted = np.broadcast_to(np.asarray(work, np.int64), at.shape)

        def found(line: _Line) -> tuple[Moments, Bools]:
            place = self._place(line, which, at)
            target = _before(line, place) + wanted
            index = np.searchsorted(line.worked, target, "left") - 1
            inside = index < line.bounds[which + 1]
            index = np.minimum(index, len(line.starts) - 1)
            result = np.where(wanted == 0, place, line.starts[index] + target - line.worked[index])
            return self._moments(line, which, result), inside | (wanted == 0)

        return self._until_found(which, at, found)

    def elapsed(self, which: Which, a: Moments, b: Moments) -> Moments:
        """Working time from `a` to `b`; negative when `b` is before `a`."""
        line = self._covering(np.concatenate((a, b)))
        return _before(line, self._place(line, which, b)) - _before(line, self._place(line, which, a))

    def next_working(self, which: Which, at: Moments) -> Moments:
        """The moment itself if work is going on, else the start of the next working interval."""

        def found(line: _Line) -> tuple[Moments, Bools]:
            place = self._place(line, which, at)
            index = np.searchsorted(line.ends, place, "right")
            inside = index < line.bounds[which + 1]
            begin = line.starts[np.minimum(index, len(line.starts) - 1)]
            return self._moments(line, which, np.maximum(begin, place)), inside

        return self._until_found(which, at, found)

    def closing_after(
        self, which: Which, at: Moments, count: int, cut_off: time | None = None, received: bool = True
    ) -> Moments:
        """The end of the `count`-th working day after the day of a moment; 0 is that day itself.

        With `received`, the day is the one it counts as received on: the next working day for what arrives after
        `cut_off` or on a day off. Without, the day must be a working day.
        """
        last = (
            None
            if cut_off is None
            else length(timedelta(0, (cut_off.hour * 60 + cut_off.minute) * 60 + cut_off.second, cut_off.microsecond))
        )

        def found(line: _Line) -> tuple[Moments, Bools]:
            place = self._place(line, which, at)
            day = place // DAY
            index = np.searchsorted(line.dates, day, "left")  # this working day, or the next one
            if received and last is not None:
                late = (place - day * DAY > last) & (line.dates[np.minimum(index, len(line.dates) - 1)] == day)
                index = index + late
            index = index + count
            inside = index < line.date_bounds[which + 1]
            end = line.closings[np.minimum(index, len(line.closings) - 1)]
            return self._moments(line, which, end), inside

        return self._until_found(which, at, found)

    # -- inside ------------------------------------------------------------------------------------------------------

    def _place(self, line: _Line, which: Which, at: Moments) -> Moments:
        """Where moments stand on the line."""
        first = (line.first - _EPOCH_DAY) * DAY
        return at + self._offset[which] + which.astype(np.int64) * line.span - first

    def _moments(self, line: _Line, which: Which, place: Moments) -> Moments:
        first = (line.first - _EPOCH_DAY) * DAY
        return place - which.astype(np.int64) * line.span - self._offset[which] + first

    def _until_found(self, which: Which, at: Moments, found: Callable[[_Line], tuple[Moments, Bools]]) -> Moments:
        line = self._covering(at)
        if not len(at):
            return at.copy()
        while True:
            if len(line.starts):
                result, inside = found(line)
                if inside.all():
                    return result
                missing = self.calendars[int(which[np.argmin(inside)])]
            else:
                missing = self.calendars[int(which[0])]
            line = self._longer(line, missing)

    def _covering(self, at: Moments) -> _Line:
        line = self._line
        if not len(at):
            return line or self._build(_EPOCH_DAY, _EPOCH_DAY + 1)
        low, high = (int(v) // DAY + _EPOCH_DAY for v in (at.min(), at.max()))
        if line is None:
            return self._build(low - _SPARE, high + 400)
        if low - 2 < line.first or high + 2 >= line.first + line.days:
            return self._build(min(low - _SPARE, line.first), max(high + 400, line.first + line.days))
        return line

    def _longer(self, line: _Line, missing: WorkCalendar) -> _Line:
        """Twice the days. What the week never offers, the dates beyond may; else there is no such time."""
        end = line.first + line.days
        beyond = any(day.toordinal() >= end and missing.is_working_day(day) for day in missing.exceptions)
        if not any(missing.weekly) and not beyond:
            raise NoWorkingTime(f"calendar {missing.key} has no working time left to count")
        if end > date.max.toordinal():
            raise NoWorkingTime(f"calendar {missing.key}: the sum leaves the years 1–9999")
        return self._build(line.first, end + max(line.days, 400))

    def _build(self, first: int, end: int) -> _Line:
        first, end = max(first, 1), min(end, date.max.toordinal() + 1)
        span = (end - first) * DAY
        intervals: list[tuple[int, int]] = []
        dates: list[tuple[int, int]] = []
        bounds, date_bounds = [0], [0]
        for number, calendar in enumerate(self.calendars):
            self._offset[number] = _steady_offset(calendar, first, end)
            for ordinal in range(first, end):
                hours = calendar.intervals_on(date.fromordinal(ordinal))
                if hours:
                    midnight = number * span + (ordinal - first) * DAY
                    intervals += [(midnight + begin, midnight + close) for begin, close in (i.span for i in hours)]
                    dates.append((midnight // DAY, intervals[-1][1]))
            bounds.append(len(intervals))
            date_bounds.append(len(dates))
        table = np.array(intervals, np.int64).reshape(-1, 2)
        days = np.array(dates, np.int64).reshape(-1, 2)
        worked = np.concatenate((np.zeros(1, np.int64), np.cumsum(table[:, 1] - table[:, 0])))
        self._line = _Line(
            first, end - first, table[:, 0].copy(), table[:, 1].copy(), worked, np.array(bounds, np.int64),
            days[:, 0].copy(), days[:, 1].copy(), np.array(date_bounds, np.int64),
        )  # fmt: skip
        return self._line


def _before(line: _Line, place: Moments) -> Moments:
    """Working time from the beginning of the line up to a place on it."""
    if not len(line.starts):
        return np.zeros_like(place)
    index = np.searchsorted(line.starts, place, "right") - 1
    known = np.maximum(index, 0)
    worked = line.worked[known] + np.minimum(place, line.ends[known]) - line.starts[known]
    return np.where(index < 0, 0, worked)


def _steady_offset(calendar: WorkCalendar, first: int, end: int) -> int:
    """The zone's one offset in microseconds over the days asked about."""
    offsets = set()
    for ordinal in (*range(first, end, 28), end - 1):
        at = datetime.combine(date.fromordinal(min(max(ordinal, 2), date.max.toordinal() - 1)), time(), calendar.zone)
        offsets.add(at.utcoffset())
    if len(offsets) != 1:
        sentence = Label(
            f"Lịch “{calendar.key}”: múi giờ {calendar.zone} đổi giờ trong các năm được tính nên không mô phỏng được.",
            f"Calendar “{calendar.key}”: the zone {calendar.zone} changes its offset in the years counted, so they "
            "cannot be simulated.",
        )
        raise UnsteadyZone(sentence)
    return length(offsets.pop() or timedelta())
