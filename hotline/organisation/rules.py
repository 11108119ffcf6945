"""Names of places and agencies: comparing them as people type them, and which of several was in force on a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

_MARKS = re.compile("[\u0300-\u036f]")
_NOT_A_WORD = re.compile(r"[^0-9a-z]+")
_KINDS = re.compile(
    r"^(?:ubnd |uy ban nhan dan )?"
    r"(?:thanh pho|thi xa|thi tran|dac khu|phuong|huyen|quan|tinh|xa|tp|tx|tt|p|x|h)\s+(?=\S)"
)
_FORMER = re.compile(r"\s+(?:cu|truoc day)$")


def fold(text: str) -> str:
    """Lower case, no diacritics, single spaces: "Phường Tam Kỳ" → "phuong tam ky". What is compared, never shown."""
    # đ is a letter of its own, not a d with a mark, so NFD leaves it whole.
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.lower())).replace("đ", "d")
    return _NOT_A_WORD.sub(" ", plain).strip()


def bare_name(folded: str) -> str:
    """A folded place name without its kind and without "cũ": "xa tam thanh cu" → "tam thanh"."""
    return _KINDS.sub("", _FORMER.sub("", folded), count=1)


class Dated(Protocol):
    """Anything valid from one day to another, both included; None is open on that side."""

    valid_from: date | None
    valid_to: date | None


AnyDated = TypeVar("AnyDated", bound=Dated)


def in_force(rows: Iterable[AnyDated], day: date) -> AnyDated | None:
    """The row valid on `day`; of several the one that began last. None when there was none."""
    valid = [r for r in rows if (r.valid_from or date.min) <= day <= (r.valid_to or date.max)]
    return max(valid, key=lambda r: r.valid_from or date.min, default=None)


def heirs_of(code: str, heirs: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The communes in which the ground of one lies now, following `heirs` (code → codes) to their end; itself if none."""
    found: dict[str, None] = {}
    open_ends, seen = [code], set()
    while open_ends:
        current = open_ends.pop(0)
        if current in seen:
            continue
        seen.add(current)
        to = list(heirs.get(current, ()))
        if not to or current in to:
            found[current] = None
        open_ends += to
    return tuple(found)


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """A province (no `province_code`) or commune as the pack of the whole country writes it."""

    code: str
    name: str
    province_code: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class AliasEntry:
    """Another name of an area: an old commune, a village, a beach."""

    name: str
    area_code: str
    district: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True)
class AgencyEntry:
    """An agency as a pack writes it; `parent`, `area_code`, `calendar`, `successor` are keys, empty for none."""

    key: str
    kind: str
    name: str
    short_name: str = ""
    parent: str = ""
    area_code: str = ""
    calendar: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    domain: str = ""
