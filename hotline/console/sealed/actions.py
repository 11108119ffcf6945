"""From the desk behind the wall: the one place that knows both sides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.cases.actions.removing import take_away
from hotline.conversations.actions import held
from hotline.conversations.models import Conversation
from hotline.conversations.taking_out import TakenOut, take_out
from hotline.journal.rules import Actor
from hotline.knowledge.actions import forget
from hotline.sealed.actions import record_denunciation
from hotline.sealed.rules import Identity, Kept, Said, Told


def move(
    conversation_id: int, *, accused: str, matter: str, evidence: str = "", protection: bool = False, actor: Actor,
    now: datetime, version: int | None = None,
) -> str:  # fmt: skip
    """Take a conversation that turns out to be a denunciation away from the desk, with the case it may have become by
    itself; returns the record's reference. All or nothing.

    Raises Refused (not of the desk, another's, words missing, a case that an agency already has), Stale.
    """
    with transaction.atomic():
        conversation = held(conversation_id, actor, version, also=(Conversation.State.OPENED,))
        forget(conversation.pk)
        codes = take_away(conversation)
        taken = take_out(conversation, now)
        return record_denunciation(_told(taken, codes, accused, matter, evidence, protection), actor=actor, now=now)


def _told(taken: TakenOut, codes: list[str], accused: str, matter: str, evidence: str, protection: bool) -> Told:
    return Told(
        hotline_id=taken.hotline_id, channel=taken.channel, accused=accused, matter=matter, evidence=evidence,
        protection=protection, received_at=taken.opened_at, threads=(taken.ref, *codes),
        identity=Identity(taken.name, taken.phone, taken.email, taken.address),
        messages=tuple(
            Said(
                at=c.at, ours=c.ours, channel=c.channel, source=c.source, external_id=c.external_id,
                message_id=c.message_id, subject=c.subject, text=c.text, raw=c.raw,
            )
            for c in taken.contacts
        ),
        files=tuple(Kept(f.name, f.content_type, f.content, f.stored) for f in taken.files),
    )  # fmt: skip
