"""A message from any channel joins its conversation, or begins one; what automatic mail means is decided once, here."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from hotline.cases.actions import count_follow_up
from hotline.cases.models import Case
from hotline.citizens.actions import find_or_create
from hotline.conversations.actions import add_contact, mark_failed, queue_outgoing, start, topics_of
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.conversations.queries import joined_by
from hotline.hotlines.queries import Closed
from hotline.intake.actions.once import Received, ask_back, lacking_in, once
from hotline.intake.rules import Arrival, Inbound, ReceivedKind
from hotline.journal.actions import draft, record, record_all
from hotline.journal.rules import SYSTEM, Actor, citizen_actor
from hotline.live.rules import agency_topic, case_topic
from hotline.regulation.completeness import Needed

State = Conversation.State
_SILENT = {Arrival.BOUNCE: ReceivedKind.BOUNCE, Arrival.AUTO_REPLY: ReceivedKind.AUTO_REPLY}
_CONTACT_KINDS = {
    Arrival.MESSAGE: Contact.Kind.MESSAGE, Arrival.BOUNCE: Contact.Kind.BOUNCE, Arrival.AUTO_REPLY: Contact.Kind.AUTO_REPLY,
}  # fmt: skip


def receive(inbound: Inbound, now: datetime) -> Received:
    """Receive one message; the same (channel, source, external_id) again gives the first contact back, whoever is first.

    A person's message joins the conversation it answers or begins one. Bounces and automatic replies only ever join; they
    change no state and ask for nothing. Where no edition is in force a new message is kept, answered with when and where to
    turn, and closed.
    """
    return once(
        inbound.channel, inbound.source[:100], inbound.external_id[:300], inbound.files,
        lambda stored: _write(inbound, stored, now),
    )


def _write(inbound: Inbound, stored: list[Attachment], now: datetime) -> Received:
    conversation = _conversation_of(inbound)
    if conversation is None and _fell_into_the_letterbox(inbound, now):
        return Received(ReceivedKind.IGNORED)
    if inbound.arrival != Arrival.MESSAGE:
        return _silent(inbound, conversation, stored, now)
    return _reply(inbound, conversation, stored, now) if conversation else _new(inbound, stored, now)


def _fell_into_the_letterbox(inbound: Inbound, now: datetime) -> bool:
    """Whether this follows what was taken away from the desk for good. Asked by name: the intake knows no sealed lane."""
    return bool(
        import_string(settings.LETTERBOX)(
            channel=inbound.channel, source=inbound.source, external_id=inbound.external_id, message_id=inbound.message_id,
            answers=inbound.answers, code=inbound.code, subject=inbound.subject, text=inbound.text, files=inbound.files,
            raw_id=inbound.raw_id, now=now,
        )
    )


def _conversation_of(inbound: Inbound) -> Conversation | None:
    """The conversation this answers, locked: two answers at once are dealt with one after the other."""
    ids = [m for m in (inbound.failed_message_id, *inbound.answers) if m]
    refs = [inbound.code] if inbound.code.startswith("LH-") else []
    found = joined_by(ids, refs)
    if found is None and inbound.code and not refs:
        case = Case.objects.filter(code=inbound.code).select_related("conversation").first()
        found = case.conversation if case else None
    if found is None:
        return None
    return Conversation.objects.select_for_update().get(pk=found.pk)


def _contact(
    inbound: Inbound, conversation: Conversation, stored: list[Attachment], author: Actor, now: datetime,
    lacking: list[Needed] | None = None,
) -> Contact:
    meta = dict(inbound.meta)
    if inbound.email and conversation.reporter_email and inbound.email.lower() != conversation.reporter_email.lower():
        meta["from"] = inbound.email  # somebody else writes into this thread; our answers still go to the reporter
    return add_contact(
        conversation, kind=_CONTACT_KINDS[inbound.arrival], channel=inbound.channel, source=inbound.source,
        external_id=inbound.external_id, message_id=inbound.message_id, subject=inbound.subject, text=inbound.text,
        author=author, missing=lacking or [], meta=meta, raw_id=inbound.raw_id, files=stored, now=now,
    )


def _silent(
    inbound: Inbound, conversation: Conversation | None, stored: list[Attachment], now: datetime
) -> Received:
    if conversation is None:
        return Received(ReceivedKind.IGNORED)
    contact = _contact(inbound, conversation, stored, SYSTEM, now)
    if inbound.arrival == Arrival.BOUNCE and inbound.permanent:
        lost = conversation.contacts.filter(
            direction=Contact.Direction.OUT, message_id__in=[inbound.failed_message_id, *inbound.answers]
        ).exclude(message_id="").order_by("-id").first()
        if lost:
            mark_failed(lost.pk, inbound.reason, permanent=True, now=now)
    record(
        "conversation.noted", "conversation", conversation.pk, SYSTEM, now,
        after={"contact": contact.pk, "kind": str(contact.kind)}, topics=topics_of(conversation),
    )
    return Received(_SILENT[inbound.arrival], conversation, contact, conversation.cases.order_by("id").first())


def _new(inbound: Inbound, stored: list[Attachment], now: datetime) -> Received:
    try:
        lacking, closed = lacking_in(inbound.hotline_id, inbound.channel, inbound.given(), now), None
    except Closed as refused:
        lacking, closed = [], refused
    citizen = find_or_create(
        name=inbound.name, phone=inbound.phone, email=inbound.email, address=inbound.address, language=inbound.language,
        now=now,
    )
    conversation = start(
        hotline_id=inbound.hotline_id, channel=inbound.channel, citizen=citizen, name=inbound.name, phone=inbound.phone,
        email=inbound.email, address=inbound.address, subject=inbound.subject, text=inbound.text or inbound.subject,
        state=State.CLOSED if closed else State.INCOMPLETE if lacking else State.WAITING, now=now,
    )
    author = citizen_actor(citizen.pk, inbound.name)
    contact = _contact(inbound, conversation, stored, author, now, lacking)
    if closed:
        _say_closed(conversation, contact, closed, inbound, now)
        return Received(ReceivedKind.NEW, conversation, contact)
    record(
        "conversation.incomplete" if lacking else "conversation.received", "conversation", conversation.pk, author, now,
        after={"contact": contact.pk, "missing": lacking, "answer": inbound.may_answer}, topics=topics_of(conversation),
    )
    if lacking and inbound.may_answer:
        ask_back(conversation, lacking, inbound.language, now)
    return Received(ReceivedKind.NEW, conversation, contact)


def _say_closed(conversation: Conversation, contact: Contact, closed: Closed, inbound: Inbound, now: datetime) -> None:
    """Outside the hotline's time nothing is taken in, and nothing is lost: the message is kept, its writer told where to
    turn, in the sentence the portal and the desk say too."""
    conversation.outcome = "closed"
    conversation.save(update_fields=["outcome"])
    if inbound.may_answer:
        queue_outgoing(
            conversation, kind=Contact.Kind.ANSWER, text=closed.sentence.get(inbound.language[:2]), actor=SYSTEM, now=now,
            meta={"outcome": "closed"},
        )
    record(
        "conversation.closed", "conversation", conversation.pk, SYSTEM, now,
        after={"state": conversation.state, "outcome": "closed", "contact": contact.pk}, topics=topics_of(conversation),
    )


def _reply(inbound: Inbound, conversation: Conversation, stored: list[Attachment], now: datetime) -> Received:
    lacking: list[Needed] = []
    filled: list[str] = []
    if conversation.state == State.INCOMPLETE:
        filled = _fill(conversation, inbound)
        lacking = lacking_in(conversation.hotline_id, conversation.channel, _known(conversation, inbound), conversation.opened_at)
    author = citizen_actor(conversation.citizen_id, conversation.reporter_name or inbound.name)
    contact = _contact(inbound, conversation, stored, author, now, lacking)
    cases = list(conversation.cases.order_by("id"))
    before = conversation.state
    # Where the state changes it takes its place in the line now; while it waits it keeps the place it has. Asked back
    # once: what is still incomplete then is for a person to read, not for a second machine letter.
    if conversation.state in (State.INCOMPLETE, State.ANSWERED, State.CLOSED) or _at_nobody(conversation, cases):
        conversation.state, conversation.last_contact_at = State.WAITING, now
        conversation.taken_by = conversation.taken_at = None
    conversation.version += 1
    conversation.save(
        update_fields=["state", "last_contact_at", "taken_by", "taken_at", "version", *filled]
    )
    _record_reply(conversation, contact, cases, before, author, now)
    return Received(ReceivedKind.REPLY, conversation, contact, cases[0] if cases else None)


def _at_nobody(conversation: Conversation, cases: list[Case]) -> bool:
    """A case was opened and nobody owes anything any more: the desk reads what the citizen still has to say."""
    return conversation.state == State.OPENED and not any(case.is_open for case in cases)


def _record_reply(
    conversation: Conversation, contact: Contact, cases: list[Case], before: str, author: Actor, now: datetime
) -> None:
    """One act on the conversation, and one on each case that is open or may still be reopened: its page shows it live."""
    acts = [
        draft(
            "conversation.followed_up", "conversation", conversation.pk, author, now, before={"state": before},
            after={"contact": contact.pk, "state": conversation.state, "missing": contact.missing},
            topics=topics_of(conversation),
        )
    ]
    for case in cases:
        may_reopen = case.reopen_until is not None and now <= case.reopen_until and not case.is_open
        if case.is_open or may_reopen:
            holder = [agency_topic(case.agency_id)] if case.agency_id else []
            acts.append(draft(
                "case.followed_up", "case", case.pk, author, now, after={"contact": contact.pk, "may_reopen": may_reopen},
                topics=[case_topic(case.pk), *holder],
            ))
    record_all([*acts, *count_follow_up(cases, now)])


def _fill(conversation: Conversation, inbound: Inbound) -> list[str]:
    """Blanks of the conversation that this message fills."""
    filled = []
    said = [
        ("reporter_name", inbound.name[:200]), ("reporter_phone", inbound.phone[:32]),
        ("reporter_email", inbound.email[:254]), ("reporter_address", inbound.address[:300]),
    ]  # fmt: skip
    for field, value in said:
        if value and not getattr(conversation, field):
            setattr(conversation, field, value)
            filled.append(field)
    if filled and conversation.citizen_id is None:
        conversation.citizen = find_or_create(
            name=conversation.reporter_name, phone=conversation.reporter_phone, email=conversation.reporter_email,
            address=conversation.reporter_address, now=conversation.opened_at,
        )
        filled.append("citizen")
    elif "reporter_phone" in filled:
        find_or_create(
            phone=conversation.reporter_phone, email=conversation.reporter_email, name=conversation.reporter_name,
            address=conversation.reporter_address, now=conversation.opened_at,
        )
    return filled


def _known(conversation: Conversation, inbound: Inbound) -> dict[str, str]:
    """What the whole thread has given so far, this message included."""
    return {
        Needed.NAME: conversation.reporter_name, Needed.PHONE: conversation.reporter_phone,
        Needed.EMAIL: conversation.reporter_email, Needed.ADDRESS: conversation.reporter_address,
        Needed.CONTENT: f"{conversation.subject} {conversation.preview} {inbound.text}",
        Needed.PHOTO: "x" if inbound.files else "",
    }  # fmt: skip

