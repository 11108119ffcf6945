"""Calendars the tests of the regulation share: Quảng Nam's hours, the Tết of 2026, one make-up Saturday."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hotline.regulation.labels import Label
from hotline.regulation.working_time import DayException, Interval, WorkCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = (Interval(time(7), time(11, 30)), Interval(time(13, 30), time(17)))
WEEK = (OFFICE,) * 5 + ((), ())
TET = Label("Nghỉ Tết", "Tết break")
DAYS = {date(2026, 2, 14) + timedelta(n): DayException("off", TET, tet=True) for n in range(9)}
DAYS[date(2026, 8, 31)] = DayException("off", Label("Nghỉ hoán đổi", "Exchanged"))
DAYS[date(2026, 9, 1)] = DAYS[date(2026, 9, 2)] = DayException("off", Label("Quốc khánh", "National Day"))
DAYS[date(2026, 8, 22)] = DayException("working", Label("Làm bù", "Make-up"), replaces=date(2026, 8, 31))

QUANG_NAM = WorkCalendar("quang-nam", ZONE, WEEK, DAYS)
DAY_AND_NIGHT = WorkCalendar("ngay-dem", ZONE, ((Interval(time(0), time(0)),),) * 7)


def at(text: str) -> datetime:
    """A moment in Việt Nam from "2026-02-13 16:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
