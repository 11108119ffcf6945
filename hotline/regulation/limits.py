"""How long somebody has: working hours, working days, calendar days or minutes, and the moment that makes it due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from hotline.regulation.labels import Label
from hotline.regulation.working_time import WorkCalendar

CountingFrom = Literal["same_day", "next_working_day"]


def _number(value: float, lang: str) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if lang == "vi" else text


def _label(value: float, vi: str, en: str) -> Label:
    return Label(f"{_number(value, 'vi')} {vi}", f"{_number(value, 'en')} {en}{'' if value == 1 else 's'}")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Hours of working time on the calendar: 48 of them are six days of eight hours, not two days."""

    hours: float

    @property
    def duration(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def label(self) -> Label:
        return _label(self.hours, "giờ làm việc", "working hour")

    def to_document(self) -> dict[str, Any]:
        return {"working_hours": self.hours}


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Whole working days; always due at the end of the last working interval of the last day counted.

    Receipt comes first: what arrives after `cut_off`, or on a day off, is received on the next working day (at
    `cut_off` exactly is still in time; without `cut_off` the day lasts until midnight). Then the count: with
    "next_working_day" the day after the day of receipt is day one (Bộ luật Dân sự 2015, Điều 147: the first day is
    not counted); with "same_day" the day of receipt itself is day one.
    """

    days: int
    cut_off: time | None = None
    counting_from: CountingFrom = "next_working_day"

    @property
    def label(self) -> Label:
        return _label(self.days, "ngày làm việc", "working day")

    def received_on(self, start: datetime, calendar: WorkCalendar) -> date:
        """The working day on which something arriving at `start` counts as received."""
        local = start.astimezone(calendar.zone)
        late = self.cut_off is not None and local.time() > self.cut_off
        if late or not calendar.is_working_day(local.date()):
            return calendar.working_day_after(local.date(), 1)
        return local.date()

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"working_days": self.days, "counting_from": self.counting_from}
        return document | ({"cut_off": f"{self.cut_off:%H:%M}"} if self.cut_off else {})


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """Days of the wall calendar, ending at the same time of day."""

    days: int

    @property
    def duration(self) -> timedelta:
        return timedelta(days=self.days)

    @property
    def label(self) -> Label:
        return _label(self.days, "ngày", "day")

    def to_document(self) -> dict[str, Any]:
        return {"calendar_days": self.days}


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes of the wall clock, day and night, for work that is staffed round the clock."""

    minutes: float

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def label(self) -> Label:
        return _label(self.minutes, "phút", "minute")

    def to_document(self) -> dict[str, Any]:
        return {"minutes": self.minutes}


Limit = WorkingHours | WorkingDays | CalendarDays | Minutes


def due(limit: Limit, start: datetime, calendar: WorkCalendar) -> datetime:
    """The moment by which the work must be done, in the calendar's zone. ValueError if `start` has no time zone."""
    if start.utcoffset() is None:
        raise ValueError(f"{start.isoformat()} has no time zone: give one, such as +07:00")
    match limit:
        case WorkingHours():
            return calendar.add(start, limit.duration)
        case WorkingDays():
            received = limit.received_on(start, calendar)
            after = limit.days - (limit.counting_from == "same_day")
            return calendar.closing(calendar.working_day_after(received, after) if after else received)
        case CalendarDays() | Minutes():
            return start.astimezone(calendar.zone) + limit.duration


def left(limit: Limit, now: datetime, due_at: datetime, calendar: WorkCalendar) -> timedelta:
    """Time from `now` to `due_at` in the limit's own measure: working time, or wall time for days and minutes."""
    return due_at - now if isinstance(limit, CalendarDays | Minutes) else calendar.elapsed(now, due_at)


def after(limit: Limit, now: datetime, remaining: timedelta, calendar: WorkCalendar) -> datetime:
    """The due moment when `remaining` of the limit's own measure is still to run; days end at the end of a day."""
    if isinstance(limit, CalendarDays | Minutes):
        return now.astimezone(calendar.zone) + remaining
    moment = calendar.add(calendar.next_working(now), remaining)
    if isinstance(limit, WorkingHours):
        return moment
    # A sum that ends at midnight ends the day before: an office open until 24:00 has no day more.
    last = moment - timedelta(microseconds=1) if remaining else moment
    return calendar.closing(last.date())


def parse_limit(table: Any) -> Limit:
    """A limit from `{working_hours = 8}`, `{working_days = 7, cut_off = "18:00", counting_from = "next_working_day"}`,
    `{calendar_days = 3}` or `{minutes = 5}`. Raises ValueError(Label) with the reason in both languages."""
    if not isinstance(table, dict):
        raise ValueError(Label("phải là bảng như {working_hours = 8}", "must be a table such as {working_hours = 8}"))
    units = [unit for unit in ("working_hours", "working_days", "calendar_days", "minutes") if unit in table]
    extra = set(table) - set(units) - ({"cut_off", "counting_from"} if units == ["working_days"] else set())
    if len(units) != 1 or extra:
        wanted = "working_hours | working_days (cut_off, counting_from) | calendar_days | minutes"
        got = ", ".join(sorted(table))
        raise ValueError(Label(f"cần đúng một đơn vị: {wanted}; gặp: {got}", f"needs one unit: {wanted}; got: {got}"))
    [unit] = units
    value = table[unit]
    whole = unit in ("working_days", "calendar_days")
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or not 0 < value <= 100_000:
        raise ValueError(
            Label(
                f"{unit} phải là số {'nguyên ' if whole else ''}dương, gặp {value!r}",
                f"{unit} must be a positive {'whole ' if whole else ''}number, got {value!r}",
            )
        )
    match unit:
        case "working_hours":
            return WorkingHours(value)
        case "working_days":
            return WorkingDays(value, _cut_off(table), _counting_from(table))
        case "calendar_days":
            return CalendarDays(value)
        case _:
            return Minutes(value)


def _cut_off(table: dict[str, Any]) -> time | None:
    value = table.get("cut_off")
    if value is None or isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(
            Label(
                f'cut_off phải là giờ như "18:00", gặp {value!r}',
                f'cut_off must be an hour like "18:00", got {value!r}',
            )
        ) from None


def _counting_from(table: dict[str, Any]) -> CountingFrom:
    value = table.get("counting_from", "next_working_day")
    if value == "same_day":
        return "same_day"
    if value == "next_working_day":
        return "next_working_day"
    raise ValueError(
        Label(
            f'counting_from phải là "same_day" hoặc "next_working_day", gặp {value!r}',
            f'counting_from must be "same_day" or "next_working_day", got {value!r}',
        )
    )
