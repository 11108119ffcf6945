"""The reporter taken out of a text: name, numbers, addresses, and the signature under a letter. Pure.

What is compared is folded (small letters, no diacritics), one letter for one, so that "NGUYEN THI SAU" is found where the
reporter is Nguyễn Thị Sáu, and what stands around it stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hotline.regulation.identity import HIDDEN

MARK = "•••"
LEAST_NAME = 2  # syllables: "Sáu" alone is a number, and would take half the text with it
LEAST_DIGITS = 8
_SIGNATURE = re.compile(
    r"^\s*(?:--+\s*$|(?:trân trọng|kính thư|kính đơn|người (?:viết|làm|gửi|kiến nghị|phản ánh)(?: đơn)?|ký tên|best regards"
    r"|regards|sent from|gửi từ)\b)",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"^\s*(?:from|to|cc|reply-to|từ|đến|người gửi|điện thoại|đt|email|thư điện tử|địa chỉ)\s*:.*$", re.IGNORECASE
)
_TITLE = r"(?:ông|bà|anh|chị|cô|chú|bác|dì|cậu|em|cháu|tôi là|tôi tên|tên là|tên tôi là|mr\.?|mrs\.?|ms\.?)"
_NEAR_END = 8  # lines: a signature stands at the end of a letter


def fold(text: str) -> str:
    """Small letters without diacritics, letter for letter: the result is as long as the text (in NFC)."""
    return "".join(map(_plain, text))


def _plain(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


@dataclass(frozen=True)
class Reporter:
    """What is known of a reporter that could give them away; of each any number, blanks count for nothing."""

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def hidden_in(self, text: str, *, letter: bool = False, places: bool = True) -> str:
        """The text with the reporter replaced by "•••". `letter`: a message as it came, whose signature and headers go as
        well. `places` False keeps the address: where something happened is what the agency has to know."""
        if not text:
            return text
        text = unicodedata.normalize("NFC", text)
        if letter:
            text = without_signature(text)
        for pattern in self._folded_patterns(places):
            text = _replaced(text, fold(text), pattern)
        return self._called.sub(lambda found: f"{found.group(1)} {MARK}", text) if self._called else text

    def _folded_patterns(self, places: bool) -> list[re.Pattern[str]]:
        return [*self._always, *(self._places if places else ())]

    @cached_property
    def _always(self) -> list[re.Pattern[str]]:
        found = [_words(name) for name in self.names if len(name.split()) >= LEAST_NAME]
        found += [_phone(digits) for phone in self.phones if len(digits := _national(phone)) >= LEAST_DIGITS]
        found += [re.compile(re.escape(fold(_nfc(email)))) for email in self.emails if "@" in email]
        return found

    @cached_property
    def _places(self) -> list[re.Pattern[str]]:
        return [_words(address) for address in self.addresses if len(address.split()) >= LEAST_NAME]

    @cached_property
    def _called(self) -> re.Pattern[str] | None:
        """ "chị Sáu", "tôi là Sáu": the last syllable of the name after a form of address, as it is written."""
        last = {re.escape(_nfc(name).split()[-1]) for name in self.names if name.split()}
        return re.compile(rf"(?i:\b({_TITLE}))\s+(?:{'|'.join(sorted(last))})\b") if last else None


def without_signature(text: str) -> str:
    """A message without what its writer put under it, and without lines that repeat the head of a mail."""
    lines = text.splitlines()
    first = next(
        (n for n, line in enumerate(lines) if n and n >= len(lines) - _NEAR_END and _SIGNATURE.match(line)), len(lines)
    )
    return "\n".join(line for line in lines[:first] if not _HEADER.match(line)).rstrip()


def neutral_name(number: int, name: str) -> str:
    """ "tep-1.jpg": a file whose name says nothing of who sent it."""
    ending = re.search(r"\.[A-Za-z0-9]{1,5}$", name)
    return f"tep-{number}{ending.group().lower() if ending else ''}"


def shown_name(name: str, hidden: bool) -> str:
    """A reporter's name, or the words that stand for it."""
    return HIDDEN.vi if hidden else name


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words(phrase: str) -> re.Pattern[str]:
    """The words of a phrase one after the other, whatever stands between them; no part of a longer word."""
    parts = re.findall(r"\w+", fold(_nfc(phrase)))
    return re.compile(r"(?<!\w)" + r"[\W_]{1,4}".join(map(re.escape, parts)) + r"(?!\w)")


def _national(phone: str) -> str:
    """The digits of a number behind the 0 or the +84."""
    digits = re.sub(r"\D", "", phone)
    return digits.removeprefix("84") if phone.strip().startswith("+") else digits.removeprefix("0")


def _phone(digits: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\d)(?:\(?\+?84\)?|0)?[\s.\-()]*" + r"[\s.\-()]*".join(digits) + r"(?!\d)")


def _replaced(text: str, folded: str, pattern: re.Pattern[str]) -> str:
    """The text with everything replaced that the pattern finds in its folded twin."""
    out, last = [], 0
    for found in pattern.finditer(folded):
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        out += [text[last:start], MARK]
        last = found.end()
    return "".join([*out, text[last:]])


def known_of(rows: Iterable[tuple[str, str, str, str]]) -> Reporter:
    """A reporter from (name, phone, e-mail, address) as given on each occasion."""
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    names, phones, emails, addresses = (
        tuple(dict.fromkeys(v.strip() for v in column if v and v.strip())) for column in columns
    )
    return Reporter(names, phones, emails, addresses)
