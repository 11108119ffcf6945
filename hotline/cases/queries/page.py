"""Everything the page of one case shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from hotline.calendars.queries import work_calendar
from hotline.cases import rules
from hotline.cases.clocks import Clocks, rule_of, value_of
from hotline.cases.identity import queries as identity
from hotline.cases.models import Answer, Assignment, Case, Clock, Rating
from hotline.cases.obligations.queries import Owed, owed_on
from hotline.cases.queries.names import as_it_was
from hotline.cases.queries.several import Family, PartView, family_of, known, parts_of
from hotline.conversations.models import Contact
from hotline.conversations.queries import contacts_of, put_files
from hotline.hotlines.queries import regulation_of
from hotline.journal.models import Act
from hotline.journal.queries import latest_acts
from hotline.people.queries import holders
from hotline.people.rules import Viewer
from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition, RefusalGround
from hotline.regulation.explain import Explanation, explain_clock
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ClockState, Role, Standing, State, Step, state_words
from hotline.statements.queries import written_once

Row = TypeVar("Row", Clock, Assignment, Answer, Rating)
MOST_ACTS = 500  # the timeline of a case that has seen more is told by its latest acts
_ABOUT = (
    "agency__calendar__base", "hotline__calendar__base", "hotline__coordinator", "hotline__desk", "edition", "field",
    "area", "focal_person", "suggested_agency", "conversation", "citizen", "merged_into",
)


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock as people read it. `remaining` is in the limit's own measure, negative when it is over."""

    row: Clock
    rule: ClockRule
    value: regulation.Clock
    remaining: timedelta
    standing: Standing

    @property
    def label(self) -> Label:
        return self.rule.label

    @property
    def state(self) -> Label:
        return ClockState(self.row.state).label

    @property
    def late(self) -> bool:
        """It ran out once, whatever came after."""
        return self.value.late


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must do what by when: the first thing on the page of a case."""

    role: Label
    agency: str
    person: str  # empty where it is the role's, not one person's, to do
    what: Label
    clock: ClockView | None

    @property
    def due_at(self) -> datetime | None:
        return self.clock.row.due_at if self.clock else None

    @property
    def remaining(self) -> timedelta | None:
        return self.clock.remaining if self.clock else None


@dataclass(frozen=True, slots=True)
class ActView:
    """One line of the timeline."""

    act: Act
    label: Label


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the page of a case needs; nothing in it asks the database again."""

    case: Case
    edition: Edition
    state: Label
    clocks: list[ClockView]
    duty: Duty | None
    explanation: Explanation | None  # of the clock that presses most
    acts: list[ActView]
    contacts: list[Contact]
    answers: list[Answer]
    draft: Answer | None  # the answer of this round that has not gone out
    assignments: list[Assignment]
    ratings: list[Rating]
    steps: list[Step]  # what the viewer may do now
    extras: list[str]  # and besides the lifecycle: "case.noted", "case.changed", "case.drafted"
    grounds: tuple[RefusalGround, ...]
    owed: list[Owed]  # what is owed besides, met and lifted too
    parts: list[PartView]  # of cooperating agencies
    family: Family
    hidden: bool = False  # the reporter is; what is in here does not say who it is

    @property
    def own_parts(self) -> list[PartView]:
        """The parts in which the viewer may do something now."""
        return [part for part in self.parts if part.steps]


def case_page(
    viewer: Viewer, code: str, *, now: datetime | None = None, revealed: bool = False
) -> CasePage | None:
    """The page of the case with a code, or None when the viewer may not see it or there is none (the door answers 404).

    `revealed`: a hidden reporter is shown to those who may see them; the door has written it down."""
    case = next(iter(_case(viewer, code=code.upper())), None)
    if case is None:
        return None
    moment = now or timezone.now()
    edition = regulation_of(case.edition)
    clocks = Clocks(case, edition, _of(case, _clocks(case=case.pk)))
    views = [_view(row, clocks.rules[row.key], clocks, moment) for row in clocks.rows]
    owed = owed_on(case, edition, moment)
    duty = _duty(case, edition, [view for view in views if not view.row.participant_id], clocks.rules, moment)
    pressing = duty.clock if duty else None
    answers = _answered(case)
    roles = viewer.roles_at(case.agency_id)
    hidden = case.hide_identity and not (revealed and identity.may_see(viewer))
    parts = parts_of(case, edition, views, viewer)
    page = CasePage(
        case=case,
        edition=edition,
        state=state_words(State(case.state), case.late_at is not None),
        clocks=[view for view in views if not view.row.participant_id],
        duty=duty,
        explanation=explain_clock(pressing.value, clocks.calendar(pressing.row.calendar_id)) if pressing else None,
        acts=_timeline(case),
        contacts=_thread(case, viewer),
        answers=answers,
        draft=next((a for a in reversed(answers) if a.round == case.round and a.state != Answer.State.SENT), None),
        assignments=_of(case, _assignments(case=case.pk)),
        ratings=_of(case, _ratings(case=case.pk)),
        steps=rules.open_steps(edition, _facts(case, owed), roles, moment),
        extras=[extra for extra in rules.open_extras(State(case.state), roles) if known(extra, edition, case)],
        grounds=edition.grounds_on(timezone.localdate(moment)),
        owed=owed,
        parts=parts,
        family=family_of(case, viewer),
        hidden=hidden,
    )
    as_it_was(case, page.assignments)
    if hidden:
        identity.veil(
            case, viewer, contacts=page.contacts, acts=[view.act for view in page.acts], answers=answers,
            assignments=page.assignments, ratings=page.ratings, parts=[part.row for part in parts],
        )
    return page


def _thread(case: Case, viewer: Viewer) -> list[Contact]:
    """The messages with the reporter. A letter about two domains is classified by its first matter: who oversees only the
    other one reads of it what was written on their own case."""
    hidden = case.hide_identity
    found = list(identity.contacts_for(case.conversation, True, viewer)) if hidden else contacts_of(case.conversation)
    across = viewer.domains is None or case.conversation.domain in ("", *viewer.domains)
    if across or case.agency_id in viewer.agency_ids or not viewer.sees_all_cases:
        return found
    return [contact for contact in found if contact.meta.get("case") == case.pk]


# -- the questions, each written once ----------------------------------------------------------------------------------


@written_once
def _case(viewer: Viewer, *, code: str) -> QuerySet[Case]:
    return (
        Case.objects.visible_to(viewer).select_related(*_ABOUT)
        .defer("search", "edition__document", "hotline__document", "merged_into__search").filter(code=code)
    )


@written_once
def _clocks(*, case: int) -> QuerySet[Clock]:
    return Clock.objects.filter(case=case).order_by("id")


@written_once
def _assignments(*, case: int) -> QuerySet[Assignment]:
    return Assignment.objects.filter(case=case).select_related("agency", "proposed_agency").order_by("id")


@written_once
def _ratings(*, case: int) -> QuerySet[Rating]:
    return Rating.objects.filter(case=case).order_by("round")


@written_once
def _answers(*, case: int) -> QuerySet[Answer]:
    return Answer.objects.filter(case=case).order_by("id")


@written_once
def _answer_files(*, case: int) -> QuerySet[Any]:
    return Answer.attachments.through.objects.filter(answer__case=case).select_related("attachment").order_by("attachment")


def _answered(case: Case) -> list[Answer]:
    """The answers with their files; most cases have none yet, and then no files are asked for."""
    answers = _of(case, _answers(case=case.pk))
    links = _answer_files(case=case.pk) if answers else []
    for answer in answers:
        put_files(answer, [link.attachment for link in links if link.answer_id == answer.pk])
    return answers


def _of(case: Case, rows: list[Row]) -> list[Row]:
    """Rows of this case, which know it without asking."""
    for row in rows:
        row.case = case
    return rows


# -- in words ----------------------------------------------------------------------------------------------------------


def explanation_for(clock: Clock) -> Explanation:
    """Why a clock is due when it is: every day counted and every day skipped. Read it with `case__edition` joined."""
    rule = rule_of(clock.case.edition, clock.key)
    return explain_clock(value_of(clock, rule), work_calendar(clock.calendar_id))


def _facts(case: Case, owed: list[Owed]) -> rules.Facts:
    return rules.Facts(
        State(case.state), case.bound, case.returns, case.reschedules, case.answered_at, case.reopen_until,
        case.merged_into_id is not None, case.level, frozenset(line.rule.kind for line in owed if line.row.is_owed),
    )


def _view(row: Clock, rule: ClockRule, clocks: Clocks, now: datetime) -> ClockView:
    value, calendar = value_of(row, rule), clocks.calendar(row.calendar_id)
    return ClockView(
        row, rule, value, regulation.remaining(value, now, calendar), regulation.standing(value, rule, now, calendar)
    )


def _duty(
    case: Case, edition: Edition, views: list[ClockView], by_key: dict[str, ClockRule], now: datetime
) -> Duty | None:
    state = State(case.state)
    if not rules.HOLDERS[state]:
        return None
    role = rules.HOLDERS[state][0]
    nearest = rules.nearest_duty(state, (view.value for view in views), by_key)
    clock = next((view for view in views if view.value is nearest), None)
    what = rules.DUTIES[state]
    if clock is not None and clock.row.key in {rule.key for rule in edition.obligations}:
        what = rules.owing(clock.label)
    return Duty(edition.word(role), _agency(case, role), _person(case, role, now), what, clock)


def _agency(case: Case, role: Role) -> str:
    if role in rules.AGENCY:
        return case.agency.name if case.agency else ""
    office = case.hotline.coordinator if role == Role.COORDINATOR else case.hotline.desk
    return office.name if office else case.hotline.name


def _person(case: Case, role: Role, now: datetime) -> str:
    """Who it is by name, where it is one person: whoever accepted it, or the agency's only head."""
    if role == Role.FOCAL_PERSON:
        return case.focal_person.full_name if case.focal_person else ""
    if role == Role.HEAD and case.agency_id:
        heads = list(holders(Role.HEAD, timezone.localdate(now), case.agency_id).values_list("full_name", flat=True)[:2])
        return heads[0] if len(heads) == 1 else ""
    return ""


def _timeline(case: Case) -> list[ActView]:
    acts = latest_acts("case", case.pk, MOST_ACTS)
    return [ActView(act, rules.ACT_LABELS.get(act.kind, Label(act.kind, act.kind))) for act in acts]
