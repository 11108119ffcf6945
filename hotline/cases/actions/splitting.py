"""One report about several matters becomes several cases (Luật Tiếp công dân 2013, Điều 25 khoản 3), and the reporter is
told of all of them in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from hotline.cases.actions.assigning import assign
from hotline.cases.actions.opening import open_case
from hotline.cases.actions.work import on
from hotline.cases.models import Case
from hotline.cases.several import rules
from hotline.hotlines.models import Field
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency, Area
from hotline.refusals import Refused
from hotline.routing.queries import suggest


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter of a mixed report, to become a case of its own. Without an `agency` it waits at the desk, with what the
    routing table suggests."""

    kind: str
    field: Field
    summary: str
    content: str
    area: Area | None = None
    place: str = ""
    agency: Agency | None = None


def split(
    case: Case | int,
    matters: Sequence[Matter],
    guidance: str = "",
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> list[Case]:
    """Split matters off a case: each becomes a child with its own agency and its own clocks from the original receipt; the
    case itself keeps what is left. Returns the children.

    `guidance`: what the reporter is told of a part that is no case at all (khiếu nại, tố cáo: nothing of it is forwarded).
    It stands in the one message that names every code. A child is split again from the same parent: the family is one
    level deep. Raises Refused (nothing to split off, no edition), Stale.
    """
    if not matters and not guidance.strip():
        raise Refused(rules.SPLIT_INTO)
    with on(case, actor, now, version) as work:
        work.do("case.split")
        first = work.case
        parent = Case.objects.defer("search").get(pk=first.parent_id) if first.parent_id else first
        children = [
            open_case(
                conversation=first.conversation,
                kind=matter.kind,
                field=matter.field,
                area=matter.area or first.area,
                place=matter.place or first.place,
                lat=first.lat,
                lon=first.lon,
                summary=matter.summary.strip(),
                content=matter.content.strip(),
                urgency=first.urgency,
                public=first.public,
                parent=parent,
                hide_identity=first.hide_identity,
                edition_row=first.edition,
                received_at=first.received_at,
                suggestion=suggest(first.hotline_id, matter.field, matter.area or first.area, timezone.localdate(now)),
                actor=actor,
                now=now,
            )
            for matter in matters
        ]
        children = [
            assign(child, matter.agency, actor=actor, now=now) if matter.agency else child
            for child, matter in zip(children, matters, strict=True)
        ]
        work.note = guidance.strip()
        work.after = {
            "children": [child.code for child in children],
            "parent": parent.code,
            "guided": bool(guidance.strip()),
        }
    return children
