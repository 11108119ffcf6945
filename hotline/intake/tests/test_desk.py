"""The intake desk: who may do what, what it leaves behind, and the stranger who gets nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from hotline.cases.models import Case
from hotline.conversations.models import Conversation
from hotline.conversations.queries import by_ref, counters, waiting
from hotline.intake.actions import (
    answer_at_once,
    close,
    mark_incomplete,
    open_case,
    receive,
    release,
    report,
    take,
    type_in,
)  # fmt: skip
from hotline.intake.queries import history, prefill, to_read
from hotline.intake.rules import OUTCOMES, TypedIn, read_back
from hotline.intake.tests.test_receive import mail
from hotline.intake.tests.test_report import a_report
from hotline.journal.models import Act
from hotline.refusals import Refused, Stale
from hotline.regulation.completeness import Needed
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast

NOW = FRIDAY_BEFORE_TET
State = Conversation.State
DESK = ["cuong", "tam"]
NOT_DESK = ["ha", "binh", "hung", "son", "van", "mai", "admin", "ky-thuat", "nguoi-la"]


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Refused, with these words in what the call-taker reads."""
    with pytest.raises(Refused) as caught:
        yield
    assert words in caught.value.sentence.vi


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return receive(mail(cast), NOW).conversation


def verbs(cast: Cast) -> dict[str, Callable[..., Any]]:
    return {
        "take": lambda pk, **who: take(pk, **who),
        "answer": lambda pk, **who: answer_at_once(pk, "Mời Ông/Bà đến một cửa.", **who),
        "close": lambda pk, **who: close(pk, "nuisance", **who),
        "ask": lambda pk, **who: mark_incomplete(pk, [Needed.ADDRESS], **who),
        "open": lambda pk, **who: open_case(
            pk, kind="report", field_id=cast.field["thoat_nuoc"].pk, content="Ngập", **who
        ),
    }


@pytest.mark.parametrize("username", NOT_DESK)
@pytest.mark.parametrize("verb", ["take", "answer", "close", "ask", "open"])
def test_only_the_desk(cast: Cast, conversation: Conversation, username: str, verb: str) -> None:
    acts = Act.objects.count()
    with pytest.raises(Refused):
        verbs(cast)[verb](conversation.pk, actor=cast.actor(username), now=NOW)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.version, Act.objects.count()) == (State.WAITING, 1, acts)


@pytest.mark.parametrize("username", DESK)
@pytest.mark.parametrize(("verb", "state", "act"), [
    ("take", State.TAKEN, "conversation.taken"), ("answer", State.ANSWERED, "conversation.answered"),
    ("close", State.CLOSED, "conversation.closed"), ("ask", State.INCOMPLETE, "conversation.incomplete"),
    ("open", State.OPENED, "conversation.opened"),
])
def test_one_verb_one_act(cast: Cast, conversation: Conversation, username: str, verb: str, state: str, act: str) -> None:
    verbs(cast)[verb](conversation.pk, actor=cast.actor(username), now=NOW, version=1)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.version) == (state, 2)
    recorded = Act.objects.filter(subject="conversation", subject_id=conversation.pk).last()
    assert (recorded.kind, recorded.actor["id"]) == (act, cast.person[username].pk)


@pytest.mark.parametrize("verb", ["take", "answer", "close", "ask", "open"])
def test_the_second_of_two_is_told(cast: Cast, conversation: Conversation, verb: str) -> None:
    take(conversation.pk, actor=cast.actor("tam"), now=NOW)
    with pytest.raises(Stale):
        verbs(cast)[verb](conversation.pk, actor=cast.actor("cuong"), now=NOW, version=1)
    with refused("Huỳnh Thị Thanh Tâm"):
        verbs(cast)[verb](conversation.pk, actor=cast.actor("cuong"), now=NOW)


def test_the_shift_leader_may_step_in(cast: Cast, conversation: Conversation) -> None:
    take(conversation.pk, actor=cast.actor("cuong"), now=NOW)
    taken = take(conversation.pk, actor=cast.actor("tam"), now=NOW)
    assert taken.taken_by_id == cast.person["tam"].pk
    with refused("trưởng ca"):
        release(conversation.pk, actor=cast.actor("cuong"), now=NOW)


def test_given_back_it_has_its_old_place(cast: Cast, conversation: Conversation) -> None:
    take(conversation.pk, actor=cast.actor("cuong"), now=NOW)
    take(conversation.pk, actor=cast.actor("cuong"), now=NOW)  # one's own again: nothing
    released = release(conversation.pk, actor=cast.actor("cuong"), now=NOW + timedelta(hours=1))
    assert (released.state, released.taken_by_id, released.last_contact_at) == (State.WAITING, None, NOW)
    assert Act.objects.filter(kind="conversation.taken").count() == 1


@pytest.mark.parametrize("verb", ["take", "answer", "close", "ask"])
def test_what_has_left_the_desk_stays_gone(cast: Cast, conversation: Conversation, verb: str) -> None:
    close(conversation.pk, "nuisance", actor=cast.actor("cuong"), now=NOW)
    with refused("không còn ở bàn tiếp nhận"):
        verbs(cast)[verb](conversation.pk, actor=cast.actor("cuong"), now=NOW)


def test_the_answer_is_queued_on_the_citizens_channel(cast: Cast, conversation: Conversation) -> None:
    answer_at_once(conversation.pk, " Mời Ông/Bà đến một cửa. ", actor=cast.actor("cuong"), now=NOW)
    answer = conversation.contacts.get(direction="out")
    assert (answer.kind, answer.channel, answer.delivery, answer.text) == (
        "answer", "email", "queued", "Mời Ông/Bà đến một cửa.",
    )
    assert answer.author["name"] == "Trần Văn Cường"
    conversation.refresh_from_db()
    assert conversation.outcome == "guided"


@pytest.mark.parametrize(("run", "words"), [
    (lambda pk, **who: answer_at_once(pk, "  ", **who), "nội dung trả lời"),
    (lambda pk, **who: answer_at_once(pk, "Có", outcome="no such", **who), "danh sách"),
    (lambda pk, **who: close(pk, "", **who), "danh sách"),
    (lambda pk, **who: close(pk, "out_of_scope", **who), "nội dung trả lời"),
    (lambda pk, **who: mark_incomplete(pk, [], **who), "ít nhất một"),
    (lambda pk, **who: open_case(pk, kind="report", field_id=None, content="x", **who), "lĩnh vực"),
])
def test_what_is_not_said_is_refused(cast: Cast, conversation: Conversation, run: Callable, words: str) -> None:
    with refused(words):
        run(conversation.pk, actor=cast.actor("cuong"), now=NOW)
    conversation.refresh_from_db()
    assert conversation.state == State.WAITING


def test_every_outcome_has_words_in_both_languages() -> None:
    assert all(label.vi and label.en for label in OUTCOMES.values())


def test_a_case_counts_from_the_contact_not_from_the_typing(cast: Cast, conversation: Conversation) -> None:
    case = open_case(
        conversation.pk, kind="report", field_id=cast.field["thoat_nuoc"].pk, content="Ngập nước ở kiệt 12.",
        area_id=cast.area["20001"].pk, actor=cast.actor("cuong"), now=NOW + timedelta(minutes=40),
    )
    assert (case.received_at, case.suggested_agency) == (NOW, cast.agency["so-xay-dung"])
    assert case.citizen == conversation.citizen


def test_several_matters_in_one_letter_are_split(cast: Cast, conversation: Conversation) -> None:
    for key in ("thoat_nuoc", "dien_luc"):
        open_case(conversation.pk, kind="report", field_id=cast.field[key].pk, content="…một việc", actor=cast.actor("cuong"),
                  now=NOW)
    assert Case.objects.filter(conversation=conversation).count() == 2


def typed(cast: Cast, **changes: Any) -> TypedIn:
    return TypedIn(**{
        "hotline_id": cast.hotline.pk, "typing": "t-1", "content": "Mất điện từ sáng ở phường Bàn Thạch.",
        "name": "Lê Văn Cam", "phone": "0905 777 888", "address": "Kiệt 5", **changes,
    })


def test_typed_in_for_a_caller(cast: Cast) -> None:
    report(a_report(cast, phone="+84905777888"), NOW - timedelta(days=1))
    received = type_in(typed(cast), actor=cast.actor("cuong"), now=NOW)
    conversation = received.conversation
    assert (conversation.state, conversation.taken_by_id) == (State.TAKEN, cast.person["cuong"].pk)
    past = history(cast.viewer("cuong"), conversation.citizen)
    assert [bool(p.case) for p in past.rows] == [False, True]  # this call, and the report of yesterday
    ready = prefill(conversation, NOW)
    assert (ready.field, ready.field_words) == (cast.field["dien_luc"], ("mất điện",))
    assert ready.area.area == cast.area["20001"].pk
    assert ready.suggestion.agency == cast.agency["dien-luc"]


def test_typed_twice_is_once(cast: Cast) -> None:
    one, two = (type_in(typed(cast), actor=cast.actor("cuong"), now=NOW) for _ in range(2))
    assert one.conversation == two.conversation


def test_a_caller_without_vietnamese_is_written_to_in_english(cast: Cast) -> None:
    """What the call-taker hears counts more than what is on record; what is not said stays."""
    type_in(typed(cast), actor=cast.actor("cuong"), now=NOW)
    heard = type_in(typed(cast, typing="t-2", language="ko"), actor=cast.actor("cuong"), now=NOW).conversation
    assert (heard.citizen.language, heard.letters_in) == ("ko", "en")
    act = Act.objects.get(kind="conversation.typed_in", subject_id=heard.pk)
    assert (act.before, act.after["language"]) == ({"language": "vi"}, "ko"), "who changed the record is in the journal"
    contact = mark_incomplete(heard.pk, [Needed.ADDRESS], actor=cast.actor("cuong"), now=NOW)
    assert "address" in contact.contacts.get(direction="out").text
    again = type_in(typed(cast, typing="t-3"), actor=cast.actor("cuong"), now=NOW).conversation
    assert again.citizen == heard.citizen and again.citizen.language == "ko"


def test_an_organisation_reports(cast: Cast) -> None:
    """“tổ chức, công dân”: it is known as one from the first call on, also when the number was a private one before."""
    first = type_in(typed(cast, name="Công ty An Phú", organisation=True), actor=cast.actor("cuong"), now=NOW).conversation
    assert first.citizen.kind == "organisation"
    type_in(typed(cast, typing="t-2", phone="0905 111 222", name="Lê Cam"), actor=cast.actor("cuong"), now=NOW)
    later = type_in(typed(cast, typing="t-3", phone="0905 111 222", organisation=True), actor=cast.actor("cuong"), now=NOW)
    assert later.conversation.citizen.kind == "organisation" and later.conversation.citizen != first.citizen


def test_only_the_desk_types_in(cast: Cast) -> None:
    with pytest.raises(Refused):
        type_in(typed(cast), actor=cast.actor("binh"), now=NOW)


def test_read_back(cast: Cast) -> None:
    conversation = type_in(typed(cast), actor=cast.actor("cuong"), now=NOW).conversation
    case = open_case(
        conversation.pk, kind="report", field_id=cast.field["dien_luc"].pk, area_id=cast.area["20001"].pk,
        place="kiệt 5 Trần Phú", summary="Mất điện từ sáng", content="Mất điện từ sáng", urgency="urgent",
        actor=cast.actor("cuong"), now=NOW,
    )
    assert read_back(to_read(case)) == (
        "Tôi xin đọc lại nội dung đã ghi để Ông/Bà xác nhận:\n"
        "Người liên hệ: Lê Văn Cam; điện thoại 0905 777 888; địa chỉ Kiệt 5.\n"
        "Phản ánh thuộc lĩnh vực Điện lực: Mất điện từ sáng.\n"
        "Nơi xảy ra: kiệt 5 Trần Phú, Phường Bàn Thạch.\n"
        "Mức độ: khẩn.\n"
        "Nội dung không công khai.\n"
        f"Mã phiếu của Ông/Bà là {case.code.replace('-', ' ')}.\n"
        "Nội dung như vậy đã đúng chưa ạ?"
    )


def test_the_list_is_oldest_first_and_pages_neither_repeat_nor_lose(cast: Cast) -> None:
    same_moment = [receive(mail(cast, n), NOW).conversation.pk for n in range(5)]
    newer = receive(mail(cast, 10), NOW + timedelta(minutes=1)).conversation.pk
    older = receive(mail(cast, 11), NOW - timedelta(minutes=1)).conversation.pk
    seen, after = [], ""
    while True:
        page = waiting(cast.viewer("cuong"), after=after, limit=2)
        seen += [c.pk for c in page.rows]
        if not page.next:
            break
        after = page.next
    assert seen == [older, *same_moment, newer]
    assert waiting(cast.viewer("cuong"), after="rác~không phải").rows  # a cursor from nowhere begins at the start


def test_counters_and_tabs(cast: Cast) -> None:
    pks = [receive(mail(cast, n), NOW).conversation.pk for n in range(4)]
    receive(mail(cast, 9, address=""), NOW)
    take(pks[0], actor=cast.actor("cuong"), now=NOW)
    take(pks[1], actor=cast.actor("tam"), now=NOW)
    assert counters(cast.viewer("cuong")) == {"waiting": 2, "mine": 1, "incomplete": 1}
    assert [c.pk for c in waiting(cast.viewer("cuong"), "mine").rows] == [pks[0]]
    assert len(waiting(cast.viewer("ha")).rows) == 5


@pytest.mark.parametrize(("username", "before", "after"), [
    ("cuong", True, True), ("tam", True, True), ("ha", True, True), ("son", True, True), ("van", True, True),
    ("binh", False, True),  # sees the thread of a case her agency holds, nothing else of the desk
    ("lan", False, False), ("mai", False, False), ("admin", False, False), ("ky-thuat", False, False),
    ("nguoi-la", False, False),
])
def test_who_sees_a_conversation(cast: Cast, conversation: Conversation, username: str, before: bool, after: bool) -> None:
    viewer = cast.viewer(username)
    assert (by_ref(viewer, conversation.ref) is not None) == before
    case = verbs(cast)["open"](conversation.pk, actor=cast.actor("cuong"), now=NOW)
    Case.objects.filter(pk=case.pk).update(agency=cast.agency["so-xay-dung"])
    assert (by_ref(viewer, conversation.ref.lower()) is not None) == after
    assert bool(history(viewer, conversation.citizen).rows) == after
    assert counters(viewer) == {"waiting": 0, "mine": 0, "incomplete": 0}


def test_the_past_pages_neither_repeat_nor_lose(cast: Cast) -> None:
    for n in range(3):
        report(a_report(cast, phone="+84905222333"), NOW)
        receive(mail(cast, n), NOW)
    receive(mail(cast, 9), NOW + timedelta(minutes=1))
    citizen = Conversation.objects.first().citizen
    everything = history(cast.viewer("cuong"), citizen).rows
    seen, after = [], ""
    while True:
        page = history(cast.viewer("cuong"), citizen, after=after, limit=2)
        seen += page.rows
        if not page.next:
            break
        after = page.next
    assert seen == everything
    assert len(seen) == 7
