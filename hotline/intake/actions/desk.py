"""The intake desk: a call-taker types in, answers at once, asks for what is missing, or opens a case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from hotline.cases import actions as cases
from hotline.cases.identity.queries import any_hidden
from hotline.cases.models import Case
from hotline.citizens.actions import correct, find_or_create
from hotline.citizens.models import Citizen
from hotline.conversations.actions import DESK_ROLES, add_contact, held, move, queue_outgoing, start, topics_of
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.conversations.rules import DESK_ONLY, SEALED
from hotline.intake.actions.once import Received, lacking_in, once
from hotline.intake.rules import (
    NEEDS_WORDS,
    NO_FIELD,
    NOTHING_MISSING,
    OUTCOMES,
    UNKNOWN_OUTCOME,
    WORDS_NEEDED,
    How,
    ReceivedKind,
    TypedIn,
    ask_for,
    summary_of,
)
from hotline.journal.actions import record
from hotline.journal.rules import Actor, citizen_actor
from hotline.live.rules import case_topic
from hotline.organisation.models import Agency
from hotline.refusals import Refused
from hotline.regulation.completeness import Needed
from hotline.regulation.lifecycle import Urgency
from hotline.routing.queries import area_of, field_of, suggest

State = Conversation.State
GUIDED = "complaint_guided"


def type_in(form: TypedIn, *, actor: Actor, now: datetime) -> Received:
    """Write down what somebody says on the telephone or at the counter, or wrote to its number. The citizen is found by the
    number.

    The call-taker holds the conversation from the first moment. The same `typing` again gives the first one back.
    """
    if not DESK_ROLES & actor.roles:
        raise Refused(DESK_ONLY)
    source = "walk-in" if form.how == How.WALK_IN else form.dialled or "typed"
    channel = "sms" if form.how == How.TEXT else "phone"

    def write(stored: list[Attachment]) -> Received:
        lacking = lacking_in(form.hotline_id, channel, form.given(), now)
        citizen = find_or_create(
            name=form.name, phone=form.phone, email=form.email, address=form.address, language=form.language or "vi", now=now,
            kind=Citizen.Kind.ORGANISATION if form.organisation else Citizen.Kind.INDIVIDUAL,
        )
        known, heard = correct(citizen, language=form.language, organisation=form.organisation)
        conversation = start(
            hotline_id=form.hotline_id, channel=channel, citizen=citizen, name=form.name, phone=form.phone,
            email=form.email, address=form.address, subject=summary_of(form.content), text=form.content, now=now,
        )
        conversation.taken_by_id, conversation.taken_at = actor.id, now
        move(conversation, State.TAKEN, "taken_by", "taken_at")
        contact = add_contact(
            conversation, channel=channel, source=source, external_id=form.typing, text=form.content, missing=lacking,
            author=citizen_actor(citizen.pk, form.name), meta={"typed_by": actor.snapshot()}, files=stored, now=now,
        )
        record(
            "conversation.typed_in", "conversation", conversation.pk, actor, now, topics=topics_of(conversation),
            before=known, after={"contact": contact.pk, "missing": lacking, "state": conversation.state, **heard},
        )
        return Received(ReceivedKind.NEW, conversation, contact)

    return once(channel, source, form.typing, (), write)


def answer_at_once(
    conversation_id: int, body: str, *, outcome: str = "guided", meta: Mapping[str, Any] | None = None, actor: Actor,
    now: datetime, version: int | None = None,
) -> Conversation:
    """Answer at level 1: the words go to the citizen (or were said on the telephone) and the contact is closed. `meta`:
    what the contact keeps beside them, such as the entry of the base they are from.

    Raises Refused (empty words, unknown outcome, taken by another, not at the desk), Stale.
    """
    if outcome not in OUTCOMES or outcome == SEALED:
        raise Refused(UNKNOWN_OUTCOME)
    if not body.strip():
        raise Refused(WORDS_NEEDED)
    with transaction.atomic():
        conversation = held(conversation_id, actor, version)
        contact = queue_outgoing(
            conversation, kind=Contact.Kind.ANSWER, text=body.strip(), actor=actor, now=now,
            meta={"outcome": outcome, **(meta or {})},
        )
        return _end(conversation, State.ANSWERED, outcome, actor, now, contact=contact)


def guide(
    conversation_id: int, body: str, *, goes_on: bool = False, actor: Actor, now: datetime, version: int | None = None
) -> Conversation:
    """Tell somebody who complains (khiếu nại) where, how and until when to file it; nothing of the merits is forwarded.

    The contact ends with it, at this moment; with `goes_on` only the complaint is done with: what else was brought is taken
    on (Luật Tiếp công dân 2013, Điều 25.3). Raises Refused (empty words, taken by another, not at the desk), Stale.
    """
    if not body.strip():
        raise Refused(WORDS_NEEDED)
    with transaction.atomic():
        conversation = held(conversation_id, actor, version)
        contact = queue_outgoing(
            conversation, kind=Contact.Kind.ANSWER, text=body.strip(), actor=actor, meta={"outcome": GUIDED}, now=now
        )
        if not goes_on:
            return _end(conversation, State.ANSWERED, GUIDED, actor, now, contact=contact)
        move(conversation, conversation.state)
        record(
            "conversation.guided", "conversation", conversation.pk, actor, now, topics=topics_of(conversation),
            after={"state": conversation.state, "outcome": GUIDED, "contact": contact.pk},
        )  # fmt: skip
        return conversation


def hand_over(form: TypedIn, note: str, *, actor: Actor, now: datetime) -> Received:
    """Somebody in danger was connected to an emergency number: a contact with its time, and nothing else is asked.

    Only what was typed before is kept; the same `typing` again gives the first one back. Raises Refused (not of the desk).
    """
    if not DESK_ROLES & actor.roles:
        raise Refused(DESK_ONLY)

    def write(stored: list[Attachment]) -> Received:
        conversation = start(
            hotline_id=form.hotline_id, channel="phone", citizen=None, name=form.name, phone=form.phone,
            subject=summary_of(form.content or note), text=form.content or note, now=now,
        )  # fmt: skip
        contact = add_contact(
            conversation, channel="phone", source="typed", external_id=form.typing, text=form.content or note,
            author=citizen_actor(None, form.name), meta={"typed_by": actor.snapshot()}, now=now,
        )  # fmt: skip
        _end(conversation, State.CLOSED, "emergency", actor, now, note=note)
        return Received(ReceivedKind.NEW, conversation, contact)

    return once("phone", "typed", form.typing, (), write)


def close(
    conversation_id: int, outcome: str, words: str = "", *, actor: Actor, now: datetime, version: int | None = None
) -> Conversation:
    """End a contact that is neither answered nor a case: wrong number, nuisance, a repeat. `words` stay with it as a note.

    Raises Refused for an outcome of which the citizen has to be told: that one is an answer.
    """
    if outcome not in OUTCOMES or outcome == SEALED:
        raise Refused(UNKNOWN_OUTCOME)
    if outcome in NEEDS_WORDS:
        raise Refused(WORDS_NEEDED)
    with transaction.atomic():
        conversation = held(conversation_id, actor, version)
        return _end(conversation, State.CLOSED, outcome, actor, now, note=words.strip())


def mark_incomplete(
    conversation_id: int, missing: Sequence[Needed], words: str = "", *,
    actor: Actor, now: datetime, version: int | None = None,
) -> Conversation:
    """Ask the reporter on their own channel for what is missing; the conversation waits for them, off this desk."""
    if not missing and not words.strip():
        raise Refused(NOTHING_MISSING)
    with transaction.atomic():
        conversation = held(conversation_id, actor, version)
        asked = ask_for(list(missing), conversation.letters_in) if missing else ""
        question = "\n\n".join(part for part in (asked, words.strip()) if part)
        contact = queue_outgoing(
            conversation, kind=Contact.Kind.QUESTION, text=question, actor=actor, meta={"missing": list(missing)}, now=now
        )
        before = {"state": conversation.state}
        conversation.taken_by_id = conversation.taken_at = None
        move(conversation, State.INCOMPLETE, "taken_by", "taken_at")
        record(
            "conversation.incomplete", "conversation", conversation.pk, actor, now, before=before,
            after={"state": conversation.state, "missing": list(missing), "contact": contact.pk, "answer": False},
            topics=topics_of(conversation),
        )
        return conversation


def open_case(
    conversation_id: int, *, kind: str, field_id: int | None, area_id: int | None = None, place: str = "",
    lat: float | None = None, lon: float | None = None, summary: str = "", content: str, urgency: str = Urgency.NORMAL,
    public: bool = False, hide_identity: bool = False, repeat_of: Case | None = None, assign_to: Agency | None = None,
    note: str = "", actor: Actor, now: datetime, version: int | None = None,
) -> Case:
    """Open a case from a conversation, with the agency the routing table suggests. Clocks count from the contact.

    With `assign_to` it is given to that agency at once, with `note` to it: two acts that hold or fall together. With
    `repeat_of` it is linked to the answered case it repeats. A reporter hidden in an earlier case of the conversation stays
    hidden: the messages are the same.

    A second case from the same conversation is allowed: several matters in one letter are split (Luật Tiếp công dân, Điều
    25.3). Raises Refused (no field, no edition, taken by another, closed), Stale.
    """
    with transaction.atomic():
        conversation = held(conversation_id, actor, version, also=(State.OPENED,))
        field, area = field_of(conversation.hotline_id, field_id), area_of(area_id)
        if field is None:
            raise Refused(NO_FIELD)
        first = conversation.state != State.OPENED
        case = cases.open_case(
            conversation=conversation, kind=kind, field=field, area=area, place=place.strip(), lat=lat, lon=lon,
            summary=summary.strip() or summary_of(content), content=content.strip(), urgency=urgency, public=public,
            suggestion=suggest(conversation.hotline_id, field, area, localdate(now)),
            hide_identity=hide_identity or (not first and any_hidden(conversation.pk)),
            received_at=conversation.last_contact_at if first else now, actor=actor, now=now,
        )
        before = {"state": conversation.state}
        if first:  # classified with its first case; what is split off later has its own domain, the thread keeps this one
            conversation.domain = case.domain
        move(conversation, State.OPENED, "domain")
        record(
            "conversation.opened", "conversation", conversation.pk, actor, now, before=before,
            after={"state": conversation.state, "case": case.code}, topics=[*topics_of(conversation), case_topic(case.pk)],
        )
        if repeat_of is not None:
            case = cases.link_repeat(case, repeat_of, actor=actor, now=now)
        return cases.assign(case, assign_to, note=note, actor=actor, now=now) if assign_to else case


def _end(
    conversation: Conversation, state: str, outcome: str, actor: Actor, now: datetime, *,
    contact: Contact | None = None, note: str = "",
) -> Conversation:
    before = {"state": conversation.state}
    conversation.outcome = outcome
    if conversation.taken_by_id is None:
        conversation.taken_by_id, conversation.taken_at = actor.id, now
    move(conversation, state, "outcome", "taken_by", "taken_at")
    if note:  # beside the conversation, not in the journal: what turns out to be sealed must not stand there
        contact = add_contact(
            conversation, channel=conversation.channel, external_id=f"note-{uuid.uuid4().hex}", kind=Contact.Kind.NOTE,
            direction=Contact.Direction.OUT, text=note, author=actor, now=now,
        )  # fmt: skip
    record(
        "conversation.answered" if state == State.ANSWERED else "conversation.closed", "conversation", conversation.pk,
        actor, now, before=before, topics=topics_of(conversation),
        after={"state": conversation.state, "outcome": outcome, "contact": contact.pk if contact else None},
    )
    return conversation
