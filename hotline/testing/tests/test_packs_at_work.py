"""Each pack at work: loaded, and one report walked through what is special to it, by the verbs everybody else uses."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Case, Clock, Obligation
from hotline.channels.email.inbound import receive as take_mail
from hotline.conversations.actions import store_files
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.pictures import make_picture
from hotline.demo.pictures import picture
from hotline.documents.actions import change, draft, issue
from hotline.documents.queries import sheet_of
from hotline.documents.rules import MISSING, DocumentKind
from hotline.hotlines.models import Field, Hotline, Mailbox
from hotline.hotlines.queries import Closed, edition_in_force, regulation_of
from hotline.intake.actions import report, type_in
from hotline.intake.rules import How, Report, TypedIn
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM, Actor
from hotline.organisation.models import Agency
from hotline.packs.actions import load_pack
from hotline.people.actions import create_person, give_post
from hotline.people.models import Person
from hotline.people.queries import viewer_of
from hotline.reactions import react
from hotline.refusals import Refused
from hotline.regulation.lifecycle import Role
from hotline.regulation.limits import due
from hotline.regulation.pack import Heading
from hotline.routing.queries import forget
from hotline.testing.packs import copy_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=ZONE)
FOREIGN = Path(__file__).resolve().parents[2] / "packs" / "tests" / "foreign"


class Hotlines:
    """A loaded pack with people who are given posts as they are needed."""

    def __init__(self, folder: Path, now: datetime) -> None:
        load_pack(folder, now=now)
        forget()
        self.now = now
        self.agencies = {a.key: a for a in Agency.objects.all()}

    def person(self, role: Role, agency: str) -> Person:
        """Whoever holds the role there; hired on the spot."""
        found = Person.objects.filter(posts__role=str(role), posts__agency__key=agency).first()
        if found is None:
            found = create_person(f"{role}-{agency}", f"{role} {agency}", actor=SYSTEM, now=self.now)
            since = self.now.date() - timedelta(days=900)
            give_post(found, role, self.agencies[agency], valid_from=since, actor=SYSTEM, now=self.now)
        return found

    def actor(self, role: Role, agency: str) -> Actor:
        return viewer_of(self.person(role, agency), self.now.date()).actor(self.agencies[agency].pk)

    def report(self, field: str, hotline: str = "", **more: Any) -> Case:
        """A complete report from the portal."""
        of = Hotline.objects.get(key=hotline) if hotline else Hotline.objects.order_by("id")[0]
        case = report(Report(
            hotline_id=of.pk, submission=str(uuid.uuid4()), name="Nguyễn Thị Hoa", phone="+84905123456", email="hoa@example.vn",
            address="Tổ 4", content="Xin cơ quan xem giúp việc của tổ dân phố chúng tôi.", place="Tổ 4",
            field_id=Field.objects.get(hotline=of, key=field).pk, **more,
        ), self.now).case
        assert case is not None
        return case


@pytest.fixture
def at(db: None, tmp_path: Path, settings: Any) -> Any:
    settings.MEDIA_ROOT, settings.REPORTS_PER_HOUR = tmp_path / "files", 0
    return lambda pack, now=MONDAY: Hotlines(copy_of(pack, tmp_path / "packs"), now)


def test_four_levels_and_each_step_up_is_an_act_with_its_reason(at: Any) -> None:
    """dong-thap: tổng đài viên → sở, ban, ngành → lãnh đạo sở, ban, ngành → lãnh đạo tỉnh."""
    house = at("dong-thap")
    case = house.report("roads")
    desk, focal, head = (house.actor(Role.CALL_TAKER, "hotline_1022"), house.actor(Role.FOCAL_PERSON, "construction"),
                         house.actor(Role.HEAD, "construction"))
    leader = house.actor(Role.LEADER, "peoples_committee")
    assert case.level == 1
    assert actions.assign(case.pk, house.agencies["construction"], actor=desk, now=house.now).level == 2
    actions.accept(case.pk, actor=focal, now=house.now)
    with pytest.raises(Refused):
        actions.raise_level(case.pk, " ", actor=focal, now=house.now)
    assert actions.raise_level(case.pk, "Vượt thẩm quyền chuyên viên.", actor=focal, now=house.now).level == 3
    assert actions.raise_level(case.pk, "Cần bố trí vốn.", actor=head, now=house.now).level == 4
    assert list(Act.objects.filter(kind="case.level_raised").values_list("note", flat=True).order_by("id")) == [
        "Vượt thẩm quyền chuyên viên.", "Cần bố trí vốn."]
    assert Clock.objects.get(case=case, key="provincial_leaders").state == "running"
    actions.direct(case.pk, "Sở Xây dựng xử lý trong tuần.", actor=leader, now=house.now + timedelta(hours=2))
    assert Clock.objects.get(case=case, key="provincial_leaders").state == "met"


def test_two_replies_then_a_progress_report_with_photo_and_date(at: Any) -> None:
    """tp-hcm, level 2: reply now, reply on the result; past five working days a progress report is owed."""
    house = at("tp-hcm")
    case = house.report("drainage", area_id=None)
    desk = house.actor(Role.CALL_TAKER, "hotline_1022")
    forward = Clock.objects.get(case=case, key="forward")
    assert forward.due_at == house.now + timedelta(minutes=5)
    case = actions.assign(case.pk, house.agencies["urban_drainage_company"], actor=desk, now=house.now)
    assert case.mode == "unit_head", "forwarded without a mode is level 2"
    owed = lambda: set(Obligation.objects.filter(case=case, met_at=None).values_list("kind", flat=True))  # noqa: E731
    assert owed() == {"interim_reply", "final_reply"}
    focal = house.actor(Role.FOCAL_PERSON, "urban_drainage_company")
    actions.accept(case.pk, actor=focal, now=house.now)
    actions.reply_interim(case.pk, "Đã cử đội xử lý ngập đến.", actor=focal, now=house.now + timedelta(hours=1))
    assert owed() == {"final_reply"}
    unit = Clock.objects.get(case=case, key="unit")
    late = unit.due_at + timedelta(minutes=1)
    actions.expire(unit.pk, late)
    assert owed() == {"final_reply", "progress_report"}
    with pytest.raises(Refused):
        actions.report_progress(case.pk, "Đang đặt máy bơm.", actor=focal, now=late)
    photo = store_files([make_picture("bom.jpg", picture("drainage", 1))])
    actions.report_progress(case.pk, "Đang đặt máy bơm.", (late + timedelta(days=5)).date(), photo, actor=focal, now=late)
    assert owed() == {"final_reply"}


def test_five_modes_owe_what_the_press_conference_said(at: Any) -> None:
    """tp-hcm: choosing how a case is answered makes the rest owed."""
    house = at("tp-hcm")
    office = house.actor(Role.COORDINATOR, "office")
    for mode, kinds in (("leaders_opinion", {"leaders_report", "interim_reply", "final_reply"}), ("dialogue", {"dialogue"}),
                        ("suggestion", {"synthesis", "thank_you_letter"})):
        case = house.report("roads")
        actions.set_mode(case.pk, mode, actor=office, now=house.now)
        assert set(Obligation.objects.filter(case=case).values_list("kind", flat=True)) == kinds, mode


def test_the_second_hotline_keeps_its_identity(at: Any, mailoutbox: Any) -> None:
    """0888.247.247: same desk, its own name, code, mailbox and number, from the portal, by mail, by telephone and by text."""
    house = at("tp-hcm")
    assert Mailbox.objects.count() == 2 == Hotline.objects.count()
    first, second = Hotline.objects.order_by("id")
    assert first.desk_id == second.desk_id and first.coordinator_id != second.coordinator_id

    page = Client().get(reverse("portal:home"), {"hotline": second.key}).content.decode()
    assert "0888.247.247" in page and f"?hotline={second.key}" in page
    form = Client().get(reverse("portal:report"), {"hotline": second.key}).content.decode()
    assert f'name="hotline" value="{second.key}"' in form and second.name in form

    assert house.report("roads").code.startswith("HCM-")
    case = house.report("party_suggestions", second.key)
    assert case.code.startswith("DDN-") and case.conversation.hotline == second

    mail = b"\r\n".join([
        b"From: Ong Tu <tu@example.vn>", b"To: duongdaynong@tphcm.gov.vn", b"Subject: Gop y", b"Message-ID: <x1@example.vn>",
        b"Date: Mon, 09 Mar 2026 09:00:00 +0700", b"Content-Type: text/plain; charset=utf-8", b"",
        "Tôi góp ý về công tác cán bộ ở phường, mong được trả lời bằng thư.".encode(), b""])
    take_mail(mail, None, house.now)
    letter = Conversation.objects.get(reporter_email="tu@example.vn")
    assert letter.hotline == second
    for act in Act.objects.filter(kind="conversation.received", subject_id=letter.pk):
        react(act.pk)
    said = Contact.objects.filter(conversation=letter, direction="out").first()
    assert said is not None and second.name in said.text, "letters go out under its own name"

    desk = house.actor(Role.CALL_TAKER, "hotline_1022")
    call = type_in(TypedIn(
        hotline_id=second.pk, typing=str(uuid.uuid4()), content="Phản ánh qua số cũ về chi bộ khu phố.", name="Bà Ba",
        phone="+84905000111", dialled="0888.247.247"), actor=desk, now=house.now)
    assert call.contact is not None and call.contact.source == "0888.247.247", "the number dialled is on record"

    text = type_in(TypedIn(
        hotline_id=second.pk, typing=str(uuid.uuid4()), content="Góp ý về sinh hoạt chi bộ, nhắn qua số cũ.", how=How.TEXT,
        name="Ông Tư", phone="+84905000222", dialled="0888.247.247"), actor=desk, now=house.now)
    assert text.contact is not None and (text.contact.channel, text.contact.source) == ("sms", "0888.247.247")

    client = Client()
    client.force_login(house.person(Role.CALL_TAKER, "hotline_1022"), backend="django.contrib.auth.backends.ModelBackend")
    listed = client.get(reverse("console:inbox", args=["all"]), {"hotline": second.pk}).content.decode()
    assert case.code in listed and "HCM-" not in listed
    assert "0888.247.247" in client.get(reverse("console:desk_new")).content.decode()


def test_two_domains_from_the_pack_alone(at: Any) -> None:
    """tp-hcm: whose wall an agency stands inside follows from the tree in the pack; the commission stands outside."""
    at("tp-hcm")
    of = dict(Agency.objects.values_list("key", "domain"))
    assert (of["office"], of["construction"], of["commune_26740"], of["drainage_centre"]) == ("state",) * 4
    assert (of["party_office"], of["organisation_board"]) == ("party",) * 2
    assert {of[key] for key in ("inspection_commission", "hotline_1022", "power_corporation", "police")} == {""}
    assert not Field.objects.filter(domain="").exists()


def test_a_party_matter_is_asked_for_chosen_and_answered_on_party_paper(at: Any) -> None:
    """tp-hcm: "phân loại thông tin theo 2 lĩnh vực cơ bản": the desk asks, its form and the portal's begin in that domain, and
    the office of the Party writes under the Party's name."""
    house = at("tp-hcm")
    form = Client().get(reverse("portal:report")).content.decode()
    assert '<optgroup label="Xây dựng Đảng">' in form

    taker = house.person(Role.CALL_TAKER, "hotline_1022")
    desk = house.actor(Role.CALL_TAKER, "hotline_1022")
    first = Hotline.objects.order_by("id")[0]
    call = type_in(TypedIn(
        hotline_id=first.pk, typing=str(uuid.uuid4()), content="Rác ở chợ mấy hôm nay chưa ai dọn, người phụ trách làm ngơ.",
        name="Bà Ba", phone="+84905000111",
    ), actor=desk, now=house.now)  # fmt: skip
    talk = call.conversation
    client = Client()
    client.force_login(taker, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("console:desk_special", args=[talk.ref])
    table = [  # what was answered, the domain of the field the form begins with, why
        ("-danger.-accuses.-reviews", "state", "nothing asked yet: the words say waste"),
        ("-danger.-accuses.-reviews.party", "party", "asked and confirmed"),
        ("-danger.-accuses.-reviews.-party", "state", "asked and denied"),
    ]
    for said, domain, why in table:
        shown = client.post(page, {"say": said, "words": ""})
        begun = Field.objects.get(pk=shown.context["open_form"].initial["field"])
        assert begun.domain == domain, why
        asked = shown.context["panel"].question
        assert (asked and asked.key) == ("party" if said.endswith("reviews") else "answered" if domain == "state" else None), why

    case = house.report("party_suggestions")
    assert case.domain == "party"
    of_state = house.report("roads")
    for about, role, office, head, not_head in (
        (case, Role.COORDINATOR, "party_office", "ĐẢNG CỘNG SẢN VIỆT NAM", "CỘNG HÒA XÃ HỘI"),
        (of_state, Role.COORDINATOR, "office", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN"),
    ):
        reader = Client()
        reader.force_login(house.person(role, office), backend="django.contrib.auth.backends.ModelBackend")
        printed = reader.get(reverse("console:case_print", args=[about.code])).content.decode()
        assert head in printed and not_head not in printed
    for key, office, code, head in (
        ("party_suggestions", "party_office", "01-BC/VPTU", Heading.PARTY), ("roads", "office", "01/BC-VPUBND", Heading.STATE),
    ):  # fmt: skip
        writer = house.actor(Role.COORDINATOR, office)
        row = draft([house.report(key)], DocumentKind.LEADERS_REPORT, actor=writer, now=house.now)
        body = row.body.replace(MISSING, "Đề xuất: giao đơn vị xem xét.")
        change(row.pk, {"body": body, "signing": "CHÁNH VĂN PHÒNG"}, actor=writer, now=house.now)
        row = issue(row.pk, actor=writer, now=house.now)
        paper = sheet_of(row)
        assert (row.code, paper.heading) == (code, head)
        if head == Heading.PARTY:
            assert (paper.authority, paper.office) == ("THÀNH ỦY THÀNH PHỐ HỒ CHÍ MINH", "VĂN PHÒNG")


def test_the_lessor_runs_the_machines_and_reads_nothing(at: Any) -> None:
    """hai-phong: VNPT's technician has operations and not a word of a citizen."""
    house = at("hai-phong")
    case = house.report("roads")
    technician = viewer_of(house.person(Role.TECHNICIAN, "vnpt"), timezone.localdate())
    assert not Case.objects.visible_to(technician).exists() and not Conversation.objects.visible_to(technician).exists()
    client = Client()
    client.force_login(house.person(Role.TECHNICIAN, "vnpt"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("console:case", args=[case.code])).status_code == 404
    assert client.get(reverse("console:operations")).status_code == 200
    said = client.get(reverse("console:report_responsibilities")).content.decode()
    assert "VNPT" in said and "tuyên truyền" in said


def test_the_pilot_is_closed_outside_its_days_and_open_within(at: Any) -> None:
    """hai-phong-2022: 21/1–31/3/2022; before and after, a clear sentence and nothing written."""
    inside = datetime(2022, 2, 1, 22, 0, tzinfo=ZONE)  # the first day of the lunar year, at night: 24h/7
    house = at("hai-phong-2022", inside)
    assert house.report("covid").code.startswith("HPC-2022")
    hotline = Hotline.objects.get()
    for day in (datetime(2022, 1, 20).date(), datetime(2022, 4, 1).date()):  # noqa: DTZ001
        with pytest.raises(Closed):
            edition_in_force(hotline.pk, day)
    count = Conversation.objects.count()
    house.now = datetime(2022, 4, 1, 8, 0, tzinfo=ZONE)
    with pytest.raises(Closed, match="31/03/2022"):
        house.report("covid")
    assert Conversation.objects.count() == count
    assert regulation_of(edition_in_force(hotline.pk, inside.date())).experts is not None


def test_eight_hours_then_forty_eight(at: Any) -> None:
    """quang-nam: the focal person's eight working hours, then the head's forty-eight; both on the case."""
    house = at("quang-nam")
    case = house.report("roads")
    desk = house.actor(Role.CALL_TAKER, "hotline_1022")
    actions.assign(case.pk, house.agencies["construction"], actor=desk, now=house.now)
    focal = Clock.objects.get(case=case, key="focal_person")
    assert focal.due_at == datetime(2026, 3, 10, 9, 0, tzinfo=ZONE)
    actions.expire(focal.pk, focal.due_at + timedelta(seconds=1))
    assert Case.objects.get(pk=case.pk).late_at is not None
    assert Clock.objects.get(case=case, key="head").due_at == datetime(2026, 3, 18, 9, 0, tzinfo=ZONE)


def test_a_pack_nobody_had_in_mind_is_loaded_and_computes(db: None, tmp_path: Path, settings: Any) -> None:
    """7 working days, cut-off 18:00, counting from the next working day: only docs/how-to-write-a-pack.md was read."""
    settings.REPORTS_PER_HOUR = 0
    evening = datetime(2026, 2, 6, 18, 30, tzinfo=ZONE)
    house = Hotlines(copy_of(FOREIGN, tmp_path / "packs"), evening)
    case = house.report("water")
    assert case.code.startswith("VLA-") and case.suggested_agency == house.agencies["water"]
    actions.assign(case.pk, house.agencies["water"], actor=house.actor(Role.CALL_TAKER, "desk"), now=evening)
    clock = Clock.objects.get(case=case, key="unit")
    assert clock.due_at == datetime(2026, 2, 25, 18, 0, tzinfo=ZONE), "received Monday 9, day one Tuesday 10, over Tết"
    rule = regulation_of(case.edition).clock("unit")
    earlier = datetime(2026, 2, 6, 18, 0, tzinfo=ZONE)
    from hotline.calendars.queries import work_calendar

    assert due(rule.limit, earlier, work_calendar(case.hotline.calendar_id)) == datetime(2026, 2, 24, 18, 0, tzinfo=ZONE)
