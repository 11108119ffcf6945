"""Việt Nam's public holidays as seed for the editable table: lunar Tết, compensatory days, make-up Saturdays.

The library knows the law and the exchanges decided so far; the table is what counts, and people edit it.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from hotline.regulation.labels import Label
from hotline.regulation.working_time import DayException

if TYPE_CHECKING:
    from holidays import HolidayBase

_SOURCE = "Bộ luật Lao động 2019, Điều 111 và Điều 112 (thư viện ngày lễ Việt Nam)"


def seed_days(years: Iterable[int]) -> list[tuple[date, DayException]]:
    """The days off and make-up working days of these years, by date; none for no years."""
    wanted = sorted(set(years))
    if not wanted:
        return []
    from holidays.countries.vietnam import Vietnam  # a tenth of a second: only where a year is really needed

    vi: HolidayBase = Vietnam(years=wanted, language="vi")  # type: ignore[no-untyped-call]
    en: HolidayBase = Vietnam(years=wanted, language="en_US")  # type: ignore[no-untyped-call]
    off = {day: Label(name, en[day]) for day, name in vi.items() if day.year in wanted}
    days = [(day, DayException("off", name, tet=_is_tet(name), source=_SOURCE)) for day, name in off.items()]
    for day in vi.weekend_workdays:
        if day.year in wanted:
            # The day off bears the date it was exchanged with in its name: "Ngày nghỉ (thay cho ngày 04/05/2024)".
            replaced = next((other for other, name in off.items() if f"{day:%d/%m/%Y}" in name.vi), None)
            days.append((day, DayException("working", _make_up(replaced), replaces=replaced, source=_SOURCE)))
    return sorted(days, key=lambda pair: pair[0])


def _is_tet(name: Label) -> bool:
    return "Tết" in name.vi and "Dương lịch" not in name.vi


def _make_up(replaced: date | None) -> Label:
    if replaced is None:
        return Label("Ngày làm bù", "Make-up working day")
    return Label(f"Làm bù cho ngày {replaced:%d/%m/%Y}", f"Worked in exchange for {replaced:%d/%m/%Y}")
