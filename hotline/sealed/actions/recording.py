"""Taking a denunciation down: whoever writes it never reads it again."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone

from hotline.calendars.queries import work_calendar
from hotline.conversations.rules import REFS
from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.jobs.actions import defer
from hotline.journal.actions import record as journal
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import DESK
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.lanes import remind_at
from hotline.regulation.limits import due
from hotline.regulation.words import Role
from hotline.sealed.actions.register import enter
from hotline.sealed.models import Denouncer, File, Message, Record, Thread
from hotline.sealed.rules import Deed, Said, Told, ref_of, without_identity
from hotline.sealed.wall import inside

WRITERS = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER, Role.SEALED_OFFICER})
NOT_A_WRITER = Label(
    "Chỉ tổng đài viên, trưởng ca và cán bộ tiếp nhận tố cáo được ghi hồ sơ này.",
    "Only call-takers, shift leaders and the denunciations officer may write this record.",
)
NEEDED = Label(
    "Vui lòng ghi người hoặc cơ quan bị tố cáo và nội dung vi phạm.", "Please write who is accused, and of what."
)


@transaction.atomic
def record_denunciation(told: Told, *, actor: Actor, now: datetime) -> str:
    """Write a record; returns its reference, the only thing of it the writer ever sees again.

    The identity goes into a row of its own and out of every text beside it. The journal learns that something was taken
    down, not what, not by whom. Raises Refused (not of the desk, nothing said, no regulation in force).
    """
    if not WRITERS & actor.roles:
        raise Refused(NOT_A_WRITER)
    if not told.accused.strip() or not told.matter.strip():
        raise Refused(NEEDED)
    hotline = Hotline.objects.get(pk=told.hotline_id)
    lanes = regulation_of(edition_in_force(hotline.pk, timezone.localdate(now))).lanes
    calendar = work_calendar(hotline.calendar_id)
    due_at = due(lanes.forward_within, told.received_at, calendar)
    reminder = remind_at(lanes, told.received_at, due_at, calendar)
    with inside():
        if told.messages and (known := _taken_down_already(told.messages[0])):
            return known
        record = _drawn(told, hotline.name, due_at, reminder, now)
        Denouncer.objects.create(
            record=record, name=told.identity.name[:200], phone=told.identity.phone[:32],
            email=told.identity.email[:254], address=told.identity.address[:300],
        )  # fmt: skip
        Message.objects.bulk_create(
            Message(
                record=record, at=m.at, ours=m.ours, channel=m.channel, source=m.source[:100],
                external_id=m.external_id[:300], message_id=m.message_id[:300], subject=m.subject[:500], text=m.text,
                raw=m.raw,
            )
            for m in told.messages
        )  # fmt: skip
        Thread.objects.bulk_create(Thread(record=record, code=code[:24]) for code in told.threads)
        File.objects.bulk_create(
            File(
                record=record, name=f.name[:200], content_type=f.content_type[:100], size=len(f.content), content=f.content,
                left_behind=f.left_behind,
            )
            for f in told.files
        )  # fmt: skip
        enter(record, Deed.RECORDED, actor, now)
    journal("sealed.recorded", "sealed", told.hotline_id, SYSTEM, now, topics=[DESK])
    if any(f.left_behind for f in told.files):
        transaction.on_commit(clear_away)
    return record.ref


def tell(ref: str, subject: str, text: str, *, now: datetime) -> None:
    """Queue the law's guidance to the denouncer's own mail address. The job carries a number, nothing else."""
    with transaction.atomic():
        with inside():
            record = Record.objects.get(ref=ref)
            message = Message.objects.create(
                record=record,
                at=now,
                ours=True,
                channel="email",
                external_id=f"told-{record.pk}",
                subject=subject,
                text=text,
            )
            enter(record, Deed.TOLD, SYSTEM, now)
        defer("tell_denouncer", message_id=message.pk)


def send(message_id: int) -> None:
    """Send a queued guidance. Raises smtplib.SMTPException or OSError, and the job comes again."""
    with inside():
        message = Message.objects.select_related("record__denouncer").get(pk=message_id)
        to, hotline_id = message.record.denouncer.email, message.record.hotline_id
    hotline = Hotline.objects.get(pk=hotline_id)
    EmailMessage(message.subject, message.text, f'"{hotline.name}" <{hotline.email}>', [to]).send()


def clear_away() -> int:
    """Remove files that lie in two places: in the record, and still where they came in. How many went.

    Runs after the commit and again every hour, for whoever was killed in between.
    """
    with inside():
        left = list(File.objects.exclude(left_behind="").values_list("pk", "left_behind"))
    for pk, path in left:
        default_storage.delete(path)
        with inside():
            File.objects.filter(pk=pk).update(left_behind="")
    return len(left)


def _taken_down_already(first: Said) -> str | None:
    """The reference of the record this very message is in: a form that was sent twice is one record."""
    same = Message.objects.filter(channel=first.channel, source=first.source[:100], external_id=first.external_id[:300])
    return same.values_list("record__ref", flat=True).first()


def _drawn(told: Told, hotline_name: str, due_at: datetime, reminder: datetime, now: datetime) -> Record:
    anonymous = told.identity.unknown if told.anonymous is None else told.anonymous
    texts = {
        name: without_identity(getattr(told, name).strip(), told.identity) for name in ("accused", "matter", "evidence")
    }
    while True:
        try:
            with transaction.atomic():
                return Record.objects.create(
                    ref=ref_of(secrets.randbelow(REFS)), hotline_id=told.hotline_id, hotline_name=hotline_name[:200],
                    channel=told.channel, accused=texts["accused"][:500], matter=texts["matter"],
                    evidence=texts["evidence"], anonymous=anonymous, protection=told.protection,
                    received_at=told.received_at, recorded_at=now, forward_due_at=due_at, remind_at=reminder,
                    state="recorded",
                )  # fmt: skip
        except IntegrityError:  # drawn before, once in 27 billion
            continue
