"""What a decision moves, in the days around Tết 2026: cases follow, clocks stand, records keep the names of their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from hotline.calendars.models import Calendar
from hotline.cases import actions as cases
from hotline.cases.models import Assignment, Case, Clock, Obligation, Participation
from hotline.cases.queries import case_page, public_page
from hotline.cases.tests.conftest import Desk, at, refuses
from hotline.hotlines.models import Hotline
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.notifications.models import Notice
from hotline.organisation.models import Agency, Area, AreaAlias
from hotline.organisation.queries import area_name_on, find_areas, name_on, standing_heirs
from hotline.organisation.rules import heirs_of
from hotline.people.models import Post
from hotline.portal.queries.published import one as published_case
from hotline.reactions import react
from hotline.regulation.reading import PackInvalid
from hotline.reorganisation import rules
from hotline.reorganisation.actions import apply_due, foretell, reorganise
from hotline.reorganisation.models import Reorganisation
from hotline.reorganisation.tests.conftest import plan
from hotline.routing.models import Route
from hotline.routing.queries import area_for, suggest
from hotline.testing.cast import Cast

MONDAY = at("23/02 08:00")  # the first working day after Tết, and the day the decisions below take effect
TABLES = (Agency, Area, AreaAlias, Assignment, Act, Case, Clock, Post, Reorganisation, Route)

DISSOLVE = '[[changes]]\ndo = "dissolve"\nagency = "so-xay-dung"\nsuccessor = "ubnd-ban-thach"\n'


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def test_an_agency_dissolved_mid_case_is_succeeded_and_its_clocks_run_on(cast: Cast, desk: Desk) -> None:
    """Domain trap: agency dissolved mid-case. The successor keeps other hours; the due moment was promised and stays."""
    nights = Calendar.objects.create(key="dem", name="Ca đêm", base=cast.hotline.calendar, weekly=[["00:00-24:00"]] * 7)
    Agency.objects.filter(key="ubnd-ban-thach").update(calendar=nights)
    held, done = desk.accepted(), cases.settle(desk.answered(), actor=SYSTEM, now=at("12/06 08:00"))
    before = list(Clock.objects.filter(case=held).order_by("pk").values())

    outcome = reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY)

    assert outcome.applied
    successor, old = cast.agency["ubnd-ban-thach"], cast.agency["so-xay-dung"]
    case = Case.objects.get(pk=held.pk)
    assert (case.agency, case.state, case.due_at, case.late_at) == (successor, held.state, held.due_at, None)
    assert case.focal_person == cast.person["binh"], "her post moved along, so she goes on with it"
    after = list(Clock.objects.filter(case=held).order_by("pk").values())
    assert [{**row, "agency_id": None} for row in after] == [{**row, "agency_id": None} for row in before]
    assert {row["agency_id"] for row in after if row["state"] == "running"} - {None} == {successor.pk}

    first, second = Assignment.objects.filter(case=held).order_by("id")
    assert (first.agency_name, first.until) == ("Sở Xây dựng", MONDAY)
    assert (second.agency_name, second.until) == ("Ủy ban nhân dân phường Bàn Thạch", None)
    assert second.note == "12/NQ-HĐND (10/02/2026)"
    act = Act.objects.get(kind="case.agency_succeeded", subject_id=held.pk)
    assert act.before == {"agency_id": old.pk, "agency_name": "Sở Xây dựng"}
    assert act.after == {"agency_id": successor.pk, "agency_name": "Ủy ban nhân dân phường Bàn Thạch"}

    assert Case.objects.get(pk=done.pk).agency == old, "what is done with keeps the name of its day"
    assert Assignment.objects.filter(case=done).count() == 1


def test_its_people_go_where_the_file_says_and_see_what_is_theirs_now(cast: Cast, desk: Desk) -> None:
    held = desk.accepted()
    reorganise(plan(DISSOLVE + 'posts = "end"\n'), actor=SYSTEM, now=MONDAY)
    today, sunday = MONDAY.date(), MONDAY.date() - timedelta(days=1)
    assert list(Case.objects.visible_to(cast.viewer("binh", today))) == [], "posts ended: nothing to be seen"
    assert set(Post.objects.filter(agency=cast.agency["so-xay-dung"]).values_list("valid_to", flat=True)) == {sunday}
    assert Case.objects.get(pk=held.pk).focal_person is None, (
        "who worked on it is no more; the successor's people find it"
    )

    held = desk.assigned(at("23/02 09:00"), agency="dien-luc")
    reorganise(
        plan('[[changes]]\ndo = "merge"\nagencies = ["dien-luc"]\ninto = "ubnd-ban-thach"', number="13"),
        actor=SYSTEM,
        now=at("23/02 10:00"),
    )
    seen = Case.objects.visible_to(cast.viewer("lan", today))
    assert held in seen and cast.viewer("lan", today).agency_ids == {cast.agency["ubnd-ban-thach"].pk}
    accepted = cases.accept(
        held.pk, actor=cast.viewer("lan", today).actor(cast.agency["ubnd-ban-thach"].pk), now=MONDAY
    )
    assert accepted.focal_person == cast.person["lan"]


def test_applied_twice_is_applied_once(cast: Cast, desk: Desk) -> None:
    desk.accepted()
    reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY)
    before = rows()
    again = reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY + timedelta(days=3))
    assert (again.changed, again.applied) == (False, True) and rows() == before
    with refuses("đã được áp dụng ngày 23/02/2026 với nội dung khác"):
        reorganise(plan(DISSOLVE + 'posts = "end"'), actor=SYSTEM, now=MONDAY)
    assert rows() == before


def test_a_dry_run_tells_what_will_happen_and_writes_nothing(cast: Cast, desk: Desk) -> None:
    desk.accepted()
    desk.assigned()
    before = rows()
    told = foretell(plan(DISSOLVE), now=MONDAY)
    assert rows() == before
    assert told == reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY).moved
    [ended] = told["ended"]
    assert ended["to"] == [{"key": "ubnd-ban-thach", "name": "Ủy ban nhân dân phường Bàn Thạch", "cases": 2}]
    assert (ended["posts"], ended["routes"]) == (4, 1), "two focal persons, the head, the knowledge editor; one row"


def test_a_decision_of_the_future_is_recorded_and_applied_on_its_day(cast: Cast, desk: Desk) -> None:
    held = desk.accepted()
    outcome = reorganise(plan(DISSOLVE), actor=SYSTEM, now=at("13/02 16:30"))
    assert not outcome.applied and Case.objects.get(pk=held.pk).agency == cast.agency["so-xay-dung"]
    assert not reorganise(plan(DISSOLVE), actor=SYSTEM, now=at("13/02 16:40")).changed
    assert apply_due(now=at("22/02 23:59")) == 0
    assert apply_due(now=at("23/02 00:02")) == 1
    assert Case.objects.get(pk=held.pk).agency == cast.agency["ubnd-ban-thach"]
    assert apply_due(now=at("23/02 01:02")) == 0
    assert list(Act.objects.filter(subject="reorganisation").values_list("kind", flat=True)) == [
        "reorganisation.recorded",
        "reorganisation.applied",
    ]


def test_what_cannot_be_applied_on_its_day_says_why_once_and_is_tried_again(cast: Cast, desk: Desk) -> None:
    """Between the decision and its day somebody closed the successor."""
    desk.accepted()
    reorganise(plan(DISSOLVE), actor=SYSTEM, now=at("13/02 16:30"))
    Agency.objects.filter(key="ubnd-ban-thach").update(valid_to=date(2026, 2, 20))
    before = rows()[:-1]
    assert apply_due(now=at("23/02 00:02")) == apply_due(now=at("23/02 01:02")) == 0
    row = Reorganisation.objects.get()
    assert "“ubnd-ban-thach” đã kết thúc ngày 20/02/2026" in row.problem_vi and row.problem_en
    assert Act.objects.filter(kind="reorganisation.refused").count() == 1
    assert [len(table) for table in rows()[:-1]] == [len(t) + (t is before[4]) for t in before]
    Agency.objects.filter(key="ubnd-ban-thach").update(valid_to=None)
    assert apply_due(now=at("23/02 02:02")) == 1 and Reorganisation.objects.get().problem_vi == ""


def test_nobody_to_succeed_while_cases_are_open_is_refused_before_anything_is_written(cast: Cast, desk: Desk) -> None:
    desk.accepted()
    before = rows()
    with refuses("Sở Xây dựng còn 1 phiếu đang xử lý"):
        reorganise(plan('[[changes]]\ndo = "dissolve"\nagency = "so-xay-dung"'), actor=SYSTEM, now=MONDAY)
    with pytest.raises(PackInvalid, match="no agency “khong-co”"):
        reorganise(plan('[[changes]]\ndo = "dissolve"\nagency = "khong-co"'), actor=SYSTEM, now=MONDAY)
    assert rows() == before


def test_a_renamed_agency_keeps_its_cases_and_old_ones_keep_its_old_name(cast: Cast, desk: Desk) -> None:
    held, done = desk.accepted(), desk.answered()
    change = (
        '[[changes]]\ndo = "rename"\nagency = "so-xay-dung"\nname = "Sở Xây dựng và Giao thông"\nshort_name = "SXDGT"\n'
    )
    reorganise(plan(change), actor=SYSTEM, now=MONDAY)
    agency = Agency.objects.get(key="so-xay-dung")
    assert agency.name == "Sở Xây dựng và Giao thông" and Case.objects.get(pk=held.pk).agency == agency
    assert name_on(agency, date(2026, 2, 22)) == "Sở Xây dựng"
    assert Assignment.objects.get(case=held).agency_name == "Sở Xây dựng"
    for case, name in ((done, "Sở Xây dựng"), (held, "Sở Xây dựng và Giao thông")):
        row = Case.objects.get(pk=case.pk)
        assert case_page(cast.viewer("ha", MONDAY.date()), case.code, now=MONDAY).case.agency.name == name
        assert public_page(row, now=MONDAY).case.agency.name == name
    Case.objects.filter(pk=done.pk).update(public=True)
    assert published_case(done.code).case.agency == "Sở Xây dựng"
    assert desk.assigned(at("23/02 09:00")).assignments.get().agency_name == "Sở Xây dựng và Giao thông"


def test_a_part_in_a_case_that_another_leads_and_what_is_owed_on_an_answered_one_follow_too(
    cast: Cast, desk: Desk
) -> None:
    led, done = desk.assigned(agency="dien-luc"), desk.answered()
    old, new = cast.agency["so-xay-dung"], cast.agency["ubnd-ban-thach"]
    part = Participation.objects.create(
        case=led,
        agency=old,
        agency_name=old.name,
        asked="Có phải đường do Sở quản lý?",
        asked_at=MONDAY,
        state="accepted",
    )
    mine = {"case": led, "participant": part, "agency": old, "calendar": cast.hotline.calendar, "state": "running"}
    clock = Clock.objects.create(key="cooperating", started_at=MONDAY, due_at=at("24/02 17:00"), **mine)
    needless = Participation.objects.create(
        case=desk.assigned(agency="ubnd-ban-thach"), agency=old, agency_name=old.name, asked="?", asked_at=MONDAY
    )
    owed_clock = Clock.objects.create(
        case=done, key="letter", agency=old, calendar=cast.hotline.calendar, state="running", started_at=MONDAY,
        due_at=at("27/02 17:00"),
    )  # fmt: skip
    owed = Obligation.objects.create(
        case=done, key="letter", kind="thank_you_letter", owner="focal_person", agency=old, clock=owed_clock,
        due_at=owed_clock.due_at,
    )  # fmt: skip
    reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY)
    for row in (part, clock, needless, owed_clock, owed):
        row.refresh_from_db()
    assert (part.agency, part.agency_name, part.state) == (new, new.name, "accepted")
    assert (clock.agency, clock.state, clock.due_at) == (new, "running", at("24/02 17:00"))
    assert (needless.state, needless.closed_at) == ("released", MONDAY), "it leads that case itself now"
    assert (owed.agency, owed_clock.agency) == (new, new)
    done.refresh_from_db()
    assert done.agency == new
    assert Act.objects.filter(kind="case.partner_succeeded").count() == 2


def test_the_successors_people_are_told_once_of_all_that_came(cast: Cast, desk: Desk) -> None:
    for _ in range(3):
        desk.assigned()
    reorganise(plan(DISSOLVE.replace("ubnd-ban-thach", "dien-luc")), actor=SYSTEM, now=MONDAY)
    act = Act.objects.get(kind="agency.succeeded")
    react(act.pk)
    told = Notice.objects.filter(act_id=act.pk)
    assert {notice.text_vi for notice in told} == {
        "3 phiếu chưa kết thúc của Sở Xây dựng chuyển về đơn vị theo 12/NQ-HĐND (10/02/2026)"
    }
    assert set(told.values_list("person__username", flat=True)) >= {"lan", "quang"}


def test_a_split_agency_gives_fields_to_one_and_the_rest_to_another(cast: Cast, desk: Desk) -> None:
    drain, lamp = desk.assigned(), desk.opened(field=cast.field["dien_luc"])
    cases.assign(lamp, cast.agency["so-xay-dung"], actor=desk.actor("cuong"), now=at("13/02 16:00"))
    Route.objects.create(field=cast.field["dien_luc"], agency=cast.agency["so-xay-dung"], priority=5)
    change = """
[[agencies]]
key = "thoat-nuoc"
kind = "public_service_unit"
name = "Trung tâm Quản lý thoát nước"
parent = "van-phong-ubnd"
[[changes]]
do = "split"
agency = "so-xay-dung"
rest = "so-xay-dung"
[[changes.parts]]
to = "thoat-nuoc"
fields = ["thoat_nuoc"]
people = ["duc"]
"""
    reorganise(plan(change), actor=SYSTEM, now=MONDAY)
    centre = Agency.objects.get(key="thoat-nuoc")
    assert Case.objects.get(pk=drain.pk).agency == centre
    assert Case.objects.get(pk=lamp.pk).agency == cast.agency["so-xay-dung"], "what no part takes stays with the rest"
    assert Agency.objects.get(key="so-xay-dung").valid_to is None, "it goes on, with less to do"
    assert set(Post.objects.filter(agency=centre).values_list("person__username", flat=True)) == {"duc"}
    assert cast.viewer("binh", MONDAY.date()).agency_ids == {cast.agency["so-xay-dung"].pk}
    day = MONDAY.date()
    assert suggest(cast.hotline.pk, cast.field["thoat_nuoc"], None, day).agency == centre
    assert suggest(cast.hotline.pk, cast.field["dien_luc"], None, day).agency == cast.agency["dien-luc"]


def test_routes_hotline_and_units_below_follow_the_successor(cast: Cast) -> None:
    below = Agency.objects.create(
        key="phong-cap-phep", kind="office", name="Phòng Cấp phép", parent=cast.agency["so-xay-dung"]
    )
    change = (
        DISSOLVE
        + """
[[changes]]
do = "merge"
agencies = ["tong-dai-1022", "van-phong-ubnd"]
into = "van-phong-ubnd"
"""
    )
    reorganise(plan(change), actor=SYSTEM, now=MONDAY)
    below.refresh_from_db()
    assert below.parent == cast.agency["ubnd-ban-thach"] and below.parents.last().decision == "12/NQ-HĐND (10/02/2026)"
    hotline = Hotline.objects.get()
    assert (hotline.desk, hotline.coordinator) == (cast.agency["van-phong-ubnd"],) * 2
    assert (hotline.name, hotline.code_prefix) == ("Tổng đài 1022 Quảng Nam", "QNM")
    assert suggest(hotline.pk, cast.field["thoat_nuoc"], None, MONDAY.date()).agency == cast.agency["ubnd-ban-thach"]
    assert cast.viewer("cuong", MONDAY.date()).posts[0].agency_id == cast.agency["van-phong-ubnd"].pk


def test_a_commune_renamed_mid_case_is_found_by_both_names(cast: Cast, desk: Desk) -> None:
    held = desk.opened()
    reorganise(plan('[[changes]]\ndo = "rename"\narea = "20001"\nname = "Phường Hòa Hương"'), actor=SYSTEM, now=MONDAY)
    area = Area.objects.get(code="20001")
    assert (area.name, Case.objects.get(pk=held.pk).area) == ("Phường Hòa Hương", area)
    assert area_name_on(area, date(2026, 2, 22)) == "Phường Bàn Thạch"
    assert area_name_on(area, MONDAY.date()) == "Phường Hòa Hương"
    for text in ("phường Hòa Hương", "Bàn Thạch", "phuong ban thach (cũ)"):
        assert find_areas(text) == [area] and area_for(text).area == area.pk


MERGED = """
[[changes]]
do = "merge"
areas = ["20001", "20002"]
into = "20002"
name = "Phường Tam Kỳ Mới"
lat = 15.565
lon = 108.475
"""


def test_merged_communes_their_cases_routes_and_every_name_they_ever_had(cast: Cast, desk: Desk) -> None:
    AreaAlias.objects.create(
        area=cast.area["20001"], name="Xã Tam Thăng", folded="xa tam thang", district="Thành phố Tam Kỳ"
    )
    Route.objects.create(field=cast.field["thu_tuc"], area=cast.area["20001"], agency=cast.agency["ubnd-ban-thach"])
    held, done = desk.assigned(), desk.answered()
    moved = reorganise(plan(MERGED), actor=SYSTEM, now=MONDAY).moved
    old, new = Area.objects.get(code="20001"), Area.objects.get(code="20002")
    assert (old.served, new.served, new.name, new.lat) == (False, True, "Phường Tam Kỳ Mới", 15.565)
    assert (Case.objects.get(pk=held.pk).area, Case.objects.get(pk=done.pk).area) == (new, old)
    assert Act.objects.get(kind="case.area_succeeded").before["area_name"] == "Phường Bàn Thạch"
    assert moved["areas"][0]["cases"] == 1
    for text in ("phường Bàn Thạch", "Bàn Thạch", "phường Tam Kỳ", "xã Tam Thăng (cũ)"):
        assert area_for(text).area == new.pk, text
    assert Route.objects.get(field=cast.field["thu_tuc"]).area == new


def test_a_commune_that_comes_back_is_found_again(cast: Cast, desk: Desk) -> None:
    """Merged in one year, given back its seat in another: names follow, in both directions."""
    reorganise(plan(MERGED), actor=SYSTEM, now=MONDAY)
    back = '[[changes]]\ndo = "merge"\nareas = ["20002"]\ninto = "20001"'
    reorganise(plan(back, number="13"), actor=SYSTEM, now=MONDAY)
    home = Area.objects.get(code="20001")
    assert home.served and not Area.objects.get(code="20002").served
    for text in ("phường Bàn Thạch", "phường Tam Kỳ", "Tam Kỳ Mới"):
        assert area_for(text).area == home.pk, text
    assert heirs_of("20002", standing_heirs()) == heirs_of("20001", standing_heirs()) == ("20001",)


def test_a_commune_split_over_five_asks_for_the_point(cast: Cast, desk: Desk) -> None:
    """Domain trap: an old ward name that lies in five new wards. A point decides, the name alone does not."""
    new = "".join(
        f'[[areas]]\ncode = "3000{n}"\nname = "Phường Mới {n}"\nprovince = "48"\nlat = {15.5 + n / 10}\nlon = 108.4\n'
        for n in range(1, 6)
    )
    change = new + '[[changes]]\ndo = "split"\narea = "20001"\ninto = ["30001", "30002", "30003", "30004", "30005"]\n'
    pinned, unpinned = desk.opened(lat=15.79, lon=108.4), desk.opened()
    moved = reorganise(plan(change), actor=SYSTEM, now=MONDAY).moved
    assert Case.objects.get(pk=pinned.pk).area.code == "30003"
    assert Case.objects.get(pk=unpinned.pk).area.code == "20001", "nobody can tell yet; the record is not guessed"
    assert (moved["areas"][0]["cases"], moved["areas"][0]["unclear"]) == (1, 1)
    guess = area_for("phường Bàn Thạch")
    assert guess.ask_for_point and guess.area is None and len(guess.areas) == 5
    assert area_for("phường Bàn Thạch", 15.91, 108.4).area == Area.objects.get(code="30004").pk
    said = "\n".join(rules.lines(moved, "vi"))
    assert "Phường Bàn Thạch → Phường Mới 1, Phường Mới 2" in said and "1 phiếu chưa rõ nơi" in said


def test_every_column_that_names_an_agency_is_decided_on() -> None:
    """A new table that knows agencies must say whether it follows a successor: name it in reorganisation/rules.py."""
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("hotline.")
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Agency
    }
    assert named == rules.FOLLOWS | set(rules.OWNED) | rules.RECORD
