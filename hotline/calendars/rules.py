"""Calendar rows turned into the value the regulation counts on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from hotline.regulation.labels import Label
from hotline.regulation.working_time import DayException, Interval, WorkCalendar


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A date that departs from the week, as rows and packs write it; `intervals` like "07:00-11:30"."""

    date: date
    kind: str  # "off" | "working"
    reason: Label
    tet: bool = False
    intervals: tuple[str, ...] | None = None
    source: str = ""


def parse_interval(text: str) -> Interval:
    """"07:00-11:30" → the interval; "24:00" ends a day. Raises ValueError with a Label when it is not one."""
    try:
        start, end = (part.strip() for part in text.replace("–", "-").split("-"))
        return Interval(time.fromisoformat(start), time(0) if end == "24:00" else time.fromisoformat(end))
    except (ValueError, TypeError, AttributeError):
        raise ValueError(Label(
            f"khoảng giờ phải như “07:00-11:30”, gặp “{text}”", f"hours must be like “07:00-11:30”, got “{text}”"
        )) from None


def parse_hours(texts: Sequence[str]) -> tuple[Interval, ...]:
    """Intervals of one day in order of time."""
    return tuple(sorted(parse_interval(t) for t in texts))


def format_interval(interval: Interval) -> str:
    """As rows keep it: "07:00-11:30"."""
    return str(interval).replace("–", "-")


def work_calendar(key: str, zone: str, weekly: Sequence[Sequence[str]], days: Iterable[DayEntry]) -> WorkCalendar:
    """The value; of two entries for one date the later wins, so an agency's own day replaces its base's.

    Raises ValueError when the hours overlap or are not hours.
    """
    exceptions = {
        d.date: DayException(
            "working" if d.kind == "working" else "off", d.reason,
            parse_hours(d.intervals) if d.kind == "working" and d.intervals else None, d.tet,
        )
        for d in days
    }
    return WorkCalendar(key, ZoneInfo(zone), tuple(parse_hours(day) for day in weekly), exceptions)
