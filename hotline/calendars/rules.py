"""Calendar rows turned into the value the regulation counts on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from hotline.regulation.labels import Label
from hotline.regulation.working_time import DayException, Interval, WorkCalendar


def parse_hours(texts: Sequence[str]) -> tuple[Interval, ...]:
    """The hours of one day, "07:00-11:30" each, in order of time. Raises ValueError with a Label when they are none."""
    hours = []
    for text in texts:
        try:
            hours.append(Interval.parse(text))
        except ValueError:
            raise ValueError(Label(
                f"khoảng giờ phải như “07:00-11:30”, gặp “{text}”", f"hours must be like “07:00-11:30”, got “{text}”"
            )) from None
    return tuple(sorted(hours))


def hours_text(hours: Sequence[Interval]) -> list[str]:
    """Hours as rows keep them: "07:00-11:30"."""
    return [str(interval).replace("–", "-") for interval in hours]


def work_calendar(
    key: str, zone: str, weekly: Sequence[Sequence[str]], days: Mapping[date, DayException]
) -> WorkCalendar:
    """The value. Raises ValueError when the hours overlap or are not hours."""
    return WorkCalendar(key, ZoneInfo(zone), tuple(parse_hours(day) for day in weekly), dict(days))
