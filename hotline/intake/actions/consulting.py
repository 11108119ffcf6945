"""At the desk: answered with an entry of the base, or passed to the standing unit because it is not there or too hard."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from hotline.conversations.actions import held
from hotline.conversations.models import Conversation
from hotline.experts.actions import refer
from hotline.experts.models import Referral
from hotline.experts.queries import standing_of
from hotline.intake.actions.desk import answer_at_once
from hotline.journal.rules import Actor
from hotline.knowledge.actions import give, signal_gap
from hotline.knowledge.models import Gap
from hotline.knowledge.rules import GapReason
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.routing.queries import field_of, fields_for, suggest

State = Conversation.State
ANOTHERS = Label("Mục này thuộc tổng đài khác.", "This entry belongs to another hotline.")


def answer_from_base(
    conversation_id: int, entry_id: int, entry_version: int, *, actor: Actor, now: datetime, version: int | None = None
) -> Conversation:
    """Answer at level 1 with an entry as it was read; the contact keeps which entry and which version of it.

    Raises Refused when the entry is not valid today or the conversation is not the actor's to answer, Stale when either
    has changed since.
    """
    with transaction.atomic():
        entry = give(entry_id, entry_version, now=now)
        conversation = answer_at_once(
            conversation_id,
            entry.answer,
            outcome="guided",
            meta={"entry": entry.pk, "entry_version": entry.version},
            actor=actor,
            now=now,
            version=version,
        )
        if entry.hotline_id != conversation.hotline_id:
            raise Refused(ANOTHERS)
        return conversation


def pass_on(
    conversation_id: int,
    reason: GapReason,
    question: str,
    *,
    field_id: int | None = None,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> tuple[Gap, Referral | None]:
    """Note that the question cannot be answered here, and why; where the edition names a standing unit the conversation
    goes to it, else it stays with the call-taker. "Không nằm trong hệ thống cơ sở dữ liệu có sẵn hoặc vượt quá khả năng".

    Raises Refused (no words, not the actor's, with the standing unit already), Stale.
    """
    with transaction.atomic():
        conversation = held(conversation_id, actor, version, also=(State.OPENED,))
        field = field_of(conversation.hotline_id, field_id)
        if field is None and (hits := fields_for(conversation.hotline_id, question)):
            field = field_of(conversation.hotline_id, hits[0].field)
        owner = suggest(conversation.hotline_id, field, None, localdate(now)) if field else None
        gap = signal_gap(
            conversation, question, reason, field=field, agency=owner.agency if owner else None, actor=actor, now=now
        )
        standing = standing_of(conversation.hotline_id, localdate(now))
        if standing is None:
            return gap, None
        return gap, refer(conversation, str(reason), gap.question, standing.agency, actor=actor, now=now)
