"""What is done with conversations: started, added to, taken and given back, written to, delivered."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from hotline.citizens.models import Citizen
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.conversations.querysets import AT_DESK
from hotline.conversations.rules import (
    DESK_ONLY,
    NOT_AT_THE_DESK,
    NOT_YOURS,
    TAKEN_BY_ANOTHER,
    GivenFile,
    SendingFailed,
    new_ref,
    preview,
    travels,
)
from hotline.jobs.actions import defer
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import DESK, case_topic, conversation_topic, oversight
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.rows import write

DESK_ROLES: frozenset[str] = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER})
SAME_MESSAGE = "same_message_is_one_contact"
TRIES = 8  # of sending, before a passing fault counts as lasting

Result = TypeVar("Result")
State = Conversation.State


class AlreadyHere(Exception):
    """This very message is a contact already; `contact` is that one. Nothing was written."""

    def __init__(self, contact: Contact) -> None:
        super().__init__(f"{contact.channel} {contact.external_id} is already contact {contact.pk}")
        self.contact = contact


def at_most_once(channel: str, source: str, external_id: str, write: Callable[[], Result]) -> Result:
    """Run `write` in one transaction that holds or falls with the contact it adds under this key.

    The unique key of Contact decides, not a look beforehand: of any number of requests at once with the same message one
    writes, the others wait for it and get AlreadyHere with the first contact. A drawn reference that is taken is drawn again.
    """
    while True:
        try:
            with transaction.atomic():
                return write()
        except IntegrityError as error:
            constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
            if constraint == SAME_MESSAGE:
                first = Contact.objects.select_related("conversation__citizen").get(
                    channel=channel, source=source, external_id=external_id
                )
                raise AlreadyHere(first) from None
            if "_ref_" not in constraint:
                raise


def start(
    *, hotline_id: int, channel: str, citizen: Citizen | None, name: str = "", phone: str = "", email: str = "",
    address: str = "", subject: str = "", text: str = "", state: str = State.WAITING, domain: str = "", now: datetime,
) -> Conversation:
    """Begin a thread with a reporter; call inside `at_most_once` together with the first `add_contact`.

    Raises IntegrityError when the drawn reference is taken, which `at_most_once` answers by drawing again.
    """
    conversation = Conversation(
        ref=new_ref(secrets.randbelow), hotline_id=hotline_id, channel=channel, citizen=citizen,
        reporter_name=name[:200], reporter_phone=phone[:32], reporter_email=email[:254], reporter_address=address[:300],
        subject=subject[:500], preview=preview(text), state=state, domain=domain, opened_at=now, last_contact_at=now,
    )
    write(conversation)
    return conversation


def add_contact(
    conversation: Conversation, *, channel: str, source: str = "", external_id: str, text: str, author: Actor,
    now: datetime, direction: str = Contact.Direction.IN, kind: str = Contact.Kind.MESSAGE, subject: str = "",
    message_id: str = "", missing: Sequence[str] = (), meta: dict | None = None, raw_id: int | None = None,
    delivery: str = Contact.Delivery.NONE, files: Iterable[Attachment] = (),
) -> Contact:
    """Add one message. Raises IntegrityError when this very message is there already: see `at_most_once`."""
    contact = Contact(
        conversation=conversation, direction=direction, kind=kind, channel=channel, source=source[:100],
        external_id=external_id[:300], message_id=message_id[:300], subject=subject[:500], text=text, at=now,
        author=author.snapshot(), missing=list(missing), meta=meta or {}, raw_id=raw_id, delivery=delivery,
    )
    write(contact)
    files = list(files)
    for file in files:
        file.contact = contact
    write(*files)
    return contact


def store_files(files: Sequence[GivenFile]) -> list[Attachment]:
    """Put files into the store before the transaction that makes rows of them; returns the rows, not yet written.

    Whoever does not write the rows after all calls `drop_files`. All are stored or none.
    """
    stored: list[Attachment] = []
    try:
        for file in files:
            row = Attachment(
                key=uuid.uuid4(), name=file.name[:200], content_type=file.content_type[:100], size=len(file.data),
                width=file.width, height=file.height,
            )
            path = row.file.field.generate_filename(row, "")
            row.file.name = default_storage.save(path, ContentFile(file.data))
            stored.append(row)
    except BaseException:
        drop_files(stored)
        raise
    return stored


def drop_files(stored: Iterable[Attachment]) -> None:
    """Remove stored files whose rows were rolled back: no orphan stays."""
    for row in stored:
        if row.file.name:
            default_storage.delete(row.file.name)


def take(conversation_id: int, *, actor: Actor, now: datetime, version: int | None = None) -> Conversation:
    """A call-taker begins to deal with a conversation. Taking one's own again changes nothing.

    Raises Refused when somebody else has it or it has left the desk, Stale when it changed since `version`.
    """
    with transaction.atomic():
        conversation = held(conversation_id, actor, version)
        if conversation.state == State.TAKEN and conversation.taken_by_id == actor.id:
            return conversation
        before = {"state": conversation.state, "taken_by": conversation.taken_by_id}
        conversation.taken_by_id, conversation.taken_at = actor.id, now
        move(conversation, State.TAKEN, "taken_by", "taken_at")
        record(
            "conversation.taken", "conversation", conversation.pk, actor, now, before=before,
            after={"state": conversation.state, "taken_by": actor.id}, topics=topics_of(conversation),
        )
        return conversation


def release(conversation_id: int, *, actor: Actor, now: datetime, version: int | None = None) -> Conversation:
    """Give a taken conversation back to the desk, to its old place in the line."""
    with transaction.atomic():
        conversation = locked(conversation_id, actor, version)
        if conversation.state != State.TAKEN:
            return conversation
        if conversation.taken_by_id != actor.id and Role.SHIFT_LEADER not in actor.roles:
            raise Refused(NOT_YOURS)
        before = {"state": conversation.state, "taken_by": conversation.taken_by_id}
        conversation.taken_by_id = conversation.taken_at = None
        move(conversation, State.WAITING, "taken_by", "taken_at")
        record(
            "conversation.released", "conversation", conversation.pk, actor, now, before=before,
            after={"state": conversation.state}, topics=topics_of(conversation),
        )
        return conversation


def locked(conversation_id: int, actor: Actor, version: int | None = None) -> Conversation:
    """The conversation, locked, for somebody of the desk. Raises Refused (not of the desk), Stale."""
    if not DESK_ROLES & actor.roles:
        raise Refused(DESK_ONLY)
    conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
    if version is not None and conversation.version != version:
        raise Stale
    return conversation


def held(conversation_id: int, actor: Actor, version: int | None = None, also: Sequence[str] = ()) -> Conversation:
    """The conversation, locked, that this call-taker may deal with: at the desk (or in a state of `also`), and free or
    theirs; a shift leader may step in. Raises Refused, Stale."""
    conversation = locked(conversation_id, actor, version)
    if conversation.state not in (*AT_DESK, *also):
        raise Refused(NOT_AT_THE_DESK)
    anothers = conversation.state == State.TAKEN and conversation.taken_by_id not in (None, actor.id)
    if anothers and Role.SHIFT_LEADER not in actor.roles:
        name = conversation.taken_by.full_name if conversation.taken_by else ""
        raise Refused(Label(TAKEN_BY_ANOTHER.vi.format(name=name), TAKEN_BY_ANOTHER.en.format(name=name)), retry=True)
    return conversation


def move(conversation: Conversation, state: str, *fields: str) -> None:
    """Write a locked conversation's new state and these fields, and raise its version."""
    conversation.state = state
    conversation.version += 1
    conversation.save(update_fields=["state", "version", *fields])


def topics_of(conversation: Conversation) -> list[str]:
    """Who listens to acts on a conversation."""
    return [DESK, *oversight(conversation.domain), conversation_topic(conversation.pk)]


# -- what we write, and whether it arrived -----------------------------------------------------------------------------


def queue_outgoing(
    conversation: Conversation, *, kind: str, text: str, subject: str = "", actor: Actor, now: datetime,
    external_id: str = "", message_id: str = "", meta: dict | None = None, files: Iterable[Attachment] = (),
) -> Contact:
    """Write to the reporter on their own channel: the contact, and in the same transaction the job that sends it.

    With an `external_id` ("act-4217") the second call finds the first contact: a job that runs twice writes once.
    Without an address the message cannot travel; it is kept (delivery "none") for the page, or for the telephone.
    """
    channel, external_id = conversation.channel, external_id or f"out-{uuid.uuid4().hex}"
    queued = travels(conversation.channel, conversation.reporter_email)
    delivery = Contact.Delivery.QUEUED if queued else Contact.Delivery.NONE

    def write() -> Contact:
        contact = add_contact(
            conversation, channel=channel, external_id=external_id, direction=Contact.Direction.OUT, kind=kind,
            subject=subject, text=text, author=actor, message_id=message_id, meta=meta, delivery=delivery, files=files,
            now=now,
        )
        if queued:
            defer("deliver", contact_id=contact.pk)
        return contact

    try:
        return at_most_once(channel, "", external_id, write)
    except AlreadyHere as first:
        return first.contact


def deliver(contact_id: int, *, now: datetime) -> Contact:
    """Send a queued message by its channel's transport. Sent or failed for good already: nothing happens.

    Raises SendingFailed when the fault passes, so that the job comes again; a lasting fault is on the contact.
    """
    contact = Contact.objects.select_related("conversation__hotline", "conversation__citizen").get(pk=contact_id)
    if contact.delivery not in (Contact.Delivery.QUEUED, Contact.Delivery.RETRYING):
        return contact
    transport = import_string(settings.CHANNELS[contact.channel])
    try:
        message_id = transport(contact)
    except SendingFailed as error:
        lasting = error.permanent or contact.delivery_tries + 1 >= TRIES
        mark_failed(contact_id, str(error), permanent=lasting, now=now)
        if not lasting:
            raise
        return contact
    return mark_sent(contact_id, message_id=message_id or "", now=now)


def mark_sent(contact_id: int, *, now: datetime, message_id: str = "") -> Contact:
    """The message left us. Once: a second report changes nothing."""
    return _delivered(contact_id, Contact.Delivery.SENT, now, "", message_id)


def mark_failed(contact_id: int, error: str, *, permanent: bool, now: datetime) -> Contact:
    """The message did not go out, or came back. `permanent` ends it and tells the desk; else it will be tried again."""
    state = Contact.Delivery.FAILED if permanent else Contact.Delivery.RETRYING
    return _delivered(contact_id, state, now, error, "")


_MAY_BECOME: dict[str, tuple[str, ...]] = {
    Contact.Delivery.SENT: (Contact.Delivery.QUEUED, Contact.Delivery.RETRYING),
    Contact.Delivery.RETRYING: (Contact.Delivery.QUEUED, Contact.Delivery.RETRYING),
    # What was sent may still come back as a bounce.
    Contact.Delivery.FAILED: (Contact.Delivery.QUEUED, Contact.Delivery.RETRYING, Contact.Delivery.SENT),
}
_ACTS: dict[str, str] = {Contact.Delivery.SENT: "conversation.sent", Contact.Delivery.FAILED: "conversation.undelivered"}


def _delivered(contact_id: int, state: str, now: datetime, error: str, message_id: str) -> Contact:
    with transaction.atomic():
        changes: dict = {"delivery": state, "delivery_error": error, "delivery_tries": F("delivery_tries") + 1}
        if state == Contact.Delivery.SENT:
            changes["delivered_at"] = now
        if message_id:
            changes["message_id"] = message_id[:300]
        changed = Contact.objects.filter(pk=contact_id, delivery__in=_MAY_BECOME[state]).update(**changes)
        contact = Contact.objects.select_related("conversation").get(pk=contact_id)
        if changed and state in _ACTS:
            cases = contact.conversation.cases.values_list("pk", flat=True)
            record(
                _ACTS[state], "conversation", contact.conversation_id, SYSTEM, now,
                after={"contact": contact.pk, "delivery": str(state)},
                topics=[*topics_of(contact.conversation), *map(case_topic, cases)],
            )
        return contact
