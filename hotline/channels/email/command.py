"""`hotline mail receive < message.eml` (what a mail server pipes to) and `hotline mail fetch` (the IMAP fetcher)."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading

TRY_AGAIN = 75  # EX_TEMPFAIL: the mail server keeps the message and comes again
CANNOT = 65  # EX_DATAERR


def main(argv: list[str]) -> int:
    """Run one of the two; the exit code follows sysexits, as mail servers read it."""
    parser = argparse.ArgumentParser(prog="hotline mail")
    verbs = parser.add_subparsers(dest="verb", required=True)
    one = verbs.add_parser("receive", help="read one message from standard input")
    one.add_argument("--mailbox", help="address of the mailbox it came to (default: found in the message)")
    many = verbs.add_parser("fetch", help="fetch from all IMAP mailboxes until told to stop")
    many.add_argument("--once", action="store_true", help="one round, then end")
    many.add_argument("--every", type=float, default=30.0, help="seconds between rounds")
    arguments = parser.parse_args(argv)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    return _receive(arguments.mailbox) if arguments.verb == "receive" else _fetch(arguments.once, arguments.every)


def _receive(address: str | None) -> int:
    from django.db import Error
    from django.utils import timezone

    from hotline.channels.email.inbound import receive
    from hotline.hotlines.models import Mailbox

    raw = sys.stdin.buffer.read()
    if not raw.strip():
        print("hotline mail receive: không có thư nào ở đầu vào / no message on standard input", file=sys.stderr)
        return CANNOT
    try:
        mailbox = None
        if address:
            mailbox = Mailbox.objects.select_related("hotline").filter(address__iexact=address).first()
            if mailbox is None:
                print(f"hotline mail receive: không có hộp thư {address} / no such mailbox", file=sys.stderr)
                return CANNOT
        result = receive(raw, mailbox, timezone.now())
    except (Error, LookupError) as error:
        reason = str(error).strip().splitlines()[0]
        print(f"hotline mail receive: chưa nhận được, xin gửi lại sau / try again later: {reason}", file=sys.stderr)
        return TRY_AGAIN
    print(json.dumps(result, ensure_ascii=False))
    return 0


def _fetch(once: bool, every: float) -> int:
    import logging

    from django.db import Error, connection

    from hotline.channels.email.fetch import fetch_all

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        try:
            counts = fetch_all()
        except Error as error:
            logging.getLogger(__name__).error("the database is away (%s); trying again", error)
            connection.close()
            counts = {}
        if once:
            print(json.dumps(counts))
            break
        stopping.wait(every)
    return 0
