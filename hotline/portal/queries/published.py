"""Answered cases that everybody may read: without the reporter, the place no nearer than they wrote it, our own photos only.

Nothing of the reporter leaves this module: texts are cleaned here, and what is handed on are values, not rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from hotline.cases.models import Answer, Assignment, Case, Clock
from hotline.cases.rules import Draft, answer_text, cursor_of, read_cursor
from hotline.conversations.models import Attachment, Contact
from hotline.hotlines.queries import regulation_of
from hotline.portal.rules import HIDDEN, Timing, timing, without_identity
from hotline.regulation.clocks import ClockRule
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, ObligationKind, OutcomeKind, State

_JOINED = ("agency", "field", "area", "conversation", "edition", "hotline")
_ROW = (
    "code", "kind", "summary", "place", "state", "round", "late_at", "received_at", "answered_at", "outcome", "stars",
    "agency__name", "field__vi", "field__en", "area__name", "conversation__reporter_name",
    "conversation__reporter_address", "edition__key", "hotline__name", "hotline__short_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as everybody may read it."""

    at: datetime
    text: str
    outcome: Label
    scheduled_for: date | None
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """One published case. `agency` is the hotline's name where it answered itself."""

    code: str
    hotline: str
    kind: Label
    summary: str
    place: str
    area: str
    field: Label
    agency: str
    received_at: datetime
    answered_at: datetime
    outcome: OutcomeKind
    scheduled_for: date | None
    timing: Timing
    reopening: bool
    stars: int | None
    photo: UUID | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page, the latest answer first; `next` is the cursor of the following page, empty on the last."""

    cases: list[Published]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A published case with its words and all its answers."""

    case: Published
    content: str
    answers: list[Said]


def listing(
    after: str = "", limit: int = 20, *, hotline_id: int | None = None, fields: Iterable[int] = (),
    area_id: int | None = None, late: bool = False,
) -> Listing:
    """One page of the published cases of every hotline: of one of them, of these fields, of one commune, of those that were
    late. Four queries, by index."""
    rows = Case.objects.published()
    if hotline_id is not None:
        rows = rows.filter(hotline_id=hotline_id)
    if chosen := list(fields):
        rows = rows.filter(field_id__in=chosen)
    if area_id is not None:
        rows = rows.filter(area_id=area_id)
    if late:
        rows = rows.filter(late_at__isnull=False)
    start = read_cursor(after)
    if start and start[0] is not None:
        at, pk = start
        rows = rows.filter(Q(answered_at__lt=at) | Q(answered_at=at, pk__lt=pk), answered_at__lte=at)
    found = list(_shown(rows).order_by("-answered_at", "-id")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Listing([_published(case) for case in found], cursor_of(found[-1].answered_at, found[-1].pk) if more else "")


def one(code: str) -> Whole | None:
    """One published case by its code; None when there is none or it is not public."""
    rows = _shown(Case.objects.published().filter(code=code.upper()))
    case = rows.only(*_ROW, "content").first()
    if case is None:
        return None
    edition = regulation_of(case.edition)
    answers = [
        Said(
            at=answer.sent_at, outcome=OutcomeKind(answer.outcome).label, scheduled_for=answer.scheduled_for,
            text=_clean(case, answer_text(
                Draft(OutcomeKind(answer.outcome), answer.body, answer.ground, answer.where_to_go, answer.scheduled_for),
                edition.ground(answer.ground).label if answer.ground else None,
            )),
            photos=tuple(_photos(answer)),
        )
        for answer in case.sent
    ]  # fmt: skip
    return Whole(_published(case), _clean(case, case.content), answers)


def public_file(key: UUID) -> Attachment | None:
    """A photo of an answer to a published case; None for every other file there is."""
    cases = Case.objects.published().filter(pk=OuterRef("case"))
    answers = Answer.objects.filter(Exists(cases), state=Answer.State.SENT, attachments=OuterRef("pk"))
    return Attachment.objects.filter(
        Exists(answers), key=key, width__isnull=False, contact__direction=Contact.Direction.OUT
    ).first()


def _shown(rows: QuerySet[Case]) -> QuerySet[Case]:
    files = Attachment.objects.select_related("contact").order_by("id")
    held = Assignment.objects.filter(case=OuterRef("pk")).order_by("-id").values("agency_name")[:1]
    sent = Answer.objects.filter(state=Answer.State.SENT).order_by("id").prefetch_related(
        Prefetch("attachments", queryset=files, to_attr="files")
    )
    return (
        rows.select_related(*_JOINED).only(*_ROW)
        .annotate(agency_then=Subquery(held))  # as it was called when it was given the case
        .prefetch_related(
            Prefetch("answers", queryset=sent, to_attr="sent"),
            Prefetch("clocks", queryset=Clock.objects.all(), to_attr="promises"),
        )
    )  # fmt: skip


def _published(case: Case) -> Published:
    assert case.answered_at is not None, "only answered cases are published"
    last = case.sent[-1] if case.sent else None
    place = _clean(case, case.place)
    outcome = OutcomeKind(case.outcome or OutcomeKind.ANSWERED)
    return Published(
        code=case.code, hotline=case.hotline.short_name, kind=CaseKind(case.kind).label, summary=_clean(case, case.summary),
        place="" if place == HIDDEN else place,
        area=case.area.name if case.area else "", field=Label(case.field.vi, case.field.en or case.field.vi),
        agency=(case.agency_then or case.agency.name) if case.agency else case.hotline.name, received_at=case.received_at,
        answered_at=case.answered_at,
        outcome=outcome, scheduled_for=last.scheduled_for if last else None,
        timing=timing(case.answered_at, _promised(case), case.late_at),
        reopening=case.state == State.REOPEN_REQUESTED, stars=case.stars,
        photo=next((key for answer in reversed(case.sent) for key in _photos(answer)), None),
    )  # fmt: skip


def _promised(case: Case) -> datetime | None:
    """The earliest moment promised in the round that was answered, of the clocks that can make a case late: the first date
    the citizen was given, not the latest that the rules would have borne."""
    edition = regulation_of(case.edition)
    rules: dict[str, ClockRule] = {rule.key: rule for rule in edition.clocks}
    inner = {rule.key for rule in edition.obligations if rule.kind != ObligationKind.FINAL_REPLY}
    own = (c for c in case.promises if c.round == case.round and c.key not in inner and not c.participant_id)
    counting = (c for c in own if c.key not in rules or rules[c.key].marks_late)
    return min((c.due_at for c in counting), default=None)


def _photos(answer: Answer) -> list[UUID]:
    """Photos we took ourselves: one that the reporter sent may show people, and was not given for that."""
    return [f.key for f in answer.files if f.is_image and f.contact and f.contact.direction == Contact.Direction.OUT]


def _clean(case: Case, text: str) -> str:
    reporter = case.conversation
    return without_identity(text, reporter.reporter_name, reporter.reporter_address)
