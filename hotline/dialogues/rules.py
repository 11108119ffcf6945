"""The life of a dialogue of leaders with registered citizens, as one table: registered, prepared, invited to, held, minuted,
followed up. Pure.

"thẩm định chặt chẽ …, phối hợp các cơ quan có liên quan chuẩn bị nội dung, thời gian và tham mưu lãnh đạo tổ chức tiếp xúc,
đối thoại với tổ chức, công dân đã đăng ký".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role


class DialogueState(StrEnum):
    """How far it has come."""

    REGISTERED = "registered"
    PREPARED = "prepared"
    INVITED = "invited"
    HELD = "held"
    FOLLOWING = "following"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Label:
        """The word of the screens."""
        return STATES[self]


S = DialogueState
STATES: Mapping[DialogueState, Label] = {
    S.REGISTERED: Label("Đã thẩm định, đăng ký", "Appraised and registered"),
    S.PREPARED: Label("Đã chuẩn bị", "Prepared"),
    S.INVITED: Label("Đã mời", "Invitations sent"),
    S.HELD: Label("Đã đối thoại", "Held"),
    S.FOLLOWING: Label("Đang thực hiện kết luận", "Conclusions being carried out"),
    S.DONE: Label("Đã hoàn thành", "Done"),
    S.CANCELLED: Label("Không tổ chức", "Not held"),
}
ACTS: Mapping[str, Label] = {
    "dialogue.registered": Label("Đăng ký đối thoại với lãnh đạo", "Registered for a dialogue with the leaders"),
    "dialogue.prepared": Label("Chuẩn bị nội dung, thời gian đối thoại", "Contents and time of the dialogue prepared"),
    "dialogue.invited": Label("Mời dự đối thoại", "Invited to the dialogue"),
    "dialogue.held": Label("Đã tổ chức đối thoại", "Dialogue held"),
    "dialogue.minutes_written": Label("Lập biên bản đối thoại", "Minutes of the dialogue written"),
    "dialogue.followed_up": Label("Giao thực hiện kết luận đối thoại", "Conclusions of the dialogue given out"),
    "dialogue.task_done": Label("Đã thực hiện một kết luận đối thoại", "A conclusion of the dialogue carried out"),
    "dialogue.cancelled": Label("Không tổ chức đối thoại", "Dialogue called off"),
}
# Before agencies are invited: between the office and the leaders.
INNER_ACTS = frozenset({"dialogue.registered", "dialogue.prepared"})
OPEN = (S.REGISTERED, S.PREPARED, S.INVITED, S.HELD, S.FOLLOWING)
# What the agencies see of it: not before they are invited.
SEEN = (S.INVITED, S.HELD, S.FOLLOWING, S.DONE)


@dataclass(frozen=True, slots=True)
class Move:
    """One step: from these states, to that one (None: it stays), by these people."""

    label: Label
    at: tuple[DialogueState, ...]
    to: DialogueState | None
    by: frozenset[Role]


_OFFICE = frozenset({Role.COORDINATOR})
_BOTH = frozenset({Role.COORDINATOR, Role.LEADER})
STEPS: Mapping[str, Move] = {
    "add": Move(Label("Thêm người đăng ký", "Register another"), (S.REGISTERED, S.PREPARED), None, _OFFICE),
    # Another time or place is prepared anew and everybody is invited again.
    "prepare": Move(
        Label("Chuẩn bị nội dung, thời gian", "Prepare content and time"), (S.REGISTERED, S.PREPARED, S.INVITED), S.PREPARED,
        _OFFICE,
    ),
    "invite": Move(Label("Gửi lời mời", "Send the invitations"), (S.PREPARED,), S.INVITED, _OFFICE),
    "hold": Move(Label("Ghi nhận buổi đối thoại", "Record the dialogue"), (S.INVITED,), S.HELD, _BOTH),
    "minutes": Move(Label("Soạn biên bản", "Write the minutes"), (S.HELD,), None, _OFFICE),
    "follow_up": Move(Label("Giao việc sau đối thoại", "Give out the conclusions"), (S.HELD,), S.FOLLOWING, _BOTH),
    "cancel": Move(Label("Không tổ chức", "Call it off"), (S.REGISTERED, S.PREPARED, S.INVITED), S.CANCELLED, _BOTH),
}  # fmt: skip

NO_APPRAISAL = Label(
    "Hãy ghi kết quả thẩm định trước khi đăng ký đối thoại.",
    "Write down the appraisal before a dialogue is registered.",
)
NO_SUBJECT = Label("Hãy ghi nội dung đối thoại.", "Write down what the dialogue is about.")
NO_CASE = Label("Hãy chọn ít nhất một phiếu.", "Choose at least one case.")
MIXED = Label(
    "Các phiếu phải cùng tổng đài và cùng lĩnh vực cơ bản.", "The cases must be of one hotline and of one domain."
)
ALREADY = Label(
    "Phiếu {code} đã được đăng ký ở một buổi đối thoại chưa kết thúc.",
    "Case {code} is registered for a dialogue that is not over.",
)
PAST = Label("Thời gian đối thoại phải sau thời điểm hiện tại.", "The dialogue must be in the future.")
TASK_PAST = Label("Hạn của mỗi việc không được trước hôm nay.", "No task may be due before today.")
NO_PLACE = Label(
    "Hãy ghi địa điểm, hoặc đường dẫn nếu đối thoại trực tuyến.",
    "Give the place, or the address of an online dialogue.",
)
BEHIND_THE_WALL = Label("{agency} thuộc lĩnh vực cơ bản khác.", "{agency} belongs to another domain.")
NO_CHAIR = Label("Người chủ trì phải là lãnh đạo.", "Whoever chairs must be a leader.")
NOT_YET = Label(
    "Buổi đối thoại chưa đến giờ, chưa ghi nhận được.", "The dialogue has not begun yet: it cannot be recorded."
)
NO_CONCLUSIONS = Label("Hãy ghi kết luận của người chủ trì.", "Write down what the chair concluded.")
NO_MINUTES = Label(
    "Hãy soạn và ký biên bản trước khi giao việc sau đối thoại.",
    "The minutes must be signed before tasks are given out.",
)
HAS_MINUTES = Label("Biên bản đã được soạn.", "The minutes are written already.")
NO_REASON = Label("Hãy nêu lý do không tổ chức đối thoại.", "Give the reason.")
NO_TASK = Label("Hãy ghi việc phải làm.", "Write down what is to be done.")
TASK_DONE = Label("Việc này đã hoàn thành.", "This is done already.")
NO_RESULT = Label("Hãy ghi kết quả thực hiện.", "Write down the result.")
NOT_YOUR_TASK = Label(
    "Chỉ cơ quan được giao hoặc Văn phòng điều phối ghi nhận được kết quả này.",
    "Only the agency in charge or the coordinator may report this.",
)
NOT_THEIRS = Label("Ông/Bà không có quyền “{what}”.", "You may not “{what}”.")
NOT_NOW = Label(
    "Buổi đối thoại ở trạng thái “{state}”, không “{what}” được.", "The dialogue is “{state}”: no “{what}” now."
)


def steps_for(state: DialogueState, roles: Iterable[Role]) -> list[str]:
    """The steps these roles may take now, in the order of the table."""
    held = {*roles}
    return [key for key, step in STEPS.items() if state in step.at and step.by & held]
