"""Messages from any channel: a table of what arrives and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hotline.cases.models import Case
from hotline.citizens.models import Citizen
from hotline.conversations.actions import mark_sent, queue_outgoing
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.rules import GivenFile
from hotline.intake.actions import Received, answer_at_once, open_case, receive
from hotline.intake.queries import reopenable
from hotline.intake.rules import Arrival, Inbound, ReceivedKind
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.live.rules import case_topic
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast
from hotline.testing.committed import at_once

NOW = FRIDAY_BEFORE_TET
LATER = NOW + timedelta(hours=1)
COMPLETE = {"name": "Trần Thị Bưởi", "phone": "0905 222 333", "address": "Thôn 2, Tam Kỳ", "email": "buoi@example.vn"}


def mail(cast: Cast, number: int = 1, **changes: Any) -> Inbound:
    return Inbound(**{
        "hotline_id": cast.hotline.pk, "channel": "email", "source": "1022@quangnam.example",
        "external_id": f"<m{number}@example.vn>", "message_id": f"<m{number}@example.vn>", "subject": "Nước ngập",
        "text": "Cống trước nhà tôi bị tắc, mưa là ngập.", **COMPLETE, **changes,
    })


def first(cast: Cast, **changes: Any) -> Received:
    return receive(mail(cast, **changes), NOW)


def test_a_complete_mail_waits_at_the_desk(cast: Cast) -> None:
    received = first(cast)
    assert received.to_json() == {
        "kind": "new", "conversation": received.conversation.ref, "contact": received.contact.pk, "case": None,
    }
    assert received.conversation.state == Conversation.State.WAITING
    assert received.conversation.citizen.name == "Trần Thị Bưởi"
    assert Act.objects.get(subject="conversation").kind == "conversation.received"


@pytest.mark.parametrize(("changes", "missing"), [
    ({"name": "", "phone": "", "address": ""}, ["name", "address", "phone"]),
    ({"address": " "}, ["address"]),
    ({"text": "???", "subject": "!!"}, ["content"]),
])
def test_an_incomplete_mail_is_kept_and_asked_back(cast: Cast, changes: dict, missing: list[str]) -> None:
    received = first(cast, **changes)
    assert received.conversation.state == Conversation.State.INCOMPLETE
    assert received.contact.missing == missing
    question = received.conversation.contacts.get(direction="out")
    assert (question.kind, question.channel, question.delivery) == ("question", "email", "queued")


def test_a_machine_is_never_asked_back(cast: Cast) -> None:
    received = first(cast, name="", phone="", address="", may_answer=False)
    assert received.conversation.state == Conversation.State.INCOMPLETE
    assert not received.conversation.contacts.filter(direction="out").exists()


def test_the_missing_pieces_complete_it_and_it_takes_its_place_in_the_line(cast: Cast) -> None:
    conversation = first(cast, phone="", address="").conversation
    reply = receive(mail(cast, 2, subject=f"Re: [{conversation.ref}]", code=conversation.ref), LATER)
    assert (reply.kind, reply.conversation.pk) == (ReceivedKind.REPLY, conversation.pk)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.last_contact_at) == (Conversation.State.WAITING, LATER)
    assert (conversation.reporter_phone, conversation.reporter_address) == ("0905 222 333", "Thôn 2, Tam Kỳ")
    assert Citizen.objects.count() == 1
    assert conversation.citizen.handles.filter(value="+84905222333").exists()


def test_what_stays_incomplete_goes_to_a_person_not_into_a_second_machine_letter(cast: Cast) -> None:
    conversation = first(cast, name="", phone="", address="").conversation
    receive(mail(cast, 2, phone="", address="", name="", code=conversation.ref), LATER)
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.WAITING
    assert conversation.contacts.filter(direction="out").count() == 1
    assert conversation.contacts.filter(direction="in").last().missing == ["name", "address", "phone"]


def test_who_waits_keeps_the_place_however_often_they_write(cast: Cast) -> None:
    conversation = first(cast).conversation
    receive(mail(cast, 2, answers=("<m1@example.vn>",)), LATER)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.last_contact_at) == (Conversation.State.WAITING, NOW)


@pytest.mark.parametrize("by", ["our letter's id", "their own mail's id", "reference", "case code"])
def test_an_answer_finds_its_conversation(cast: Cast, by: str) -> None:
    conversation = first(cast).conversation
    letter = queue_outgoing(conversation, kind="answer", text="…", actor=SYSTEM, now=NOW)
    mark_sent(letter.pk, message_id="<ours@quangnam.example>", now=NOW)
    case = a_case(cast, conversation)
    how: dict[str, dict[str, Any]] = {
        "our letter's id": {"answers": ("<unknown@x>", "<ours@quangnam.example>")},
        "their own mail's id": {"answers": ("<m1@example.vn>",)},
        "reference": {"code": conversation.ref}, "case code": {"code": case.code},
    }
    reply = receive(mail(cast, 2, **how[by]), LATER)
    assert (reply.kind, reply.conversation.pk, reply.case) == (ReceivedKind.REPLY, conversation.pk, case)


def test_an_unknown_reference_begins_a_conversation(cast: Cast) -> None:
    assert receive(mail(cast, code="LH-ZZZZZZZ", answers=("<x@y>",)), NOW).kind == ReceivedKind.NEW
    assert receive(mail(cast, 2, code="QNM-2026-999999"), NOW).kind == ReceivedKind.NEW


def a_case(cast: Cast, conversation: Conversation) -> Case:
    return open_case(
        conversation.pk, kind="report", field_id=cast.field["thoat_nuoc"].pk, content="Ngập", actor=cast.actor("cuong"),
        now=NOW,
    )


def test_what_is_added_to_an_open_case_shows_on_its_page_and_leaves_the_desk_alone(cast: Cast) -> None:
    conversation = first(cast).conversation
    case = a_case(cast, conversation)
    receive(mail(cast, 2, code=conversation.ref, text="Hôm nay ngập sâu hơn."), LATER)
    act = Act.objects.get(kind="case.followed_up")
    assert (act.subject_id, act.after["may_reopen"], act.at) == (case.pk, False, LATER)
    assert case_topic(case.pk) in act.topics
    conversation.refresh_from_db()
    assert conversation.state == Conversation.State.OPENED


@pytest.mark.parametrize(("until", "offered"), [(timedelta(days=1), True), (timedelta(minutes=30), False)])
def test_after_the_answer_the_desk_is_offered_reopening_but_nothing_reopens_itself(
    cast: Cast, until: timedelta, offered: bool
) -> None:
    conversation = first(cast).conversation
    case = a_case(cast, conversation)
    Case.objects.filter(pk=case.pk).update(state="answered", answered_at=NOW, reopen_until=NOW + until)
    receive(mail(cast, 2, code=conversation.ref, text="Vẫn còn ngập."), LATER)
    case.refresh_from_db()
    conversation.refresh_from_db()
    assert case.state == "answered"
    assert (conversation.state, conversation.last_contact_at) == (Conversation.State.WAITING, LATER)
    assert [c.pk for c in reopenable(conversation, LATER)] == ([case.pk] if offered else [])
    assert Act.objects.filter(kind="case.followed_up", after__may_reopen=True).exists() == offered


def test_a_reply_to_an_answered_contact_comes_back_to_the_desk(cast: Cast) -> None:
    conversation = first(cast).conversation
    answer_at_once(conversation.pk, "Mời Ông/Bà gọi 0235.1022.", actor=cast.actor("cuong"), now=NOW)
    receive(mail(cast, 2, code=conversation.ref), LATER)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.taken_by) == (Conversation.State.WAITING, None)


def test_a_stranger_in_the_thread_is_named_and_gets_no_answer(cast: Cast) -> None:
    conversation = first(cast).conversation
    reply = receive(mail(cast, 2, code=conversation.ref, email="ke-la@example.vn"), LATER)
    assert reply.contact.meta["from"] == "ke-la@example.vn"
    conversation.refresh_from_db()
    assert conversation.reporter_email == "buoi@example.vn"


@pytest.mark.parametrize("arrival", [Arrival.BOUNCE, Arrival.AUTO_REPLY])
def test_machines_open_nothing(cast: Cast, arrival: Arrival) -> None:
    received = receive(mail(cast, arrival=arrival, may_answer=False), NOW)
    assert received.kind == ReceivedKind.IGNORED
    assert not Conversation.objects.exists()
    assert not Contact.objects.exists()


def test_an_automatic_reply_is_kept_and_changes_nothing(cast: Cast) -> None:
    conversation = first(cast).conversation
    answer_at_once(conversation.pk, "Xong.", actor=cast.actor("cuong"), now=NOW)
    received = receive(mail(cast, 2, arrival=Arrival.AUTO_REPLY, code=conversation.ref, may_answer=False), LATER)
    conversation.refresh_from_db()
    assert (received.kind, received.contact.kind) == (ReceivedKind.AUTO_REPLY, "auto_reply")
    assert conversation.state == Conversation.State.ANSWERED


@pytest.mark.parametrize(("permanent", "delivery"), [(True, "failed"), (False, "sent")])
def test_a_bounce_marks_the_letter_that_did_not_arrive(cast: Cast, permanent: bool, delivery: str) -> None:
    conversation = first(cast).conversation
    letter = queue_outgoing(conversation, kind="answer", text="…", actor=SYSTEM, now=NOW)
    mark_sent(letter.pk, message_id="<ours@quangnam.example>", now=NOW)
    received = receive(
        mail(cast, 2, arrival=Arrival.BOUNCE, may_answer=False, failed_message_id="<ours@quangnam.example>",
             permanent=permanent, reason="550 5.1.1 user unknown"), LATER,
    )
    letter.refresh_from_db()
    assert (received.kind, letter.delivery) == (ReceivedKind.BOUNCE, delivery)
    assert ("550" in letter.delivery_error) == permanent


def test_the_same_mail_twice_is_one_contact(cast: Cast) -> None:
    once, again = first(cast), first(cast)
    assert (again.kind, again.contact, again.conversation) == (ReceivedKind.DUPLICATE, once.contact, once.conversation)
    assert Contact.objects.count() == 1


def test_files_come_along(cast: Cast) -> None:
    received = first(cast, files=(GivenFile("đơn.pdf", "application/pdf", b"%PDF-1.7"),))
    file = received.contact.attachments.get()
    assert (file.name, file.size, file.is_image) == ("đơn.pdf", 8, False)


def test_one_mail_by_eight_fetchers_at_once_is_one_conversation(committed_cast: Cast) -> None:
    results = at_once(8, lambda _: receive(mail(committed_cast), NOW))
    assert sorted(str(r.kind) for r in results) == ["duplicate"] * 7 + ["new"]
    assert [Conversation.objects.count(), Contact.objects.count(), Citizen.objects.count()] == [1, 1, 1]


def test_eight_replies_at_once_are_eight_contacts_in_one_conversation(committed_cast: Cast) -> None:
    [received] = at_once(1, lambda _: receive(mail(committed_cast, 99), NOW))
    code = received.conversation.ref
    results = at_once(8, lambda n: receive(mail(committed_cast, n, code=code), LATER))
    assert {r.kind for r in results} == {ReceivedKind.REPLY}
    conversation = Conversation.objects.get()
    assert (conversation.contacts.count(), conversation.version) == (9, 9)


def test_without_a_regulation_in_force_the_writer_is_told_and_nothing_is_taken_in(cast: Cast) -> None:
    conversation = receive(mail(cast), datetime(1999, 1, 1, tzinfo=NOW.tzinfo)).conversation
    assert conversation is not None and (conversation.state, conversation.outcome) == ("closed", "closed")
    answer = Contact.objects.get(conversation=conversation, direction="out")
    assert "tiếp nhận từ ngày 04/06/2021" in answer.text
