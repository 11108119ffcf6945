"""How a case ends without an answer, or for good after one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.cases.actions.joining import bring_along
from hotline.cases.actions.work import on
from hotline.cases.models import Case
from hotline.cases.several.rules import OTHERS_REPORTED
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import agency_topic, case_topic
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OutcomeKind, State, Step


def withdraw(case: Case | int, reason: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The reporter takes the report back; the desk writes down why. Raises Refused, Stale."""
    if not reason.strip():
        raise Refused(Label("Hãy ghi lý do rút phản ánh, kiến nghị.", "Write down why it was withdrawn."))
    with on(case, actor, now, version) as work:
        work.take(Step.WITHDRAW)
        if Case.objects.filter(merged_into=work.case).exists():
            raise Refused(OTHERS_REPORTED)
        work.case.outcome, work.case.closed_at = str(OutcomeKind.WITHDRAWN), now
        work.note = reason.strip()
    return work.case


def merge(
    case: Case | int, into: Case | int, *, reason: str = "", actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Close a case because another one, `into`, is about the same matter. Raises Refused, Stale."""
    first, second = (each if isinstance(each, int) else each.pk for each in (case, into))
    if first == second:
        raise Refused(Label("Không thể gộp phiếu vào chính nó.", "A case cannot be merged into itself."))
    with transaction.atomic():
        # Both locked in one order, so that two merges crossing each other wait instead of killing one another.
        both = Case.objects.select_for_update().defer("search").filter(pk__in=(first, second)).order_by("pk")
        lead = {row.pk: row for row in both}.get(second)
        if lead is None or lead.merged_into_id or lead.state == State.CLOSED:
            raise Refused(
                Label(
                    "Chỉ gộp vào một phiếu chưa kết thúc và chưa bị gộp.",
                    "A case can be merged only into one that is neither closed nor merged itself.",
                )
            )
        with on(first, actor, now, version) as work:
            work.take(Step.MERGE)
            work.case.outcome, work.case.closed_at = str(OutcomeKind.MERGED), now
            work.case.merged_into = lead
            work.note = reason.strip() or lead.code
            work.after = {"into": lead.code}
            if brought := bring_along(work, lead):
                work.after["brought"] = brought
        record(
            "case.joined", "case", lead.pk, actor, now, after={"joined": work.case.code},
            topics=[case_topic(lead.pk), *([agency_topic(lead.agency_id)] if lead.agency_id else [])],
        )
    return work.case


def settle(case: Case | int, *, now: datetime, actor: Actor = SYSTEM, version: int | None = None) -> Case:
    """The answer stands: its window for reopening has passed, or the citizen says that it is resolved.

    Raises Refused (by the system before the window has passed), Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.SETTLE)
        until = work.case.reopen_until
        if actor.kind == "system" and until is not None and until >= now:
            raise Refused(
                Label(
                    "Người dân còn thời gian đề nghị xử lý lại.", "The citizen still has time to ask for reopening."
                )
            )
        work.case.closed_at = now
        if owed := work.clocks.owed():
            # The answer stands, but a letter or a report is still owed: it stays so, and the record says it.
            work.after = {"owing": [row.key for row in owed]}
    return work.case
