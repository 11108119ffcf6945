"""Sealed records, the pure part: references, states, the register's words, and how an identity is taken out of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotline.conversations.rules import ALPHABET, LETTERS
from hotline.regulation.labels import Label


class State(StrEnum):
    """Where a record is on its way to whoever may inspect it."""

    RECORDED = "recorded"
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


STATES: Mapping[State, Label] = {
    State.RECORDED: Label("Chờ chuyển", "To be passed on"),
    State.FORWARDED: Label("Đã chuyển", "Passed on"),
    State.ACKNOWLEDGED: Label("Đã có xác nhận tiếp nhận", "Receipt confirmed"),
    State.CLOSED: Label("Đã kết thúc", "Closed"),
}
# What may follow what. A record without concrete evidence may be closed without being passed on (Điều 25.1).
NEXT: Mapping[State, frozenset[State]] = {
    State.RECORDED: frozenset({State.FORWARDED, State.CLOSED}),
    State.FORWARDED: frozenset({State.ACKNOWLEDGED, State.CLOSED}),
    State.ACKNOWLEDGED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}


class Deed(StrEnum):
    """What the register knows: every look, every step."""

    RECORDED = "recorded"
    ADDED = "added"
    LISTED = "listed"
    READ = "read"
    IDENTIFIED = "identified"
    FILE = "file"
    PRINTED = "printed"
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    TOLD = "told"
    COUNTED = "counted"
    REMINDED = "reminded"
    OVERDUE = "overdue"


DEEDS: Mapping[Deed, Label] = {
    Deed.RECORDED: Label("Ghi nhận", "Recorded"),
    Deed.ADDED: Label("Người dân gửi thêm", "The citizen wrote again"),
    Deed.LISTED: Label("Xem danh sách", "Saw the list"),
    Deed.READ: Label("Đọc nội dung", "Read the content"),
    Deed.IDENTIFIED: Label("Xem danh tính người tố cáo", "Saw who the denouncer is"),
    Deed.FILE: Label("Mở tệp đính kèm", "Opened a file"),
    Deed.PRINTED: Label("In phiếu chuyển", "Printed the transfer sheet"),
    Deed.FORWARDED: Label("Chuyển cơ quan thanh tra, kiểm tra", "Passed on to inspection"),
    Deed.ACKNOWLEDGED: Label("Ghi nhận xác nhận tiếp nhận", "Noted the receipt"),
    Deed.CLOSED: Label("Kết thúc", "Closed"),
    Deed.TOLD: Label("Gửi hướng dẫn đến người dân", "Sent guidance to the citizen"),
    Deed.COUNTED: Label("Xem số lượng", "Saw the count"),
    Deed.REMINDED: Label("Nhắc sắp hết thời hạn chuyển", "Reminded that it must be passed on"),
    Deed.OVERDUE: Label("Đã quá thời hạn chuyển", "Not passed on in time"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as they gave it; every part may be blank."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    @property
    def unknown(self) -> bool:
        return not (self.name or self.phone or self.email or self.address)


@dataclass(frozen=True, slots=True)
class Said:
    """A message on its way in."""

    at: datetime
    channel: str
    external_id: str
    text: str
    source: str = ""
    message_id: str = ""
    subject: str = ""
    ours: bool = False
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file on its way in; `left_behind` is where it lay, to be removed once the record is safe."""

    name: str
    content_type: str
    content: bytes
    left_behind: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A denunciation as the desk takes it down."""

    hotline_id: int
    channel: str
    accused: str
    matter: str
    received_at: datetime
    evidence: str = ""
    protection: bool = False
    identity: Identity = Identity()
    messages: tuple[Said, ...] = ()
    files: tuple[Kept, ...] = ()
    threads: tuple[str, ...] = ()
    anonymous: bool | None = None  # None: by whether anything of an identity was given


def ref_of(number: int) -> str:
    """The reference with this number (0 ≤ number < conversations.rules.REFS): "M-7KQ2M9X"."""
    letters = []
    for _ in range(LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    if number:
        raise ValueError("no reference has that number")
    return "M-" + "".join(reversed(letters))


# -- the identity, out of a text ---------------------------------------------------------------------------------------------

MARK = "[đã lược]"
_MARKS = re.compile("[\u0300-\u036f]")


def without_identity(text: str, who: Identity) -> str:
    """The text with everything that says who wrote it taken out (Luật Tố cáo 2018, Điều 8.3, 49.2): the name whole or
    from its middle on, with diacritics or without; the number however it is written; the address of mail and house.

    What a machine cannot know (a kinship, an office) an officer takes out by hand; `reveals` then has the last word.
    """
    text = unicodedata.normalize("NFC", text)
    plain = _plain(text)
    cuts: list[tuple[int, int]] = []
    for pattern in _patterns(who):
        cuts += [found.span() for found in pattern.finditer(plain)]
    out, end = [], 0
    for start, stop in sorted(cuts):
        if start >= end:
            out += [text[end:start], MARK]
        end = max(end, stop)
    return "".join([*out, text[end:]])


def reveals(text: str, who: Identity) -> bool:
    """Whether a text still says who wrote it."""
    plain = _plain(unicodedata.normalize("NFC", text))
    return any(pattern.search(plain) for pattern in _patterns(who))


def _plain(text: str) -> str:
    """Lower case without diacritics, letter for letter: what is found at a place stands at the same place of the text."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    base = _MARKS.sub("", unicodedata.normalize("NFD", letter.lower())).replace("đ", "d")
    return base if len(base) == 1 else letter


def _patterns(who: Identity) -> Iterable[re.Pattern[str]]:
    words = _plain(unicodedata.normalize("NFC", who.name)).split()
    # "Cao Văn Thư Tín", "Văn Thư Tín", "Thư Tín": a single given name is too common a word to be cut out blindly.
    for start in range(max(len(words) - 1, min(len(words), 1))):
        yield _words(words[start:])
    digits = re.sub(r"\D", "", who.phone)
    digits = digits.removeprefix("84") if who.phone.strip().startswith("+84") else digits.removeprefix("0")
    if len(digits) >= 6:
        yield re.compile(r"(?<!\d)(?:\+?84|0)?[\s.\-()]*" + r"[\s.\-()]*".join(digits) + r"(?!\d)")
    if who.email.strip():
        yield re.compile(re.escape(_plain(who.email.strip())))
    address = _plain(unicodedata.normalize("NFC", who.address))
    if address.split():
        yield _words(address.split())
    # The street and number by themselves; the commune alone is where the matter happened.
    for part in address.split(","):
        if any(letter.isdigit() for letter in part) and len(part.split()) > 1:
            yield _words(part.split())


def _words(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + r"[\s,.]+".join(re.escape(word.strip(",.")) for word in words) + r"(?!\w)")
