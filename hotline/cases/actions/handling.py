"""The work on a case: verifying, promising another date, urging, noting, correcting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hotline.cases import rules
from hotline.cases.actions.work import on
from hotline.cases.identity.queries import veiled
from hotline.cases.models import Case
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation import reschedule as regulation
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, Step, Urgency

CHANGEABLE = ("kind", "field", "area", "place", "lat", "lon", "summary", "urgency", "public")


def ask_verification(
    case: Case | int, what: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Begin verification of `what` on the spot; its own clock starts with this moment (Quy chế 1519: 24 giờ làm việc).

    Raises Refused, Stale."""
    _need(what, Label("Hãy ghi nội dung cần xác minh, kiểm tra.", "Say what has to be verified."))
    with on(case, actor, now, version) as work:
        work.take(Step.ASK_VERIFICATION)
        work.note = what.strip()
    return work.case


def finish_verification(
    case: Case | int, result: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Verification is done, with this result. Raises Refused, Stale."""
    _need(result, Label("Hãy ghi kết quả xác minh, kiểm tra.", "Write down the result of the verification."))
    with on(case, actor, now, version) as work:
        work.take(Step.FINISH_VERIFICATION)
        work.note = result.strip()
    return work.case


def reschedule(
    case: Case | int, promised_at: datetime, reason: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Promise the citizen another date, with the reason, at most as often as the edition allows (Quy chế 1519: 1 lần).

    The clocks the edition names move to that date unless they have run out; the promise itself is a clock too and breaks
    on that date whoever holds the case by then. Raises Refused with the article, Stale.
    """
    _need(reason, Label("Hãy nêu lý do hẹn lại để báo người dân.", "Give the reason, which the citizen will be told."))
    with on(case, actor, now, version) as work:
        work.take(Step.RESCHEDULE)
        calendar = work.clocks.holder_calendar
        regulation.check(work.edition.reschedule, work.case.reschedules, promised_at, now, calendar)
        work.case.reschedules += 1
        work.case.promised_at = promised_at
        work.clocks.promise(promised_at, now)
        work.note = reason.strip()
    return work.case


def urge(case: Case | int, words: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The coordinator or a leader presses whoever holds the case. Raises Refused, Stale."""
    _need(words, Label("Hãy ghi nội dung đôn đốc.", "Write what you urge them to do."))
    with on(case, actor, now, version) as work:
        work.take(Step.URGE)
        work.note = words.strip()
    return work.case


def note(case: Case | int, words: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """An internal note in the journal; the citizen does not see it. Raises Refused, Stale."""
    _need(words, Label("Ghi chú còn trống.", "The note is empty."))
    with on(case, actor, now, version) as work:
        work.do("case.noted")
        work.note = words.strip()
    return work.case


def change(case: Case | int, *, actor: Actor, now: datetime, version: int | None = None, **changes: Any) -> Case:
    """Correct what the desk wrote down: any of CHANGEABLE. Clocks stay as they are: the receipt did not change.

    Raises Refused (also when nothing differs), Stale; ValueError for a word the lifecycle does not know, TypeError for a
    column that is not the desk's to change.
    """
    if unknown := changes.keys() - set(CHANGEABLE):
        raise TypeError(f"change() cannot set {', '.join(sorted(unknown))}")
    if "kind" in changes:
        changes["kind"] = str(CaseKind(changes["kind"]))
    if "urgency" in changes:
        changes["urgency"] = str(Urgency(changes["urgency"]))
    if "summary" in changes:
        _need(changes["summary"], Label("Trích yếu còn trống.", "The summary is empty."))
    with on(case, actor, now, version) as work:
        work.do("case.changed")
        if work.case.hide_identity:  # what stands in every list says nothing of a hidden reporter
            said = veiled(work.case.conversation, changes.get("summary", ""), changes.get("place", ""))
            changes |= {name: words for name, words in zip(("summary", "place"), said, strict=True) if name in changes}
        different = {name: value for name, value in changes.items() if getattr(work.case, name) != value}
        if not different:
            raise Refused(Label("Không có nội dung nào thay đổi.", "Nothing was changed."))
        if "field" in different and different["field"].domain != work.case.domain:
            raise Refused(rules.OTHER_DOMAIN)
        for name, value in different.items():
            setattr(work.case, name, value)
    return work.case


def _need(words: str, otherwise: Label) -> None:
    if not words.strip():
        raise Refused(otherwise)
