"""Whoever reported a matter hears of its progress: everybody the same, each under their own code and none of another."""

from __future__ import annotations

from datetime import date

import pytest

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.several.tests.test_matters import follow, reported
from hotline.cases.tests.conftest import Desk, at, refuses
from hotline.conversations.models import Contact
from hotline.journal.models import Act
from hotline.reactions import react

MONDAY = at("02/03 08:00")
SECOND, THIRD = ("Trần Văn Bảy", "+84905222333"), ("Lê Thị Tám", "+84905444555")


OWED = [
    {"key": key, "kind": kind, "label": {"vi": key, "en": key}, "owner": "focal_person", "limit": {"working_hours": 8},
     "starts_on": ["assign"]}
    for key, kind in (("interim", "interim_reply"), ("progress", "progress_report"))
]  # fmt: skip


@pytest.fixture
def replying(many: Desk) -> Desk:
    """The desk under an edition that also has a first reply and a progress report."""
    many.cast.edition.document = {**many.cast.edition.document, "obligations": OWED}
    many.cast.edition.save()
    return many


@pytest.fixture
def three(replying: Desk, many: Desk) -> list[Case]:
    """A lead case at its agency, reported by Nguyễn Thị Sáu, with two more reporters joined to it."""
    lead = many.accepted(MONDAY)
    others = [reported(many, name=name, phone=phone) for name, phone in (SECOND, THIRD)]
    for other in others:
        actions.merge(other, lead, actor=many.actor("cuong"), now=MONDAY)
    Contact.objects.all().delete()
    return [Case.objects.get(pk=lead.pk), *others]


def letters(case: Case, words: str) -> list[str]:
    """What went to the reporter of a case with these words in it, subject and text."""
    sent = Contact.objects.filter(conversation=case.conversation_id, direction="out").order_by("id")
    return [whole for one in sent if words in (whole := f"{one.subject}\n{one.text}")]


def each_got_one_of_their_own(three: list[Case], words: str) -> list[str]:
    got = [letters(case, words) for case in three]
    assert [len(one) for one in got] == [1, 1, 1], got
    names = ["Nguyễn Thị Sáu", SECOND[0], THIRD[0]]
    for number, (case, [text]) in enumerate(zip(three, got, strict=True)):
        assert case.code in text
        for other, name in zip(three, names, strict=True):
            if other.pk != case.pk:
                assert other.code not in text and other.token not in text and name not in text, number
    return [text for [text] in got]


def test_a_new_date_reaches_all(many: Desk, three: list[Case]) -> None:
    reason = "Chờ bà Nguyễn Thị Sáu (0905 123 456) cho mượn chỗ đặt máy bơm"
    actions.reschedule(three[0], at("06/03 10:00"), reason, actor=many.actor("binh"), now=at("02/03 09:00"))
    follow("case.rescheduled")
    follow("case.rescheduled")
    texts = each_got_one_of_their_own(three, "hẹn lại Ông/Bà")
    assert all(case.token in text for case, text in zip(three, texts, strict=True)), "each with their own link"
    assert "0905 123 456" not in texts[1] + texts[2] and "máy bơm" in texts[2], "the first reporter is taken out"


def test_a_first_reply_and_a_progress_report_reach_all(many: Desk, three: list[Case]) -> None:
    actor, now = many.actor("binh"), at("02/03 09:00")
    lead = actions.reply_interim(three[0], "Kính gửi bà Nguyễn Thị Sáu: tổ thoát nước đang đến.", actor=actor, now=now)
    follow("case.interim_replied")
    follow("case.interim_replied")
    texts = each_got_one_of_their_own(three, "tổ thoát nước đang đến")
    assert three[2].summary in texts[2], "about their own report"
    actions.report_progress(lead, "Đã hút bùn 40 m", date(2026, 3, 9), actor=actor, now=at("02/03 11:00"))
    follow("case.progress_reported")
    assert all("09/03/2026" in text for text in each_got_one_of_their_own(three, "Đã hút bùn 40 m"))
    told = Act.objects.filter(kind="case.told_joined", subject_id=lead.pk).values_list("after__told", flat=True)
    assert list(told) == [2, 2], "two letters to two more people, each written down once"


def test_another_agency_reaches_all(many: Desk, three: list[Case]) -> None:
    actions.reassign(three[0], many.cast.agency["dien-luc"], actor=many.actor("ha"), now=at("02/03 09:00"))
    follow("case.reassigned")
    each_got_one_of_their_own(three, "Công ty Điện lực")


def test_whoever_asked_is_told_so_and_the_others_that_it_is_reopened(many: Desk, three: list[Case]) -> None:
    lead = answered(many, three[0])
    actions.ask_reopen(three[1], "Vẫn ngập", actor=many.actor("cuong"), now=at("03/03 08:00"))
    lead = actions.reopen(lead.pk, many.cast.agency["so-xay-dung"], actor=many.actor("ha"), now=at("03/03 09:00"))
    follow("case.reopened")
    texts = each_got_one_of_their_own(three, "đã được mở lại")
    assert ["Theo đề nghị của Ông/Bà" in text for text in texts] == [False, True, False]


def test_a_refused_reopening_answers_whoever_asked(many: Desk, three: list[Case]) -> None:
    lead = answered(many, three[0])
    actions.ask_reopen(three[1], "Vẫn ngập", actor=many.actor("cuong"), now=at("03/03 08:00"))
    actions.refuse_reopen(lead.pk, "Đã kiểm tra, không còn ngập", actor=many.actor("ha"), now=at("03/03 09:00"))
    follow("case.reopen_refused")
    assert [len(letters(case, "không còn ngập")) for case in three] == [0, 1, 0]


def test_whoever_is_joined_learns_who_handles_it_and_what_was_said(many: Desk, three: list[Case]) -> None:
    lead = actions.reply_interim(three[0], "Đang hút bùn.", actor=many.actor("binh"), now=at("02/03 09:00"))
    fourth = reported(many, name="Đỗ Văn Chín", phone="+84905666777")
    actions.merge(fourth, lead, actor=many.actor("cuong"), now=at("02/03 10:00"))
    follow("case.merged", "case.joined")
    [receipt] = letters(fourth, "được xử lý chung")
    assert "Đơn vị xử lý: Sở Xây dựng; thời hạn: trước" in receipt and lead.code not in receipt
    assert len(letters(fourth, "Đang hút bùn.")) == 1


def test_whoever_comes_along_to_another_lead_hears_of_it(many: Desk, three: list[Case]) -> None:
    other = many.assigned(MONDAY, agency="dien-luc")
    actions.merge(three[0], other, actor=many.actor("cuong"), now=at("02/03 10:00"))
    act = Act.objects.get(kind="case.merged", subject_id=three[0].pk)
    react(act.pk)
    react(act.pk)
    texts = each_got_one_of_their_own(three, "Đơn vị xử lý: Công ty Điện lực")
    assert all(other.code not in text for text in texts)


def test_one_of_many_does_not_end_it_for_all(many: Desk, three: list[Case]) -> None:
    with refuses("Còn người khác cùng phản ánh"):
        actions.withdraw(three[0], "Tôi rút", actor=many.actor("cuong"), now=at("02/03 09:00"))


def answered(many: Desk, lead: Case) -> Case:
    lead = actions.save_draft(lead, "answered", "Đã nạo vét.", actor=many.actor("binh"), now=at("02/03 09:00"))
    lead = actions.submit(lead, actor=many.actor("binh"), now=at("02/03 09:10"))
    return actions.approve(lead, actor=many.actor("hung"), now=at("02/03 10:00"))
