"""A due moment explains itself, and the explanation adds up."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.regulation.clocks import Clock, pause, promise, resume
from hotline.regulation.explain import duration_words, explain, explain_clock, moment_words
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, WorkingHours, due
from hotline.regulation.tests.calendars import QUANG_NAM, at
from hotline.regulation.tests.test_working_time import calendars
from hotline.regulation.working_time import WorkCalendar

START = at("2026-02-01 00:00")


@settings(max_examples=150, deadline=None)
@given(calendars(), st.integers(0, 30 * 1440), st.integers(1, 60 * 60))
def test_what_was_counted_is_the_limit(calendar: WorkCalendar, minutes: int, work: int) -> None:
    limit, start = WorkingHours(work / 60), START + timedelta(minutes=minutes)
    explanation = explain(limit, start, calendar)
    assert sum((row.duration for row in explanation.rows), timedelta()) == limit.duration == explanation.total
    assert explanation.due_at == due(limit, start, calendar)
    assert [row.date for row in explanation.rows] == [
        start.date() + timedelta(n) for n in range(len(explanation.rows))
    ], "every day is there, none twice"
    for row in explanation.rows:
        for begin, end in row.counted:
            assert explanation.counted_from <= begin < end <= explanation.due_at
            assert any(opens <= begin and end <= closes for opens, closes in row.working)
    assert explanation.rows[-1].counted, "it ends on a day that counts"


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 30 * 1440), st.integers(1, 12), st.sampled_from(["same_day", "next_working_day"]))
def test_counted_days_are_the_limit(calendar: WorkCalendar, minutes: int, days: int, counting: str) -> None:
    start = START + timedelta(minutes=minutes)
    limit = WorkingDays(days, None, "same_day" if counting == "same_day" else "next_working_day")
    numbers = [row.number for row in explain(limit, start, calendar).rows if row.number is not None]
    if counting == "next_working_day":
        assert numbers == list(range(1, days + 1))
    else:  # what arrives after closing may leave nothing of day one to count
        assert len(numbers) in (days, days - 1)


@pytest.mark.parametrize("limit", [Minutes(90), CalendarDays(3)])
def test_wall_time_is_counted_on_the_wall(limit: Limit) -> None:
    explanation = explain(limit, at("2026-02-13 23:00"), QUANG_NAM)
    assert explanation.total == explanation.due_at - explanation.start
    assert explanation.counted_from == explanation.start


def test_tet_in_both_languages() -> None:
    explanation = explain(WorkingHours(8), at("2026-02-13 16:00"), QUANG_NAM)
    assert explanation.as_lines("vi") == [
        "Hạn: 16:00 thứ Hai, 23/02/2026",
        "Thời hạn: 8 giờ làm việc, nhận lúc 16:00 thứ Sáu, 13/02/2026",
        "- thứ Sáu, 13/02/2026: 16:00–17:00 = 1 giờ (cộng dồn 1 giờ)",
        "- thứ Bảy, 14/02 – Chủ Nhật, 22/02/2026: Nghỉ Tết, 9 ngày không tính",
        "- thứ Hai, 23/02/2026: 07:00–11:30, 13:30–16:00 = 7 giờ (cộng dồn 8 giờ)",
    ]
    assert explanation.as_lines("en") == [
        "Due: 16:00 Monday, 23/02/2026",
        "Limit: 8 working hours, received at 16:00 Friday, 13/02/2026",
        "- Friday, 13/02/2026: 16:00–17:00 = 1 h (so far 1 h)",
        "- Saturday, 14/02 – Sunday, 22/02/2026: Tết break, 9 days not counted",
        "- Monday, 23/02/2026: 07:00–11:30, 13:30–16:00 = 7 h (so far 8 h)",
    ]


def test_kinds_of_days() -> None:
    rows = {row.date: row for row in explain(WorkingHours(24), at("2026-08-21 16:00"), QUANG_NAM).rows}
    assert rows[date(2026, 8, 22)].kind == "makeup"
    assert (rows[date(2026, 8, 23)].kind, rows[date(2026, 8, 23)].minutes) == ("off", 0)
    assert rows[date(2026, 8, 24)].kind == "working"
    assert rows[date(2026, 8, 24)].whole
    assert rows[date(2026, 8, 21)].minutes == 60
    tet = explain(WorkingHours(8), at("2026-02-13 16:00"), QUANG_NAM).rows[3]
    assert (tet.kind, tet.reason and tet.reason.vi) == ("tet", "Nghỉ Tết")


def test_night_receipt_says_from_when_it_counts() -> None:
    lines = explain(WorkingHours(1), at("2026-03-07 02:00"), QUANG_NAM).as_lines("vi")
    assert lines[2] == "Bắt đầu tính: 07:00 thứ Hai, 09/03/2026"


def test_working_days_are_numbered() -> None:
    lines = explain(WorkingDays(7), at("2026-03-02 09:00"), QUANG_NAM).as_lines("vi")
    assert lines[3:5] == [
        "- thứ Hai, 02/03/2026: nhận, chưa tính",
        "- thứ Ba, 03/03 – thứ Sáu, 06/03/2026: ngày thứ 1–4 (07:00–11:30, 13:30–17:00)",
    ]


def test_long_explanations_stay_readable() -> None:
    lines = explain(WorkingHours(2000), at("2026-03-02 09:00"), QUANG_NAM).as_lines("vi")
    assert len(lines) < 30
    assert any("dòng tương tự" in line for line in lines)


def test_a_paused_and_a_promised_clock_explain_themselves() -> None:
    limit = WorkingHours(8)
    start = at("2026-03-02 08:00")
    clock = Clock(key="focal_person", limit=limit, started_at=start, due_at=due(limit, start, QUANG_NAM))
    assert explain_clock(clock, QUANG_NAM) == explain(limit, start, QUANG_NAM)
    resumed = resume(pause(clock, at("2026-03-02 10:00"), QUANG_NAM), at("2026-03-04 07:00"), QUANG_NAM)
    told = explain_clock(resumed, QUANG_NAM)
    assert (told.total, told.due_at) == (timedelta(hours=6), resumed.due_at)
    assert told.note is not None
    promised = explain_clock(promise(clock, at("2026-03-20 17:00")), QUANG_NAM)
    assert promised.due_at == at("2026-03-20 17:00")
    assert "Ngày hẹn lại với người dân, thay cho hạn ban đầu." in promised.as_lines("vi")


def test_words_for_lengths_and_moments() -> None:
    assert duration_words(timedelta(hours=7, minutes=20), "vi") == "7 giờ 20 phút"
    assert duration_words(timedelta(seconds=30), "en") == "30 s"
    assert duration_words(timedelta(), "vi") == "0 phút"
    assert moment_words(at("2026-03-01 08:05:09"), "vi") == "08:05:09 Chủ Nhật, 01/03/2026"
