"""What is done with dialogues, step by step; each is one transaction with its act."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hotline.cases import actions as cases_actions
from hotline.cases.models import Case, Obligation
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Contact
from hotline.dialogues import rules
from hotline.dialogues.models import Attendance, Dialogue, Registration, Task
from hotline.dialogues.queries import facts_of, registered
from hotline.dialogues.rules import DialogueState
from hotline.documents import actions as documents
from hotline.documents.models import Document
from hotline.documents.queries import hidden_in, office_of
from hotline.documents.rules import DocumentKind, DocumentState
from hotline.journal.actions import draft as act_of
from hotline.journal.actions import record_all
from hotline.journal.rules import Actor
from hotline.live.rules import agency_topic, case_topic, oversight
from hotline.notifications.letters import compose
from hotline.organisation.models import Agency
from hotline.people.models import Person
from hotline.people.queries import holders, posts_on
from hotline.people.rules import AGENCY_ROLES
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ObligationKind, Role


@dataclass(frozen=True, slots=True)
class Given:
    """One task of the conclusions as it is given out."""

    what: str
    agency: Agency
    due_on: date


@transaction.atomic
def register(
    cases: Sequence[Case], subject: str, appraisal: str, *, organisation: str = "", contents: str = "", actor: Actor,
    now: datetime,
) -> Dialogue:  # fmt: skip
    """After strict appraisal (thẩm định chặt chẽ) the matter goes to the leaders themselves: a dialogue is registered with
    the reporters of these cases. Raises Refused (no appraisal, no subject, two domains, a case registered elsewhere)."""
    _may("add", DialogueState.REGISTERED, actor)
    if not cases:
        raise Refused(rules.NO_CASE)
    if not appraisal.strip():
        raise Refused(rules.NO_APPRAISAL)
    if not subject.strip():
        raise Refused(rules.NO_SUBJECT)
    first = cases[0]
    row = Dialogue.objects.create(
        hotline_id=first.hotline_id, domain=first.domain, subject=subject.strip()[:300], appraisal=appraisal.strip(),
        registered_at=now, author=actor.snapshot(),
    )  # fmt: skip
    for case in cases:
        _register(row, case, organisation, contents)
    _record(row, "registered", actor, now, note=appraisal.strip(), on_cases=cases)
    return row


def add(
    dialogue_id: int, case: Case, *, organisation: str = "", contents: str = "", actor: Actor, now: datetime,
    version: int | None = None,
) -> Dialogue:  # fmt: skip
    """Another case of the matter is registered with its reporter. Raises Refused, Stale."""
    with _on(dialogue_id, "add", actor, version) as row:
        _register(row, case, organisation, contents)
        _record(row, "registered", actor, now, on_cases=[case])
    return row


def prepare(
    dialogue_id: int, *, contents: str, starts_at: datetime, chair: Person, place: str = "", online: str = "",
    agencies: Collection[Agency] = (), actor: Actor, now: datetime, version: int | None = None,
) -> Dialogue:  # fmt: skip
    """Content, time, place or address, the leader who chairs, the agencies asked to be there. Prepared anew, everybody has
    to be invited again. Raises Refused (in the past, no place, not a leader of this domain), Stale."""
    with _on(dialogue_id, "prepare", actor, version) as row:
        if starts_at <= now:
            raise Refused(rules.PAST)
        if not place.strip() and not online.strip():
            raise Refused(rules.NO_PLACE)
        if not holders(Role.LEADER, timezone.localdate(now), domain=row.domain).filter(pk=chair.pk).exists():
            raise Refused(rules.NO_CHAIR)
        row.contents, row.starts_at, row.chair = contents.strip(), starts_at, chair
        row.place, row.online, row.invited_at = place.strip()[:300], online.strip()[:300], None
        _inside(row, agencies)
        row.agencies.all().delete()
        Attendance.objects.bulk_create(Attendance(dialogue=row, agency=one, agency_name=one.name) for one in agencies)
        _record(row, "prepared", actor, now, starts_at=starts_at.isoformat(), chair=chair.full_name)
    return row


def invite(dialogue_id: int, *, actor: Actor, now: datetime, version: int | None = None) -> Dialogue:
    """Every registered citizen is invited on their own channel; the agencies and the chair hear of it. Of an online dialogue
    they are told that it is recorded (Nghị định 154/2026, Điều 16–20). Raises Refused, Stale."""
    with _on(dialogue_id, "invite", actor, version) as row:
        if row.starts_at is None or row.starts_at <= now:
            raise Refused(rules.PAST)
        facts = facts_of(row)
        for one in registered(row):
            one.contact = _letter(row, one.case, facts, actor, now)
            one.save(update_fields=["contact"])
        row.invited_at = now
        _record(row, "invited", actor, now, on_cases=[one.case for one in registered(row)], at=facts["dialogue.at"])
    return row


def hold(
    dialogue_id: int, conclusions: str, *, came: Collection[int] = (), agencies_came: Collection[int] = (), actor: Actor,
    now: datetime, version: int | None = None,
) -> Dialogue:  # fmt: skip
    """It was held: who came (registrations, attendances by id) and what the chair concluded. The edition's obligation to
    hold it is met on every case. Raises Refused (before its time, no conclusions), Stale."""
    with _on(dialogue_id, "hold", actor, version) as row:
        if row.starts_at is None or now < row.starts_at:
            raise Refused(rules.NOT_YET)
        if not conclusions.strip():
            raise Refused(rules.NO_CONCLUSIONS)
        row.registrations.update(attended=False)
        row.registrations.filter(pk__in=came).update(attended=True)
        row.agencies.update(attended=False)
        row.agencies.filter(pk__in=agencies_came).update(attended=True)
        row.held_at = row.starts_at
        row.conclusions = conclusions.strip()
        cases = [one.case for one in registered(row)]
        _record(row, "held", actor, now, on_cases=cases, held_at=row.held_at.isoformat(), came=len(set(came)))
        owing = Obligation.objects.owed().filter(case__in=cases, kind=str(ObligationKind.DIALOGUE))
        for case_id in sorted({*owing.values_list("case_id", flat=True)}):
            cases_actions.meet(
                case_id, ObligationKind.DIALOGUE, actor, now,
                evidence={"dialogue": row.pk, "held_at": row.held_at.isoformat()},
            )  # fmt: skip
    return row


def write_minutes(dialogue_id: int, *, actor: Actor, now: datetime, version: int | None = None) -> Document:
    """The minutes as a document, filled from what was recorded; the chair or the coordinator signs. Raises Refused, Stale."""
    with _on(dialogue_id, "minutes", actor, version) as row:
        if row.minutes_id is not None:
            raise Refused(rules.HAS_MINUTES)
        row.minutes = _document(row, DocumentKind.MINUTES, actor, now)
        _record(row, "minutes_written", actor, now, document=row.minutes.pk)
    return row.minutes


@transaction.atomic
def write_invitation(dialogue_id: int, *, actor: Actor, now: datetime) -> Document:
    """A giấy mời to the agencies, filled from what was prepared. Raises Refused."""
    row = Dialogue.objects.select_for_update(of=("self",)).select_related("chair").get(pk=dialogue_id)
    _may("invite", DialogueState.PREPARED, actor)
    return _document(row, DocumentKind.INVITATION, actor, now)


def follow_up(
    dialogue_id: int, tasks: Sequence[Given], *, actor: Actor, now: datetime, version: int | None = None
) -> Dialogue:
    """The conclusions become tasks of agencies with a day each; without any it is done. Raises Refused (minutes not signed,
    a task without words or in the past), Stale."""
    with _on(dialogue_id, "follow_up", actor, version) as row:
        if row.minutes is None or row.minutes.state != DocumentState.ISSUED:
            raise Refused(rules.NO_MINUTES)
        if any(not one.what.strip() for one in tasks):
            raise Refused(rules.NO_TASK)
        if any(one.due_on < timezone.localdate(now) for one in tasks):
            raise Refused(rules.TASK_PAST)
        _inside(row, [one.agency for one in tasks])
        Task.objects.bulk_create(
            Task(dialogue=row, what=one.what.strip(), agency=one.agency, agency_name=one.agency.name, due_on=one.due_on)
            for one in tasks
        )
        if not tasks:
            row.state, row.ended_at = DialogueState.DONE, now
        _record(row, "followed_up", actor, now, tasks=len(tasks), agencies=sorted({one.agency.pk for one in tasks}))
    return row


def finish_task(task_id: int, result: str, *, actor: Actor, now: datetime) -> Task:
    """The agency in charge (or the coordinator) reports that a task is done; with the last one the dialogue is over.

    Raises Refused (not theirs, done already, no result)."""
    if not result.strip():
        raise Refused(rules.NO_RESULT)
    with transaction.atomic():
        known = Task.objects.get(pk=task_id)
        row = Dialogue.objects.select_for_update(of=("self",)).get(pk=known.dialogue_id)
        task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
        own = (
            AGENCY_ROLES & {Role(role) for role in actor.roles}
            and posts_on(timezone.localdate(now))
            .filter(person_id=actor.id or 0, agency_id=task.agency_id, role__in=[str(role) for role in AGENCY_ROLES])
            .exists()
        )
        if not own and Role.COORDINATOR not in actor.roles:
            raise Refused(rules.NOT_YOUR_TASK)
        if task.done_at is not None:
            raise Refused(rules.TASK_DONE)
        task.done_at, task.done_by, task.result = now, actor.snapshot(), result.strip()
        task.save(update_fields=["done_at", "done_by", "result"])
        if not row.tasks.filter(done_at__isnull=True).exists():
            row.state, row.ended_at = DialogueState.DONE, now
        row.version += 1
        row.save()
        _record(row, "task_done", actor, now, note=result.strip(), task=task.pk, late=now.date() > task.due_on)
        return task


def cancel(dialogue_id: int, reason: str, *, actor: Actor, now: datetime, version: int | None = None) -> Dialogue:
    """It is not held; what the edition makes owed stays owed. Raises Refused (no reason), Stale."""
    if not reason.strip():
        raise Refused(rules.NO_REASON)
    with _on(dialogue_id, "cancel", actor, version) as row:
        row.reason, row.ended_at = reason.strip(), now
        _record(row, "cancelled", actor, now, note=reason.strip(), on_cases=[one.case for one in registered(row)])
    return row


# -- small steps -------------------------------------------------------------------------------------------------------


def _may(step: str, state: DialogueState, actor: Actor) -> None:
    move = rules.STEPS[step]
    if not {str(role) for role in move.by} & actor.roles:
        raise Refused(
            Label(rules.NOT_THEIRS.vi.format(what=move.label.vi), rules.NOT_THEIRS.en.format(what=move.label.en))
        )
    if state not in move.at:
        said = {"vi": rules.NOT_NOW.vi, "en": rules.NOT_NOW.en}
        raise Refused(Label(
            said["vi"].format(state=state.label.vi, what=move.label.vi),
            said["en"].format(state=state.label.en, what=move.label.en),
        ))  # fmt: skip


@contextmanager
def _on(dialogue_id: int, step: str, actor: Actor, version: int | None) -> Iterator[Dialogue]:
    """The dialogue, locked, for one step that is theirs and possible now; written on leaving. Raises Refused, Stale."""
    with transaction.atomic():
        rows = Dialogue.objects.select_for_update(of=("self",)).select_related("chair", "minutes", "hotline")
        row = rows.get(pk=dialogue_id)
        if version is not None and row.version != version:
            raise Stale
        _may(step, DialogueState(row.state), actor)
        row.state = rules.STEPS[step].to or row.state
        yield row
        row.version += 1
        row.save()


def _inside(row: Dialogue, agencies: Collection[Agency]) -> None:
    """Nobody behind another wall is asked to it, or given a task of it."""
    for agency in agencies:
        if row.domain and agency.domain not in ("", row.domain):
            raise Refused(Label(
                rules.BEHIND_THE_WALL.vi.format(agency=agency.name), rules.BEHIND_THE_WALL.en.format(agency=agency.name)
            ))  # fmt: skip


def _register(row: Dialogue, case: Case, organisation: str, contents: str) -> None:
    if (case.hotline_id, case.domain) != (row.hotline_id, row.domain):
        raise Refused(rules.MIXED)
    Case.objects.select_for_update(of=("self",)).only("pk").get(pk=case.pk)  # of two at once one waits
    if Registration.objects.filter(case=case, dialogue__state__in=[str(state) for state in rules.OPEN]).exists():
        raise Refused(Label(rules.ALREADY.vi.format(code=case.code), rules.ALREADY.en.format(code=case.code)))
    Registration.objects.create(
        dialogue=row, case=case, organisation=organisation.strip()[:200], contents=hidden_in(case, contents.strip())
    )


def _document(row: Dialogue, kind: DocumentKind, actor: Actor, now: datetime) -> Document:
    cases = [one.case for one in registered(row)]
    return documents.draft(cases, kind, actor=actor, now=now, facts=facts_of(row), office=office_of(kind, cases[0]))


def _letter(row: Dialogue, case: Case, facts: dict[str, str], actor: Actor, now: datetime) -> Contact:
    conversation = case.conversation
    office = office_of(DocumentKind.INVITATION, case)
    subject, text = compose(
        "dialogue", conversation.letters_in, row.hotline, case=case, name=conversation.reporter_name, subject=row.subject,
        at=facts["dialogue.at"], place=facts["dialogue.place"], chair=facts["dialogue.chair"], online=row.online,
        office=office.name if office else row.hotline.authority,
    )  # fmt: skip
    return queue_outgoing(
        conversation, kind=Contact.Kind.NOTICE, text=text, subject=subject, actor=actor, now=now,
        external_id=f"dialogue-{row.pk}-{row.version}-{case.pk}",
        meta={"case": case.pk, "code": case.code, "whole": True},
    )  # fmt: skip


def _record(
    row: Dialogue, what: str, actor: Actor, now: datetime, note: str = "", on_cases: Sequence[Case] = (), **after: Any
) -> None:
    """The act on the dialogue, and a line on each of its cases where it concerns them."""
    agencies = [*row.agencies.values_list("agency_id", flat=True), *row.tasks.values_list("agency_id", flat=True)]
    topics = [*oversight(row.domain), *sorted({agency_topic(pk) for pk in agencies})]
    acts = [act_of(f"dialogue.{what}", "dialogue", row.pk, actor, now, {}, after, note, topics)]
    acts += [
        act_of(f"case.dialogue_{what}", "case", case.pk, actor, now, {}, {"dialogue": row.pk}, row.subject,
               [case_topic(case.pk), *oversight(case.domain)])
        for case in on_cases
    ]  # fmt: skip
    record_all(acts)
