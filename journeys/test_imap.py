"""Mail reports through Dovecot: by UID, nothing twice, old mail left alone, one bad message or slow mailbox stops nobody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from hotline.channels.email import fetch as fetching
from hotline.channels.email.fetch import fetch, fetch_all
from hotline.conversations.models import Contact, Conversation
from hotline.hotlines.models import Mailbox
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast
from hotline.testing.committed import at_once
from journeys.dovecot import PASSWORD, Dovecot, running

NOW = FRIDAY_BEFORE_TET


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture
def mailbox(committed_cast: Cast, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Mailbox:
    """A mailbox of its own for each test, connected once while it already had an old, unread mail."""
    monkeypatch.setenv("TEST_IMAP_PASSWORD", PASSWORD)
    user = f"u{abs(hash(request.node.name)) % 10**9}"
    dovecot.deliver(user, report("cu", "Thư cũ từ năm ngoái"))

    def make(_: int) -> Mailbox:
        box = Mailbox.objects.create(
            hotline=committed_cast.hotline, address=f"{user}@quangnam.example", host="127.0.0.1", port=dovecot.port,
            tls=False, username=user, password_env="TEST_IMAP_PASSWORD",
        )
        assert fetch(box, NOW) == 0, "what was there before the first connection is left alone"
        return box

    return at_once(1, make)[0]


def report(number: str, subject: str = "Đèn đường hỏng") -> bytes:
    return (
        f"From: an{number}@example.com\nTo: 1022@quangnam.example\nSubject: {subject}\nMessage-ID: <{number}@example.com>\n"
        "Content-Type: text/plain; charset=utf-8\n\nĐèn đường hẻm 12 Hùng Vương hỏng ba hôm nay, đề nghị sửa.\n"
    ).encode()


def fetched(box: Mailbox) -> int:
    """One round, as the fetcher process does it, committed."""
    return at_once(1, lambda _: fetch(Mailbox.objects.get(pk=box.pk), NOW))[0]


def contacts() -> list[str]:
    return sorted(Contact.objects.filter(direction="in").values_list("external_id", flat=True))


def test_every_new_mail_comes_once_whether_read_or_not(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.deliver(mailbox.username, report("a"), report("b"), report("c"))
    dovecot.deliver(mailbox.username, report("d"), flags="(\\Seen)")
    assert fetched(mailbox) == 4, "several waiting at once, one of them read by somebody on a telephone"
    assert fetched(mailbox) == 0
    assert contacts() == ["<a@example.com>", "<b@example.com>", "<c@example.com>", "<d@example.com>"]
    assert dovecot.count(mailbox.username) == 5, "nothing is deleted there"


def test_two_fetchers_import_nothing_twice(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.deliver(mailbox.username, *(report(f"t{n}") for n in range(10)))
    at_once(2, lambda _: fetch(Mailbox.objects.get(pk=mailbox.pk), NOW))
    fetched(mailbox)
    assert len(contacts()) == 10
    assert Conversation.objects.count() == 10


def test_a_mail_that_fails_stops_nobody_and_is_tried_again(
    mailbox: Mailbox, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(mailbox.username, report("1"), report("doc"), report("3"))
    real = fetching.receive
    broken = True

    def receive(raw: bytes, *rest: object) -> dict:
        if broken and b"<doc@" in raw:
            raise ValueError("a defect of ours")
        return real(raw, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(fetching, "receive", receive)
    assert fetched(mailbox) == 2, "the ones before and after it are in"
    broken = False
    assert fetched(mailbox) == 1, "and once the defect is mended, so is it"
    assert len(contacts()) == 3


def test_the_server_numbers_anew_and_nothing_is_doubled(mailbox: Mailbox, dovecot: Dovecot) -> None:
    dovecot.deliver(mailbox.username, report("x1"), report("x2"))
    fetched(mailbox)
    at_once(1, lambda _: Mailbox.objects.filter(pk=mailbox.pk).update(uidvalidity=1))
    dovecot.deliver(mailbox.username, report("x3"))
    fetched(mailbox)
    assert [c for c in contacts() if c.startswith("<x")] == ["<x1@example.com>", "<x2@example.com>", "<x3@example.com>"]


def test_a_silent_server_delays_no_other_mailbox(
    mailbox: Mailbox, dovecot: Dovecot, committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 3)
    dovecot.deliver(mailbox.username, report("n1"))
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts and never says a word
        silent_port = silent.getsockname()[1]

        def work(_: int) -> float:
            Mailbox.objects.create(
                hotline=committed_cast.hotline, address="im-lang@quangnam.example", host="127.0.0.1", port=silent_port,
                tls=False, username="x", password_env="TEST_IMAP_PASSWORD",
            )
            there: list[float] = []
            began = time.monotonic()

            def watch() -> None:
                while not Contact.objects.filter(external_id="<n1@example.com>").exists() and time.monotonic() - began < 10:
                    time.sleep(0.05)
                there.append(time.monotonic() - began)
                connection.close()

            watcher = threading.Thread(target=watch)
            watcher.start()
            fetch_all(NOW)
            watcher.join()
            return there[0]

        assert at_once(1, work)[0] < 2.5, "the good mailbox is read while the silent one is still waited for"
    assert "timed out" in Mailbox.objects.get(address="im-lang@quangnam.example").last_error


def test_a_wrong_password_is_said_on_the_mailbox(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_IMAP_PASSWORD", "sai")
    assert fetched(mailbox) == 0
    assert "AUTHENTICATIONFAILED" in Mailbox.objects.get(pk=mailbox.pk).last_error
