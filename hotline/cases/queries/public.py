"""What citizens read: their own case by its secret link or by code and telephone number; answers everybody may read."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from hotline.cases import rules
from hotline.cases.models import Answer, Assignment, Case, Rating
from hotline.cases.queries.names import as_it_was
from hotline.citizens.rules import normal_phone
from hotline.journal.models import Act
from hotline.journal.queries import acts_of
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import DONE_STATES, State, state_words

_ABOUT = ("agency", "field", "area", "hotline", "edition", "conversation", "citizen", "merged_into")
_HEAVY = ("search", "edition__document", "merged_into__search", "merged_into__content")
_WAY = (  # what a joined case shares with its lead
    "state", "agency", "assigned_at", "answered_at", "closed_at", "reopen_until", "promised_at", "late_at", "due_at",
    "due_clock", "round", "outcome",
)
_NOBODY = "+00000000000"  # compared with when there is no such case, so that both answers take the same time


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What the reporter is shown of a case: progress and answers, no internal word and no officer's name."""

    case: Case
    state: Label
    milestones: list[tuple[datetime, Label, str]]  # when, what, which agency or date
    answers: list[Answer]
    assignments: list[Assignment]
    rating: Rating | None
    may_rate: bool
    may_ask_reopen: bool


@dataclass(frozen=True, slots=True)
class Published:
    """One page of published cases, the latest answer first; each case has its sent answers in `sent`."""

    cases: Sequence[Case]
    next: str = ""


def by_token(token: str) -> Case | None:
    """The case of a secret link; None for a link that is none."""
    return Case.objects.select_related(*_ABOUT).defer(*_HEAVY).filter(token=token).first()


def as_joined(case: Case) -> tuple[Case, Case]:
    """A case as its reporter follows it, and the case that is followed. Joined to another it goes the way of that one, the
    lead: its state, agency and dates, under its own code and words. In memory: what comes first must not be saved."""
    if case.merged_into_id is None:
        return case, case
    lead = Case.objects.select_related(*_ABOUT).defer(*_HEAVY).get(pk=case.merged_into_id)
    shown = copy(case)
    for column in _WAY:
        setattr(shown, column, getattr(lead, column))
    return shown, lead


def lookup(code: str, phone: str) -> Case | None:
    """The case with a code, for whoever knows the telephone number it was reported with, however either is written.

    A wrong number and a code that does not exist are answered alike and after the same work; doors limit the tries.
    """
    case = Case.objects.select_related(*_ABOUT).defer(*_HEAVY).filter(code="".join(code.split()).upper()).first()
    known = normal_phone(case.conversation.reporter_phone) if case else None
    given = normal_phone(phone)
    same = hmac.compare_digest((known or _NOBODY).encode(), (given or "").encode())
    return case if case is not None and known is not None and same else None


def public_page(case: Case, *, now: datetime | None = None) -> PublicPage:
    """The reporter's page of a case found by `by_token` or `lookup`: four queries. Of a joined case, the lead's way: who else
    reported it is not said; rating it is for whoever reported it first."""
    if case.merged_into_id is not None:
        return _joined_page(case, now)
    moment = now or timezone.now()
    state = State(case.state)
    rating = case.ratings.filter(round=case.round).first()
    answered = case.answered_at is not None and case.merged_into_id is None
    assignments = list(case.assignments.order_by("id"))
    as_it_was(case, assignments)
    return PublicPage(
        case=case,
        state=state_words(state, case.late_at is not None),
        milestones=_milestones(list(acts_of("case", case.pk))),
        answers=list(case.answers.filter(state=Answer.State.SENT).prefetch_related("attachments").order_by("id")),
        assignments=assignments,
        rating=rating,
        may_rate=answered and rating is None and state in DONE_STATES,
        may_ask_reopen=answered and state in DONE_STATES and case.reopen_until is not None and moment <= case.reopen_until,
    )


def _joined_page(case: Case, now: datetime | None) -> PublicPage:
    shown, lead = as_joined(case)
    page = public_page(lead, now=now)
    own = [(at, what, whom) for at, what, whom in _milestones(list(acts_of("case", case.pk)))]
    joined_at = own[-1][0] if own else case.received_at
    received = rules.MILESTONES["case.opened"]
    later = [one for one in page.milestones if one[1] != received and one[0] > joined_at]
    return replace(page, case=shown, milestones=[*own, *later], rating=None, may_rate=False)


def published(after: str = "", limit: int = 20, field_id: int | None = None) -> Published:
    """Answered cases whose reporters agreed to publish, without the reporters; one page."""
    rows = Case.objects.published()
    if field_id is not None:
        rows = rows.filter(field_id=field_id)
    start = rules.read_cursor(after)
    if start and start[0] is not None:
        at, pk = start
        rows = rows.filter(Q(answered_at__lt=at) | Q(answered_at=at, pk__lt=pk), answered_at__lte=at)
    sent = Answer.objects.filter(state=Answer.State.SENT).order_by("id").prefetch_related("attachments")
    found = list(
        rows.select_related("agency", "field", "area")
        .only("code", "summary", "content", "state", "late_at", "received_at", "answered_at", "outcome", "stars", "place",
              "agency__name", "agency__short_name", "field__vi", "field__en", "area__name")
        .prefetch_related(Prefetch("answers", queryset=sent, to_attr="sent"))
        .order_by("-answered_at", "-id")[: limit + 1]
    )
    more = len(found) > limit
    found = found[:limit]
    return Published(found, rules.cursor_of(found[-1].answered_at, found[-1].pk) if more else "")


def _milestones(acts: list[Act]) -> list[tuple[datetime, Label, str]]:
    """The acts a reporter is told of. Overdue is said once, and only of a clock that makes the case late."""
    told, late = [], False
    for act in acts:
        if act.kind not in rules.MILESTONES or (act.kind == "case.overdue" and (late or not act.after["late"])):
            continue
        late = late or act.kind == "case.overdue"
        said = act.after.get("agency_name", "")
        if act.kind == "case.rescheduled":
            said = f"{timezone.localtime(datetime.fromisoformat(act.after['promised_at'])):%H:%M %d/%m/%Y}"
        if act.kind == "case.level_raised":
            said = act.after["label"]
        if act.kind == "case.progress_reported" and (until := act.after.get("committed_for")):
            said = f"{date.fromisoformat(until):%d/%m/%Y}"
        told.append((act.at, rules.MILESTONES[act.kind], said))
    return told
