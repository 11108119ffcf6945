"""Around one case: agencies that cooperate in it, cases it was split with, joined to or repeats, and who was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet

from hotline.cases.actions.cooperation import part_value
from hotline.cases.models import Answer, Case, Participation
from hotline.cases.several import rules
from hotline.conversations.models import Contact
from hotline.hotlines.queries import regulation_of
from hotline.people.rules import OVERSEERS, Viewer
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import DONE_STATES, State
from hotline.statements.queries import among, written_once

if TYPE_CHECKING:
    from hotline.cases.queries.page import ClockView

SHOWN = 100  # relatives on a page; whoever was joined beyond them is told all the same
_RELATIVE = (
    "code",
    "summary",
    "state",
    "received_at",
    "answered_at",
    "parent_id",
    "merged_into_id",
    "repeat_of_id",
    "agency_id",
    "agency__name",
    "field__vi",
    "field__en",
    "hide_identity",
    "late_at",
)


@dataclass(frozen=True, slots=True)
class PartView:
    """One agency's cooperation. `steps`: what the viewer may do with it now, by the words of their pages."""

    row: Participation
    clock: ClockView | None
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """The cases around one, and which of them the viewer may open. A relative another agency holds is told by its code."""

    split: tuple[Case, ...] = ()  # of the same report: the parent first, then the other children
    joined: tuple[Case, ...] = ()  # whose reporters get the answer of this one
    repeats: tuple[Case, ...] = ()  # later reports of what was answered here
    earlier: Case | None = None  # what this one repeats
    open_to: frozenset[int] = frozenset()
    told: Mapping[str, int] | None = None  # how the last answer reached those who were joined, by state of delivery

    def __bool__(self) -> bool:
        return bool(self.split or self.joined or self.repeats or self.earlier)


def parts_of(case: Case, edition: Edition, clocks: Iterable[ClockView], viewer: Viewer) -> list[PartView]:
    """The cooperating agencies of a case, in the order they were asked. One question, none where the edition has no
    cooperation. An agency that was only proposed, or has left, is told to the desk and the lead alone."""
    if edition.cooperation is None:
        return []
    by_part = {view.row.participant_id: view for view in clocks if view.row.participant_id}
    rows = case.participations.select_related("agency").prefetch_related("attachments").order_by("id")
    leads = viewer.sees_all_cases or case.agency_id in viewer.agency_ids
    return [
        PartView(row, by_part.get(row.pk), tuple(_steps(row, case, edition, viewer)))
        for row in rows
        if leads or row.state not in ("proposed", "declined", "released")
    ]


def _steps(row: Participation, case: Case, edition: Edition, viewer: Viewer) -> list[str]:
    if row.closed_at is not None or case.state in DONE_STATES or edition.cooperation is None:
        return []
    steps: list[str] = []
    if row.agency_id in viewer.agency_ids:
        steps += rules.own_steps(part_value(row))
    elif case.agency_id in viewer.agency_ids and "disagree" in rules.own_steps(part_value(row)):
        steps.append("disagree")
    everywhere = viewer.roles & OVERSEERS
    ends, ends_in = rules.EXTRA["case.cooperation_ended"]
    if ends & everywhere and State(case.state) in (ends_in or ()):
        steps += ["confirm_part"] if row.state == Participation.State.PROPOSED else []
        steps.append("end_part")
    if row.state == Participation.State.DISAGREED and rules.decides(edition.cooperation, everywhere):
        steps.append("decide_part")
    return steps


def known(extra: str, edition: Edition, case: Case) -> bool:
    """Whether an act beside the lifecycle makes sense under this edition, for this case."""
    match extra:
        case "case.cooperation_asked":
            return edition.cooperation is not None
        case "case.cooperation_proposed":
            return edition.cooperation is not None and edition.cooperation.lead_proposes
        case "case.cooperation_ended":
            return False  # of one agency, not of the case: its own button stands beside it
        case "case.identity_hidden":
            return not case.hide_identity
        case "case.repeat_linked":
            return edition.repeats is not None and case.citizen_id is not None and case.repeat_of_id is None
    return True


def family_of(case: Case, viewer: Viewer) -> Family:
    """The relatives of a case: one question, by five indexes; two more where reports were joined to it."""
    root = case.parent_id or case.pk
    rows = _relatives(root=root, case=case.pk, above=[pk for pk in (case.parent_id, case.repeat_of_id) if pk])
    if not rows:
        return Family()
    seen = {row.pk for row in rows}
    if not viewer.sees_all_cases:
        seen = set(Case.objects.visible_to(viewer).filter(pk__in=seen).values_list("pk", flat=True))
    joined = tuple(row for row in rows if row.merged_into_id == case.pk)
    return Family(
        split=tuple(row for row in rows if row.pk == case.parent_id or row.parent_id == root),
        joined=joined,
        repeats=tuple(row for row in rows if row.repeat_of_id == case.pk),
        earlier=next((row for row in rows if row.pk == case.repeat_of_id), None),
        open_to=frozenset(seen),
        told=deliveries(case) if joined and case.answered_at else None,
    )


@written_once
def _relatives(*, root: int, case: int, above: list[int]) -> QuerySet[Case]:
    """The other parts of the report that begins with `root`, what was joined to or repeats the case, and what it repeats."""
    wanted = Q(parent=root) | Q(merged_into=case) | Q(repeat_of=case) | Q(among("id", above))
    # Not by the key itself: a planner who knows little of these columns yet would walk all cases in its order.
    rows = Case.objects.filter(wanted).exclude(pk=case).order_by(F("id") + 0)
    return rows.select_related("agency", "field").only(*_RELATIVE)[:SHOWN]


def deliveries(lead: Case) -> dict[str, int]:
    """How the last answer of a lead case reached those joined to it: state of delivery → how many."""
    answer = lead.answers.filter(state=Answer.State.SENT).order_by("-id").values_list("pk", flat=True).first()
    sent = Contact.objects.filter(conversation__cases__merged_into=lead, kind=Contact.Kind.ANSWER, meta__answer=answer)
    return dict(sent.values_list("delivery").annotate(many=Count("id", distinct=True)).order_by())


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the list of what a viewer's agencies are asked to contribute."""

    part: Participation
    case: Case
    late: bool


def parts_owed(viewer: Viewer) -> QuerySet[Participation]:
    """The parts that the viewer's agencies were asked for and have not given yet."""
    states = (Participation.State.ASKED, Participation.State.ACCEPTED)
    return Participation.objects.filter(agency__in=sorted(viewer.agency_ids), state__in=states, closed_at__isnull=True)


def asked_of(viewer: Viewer, now: datetime, after: int = 0, limit: int = 50) -> list[Asked]:
    """What the viewer's agencies still owe to cases that others lead, most pressing first. One question, by index."""
    rows = parts_owed(viewer).select_related("case__agency", "case__field").defer("case__search", "case__content")
    rows = rows.order_by("due_at", "id")
    return [Asked(row, row.case, row.due_at is not None and now > row.due_at) for row in rows[after : after + limit]]


def contributions_of(case: Case) -> list[Participation]:
    """What cooperating agencies have said in this round, for whoever writes the one answer. None without cooperation."""
    if regulation_of(case.edition).cooperation is None:
        return []
    rows = case.participations.filter(round=case.round, contributed_at__isnull=False)
    return list(
        rows.exclude(state__in=("declined", "released")).prefetch_related("attachments").order_by("contributed_at")
    )
