"""Figures that are true: dated cases whose counts are known, month by month."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.rules import cursor_of
from hotline.cases.tests.conftest import CITIZEN, at, make_conversation
from hotline.hotlines.models import Field
from hotline.portal.queries import figures
from hotline.portal.tests.conftest import second_line, words
from hotline.testing.cast import Cast

TODAY = date(2026, 3, 20)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def year(desk) -> dict[str, Case]:
    """Four cases: answered in time, answered late, open and late, answered in February and taken up again in March."""
    cast = desk.cast

    def answered(received: datetime, sent: datetime) -> Case:
        case = desk.accepted(received)
        case = actions.save_draft(case, "answered", "Đã xong.", actor=desk.actor("binh"), now=sent)
        case = actions.submit(case, actor=desk.actor("binh"), now=sent)
        return actions.approve(case, actor=desk.actor("hung"), now=sent)

    cases = {
        "in_time": answered(at("02/02 08:00"), at("02/02 10:00")),
        "late": answered(at("03/02 08:00"), at("06/02 10:00")),
        "again": answered(at("26/02 08:00"), at("26/02 09:00")),
    }
    actions.rate(cases["in_time"], 5, actor=CITIZEN, now=at("02/02 11:00"))
    actions.rate(cases["again"], 1, "Chưa xong", actor=CITIZEN, now=at("27/02 08:00"))
    cases["again"] = actions.reopen(
        cases["again"], cast.agency["so-xay-dung"], actor=desk.actor("cuong"), now=at("03/03 08:00")
    )
    cases["open"] = desk.assigned(at("10/03 08:00"), agency="dien-luc")
    for name in ("open", "again"):
        # What the sweeper would do: their eight hours ran out.
        clock = cases[name].clocks.get(key="focal_person", state="running")
        actions.expire(clock.pk, now=clock.due_at + timedelta(seconds=1))
    return cases


def test_february_as_it_was(desk, year) -> None:
    total = figures.month(desk.cast.hotline.pk, FEBRUARY, TODAY).total
    assert (total.received, total.answered, total.late) == (3, 3, 1)
    assert total.on_time == pytest.approx(200 / 3)
    assert (total.stars, total.raters, total.satisfaction) == (6, 2, 3)
    # The case that was taken up again in March still counts as February's answer, and as one that did not hold.
    assert total.reopened == 1


def test_march_so_far(desk, year) -> None:
    month = figures.month(desk.cast.hotline.pk, MARCH, TODAY)
    assert (month.total.received, month.total.answered, month.total.on_time) == (1, 0, None)
    assert month.contacts == 1
    assert month.total.late_open == 2  # the new one, and the reopened one whose new clock ran out


def test_by_agency_and_field(desk, year) -> None:
    month = figures.month(desk.cast.hotline.pk, FEBRUARY, TODAY)
    agencies = {line.name.vi: line.tally for line in figures.by_agency(month, desk.cast.hotline)}
    assert agencies["Sở Xây dựng"].answered == 3 and agencies["Công ty Điện lực"].late_open == 1
    (field,) = figures.by_field(month, desk.cast.hotline)
    assert (field.name.vi, field.tally.answered) == ("Thoát nước", 3)


def test_late_now_longest_first(desk, year, browser: Client) -> None:
    rows = figures.late_now().cases
    assert [row.agency for row in rows] == ["Sở Xây dựng", "Công ty Điện lực"]
    html = browser.get("/figures/late/").content.decode()
    assert "Công ty Điện lực" in html and "Phường Bàn Thạch" in html
    assert year["open"].code not in html and "Cống tràn" not in html  # their words are not published yet


def test_late_at_every_hotline_page_by_page(desk, year, browser: Client) -> None:
    second = second_line(desk.cast)
    namesake = Field.objects.create(hotline=second, key="thoat_nuoc", vi="Thoát nước")
    Case.objects.filter(pk=year["open"].pk).update(hotline=second, field=namesake)
    table = [
        ({}, ["Sở Xây dựng", "Công ty Điện lực"], "all of them"),
        ({"hotline_id": second.pk}, ["Công ty Điện lực"], "one of them"),
        ({"hotline_id": desk.cast.hotline.pk}, ["Sở Xây dựng"], "the other"),
    ]
    for chosen, agencies, why in table:
        seen, after = [], ""
        while True:
            page = figures.late_now(after, 1, **chosen)
            seen += [row.agency for row in page.cases]
            if not (after := page.next):
                break
        assert seen == agencies, why
    assert "Công ty Điện lực" in words(browser.get(f"/figures/late/?hotline={second.key}").content)
    assert "Công ty Điện lực" not in words(browser.get(f"/figures/late/?hotline={desk.cast.hotline.key}").content)
    assert "Công ty Điện lực" in words(browser.get("/figures/late/?hotline=khong-co&after=xx").content)
    cache.clear()
    march = [words(browser.get(f"/figures/?month=2026-03&hotline={key}").content) for key in (second.key, desk.cast.hotline.key)]
    assert ["Công ty Điện lực" in page for page in march] == [True, False]


@pytest.mark.parametrize(
    ("domain", "field_public", "public", "told", "why"),
    [
        ("", False, False, ("Ống cống", "Phường Bàn Thạch"), "no walls: as ever"),
        ("state", True, False, ("Ống cống", "Phường Bàn Thạch"), "behind a wall, of a field that is shown anyway"),
        ("party", False, True, ("Ống cống", "Phường Bàn Thạch"), "the reporter wants it to be read"),
        ("party", False, False, ("Thoát nước", ""), "a small field and a commune would tell whose case it is"),
    ],
)
def test_late_behind_a_wall(desk, year, domain: str, field_public: bool, public: bool, told: tuple, why: str) -> None:
    top = desk.cast.field["thoat_nuoc"]
    small = Field.objects.create(hotline=desk.cast.hotline, key="ong", vi="Ống cống", parent=top, public=field_public)
    Case.objects.filter(pk=year["open"].pk).update(field=small, domain=domain, public=public, area=desk.cast.area["20001"])
    row = next(row for row in figures.late_now().cases if row.agency == "Công ty Điện lực")
    assert (row.field.vi, row.area) == told, why


def test_a_clock_that_marks_nobody_late_counts_for_nothing(desk) -> None:
    case = desk.opened(at("02/02 08:00"))
    clock = case.clocks.get(key="forward")
    actions.expire(clock.pk, now=clock.due_at + timedelta(seconds=1))
    assert figures.late_now().cases == []


def test_the_file_for_a_spreadsheet(desk, year, browser: Client) -> None:
    cache.clear()
    answer = browser.get("/figures/2026-02.csv")
    assert answer["Content-Type"].startswith("text/csv") and 'filename="so-lieu-2026-02.csv"' in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    row = next(r for r in rows if r["co_quan"] == "Sở Xây dựng")
    assert (row["thang"], row["tra_loi"], row["tra_loi_dung_han"], row["tra_loi_tre_han"]) == ("02/2026", "3", "2", "1")


@pytest.mark.parametrize(
    "url", ["/figures/2026-13.csv", "/figures/9999-01.csv", "/figures/x.csv", "/figures/?month=x", "/figures/?month=9999-01"]
)
def test_no_such_month(browser: Client, cast, url: str) -> None:
    assert browser.get(url).status_code == 404


def test_a_page_of_a_month_without_anything(browser: Client, cast) -> None:
    answer = browser.get("/figures/?month=2021-07")
    assert answer.status_code == 200 and "Chưa có phiếu nào trong tháng này." in answer.content.decode()


def test_figures_are_counted_once_a_minute(browser: Client, cast) -> None:
    browser.get("/figures/")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/figures/")
    assert not [q for q in asked if "COUNT(" in q["sql"] and "counters" not in q["sql"]]


def test_nothing_walks_through_the_cases(desk, year) -> None:
    cache.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        figures.month(desk.cast.hotline.pk, FEBRUARY, TODAY)
        figures.late_now(hotline_id=desk.cast.hotline.pk)
        figures.late_now(cursor_of(at("03/02 08:00"), 1))
    for query in [q["sql"] for q in asked if q["sql"].startswith("SELECT") and "cases_" in q["sql"]]:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on cases_" not in plan, plan


def test_a_month_is_counted_as_the_regulation_counts_it(cast: Cast) -> None:
    """"Từ 12 giờ ngày 25 đến 12 giờ ngày 25": a contact of the 25th at noon is of the next month."""
    cast.edition.document["reporting"] = {"from_day": 25, "at": "12:00"}
    cast.edition.save()
    for number, moment in enumerate(["25/01 11:59", "25/01 12:00", "25/02 11:59", "25/02 12:00"], 1):
        make_conversation(cast, at(moment), number)
    assert figures.month(cast.hotline.pk, date(2026, 2, 1), date(2026, 3, 1)).contacts == 2
    assert "12:00 25/01/2026 – 12:00 25/02/2026" in figures.words(cast.hotline, date(2026, 2, 1)).vi
