"""A reporter who is not to be known: hidden, looked at, written to without being known."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.cases.actions.work import on
from hotline.cases.identity.queries import hide_others
from hotline.cases.models import Case
from hotline.cases.several import rules
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Contact
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.live.rules import case_topic
from hotline.people.rules import DESK_ROLES
from hotline.refusals import Refused
from hotline.regulation.labels import Label


def hide_identity(
    case: Case | int, reason: str = "", *, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """The reporter asks not to be known to whoever handles the case; what they read from now on no longer says it.

    Holds for every case of the same conversation. Raises Refused (hidden already, not the desk's), Stale."""
    with on(case, actor, now, version) as work:
        work.do("case.identity_hidden")
        if work.case.hide_identity:
            raise Refused(rules.HIDDEN_ALREADY)
        hide_others(work.case.conversation_id)
        # Read back what that wrote; the journal must not keep the words that were taken out as its "before".
        work.case.refresh_from_db(fields=["summary", "place", "hide_identity"])
        work.forget_changes("summary", "place")
        work.note = reason.strip()
    return work.case


def show_identity(case: Case, *, actor: Actor, now: datetime) -> None:
    """Somebody of the desk or the coordinator had a hidden reporter shown: who looked is in the journal. The case's
    version stays. Raises Refused for everybody else."""
    if not actor.roles & {str(role) for role in DESK_ROLES}:
        raise Refused(rules.NOT_YOURS_TO_SEE)
    with transaction.atomic():
        record("case.identity_shown", "case", case.pk, actor, now, topics=[case_topic(case.pk)])


def ask_reporter(case: Case | int, words: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """Write to the reporter through the hotline, on their own channel, without learning who or where they are; their answer
    comes back into the conversation. Raises Refused, Stale."""
    if not words.strip():
        raise Refused(Label("Hãy ghi nội dung gửi người phản ánh.", "Write what the reporter is asked or told."))
    with on(case, actor, now, version) as work:
        work.check("case.reporter_asked")
        agency = work.case.agency.name if work.case.agency else ""
        contact = queue_outgoing(
            work.case.conversation,
            kind=Contact.Kind.QUESTION,
            text=words.strip(),
            actor=actor,
            now=now,
            subject=f"[{work.case.code}] {work.case.summary}"[:500],
            meta={"code": work.case.code, "case": work.case.pk, "agency": agency},
        )
        work.also("case.reporter_asked", words.strip(), contact=contact.pk)
    return work.case
