"""The acts of cooperation, splitting, joining, repeats and hidden identity: who may do them when, and their words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hotline.regulation.cooperation import CooperationRule
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OPEN_STATES, Role, State

_DESK = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER})
_DESK_OR_COORDINATOR = _DESK | {Role.COORDINATOR}
_AGENCY = frozenset({Role.FOCAL_PERSON, Role.HEAD})
AT_AGENCY = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.VERIFYING, State.AWAITING_APPROVAL, State.WITH_HEAD})
_BEFORE_ANSWER = OPEN_STATES - {State.REOPEN_REQUESTED}

# As cases.rules.EXTRA, which takes them in: of the people of the case itself, not of those who cooperate.
EXTRA: dict[str, tuple[frozenset[Role], frozenset[State] | None]] = {
    "case.cooperation_asked": (_DESK_OR_COORDINATOR, AT_AGENCY),
    "case.cooperation_proposed": (_AGENCY, AT_AGENCY),
    "case.cooperation_ended": (_DESK_OR_COORDINATOR, AT_AGENCY),
    "case.split": (_DESK, _BEFORE_ANSWER - {State.AWAITING_APPROVAL}),
    "case.repeat_linked": (_DESK_OR_COORDINATOR, OPEN_STATES),
    "case.identity_hidden": (_DESK_OR_COORDINATOR, None),
    "case.reporter_asked": (_DESK_OR_COORDINATOR | _AGENCY, OPEN_STATES),
}

ACT_LABELS: dict[str, Label] = {
    "case.cooperation_asked": Label("Đề nghị phối hợp", "Cooperation asked for"),
    "case.cooperation_proposed": Label("Đề xuất đơn vị phối hợp", "Cooperating agency proposed"),
    "case.cooperation_accepted": Label("Nhận phối hợp", "Cooperation accepted"),
    "case.cooperation_declined": Label("Từ chối phối hợp", "Cooperation declined"),
    "case.cooperation_ended": Label("Thôi phối hợp", "Cooperation ended"),
    "case.contributed": Label("Gửi ý kiến phối hợp", "Contribution given"),
    "case.disagreed": Label("Không thống nhất", "Disagreement"),
    "case.disagreement_decided": Label("Quyết định nội dung chưa thống nhất", "Disagreement decided"),
    "case.split": Label("Tách phản ánh có nhiều nội dung", "Mixed report split"),
    "case.joined": Label("Có thêm người phản ánh cùng vụ việc", "Another report of the matter joined"),
    "case.told_joined": Label("Gửi đến những người phản ánh cùng vụ việc", "Sent to all who reported it"),
    "case.repeat_linked": Label("Xác định là phản ánh lại", "Found to be a repeat"),
    "case.identity_hidden": Label("Ẩn danh tính người phản ánh", "The reporter's identity hidden"),
    "case.identity_shown": Label("Xem danh tính người phản ánh", "The reporter's identity was looked at"),
    "case.reporter_asked": Label("Trao đổi với người phản ánh", "The reporter was written to"),
    "case.reminded": Label("Nhắc: người dân đã hỏi nhiều lần", "Reminded: the citizen has asked several times"),
}

MILESTONES: dict[str, Label] = {
    "case.split": Label("Đã tách thành nhiều phiếu", "Split into several cases"),
    "case.repeat_linked": Label("Đã nối với phản ánh trước", "Linked to the earlier report"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """How one agency's cooperation stands, as far as it opens or closes what may be done with it."""

    state: str
    closed: bool
    decided: bool  # a disagreement was decided: that binds


# What a cooperating agency's people may do, by the state of their part.
OWN = ("accept_part", "decline_part", "contribute", "disagree")


def own_steps(part: Part) -> list[str]:
    """What the people of a cooperating agency may do now: accept or decline, then have their say; nothing once it is closed."""
    if part.closed:
        return []
    steps = {
        "asked": ["accept_part", "decline_part", "contribute"],
        "accepted": ["contribute", "disagree"],
        "contributed": ["contribute", "disagree"],
    }.get(part.state, [])
    return [step for step in steps if not (part.decided and step in ("decline_part", "disagree"))]


def decides(rule: CooperationRule, roles: Collection[Role]) -> bool:
    """Whether these roles decide where agencies do not agree."""
    return rule.decided_by in roles


PART_CLOSED = Label(
    "Việc phối hợp của đơn vị đã kết thúc, không bổ sung được nữa.",
    "Your agency's part has ended; nothing can be added.",
)
NOT_A_PART = Label("Đơn vị của Ông/Bà không phối hợp phiếu này.", "Your agency does not cooperate in this case.")
DECIDED = Label(
    "Nội dung chưa thống nhất đã được quyết định; quyết định đó là cuối cùng.",
    "What was not agreed has been decided; the decision is final.",
)
UNDECIDED = Label(
    "Còn nội dung các đơn vị không thống nhất đang chờ quyết định, chưa thể trả lời người dân.",
    "Agencies disagree and the decision is awaited; the citizen cannot be answered yet.",
)
NO_COOPERATION = Label("Quy chế không có quy định về phối hợp xử lý.", "The regulation knows no cooperation.")
LEADS = Label("Đơn vị này đang chủ trì xử lý phiếu.", "This agency leads the case.")
ALREADY = Label("Đơn vị này đã được đề nghị phối hợp.", "This agency has been asked already.")
TOO_MANY = Label(
    "Quy chế cho tối đa {most} đơn vị phối hợp.", "The regulation allows at most {most} cooperating agencies."
)
SAY_WHAT = Label("Hãy ghi rõ nội dung đề nghị phối hợp.", "Say what is asked of the agency.")
SAY_WHY = Label("Hãy ghi rõ lý do.", "Give the reason.")
SAY_IT = Label("Nội dung ý kiến phối hợp còn trống.", "The contribution is empty.")
NOTHING_TO_DECIDE = Label("Không có nội dung nào đang chờ quyết định.", "Nothing awaits a decision.")
ONLY_DECIDER = Label("Chỉ {who} quyết định nội dung không thống nhất.", "Only {who} decides on a disagreement.")
NOT_ASKABLE = Label("Đề xuất này đã được xử lý.", "This proposal has been dealt with.")
SPLIT_INTO = Label("Hãy ghi ít nhất một nội dung tách ra.", "Write at least one matter that is split off.")
OTHERS_REPORTED = Label(
    "Còn người khác cùng phản ánh vụ việc này, nên phiếu không kết thúc vì một người rút; hãy xử lý và trả lời chung.",
    "Others reported this matter too, so it does not end because one takes it back; handle it and answer them all.",
)
SAME_CASE = Label("Phiếu này là phiếu khác của chính nó.", "A case cannot repeat itself.")
REPEATED = Label("Người dân phản ánh lại việc đã trả lời", "The citizen reports again what was answered")
NOT_ANSWERED = Label("Phiếu trước chưa có trả lời: hãy gộp thay vì xác định phản ánh lại.",
                     "The earlier case is not answered: join them instead.")  # fmt: skip
ANOTHERS = Label("Phiếu trước là của người phản ánh khác.", "The earlier case is another reporter's.")
HIDDEN_ALREADY = Label("Danh tính người phản ánh đã được ẩn.", "The reporter's identity is hidden already.")
NOT_YOURS_TO_SEE = Label(
    "Chỉ tổng đài và Văn phòng UBND điều phối được xem danh tính đã ẩn.",
    "Only the desk and the coordinator see a hidden identity.",
)
