"""What we write goes out once, and what became of it is on the contact."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings

from hotline.conversations import actions
from hotline.conversations.actions import deliver, mark_failed, mark_sent, queue_outgoing
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.rules import SendingFailed
from hotline.intake.actions import receive
from hotline.intake.tests.test_receive import mail
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast
from hotline.testing.committed import at_once

NOW = FRIDAY_BEFORE_TET
sent: list[int] = []
fault: SendingFailed | None = None


def transport(contact: Contact) -> str:
    """A channel of this test: keeps what it is given, or fails as told."""
    if fault:
        raise fault
    sent.append(contact.pk)
    return f"<{contact.pk}@quangnam.example>"


@pytest.fixture(autouse=True)
def own_transport(settings: LazySettings) -> None:
    global fault
    settings.CHANNELS = {"email": f"{__name__}.transport"}
    fault = None
    sent.clear()


@pytest.fixture
def letter(cast: Cast) -> Contact:
    conversation = receive(mail(cast), NOW).conversation
    return queue_outgoing(conversation, kind="answer", text="…", actor=SYSTEM, now=NOW)


def fail(permanent: bool) -> None:
    global fault
    fault = SendingFailed("550 không có hộp thư", permanent=permanent)


def test_sent_once(letter: Contact) -> None:
    done = deliver(letter.pk, now=NOW)
    deliver(letter.pk, now=NOW)  # the worker was killed before it could say so, and the job came again
    assert sent == [letter.pk]
    assert (done.delivery, done.delivered_at, done.message_id) == ("sent", NOW, f"<{letter.pk}@quangnam.example>")
    assert Act.objects.filter(kind="conversation.sent").count() == 1


def test_a_passing_fault_is_tried_again(letter: Contact) -> None:
    fail(permanent=False)
    with pytest.raises(SendingFailed):
        deliver(letter.pk, now=NOW)
    letter.refresh_from_db()
    assert (letter.delivery, letter.delivery_tries) == ("retrying", 1)
    own_transport_again()
    assert deliver(letter.pk, now=NOW).delivery == "sent"


def own_transport_again() -> None:
    global fault
    fault = None


def test_a_lasting_fault_ends_it_and_is_told(letter: Contact) -> None:
    fail(permanent=True)
    assert deliver(letter.pk, now=NOW).pk == letter.pk
    letter.refresh_from_db()
    assert (letter.delivery, letter.delivery_error) == ("failed", "550 không có hộp thư")
    assert Act.objects.get(kind="conversation.undelivered").note == "", "a server's words may hold the address"


def test_a_passing_fault_does_not_pass_for_ever(letter: Contact) -> None:
    fail(permanent=False)
    Contact.objects.filter(pk=letter.pk).update(delivery_tries=actions.TRIES - 1)
    deliver(letter.pk, now=NOW)
    letter.refresh_from_db()
    assert letter.delivery == "failed"


@pytest.mark.parametrize(("first", "then", "delivery"), [
    (lambda pk: mark_sent(pk, now=NOW), lambda pk: mark_failed(pk, "x", permanent=False, now=NOW), "sent"),
    (lambda pk: mark_sent(pk, now=NOW), lambda pk: mark_failed(pk, "bounce", permanent=True, now=NOW), "failed"),
    (lambda pk: mark_failed(pk, "x", permanent=True, now=NOW), lambda pk: mark_sent(pk, now=NOW), "failed"),
    (lambda pk: mark_failed(pk, "x", permanent=False, now=NOW), lambda pk: mark_sent(pk, now=NOW), "sent"),
])
def test_what_may_follow_what(letter: Contact, first: Callable, then: Callable, delivery: str) -> None:
    first(letter.pk)
    assert then(letter.pk).delivery == delivery


def test_one_cause_writes_one_letter(letter: Contact) -> None:
    conversation = letter.conversation
    one, two = (
        queue_outgoing(conversation, kind="notice", text="…", external_id="act-7", actor=SYSTEM, now=NOW) for _ in range(2)
    )
    assert one == two


def test_without_an_address_it_is_kept_for_the_page(cast: Cast) -> None:
    conversation = receive(mail(cast, email=""), NOW).conversation
    contact = queue_outgoing(conversation, kind="answer", text="…", actor=SYSTEM, now=NOW)
    assert contact.delivery == "none"
    assert deliver(contact.pk, now=NOW).delivery == "none"
    assert sent == []


def test_one_cause_by_eight_workers_at_once(committed_cast: Cast) -> None:
    [received] = at_once(1, lambda _: receive(mail(committed_cast), NOW))
    at_once(8, lambda _: queue_outgoing(
        received.conversation, kind="notice", text="…", external_id="act-7", actor=SYSTEM, now=NOW
    ))
    assert Conversation.objects.get().contacts.filter(direction="out").count() == 1


def test_a_reference_that_is_taken_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([5, 5, 6])
    monkeypatch.setattr(actions.secrets, "randbelow", lambda _: next(drawn))
    refs = [receive(mail(cast, n), NOW).conversation.ref for n in (1, 2)]
    assert refs == ["LH-2222227", "LH-2222228"]
