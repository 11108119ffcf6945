"""What the citizen says of an answer, and whether the case is taken up again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.cases.actions.assigning import hand_to
from hotline.cases.actions.ending import settle
from hotline.cases.actions.work import Work, on
from hotline.cases.models import Case, Rating
from hotline.cases.obligations.actions import raise_level
from hotline.journal.rules import SYSTEM, Actor
from hotline.organisation.models import Agency
from hotline.refusals import Refused
from hotline.regulation import reopening as regulation
from hotline.regulation.labels import Label
from hotline.regulation.levels import higher
from hotline.regulation.lifecycle import State, Step

_NO_ANSWER = Label("Phiếu này không có câu trả lời để xử lý lại.", "This case has no answer to take up again.")
_DECIDED = Label(
    "Đề nghị xử lý lại đã được xem xét và trả lời.", "A request for reopening has been considered and answered."
)
_UNHAPPY = Label("Đánh giá chưa hài lòng", "Unhappy rating")


def rate(
    case: Case | int, stars: int, words: str = "", resolved: bool | None = None, *, actor: Actor, now: datetime,
    version: int | None = None,
) -> Case:
    """The citizen rates an answer, 1 to 5 stars, once a round. Few stars or "chưa được giải quyết" ask for reopening at
    the same time, while the edition's window is open; "đã được giải quyết" settles the case.

    Two steps may come of it, each with its own act. Raises Refused (rated already, nothing answered), Stale; ValueError
    for stars out of range.
    """
    if not 1 <= stars <= 5:
        raise ValueError(f"stars go from 1 to 5, not {stars}")
    with transaction.atomic():
        with on(case, actor, now, version) as work:
            work.take(Step.RATE)
            if work.case.answered_at is None:
                raise Refused(_NO_ANSWER)
            if Rating.objects.filter(case=work.case, round=work.case.round).exists():
                raise Refused(
                    Label("Câu trả lời này đã được đánh giá.", "This answer has been rated already."),
                )
            Rating.objects.create(
                case=work.case, round=work.case.round, stars=stars, words=words.strip(), resolved=resolved, at=now
            )
            work.case.stars = stars
            work.note = words.strip()
            work.after = {"resolved": resolved}
            unhappy = regulation.asks_by_rating(work.edition.reopening, stars, resolved)
        rated = work.case
        if unhappy and rated.reopen_until is not None and now <= rated.reopen_until:
            return ask_reopen(rated, words.strip() or _UNHAPPY.vi, actor=actor, now=now)
        if resolved and not unhappy and rated.state == State.ANSWERED:
            return settle(rated, actor=actor, now=now)
    return rated


def ask_reopen(case: Case | int, reason: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The citizen (or the desk for them) asks for an answered case to be handled again, within the edition's window. Where
    their report was joined to another, it is that one, the lead, which is taken up; it is returned.

    Raises Refused (no reason; never answered; the window has closed, with its date), Stale."""
    if not reason.strip():
        raise Refused(Label("Hãy nêu lý do đề nghị xử lý lại.", "Say why it should be handled again."))
    asked = case if isinstance(case, int) else case.pk
    joined = Case.objects.filter(pk=asked, merged_into__isnull=False).values_list("code", "merged_into_id").first()
    code, target = joined or ("", asked)
    with on(target or asked, actor, now, None if joined else version) as work:
        if code:
            work.after = {"joined": code}
        work.take(Step.ASK_REOPEN)
        if work.case.answered_at is None or work.case.merged_into_id:
            raise Refused(_NO_ANSWER)
        if work.case.reopen_until is None:
            raise Refused(_DECIDED)
        if now > work.case.reopen_until:
            # The date the citizen was told stands, and a later one under a calendar changed since counts too.
            calendar = work.clocks.calendar(work.case.hotline.calendar_id)
            regulation.check(work.edition.reopening, work.case.answered_at, now, calendar)
        work.case.closed_at = None
        work.note = reason.strip()
    return work.case


def reopen(
    case: Case | int, agency: Agency, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Take the case up again: a new round with new clocks, at this agency. What was late before stays late. Reopened as
    often as the edition's [rising] names, it comes one level higher, by an act of its own.

    Raises Refused, Stale."""
    with transaction.atomic():
        with on(case, actor, now, version) as work:
            work.take(Step.REOPEN)
            work.case.round += 1
            work.case.reopenings += 1
            _forget_answer(work)
            hand_to(work, agency, note)
        reopened, edition = work.case, work.edition
        if edition.rising.by_reopening(reopened.reopenings) and higher(edition.levels, reopened.level):
            return raise_level(reopened, f"Mở lại lần thứ {reopened.reopenings}", actor=SYSTEM, now=now)
    return reopened


def refuse_reopen(case: Case | int, reason: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """The coordinator lets the answer stand and tells the citizen why. Raises Refused, Stale."""
    if not reason.strip():
        raise Refused(Label("Hãy nêu lý do không xử lý lại.", "Say why it is not handled again."))
    with on(case, actor, now, version) as work:
        work.take(Step.REFUSE_REOPEN)
        work.case.closed_at = now
        # Said once with a reason: the same answer is not asked about for ever.
        work.case.reopen_until = None
        work.note = reason.strip()
    return work.case


def _forget_answer(work: Work) -> None:
    """The new round has no answer, rating, promise or decision of its own yet; the rows of the old one stay."""
    case = work.case
    case.answered_at = case.closed_at = case.reopen_until = case.promised_at = case.stars = None
    case.outcome, case.bound = "", False
