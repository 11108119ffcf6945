"""How a case is answered, how high it goes, and what is owed on it being done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from hotline.cases import rules
from hotline.cases.actions.work import Work, on
from hotline.cases.models import Case, Obligation
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Attachment, Contact
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.levels import check_rise
from hotline.regulation.lifecycle import DONE_STATES, ObligationKind, Step
from hotline.regulation.obligations import progress_needs
from hotline.regulation.triggers import mode_trigger, raise_trigger

_NO_AGENCY = Label(
    "Chưa có cơ quan, đơn vị xử lý ở cấp này; hãy chuyển phiếu đến đơn vị xử lý trước.",
    "No agency holds the case at that level yet; assign it to an agency first.",
)
_NO_WORDS = Label("Nội dung phản hồi còn trống.", "The reply is empty.")
_NO_PROGRESS = Label("Hãy ghi tiến độ xử lý.", "Write down the progress.")
_NO_PHOTO = Label(
    "Báo cáo tiến độ cần ít nhất một ảnh hiện trường.", "A progress report needs at least one photo of the site."
)
_NO_DATE = Label("Báo cáo tiến độ cần ngày cam kết hoàn thành.", "A progress report needs the date it commits to.")
_PAST_DATE = Label("Ngày cam kết hoàn thành không được ở trong quá khứ.", "The committed date must not be in the past.")


def set_mode(
    case: Case | int, mode: str, reason: str = "", *, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Choose how a case is answered: what that mode makes owed begins; what only the former one made owed is lifted unless
    it has run out. Raises Refused (no such mode, the one it has), Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.SET_MODE)
        chosen = next((each for each in work.edition.modes if each.key == mode), None)
        if chosen is None:
            raise Refused(Label(f"Quy chế không có cấp độ phản hồi “{mode}”.", f"There is no response mode “{mode}”."))
        if chosen.key == work.case.mode:
            raise Refused(
                Label(
                    f"Phiếu đang ở cấp độ phản hồi “{chosen.label.vi}”.",
                    f"The case is in the response mode “{chosen.label.en}” already.",
                )
            )
        work.clocks.answer_in(chosen.key, now)
        work.triggers = [mode_trigger(chosen.key)]
        work.note = reason.strip()
        work.after = {"number": chosen.number, "label": chosen.label.vi, "label_en": chosen.label.en}
    return work.case


def raise_level(
    case: Case | int, reason: str, *, to: int | None = None, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Move a case up the edition's ladder, to the next level or the one named, always with a reason; the people of that
    level are told. Raises Refused (no reason, at the top, not theirs to do, nobody stands there yet), Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.RAISE_LEVEL)
        level = check_rise(work.edition.levels, work.case.level, to, reason)
        if level.role in rules.AGENCY and work.case.agency_id is None:
            raise Refused(_NO_AGENCY)
        work.case.level = level.number
        work.triggers = [raise_trigger(level.number)]
        work.note = reason.strip()
        work.after = {"label": level.label.vi, "label_en": level.label.en, "role": str(level.role)}
    return work.case


def direct(case: Case | int, words: str, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """A leader says what is to be done; the agency and the coordinator are told. Raises Refused, Stale."""
    if not words.strip():
        raise Refused(Label("Hãy ghi ý kiến chỉ đạo.", "Write the directive."))
    with on(case, actor, now, version) as work:
        work.take(Step.DIRECT)
        work.note = words.strip()
    return work.case


def reply_interim(
    case: Case | int,
    body: str,
    attachments: Sequence[Attachment] = (),
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Answer the citizen for now, on their own channel, before there is a result (phản hồi ngay). Raises Refused, Stale."""
    if not body.strip():
        raise Refused(_NO_WORDS)
    with on(case, actor, now, version) as work:
        work.take(Step.REPLY_INTERIM)
        contact = _write(work, body.strip(), attachments)
        work.after = {"contact": contact.pk}
        work.evidence = {"contact": contact.pk}
    return work.case


def report_progress(
    case: Case | int,
    words: str,
    committed_for: date | None = None,
    photos: Sequence[Attachment] = (),
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Tell the citizen and the coordinator how far the work has come and by which day it will be done; that day is then
    promised, and runs out like any clock. The edition says whether a photo and a date are needed.

    Raises Refused (what is missing; nothing is owed on a case that is done), Stale."""
    if not words.strip():
        raise Refused(_NO_PROGRESS)
    with on(case, actor, now, version) as work:
        work.take(Step.REPORT_PROGRESS)
        owed = {row.key for row in work.clocks.owed(ObligationKind.PROGRESS_REPORT)}
        done = work.case.state in DONE_STATES
        if done and not owed:
            raise Refused(_not_owed(work, ObligationKind.PROGRESS_REPORT))
        needs_photo, needs_date = progress_needs(work.edition.obligations, owed)
        if needs_photo and not any(photo.is_image for photo in photos):
            raise Refused(_NO_PHOTO)
        if needs_date and committed_for is None:
            raise Refused(_NO_DATE)
        if committed_for is not None and committed_for < work.today:
            raise Refused(_PAST_DATE)
        text = words.strip()
        if committed_for is not None:
            text += f"\n\nCam kết hoàn thành: ngày {committed_for:%d/%m/%Y}."
        contact = _write(work, text, photos)
        work.after = {"contact": contact.pk, "photos": len(photos)}
        if committed_for is not None:
            work.after["committed_for"] = committed_for.isoformat()
            if not done:
                until = timezone.make_aware(datetime.combine(committed_for, time(23, 59)))
                work.case.promised_at = until
                work.clocks.commit_to(until, now)
        work.evidence = dict(work.after)
    return work.case


def meet(
    case: Case | int | str,
    kind: ObligationKind | str,
    actor: Actor,
    now: datetime,
    *,
    evidence: dict[str, Any],
    version: int | None = None,
) -> Obligation:
    """What is owed on a case (named by its row, id or code) is done: the earliest due of this kind. `evidence` says what
    shows it, such as the document issued. For the nouns that do the deed, inside their transaction.

    Raises Refused when nothing of the kind is owed or it is not the actor's to do, Stale, Case.DoesNotExist."""
    kind = ObligationKind(kind)
    found = Case.objects.values_list("pk", flat=True).get(code=case) if isinstance(case, str) else case
    with on(found, actor, now, version) as work:
        work.do("case.obligation_met")
        owed = work.clocks.owed(kind)
        if not owed:
            raise Refused(_not_owed(work, kind))
        work.clocks.meet(owed[0], now)
        rule = work.edition.obligation(owed[0].key)
        work.evidence = evidence
        work.note = rule.label.vi
        work.after = {
            "obligation": rule.key,
            "kind": str(kind),
            "label": rule.label.vi,
            "label_en": rule.label.en,
            "late": owed[0].breached_at is not None,
            "evidence": evidence,
        }
    return Obligation.objects.get(clock=owed[0].pk)


def _write(work: Work, text: str, files: Sequence[Attachment]) -> Contact:
    """A letter that is no answer yet, on the citizen's own channel."""
    case = work.case
    return queue_outgoing(
        case.conversation,
        kind=Contact.Kind.INTERIM,
        text=text,
        subject=f"[{case.code}] Phản hồi bước đầu: {case.summary}"[:500],
        actor=work.actor,
        now=work.now,
        meta={"case": case.pk},
        files=files,
    )


def _not_owed(work: Work, kind: ObligationKind) -> Label:
    what = work.edition.word(kind)
    return Label(f"Phiếu này không còn nợ “{what.vi}”.", f"“{what.en}” is not owed on this case.")
