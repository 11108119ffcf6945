"""Letters and reports: their kinds, who writes and who signs them, their numbers, and the placeholders of templates. Pure.

The parts of a document are those of Nghị định 30/2020/NĐ-CP on records work (công tác văn thư), Điều 8 and Phụ lục I.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ObligationKind, Role
from hotline.regulation.pack import Heading

MISSING = "[…]"  # what nobody knew when the draft was written; nothing is signed while it stands there
SUBJECT_LENGTH, PLACE_LENGTH, SYMBOL_LENGTH = 300, 80, 40


class DocumentKind(StrEnum):
    """What is written."""

    LEADERS_REPORT = "leaders_report"
    SYNTHESIS = "synthesis"
    THANK_YOU_LETTER = "thank_you_letter"
    REPLY_LETTER = "reply_letter"
    PROGRESS_REPORT = "progress_report"
    INVITATION = "invitation"
    MINUTES = "minutes"

    @property
    def label(self) -> Label:
        """The word of the screens."""
        return KINDS[self].label


class DocumentState(StrEnum):
    """How far it has come."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ISSUED = "issued"

    @property
    def label(self) -> Label:
        """The word of the screens."""
        return STATES[self]


STATES: Mapping[DocumentState, Label] = {
    DocumentState.DRAFT: Label("Đang soạn", "Being written"),
    DocumentState.SUBMITTED: Label("Đã trình ký", "Submitted for signature"),
    DocumentState.RETURNED: Label("Trả lại để sửa", "Sent back"),
    DocumentState.ISSUED: Label("Đã ban hành", "Issued"),
}
ACTS: Mapping[str, Label] = {
    "document.drafted": Label("Soạn văn bản", "Document written"),
    "document.changed": Label("Sửa văn bản", "Document changed"),
    "document.submitted": Label("Trình ký văn bản", "Document submitted for signature"),
    "document.returned": Label("Trả lại văn bản để sửa", "Document sent back"),
    "document.issued": Label("Ban hành văn bản", "Document issued"),
    "document.opinion_given": Label("Lãnh đạo cho ý kiến về văn bản", "A leader's opinion on a document"),
}
# Between those who write it and those who sign it; everybody else reads what was issued.
INNER_ACTS = frozenset({"document.drafted", "document.changed", "document.submitted", "document.returned"})
# What may still be written on.
OPEN = (DocumentState.DRAFT, DocumentState.RETURNED)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the name of the type as printed ("" for a công văn, which prints its subject under the number instead), the
    letters of its number (Phụ lục III), who writes it, who signs it, and what of an edition it meets when it is issued."""

    label: Label
    printed: str
    symbol: str
    writers: frozenset[Role]
    signers: frozenset[Role]
    meets: ObligationKind | None = None
    asks_opinion: bool = False  # a leader answers it
    many: bool = False  # about several cases in one


_OFFICE = frozenset({Role.COORDINATOR})
_LEADERS = frozenset({Role.COORDINATOR, Role.LEADER})
_AGENCY = frozenset({Role.FOCAL_PERSON, Role.HEAD})
_HEAD = frozenset({Role.HEAD})

KINDS: Mapping[DocumentKind, Kind] = {
    DocumentKind.LEADERS_REPORT: Kind(
        Label("Báo cáo xin ý kiến lãnh đạo", "Report to the leaders"), "BÁO CÁO", "BC", _OFFICE, _OFFICE,
        ObligationKind.LEADERS_REPORT, asks_opinion=True, many=True,
    ),
    DocumentKind.SYNTHESIS: Kind(
        Label("Báo cáo tổng hợp, đề xuất tiếp thu", "Synthesis of suggestions"), "BÁO CÁO", "BC", _OFFICE, _OFFICE,
        ObligationKind.SYNTHESIS, asks_opinion=True, many=True,
    ),
    DocumentKind.THANK_YOU_LETTER: Kind(
        Label("Thư cảm ơn", "Thank-you letter"), "THƯ CẢM ƠN", "TCO", _OFFICE, _LEADERS, ObligationKind.THANK_YOU_LETTER,
    ),
    DocumentKind.REPLY_LETTER: Kind(
        Label("Công văn trả lời", "Letter of reply"), "", "", _AGENCY | _OFFICE, _HEAD | _OFFICE,
    ),
    DocumentKind.PROGRESS_REPORT: Kind(
        Label("Báo cáo tiến độ", "Progress report"), "BÁO CÁO", "BC", _AGENCY, _HEAD,
    ),
    DocumentKind.INVITATION: Kind(
        Label("Giấy mời", "Invitation"), "GIẤY MỜI", "GM", _OFFICE, _LEADERS, many=True,
    ),
    DocumentKind.MINUTES: Kind(
        Label("Biên bản đối thoại", "Minutes of a dialogue"), "BIÊN BẢN", "BB", _OFFICE, _LEADERS, many=True,
    ),
}  # fmt: skip


# -- placeholders ------------------------------------------------------------------------------------------------------

# Everything a template may ask for. Nothing else is ever looked up: what officers type is text, never a program.
PLACEHOLDERS: Mapping[str, Label] = {
    "case.code": Label("mã phiếu", "code of the case"),
    "case.kind": Label("loại phiếu", "kind of the case"),
    "case.summary": Label("trích yếu phản ánh", "summary of the case"),
    "case.content": Label("nội dung phản ánh, kiến nghị", "what was reported"),
    "case.place": Label("nơi xảy ra", "where it happened"),
    "case.field": Label("lĩnh vực", "field"),
    "case.received_on": Label("ngày tiếp nhận", "day of receipt"),
    "case.agency": Label("cơ quan xử lý và phối hợp", "agencies in charge"),
    "case.done": Label("quá trình xử lý đến nay", "what was done so far"),
    "case.answer": Label("nội dung trả lời", "the answer"),
    "cases.list": Label("danh sách các phiếu", "list of the cases"),
    "cases.count": Label("số phiếu", "number of cases"),
    "reporter.name": Label("người phản ánh", "the reporter"),
    "leader.opinion": Label("ý kiến của lãnh đạo", "the leader's opinion"),
    "hotline.name": Label("tên đường dây nóng", "name of the hotline"),
    "hotline.authority": Label("cơ quan quản lý đường dây nóng", "authority of the hotline"),
    "office.name": Label("cơ quan ban hành", "issuing office"),
    "dialogue.subject": Label("nội dung đối thoại", "subject of the dialogue"),
    "dialogue.contents": Label("nội dung chuẩn bị", "prepared contents"),
    "dialogue.at": Label("thời gian đối thoại", "time of the dialogue"),
    "dialogue.place": Label("địa điểm đối thoại", "place of the dialogue"),
    "dialogue.chair": Label("người chủ trì", "who chairs"),
    "dialogue.agencies": Label("cơ quan tham dự", "agencies invited"),
    "dialogue.present": Label("thành phần có mặt", "who was present"),
    "dialogue.conclusions": Label("kết luận", "conclusions"),
}
_OF_DIALOGUES = frozenset({DocumentKind.INVITATION, DocumentKind.MINUTES})
_PLACE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)


def placeholders_for(kind: DocumentKind) -> dict[str, Label]:
    """What a template of this kind may ask for."""
    return {
        name: label for name, label in PLACEHOLDERS.items() if kind in _OF_DIALOGUES or not name.startswith("dialogue.")
    }


def unknown_in(text: str, kind: DocumentKind) -> list[str]:
    """The placeholders of a text that do not exist for this kind, in order, each once; braces left open count too."""
    known = placeholders_for(kind)
    found = [name for name in _PLACE.findall(text) if name not in known]
    rest = _PLACE.sub("", text)
    return list(dict.fromkeys([*found, *(mark for mark in ("{{", "}}") if mark in rest)]))


def unknown_sentence(names: Iterable[str]) -> Label:
    """Says which placeholders nobody knows."""
    said = ", ".join(f"“{name}”" for name in names)
    return Label(
        f"Mẫu có ô điền không dùng được: {said}. Xin chọn trong danh sách ô điền bên cạnh.",
        f"The template has placeholders that cannot be used: {said}. Choose from the list beside it.",
    )


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with every placeholder replaced, in one pass: what a fact says is never read as a placeholder again. What is
    not known stands as a mark that must be written over before anything is signed."""
    return _PLACE.sub(lambda found: facts.get(found.group(1), "") or MISSING, text)


# -- numbers, days, places ---------------------------------------------------------------------------------------------


def symbol_of(kind: DocumentKind, office: str, heading: Heading = Heading.STATE) -> str:
    """The letters behind a number where the template names none: "BC-VPUB" (Nghị định 30/2020, Phụ lục I, II.3), of a Party
    body "BC/VPTU", a letter "CV/VPTU" (Hướng dẫn 36-HD/VPTW)."""
    if heading == Heading.PARTY:
        return f"{KINDS[kind].symbol or 'CV'}/{initials(office)}"
    return "-".join(part for part in (KINDS[kind].symbol, initials(office)) if part)


def initials(name: str) -> str:
    """The initials of an office without marks, words in capitals kept whole: "Văn phòng UBND" is VPUBND."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return "".join(word if word.isupper() else word[0].upper() for word in re.findall(r"[^\W\d_]+", bare))


def code_of(number: int | None, symbol: str, heading: Heading = Heading.STATE) -> str:
    """ "07/BC-VP", of a Party body "07-BC/VPTU": below ten with a nought before it; of a draft a gap for the number."""
    said = "…" if number is None else f"{number:02d}"
    return f"{said}{'-' if heading == Heading.PARTY else '/'}{symbol}" if symbol else said


def place_and_day(place: str, day: date | None) -> str:
    """ "<nơi>, ngày 05 tháng 02 năm 2026": days below ten, January and February with a nought (Phụ lục I, II.4)."""
    if day is None:
        return f"{place}, ngày … tháng … năm …"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}"


def place_of(authority: str) -> str:
    """The place a document is dated at, from the name of the authority: "UBND tỉnh X" is at X."""
    found = re.search(r"\b(tỉnh|thành phố)\s+(.+)$", authority, re.IGNORECASE)
    if not found:
        return authority
    return found.group(2) if found.group(1).lower() == "tỉnh" else f"Thành phố {found.group(2)}"


# -- refusals ----------------------------------------------------------------------------------------------------------

NO_CASE = Label("Hãy chọn ít nhất một phiếu.", "Choose at least one case.")
ONE_CASE = Label("Loại văn bản này chỉ về một phiếu.", "A document of this kind is about one case.")
MIXED = Label(
    "Các phiếu phải cùng tổng đài và cùng lĩnh vực cơ bản.", "The cases must be of one hotline and of one domain."
)
NOT_THEIRS = Label(
    "Ông/Bà không có quyền “{what}” với loại văn bản này.", "You may not do “{what}” with such a document."
)
NOT_NOW = Label(
    "Văn bản ở trạng thái “{state}”, không “{what}” được.", "The document is “{state}”: “{what}” is not possible."
)
INCOMPLETE = Label(
    "Văn bản còn chỗ chưa điền “[…]” ở {where}.", "The document still has “[…]” to be filled in: {where}."
)
EMPTY = Label("Hãy điền {where}.", "Fill in: {where}.")
NO_TEMPLATE = Label(
    "Chưa có mẫu cho loại văn bản này; quản trị viên thêm mẫu ở mục Mẫu văn bản.",
    "There is no template for this kind of document; the administrator adds one under Templates.",
)
NO_OPINION_ASKED = Label("Văn bản này không xin ý kiến lãnh đạo.", "This document asks for no opinion.")
OPINION_GIVEN = Label("Lãnh đạo đã cho ý kiến về văn bản này.", "A leader has given an opinion on this document.")
NO_OPINION = Label("Hãy ghi ý kiến của lãnh đạo.", "Write down the opinion.")
NOT_ISSUED = Label("Văn bản chưa được ban hành.", "The document is not issued yet.")
NO_REASON = Label("Hãy ghi nội dung cần sửa.", "Say what has to be changed.")
ABOUT_OTHERS = Label(
    "Chỉ chọn được phiếu có trong báo cáo tổng hợp.", "Only cases that the synthesis is about can be chosen."
)

# The parts that are written, with the words for what is missing.
PARTS: Mapping[str, Label] = {
    "subject": Label("trích yếu", "subject"),
    "recipient": Label("nơi nhận chính", "recipient"),
    "body": Label("nội dung", "text"),
    "place": Label("địa danh", "place"),
    "signing": Label("quyền hạn, chức vụ người ký", "authority and post of the signatory"),
}
DEEDS: Mapping[str, Label] = {
    "draft": Label("soạn", "write"),
    "change": Label("sửa", "change"),
    "submit": Label("trình ký", "submit for signature"),
    "issue": Label("ký ban hành", "sign and issue"),
    "return": Label("trả lại", "send back"),
    "opine": Label("cho ý kiến", "give an opinion"),
}
FROM: Mapping[str, tuple[DocumentState, ...]] = {
    "change": OPEN,
    "submit": OPEN,
    "issue": (*OPEN, DocumentState.SUBMITTED),
    "return": (DocumentState.SUBMITTED,),
    "opine": (DocumentState.ISSUED,),
}


def may(deed: str, kind: DocumentKind, roles: Iterable[Role]) -> bool:
    """Whether these roles do this with a document of the kind."""
    known = KINDS[kind]
    if deed == "opine":
        return known.asks_opinion and Role.LEADER in roles
    by = (
        known.signers
        if deed in ("issue", "return")
        else known.writers | known.signers
        if deed == "change"
        else known.writers
    )
    return bool(by & {*roles})


def gaps(parts: Mapping[str, str]) -> Label | None:
    """What keeps a document from being submitted or signed: an empty part, or a mark left in one; None when nothing does."""
    for name, label in PARTS.items():
        if name in parts and not parts[name].strip():
            return Label(EMPTY.vi.format(where=label.vi), EMPTY.en.format(where=label.en))
    for name, label in PARTS.items():
        if MISSING in parts.get(name, ""):
            return Label(INCOMPLETE.vi.format(where=label.vi), INCOMPLETE.en.format(where=label.en))
    return None
