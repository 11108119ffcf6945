"""The letterbox: what a denouncer writes afterwards falls in here, and nothing comes out but whether it fell in.

The intake asks it (by the name in settings, so that it knows nothing of this folder) before a message that answers nothing
of ours begins a new conversation: a reply to what was taken away from the desk must not come back to the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from hotline.conversations.models import RawMessage
from hotline.conversations.rules import GivenFile
from hotline.journal.rules import SYSTEM
from hotline.sealed.actions.register import enter
from hotline.sealed.models import File, Message, Record
from hotline.sealed.rules import Deed
from hotline.sealed.wall import inside


@transaction.atomic
def follow(
    *, channel: str, source: str, external_id: str, message_id: str, answers: Sequence[str], code: str, subject: str,
    text: str, files: Sequence[GivenFile], raw_id: int | None, now: datetime,
) -> bool:  # fmt: skip
    """Whether a message belongs to a sealed record; then it is in there, once, and its raw form nowhere else."""
    raw = RawMessage.objects.filter(pk=raw_id).first() if raw_id else None
    with inside():
        same = Q(channel=channel, source=source[:100], external_id=external_id[:300])
        known = Message.objects.filter(same).exists()
        record = None if known else _record_of([*answers], code)
        if record is not None:
            _add(
                record, files, now,
                Message(
                    record=record, at=now, channel=channel, source=source[:100], external_id=external_id[:300],
                    message_id=message_id[:300], subject=subject[:500], text=text, raw=bytes(raw.content) if raw else None,
                ),
            )  # fmt: skip
    if not known and record is None:
        return False
    if raw is not None:
        raw.delete()
    return True


def _record_of(answers: list[str], code: str) -> Record | None:
    told = Q(messages__message_id__in=[a for a in answers if a])
    if code:
        told |= Q(threads__code=code)
    return Record.objects.filter(told).order_by("-id").first() if answers or code else None


def _add(record: Record, files: Sequence[GivenFile], now: datetime, message: Message) -> None:
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:  # the same message at the same moment through another door
        return
    File.objects.bulk_create(
        File(record=record, name=f.name[:200], content_type=f.content_type[:100], size=len(f.data), content=f.data)
        for f in files
    )
    enter(record, Deed.ADDED, SYSTEM, now)
