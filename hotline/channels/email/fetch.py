"""Fetch mail over IMAP: by UID, several mailboxes side by side, nothing twice, nothing deleted.

What is older than the first connection is left alone. Two fetchers never read one mailbox at once (a lock in the database);
a message that fails is tried three times and then set aside by name, so that it blocks nobody.
"""

from __future__ import annotations

import imaplib
import logging
import os
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from hotline.channels.email.inbound import receive
from hotline.hotlines.models import Mailbox

log = logging.getLogger(__name__)
TRIES = 3
TIMEOUT_SECONDS = 30
BATCH = 50
_LOCK = 1022  # the class of our advisory locks on mailboxes


class FetchFailed(Exception):
    """The mailbox could not be read now (connection, sign-in, folder); the next round tries again."""


def fetch_all(now: datetime | None = None) -> dict[str, int]:
    """One round over all active mailboxes, each in a thread of its own: a slow one delays nobody. Address → fetched."""
    counts: dict[str, int] = {}

    def work(mailbox: Mailbox) -> None:
        try:
            counts[mailbox.address] = fetch(mailbox, now or timezone.now())
        finally:
            connection.close()

    boxes = list(Mailbox.objects.filter(active=True).exclude(host="").select_related("hotline"))
    threads = [threading.Thread(target=work, args=(box,), name=f"fetch {box.address}") for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def fetch(mailbox: Mailbox, now: datetime) -> int:
    """Fetch what is new in one mailbox; returns how many messages were taken in. Faults are kept on the mailbox."""
    with _alone(mailbox) as alone:
        if not alone:
            return 0
        mailbox.refresh_from_db()
        try:
            with _signed_in(mailbox) as imap:
                count = _take_new(imap, mailbox, now)
            mailbox.last_error = ""
        except (FetchFailed, imaplib.IMAP4.error, OSError) as error:
            count, mailbox.last_error = 0, str(error)[:1000]
            log.error("mailbox %s could not be read: %s; trying again next round", mailbox.address, error)
        mailbox.checked_at = now
        mailbox.save(update_fields=["checked_at", "last_error"])
        return count


@contextmanager
def _alone(mailbox: Mailbox) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, mailbox.pk])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, mailbox.pk])


@contextmanager
def _signed_in(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    password = os.environ.get(mailbox.password_env, "") if mailbox.password_env else ""
    if mailbox.tls:
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS
        )
    else:
        imap = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    try:
        imap.login(mailbox.username or mailbox.address, password)
        status, data = imap.select(f'"{mailbox.folder}"', readonly=True)  # reading changes nothing there
        if status != "OK":
            raise FetchFailed(f"Không mở được thư mục {mailbox.folder}: {data!r}")
        yield imap
    finally:
        try:
            imap.logout()
        except (imaplib.IMAP4.error, OSError) as error:
            log.info("mailbox %s: the server hung up first (%s)", mailbox.address, error)


def _take_new(imap: imaplib.IMAP4, mailbox: Mailbox, now: datetime) -> int:
    validity, following = _status(imap, mailbox)
    if mailbox.last_uid is None:
        # First connection: what is there already was read by somebody else; importing and answering it would be wrong.
        _remember(mailbox, validity, following - 1)
        return 0
    if mailbox.uidvalidity != validity:
        uids = _since(imap, mailbox)  # the server numbered anew; contacts already here are recognised by Message-ID
        mailbox.failed_uids = {}
    else:
        uids = [uid for uid in _search(imap, f"UID {mailbox.last_uid + 1}:*") if uid > mailbox.last_uid]
    retry = [int(uid) for uid, tries in mailbox.failed_uids.items() if tries < TRIES]
    count = 0
    for uid in sorted({*retry, *uids}):
        count += _take_one(imap, mailbox, uid, now)
        _remember(mailbox, validity, max(mailbox.last_uid if mailbox.uidvalidity == validity else 0, uid))
    if mailbox.uidvalidity != validity:
        _remember(mailbox, validity, following - 1)
    return count


def _take_one(imap: imaplib.IMAP4, mailbox: Mailbox, uid: int, now: datetime) -> int:
    try:
        status, data = imap.uid("FETCH", str(uid), "(BODY.PEEK[])")
        raw = next((part[1] for part in data if isinstance(part, tuple)), None)
        if status != "OK" or raw is None:
            mailbox.failed_uids.pop(str(uid), None)  # deleted meanwhile
            return 0
        result = receive(raw, mailbox, now)
    except (OSError, imaplib.IMAP4.abort):
        raise
    except Exception:  # one bad message never blocks the rest; it is counted, logged and tried again
        tries = mailbox.failed_uids.get(str(uid), 0) + 1
        mailbox.failed_uids[str(uid)] = tries
        again = "trying again next round" if tries < TRIES else "set aside; it stays in the mailbox"
        log.exception("mailbox %s, message %s failed (%s. time): %s", mailbox.address, uid, tries, again)
        return 0
    mailbox.failed_uids.pop(str(uid), None)
    log.info("mailbox %s, message %s: %s", mailbox.address, uid, result["kind"])
    return 1


def _remember(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.uidvalidity, mailbox.last_uid = validity, uid
    mailbox.save(update_fields=["uidvalidity", "last_uid", "failed_uids"])


def _status(imap: imaplib.IMAP4, mailbox: Mailbox) -> tuple[int, int]:
    _, data = imap.status(f'"{mailbox.folder}"', "(UIDVALIDITY UIDNEXT)")
    text = b" ".join(part for part in data if isinstance(part, bytes)).decode("ascii", "replace")
    validity, following = re.search(r"UIDVALIDITY (\d+)", text), re.search(r"UIDNEXT (\d+)", text)
    if not validity or not following:
        raise FetchFailed(f"Máy chủ không cho biết UIDVALIDITY, UIDNEXT: {text[:200]}")
    return int(validity[1]), int(following[1])


def _search(imap: imaplib.IMAP4, criterion: str) -> list[int]:
    status, data = imap.uid("SEARCH", None, criterion)  # type: ignore[arg-type]
    if status != "OK":
        raise FetchFailed(f"SEARCH {criterion}: {data!r}")
    return sorted(int(uid) for uid in (data[0] or b"").split())


def _since(imap: imaplib.IMAP4, mailbox: Mailbox) -> list[int]:
    day = (mailbox.checked_at or timezone.now()) - timedelta(days=2)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return _search(imap, f"SINCE {day.day}-{months[day.month - 1]}-{day.year}")
