"""A mail becomes a contact: dated cases with the reason in words, on the real database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.channels.email.inbound import receive
from hotline.channels.email.transport import own_domain
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Contact, Conversation, RawMessage
from hotline.hotlines.models import Mailbox
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast

NOW = FRIDAY_BEFORE_TET


@pytest.fixture
def mailbox(cast: Cast) -> Mailbox:
    return Mailbox.objects.create(hotline=cast.hotline, address=cast.hotline.email)


def mail(
    subject: str = "Đèn đường hỏng", text: str = "Đèn đường hẻm 12 Hùng Vương hỏng ba hôm nay.", number: str = "1",
    sender: str = "Nguyễn Văn An <an@example.com>", **headers: str,
) -> bytes:
    lines = {
        "From": sender, "To": "1022@quangnam.example", "Subject": subject, "Message-ID": f"<{number}@example.com>",
        "Date": "Fri, 13 Feb 2026 15:58:00 +0700", "Content-Type": "text/plain; charset=utf-8",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return ("".join(f"{name}: {value}\n" for name, value in lines.items()) + f"\n{text}\n").encode()


WHOLE = (
    "Cống trước trường tiểu học bị rác bịt kín, nước ngập đến đầu gối.\n"
    "Họ và tên: Nguyễn Văn An\nSố điện thoại: 0905123318\nĐịa chỉ: 41 Phan Châu Trinh, phường Bàn Thạch\n"
)


def test_a_complete_mail_waits_at_the_desk_with_its_reporter(mailbox: Mailbox) -> None:
    result = receive(mail(text=WHOLE), mailbox, NOW)
    conversation = Conversation.objects.get(ref=result["conversation"])
    assert result == {"kind": "new", "conversation": conversation.ref, "case": None}
    assert conversation.state == "waiting"
    assert conversation.reporter_name == "Nguyễn Văn An"
    assert conversation.reporter_phone == "0905123318", "as given that day"
    assert conversation.reporter_email == "an@example.com"
    assert RawMessage.objects.count() == 1, "the message as it came is kept"


def test_a_mail_without_name_and_address_is_kept_and_asked_back(mailbox: Mailbox) -> None:
    result = receive(mail(sender="an@example.com"), mailbox, NOW)
    conversation = Conversation.objects.get(ref=result["conversation"])
    assert conversation.state == "incomplete"
    question = conversation.contacts.get(direction="out")
    assert question.kind == "question"
    assert question.delivery == "queued"


def test_the_same_mail_twice_is_one_contact(mailbox: Mailbox) -> None:
    first = receive(mail(text=WHOLE), mailbox, NOW)
    again = receive(mail(text=WHOLE), mailbox, NOW + timedelta(hours=1))
    assert again == {**first, "kind": "duplicate"}
    assert Contact.objects.filter(direction="in").count() == 1


@pytest.mark.parametrize(
    ("reason", "subject", "headers"),
    [
        ("a reply names the first mail", "Re: Đèn đường hỏng", {"In_Reply_To": "<1@example.com>"}),
        ("a forwarding program kept only References", "Đèn", {"References": "<0@x> <1@example.com>"}),
        ("a new mail carries the reference in its subject", "Fwd: [{ref}] bổ sung", {}),
    ],
)
def test_replies_join_their_conversation(mailbox: Mailbox, reason: str, subject: str, headers: dict[str, str]) -> None:
    first = receive(mail(text=WHOLE), mailbox, NOW)
    reply = mail(subject.format(ref=first["conversation"]), "Hôm nay vẫn hỏng.", "2", **headers)
    result = receive(reply, mailbox, NOW + timedelta(hours=1))
    assert (result["kind"], result["conversation"]) == ("reply", first["conversation"]), reason


def test_a_strangers_mail_with_a_guessed_reference_does_not_open_a_door(mailbox: Mailbox) -> None:
    result = receive(mail("[LH-2222222] xin thông tin", WHOLE, "3"), mailbox, NOW)
    assert result["kind"] == "new"


@pytest.mark.parametrize(
    ("reason", "kind", "headers"),
    [
        ("out of office", "auto_reply", {"Auto_Submitted": "auto-replied"}),
        ("vacation of an old program", "auto_reply", {"Precedence": "auto_reply"}),
    ],
)
def test_machines_open_nothing_and_get_no_answer(
    mailbox: Mailbox, reason: str, kind: str, headers: dict[str, str]
) -> None:
    result = receive(mail(number="m", **headers), mailbox, NOW)
    assert result["kind"] in (kind, "ignored"), reason
    assert not Contact.objects.filter(direction="out").exists()
    assert not Act.objects.filter(kind="conversation.received").exists()


def test_list_mail_is_kept_and_never_answered(mailbox: Mailbox) -> None:
    receive(mail(number="l", sender="Tin tức <tin@example.com>", List_Id="<tin.example.com>"), mailbox, NOW)
    assert not Contact.objects.filter(direction="out").exists()


def test_our_own_mail_coming_back_is_cut(mailbox: Mailbox, cast: Cast) -> None:
    domain = own_domain(cast.hotline.email)
    raw = mail(number="loop", sender="x@example.com", X_Hotline_Loop=f"{cast.hotline.key} {domain}")
    assert receive(raw, mailbox, NOW) == {"kind": "own_loop", "conversation": None, "case": None}
    assert Conversation.objects.count() == 0


def test_a_bounce_marks_our_letter_and_opens_nothing(mailbox: Mailbox, cast: Cast) -> None:
    first = receive(mail(text=WHOLE), mailbox, NOW)
    conversation = Conversation.objects.get(ref=first["conversation"])
    ours = f"<hl.contact-9@{own_domain(cast.hotline.email)}>"
    letter = queue_outgoing(conversation, kind="answer", text="Đã sửa.", message_id=ours, actor=SYSTEM, now=NOW)
    Contact.objects.filter(pk=letter.pk).update(delivery="sent")
    body = (
        "--b\nContent-Type: text/plain\n\nUser unknown\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; an@example.com\nAction: failed\nStatus: 5.1.1\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {ours}\nSubject: tra loi\n--b--\n"
    )
    raw = mail(
        "Undelivered Mail Returned to Sender", body, "b", sender="MAILER-DAEMON@mx.example.com", Return_Path="<>",
        Content_Type='multipart/report; report-type=delivery-status; boundary="b"',
    )
    result = receive(raw, mailbox, NOW + timedelta(minutes=1))
    letter.refresh_from_db()
    assert result["kind"] == "bounce"
    assert letter.delivery == "failed"
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("raw", [b"\x00\xff\xfe", b"From: \n\n", b"Subject: =?utf-8?q?=FF=?=\n\n\x80" * 50])
def test_poison_is_kept_and_stops_nobody(mailbox: Mailbox, raw: bytes) -> None:
    assert "kind" in receive(raw, mailbox, NOW)
    assert RawMessage.objects.count() == 1
    assert receive(mail(text=WHOLE), mailbox, NOW)["kind"] == "new"
