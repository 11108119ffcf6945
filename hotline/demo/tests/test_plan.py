"""Reports are placed in the past so that they stand as flagged, whatever the day the demonstration is made on."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from hotline.demo.rules import DemoReport, fill_days, plan, read_report
from hotline.regulation.pack import read_pack

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CALENDAR = read_pack("quang-nam", years=[2025, 2026, 2027]).calendar()
REPORTS = [read_report(t) for t in tomllib.loads(
    (settings.PACKS / "quang-nam" / "demo" / "reports.toml").read_text("utf-8"))["reports"]]
EIGHT = timedelta(hours=8)
STEPS = {
    "assigned": [], "in_progress": ["accept"], "verifying": ["accept", "verify"], "returned": ["first_return"],
    "awaiting_decision": ["first_return", "second_receipt", "second_return"], "with_head": ["accept", "take_over"],
    "awaiting_approval": ["accept", "submit"], "answered": ["accept", "submit", "approve"],
    "reopen_requested": ["accept", "submit", "approve"], "closed": ["accept", "submit", "approve"],
}
MOMENTS = [
    (datetime(2026, 3, 11, 10, 0, tzinfo=ZONE), "an ordinary Wednesday morning"),
    (datetime(2026, 3, 9, 7, 4, tzinfo=ZONE), "Monday, four minutes after opening"),
    (datetime(2026, 3, 11, 2, 0, tzinfo=ZONE), "the middle of the night"),
    (datetime(2026, 3, 15, 12, 0, tzinfo=ZONE), "Sunday noon"),
    (datetime(2026, 3, 11, 12, 30, tzinfo=ZONE), "the noon break"),
    (datetime(2026, 2, 19, 9, 0, tzinfo=ZONE), "in the middle of Tết"),
    (datetime(2026, 2, 23, 7, 30, tzinfo=ZONE), "the first morning after Tết"),
    (datetime(2026, 9, 3, 8, 0, tzinfo=ZONE), "the day after National Day"),
    (datetime(2026, 12, 31, 23, 59, tzinfo=ZONE), "the last minute of the year"),
]


@pytest.mark.parametrize(("now", "why"), MOMENTS, ids=[why for _, why in MOMENTS])
def test_every_report_stands_as_flagged(now: datetime, why: str) -> None:
    for number, report in enumerate(REPORTS):
        times = plan(report, number, now, CALENDAR)
        assert times.received <= times.forwarded <= now, (report.title, why)
        if not report.agency:
            continue
        steps = [] if report.outcome == "withdrawn" or report.reschedule else STEPS[report.state]
        moments = [times.forwarded, *(times.at(step) for step in steps), now]
        assert moments == sorted(moments), (report.title, why)
        assert all(CALENDAR.next_working(at) == at or CALENDAR.elapsed(at - timedelta(minutes=1), at) for at in moments[1:-1])
        if report.reschedule:
            continue
        # The focal person's eight hours end with submitting or the head's taking over, else they run until now.
        done = next((times.at(s) for s in ("take_over", "submit") if s in steps), now)
        if report.outcome == "withdrawn":
            done = times.at("withdraw")
        assert (CALENDAR.elapsed(times.forwarded, done) > EIGHT) == report.overdue, (report.title, why)


def test_a_rating_lies_between_the_answer_and_now() -> None:
    now = MOMENTS[0][0]
    times = plan(REPORTS[-1], 59, now, CALENDAR)
    for hours in (1, 10, 100, 400):
        for recent in (True, False):
            answered = now - timedelta(hours=hours)
            closes = answered + timedelta(days=14)
            assert answered < times.rated(answered, closes, recent) < min(now, closes)


def test_days_in_answers_are_written_as_people_write_them() -> None:
    day = datetime(2026, 2, 27, tzinfo=ZONE).date()
    assert fill_days("ngày {d}, xong {d+3}, từ {d-1}. ", day) == "ngày 27/02/2026, xong 02/03/2026, từ 26/02/2026."


def test_a_key_nobody_knows_is_an_error() -> None:
    with pytest.raises(TypeError, match="mispelt"):
        read_report({"mispelt": 1})
    assert isinstance(REPORTS[0], DemoReport) and len(REPORTS) == 60
