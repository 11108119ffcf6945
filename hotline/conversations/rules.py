"""References of conversations, what a list shows of them, and whether an answer can travel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from hotline.regulation.labels import Label

# No 0/O and no 1/I: a reference is read out over the telephone and typed back.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LETTERS = 7
_REF = re.compile(rf"(?<![0-9A-Za-z])LH[-\u2010-\u2015\s]?([{ALPHABET}]{{{LETTERS}}})(?![0-9A-Za-z])", re.IGNORECASE)
REFS = len(ALPHABET) ** LETTERS

PREVIEW_LENGTH = 200
SEALED = "sealed"  # the outcome of a stub: what was here went a way of its own (docs/decisions/0006)


class SendingFailed(Exception):
    """A message did not go out. `permanent`: another try cannot succeed; else the same try may succeed later."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file on its way in. With width and height it is a picture we encoded ourselves, safe to show in a page."""

    name: str
    content_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


def ref_of(number: int) -> str:
    """The reference with this number (0 ≤ number < REFS): "LH-7KQ2M9X"."""
    if not 0 <= number < REFS:
        raise ValueError(f"no reference has the number {number}")
    letters = []
    for _ in range(LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "LH-" + "".join(reversed(letters))


def new_ref(draw: Callable[[int], int]) -> str:
    """A reference with at least one digit. `draw(n)`: a number from 0 to n - 1 that nobody can foresee.

    Letters alone are taken for a word when somebody types them into a subject, and what they wrote would miss its thread.
    """
    while True:
        ref = ref_of(draw(REFS))
        if any(letter.isdigit() for letter in ref):
            return ref


def refs_in(text: str) -> list[str]:
    """References written in a text, in order, each once, as they are stored. Small letters and a lost hyphen are read."""
    return list(dict.fromkeys(f"LH-{found.upper()}" for found in _REF.findall(unicodedata.normalize("NFKC", text))))


def preview(text: str) -> str:
    """The first words of a message on one line, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= PREVIEW_LENGTH:
        return line
    cut = line[: PREVIEW_LENGTH - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[-40:] else cut) + "…"


def travels(channel: str, email: str) -> bool:
    """Whether what we write can be sent. Today every channel's answers go by e-mail: without an address there is only
    the page, and for a caller the telephone."""
    return bool(email)


def goes_by(channel: str) -> str:
    """What carries our words to somebody who came by this channel: e-mail, for every one of them today."""
    return "email"


TAKEN_BY_ANOTHER = Label("{name} đang tiếp nhận lượt liên hệ này.", "{name} is handling this contact.")
NOT_AT_THE_DESK = Label(
    "Lượt liên hệ này đã được xử lý xong, không còn ở bàn tiếp nhận.",
    "This contact has been dealt with and is no longer at the intake desk.",
)
NOT_YOURS = Label(
    "Chỉ người đang tiếp nhận hoặc trưởng ca mới trả lại được lượt liên hệ này.",
    "Only the person handling this contact or the shift leader may give it back.",
)
DESK_ONLY = Label(
    "Chỉ tổng đài viên, trưởng ca được xử lý lượt liên hệ.", "Only call-takers and shift leaders deal with contacts."
)
