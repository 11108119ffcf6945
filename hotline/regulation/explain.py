"""Why a due moment is what it is: every day between receipt and due, what was counted on it and what was not, and why.

The same rows draw the deadline ribbon, fill "Vì sao là lúc này?" on the case page and print from the command line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Literal

from hotline.regulation.clocks import Clock
from hotline.regulation.labels import WEEKDAYS, Label
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, due
from hotline.regulation.working_time import WorkCalendar

Kind = Literal["working", "makeup", "off", "tet"]
Span = tuple[datetime, datetime]

MOST_LINES = 24  # of days; a longer list is told by its beginning and its end
WEEKLY_OFF = Label("nghỉ hằng tuần", "weekly day off")
_PROMISED = Label(
    "Ngày hẹn lại với người dân, thay cho hạn ban đầu.", "Promised to the citizen instead of the first due moment."
)
_RESUMED = Label("Tính tiếp phần còn lại sau khi tạm dừng.", "What remained after a pause is counted on.")


@dataclass(frozen=True, slots=True)
class Row:
    """One calendar day. `working` are all its working hours, `counted` the part that counted; `total` is what has been
    counted by the end of it. `number`: the day's number where the limit is in working days, if it counts."""

    date: date
    kind: Kind
    reason: Label | None
    working: tuple[Span, ...]
    counted: tuple[Span, ...]
    total: timedelta
    number: int | None = None

    @property
    def duration(self) -> timedelta:
        return sum((end - start for start, end in self.counted), timedelta())

    @property
    def minutes(self) -> float:
        """Minutes counted on this day."""
        return self.duration / timedelta(minutes=1)

    @property
    def whole(self) -> bool:
        """Whether every working minute of the day counted."""
        return bool(self.counted) and self.counted == self.working


@dataclass(frozen=True, slots=True)
class Explanation:
    """A due moment and the days that led to it. `counted_from` is when counting began, which is later than `start`
    for what arrived outside working time. `note` tells of a promise or a pause."""

    limit: Limit
    start: datetime
    counted_from: datetime
    due_at: datetime
    rows: tuple[Row, ...]
    note: Label | None = None

    def __hash__(self) -> int:
        return hash((self.start, self.due_at))

    @property
    def total(self) -> timedelta:
        """All time counted."""
        return self.rows[-1].total if self.rows else timedelta()

    def as_lines(self, lang: str) -> list[str]:
        """The explanation in sentences: due, limit and receipt, then the days, like days together."""
        vi = not lang.lower().startswith("en")
        limit = self.limit.label.get(lang)
        at, begin, due_at = (moment_words(m, lang) for m in (self.start, self.counted_from, self.due_at))
        lines = [f"Hạn: {due_at}" if vi else f"Due: {due_at}"]
        lines.append(f"Thời hạn: {limit}, nhận lúc {at}" if vi else f"Limit: {limit}, received at {at}")
        if self.counted_from != self.start:
            lines.append(f"Bắt đầu tính: {begin}" if vi else f"Counted from: {begin}")
        if self.note:
            lines.append(self.note.get(lang))
        days = [_group_words(group, lang) for group in _groups(self.rows)]
        if len(days) > MOST_LINES:
            half = MOST_LINES // 2
            left_out = (
                f"… {len(days) - 2 * half} dòng tương tự …" if vi else f"… {len(days) - 2 * half} similar lines …"
            )
            days = [*days[:half], left_out, *days[-half:]]
        return lines + [f"- {line}" for line in days]


def explain(limit: Limit, start: datetime, calendar: WorkCalendar) -> Explanation:
    """The due moment of a limit from `start`, with every day that led to it."""
    return _explained(limit, start, start, due(limit, start, calendar), calendar, None)


@lru_cache(maxsize=4096)  # a list is fetched again whenever something in it moves, with the same clocks as before
def explain_clock(clock: Clock, calendar: WorkCalendar) -> Explanation:
    """The due moment a clock really has, promises and pauses told."""
    if clock.promised:
        return _explained(clock.limit, clock.started_at, clock.started_at, clock.due_at, calendar, _PROMISED)
    since = clock.resumed_at or clock.started_at
    note = _RESUMED if clock.resumed_at else None
    return _explained(clock.limit, clock.started_at, since, clock.due_at, calendar, note)


def _explained(
    limit: Limit, start: datetime, since: datetime, due_at: datetime, calendar: WorkCalendar, note: Label | None
) -> Explanation:
    begin = since.astimezone(calendar.zone)
    counted_from = begin
    if isinstance(limit, WorkingDays) and since == start:
        first = limit.received_on(begin, calendar)
        if limit.counting_from == "next_working_day":
            first = calendar.working_day_after(first, 1)
        counted_from = max(begin, datetime.combine(first, time(), calendar.zone))
    if not isinstance(limit, CalendarDays | Minutes):
        counted_from = calendar.next_working(counted_from)
    due_at = due_at.astimezone(calendar.zone)
    rows = tuple(_rows(limit, begin.date(), counted_from, due_at, calendar))
    return Explanation(limit, start.astimezone(calendar.zone), counted_from, due_at, rows, note)


def _rows(limit: Limit, first: date, begin: datetime, end: datetime, calendar: WorkCalendar) -> Iterator[Row]:
    wall = isinstance(limit, CalendarDays | Minutes)
    last = max(first, (end - timedelta(microseconds=1)).date())
    total, number = timedelta(), 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(offset)
        midnight = datetime.combine(day, time(), calendar.zone)
        working = tuple(
            (midnight + timedelta(0, 0, a), midnight + timedelta(0, 0, b))
            for a, b in (interval.span for interval in calendar.intervals_on(day))
        )
        whole = ((midnight, midnight + timedelta(1)),) if wall else working
        counted = tuple((max(a, begin), min(b, end)) for a, b in whole if max(a, begin) < min(b, end))
        total += sum((b - a for a, b in counted), timedelta())
        number += bool(counted)
        numbered = number if counted and isinstance(limit, WorkingDays) else None
        kind, reason = _kind(day, calendar)
        yield Row(day, kind, reason, working, counted, total, numbered)


def _kind(day: date, calendar: WorkCalendar) -> tuple[Kind, Label | None]:
    exception = calendar.exceptions.get(day)
    weekly = calendar.weekly[day.weekday()]
    if exception is None:
        return ("working", None) if weekly else ("off", WEEKLY_OFF)
    if exception.kind == "off":
        return "tet" if exception.tet else "off", exception.reason
    return "working" if weekly else "makeup", exception.reason


# -- words -----------------------------------------------------------------------------------------------------------


def moment_words(at: datetime, lang: str) -> str:
    """A moment as people read it: "16:00 thứ Hai, 23/02/2026"; seconds only where there are any."""
    clock = f"{at:%H:%M}" if not at.second else f"{at:%H:%M:%S}"
    return f"{clock} {WEEKDAYS[at.weekday()].get(lang)}, {at:%d/%m/%Y}"


def duration_words(duration: timedelta, lang: str) -> str:
    """A length of time: "7 giờ 20 phút"; seconds only where there are any."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    names = ("giờ", "phút", "giây") if not lang.lower().startswith("en") else ("h", "min", "s")
    parts = [f"{value} {name}" for value, name in zip((hours, minutes, seconds), names, strict=True) if value]
    return " ".join(parts) or f"0 {names[1]}"


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Neighbouring days that can be told in one line: days off for one reason, whole days of the same hours."""
    for _, group in groupby(rows, key=_sort):
        yield list(group)


def _sort(row: Row) -> tuple[object, ...]:
    if not row.counted:
        return "idle", row.kind, row.reason, row.date if row.working else None
    hours = tuple((a.time(), b.time()) for a, b in row.counted)
    whole = row.whole or all(a.time() == b.time() == time() for a, b in row.counted)
    return ("whole", row.kind, row.reason, hours) if whole and row.kind == "working" else ("part", row.date)


def _group_words(group: list[Row], lang: str) -> str:
    vi = not lang.lower().startswith("en")
    first, last = group[0], group[-1]
    when = _day_words(first.date, lang)
    if len(group) > 1:
        when = f"{_day_words(first.date, lang, year=first.date.year != last.date.year)} – {_day_words(last.date, lang)}"
    reason = first.reason.get(lang) if first.reason else ""
    if not first.counted:
        if first.working:
            return f"{when}: {'nhận, chưa tính' if vi else 'received, not counted'}"
        days = f"{len(group)} ngày không tính" if vi else f"{len(group)} day{'s' * (len(group) > 1)} not counted"
        return f"{when}: {reason}, {days}"
    hours = ", ".join(f"{a:%H:%M}–{_end(a, b)}" for a, b in first.counted)
    each = (f"mỗi ngày {hours}" if vi else f"{hours} each day") if len(group) > 1 else hours
    counted = duration_words(sum((row.duration for row in group), timedelta()), lang)
    total = duration_words(last.total, lang)
    words = f"{when}: {each} = {counted} ({'cộng dồn' if vi else 'so far'} {total})"
    if first.number is not None and last.number is not None:
        numbers = f"{first.number}" if len(group) == 1 else f"{first.number}–{last.number}"
        words = f"{when}: {f'ngày thứ {numbers}' if vi else f'day {numbers}'} ({hours})"
    return f"{words} · {reason}" if reason else words


def _day_words(day: date, lang: str, year: bool = True) -> str:
    name = WEEKDAYS[day.weekday()].get(lang)
    return f"{name}, {day:%d/%m/%Y}" if year else f"{name}, {day:%d/%m}"


def _end(start: datetime, end: datetime) -> str:
    return "24:00" if end.date() > start.date() else f"{end:%H:%M}"
