"""Limits: what is due when, in the words of the rules they stand for."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.regulation.labels import Label
from hotline.regulation.limits import (
    CalendarDays,
    Limit,
    Minutes,
    WorkingDays,
    WorkingHours,
    after,
    due,
    left,
    parse_limit,
)
from hotline.regulation.tests.calendars import QUANG_NAM, at

SEVEN = WorkingDays(7, time(18), "next_working_day")
DUE = [
    (WorkingHours(8), "2026-03-02 10:00", "2026-03-03 10:00", "eight hours are one working day"),
    (WorkingHours(0.5), "2026-03-02 11:15", "2026-03-02 13:45", "half an hour over lunch"),
    (SEVEN, "2026-03-02 17:30", "2026-03-11 17:00", "before the cut-off: Tuesday is day one"),
    (SEVEN, "2026-03-02 18:00", "2026-03-11 17:00", "at the cut-off exactly is still in time"),
    (SEVEN, "2026-03-02 18:01", "2026-03-12 17:00", "after the cut-off: received on Tuesday, Wednesday is day one"),
    (SEVEN, "2026-03-06 18:30", "2026-03-18 17:00", "after the cut-off on Friday: received on Monday"),
    (SEVEN, "2026-03-07 09:00", "2026-03-18 17:00", "on a Saturday: received on Monday, like late on Friday"),
    (SEVEN, "2026-02-12 10:00", "2026-03-02 17:00", "one day before Tết, six after it"),
    (SEVEN, "2026-08-14 10:00", "2026-08-24 17:00", "the make-up Saturday is a working day"),
    (WorkingDays(1, None, "same_day"), "2026-03-02 02:00", "2026-03-02 17:00", "the day of receipt is day one"),
    (WorkingDays(1, time(15), "same_day"), "2026-03-02 15:30", "2026-03-03 17:00", "too late to count today"),
    (WorkingDays(2, None, "same_day"), "2026-03-07 10:00", "2026-03-10 17:00", "Saturday counts as Monday"),
    (WorkingDays(5), "2026-02-13 17:30", "2026-02-27 17:00", "five working days over Tết"),
    (CalendarDays(30), "2026-02-13 16:00", "2026-03-15 16:00", "calendar days end at the same hour"),
    (Minutes(5), "2026-02-17 02:00", "2026-02-17 02:05", "minutes run at night and in Tết"),
]


@pytest.mark.parametrize(("limit", "start", "expected", "why"), DUE)
def test_due(limit: Limit, start: str, expected: str, why: str) -> None:
    assert due(limit, at(start), QUANG_NAM) == at(expected), why


@given(
    st.sampled_from([WorkingHours(8), WorkingHours(48), SEVEN, WorkingDays(3, time(16), "same_day"), Minutes(5)]),
    st.integers(0, 300 * 1440),
    st.integers(0, 5 * 1440),
)
def test_later_receipt_is_never_due_earlier(limit: Limit, minutes: int, more: int) -> None:
    start = at("2026-01-01 00:00") + timedelta(minutes=minutes)
    assert due(limit, start, QUANG_NAM) <= due(limit, start + timedelta(minutes=more), QUANG_NAM)


@pytest.mark.parametrize("limit", [WorkingHours(8), SEVEN, CalendarDays(3), Minutes(5)])
def test_a_moment_without_a_zone_is_refused(limit: Limit) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        due(limit, datetime(2026, 3, 2, 8), QUANG_NAM)  # noqa: DTZ001 the point of the test


def test_what_is_left_leads_to_the_same_due_moment() -> None:
    now = at("2026-03-03 09:00")
    limits: list[Limit] = [WorkingHours(8), SEVEN, CalendarDays(3), Minutes(5)]
    for limit in limits:
        due_at = due(limit, now, QUANG_NAM)
        assert after(limit, now, left(limit, now, due_at, QUANG_NAM), QUANG_NAM) == due_at


LABELS = [
    (WorkingHours(8), "8 giờ làm việc", "8 working hours"),
    (WorkingHours(1), "1 giờ làm việc", "1 working hour"),
    (WorkingHours(1.5), "1,5 giờ làm việc", "1.5 working hours"),
    (SEVEN, "7 ngày làm việc", "7 working days"),
    (CalendarDays(30), "30 ngày", "30 days"),
    (Minutes(5), "5 phút", "5 minutes"),
]


@pytest.mark.parametrize(("limit", "vi", "en"), LABELS)
def test_labels(limit: Limit, vi: str, en: str) -> None:
    assert limit.label == Label(vi, en)


@pytest.mark.parametrize("limit", [limit for limit, *_ in DUE])
def test_a_limit_survives_its_document(limit: Limit) -> None:
    assert parse_limit(limit.to_document()) == limit


def test_toml_may_give_a_time() -> None:
    table = {"working_days": 7, "cut_off": time(18), "counting_from": "next_working_day"}
    assert parse_limit(table) == SEVEN == parse_limit(table | {"cut_off": "18:00"})


WRONG: list[tuple[Any, str]] = [
    (8, "must be a table"),
    ({}, "needs one unit"),
    ({"working_hours": 8, "minutes": 5}, "needs one unit"),
    ({"working_hours": 8, "cut_off": "18:00"}, "needs one unit"),
    ({"working_hour": 8}, "needs one unit"),
    ({"working_hours": 0}, "must be a positive number"),
    ({"working_hours": True}, "must be a positive number"),
    ({"working_hours": float("nan")}, "must be a positive number"),
    ({"working_days": 1.5}, "must be a positive whole number"),
    ({"working_days": 7, "cut_off": "25:00"}, "cut_off must be an hour"),
    ({"working_days": 7, "cut_off": 18}, "cut_off must be an hour"),
    ({"working_days": 7, "counting_from": "tomorrow"}, "counting_from must be"),
]


@pytest.mark.parametrize(("table", "reason"), WRONG)
def test_a_wrong_limit_says_why_in_both_languages(table: Any, reason: str) -> None:
    with pytest.raises(ValueError) as wrong:
        parse_limit(table)
    label = wrong.value.args[0]
    assert reason in label.en
    assert label.vi != label.en


def test_received_on_says_which_day_counts_as_receipt() -> None:
    assert SEVEN.received_on(at("2026-03-06 18:30"), QUANG_NAM) == date(2026, 3, 9)
