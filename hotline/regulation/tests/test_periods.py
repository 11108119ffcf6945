"""Reporting periods, in the words of TP.HCM: "từ 12 giờ ngày 25 tháng trước đến 12 giờ ngày 25 tháng này"."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.regulation.periods import BY_MONTH, ReportingRule, read_reporting
from hotline.regulation.reading import Reader

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FROM_25 = ReportingRule(25, time(12))


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(("rule", "month", "start", "end"), [
    (FROM_25, "2025-10", "25/09/2025 12:00", "25/10/2025 12:00"),  # the month in which it ends
    (FROM_25, "2026-01", "25/12/2025 12:00", "25/01/2026 12:00"),  # over New Year
    (FROM_25, "2026-03", "25/02/2026 12:00", "25/03/2026 12:00"),  # after a short month
    (BY_MONTH, "2026-02", "01/02/2026 00:00", "01/03/2026 00:00"),
    (BY_MONTH, "2025-12", "01/12/2025 00:00", "01/01/2026 00:00"),
    (ReportingRule(1, time(8)), "2026-02", "01/01/2026 08:00", "01/02/2026 08:00"),  # the first, but not at midnight
])  # fmt: skip
def test_a_period_begins_and_ends(rule: ReportingRule, month: str, start: str, end: str) -> None:
    period = rule.period(date.fromisoformat(f"{month}-01"), ZONE)
    assert (period.start, period.end) == (at(start), at(end))


@pytest.mark.parametrize(("rule", "moment", "month"), [
    (FROM_25, "25/10/2025 11:59", "2025-10"),  # the last minute of the period
    (FROM_25, "25/10/2025 12:00", "2025-11"),  # noon belongs to the next
    (FROM_25, "31/12/2025 23:59", "2026-01"),
    (BY_MONTH, "31/01/2026 23:59", "2026-01"),
    (BY_MONTH, "01/02/2026 00:00", "2026-02"),
])  # fmt: skip
def test_a_moment_lies_in_one_period(rule: ReportingRule, moment: str, month: str) -> None:
    assert rule.month_of(at(moment)) == date.fromisoformat(f"{month}-01")


@given(
    some.integers(1, 28), some.times().map(lambda t: t.replace(second=0, microsecond=0)),
    some.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=some.just(ZONE)),  # noqa: DTZ001 - hypothesis
)  # fmt: skip
def test_periods_leave_no_gap_and_no_overlap(day: int, hour: time, moment: datetime) -> None:
    rule = ReportingRule(day, hour)
    period = rule.period(rule.month_of(moment), ZONE)
    assert period.start <= moment < period.end
    assert rule.period(rule.month_of(period.end), ZONE).start == period.end


@pytest.mark.parametrize(("table", "key"), [
    ({"from_day": 31}, "from_day"), ({"from_day": 0}, "from_day"), ({"at": "noon"}, "at"), ({"day": 25}, "day"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_key(table: dict, key: str) -> None:
    reader = Reader(table, "edition.toml", "reporting")
    read_reporting(reader)
    assert [error.key for error in reader.errors] == [f"reporting.{key}"]


def test_it_comes_back_from_its_document() -> None:
    rule = ReportingRule(25, time(12), "Quy chế, Điều 9")
    assert read_reporting(Reader(rule.to_document(), "x")) == rule
    assert BY_MONTH.to_document() == {}
