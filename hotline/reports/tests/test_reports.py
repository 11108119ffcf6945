"""What the reports count: kept, late, overdue, not yet due, no longer owed; and the cases behind each number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.cases import actions
from hotline.cases.models import Answer, Case
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import Desk, at
from hotline.regulation.periods import Period
from hotline.reports import queries, rules
from hotline.reports.queries.conformance import behind, conformance
from hotline.reports.queries.levels import answered_without_case, levels, modes
from hotline.reports.queries.ranking import ranking
from hotline.reports.rules import BROKEN, GROUNDS, KEPT, LATE, LIFTED, OPEN, RETURNS, RUNNING, Line
from hotline.testing.cast import Cast

MONDAY = at("02/03 08:00")  # a week of five ordinary days, eight hours each
MARCH = Period(date(2026, 3, 1), at("01/03 00:00"), at("01/04 00:00"))


def lines(desk: Desk, who: str = "ha", period: Period = MARCH) -> dict[str, Line]:
    found = conformance(desk.cast.viewer(who), desk.cast.hotline, period)
    return {line.duty.key: line for _edition, of_it in found for line in of_it}


def codes(desk: Desk, duty: str, verdict: str, who: str = "ha", **more: Any) -> list[str]:
    rows = behind(desk.cast.viewer(who), desk.cast.hotline, MARCH, desk.cast.edition, duty, verdict, **more)
    return [case.code for case in rows]


def test_every_duty_of_the_edition_is_a_line_even_when_nothing_happened(desk: Desk) -> None:
    desk.opened(MONDAY)
    found = lines(desk)
    assert {"focal_person", "head", "verification", "forward", "reply", "promise"} < set(found)
    assert found["verification"].share is None
    assert (found["forward"].running, found["forward"].share) == (1, None)  # not due yet: says nothing


def test_kept_late_overdue_and_lifted_are_told_apart(desk: Desk) -> None:
    kept = desk.answered(MONDAY)  # within minutes
    late = desk.accepted(MONDAY)  # the working day began at 07:00, so 8 working hours end on Tuesday at 08:00
    overdue = desk.accepted(MONDAY)
    lifted = desk.assigned(MONDAY)
    actions.withdraw(lifted, "Người dân rút", actor=desk.actor("ha"), now=MONDAY + timedelta(hours=1))
    running = desk.assigned(at("06/03 09:00"))
    sweep_once(at("03/03 08:01"))
    late = actions.save_draft(late, "answered", "Đã nạo vét.", actor=desk.actor("binh"), now=at("03/03 09:00"))
    actions.submit(late, actor=desk.actor("binh"), now=at("03/03 09:05"))
    line = lines(desk)["focal_person"]
    assert (line.kept, line.late, line.open, line.running, line.lifted) == (1, 1, 1, 1, 1)
    assert (line.broken, line.share) == (2, pytest.approx(100 / 3))
    for verdict, case in [(KEPT, kept), (LATE, late), (OPEN, overdue), (RUNNING, running), (LIFTED, lifted)]:
        assert codes(desk, "focal_person", verdict) == [case.code], verdict
    assert set(codes(desk, "focal_person", BROKEN)) == {late.code, overdue.code}


def test_a_case_belongs_to_the_period_it_was_received_in(desk: Desk) -> None:
    desk.opened(MARCH.start - timedelta(minutes=1))
    first = desk.opened(MARCH.start)
    desk.opened(MARCH.end)
    assert lines(desk)["forward"].running + lines(desk)["forward"].open == 1
    assert codes(desk, "forward", RUNNING) == [first.code]


@pytest.mark.parametrize(("times", "kept", "late"), [(1, 1, 0), (2, 1, 0), (3, 0, 1)])
def test_returns_within_the_limit_are_kept(desk: Desk, times: int, kept: int, late: int) -> None:
    # "chuyển trả 1 lần; lần thứ hai Văn phòng quyết định": the second is allowed and ends it, a third would be a breach.
    Case.objects.filter(pk=desk.assigned(MONDAY).pk).update(returns=times)
    line = lines(desk)[RETURNS]
    assert (line.kept, line.late) == (kept, late)


def test_a_refusal_without_its_ground_is_broken(desk: Desk) -> None:
    good, bad = desk.answered(MONDAY), desk.answered(MONDAY)
    Answer.objects.filter(case=good).update(outcome="cannot", ground="out_of_scope")
    Answer.objects.filter(case=bad).update(outcome="cannot", ground="")
    assert codes(desk, GROUNDS, BROKEN) == [bad.code]
    assert codes(desk, GROUNDS, KEPT) == [good.code]


def test_an_agency_sees_its_own_conformance_only(desk: Desk) -> None:
    mine, theirs = desk.assigned(MONDAY), desk.assigned(MONDAY, "dien-luc")
    assert codes(desk, "focal_person", RUNNING, who="hung") == [mine.code]
    assert codes(desk, "focal_person", RUNNING, who="quang") == [theirs.code]
    assert lines(desk, "hung")["focal_person"].running == 1
    for nobody in ("admin", "ky-thuat", "mai", "nguoi-la"):
        assert conformance(desk.cast.viewer(nobody), desk.cast.hotline, MARCH) == []


def test_the_page_behind_a_number_goes_on_where_it_stopped(desk: Desk) -> None:
    cases = [desk.assigned(MONDAY + timedelta(minutes=n)) for n in range(3)]
    newest = cases[-1]
    assert codes(desk, "focal_person", RUNNING, after=(newest.received_at, newest.pk)) == [c.code for c in cases[1::-1]]


def test_an_unknown_duty_is_refused(desk: Desk) -> None:
    with pytest.raises(KeyError):
        codes(desk, "no_such_clock", KEPT)


def test_levels_say_how_far_cases_came(desk: Desk) -> None:
    desk.opened(MONDAY)
    desk.accepted(MONDAY)
    desk.answered(MONDAY)
    [(edition, rows)] = levels(desk.cast.viewer("son"), desk.cast.hotline, MARCH)
    assert edition == desk.cast.edition
    assert sum(row.received for row in rows) == 3
    assert rows[0].received == 1
    assert sum(row.answered for row in rows) == 1
    assert modes(desk.cast.viewer("son"), desk.cast.hotline, MARCH) == []  # this edition has no response modes
    assert answered_without_case(desk.cast.viewer("son"), desk.cast.hotline, MARCH) == 0


def test_agencies_are_ranked_by_answers_in_time_then_by_returns(desk: Desk) -> None:
    desk.answered(MONDAY)
    returned = desk.assigned(MONDAY, "dien-luc")
    actions.return_case(
        returned, "Không thuộc ngành điện", desk.cast.agency["so-xay-dung"], actor=desk.actor("lan"), now=MONDAY
    )
    desk.assigned(MONDAY, "dien-luc")
    rows = ranking(desk.cast.viewer("ha"), desk.cast.hotline, MARCH)
    assert [(row.agency.key, row.answered, row.late, row.returned) for row in rows] == [
        ("so-xay-dung", 1, 0, 0), ("dien-luc", 0, 0, 1),
    ]  # fmt: skip
    assert [row.on_time for row in rows] == [100, None]


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (MARCH, [("dien-luc", 100, 0), ("so-xay-dung", 50, 1)]),
        (Period(date(2026, 2, 1), at("01/02 00:00"), at("01/03 00:00")), []),
    ],
    ids=["the month in which it ran out", "the month before: it was not late then"],
)
def test_nobody_rises_by_not_answering(desk: Desk, period: Period, expected: list[tuple[str, float, int]]) -> None:
    """One answered in time and one overdue without an answer are a half, not a whole."""
    desk.answered(MONDAY)
    desk.accepted(MONDAY)
    Case.objects.filter(pk=desk.answered(MONDAY).pk).update(agency=desk.cast.agency["dien-luc"])
    sweep_once(at("13/03 08:00"))
    rows = ranking(desk.cast.viewer("ha"), desk.cast.hotline, period)
    assert [(row.agency.key, row.on_time, row.late_open) for row in rows] == expected


@pytest.mark.parametrize("size", [1, 6])
def test_the_number_of_questions_does_not_grow(desk: Desk, size: int) -> None:
    for _ in range(size):
        desk.answered(MONDAY)
    viewer = desk.cast.viewer("ha")
    with CaptureQueriesContext(connection) as asked:
        conformance(viewer, desk.cast.hotline, MARCH)
        ranking(viewer, desk.cast.hotline, MARCH)
        levels(viewer, desk.cast.hotline, MARCH)
    assert len(asked) <= 13, "\n".join(q["sql"][:120] for q in asked)


def test_the_period_is_the_editions(cast: Cast) -> None:
    assert queries.this_month(cast.hotline, datetime(2026, 1, 31, 18, 0, tzinfo=at("01/01 00:00").tzinfo)) == date(2026, 1, 1)
    cast.edition.document["reporting"] = {"from_day": 25, "at": "12:00"}
    cast.edition.save()
    assert queries.this_month(cast.hotline, at("25/01 12:00")) == date(2026, 2, 1)
    period, _rule = queries.period_of(cast.hotline, date(2026, 2, 1))
    assert (period.start, period.end) == (at("25/01 12:00"), at("25/02 12:00"))


def test_a_total_adds_up() -> None:
    duty = rules.total([]).duty
    whole = rules.total([Line(duty, 3, 1, 0, 2, 1), Line(duty, 1, 0, 1, 0, 0)])
    assert (whole.kept, whole.broken, whole.running, whole.lifted) == (4, 2, 2, 1)
    assert rules.total([]).share is None


# -- the pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def signed_in(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.person["ha"])
    return client


@pytest.mark.parametrize("path", ["", "levels/", "ranking/", "responsibilities/"])
def test_each_report_opens(signed_in: Client, desk: Desk, path: str) -> None:
    desk.answered(MONDAY)
    page = signed_in.get(f"/console/reports/{path}?month=2026-03")
    assert page.status_code == 200
    assert "03/2026" in page.content.decode()


@pytest.mark.parametrize("asked", [
    "month=2999-01", "month=1999-01", "month=bad", "hotline=none", "month=2026-03&after=zzz",
])  # fmt: skip
def test_what_is_no_report_is_no_page(signed_in: Client, desk: Desk, asked: str) -> None:
    page = f"/console/reports/cases/{desk.cast.edition.pk}/forward/kept/" if "after" in asked else "/console/reports/"
    assert signed_in.get(f"{page}?{asked}").status_code == 404


def test_a_spreadsheet_runs_nothing(signed_in: Client, desk: Desk) -> None:
    desk.answered(MONDAY)
    agency = desk.cast.agency["so-xay-dung"]
    agency.name = "=CÔNG THỨC()"
    agency.save()
    sheet = signed_in.get("/console/reports/ranking/?month=2026-03&format=csv")
    assert sheet["Content-Type"].startswith("text/csv")
    assert "'=CÔNG THỨC()" in sheet.content.decode("utf-8-sig")
