"""One mail, from raw bytes to a contact: stored first, understood afterwards, the same mail once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from hotline.channels.email.bounces import read_bounce
from hotline.channels.email.mime import Mail, parse
from hotline.channels.email.reporter import extract_reporter
from hotline.channels.email.rules import MailKind, asks_no_answer, classify, find_code, may_answer, thread_keys
from hotline.channels.email.transport import own_domain
from hotline.conversations.models import RawMessage
from hotline.conversations.pictures import safe_picture
from hotline.conversations.rules import GivenFile
from hotline.hotlines.models import Hotline, Mailbox
from hotline.intake.actions import receive as take_in
from hotline.intake.rules import Arrival, Inbound

_ARRIVAL = {MailKind.BOUNCE: Arrival.BOUNCE, MailKind.AUTO_REPLY: Arrival.AUTO_REPLY}


def receive(raw: bytes, mailbox: Mailbox | None, now: datetime) -> dict[str, Any]:
    """Take in one mail. Returns what `hotline mail receive` prints: kind, conversation, case.

    `mailbox` None: found by the mail's own recipients, else the first mailbox. Whatever happens after the first line,
    the raw message is kept. Raises django.db.OperationalError when the database is away: hand the mail in again later.
    """
    stored = store(raw, now)
    mail = parse(raw)
    mailboxes = list(Mailbox.objects.select_related("hotline").order_by("id"))
    mailbox = mailbox or _mailbox_of(mail, mailboxes)
    own = frozenset({box.address.lower() for box in mailboxes} | {box.hotline.email.lower() for box in mailboxes})
    kind = classify(mail, own, own_domain(mailbox.address))
    if kind == MailKind.OWN_LOOP:
        return {"kind": str(kind), "conversation": None, "case": None}
    received = take_in(_inbound(mail, kind, mailbox, own, stored), now)
    return {
        "kind": str(kind) if kind == MailKind.LIST_MAIL and received.kind == "new" else str(received.kind),
        "conversation": received.conversation.ref if received.conversation else None,
        "case": received.case.code if received.case else None,
    }


def store(raw: bytes, now: datetime) -> RawMessage:
    """Keep the message exactly as it came, once."""
    digest = hashlib.sha256(raw).hexdigest()
    stored, _ = RawMessage.objects.get_or_create(sha256=digest, defaults={"content": raw, "received_at": now})
    return stored


def _mailbox_of(mail: Mail, mailboxes: list[Mailbox]) -> Mailbox:
    addressed = {*mail.delivered_to, *mail.to, *mail.cc}
    found = next((box for box in mailboxes if box.address.lower() in addressed), None)
    if found is None and not mailboxes:
        raise LookupError("Chưa khai báo hộp thư nào cho tổng đài; nạp gói tỉnh (hotline load_pack) rồi thử lại.")
    return found or mailboxes[0]


def _inbound(mail: Mail, kind: MailKind, mailbox: Mailbox, own: frozenset[str], stored: RawMessage) -> Inbound:
    said = extract_reporter(mail.text)  # the signature, not in new_text, names the sender too
    bounce = read_bounce(mail, own) if kind == MailKind.BOUNCE else None
    prefixes = {*Hotline.objects.values_list("code_prefix", flat=True), "LH"}
    return Inbound(
        hotline_id=mailbox.hotline_id,
        channel="email",
        source=mailbox.address,
        external_id=mail.message_id,
        text=mail.new_text or mail.text,
        subject=mail.subject,
        arrival=_ARRIVAL.get(kind, Arrival.MESSAGE),
        may_answer=may_answer(kind) and not asks_no_answer(mail),
        name=said["name"].value if "name" in said else mail.from_name,
        phone=said["phone"].value if "phone" in said else "",
        email=mail.reply_to if mail.reply_to and mail.reply_to not in own else mail.from_address,
        address=said["address"].value if "address" in said else "",
        message_id=mail.message_id,
        answers=thread_keys(mail),
        code=find_code(mail.subject, prefixes) or "",
        failed_message_id=bounce.original_message_id if bounce else "",
        permanent=bounce.permanent if bounce else True,
        reason=(bounce.diagnostic or bounce.status) if bounce else "",
        files=tuple(_file(a.filename, a.content_type, a.content) for a in mail.attachments),
        raw_id=stored.pk,
        meta={"notes": list(mail.notes), "whole_text": mail.text[:20_000]} if mail.text != mail.new_text
        else {"notes": list(mail.notes)},
    )  # fmt: skip


def _file(name: str, content_type: str, content: bytes) -> GivenFile:
    """A picture is made again by us and may be shown in a page; anything else can only be downloaded."""
    picture = safe_picture(name, content) if content_type.startswith("image/") else None
    return picture or GivenFile(name, content_type, content)
