"""One case, several agencies: each by its own clock, one answer by the lead, disagreement decided above."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from hotline.calendars.actions import set_day
from hotline.cases import actions
from hotline.cases.models import Case, Clock, Participation
from hotline.cases.queries import asked_of, bounces, case_page, contributions_of, inbox
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import Desk, at, refuses
from hotline.conversations.models import Conversation
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.notifications.models import Notice
from hotline.reactions import react
from hotline.regulation.labels import Label
from hotline.testing.cast import Cast

MONDAY = at("02/03 08:00")
ASKED = "Cho biết lịch cắt điện tuyến Phan Châu Trinh"


def asked(many: Desk, case: Case | None = None, who: str = "ha", now: object = MONDAY) -> Participation:
    case = case or many.accepted(MONDAY)
    return actions.ask_to_cooperate(case, many.cast.agency["dien-luc"], ASKED, actor=many.actor(who), now=now)  # type: ignore[arg-type]


def follow(kind: str) -> None:
    for pk in Act.objects.filter(kind=kind).values_list("pk", flat=True):
        react(pk)


def test_each_agency_has_its_own_clock_from_its_own_receipt(many: Desk) -> None:
    case = many.accepted(MONDAY)
    lead = Clock.objects.get(case=case, key="focal_person")
    part = asked(many, case, now=at("03/03 10:00"))
    own = Clock.objects.get(participant=part)
    assert own.started_at == at("03/03 10:00"), "from its own receipt, not from the lead's"
    assert own.due_at == at("05/03 10:00"), "16 working hours on its calendar"
    part.refresh_from_db()
    assert part.due_at == own.due_at, "its list is ordered by it"
    case.refresh_from_db()
    assert case.due_at == lead.due_at and case.due_clock == "focal_person", "the lead's own duty is what the case shows"
    case = actions.reassign(case, many.cast.agency["ubnd-ban-thach"], actor=many.actor("ha"), now=at("03/03 11:00"))
    assert Clock.objects.get(participant=part).agency == many.cast.agency["dien-luc"], "the lead changed, not the part"


def test_two_agencies_run_side_by_side_and_end_apart(many: Desk) -> None:
    case = many.accepted(MONDAY)
    power = asked(many, case)
    commune = actions.ask_to_cooperate(
        case,
        many.cast.agency["ubnd-ban-thach"],
        "Xác nhận hiện trạng",
        actor=many.actor("cuong"),
        now=at("02/03 10:00"),
    )
    actions.contribute(power.pk, "Không có lịch cắt điện.", actor=many.actor("lan"), now=at("02/03 15:00"))
    states = dict(Clock.objects.filter(participant__isnull=False).values_list("participant", "state"))
    assert states == {power.pk: "met", commune.pk: "running"}
    sweep_once(at("20/03 08:00"))
    states = dict(Clock.objects.filter(participant__isnull=False).values_list("participant", "state"))
    assert states == {power.pk: "met", commune.pk: "breached"}, "whoever was asked and was silent is late by itself"
    act = Act.objects.get(kind="case.overdue", after__clock="cooperating")
    assert act.after["part_of"] == many.cast.agency["ubnd-ban-thach"].pk


def test_whoever_is_asked_reads_the_case_and_nothing_before(many: Desk) -> None:
    case, viewer = many.accepted(MONDAY), many.cast.viewer("lan")
    seen = lambda: (  # noqa: E731
        case_page(viewer, case.code, now=MONDAY) is not None, Conversation.objects.visible_to(viewer).exists(),
        [one.case for one in asked_of(viewer, MONDAY)],
    )  # fmt: skip
    assert seen() == (False, False, [])
    part = asked(many, case)
    assert seen() == (True, True, [case])
    page = case_page(viewer, case.code, now=MONDAY)
    assert page is not None and page.steps == [] and page.extras == [], "nothing of the case itself is theirs to do"
    assert page.parts[0].steps == ("accept_part", "decline_part", "contribute")
    assert not inbox(viewer, "open", now=MONDAY).lines, "another's case is not in the list of their own"
    actions.decline_part(part.pk, "Đường dây của khách hàng", actor=many.actor("lan"), now=MONDAY)
    assert seen() == (False, False, []), "what was declined is no longer theirs to see"


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("lan", True),
        ("quang", True),
        ("binh", False),
        ("hung", False),
        ("cuong", False),
        ("ha", False),
        ("nguoi-la", False),
    ],
)
def test_only_the_agency_asked_contributes(many: Desk, who: str, may: bool) -> None:
    part = asked(many)
    if may:
        actions.contribute(part.pk, "Không có lịch cắt điện.", actor=many.actor(who), now=MONDAY)
        return
    with refuses("không phối hợp"):
        actions.contribute(part.pk, "Không có lịch cắt điện.", actor=many.actor(who), now=MONDAY)


def test_one_answer_with_the_contributions_beside_it(many: Desk) -> None:
    case = many.accepted(MONDAY)
    part = asked(many, case)
    version = Case.objects.get(pk=case.pk).version
    actions.accept_part(part.pk, actor=many.actor("lan"), now=MONDAY)
    actions.contribute(part.pk, "Cắt điện đến 17:00.", actor=many.actor("lan"), now=MONDAY)
    assert [one.contribution for one in contributions_of(case)] == ["Cắt điện đến 17:00."]
    # The lead's open form is not overtaken by what others say meanwhile.
    case = actions.save_draft(
        case, "answered", "Mất nước do cắt điện.", actor=many.actor("binh"), now=MONDAY, version=version
    )
    actions.submit(case, actor=many.actor("binh"), now=MONDAY)
    case = actions.approve(case, actor=many.actor("hung"), now=MONDAY)
    assert case.answers.count() == 1 and case.conversation.contacts.filter(kind="answer").count() == 1
    with refuses("đã kết thúc"):
        actions.contribute(part.pk, "Thêm một ý", actor=many.actor("lan"), now=MONDAY)
    page = case_page(many.cast.viewer("lan"), case.code, now=MONDAY)
    assert page is not None and not page.own_parts, "they still read what came of it, and write no more"


def test_an_unfinished_part_is_owed_no_more_once_the_lead_has_answered(many: Desk) -> None:
    case = many.submitted(MONDAY)
    part = asked(many, case)
    actions.approve(case, actor=many.actor("hung"), now=MONDAY + timedelta(hours=1))
    assert Clock.objects.get(participant=part).state == "cancelled"
    part.refresh_from_db()
    assert part.closed_at == MONDAY + timedelta(hours=1) and part.due_at is None


def test_the_lead_proposes_and_the_desk_decides(many: Desk) -> None:
    case = many.accepted(MONDAY)
    part = asked(many, case, who="binh")
    assert part.state == "proposed" and not Clock.objects.filter(participant=part).exists()
    assert case_page(many.cast.viewer("lan"), case.code, now=MONDAY) is None, "a proposal opens nothing"
    with refuses("không thể"):
        actions.confirm_cooperation(part.pk, actor=many.actor("binh"), now=MONDAY)
    actions.confirm_cooperation(part.pk, actor=many.actor("cuong"), now=at("02/03 09:00"))
    assert Clock.objects.get(participant=part).started_at == at("02/03 09:00"), "asked only now"
    with refuses("đã được xử lý"):
        actions.confirm_cooperation(part.pk, actor=many.actor("cuong"), now=MONDAY)


def test_disagreement_goes_up_and_the_decision_binds(many: Desk) -> None:
    case = many.submitted(MONDAY)
    part = asked(many, case)
    actions.accept_part(part.pk, actor=many.actor("lan"), now=MONDAY)
    actions.disagree(part.pk, "Hố ga không thuộc ngành điện", actor=many.actor("lan"), now=MONDAY)
    with refuses("chờ quyết định"):
        actions.approve(case, actor=many.actor("hung"), now=MONDAY)
    with refuses("Chỉ Văn phòng UBND"):
        actions.decide_disagreement(part.pk, "Điện lực làm", actor=many.actor("cuong"), now=MONDAY)
    actions.decide_disagreement(part.pk, "Điện lực hoàn trả nắp hố ga", actor=many.actor("ha"), now=MONDAY)
    with refuses("cuối cùng"):
        actions.disagree(part.pk, "Vẫn không", actor=many.actor("lan"), now=MONDAY)
    act = Act.objects.get(kind="case.disagreement_decided")
    assert act.note == "Điện lực hoàn trả nắp hố ga" and act.actor["name"] == "Phạm Thu Hà"
    assert actions.approve(case, actor=many.actor("hung"), now=MONDAY).state == "answered"


def test_those_concerned_are_told(many: Desk) -> None:
    part = asked(many)
    follow("case.cooperation_asked")
    told = lambda kind: sorted(Notice.objects.filter(kind=kind).values_list("person__username", flat=True))  # noqa: E731
    assert told("case.cooperation_asked") == ["lan", "quang"]
    actions.accept_part(part.pk, actor=many.actor("lan"), now=MONDAY)
    actions.disagree(part.pk, "Không thuộc ngành điện", actor=many.actor("lan"), now=MONDAY)
    follow("case.disagreed")
    assert told("case.disagreed") == ["binh", "duc", "ha", "hung"], "who decides, and the lead"


REFUSED = [
    ("so-xay-dung", "chủ trì", "the lead itself"),
    ("dien-luc", "đã được đề nghị", "asked already"),
]


@pytest.mark.parametrize(("agency", "words", "why"), REFUSED)
def test_who_cannot_be_asked(many: Desk, agency: str, words: str, why: str) -> None:
    case = many.accepted(MONDAY)
    asked(many, case)
    with refuses(words):
        actions.ask_to_cooperate(case, many.cast.agency[agency], ASKED, actor=many.actor("ha"), now=MONDAY)


def test_without_the_table_nobody_cooperates(cast: Cast) -> None:
    with refuses("không có quy định về phối hợp"):
        asked(Desk(cast))


def test_second_bounce_is_decided_and_counted(many: Desk) -> None:
    """1519 allows one return; the second goes to the coordinator. Rankings count who sent back."""
    case, power, commune = many.assigned(MONDAY), many.cast.agency["dien-luc"], many.cast.agency["ubnd-ban-thach"]
    case = actions.return_case(case, "Không thuộc ngành", power, actor=many.actor("binh"), now=at("02/03 09:00"))
    case = actions.assign(case, power, actor=many.actor("cuong"), now=at("02/03 10:00"))
    case = actions.return_case(case, "Không phải lưới điện", commune, actor=many.actor("lan"), now=at("02/03 11:00"))
    assert case.state == "awaiting_decision", "the second return is decided, not passed on"
    case = actions.decide(case, power, actor=many.actor("ha"), now=at("02/03 12:00"))
    with refuses("không được chuyển trả nữa"):
        actions.return_case(case, "Vẫn không", commune, actor=many.actor("lan"), now=at("02/03 13:30"))
    counted = {one.agency_name: one.returned for one in bounces(MONDAY, at("03/03 00:00"))}
    assert counted == {"Sở Xây dựng": 1, "Công ty Điện lực": 1}
    assert not bounces(at("02/03 11:30"), at("03/03 00:00")), "a return counts on its own day"


def test_a_changed_calendar_names_every_agencys_date_old_and_new(many: Desk) -> None:
    """The act of the case says of both agencies from when to when, and of the lead's own clocks as well."""
    case, cast = many.accepted(MONDAY), many.cast
    power = asked(many, case)
    commune = actions.ask_to_cooperate(
        case, cast.agency["ubnd-ban-thach"], "Xác nhận", actor=many.actor("ha"), now=at("02/03 10:00")
    )
    set_day(cast.hotline.calendar, date(2026, 3, 3), "off", Label("Nghỉ bão", "Typhoon"), actor=SYSTEM, now=MONDAY)
    actions.recalculate(cast.hotline.calendar_id, now=at("02/03 11:00"))
    act = Act.objects.get(kind="case.recalculated", subject_id=case.pk)
    keys = [f"cooperating:{part.agency_id}" for part in (power, commune)]
    assert [tuple(datetime.fromisoformat(said[key]) for said in (act.before, act.after)) for key in keys] == [
        (at("04/03 08:00"), at("05/03 08:00")), (at("04/03 10:00"), at("05/03 10:00")),
    ]  # fmt: skip
    for line in (
        "Đơn vị phối hợp có ý kiến (Công ty Điện lực): 08:00 thứ Tư, 04/03/2026 → 08:00 thứ Năm, 05/03/2026",
        "Đơn vị phối hợp có ý kiến (Ủy ban nhân dân phường Bàn Thạch): 10:00 thứ Tư, 04/03/2026 → 10:00 thứ Năm, 05/03/2026",
    ):
        assert line in act.note.split("; ")
    assert len(act.note.split("; ")) == len(act.before) == len(act.after) > 2
    for part in (power, commune):
        part.refresh_from_db()
        assert part.due_at == Clock.objects.get(participant=part).due_at, "their lists are ordered anew"


def test_two_agencies_late_at_one_moment_are_explained_each(many: Desk) -> None:
    case, cast = many.accepted(MONDAY), many.cast
    asked(many, case)
    actions.ask_to_cooperate(case, cast.agency["ubnd-ban-thach"], "Xác nhận", actor=many.actor("ha"), now=MONDAY)
    sweep_once(at("04/03 08:01"))
    set_day(cast.hotline.calendar, date(2026, 3, 3), "off", Label("Nghỉ bão", "Typhoon"), actor=SYSTEM, now=MONDAY)
    for _ in range(2):
        actions.recalculate(cast.hotline.calendar_id, now=at("04/03 09:00"))
    told = Act.objects.filter(kind="case.late_explained", after__clock="cooperating").order_by("id")
    agencies = {cast.agency[key].pk for key in ("dien-luc", "ubnd-ban-thach")}
    assert {act.after["part_of"] for act in told} == agencies and len(told) == 2
    assert any("(Công ty Điện lực): trễ từ" in act.note for act in told)
