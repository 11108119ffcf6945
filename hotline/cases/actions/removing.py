"""A case that should never have been one: what came in by the portal and is a denunciation (Luật Tố cáo 2018)."""

from __future__ import annotations

from django.db.models import ProtectedError

from hotline.cases.models import Case
from hotline.conversations.models import Conversation
from hotline.journal.models import Act
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import State

# Acts that say nothing of what the case is about. Everything else stands in the journal for ever, so the case does too.
_SILENT = frozenset({"case.opened", "case.warned", "case.overdue", "case.recalculated", "case.followed_up"})
IN_WORK = Label(
    "Phiếu {code} đã được chuyển hoặc sửa nên không chuyển sang quy trình riêng được nữa. Vui lòng báo ngay trưởng ca và Văn "
    "phòng điều phối để thu hồi.",
    "Case {code} was already passed on or changed, so it cannot go the sealed way any more. Tell the shift leader and the "
    "coordinator at once.",
)


def take_away(conversation: Conversation) -> list[str]:
    """Delete the cases of a conversation with everything that hangs on them; returns their codes.

    Call inside the transaction that takes the conversation out. Raises Refused when one of them was ever given to an
    agency, or has words in the journal.
    """
    known: list[str] = []
    for case in Case.objects.select_for_update().filter(conversation=conversation).order_by("id"):
        kinds = set(Act.objects.filter(subject="case", subject_id=case.pk).values_list("kind", flat=True))
        if case.state != State.RECEIVED or case.assignments.exists() or not kinds <= _SILENT:
            raise Refused(Label(IN_WORK.vi.format(code=case.code), IN_WORK.en.format(code=case.code)))
        known.append(case.code)
        try:
            case.delete()
        except ProtectedError as error:
            raise Refused(Label(IN_WORK.vi.format(code=case.code), IN_WORK.en.format(code=case.code))) from error
    return known
