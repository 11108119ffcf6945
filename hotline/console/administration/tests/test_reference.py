"""Agencies, fields, routes, mailboxes and calendars: what their forms do and refuse, and what is on record."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from hotline.calendars.models import Calendar
from hotline.cases.models import Case
from hotline.cases.tests.conftest import Desk
from hotline.hotlines.actions import load_fields
from hotline.hotlines.models import Field, Mailbox
from hotline.hotlines.rules import FieldEntry
from hotline.journal.models import Act
from hotline.organisation.models import Agency
from hotline.organisation.queries import name_on, parent_on
from hotline.organisation.rules import fold
from hotline.routing.actions import load_routes
from hotline.routing.models import Route
from hotline.testing.cast import ZONE, Cast

QD = "12/QĐ-UBND ngày 01/06/2026"


def acts(kind: str) -> list[Act]:
    return list(Act.objects.filter(kind=kind, actor__name="Phan Quốc Trị"))


# -- agencies ------------------------------------------------------------------------------------------------------------


def test_an_agency_is_made_renamed_moved_and_closed_with_dates_and_decisions(cast: Cast, admin: Client) -> None:
    made = {
        "name": "Trung tâm Kỹ thuật hạ tầng",
        "short_name": "TT Hạ tầng",
        "key": "tt-ha-tang",
        "kind": "public_service_unit",
        "parent": cast.agency["so-xay-dung"].pk,
        "from_day": "01/01/2020",
        "decision": QD,
    }
    assert admin.post("/console/agencies/new/", made)["Location"] == "/console/agencies/tt-ha-tang/"
    assert admin.post("/console/agencies/new/", made).status_code == 422, "the key is taken"
    url = "/console/agencies/tt-ha-tang/"
    renamed = {"name": "Trung tâm Hạ tầng đô thị", "short_name": "", "from_day": "01/06/2026", "decision": QD}
    assert admin.post(url + "rename/", renamed).status_code == 302
    again = admin.post(url + "rename/", {**renamed, "from_day": "01/05/2026"})
    assert again.status_code == 422 and "ngày mới phải sau ngày đó" in again.text
    assert admin.post(url + "rename/", {**renamed, "decision": ""}).status_code == 422, "a change stands on a decision"
    moved = {"parent": cast.agency["van-phong-ubnd"].pk, "from_day": "01/07/2026", "decision": QD}
    assert admin.post(url + "move/", moved).status_code == 302
    agency = Agency.objects.get(key="tt-ha-tang")
    assert name_on(agency, date(2026, 5, 31)) == "Trung tâm Kỹ thuật hạ tầng"
    assert name_on(agency, date(2026, 6, 1)) == "Trung tâm Hạ tầng đô thị"
    assert [parent_on(agency, date(2026, month, 1)).key for month in (6, 7)] == ["so-xay-dung", "van-phong-ubnd"]
    page = admin.get(url).text
    assert "Trung tâm Kỹ thuật hạ tầng" in page and QD in page

    below = {"parent": agency.pk, "from_day": "01/08/2026", "decision": QD}
    loop = admin.post("/console/agencies/van-phong-ubnd/move/", below)
    assert loop.status_code == 422 and "cấp dưới của mình" in loop.text
    closed = {"last_day": "31/12/2026", "successor": cast.agency["so-xay-dung"].pk, "decision": QD}
    assert admin.post(url + "close/", closed).status_code == 302
    agency.refresh_from_db()
    assert agency.valid_to == date(2026, 12, 31) and agency.successor.key == "so-xay-dung"
    assert [len(acts(f"agency.{verb}")) for verb in ("created", "renamed", "moved", "closed")] == [1, 1, 1, 1]


def test_the_tree_is_found_by_name_without_diacritics(cast: Cast, admin: Client) -> None:
    for agency in Agency.objects.all():
        Agency.objects.filter(pk=agency.pk).update(folded=fold(f"{agency.name} {agency.short_name}"))
    page = admin.get("/console/agencies/?q=dien luc")
    assert "Công ty Điện lực" in page.text and "Sở Xây dựng" not in page.text
    assert "Không có cơ quan nào" in admin.get("/console/agencies/?q=xyz").text


# -- fields --------------------------------------------------------------------------------------------------------------


def test_a_field_is_added_hidden_and_stays_what_people_made_it_when_the_pack_is_loaded(
    cast: Cast, admin: Client
) -> None:
    new = {
        "vi": "Rác thải",
        "en": "",
        "key": "rac-thai",
        "words": "rác, đổ trộm\nrác",
        "urgent_words": "",
        "public": "on",
    }
    assert admin.post("/console/fields/new/", new).status_code == 302
    field = Field.objects.get(key="rac-thai")
    assert field.words == ["rác", "đổ trộm"]
    assert admin.post("/console/fields/new/", new).status_code == 422
    known = cast.field["dien_luc"]
    url = f"/console/fields/{known.pk}/"
    seen = admin.get(url).context["form"]["seen"].value()
    hidden = {"vi": "Điện lực", "en": "", "words": "điện", "urgent_words": "dây điện đứt", "public": "on", "seen": seen}
    assert admin.post(url, hidden).status_code == 302
    assert admin.post(url, hidden).status_code == 409, "it is no more what was seen"
    load_fields(cast.hotline, [FieldEntry("dien_luc", "Điện"), FieldEntry("thoat_nuoc", "Thoát nước đô thị")])
    assert list(Field.objects.filter(key="dien_luc").values_list("vi", "active")) == [("Điện lực", False)]
    assert Field.objects.get(key="rac-thai").active and Field.objects.get(key="thoat_nuoc").vi == "Thoát nước đô thị"
    assert not Field.objects.get(key="thu_tuc").active, "the pack no longer has it, and nobody here touched it"


# -- routes --------------------------------------------------------------------------------------------------------------


def test_the_routing_table_is_edited_journaled_and_then_ours(cast: Cast, admin: Client) -> None:
    field, agency = cast.field["thu_tuc"], cast.agency["van-phong-ubnd"]
    row = {"field": field.pk, "area": "", "agency": agency.pk, "priority": 0, "note": ""}
    assert admin.post("/console/routes/new/", row).status_code == 302
    again = admin.post("/console/routes/new/", row)
    assert again.status_code == 422 and "đã có dòng này" in again.text
    both = admin.post("/console/routes/new/", {**row, "own_commune": "on"})
    neither = admin.post("/console/routes/new/", {**row, "agency": ""})
    assert both.status_code == neither.status_code == 422 and "không chọn cả hai" in both.text
    route = Route.objects.get(field=field)
    url = f"/console/routes/{route.pk}/"
    seen = admin.get(url).context["form"]["seen"].value()
    commune = {**row, "agency": "", "own_commune": "on", "seen": seen}
    assert admin.post(url, commune).status_code == 302
    assert admin.post(url, {**row, "seen": seen}).status_code == 409
    assert "UBND xã, phường nơi xảy ra" in admin.get(f"/console/routes/?field={field.pk}").text
    assert admin.post(url + "remove/").status_code == 302
    assert "đã được xóa" in admin.post(url + "remove/", follow=True).text
    assert [len(acts(f"route.{verb}")) for verb in ("added", "changed", "removed")] == [1, 1, 1]
    load_routes(cast.hotline, [])
    assert Route.objects.count() == 2, "what people changed, a pack no longer replaces"


# -- mailboxes -----------------------------------------------------------------------------------------------------------

BOX = {
    "address": "1022@example.vn",
    "host": "imap.example.vn",
    "port": 993,
    "tls": "on",
    "username": "1022",
    "folder": "INBOX",
    "password_env": "HOTLINE_MAIL_PASSWORD",
    "active": "on",
}


def test_a_mailbox_is_added_paused_and_pointed_elsewhere(cast: Cast, admin: Client) -> None:
    assert admin.post("/console/mailboxes/new/", BOX).status_code == 302
    assert admin.post("/console/mailboxes/new/", BOX).status_code == 422
    Mailbox.objects.update(last_uid=77, uidvalidity=5, last_error="Sai mật khẩu")
    box = Mailbox.objects.get(address="1022@example.vn")
    url = f"/console/mailboxes/{box.pk}/"
    assert "Sai mật khẩu" in admin.get("/console/mailboxes/").text
    seen = admin.get(url).context["form"]["seen"].value()
    paused = {k: v for k, v in BOX.items() if k != "active"} | {"seen": seen}
    assert admin.post(url, paused).status_code == 302
    box.refresh_from_db()
    assert (box.active, box.last_uid, box.last_error) == (False, 77, "")
    assert admin.post(url, {**paused, "host": "imap2.example.vn"}).status_code == 409
    seen = admin.get(url).context["form"]["seen"].value()
    admin.post(url, {**BOX, "host": "imap2.example.vn", "seen": seen})
    box.refresh_from_db()
    assert box.last_uid is None, "another server is looked into anew"


@pytest.mark.parametrize(
    "wrong", [{"password_env": "mật khẩu"}, {"port": 0}, {"address": "không"}, {"password_env": "", "username": ""}]
)
def test_a_mailbox_that_cannot_work_is_refused(cast: Cast, admin: Client, wrong: dict) -> None:
    assert admin.post("/console/mailboxes/new/", {**BOX, **wrong}).status_code == 422
    assert not Mailbox.objects.filter(address="1022@example.vn").exists()


# -- calendars -----------------------------------------------------------------------------------------------------------

DAY = {
    "kind": "off",
    "first": "04/03/2026",
    "last": "05/03/2026",
    "reason_vi": "Nghỉ tránh bão",
    "reason_en": "",
    "source": "Công điện 01/CĐ-UBND",
    "intervals": "",
}


@pytest.fixture
def calendar(cast: Cast) -> Calendar:
    return cast.hotline.calendar


def test_what_a_change_moves_is_said_first_and_made_only_when_agreed(
    cast: Cast, admin: Client, calendar: Calendar
) -> None:
    case: Case = Desk(cast).assigned(datetime(2026, 3, 3, 15, 0, tzinfo=ZONE))
    url = f"/console/calendars/{calendar.key}/day/2026-03-04/"
    given = {**DAY, "version": calendar.version}
    told = admin.post(url, given)
    move = next(m for m in told.context["moves"] if m.clock.en.startswith("Focal person"))
    assert (move.code, f"{move.old.astimezone(ZONE):%d %H:%M}", f"{move.new.astimezone(ZONE):%d %H:%M}") == (
        case.code,
        "04 15:00",
        "06 15:00",
    )
    assert "15:00 T6 06/03" in told.text and "Cống tràn" not in told.text
    assert not calendar.days.filter(date=date(2026, 3, 4)).exists()
    agreed = dict(told.context["given"]) | {"agreed": "1"}
    assert admin.post(url, agreed)["Location"] == f"/console/calendars/{calendar.key}/?year=2026"
    assert [d.source for d in calendar.days.filter(date__range=("2026-03-04", "2026-03-05"))] == [DAY["source"]] * 2
    late = admin.post(url, agreed)
    assert late.status_code == 409 and "vừa được người khác cập nhật" in late.text
    page = admin.get(f"/console/calendars/{calendar.key}/?year=2026").text
    assert "Nghỉ tránh bão" in page and "04/03/2026" in page and "05/03/2026" in page


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"intervals": "07:00-11:30"}, "không có giờ làm việc"),
        ({"kind": "working", "intervals": "sáng"}, "khoảng giờ"),
        ({"kind": "working", "intervals": "11:00-07:00"}, "khoảng giờ"),
        ({"last": "01/03/2026"}, "không quá 31 ngày"),
        ({"reason_vi": ""}, "bắt buộc"),
        ({"source": ""}, "bắt buộc"),
        ({"first": "32/03/2026"}, "field-error"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(admin: Client, calendar: Calendar, wrong: dict, why: str) -> None:
    page = admin.post(
        f"/console/calendars/{calendar.key}/day/2026-03-04/", {**DAY, "version": calendar.version, **wrong}
    )
    assert page.status_code == 422 and why in page.text


def test_a_day_goes_back_to_its_week(admin: Client, calendar: Calendar) -> None:
    url = f"/console/calendars/{calendar.key}/day/2026-03-04/"
    admin.post(url, {**DAY, "version": calendar.version, "agreed": "1"})
    assert "remove/" in admin.get(url).text
    asked = admin.get(url + "remove/")
    assert asked.status_code == 200 and calendar.days.filter(date=date(2026, 3, 4)).exists()
    admin.post(url + "remove/", dict(asked.context["given"]) | {"agreed": "1"})
    assert not calendar.days.filter(date=date(2026, 3, 4)).exists()


def test_hours_of_the_week(admin: Client, calendar: Calendar) -> None:
    url = f"/console/calendars/{calendar.key}/hours/"
    week = {f"day{n}": "08:00-12:00; 13:00 – 17:00" if n < 5 else "" for n in range(7)}
    assert admin.post(url, {**week, "version": calendar.version}).status_code == 200
    assert admin.post(url, {**week, "version": calendar.version, "agreed": "1"}).status_code == 302
    calendar.refresh_from_db()
    assert calendar.weekly[4] == ["08:00-12:00", "13:00-17:00"] and calendar.weekly[5] == []
    none = admin.post(url, {"version": calendar.version})
    assert none.status_code == 422 and "ít nhất một khoảng giờ" in none.text


def test_an_agency_with_hours_of_its_own(cast: Cast, admin: Client, calendar: Calendar) -> None:
    new = {"name": "Điện lực trực 24 giờ", "key": "dien-luc-24h", "base": calendar.pk}
    assert admin.post("/console/calendars/new/", new)["Location"] == "/console/calendars/dien-luc-24h/hours/"
    assert admin.post("/console/calendars/new/", new).status_code == 422
    own = Calendar.objects.get(key="dien-luc-24h")
    assert admin.post("/console/agencies/dien-luc/calendar/", {"calendar": own.pk}).status_code == 302
    assert Agency.objects.get(key="dien-luc").calendar == own
    assert "Điện lực" in admin.get("/console/calendars/").text
    base_day = next(iter(calendar.days.all())).date
    assert "chỉ đổi cho" in admin.get(f"/console/calendars/dien-luc-24h/day/{base_day.isoformat()}/").text


@pytest.mark.parametrize("day", ["2026-02-30", "hôm-nay", "0001-01-01"])
def test_a_day_that_is_none_does_not_exist(admin: Client, calendar: Calendar, day: str) -> None:
    assert admin.get(f"/console/calendars/{calendar.key}/day/{day}/").status_code == 404
    assert admin.get(f"/console/calendars/{calendar.key}/?year={day}").status_code == 200
