"""Reports are placed in the past so that they stand as flagged, whatever the day the demonstration is made on."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from hotline.demo.rules import DemoReport, fill_days, pace_of, plan, read_report
from hotline.regulation.limits import Limit, due
from hotline.regulation.pack import read_pack
from hotline.regulation.working_time import WorkCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PACKS = sorted(folder.parents[1].name for folder in settings.PACKS.glob("*/demo/reports.toml"))
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


def reports_of(pack: str) -> list[DemoReport]:
    text = (settings.PACKS / pack / "demo" / "reports.toml").read_text("utf-8")
    return [read_report(table) for table in tomllib.loads(text)["reports"]]


@cache
def regulation(pack: str) -> tuple[WorkCalendar, Limit]:
    """The calendar of a pack, and what its agencies have from receipt."""
    read = read_pack(pack, years=[2025, 2026, 2027])
    edition = read.edition()
    assert edition is not None
    return read.calendar_of(edition), next(r.limit for r in edition.clocks if "assign" in r.starts_on)


@pytest.mark.parametrize(("now", "why"), MOMENTS, ids=[why for _, why in MOMENTS])
@pytest.mark.parametrize("pack", PACKS)
def test_every_report_stands_as_flagged(pack: str, now: datetime, why: str) -> None:
    calendar, limit = regulation(pack)
    pace = pace_of(limit, calendar, now)
    for number, report in enumerate(reports_of(pack)):
        times = plan(report, number, now, calendar, pace)
        assert times.received <= times.forwarded <= now, (report.title, why)
        if not report.agency:
            continue
        steps = [] if report.outcome == "withdrawn" or report.reschedule else STEPS[report.state]
        moments = [times.forwarded, *(times.at(step) for step in steps), now]
        assert moments == sorted(moments), (report.title, why)
        assert all(calendar.next_working(at) == at or calendar.elapsed(at - timedelta(minutes=1), at) for at in moments[1:-1])
        if report.reschedule:
            continue
        # The focal person's limit ends with submitting or the head's taking over, else it runs until now.
        done = next((times.at(s) for s in ("take_over", "submit") if s in steps), now)
        if report.outcome == "withdrawn":
            done = times.at("withdraw")
        assert (done > due(limit, times.forwarded, calendar)) == report.overdue, (report.title, why)


def test_a_rating_lies_between_the_answer_and_now() -> None:
    now = MOMENTS[0][0]
    times = plan(reports_of(PACKS[0])[-1], 59, now, regulation(PACKS[0])[0])
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


@pytest.mark.parametrize("pack", PACKS)
def test_every_demonstration_is_rich_enough_to_look_at(pack: str) -> None:
    reports = reports_of(pack)
    assert len(reports) >= 55
    assert len({r.title for r in reports}) == len(reports), "merging goes by title"
    assert {r.state for r in reports} >= {"received", "assigned", "in_progress", "answered", "closed"}
    assert any(r.overdue for r in reports) and any(r.incomplete for r in reports)
