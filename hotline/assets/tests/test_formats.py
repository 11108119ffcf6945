"""Dates, spans, numbers and telephone numbers as people read them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.assets import formats

AT = datetime(2026, 2, 23, 16, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (formats.long_moment(AT), "16:00 thứ Hai, 23/02/2026"),
        (formats.long_moment(AT, "en"), "16:00 Monday, 23/02/2026"),
        (formats.short_moment(AT), "16:00 T2 23/02"),
        (formats.short_moment(AT, "en"), "16:00 Mon 23/02"),
        (formats.moment(AT), "16:00 23/02/2026"),
        (formats.short_day(date(2026, 3, 1)), "CN 01/03"),
        (formats.number(1382), "1.382"),
        (formats.number(1234567.5, 1), "1.234.567,5"),
        (formats.number(1382, language="en"), "1,382"),
        (formats.percent(96.4), "96,4\u00a0%"),
        (formats.percent(100, 0, "en"), "100\u00a0%"),
        (formats.size(640_000), "625 KB"),
        (formats.size(10), "1 KB"),
        (formats.size(2_500_000), "2,4 MB"),
    ],
)
def test_moments_and_numbers(said, expected):
    assert said == expected


@pytest.mark.parametrize(
    ("minutes", "vi", "en"),
    [
        (440, "còn 7 giờ 20 phút làm việc", "7 h 20 min of working time left"),
        (65, "còn 1 giờ 05 phút làm việc", "1 h 05 min of working time left"),
        (480, "còn 8 giờ làm việc", "8 h of working time left"),
        (45, "còn 45 phút làm việc", "45 min of working time left"),
        (0, "còn 0 phút làm việc", "0 min of working time left"),
        (-65, "quá hạn 1 giờ 05 phút làm việc", "1 h 05 min of working time overdue"),
    ],
)
def test_what_remains(minutes, vi, en):
    left = timedelta(minutes=minutes)
    assert formats.remaining(left) == vi
    assert formats.remaining(left, "en") == en


def test_limits_of_the_clock_do_not_say_working_time():
    assert formats.remaining(timedelta(minutes=90), working=False) == "còn 1 giờ 30 phút"
    assert formats.remaining(timedelta(minutes=-5), "en", working=False) == "5 min overdue"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(seconds=40), "vừa xong"),
        (timedelta(minutes=4), "4 phút"),
        (timedelta(minutes=59, seconds=59), "59 phút"),
        (timedelta(hours=1), "1 giờ"),
        (timedelta(hours=23, minutes=59), "23 giờ"),
        (timedelta(days=1), "1 ngày"),
        (timedelta(days=30), "30 ngày"),
        (timedelta(days=31), "23/01/2026"),
        (timedelta(seconds=-30), "vừa xong"),  # a server whose clock is a little ahead
    ],
)
def test_how_long_ago(before, expected):
    assert formats.ago(AT - before, AT) == expected


@pytest.mark.parametrize(
    ("number", "whole", "masked"),
    [
        ("+84905123318", "0905 123 318", "0905 ••• 318"),
        ("0905123318", "0905 123 318", "0905 ••• 318"),
        ("+842353812345", "02353 812 345", "02353 ••• 345"),
        ("+14155550123", "+14155550123", "•••123"),
        ("1022", "1022", "1022"),
    ],
)
def test_telephone_numbers(number, whole, masked):
    assert formats.national(number) == whole
    assert formats.masked(number) == masked
