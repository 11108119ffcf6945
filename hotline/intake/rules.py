"""What comes in, as values, and what is said back: pure, so that every channel and test can make and read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hotline.conversations.rules import SEALED, GivenFile
from hotline.regulation.completeness import Needed
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, Urgency

SUMMARY_LENGTH = 120


class Arrival(StrEnum):
    """What a message is to the intake."""

    MESSAGE = "message"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"


class ReceivedKind(StrEnum):
    """What became of it."""

    NEW = "new"
    REPLY = "reply"
    DUPLICATE = "duplicate"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    IGNORED = "ignored"  # automatic, and about no conversation of ours: kept raw, opens nothing


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message as a channel hands it over. `external_id` is the channel's own id of it: the same twice is one contact.

    `message_id`, `answers` (ids of messages it refers to) and `code` (a case code or LH- reference it carries) join it to a
    conversation. `may_answer` False: written by or through a machine, never answered. `failed_message_id` is, for a bounce,
    our message that did not arrive; `permanent` and `reason` say why.
    """

    hotline_id: int
    channel: str
    source: str
    external_id: str
    text: str
    subject: str = ""
    arrival: Arrival = Arrival.MESSAGE
    may_answer: bool = True
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = "vi"
    message_id: str = ""
    answers: tuple[str, ...] = ()
    code: str = ""
    failed_message_id: str = ""
    permanent: bool = True
    reason: str = ""
    files: tuple[GivenFile, ...] = ()
    raw_id: int | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)

    def given(self) -> dict[str, str]:
        """What the edition's completeness rules look at."""
        return {
            Needed.NAME: self.name, Needed.PHONE: self.phone, Needed.EMAIL: self.email, Needed.ADDRESS: self.address,
            Needed.CONTENT: f"{self.subject} {self.text}", Needed.PHOTO: "x" if self.files else "",
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """A report from the portal's form, already checked field by field. `submission` is the form's one-time id."""

    hotline_id: int
    submission: str
    name: str
    phone: str
    address: str
    content: str
    email: str = ""
    kind: str = CaseKind.REPORT
    field_id: int | None = None  # None: "Tôi không rõ"
    area_id: int | None = None
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    public: bool = False
    hide_identity: bool = False
    organisation: bool = False
    language: str = "vi"
    files: tuple[GivenFile, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    def given(self) -> dict[str, str]:
        """What the edition's completeness rules look at."""
        return {
            Needed.NAME: self.name, Needed.PHONE: self.phone, Needed.EMAIL: self.email, Needed.ADDRESS: self.address,
            Needed.CONTENT: self.content, Needed.PLACE: self.place, Needed.PHOTO: "x" if self.files else "",
        }  # fmt: skip


class How(StrEnum):
    """How what a call-taker types in has come. A call is what is not said otherwise."""

    CALL = ""
    TEXT = "text"
    WALK_IN = "walk_in"


@dataclass(frozen=True, slots=True)
class TypedIn:
    """What a call-taker typed for somebody who phones, walks in, or sent a text message to the number. `typing` is the form's
    one-time id."""

    hotline_id: int
    typing: str
    content: str
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    how: How = How.CALL
    organisation: bool = False
    language: str = ""  # of citizens.rules.LANGUAGES; nothing: as on record, Vietnamese for whoever is new
    dialled: str = ""  # the number that was called, where the installation has more than one hotline

    def given(self) -> dict[str, str]:
        """What the edition's completeness rules look at."""
        return {
            Needed.NAME: self.name, Needed.PHONE: self.phone, Needed.EMAIL: self.email, Needed.ADDRESS: self.address,
            Needed.CONTENT: self.content,
        }  # fmt: skip


# How a contact may end without becoming a case: the short list of the desk.
OUTCOMES: dict[str, Label] = {
    "guided": Label("Đã trả lời, hướng dẫn", "Answered, guided"),
    "complaint_guided": Label(
        "Khiếu nại: đã hướng dẫn nơi nhận, hình thức, thời hiệu", "Complaint: told where, how and until when to file it"
    ),
    SEALED: Label("Đã chuyển theo quy trình riêng", "Went a way of its own"),
    "expert": Label("Chuyên gia đã trả lời", "Answered by an expert"),
    "closed": Label("Ngoài thời gian tiếp nhận", "Outside the time of service"),
    "emergency": Label("Đã nối 113, 114, 115", "Passed on to 113, 114 or 115"),
    "out_of_scope": Label("Ngoài phạm vi tiếp nhận", "Out of scope"),
    "repeated": Label("Trùng lặp với lượt liên hệ hoặc phiếu đã có", "Repeats an earlier contact or case"),
    "nuisance": Label("Gọi nhầm, quấy rối", "Wrong number or nuisance"),
    "incomplete": Label("Không bổ sung đủ thông tin", "Never completed"),
    "no_reply": Label("Không liên hệ lại được", "Could not be reached again"),
}
# The citizen is told, so there is something to tell.
NEEDS_WORDS = frozenset({"guided", "complaint_guided", "out_of_scope", "expert", "closed"})

UNKNOWN_OUTCOME = Label("Vui lòng chọn kết quả trong danh sách.", "Please choose an outcome from the list.")
WORDS_NEEDED = Label("Vui lòng ghi nội dung trả lời người dân.", "Please write what the citizen is told.")
NOTHING_MISSING = Label("Vui lòng chọn ít nhất một thông tin cần bổ sung.", "Please choose at least one missing thing.")
NO_FIELD = Label("Vui lòng chọn lĩnh vực.", "Please choose a field.")
NO_EDITION = Label(
    "Tổng đài chưa có quy chế đang có hiệu lực nên chưa thể mở phiếu. Vui lòng báo quản trị hệ thống.",
    "The hotline has no regulation in force, so no case can be opened. Please tell the administrator.",
)


def summary_of(content: str) -> str:
    """The first sentence of a report, at most 120 letters, cut at a word."""
    line = " ".join(content.split())
    for end in (". ", "! ", "? ", "… "):
        head = line.partition(end)[0]
        if 20 <= len(head) < len(line):
            line = head
    if len(line) <= SUMMARY_LENGTH:
        return line.rstrip(".")
    cut = line[: SUMMARY_LENGTH - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


@dataclass(frozen=True, slots=True)
class ToRead:
    """What a call-taker reads back to the caller; words as people say them, nothing to look up."""

    name: str
    phone: str
    address: str
    kind: CaseKind
    field: str
    summary: str
    place: str = ""
    area: str = ""
    urgency: Urgency = Urgency.NORMAL
    public: bool = False
    code: str = ""


def read_back(case: ToRead) -> str:
    """The words the call-taker reads to the caller before closing the call (NĐ 20/2008, Điều 7.2: the officer puts the
    content truthfully in writing; reading it back is how the caller confirms it)."""
    where = ", ".join(part for part in (case.place, case.area) if part)
    lines = [
        "Tôi xin đọc lại nội dung đã ghi để Ông/Bà xác nhận:",
        f"Người liên hệ: {case.name or 'chưa ghi tên'}; điện thoại {_spoken(case.phone) or 'chưa có'}; "
        f"địa chỉ {case.address or 'chưa có'}.",
        f"{case.kind.label.vi} thuộc lĩnh vực {case.field}: {case.summary.rstrip('.')}.",
    ]
    if where:
        lines.append(f"Nơi xảy ra: {where}.")
    if case.urgency != Urgency.NORMAL:
        lines.append(f"Mức độ: {case.urgency.label.vi.lower()}.")
    lines.append(
        "Nội dung được công khai sau khi trả lời; tên và số điện thoại của Ông/Bà không công khai."
        if case.public else "Nội dung không công khai."
    )  # fmt: skip
    if case.code:
        lines.append(f"Mã phiếu của Ông/Bà là {' '.join(case.code.split('-'))}.")
    lines.append("Nội dung như vậy đã đúng chưa ạ?")
    return "\n".join(lines)


def _spoken(phone: str) -> str:
    """Digits in groups as people say them: "0905123456" → "0905 123 456"."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    if phone.startswith("+84"):
        digits = f"0{digits[2:]}"
    return f"{digits[:-6]} {digits[-6:-3]} {digits[-3:]}" if len(digits) >= 9 else digits


def ask_for(missing: list[Needed], language: str = "vi") -> str:
    """The question sent back when a report lacks something: what, and why."""
    words = [needed.label.get(language) for needed in missing]
    if language.startswith("en"):
        return f"To pass your report on, we still need: {'; '.join(words)}."
    return f"Để chuyển nội dung của Ông/Bà đến cơ quan xử lý, chúng tôi cần bổ sung: {'; '.join(words)}."
