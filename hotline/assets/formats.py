"""How moments, spans, numbers and telephone numbers read, in Vietnamese and English. Pure: told the time and language.

Vietnamese forms follow Decree 30/2020 on administrative writing: 16:00, 23/02/2026, 1.382 and 96,4 %.
Moments must already stand in the zone they are to be read in.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from hotline.regulation.labels import WEEKDAYS, Label

_SHORT = (
    Label("T2", "Mon"), Label("T3", "Tue"), Label("T4", "Wed"), Label("T5", "Thu"),
    Label("T6", "Fri"), Label("T7", "Sat"), Label("CN", "Sun"),
)  # fmt: skip
_NOW = Label("vừa xong", "just now")
_AGO = ((Label("{} phút", "{} min"), 60), (Label("{} giờ", "{} h"), 24), (Label("{} ngày", "{} d"), 31))


def weekday(day: date, language: str = "vi") -> str:
    """ "thứ Hai"; "Monday"."""
    return WEEKDAYS[day.weekday()].get(language)


def short_weekday(day: date, language: str = "vi") -> str:
    """ "T2"; "Mon"."""
    return _SHORT[day.weekday()].get(language)


def long_moment(at: datetime, language: str = "vi") -> str:
    """ "16:00 thứ Hai, 23/02/2026"."""
    return f"{at:%H:%M} {weekday(at, language)}, {at:%d/%m/%Y}"


def short_moment(at: datetime, language: str = "vi") -> str:
    """ "16:00 T2 23/02"."""
    return f"{at:%H:%M} {short_weekday(at, language)} {at:%d/%m}"


def moment(at: datetime) -> str:
    """ "16:00 23/02/2026"."""
    return f"{at:%H:%M %d/%m/%Y}"


def short_day(day: date, language: str = "vi") -> str:
    """ "T2 23/02"."""
    return f"{short_weekday(day, language)} {day:%d/%m}"


def ago(at: datetime, now: datetime, language: str = "vi") -> str:
    """How long ago, in the largest whole unit: "vừa xong", "4 phút", "3 giờ", "2 ngày"; after a month the date."""
    amount = int((now - at).total_seconds() // 60)
    if amount < 1:
        return _NOW.get(language)
    for unit, size in _AGO:
        if amount < size:
            return unit.get(language).format(amount)
        amount //= 24 if size == 24 else size
    return f"{at:%d/%m/%Y}"


def span(amount: timedelta, language: str = "vi") -> str:
    """ "7 giờ 20 phút", "45 phút", "1 giờ 05 phút"; seconds are dropped, the sign too."""
    hours, minutes = divmod(int(abs(amount).total_seconds()) // 60, 60)
    hour, minute = ("giờ", "phút") if language == "vi" else ("h", "min")
    if not hours:
        return f"{minutes} {minute}"
    many = number(hours, 0, language)
    return f"{many} {hour} {minutes:02d} {minute}" if minutes else f"{many} {hour}"


def remaining(left: timedelta, language: str = "vi", working: bool = True) -> str:
    """ "còn 7 giờ 20 phút làm việc", "quá hạn 1 giờ 05 phút làm việc". `working`: the limit is in working time."""
    late = left < timedelta()
    said = span(left, language)
    if language == "vi":
        return f"{'quá hạn' if late else 'còn'} {said}{' làm việc' if working else ''}"
    return f"{said}{' of working time' if working else ''} {'overdue' if late else 'left'}"


def number(value: float | int, decimals: int = 0, language: str = "vi") -> str:
    """1382 → "1.382"; 96.4 with one decimal → "96,4". English swaps the two marks."""
    english = f"{value:,.{decimals}f}"
    return english.translate(str.maketrans(",.", ".,")) if language == "vi" else english


def percent(value: float, decimals: int = 1, language: str = "vi") -> str:
    """96.4 → "96,4 %" with a space that never breaks."""
    return f"{number(value, decimals, language)}\u00a0%"


def size(amount: int, language: str = "vi") -> str:
    """A file's size in bytes as "640 KB" or "2,4 MB"."""
    if amount < 1024 * 1024:
        return f"{number(max(amount / 1024, 1), 0, language)} KB"
    return f"{number(amount / 1024 / 1024, 1, language)} MB"


def national(phone: str) -> str:
    """+84905123318 → "0905 123 318"; a fixed line or a foreign number is grouped from its end."""
    digits = re.sub(r"\D", "", phone)
    if phone.startswith("+84"):
        digits = "0" + digits[2:]
    elif phone.startswith("+") or len(digits) <= 6:  # a foreign number, a service number
        return phone
    head = digits[: len(digits) - 6]
    return " ".join(part for part in (head, digits[-6:-3], digits[-3:]) if part)


def masked(phone: str) -> str:
    """The same number as those see it who need not call: "0905 ••• 318". A service number such as 1022 is nobody's."""
    if len(re.sub(r"\D", "", phone)) <= 6:
        return phone
    parts = national(phone).rsplit(" ", 2)
    if len(parts) < 3:
        return "•••" + re.sub(r"\D", "", phone)[-3:]
    return f"{parts[0]} ••• {parts[2]}"
