"""The calendars of a pack, read from calendar.toml: one main calendar and those of agencies based on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotline.regulation.public_holidays import seed_days
from hotline.regulation.reading import PackInvalid, Reader
from hotline.regulation.working_time import DayException, Interval, WorkCalendar

Week = tuple[tuple[Interval, ...], ...]
Days = dict[date, DayException]
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class PackCalendar:
    """A calendar as the pack declares it: its name, the calendar it takes days from, its own days, and the whole."""

    key: str
    name: str
    base: str | None
    own_days: Mapping[date, DayException]
    calendar: WorkCalendar


def parse_calendars(
    document: Mapping[str, Any], source_file: str, years: Iterable[int] | None = None
) -> dict[str, PackCalendar]:
    """The calendars of a document by key, the main one first. Holidays are seeded for `years`, or for the years the
    document names, except those it writes out in full. Raises PackInvalid with every error found."""
    r = Reader(document, source_file)
    key, name, zone = r.text("key"), r.text("name"), _zone(r)
    weekly = _weekly(r.inner("weekly"), None)
    days = _seeded(r.inner("seed", optional=True), years)
    days |= _days(r)
    main = _made(r, PackCalendarParts(key, name, None, weekly, days, days), zone)
    calendars = {key: main} if main else {}
    for inner in r.inners("calendars", optional=True):
        own = _derived(inner, calendars, main, zone)
        if own:
            calendars[own.key] = own
    r.done()
    if r.errors:
        raise PackInvalid(r.errors)
    return calendars


@dataclass(frozen=True)
class PackCalendarParts:
    """What was read of one calendar, before it is known to make sense."""

    key: str
    name: str
    base: str | None
    weekly: Week
    days: Days
    own_days: Days


def _derived(
    r: Reader, calendars: Mapping[str, PackCalendar], main: PackCalendar | None, zone: ZoneInfo
) -> PackCalendar | None:
    key, name, base_key, holidays = r.text("key"), r.text("name"), r.text("base", ""), r.flag("holidays", True)
    base = calendars.get(base_key) if base_key else main
    if base_key and base is None:
        r.fail("base", f"không có lịch “{base_key}” ở phía trên", f"there is no calendar “{base_key}” above")
    if key in calendars:
        r.fail("key", f"lịch “{key}” được khai báo hai lần", f"calendar “{key}” is declared twice")
    weekly = _weekly(r.inner("weekly", optional=True), base.calendar.weekly if base else None)
    own = _days(r)
    inherited = dict(base.calendar.exceptions) if base and holidays else {}
    r.done()
    base_used = base.key if base and holidays else None
    return _made(r, PackCalendarParts(key, name, base_used, weekly, inherited | own, own), zone)


def _made(r: Reader, parts: PackCalendarParts, zone: ZoneInfo) -> PackCalendar | None:
    """The calendar itself, or None with an error reported: its hours may overlap."""
    try:
        calendar = WorkCalendar(parts.key, zone, parts.weekly, parts.days)
    except ValueError as error:
        r.fail("weekly", f"giờ làm việc chồng nhau hoặc sai thứ tự ({error})", str(error))
        return None
    return PackCalendar(parts.key, parts.name, parts.base, parts.own_days, calendar)


def _zone(r: Reader) -> ZoneInfo:
    name = r.text("zone", "Asia/Ho_Chi_Minh")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        r.fail("zone", f"không có múi giờ “{name}”", f"there is no time zone “{name}”")
        return ZoneInfo("Asia/Ho_Chi_Minh")


def _seeded(r: Reader, years: Iterable[int] | None) -> Days:
    if not r.table:
        return {}
    country = r.text("country")
    if country != "VN":
        r.fail("country", "chỉ có ngày lễ của “VN”", "only the holidays of “VN” are known")
    first, last = r.whole("from", least=1995), r.whole("to", least=1995)
    written_out = r.items("written_out", [])
    r.done()
    named = range(first, last + 1)
    wanted = named if years is None else [year for year in years if year in named]
    return dict(seed_days(year for year in wanted if year not in written_out))


def _weekly(r: Reader, base: Week | None) -> Week:
    """Seven days; a day not written is as in the base, or off when there is none."""
    week = []
    for number, name in enumerate(WEEK):
        if name in r.table or base is None:
            week.append(_hours(r, name))
        else:
            r.known.add(name)
            week.append(base[number])
    r.done()
    return tuple(week)


def _hours(r: Reader, key: str) -> tuple[Interval, ...]:
    hours = []
    for text in r.texts(key, []):
        try:
            hours.append(Interval.parse(text))
        except ValueError:
            r.fail(
                key,
                f'“{text}” không phải là khoảng giờ như "07:00-11:30"; ca qua nửa đêm viết thành hai khoảng',
                f'“{text}” is no interval such as "07:00-11:30"; write a night shift as two intervals',
            )
    return tuple(hours)


def _days(r: Reader) -> Days:
    days: Days = {}
    for inner in r.inners("off", optional=True):
        first, last, label = inner.day("from"), inner.day("to", optional=True), inner.label("reason")
        exception = DayException("off", label, tet=inner.flag("tet", False), source=inner.text("source", ""))
        inner.done()
        _put(inner, days, first, last or first, exception)
    for inner in r.inners("working", optional=True):
        first, replaces, label = inner.day("from"), inner.day("replaces", optional=True), inner.label("reason")
        hours = _hours(inner, "hours") if "hours" in inner.table else None
        source = inner.text("source", "")
        inner.done()
        _put(inner, days, first, first, DayException("working", label, hours or None, False, replaces, source))
    return days


def _put(r: Reader, days: Days, first: date | None, last: date | None, exception: DayException) -> None:
    if first is None or last is None:
        return
    if not 0 <= (last - first).days <= 60:
        r.fail("to", "phải cùng ngày hoặc sau from, không quá 60 ngày", "must be 0 to 60 days after from")
        return
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        if day in days:
            r.fail("from", f"ngày {day:%d/%m/%Y} được khai báo hai lần", f"{day:%d/%m/%Y} is declared twice")
        days[day] = exception
