"""A document as it lies on paper: the parts of Nghị định 30/2020/NĐ-CP, Phụ lục I, before anybody draws them; a Party body's
has the head of Hướng dẫn 36-HD/VPTW (Văn phòng Trung ương Đảng, 03/4/2018) instead. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from hotline.regulation.pack import Heading

# Phụ lục I, I.3: A4, 20–25 mm above and below, 30–35 mm on the left, 15–20 mm on the right.
TOP = BOTTOM = 20.0
LEFT, RIGHT = 30.0, 20.0
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
BELOW_OFFICE, BELOW_SUBJECT = "*", "-----"  # what a Party paper has where a State paper has a line
DRAFT_NUMBER = "…"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the text."""

    text: str
    bold: bool = False
    item: bool = False  # of a list: not indented twice


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every part in the order of the law: national emblem words, office, number, place and day, type and subject, text,
    signature, recipients. `printed` "" is a công văn: its subject stands under the number, its recipient above the text."""

    authority: str
    office: str
    number: str
    place_and_day: str
    printed: str
    subject: str
    recipient: str
    lines: tuple[Line, ...]
    signing: tuple[str, ...]
    signatory: str
    copies: tuple[str, ...]
    draft: bool
    heading: Heading = Heading.STATE

    @property
    def number_line(self) -> str:
        return f"Số {self.number}" if self.of_party else f"Số: {self.number}"

    @property
    def of_party(self) -> bool:
        """A Party paper: its title at the top right, the superior body and the office at the left."""
        return self.heading == Heading.PARTY


def lines_of(body: str) -> tuple[Line, ...]:
    """The text in paragraphs, one a line; "**…**" around a whole line is a heading, "- " begins an item."""
    found = []
    for raw in unicodedata.normalize("NFC", body).splitlines():
        text = raw.strip()
        heading = len(text) > 4 and text.startswith("**") and text.endswith("**")
        if text:
            found.append(Line(text[2:-2].strip() if heading else text, heading, text.startswith(("- ", "– ", "+ "))))
    return tuple(found)


def parts(text: str) -> tuple[str, ...]:
    """The lines of a part that has several, without the empty ones."""
    return tuple(_nfc(line.strip()) for line in text.splitlines() if line.strip())


def copies_of(text: str) -> tuple[str, ...]:
    """Nơi nhận, each line with its dash and its semicolon, the last with a full stop (Phụ lục I, II.9)."""
    rows = [line.strip("-–;. ") for line in parts(text)]
    return tuple(f"- {row}{'.' if n == len(rows) else ';'}" for n, row in enumerate(rows, 1))


def sheet(
    *, authority: str, office: str, number: str, place_and_day: str, printed: str, subject: str, recipient: str, body: str,
    signing: str, signatory: str, copies: str, draft: bool, heading: Heading = Heading.STATE,
) -> Sheet:  # fmt: skip
    """The parts put in form: capitals where the law wants them, composed letters everywhere."""
    office = without_superior(office, authority) if heading == Heading.PARTY else office
    return Sheet(
        _nfc(authority).upper(), _nfc(office).upper(), number or DRAFT_NUMBER, _nfc(place_and_day), printed, _nfc(subject),
        _nfc(recipient), lines_of(body), tuple(line.upper() for line in parts(signing)), _nfc(signatory), copies_of(copies),
        draft, heading,
    )  # fmt: skip


def without_superior(office: str, superior: str) -> str:
    """An office's name without that of the body above it, which stands over it: "Ban Tổ chức Thành ủy" of "Thành ủy Thành phố
    X" is "Ban Tổ chức"."""
    words, above = office.split(), [word.casefold() for word in superior.split()]
    for start in range(1, len(words)):
        rest = [word.casefold() for word in words[start:]]
        if rest == above[: len(rest)]:
            return " ".join(words[:start])
    return office


def recipients(text: str) -> Iterable[str]:
    """ "Kính gửi" with one receiver on the same line, with several below each other."""
    rows = parts(text)
    if len(rows) < 2:
        return [f"Kính gửi: {rows[0]}"] if rows else []
    return ["Kính gửi:", *(f"- {row.strip('-–; ')}{'.' if n == len(rows) else ';'}" for n, row in enumerate(rows, 1))]


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()) if "\n" not in text else text)
