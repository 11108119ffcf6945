"""A conversation taken out of the ordinary tables whole: what it held as values, its rows gone, a stub in their place."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import ProtectedError
from django.utils import timezone

from hotline.citizens.models import Citizen
from hotline.conversations.models import Attachment, Contact, Conversation, RawMessage
from hotline.conversations.rules import SEALED, new_ref
from hotline.refusals import Refused
from hotline.regulation.labels import Label

STILL_USED = Label(
    "Nội dung này đã được dùng ở nơi khác (phiếu, chuyên gia) nên không tự chuyển được; vui lòng báo trưởng ca.",
    "This is in use elsewhere (a case, an expert) and cannot be taken out by itself; please tell the shift leader.",
)


@dataclass(frozen=True, slots=True)
class TakenContact:
    """A message with everything that was kept of it."""

    at: datetime
    ours: bool
    channel: str
    source: str
    external_id: str
    message_id: str
    subject: str
    text: str
    raw: bytes | None


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file, and the name under which it still lies in the store until its new place is safe."""

    name: str
    content_type: str
    content: bytes
    stored: str


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A conversation as it was."""

    hotline_id: int
    channel: str
    ref: str
    name: str
    phone: str
    email: str
    address: str
    opened_at: datetime
    contacts: tuple[TakenContact, ...]
    files: tuple[TakenFile, ...]


def take_out(conversation: Conversation, now: datetime) -> TakenOut:
    """Delete a locked conversation, everything written in it, whatever hangs on it, and its citizen where nothing else is
    known of them; call inside a transaction together with what keeps the result.

    What stays is a stub of another number and reference that knows the channel and the day, not the hour: it is counted
    and says nothing. Stored files stay where they are: they are the caller's to remove after the commit. Raises Refused
    when something that must not vanish still needs it.
    """
    contacts = list(conversation.contacts.select_related("raw").order_by("id"))
    attachments = list(Attachment.objects.filter(contact__in=contacts).order_by("id"))
    taken = TakenOut(
        hotline_id=conversation.hotline_id, channel=conversation.channel, ref=conversation.ref,
        name=conversation.reporter_name, phone=conversation.reporter_phone, email=conversation.reporter_email,
        address=conversation.reporter_address, opened_at=conversation.opened_at,
        contacts=tuple(_taken(contact) for contact in contacts),
        files=tuple(_file(attachment) for attachment in attachments),
    )  # fmt: skip
    citizen_id = conversation.citizen_id
    try:
        Attachment.objects.filter(pk__in=[a.pk for a in attachments]).delete()
        Contact.objects.filter(pk__in=[c.pk for c in contacts]).delete()
        RawMessage.objects.filter(pk__in=[c.raw_id for c in contacts if c.raw_id], contact=None).delete()
        for relation in Conversation._meta.related_objects:  # of folders above, which we need not know
            model, column = relation.related_model, relation.field.name
            if isinstance(model, type) and model is not Conversation:
                model._base_manager.filter(**{column: conversation.pk}).delete()
        conversation.delete()
        _forget(citizen_id)
    except ProtectedError as error:
        raise Refused(STILL_USED) from error
    _leave_stub(taken, now)
    return taken


def _taken(contact: Contact) -> TakenContact:
    return TakenContact(
        at=contact.at, ours=contact.direction == Contact.Direction.OUT, channel=contact.channel, source=contact.source,
        external_id=contact.external_id, message_id=contact.message_id, subject=contact.subject, text=contact.text,
        raw=bytes(contact.raw.content) if contact.raw else None,
    )  # fmt: skip


def _file(attachment: Attachment) -> TakenFile:
    with attachment.file.open("rb") as stored:
        content = stored.read()
    return TakenFile(attachment.name, attachment.content_type, content, attachment.file.name or "")


def _forget(citizen_id: int | None) -> None:
    """The citizen's own row, when no other thread or case of theirs is here."""
    citizen = Citizen.objects.filter(pk=citizen_id).first() if citizen_id else None
    if citizen is None:
        return
    for relation in Citizen._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        known = isinstance(model, type) and column == "citizen" and model.__name__ != "Handle"
        if known and model._base_manager.filter(**{column: citizen.pk}).exists():
            return
    citizen.delete()


def _leave_stub(taken: TakenOut, now: datetime) -> None:
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    Conversation.objects.create(
        ref=new_ref(secrets.randbelow), hotline_id=taken.hotline_id, channel=taken.channel,
        state=Conversation.State.CLOSED, outcome=SEALED, opened_at=day, last_contact_at=day,
    )  # fmt: skip
