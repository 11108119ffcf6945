"""An answer on its way to the citizen: drafted, submitted, sent back, approved, sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from hotline.cases import rules
from hotline.cases.actions.cooperation import check_agreed
from hotline.cases.actions.work import Work, on
from hotline.cases.models import Answer, Case, Participation, Rating
from hotline.cases.rules import Draft
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Attachment, Contact
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation import reopening
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OutcomeKind, Role, State, Step

_NO_DRAFT = Label("Chưa có dự thảo trả lời.", "There is no draft of an answer yet.")


def save_draft(
    case: Case | int, outcome: str, body: str, ground: str = "", where_to_go: str = "",
    scheduled_for: date | None = None, attachments: Sequence[Attachment] = (), *, actor: Actor, now: datetime,
    version: int | None = None,
) -> Case:
    """Keep what an answer says so far; it may still be incomplete. While the head has it, only the head may change it.

    `attachments` replaces the whole list. Raises Refused (also for a file of another case), Stale; ValueError for an
    outcome that is no word of the lifecycle.
    """
    draft = Draft(OutcomeKind(outcome), body, ground, where_to_go, scheduled_for)
    with on(case, actor, now, version) as work:
        work.do("case.drafted")
        if work.case.state == State.AWAITING_APPROVAL and Role.HEAD not in work.roles:
            raise Refused(
                Label(
                    "Dự thảo đã trình thủ trưởng; chỉ thủ trưởng được sửa.",
                    "The draft is with the head, who alone may change it.",
                )
            )
        answer = _write(work, draft, attachments)
        work.after = {"answer": answer.pk, "outcome_drafted": answer.outcome, "answer_state": answer.state}
    return work.case


def submit(case: Case | int, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The focal person hands the draft to the head; from this moment the head's own clock runs. Raises Refused when the
    draft lacks what its outcome needs, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.SUBMIT)
        answer = _current(work)
        _check(work, answer)
        answer.state = Answer.State.SUBMITTED
        answer.comment = ""
        answer.save(update_fields=["state", "comment"])
        work.after = {"answer": answer.pk}
    return work.case


def send_back(case: Case | int, comment: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The head wants another draft and says why. Raises Refused, Stale."""
    if not comment.strip():
        raise Refused(Label("Hãy ghi yêu cầu làm lại.", "Say what has to be done again."))
    with on(case, actor, now, version) as work:
        work.take(Step.SEND_BACK)
        answer = _current(work)
        answer.state = Answer.State.SENT_BACK
        answer.comment = comment.strip()
        answer.save(update_fields=["state", "comment"])
        work.note = comment.strip()
        work.after = {"answer": answer.pk}
    return work.case


def approve(case: Case | int, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The head approves the draft and it goes out on the citizen's channel. Raises Refused, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.APPROVE)
        _send(work, _current(work))
    return work.case


def take_over(case: Case | int, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The head handles the case in person; the head's clock starts unless it runs already. Raises Refused, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.TAKE_OVER)
        work.rise_to(Role.HEAD)
    return work.case


def answer(
    case: Case | int, outcome: str, body: str, ground: str = "", where_to_go: str = "",
    scheduled_for: date | None = None, attachments: Sequence[Attachment] = (), *, actor: Actor, now: datetime,
    version: int | None = None,
) -> Case:
    """Answer the citizen without a second pair of eyes: the head, or a focal person where the edition asks for no
    approval. Raises Refused, Stale, ValueError as `save_draft`."""
    draft = Draft(OutcomeKind(outcome), body, ground, where_to_go, scheduled_for)
    with on(case, actor, now, version) as work:
        work.take(Step.ANSWER)
        _send(work, _write(work, draft, attachments))
    return work.case


def answer_at_once(case: Case | int, body: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The desk answers a case it need not pass on (level 1). Raises Refused, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.ANSWER_AT_ONCE)
        _send(work, _write(work, Draft(OutcomeKind.ANSWERED, body), ()))
    return work.case


def _current(work: Work) -> Answer:
    """The answer of this round that has not gone out. Raises Refused when there is none."""
    unsent = work.case.answers.filter(round=work.case.round).exclude(state=Answer.State.SENT)
    found = unsent.order_by("-id").first()
    if found is None:
        raise Refused(_NO_DRAFT)
    return found


def _write(work: Work, draft: Draft, attachments: Sequence[Attachment]) -> Answer:
    """Put a draft into the round's one unsent answer; what was submitted stays submitted when the head changes it."""
    unsent = work.case.answers.filter(round=work.case.round).exclude(state=Answer.State.SENT)
    row = unsent.order_by("-id").first() or Answer(case=work.case, round=work.case.round)
    if row.state != Answer.State.SUBMITTED:
        row.state = Answer.State.DRAFT
    row.outcome, row.body = str(draft.outcome), draft.body.strip()
    row.ground, row.where_to_go, row.scheduled_for = draft.ground, draft.where_to_go.strip(), draft.scheduled_for
    row.author, row.written_at = work.actor.snapshot(), work.now
    row.save()
    wanted = {file.pk for file in attachments}
    if _attachable(work.case, row).filter(pk__in=wanted).count() != len(wanted):
        raise Refused(Label("Tệp đính kèm không thuộc phiếu này.", "An attachment does not belong to this case."))
    row.attachments.set(wanted)
    return row


def _attachable(case: Case, row: Answer):  # type: ignore[no-untyped-def]
    """Files an answer may carry: those of the case's own conversation, and new ones no other answer has."""
    new = Q(contact__isnull=True) & ~Q(pk__in=Answer.attachments.through.objects.exclude(answer__case=case).values("attachment"))
    new &= ~Q(pk__in=Participation.attachments.through.objects.exclude(participation__case=case).values("attachment"))
    return Attachment.objects.filter(Q(contact__conversation=case.conversation_id) | new)


def _check(work: Work, row: Answer) -> Draft:
    """Whether an answer is complete under the edition. Raises Refused."""
    draft = _draft_of(row)
    rule = work.edition.outcome(draft.outcome)
    proof = {"photo": False, "confirmed": False}
    if rule.needs_proof:
        proof["photo"] = row.attachments.filter(width__isnull=False).exists()
        proof["confirmed"] = _confirmed(work.case)
    rules.check_answer(draft, rule, work.edition.grounds_on(work.today), work.today, **proof)
    return draft


def _confirmed(case: Case) -> bool:
    """Whether the citizen's last word is that the matter is resolved."""
    last = Rating.objects.filter(case=case).order_by("-id").first()
    return last is not None and last.resolved is True


def _send(work: Work, row: Answer) -> None:
    """The answer goes out: on the citizen's channel, on the case, on the page."""
    draft, case = _check(work, row), work.case
    check_agreed(work)
    ground = work.edition.ground(draft.ground).label if draft.ground else None
    row.contact = queue_outgoing(
        case.conversation, kind=Contact.Kind.ANSWER, text=rules.answer_text(draft, ground),
        subject=f"[{case.code}] Trả lời: {case.summary}"[:500], actor=work.actor, now=work.now,
        meta={"case": case.pk, "answer": row.pk},
    )
    row.attachments.filter(contact__isnull=True).update(contact=row.contact)
    row.state, row.sent_at, row.approved_by = Answer.State.SENT, work.now, work.actor.snapshot()
    row.save(update_fields=["contact", "state", "sent_at", "approved_by"])
    case.answered_at, case.outcome = work.now, row.outcome
    # The citizen's window is counted on the hotline's calendar: an agency's own days off take nothing from it.
    case.reopen_until = reopening.closes_at(
        work.edition.reopening, work.now, work.clocks.calendar(case.hotline.calendar_id)
    )
    work.after = {"answer": row.pk, "contact": row.contact.pk, "late": case.late_at is not None}
    work.evidence = {"answer": row.pk, "contact": row.contact.pk}


def _draft_of(row: Answer) -> Draft:
    return Draft(OutcomeKind(row.outcome), row.body, row.ground, row.where_to_go, row.scheduled_for)
