"""Recording a decision and applying it on its day: all of it in one transaction, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import OVERSIGHT
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackInvalid
from hotline.reorganisation import rules
from hotline.reorganisation.actions.applying import Applying
from hotline.reorganisation.models import Reorganisation
from hotline.reorganisation.queries import due, known_to


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision: `changed` False when there was nothing to do; `applied` False while its day is to come."""

    row: Reorganisation
    changed: bool
    applied: bool
    moved: dict[str, Any]


def reorganise(plan: rules.Plan, *, file: str = "", actor: Actor, now: datetime) -> Outcome:
    """Record a decision, and apply it when its day has come; else the hourly job does so on that day.

    Given again it does nothing. Raises PackInvalid (what in it does not fit this installation) and Refused (a number that
    was applied with other content; an agency that ends with open cases and no successor); nothing is written then.
    """
    with transaction.atomic():
        row = Reorganisation.objects.select_for_update().filter(number=plan.number).first()
        if row is not None and row.document == plan.document:
            if row.applied_at is not None:
                return Outcome(row, False, True, row.moved)
        elif row is not None and row.applied_at is not None:
            raise Refused(
                Label(
                    f"Quyết định {row.number} đã được áp dụng ngày {timezone.localtime(row.applied_at):%d/%m/%Y} với nội dung "
                    "khác. Hãy ghi thay đổi thành một quyết định khác.",
                    f"Decision {row.number} was applied on {timezone.localtime(row.applied_at):%d/%m/%Y} with other content. "
                    "Write the change as another decision.",
                )
            )
        _fits(plan, file)
        changed = row is None or row.document != plan.document
        row = _recorded(row, plan, actor, now) if row is None or changed else row
        if plan.effective > timezone.localdate(now):
            return Outcome(row, changed, False, {})
        _apply(row, plan, actor, now)
        return Outcome(row, True, True, row.moved)


def foretell(plan: rules.Plan, *, file: str = "", actor: Actor = SYSTEM, now: datetime) -> dict[str, Any]:
    """What a decision would move if this were its day. It is really applied and taken back, so that what is foretold is
    what will happen; nothing stays written. Raises what `reorganise` raises."""
    with transaction.atomic():
        known = Reorganisation.objects.filter(number=plan.number, applied_at__isnull=False).first()
        if known is not None and known.document == plan.document:
            return known.moved
        _fits(plan, file)
        moved = Applying(plan, actor, now).all()
        transaction.set_rollback(True)
    return moved


def apply_due(*, now: datetime, actor: Actor = SYSTEM) -> int:
    """Apply every recorded decision whose day has come. How many were.

    One that cannot be applied keeps the reason, says so in the journal once, and is tried again with the next hour; those
    after it wait, because what they change may stand on it.
    """
    applied = 0
    for waiting in due(timezone.localdate(now)):
        try:
            with transaction.atomic():
                row = Reorganisation.objects.select_for_update().get(pk=waiting.pk)
                if row.applied_at is not None:
                    continue
                plan = rules.parse(row.document, row.number)
                _fits(plan, row.number)
                _apply(row, plan, actor, now)
                applied += 1
        except (Refused, PackInvalid) as reason:
            _could_not(waiting, _said(reason), actor, now)
            break
    return applied


def _fits(plan: rules.Plan, file: str) -> None:
    if faults := rules.check(plan, known_to(plan), file or plan.number):
        raise PackInvalid(faults)


def _recorded(row: Reorganisation | None, plan: rules.Plan, actor: Actor, now: datetime) -> Reorganisation:
    before = {"effective": row.effective.isoformat(), "title": row.title} if row else {}
    kind = "reorganisation.changed" if row else "reorganisation.recorded"
    row = row or Reorganisation(number=plan.number)
    row.title, row.decided_on, row.effective = plan.title[:400], plan.decided_on, plan.effective
    row.document = dict(plan.document)
    row.recorded_at, row.recorded_by = now, actor.snapshot()
    row.save()
    record(
        kind,
        "reorganisation",
        row.pk,
        actor,
        now,
        before=before,
        note=plan.decision,
        after={"effective": plan.effective.isoformat(), "title": plan.title},
    )
    return row


def _apply(row: Reorganisation, plan: rules.Plan, actor: Actor, now: datetime) -> None:
    row.moved = Applying(plan, actor, now).all()
    row.applied_at, row.problem_vi, row.problem_en = now, "", ""
    row.save()
    record(
        "reorganisation.applied",
        "reorganisation",
        row.pk,
        actor,
        now,
        note=plan.decision,
        topics=[OVERSIGHT],
        after={"effective": plan.effective.isoformat(), **rules.totals(row.moved)},
    )


@transaction.atomic
def _could_not(row: Reorganisation, why: Label, actor: Actor, now: datetime) -> None:
    if row.problem_vi == why.vi:
        return
    Reorganisation.objects.filter(pk=row.pk, applied_at__isnull=True).update(problem_vi=why.vi, problem_en=why.en)
    record("reorganisation.refused", "reorganisation", row.pk, actor, now, note=why.vi, topics=[OVERSIGHT])


def _said(reason: Refused | PackInvalid) -> Label:
    if isinstance(reason, Refused):
        return reason.sentence
    return Label(*("\n".join(error.text(language) for error in reason.errors) for language in ("vi", "en")))
