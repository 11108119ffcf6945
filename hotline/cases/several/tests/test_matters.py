"""One report of several matters, several reports of one, and a matter that comes again after its answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.queries import answered_before, case_page, joinable, lookup, matter_of
from hotline.cases.tests.conftest import CITIZEN, Desk, at, make_conversation, refuses
from hotline.cases.tests.test_queries import ways
from hotline.citizens.models import Citizen
from hotline.conversations.actions import mark_failed, mark_sent
from hotline.conversations.models import Contact
from hotline.intake.actions import receive
from hotline.intake.rules import Inbound
from hotline.journal.models import Act
from hotline.notifications.models import Notice
from hotline.portal.queries.own import own
from hotline.reactions import react

MONDAY = at("02/03 08:00")
FLOOD = "Cống trước cổng trường Phan Châu Trinh tràn, nước ngập đến gối"


def follow(*kinds: str) -> None:
    """What the worker does after acts of these kinds."""
    for pk in Act.objects.filter(kind__in=kinds).order_by("id").values_list("pk", flat=True):
        react(pk)


def reported(
    many: Desk,
    words: str = FLOOD,
    now: datetime = MONDAY,
    *,
    name: str = "Nguyễn Thị Sáu",
    phone: str = "+84905123456",
    citizen: Citizen | None = None,
    **fields: object,
) -> Case:
    conversation = make_conversation(many.cast, now, many.count + 500, phone)
    conversation.reporter_name, conversation.reporter_email = name, f"{many.count}@example.vn"
    if citizen:
        conversation.citizen = citizen
    conversation.save()
    return many.opened(now, conversation=conversation, summary=words, content=f"{words}. Xin kiểm tra.", **fields)


# -- split --------------------------------------------------------------------------------------------------------------


def mixed(many: Desk) -> list[Case]:
    """A drain and a street lamp in one report, and a complaint about a fine: received Monday 08:00, split at 10:00."""
    case, cast = reported(many), many.cast
    return actions.split(
        case,
        [
            actions.Matter("report", cast.field["dien_luc"], "Mất điện cả tổ 4", "Mất điện.", agency=cast.agency["dien-luc"]),
            actions.Matter("question", cast.field["thu_tuc"], "Hỏi giấy phép xây dựng", "Thủ tục thế nào?"),
        ],
        "Về quyết định xử phạt: Ông/Bà gửi đơn khiếu nại có chữ ký trong 90 ngày.", actor=many.actor("cuong"),
        now=at("02/03 10:00"),
    )  # fmt: skip


def test_mixed_complaint_and_report_are_split(many: Desk) -> None:
    """Luật Tiếp công dân 2013, Điều 25.3: what is a report goes on, what is khiếu nại is guided and forwarded to nobody."""
    power, permit = mixed(many)
    parent = Case.objects.get(pk=power.parent_id)
    assert {case.received_at for case in (parent, power, permit)} == {MONDAY}, "each counts from the original receipt"
    assert [c.due_at for c in power.clocks.filter(key="reply")] == [c.due_at for c in parent.clocks.filter(key="reply")]
    assert (power.state, permit.state) == ("assigned", "received") and permit.conversation == parent.conversation
    act = Act.objects.get(kind="case.split")
    assert act.after["children"] == [power.code, permit.code] and "khiếu nại" in act.note
    assert Case.objects.count() == 3, "the complaint is no case"


def test_the_citizen_is_told_of_all_codes_in_one_message(many: Desk) -> None:
    power, permit = mixed(many)
    parent = Case.objects.get(pk=power.parent_id)
    Contact.objects.all().delete()
    follow("case.opened", "case.assigned", "case.split")
    letters = Contact.objects.filter(direction="out").order_by("id")
    assert [letter.subject.split("] ")[1][:20] for letter in letters] == [
        "Đã tiếp nhận phản án",
        "Phản ánh của Ông/Bà ",
    ]
    told = letters[1].text
    assert all(code in told for code in (parent.code, power.code, permit.code)) and "khiếu nại" in told
    assert "Công ty Điện lực" in told and "90 ngày" in told


def test_children_show_their_siblings_to_those_who_may_read_them(many: Desk) -> None:
    power, permit = mixed(many)
    page = case_page(many.cast.viewer("cuong"), power.code, now=MONDAY)
    assert page is not None and {c.code for c in page.family.split} == {page.case.parent.code, permit.code}
    theirs = case_page(many.cast.viewer("lan"), power.code, now=MONDAY)
    assert theirs is not None and len(theirs.family.split) == 2 and not theirs.family.open_to, (
        "known by code, not opened"
    )


def test_splitting_needs_something_to_split_off(many: Desk) -> None:
    with refuses("nội dung tách ra"):
        actions.split(reported(many), [], actor=many.actor("cuong"), now=MONDAY)
    with refuses("không thể"):
        actions.split(many.accepted(MONDAY), [], "x", actor=many.actor("binh"), now=MONDAY)


# -- join ---------------------------------------------------------------------------------------------------------------

HERE = (15.5700, 108.4800)
CASES = [  # what is the other report, is it offered, why
    ({"lat": 15.5712, "lon": 108.4810}, True, "170 m away, the same words"),
    ({"lat": 15.5790, "lon": 108.4800}, False, "1 km away"),
    ({"lat": None, "lon": None}, True, "no point, but the same commune"),
    ({"lat": None, "lon": None, "area": "20002"}, False, "no point, another commune"),
    ({"lat": 15.5712, "lon": 108.4810, "area": "20002"}, True, "across the commune's border, 170 m away"),
    ({"lat": 15.5701, "lon": 108.4801, "field": "dien_luc"}, False, "another field"),
    ({"lat": 15.5701, "lon": 108.4801, "words": "Bàn ghế đá ở vườn hoa bị kẻ gian đập phá, đề nghị sớm thay mới"}, False,
     "other words"),
    ({"lat": 15.5701, "lon": 108.4801, "words": "cong truoc cong truong phan chau trinh tran, nuoc ngap den goi"}, True,
     "typed without marks"),
    ({"lat": 15.5701, "lon": 108.4801, "ago": 13}, True, "thirteen days ago"),
    ({"lat": 15.5701, "lon": 108.4801, "ago": 15}, False, "fifteen days ago"),
]  # fmt: skip


@pytest.mark.parametrize(("other", "offered", "why"), CASES, ids=[why for *_, why in CASES])
def test_what_may_be_the_same_matter(many: Desk, other: dict, offered: bool, why: str) -> None:
    cast, values = many.cast, dict(other)
    values["area"] = cast.area[values.get("area", "20001")]
    values["field"] = cast.field[values.get("field", "thoat_nuoc")]
    now = MONDAY - timedelta(days=values.pop("ago", 0))
    first = reported(many, values.pop("words", FLOOD), now, **values)
    case = reported(many, lat=HERE[0], lon=HERE[1])
    rule = _rule(many, case, "joining")
    assert [one.case for one in joinable(cast.viewer("cuong"), matter_of(case), rule, MONDAY)] == (
        [first] if offered else []
    )


def _rule(many: Desk, case: Case, name: str) -> object:
    page = case_page(many.cast.viewer("cuong"), case.code, now=MONDAY)
    assert page is not None
    return getattr(page.edition, name)


def test_a_closed_or_joined_case_is_not_offered(many: Desk) -> None:
    lead, joined, ended, case = (reported(many, lat=HERE[0], lon=HERE[1]) for _ in range(4))
    actions.merge(joined, lead, actor=many.actor("cuong"), now=MONDAY)
    actions.withdraw(ended, "Đã tự xử lý", actor=many.actor("cuong"), now=MONDAY)
    found = joinable(many.cast.viewer("cuong"), matter_of(case), _rule(many, case, "joining"), MONDAY)
    assert [one.case for one in found] == [lead] and found[0].away == 0 and found[0].percent > 90


def answered_with_two_joined(many: Desk) -> tuple[Case, Case, Case]:
    lead = many.submitted(MONDAY)
    second = reported(many, name="Trần Văn Bảy", phone="+84905222333")
    third = reported(many, name="Lê Thị Tám", phone="+84905444555")
    for case in (second, third):
        actions.merge(case, lead, actor=many.actor("cuong"), now=MONDAY)
    lead = actions.approve(lead, actor=many.actor("hung"), now=at("02/03 10:00"))
    follow("case.answered", "case.joined")
    return lead, second, third


def test_joined_case_one_answer_n_notices(many: Desk) -> None:
    lead, second, third = answered_with_two_joined(many)
    assert lead.answers.count() == 1
    letters = Contact.objects.filter(kind="answer").order_by("id")
    assert [letter.conversation_id for letter in letters] == [c.conversation_id for c in (lead, second, third)]
    codes = (lead.code, second.code, third.code)
    assert all(code in letter.subject for code, letter in zip(codes, letters, strict=True)), "each under their own code"
    assert len({letter.text for letter in letters}) == 1, "one answer"
    mark_sent(letters[1].pk, now=MONDAY)
    mark_failed(letters[2].pk, "550 no such user", permanent=True, now=MONDAY)
    page = case_page(many.cast.viewer("binh"), lead.code, now=MONDAY)
    assert page is not None and page.family.told == {"sent": 1, "failed": 1}, "each has a delivery of its own"
    follow("case.answered")
    assert letters.count() == 3, "run again, nobody is told twice"


def test_whoever_is_joined_after_the_answer_gets_it_too(many: Desk) -> None:
    lead = many.answered(MONDAY)
    late = reported(many, name="Trần Văn Bảy")
    actions.merge(late, lead, actor=many.actor("cuong"), now=at("02/03 10:00"))
    follow("case.joined")
    assert Contact.objects.filter(kind="answer", conversation=late.conversation).count() == 1


def test_a_lead_joined_to_another_brings_its_own_along(many: Desk) -> None:
    first, lead, other = reported(many), reported(many), reported(many)
    actions.merge(first, lead, actor=many.actor("cuong"), now=MONDAY)
    actions.merge(lead, other, actor=many.actor("cuong"), now=MONDAY)
    assert {c.merged_into_id for c in (Case.objects.get(pk=first.pk), Case.objects.get(pk=lead.pk))} == {other.pk}


def test_a_joined_code_shows_the_leads_progress_and_nobody_else(many: Desk) -> None:
    lead, second, third = answered_with_two_joined(many)
    found = lookup(second.code, "0905222333")
    assert found is not None
    page = own(found, at("03/03 08:00"))
    assert [answer.text for answer in page.answers] == [own(lead, at("03/03 08:00")).answers[0].text]
    said = repr((page.steps, page.answers, page.talk, page.holder, page.page.milestones))
    assert "Sở Xây dựng" in said and "Đã trả lời" in said
    for other in ("Sáu", "Tám", lead.code, third.code, lead.token):
        assert other not in said, other


def test_reopening_by_one_reopens_the_lead(many: Desk) -> None:
    lead, second, _ = answered_with_two_joined(many)
    asked = actions.ask_reopen(second.pk, "Vẫn ngập", actor=CITIZEN, now=at("04/03 08:00"))
    assert asked.pk == lead.pk and asked.state == "reopen_requested"
    assert Act.objects.get(kind="case.reopen_asked").after["joined"] == second.code
    assert Case.objects.get(pk=second.pk).state == "closed", "the joined one stays what it is"


# -- repeat -------------------------------------------------------------------------------------------------------------


def test_a_repeat_is_linked_and_rises_above_the_answered_one(many: Desk) -> None:
    old = many.answered(MONDAY)
    again = reported(many, "Cống tràn ngập đường", at("20/03 08:00"), citizen=old.citizen)
    viewer, rule = many.cast.viewer("cuong"), _rule(many, again, "repeats")
    assert [one.case for one in answered_before(viewer, matter_of(again), rule, at("20/03 08:00"))] == [old]
    assert old.level == 2
    linked = actions.link_repeat(again, old, actor=many.actor("cuong"), now=at("20/03 08:00"))
    assert linked.repeat_of_id == old.pk and linked.level == 3, "one level above the one that answered"
    given = actions.assign(again, many.cast.agency["so-xay-dung"], actor=many.actor("cuong"), now=at("20/03 08:30"))
    assert given.level == 3, "and it does not come down again"


REPEATS = [  # what came before, how it is refused
    ("unanswered", "chưa có trả lời"),
    ("another's", "người phản ánh khác"),
    ("itself", "chính nó"),
]


@pytest.mark.parametrize(("before", "words"), REPEATS)
def test_what_is_no_repeat(many: Desk, before: str, words: str) -> None:
    case = many.assigned(MONDAY)
    earlier = {
        "unanswered": lambda: reported(many, citizen=case.citizen), "another's": lambda: many.answered(MONDAY),
        "itself": lambda: case,
    }  # fmt: skip
    with refuses(words):
        actions.link_repeat(case, earlier[before](), actor=many.actor("cuong"), now=MONDAY)


def test_a_joined_reporter_repeats_the_lead(many: Desk) -> None:
    lead, second, _ = answered_with_two_joined(many)
    again = reported(many, now=at("20/03 08:00"), citizen=second.citizen)
    rule = _rule(many, again, "repeats")
    found = answered_before(many.cast.viewer("cuong"), matter_of(again), rule, at("20/03 08:00"))
    assert [one.case for one in found] == [lead]
    linked = actions.link_repeat(
        again, Case.objects.get(pk=second.pk), actor=many.actor("cuong"), now=at("20/03 08:00")
    )
    assert linked.repeat_of == lead


def test_reopened_twice_goes_to_the_next_level(many: Desk) -> None:
    case, levels = many.answered(MONDAY), []
    for _ in range(2):
        levels.append(case.level)
        actions.ask_reopen(case, "Vẫn ngập", actor=CITIZEN, now=at("03/03 08:00"))
        case = actions.reopen(case, many.cast.agency["so-xay-dung"], actor=many.actor("ha"), now=at("03/03 09:00"))
        case = actions.accept(case, actor=many.actor("binh"), now=at("03/03 09:00"))
        actions.save_draft(case, "answered", "Đã nạo vét lại.", actor=many.actor("binh"), now=at("03/03 09:00"))
        actions.submit(case, actor=many.actor("binh"), now=at("03/03 09:00"))
        case = actions.approve(case, actor=many.actor("hung"), now=at("03/03 09:30"))
    assert [*levels, case.level] == [2, 2, 3], "once is once; twice is one level higher"
    assert Act.objects.filter(kind="case.level_raised").count() == 1


# -- follow-ups ---------------------------------------------------------------------------------------------------------


def wrote_again(many: Desk, case: Case, n: int, words: str, now: datetime) -> None:
    """The reporter's message number `n`, by mail, on a case."""
    receive(
        Inbound(hotline_id=many.cast.hotline.pk, channel="email", source="1022@quangnam.example",
                external_id=f"<{n}@example.vn>", text=words, email="sau@example.vn", code=case.code), now,
    )  # fmt: skip


def test_every_third_message_reminds_once(many: Desk) -> None:
    case = many.accepted(MONDAY)
    for n in range(1, 8):
        wrote_again(many, case, n, "Sao chưa thấy ai đến?", at(f"03/03 08:0{n}"))
    reminders = Act.objects.filter(kind="case.reminded")
    assert [act.after["follow_ups"] for act in reminders] == [3, 6], "at three and at six, not in between"
    assert Case.objects.get(pk=case.pk).follow_ups == 7
    follow("case.reminded")
    told = Notice.objects.filter(kind="case.reminded").values_list("person__username", flat=True)
    assert sorted(set(told)) == ["binh", "duc", "hung"], "the agency and its head"


def test_an_answered_case_counts_no_messages(many: Desk) -> None:
    case = many.answered(MONDAY)
    wrote_again(many, case, 1, "Cảm ơn", at("03/03 08:00"))
    assert Case.objects.get(pk=case.pk).follow_ups == 0


# -- by which way -------------------------------------------------------------------------------------------------------


def test_looking_for_the_same_matter_walks_through_no_table(many: Desk) -> None:
    model = reported(many, lat=HERE[0], lon=HERE[1])
    citizens = Citizen.objects.bulk_create([Citizen(name=f"Người {n}", created_at=MONDAY) for n in range(500)])
    Case.objects.bulk_create(
        [
            Case(number=100_000 + n, code=f"X-{n}", token=f"{n:032}", hotline=model.hotline, edition=model.edition,
                 conversation=model.conversation, citizen=citizens[n % 500], kind="report", summary=f"Việc số {n}", content="x",
                 field=many.cast.field["dien_luc" if n % 3 else "thoat_nuoc"], area=many.cast.area["20001" if n % 2 else "20002"],
                 state="received" if n % 2 else "closed", lat=15 + n / 5000, lon=108 + n / 5000,
                 received_at=MONDAY - timedelta(hours=n), parent=model if n == 7 else None)
            for n in range(5000)
        ],
        batch_size=1000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    viewer = many.cast.viewer("cuong")
    joining, repeats = _rule(many, model, "joining"), _rule(many, model, "repeats")
    with CaptureQueriesContext(connection) as queries:
        joinable(viewer, matter_of(model), joining, MONDAY)
        answered_before(viewer, matter_of(model), repeats, MONDAY)
        case_page(viewer, model.code, now=MONDAY)
        case_page(many.cast.viewer("lan"), model.code, now=MONDAY)
    plans = ways(queries)
    assert len(plans) >= 6
    walking = [plan for plan in plans if "Seq Scan on cases_case" in plan]
    assert not walking, "\n\n".join(walking)
