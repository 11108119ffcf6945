"""Many reporters, one matter: joined to a lead case, answered once, told each on their own channel under their own code;
and the reporter who comes back with what was answered already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from hotline.cases import rules as casework
from hotline.cases.actions.work import Work, on
from hotline.cases.models import Answer, Case
from hotline.cases.obligations.actions import raise_level
from hotline.cases.several import rules
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Attachment, Contact
from hotline.hotlines.queries import regulation_of
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import case_topic
from hotline.refusals import Refused
from hotline.regulation.levels import next_level
from hotline.regulation.lifecycle import OutcomeKind

BATCH = 200


def bring_along(work: Work, lead: Case) -> None:
    """A case that others were joined to is itself joined to `lead`: they go with it, so that one answer reaches all."""
    Case.objects.filter(merged_into=work.case).update(merged_into=lead)


def tell_joined(answer_id: int, *, now: datetime) -> int:
    """Send an answer of a lead case to everybody whose report was joined to it, each under their own code, once however
    often this runs. Returns how many were not told yet. Raises Answer.DoesNotExist."""
    answer = Answer.objects.select_related("case__edition").get(pk=answer_id)
    if answer.state != Answer.State.SENT:
        return 0
    lead, files = answer.case, list(answer.attachments.order_by("id"))
    ground = regulation_of(lead.edition).ground(answer.ground).label if answer.ground else None
    draft = casework.Draft(
        OutcomeKind(answer.outcome), answer.body, answer.ground, answer.where_to_go, answer.scheduled_for
    )
    text, told = casework.answer_text(draft, ground), 0
    for joined in _joined(lead):
        told += _tell(joined, answer, text, files, now)
    if told:
        with transaction.atomic():
            record("case.told_joined", "case", lead.pk, SYSTEM, now, after={"answer": answer.pk, "told": told},
                   topics=[case_topic(lead.pk)])  # fmt: skip
    return told


@transaction.atomic
def _tell(joined: Case, answer: Answer, text: str, files: list[Attachment], now: datetime) -> bool:
    contact = queue_outgoing(
        joined.conversation,
        kind=Contact.Kind.ANSWER,
        text=text,
        subject=f"[{joined.code}] Trả lời: {joined.summary}"[:500],
        actor=SYSTEM,
        now=now,
        external_id=f"answer-{answer.pk}-{joined.pk}",
        meta={"case": joined.pk, "answer": answer.pk},
    )
    if files and not contact.attachments.exists():
        # Rows of their own, for each letter carries its files; what they hold is stored once.
        Attachment.objects.bulk_create(
            Attachment(contact=contact, file=file.file.name, name=file.name, content_type=file.content_type, size=file.size,
                       width=file.width, height=file.height)
            for file in files
        )  # fmt: skip
    return contact.at == now


def _joined(lead: Case) -> Iterator[Case]:
    rows = Case.objects.filter(merged_into=lead).select_related("conversation__citizen").defer("search", "content")
    return rows.order_by("id").iterator(chunk_size=BATCH)


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
