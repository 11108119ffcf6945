"""Many reporters, one matter: joined to a lead case, answered once, told each on their own channel under their own code;
and the reporter who comes back with what was answered already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from hotline.cases import rules as casework
from hotline.cases.actions.work import Work, on
from hotline.cases.identity.queries import reporter_of
from hotline.cases.models import Answer, Case
from hotline.cases.obligations.actions import raise_level
from hotline.cases.several import rules
from hotline.cases.several.queries import joined_to
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Attachment, Contact
from hotline.hotlines.queries import regulation_of
from hotline.journal.actions import record
from hotline.journal.queries import acts_of
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import case_topic
from hotline.refusals import Refused
from hotline.regulation.levels import next_level
from hotline.regulation.lifecycle import OutcomeKind

# What stands on a letter to somebody who was joined, under their own code and summary.
_SUBJECTS = {Contact.Kind.ANSWER: "Trả lời", Contact.Kind.INTERIM: "Phản hồi bước đầu"}


def bring_along(work: Work, lead: Case) -> list[str]:
    """A case that others were joined to is itself joined to `lead`: they go with it, so that one answer reaches all. Their
    codes."""
    brought = Case.objects.filter(merged_into=work.case)
    codes = list(brought.order_by("id").values_list("code", flat=True))
    if codes:
        brought.update(merged_into=lead)
    return codes


def tell_joined(answer_id: int, *, now: datetime) -> int:
    """Send an answer of a lead case to everybody whose report was joined to it, each under their own code, once however
    often this runs. Returns how many were not told yet. Raises Answer.DoesNotExist."""
    answer = Answer.objects.select_related("case__edition", "case__conversation__citizen").get(pk=answer_id)
    if answer.state != Answer.State.SENT:
        return 0
    ground = regulation_of(answer.case.edition).ground(answer.ground).label if answer.ground else None
    draft = casework.Draft(
        OutcomeKind(answer.outcome), answer.body, answer.ground, answer.where_to_go, answer.scheduled_for
    )
    text, files = casework.answer_text(draft, ground), list(answer.attachments.order_by("id"))
    return _tell_all(answer.case, _Letter(Contact.Kind.ANSWER, text, files, "answer", answer.pk), now)


def pass_on(contact_id: int, *, now: datetime) -> int:
    """Send a letter that is no answer yet (a first reply, a progress report) of a lead case to everybody joined to it, as
    `tell_joined`. Raises Contact.DoesNotExist, Case.DoesNotExist."""
    contact = Contact.objects.get(pk=contact_id)
    lead = Case.objects.select_related("conversation__citizen").defer("search", "content").get(pk=contact.meta["case"])
    files = list(contact.attachments.order_by("id"))
    return _tell_all(lead, _Letter(Contact.Kind.INTERIM, contact.text, files, "interim", contact.pk), now)


def tell_newcomers(lead_id: int, *, now: datetime) -> int:
    """Send what everybody was told last to those who were joined since: the answer, else the last letter before it, if
    there is any."""
    sent = Answer.objects.filter(case=lead_id, state=Answer.State.SENT).order_by("-id").first()
    if sent is not None and sent.case.answered_at is not None:
        return tell_joined(sent.pk, now=now)
    said = acts_of("case", lead_id).filter(kind__in=("case.interim_replied", "case.progress_reported")).last()
    return pass_on(said.after["contact"], now=now) if said else 0


@dataclass(frozen=True, slots=True)
class _Letter:
    """What all are told. `cause` and `number` make it one letter to each, however often it is sent."""

    kind: Contact.Kind
    text: str
    files: list[Attachment]
    cause: str
    number: int


def _tell_all(lead: Case, letter: _Letter, now: datetime) -> int:
    reporter, told = None, 0
    for joined in joined_to(lead.pk):
        if reporter is None:  # it was written to whoever reported first, perhaps by name; that is nobody else's business
            reporter = reporter_of(lead.conversation)
            letter = replace(letter, text=reporter.hidden_in(letter.text, places=False))
        told += _tell(joined, letter, now)
    if told:
        with transaction.atomic():
            record("case.told_joined", "case", lead.pk, SYSTEM, now, after={letter.cause: letter.number, "told": told},
                   topics=[case_topic(lead.pk)])  # fmt: skip
    return told


@transaction.atomic
def _tell(joined: Case, letter: _Letter, now: datetime) -> bool:
    contact = queue_outgoing(
        joined.conversation,
        kind=letter.kind,
        text=letter.text,
        subject=f"[{joined.code}] {_SUBJECTS[letter.kind]}: {joined.summary}"[:500],
        actor=SYSTEM,
        now=now,
        external_id=f"{letter.cause}-{letter.number}-{joined.pk}",
        meta={"case": joined.pk, letter.cause: letter.number},
    )
    if letter.files and not contact.attachments.exists():
        # Rows of their own, for each letter carries its files; what they hold is stored once.
        Attachment.objects.bulk_create(
            Attachment(contact=contact, file=file.file.name, name=file.name, content_type=file.content_type, size=file.size,
                       width=file.width, height=file.height)
            for file in letter.files
        )  # fmt: skip
    return contact.at == now


def link_repeat(case: Case | int, earlier: Case, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The report repeats a matter that was answered: it is linked to the old case and, where the edition's [rising] says so,
    rises one level above it (`raise_level`; while nobody holds it, it is only marked for that level). Who reported the old
    one themselves, or was joined to it, repeats it; nobody else does.

    Raises Refused (not answered, another's, itself), Stale."""
    with transaction.atomic():
        linked, above = _linked(case, earlier, actor, now, version)
        if above is not None and above > linked.level:
            return raise_level(linked, rules.REPEATED.vi, to=above, actor=SYSTEM, now=now)
    return linked


def _linked(
    case: Case | int, earlier: Case, actor: Actor, now: datetime, version: int | None
) -> tuple[Case, int | None]:
    """The case with its link, and the level it is to be raised to."""
    with on(case, actor, now, version) as work:
        work.do("case.repeat_linked")
        lead = earlier.merged_into or earlier
        if lead.pk == work.case.pk or earlier.pk == work.case.pk:
            raise Refused(rules.SAME_CASE)
        if lead.answered_at is None:
            raise Refused(rules.NOT_ANSWERED)
        if work.case.citizen_id is None or not _reported(lead, work.case.citizen_id):
            raise Refused(rules.ANOTHERS)
        work.case.repeat_of = lead
        work.note = lead.code
        work.after = {"repeats": lead.code, "answered_at": lead.answered_at.isoformat()}
        above = next_level(work.edition.levels, lead.level) if work.edition.rising.repeat_raises else None
        if above is not None and above.role in casework.AGENCY and work.case.agency_id is None:
            work.case.level, above = max(work.case.level, above.number), None
    return work.case, above.number if above else None


def _reported(lead: Case, citizen_id: int) -> bool:
    """Whether a citizen reported a matter: as the first, or joined to it."""
    return lead.citizen_id == citizen_id or Case.objects.filter(merged_into=lead, citizen=citizen_id).exists()
