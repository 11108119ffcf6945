"""A reporter's own case: where it is, who must answer by when, everything that was written, and its files.

Officers are never named: a citizen deals with an agency. Internal notes, drafts, bounces and machine mail stay inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import Q

from hotline.calendars.queries import work_calendar
from hotline.cases.clocks import rules_of, value_of
from hotline.cases.models import Answer, Assignment, Case, Clock, Rating
from hotline.cases.queries import PublicPage, as_joined, by_token, lookup, public_page
from hotline.cases.rules import nearest_duty
from hotline.citizens.rules import normal_phone
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.conversations.rules import refs_in
from hotline.hotlines.queries import regulation_of
from hotline.portal.rules import Progress, Step, steps
from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.explain import Explanation, explain_clock
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ClockState, ObligationKind, Standing, State
from hotline.regulation.limits import CalendarDays, Minutes

_RECEIPTS = Signer(salt="portal.receipt", sep="~")
_TOLD = (
    Contact.Kind.MESSAGE, Contact.Kind.ACKNOWLEDGEMENT, Contact.Kind.QUESTION, Contact.Kind.INTERIM, Contact.Kind.ANSWER,
    Contact.Kind.NOTICE,
)  # fmt: skip
_WRITTEN_BY_AGENCY = (Contact.Kind.INTERIM, Contact.Kind.ANSWER)
_WHOLE = "reply"  # the clock of the whole case, where an edition has one: what the law promises the citizen


@dataclass(frozen=True, slots=True)
class Due:
    """One moment by which somebody must have done something. `left` is in working time unless `working` is False."""

    label: Label
    article: str
    due_at: datetime
    left: timedelta
    working: bool
    standing: Standing
    promised: bool
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation. `who` is empty for the reporter's own words."""

    at: datetime
    text: str
    ours: bool
    who: str
    kind: Label
    letter: bool  # a letter that says what the page says anyway: shown folded
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer sent to the reporter."""

    at: datetime
    text: str
    agency: str
    outcome: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Own:
    """Everything the reporter's page shows."""

    case: Case
    edition: Edition
    page: PublicPage
    field: Label
    tone: str  # of the state's chip: late while something is overdue or was, else calm
    steps: list[Step]
    holder: str
    due: Due | None
    whole: Due | None
    answers: list[Answered]
    talk: list[Said]
    told: bool  # the words of the report are in the conversation already
    may_withdraw: bool


def own(case: Case, now: datetime) -> Own:
    """The page of a case found by its token. Ten queries, whatever has happened; a few more for one joined to another, which
    goes the way of that one."""
    open_itself, (case, lead) = case.is_open, as_joined(case)
    edition = regulation_of(lead.edition)
    page = public_page(case, now=now)
    due, whole = _dues(lead, edition, now)
    overdue = any(d is not None and d.standing == Standing.OVERDUE for d in (due, whole)) or (
        case.is_open and case.late_at is not None and due is None
    )
    contacts = {c.pk: c for c in case.conversation.contacts.filter(kind__in=_TOLD).prefetch_related("attachments").order_by("id")}
    answers = [_answered(a, page.assignments, contacts, case) for a in page.answers]
    told = {c.pk for c in contacts.values() if c.kind == Contact.Kind.ANSWER and _answer_of(c, page.answers)}
    last = whole if whole is None or due is None or whole.due_at != due.due_at else None
    return Own(
        case=case, edition=edition, page=page, field=Label(case.field.vi, case.field.en or case.field.vi),
        tone=_tone(case, overdue),
        steps=_steps(case, page.rating, overdue), holder=_holder(case), due=due, whole=last, answers=answers,
        talk=[_said(c, page.assignments, case) for c in contacts.values() if c.pk not in told],
        told=any(c.text == case.content for c in contacts.values()), may_withdraw=open_itself,
    )  # fmt: skip


def own_file(case: Case, key: UUID) -> Attachment | None:
    """A file the reporter sent or was sent about this case; never one of a draft or of an internal note."""
    sent = Answer.attachments.through.objects.filter(answer__case=case, answer__state=Answer.State.SENT)
    theirs = Q(contact__conversation=case.conversation_id, contact__kind__in=_TOLD)
    return Attachment.objects.filter(theirs | Q(pk__in=sent.values("attachment_id")), key=key).first()


# -- receipts and look-up -----------------------------------------------------------------------------------------------


def receipt_token(conversation: Conversation, case: Case | None) -> str:
    """The secret word of a receipt: the case's own, or one signed by us while the desk has not opened a case yet."""
    return case.token if case else _RECEIPTS.sign(conversation.ref)


def receipt_of(token: str) -> tuple[Conversation, Case | None] | None:
    """Whose receipt this is; None for a word we did not give."""
    if "~" not in token:
        case = by_token(token)
        return (case.conversation, case) if case else None
    try:
        ref = _RECEIPTS.unsign(token)
    except BadSignature:
        return None
    conversation = Conversation.objects.select_related("hotline").filter(ref=ref).first()
    if conversation is None:
        return None
    first = conversation.cases.order_by("id").values_list("token", flat=True).first()
    return conversation, by_token(first) if first else None


def canonical(code: str) -> str:
    """The code that is meant, however it is written: what is counted as one code is what is looked for as one."""
    refs = refs_in(code)
    return refs[0] if refs else "".join(code.split()).upper()


def find(code: str, phone: str) -> str | None:
    """The secret word for whoever knows a code and the telephone number it was given with; None when either is wrong.

    A case code or the reference of a contact; both are looked for whatever was written, so that every answer takes the
    same work.
    """
    wanted = canonical(code)
    case = lookup(wanted, phone)
    conversation = Conversation.objects.filter(ref=wanted).first()
    number = normal_phone(phone)
    if case is not None:
        return case.token
    if conversation is None or number is None or normal_phone(conversation.reporter_phone) != number:
        return None
    return receipt_token(conversation, conversation.cases.order_by("id").first())


# -- parts --------------------------------------------------------------------------------------------------------------


def _dues(case: Case, edition: Edition, now: datetime) -> tuple[Due | None, Due | None]:
    """The moment that presses whoever holds the case, and the last moment for the whole of it."""
    if not case.is_open:
        return None, None
    rules = rules_of(edition)
    unfinished = case.clocks.filter(state__in=[str(s) for s in regulation.UNFINISHED], participant__isnull=True)
    rows = {row.key: row for row in unfinished.order_by("id")}
    near, whole = rows.get(case.due_clock), rows.get(_WHOLE)
    # What officers owe each other (a report to the leaders, a synthesis) is nothing the citizen waits for.
    if inner := {rule.key for rule in edition.obligations if rule.kind != ObligationKind.FINAL_REPLY}:
        values = (value_of(row, rules[key]) for key, row in rows.items() if key not in inner)
        duty = nearest_duty(State(case.state), values, rules)
        near = rows[duty.key] if duty else None
    return (
        _due(near, rules[near.key], now) if near else None,
        _due(whole, rules[whole.key], now) if whole and whole is not near else None,
    )


def _due(row: Clock, rule: ClockRule, now: datetime) -> Due | None:
    if row.state == ClockState.PAUSED:
        return None
    calendar, value = work_calendar(row.calendar_id), value_of(row, rule)
    return Due(
        label=rule.label, article=rule.article, due_at=row.due_at, left=regulation.remaining(value, now, calendar),
        working=not isinstance(rule.limit, CalendarDays | Minutes) or row.promised,
        standing=regulation.standing(value, rule, now, calendar), promised=row.promised,
        explanation=explain_clock(value, calendar),
    )  # fmt: skip


def _tone(case: Case, overdue: bool) -> str:
    if case.late_at or overdue:
        return "late"
    if case.state == State.REOPEN_REQUESTED:
        return "soon"
    return "ok" if case.answered_at else "brand"


def _steps(case: Case, rating: Rating | None, overdue: bool) -> list[Step]:
    return steps(
        Progress(
            state=State(case.state), outcome=case.outcome, received_at=case.received_at, assigned_at=case.assigned_at,
            answered_at=case.answered_at, closed_at=case.closed_at, rated_at=rating.at if rating else None,
            overdue=overdue, agency=case.agency.name if case.agency else "",
        )
    )  # fmt: skip


def _holder(case: Case) -> str:
    """Which body has it now."""
    at_desk = case.state in (State.RECEIVED, State.RETURNED, State.AWAITING_DECISION, State.REOPEN_REQUESTED)
    return case.hotline.name if at_desk or case.agency is None else case.agency.name


def _held_by(assignments: list[Assignment], at: datetime, case: Case) -> str:
    """Which agency had the case at a moment, by the name it had then."""
    held = [a.agency_name for a in assignments if a.at <= at]
    return held[-1] if held else case.hotline.name


def _answered(answer: Answer, assignments: list[Assignment], contacts: dict[int, Contact], case: Case) -> Answered:
    # Who was joined got the same answer in a letter of their own, with files of its own.
    contact = next((c for c in contacts.values() if _answer_of(c, [answer])), None)
    return Answered(
        at=answer.sent_at or answer.written_at, text=contact.text if contact else answer.body,
        agency=_held_by(assignments, answer.sent_at or answer.written_at, case), outcome=answer.outcome,
        files=tuple((contact if contact and case.merged_into_id else answer).attachments.all()),
    )  # fmt: skip


def _answer_of(contact: Contact, answers: list[Answer]) -> bool:
    return any(contact.pk == a.contact_id or contact.meta.get("answer") == a.pk for a in answers)


def _said(contact: Contact, assignments: list[Assignment], case: Case) -> Said:
    ours = contact.direction == Contact.Direction.OUT
    who = _held_by(assignments, contact.at, case) if ours and contact.kind in _WRITTEN_BY_AGENCY else case.hotline.name
    return Said(
        at=contact.at, text=contact.text or contact.subject, ours=ours, who=who if ours else "",
        kind=_KINDS[Contact.Kind(contact.kind)],
        letter=ours and contact.kind in (Contact.Kind.ACKNOWLEDGEMENT, Contact.Kind.NOTICE),
        files=tuple(contact.attachments.all()),
    )  # fmt: skip


_KINDS = {
    Contact.Kind.MESSAGE: Label("", ""),
    Contact.Kind.ACKNOWLEDGEMENT: Label("xác nhận đã nhận", "acknowledgement"),
    Contact.Kind.QUESTION: Label("hỏi thêm thông tin", "question"),
    Contact.Kind.INTERIM: Label("phản hồi bước đầu", "reply before the result"),
    Contact.Kind.ANSWER: Label("trả lời", "answer"),
    Contact.Kind.NOTICE: Label("thông báo", "notice"),
}
