"""A report becomes a case."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from hotline import rows
from hotline.cases import rules
from hotline.cases.clocks import Clocks
from hotline.cases.identity.queries import hide_others, hides, veiled
from hotline.cases.models import Case
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Edition, Field
from hotline.hotlines.queries import edition_in_force, regulation_of, takes
from hotline.journal.actions import draft, record_all
from hotline.journal.rules import Actor
from hotline.live.rules import DESK, case_topic, conversation_topic, oversight
from hotline.organisation.models import Area
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, Role, Step, Urgency
from hotline.routing.queries import Suggestion


def open_case(
    *,
    conversation: Conversation,
    kind: str,
    field: Field,
    area: Area | None = None,
    place: str = "",
    lat: float | None = None,
    lon: float | None = None,
    summary: str,
    content: str,
    urgency: str = Urgency.NORMAL,
    public: bool = False,
    suggestion: Suggestion | None = None,
    edition_row: Edition | None = None,
    hide_identity: bool = False,
    parent: Case | None = None,
    received_at: datetime,
    actor: Actor,
    now: datetime,
) -> Case:
    """Open a case under the edition in force on the day of receipt, with its first clocks running from `received_at`.

    `hide_identity`: the reporter asked for it; the edition may hide them unasked. `parent`: the case it is split from.
    May be called inside a transaction of the caller's, who may have looked up the `edition_row` already. Raises Refused
    (no edition that day, not the actor's to do, a kind or field the edition does not take), ValueError for a kind or urgency that
    is no word of the lifecycle.
    """
    row = edition_row or edition_in_force(conversation.hotline_id, timezone.localdate(received_at))
    edition = regulation_of(row)
    if CaseKind(kind) not in edition.kinds:
        raise Refused(
            Label(
                f"Quy chế không tiếp nhận loại “{CaseKind(kind).label.vi}”.",
                f"The regulation does not take a “{CaseKind(kind).label.en}”.",
            )
        )
    if not takes(edition, field):
        raise Refused(edition.scope.refusal)
    state = edition.take(None, Step.OPEN, frozenset(Role(role) for role in actor.roles))
    hidden = hides(edition, kind, field, hide_identity)
    with transaction.atomic(savepoint=False):  # all of the caller's transaction or nothing
        if hidden:
            summary, place = veiled(conversation, summary, place)
            hide_others(conversation.pk)
        number = rows.number("case_number")
        case = Case(
            number=number,
            code=rules.case_code(conversation.hotline.code_prefix, timezone.localtime(received_at), number),
            token=secrets.token_urlsafe(24),
            hotline=conversation.hotline, edition=row, conversation=conversation, citizen_id=conversation.citizen_id,
            domain=field.domain, kind=str(CaseKind(kind)), field=field, area=area, place=place[:300], lat=lat, lon=lon,
            summary=summary[:300], content=content, urgency=str(Urgency(urgency)), public=public, state=str(state),
            suggested_agency_id=suggestion.agency.pk if suggestion and suggestion.agency else None,
            suggested_why=suggestion.why.vi[:300] if suggestion else "",
            received_at=received_at, hide_identity=hidden, parent=parent,
        )
        clocks = Clocks(case, edition, ())
        # What is owed counts from the receipt, not from the moment somebody typed it in.
        clocks.take(Step.OPEN, received_at)
        clocks.refresh_case()
        rows.write(case)
        clocks.save()
        record_all(
            [
                draft(
                    "case.opened", "case", case.pk, actor, now, None,
                    {"code": case.code, "kind": case.kind, "field": field.vi, "edition": row.decision,
                     "conversation": conversation.ref, "received_at": received_at.isoformat(),
                     **({"parent": parent.code} if parent else {})},
                    "", [case_topic(case.pk), conversation_topic(conversation.pk), DESK, *oversight(case.domain)],
                )
            ]
        )
    return case
