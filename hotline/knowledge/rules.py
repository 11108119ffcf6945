"""Questions and answers of the agencies: how a pack writes them, when they may be given, how words look for them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from hotline.organisation.rules import fold
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError, Reader

QUESTION_LENGTH, SOURCE_LENGTH = 500, 300
REVIEW_AHEAD = timedelta(days=14)  # how early the owner is shown what is to be read again or runs out
ALIKE = 0.45  # share of words from which two unanswered questions count as one gap (pg_trgm)


class EntryState(StrEnum):
    """A draft is its owner's alone; what is approved may be given, on the days it is valid."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"

    @property
    def label(self) -> Label:
        """As people read it."""
        return _STATES[self]


_STATES = {
    EntryState.DRAFT: Label("Bản nháp", "Draft"),
    EntryState.APPROVED: Label("Đã duyệt", "Approved"),
    EntryState.RETIRED: Label("Ngừng dùng", "Retired"),
}


class GapReason(StrEnum):
    """Why a question left the call-taker: "không nằm trong hệ thống cơ sở dữ liệu có sẵn hoặc vượt quá khả năng"."""

    NOT_IN_BASE = "not_in_base"
    BEYOND_ABILITY = "beyond_ability"

    @property
    def label(self) -> Label:
        """As people read it."""
        return _REASONS[self]


_REASONS = {
    GapReason.NOT_IN_BASE: Label("Không có trong bộ hỏi – đáp", "Not in the base"),
    GapReason.BEYOND_ABILITY: Label("Vượt quá khả năng trả lời", "Beyond the call-taker's ability"),
}


@dataclass(frozen=True, slots=True)
class EntryGiven:
    """One question and its answer. `valid_to` is the last day it may be given, at any hour; None: until withdrawn."""

    question: str
    answer: str
    valid_from: date
    valid_to: date | None = None
    review_on: date | None = None
    phrasings: tuple[str, ...] = ()
    field: str = ""  # key of the field of work; empty: any
    source: str = ""
    state: EntryState = EntryState.APPROVED
    public: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class SetGiven:
    """The questions and answers of one agency, as a pack's file has them. `synonyms`: words that mean the same."""

    key: str
    title: str
    agency: str
    hotline: str
    synonyms: tuple[tuple[str, ...], ...]
    entries: tuple[EntryGiven, ...]


def valid_on(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether an answer may be given on a day: both ends are included, the last day until midnight."""
    return valid_from <= day and (valid_to is None or day <= valid_to)


# -- a pack's file -----------------------------------------------------------------------------------------------------


def parse_set(
    document: Mapping[str, Any],
    file: str,
    *,
    agencies: Collection[str],
    fields: Collection[str],
    hotlines: Sequence[str],
    errors: list[PackError],
) -> SetGiven:
    """The set a document describes; every fault is added to `errors` with file, key and reason. `hotlines`: the first is
    the one meant when the file names none."""
    r = Reader(document, file, errors=errors)
    given = SetGiven(
        key=r.text("key"), title=r.text("title"), agency=r.text("agency"),
        hotline=r.text("hotline", hotlines[0] if hotlines else ""), synonyms=_synonyms(r),
        entries=tuple(_entry(entry, fields) for entry in r.inners("entries")),
    )  # fmt: skip
    r.done()
    if given.agency and given.agency not in agencies:
        r.fail("agency", f"không có “{given.agency}” trong agencies.csv", f"no “{given.agency}” in agencies.csv")
    if given.hotline not in hotlines:
        r.fail(
            "hotline",
            f"không có tổng đài “{given.hotline}” trong pack.toml",
            f"no hotline “{given.hotline}” in pack.toml",
        )
    keys = [entry.key for entry in given.entries]
    for number, key in enumerate(keys, 1):
        if key in keys[: number - 1]:
            r.fail(f"entries[{number}].key", f"“{key}” đã dùng ở trên", f"“{key}” is used above")
    return given


def _synonyms(r: Reader) -> tuple[tuple[str, ...], ...]:
    groups = []
    for group in r.items("synonyms", []):
        if isinstance(group, list) and len(group) > 1 and all(isinstance(word, str) and word.strip() for word in group):
            groups.append(tuple(group))
        else:
            r.fail(
                "synonyms",
                'mỗi nhóm phải là ["từ", "từ cùng nghĩa", …]',
                'each group must be ["word", "same meaning", …]',
            )
    return tuple(groups)


def _entry(r: Reader, fields: Collection[str]) -> EntryGiven:
    given = EntryGiven(
        key=r.text("key"), question=r.text("question"), answer=r.text("answer").strip(),
        phrasings=r.texts("phrasings", []), field=r.text("field", ""), source=r.text("source"),
        valid_from=r.day("valid_from") or date.min, valid_to=r.day("valid_to", optional=True),
        review_on=r.day("review_on", optional=True), state=r.choice("state", EntryState, EntryState.APPROVED),
        public=r.flag("public", True),
    )  # fmt: skip
    r.done()
    if given.field and given.field not in fields:
        r.fail("field", f"không có “{given.field}” trong fields.toml", f"no “{given.field}” in fields.toml")
    if given.valid_to and given.valid_to < given.valid_from:
        r.fail("valid_to", "phải từ valid_from trở đi", "must not be before valid_from")
    for key, text, most in (("question", given.question, QUESTION_LENGTH), ("source", given.source, SOURCE_LENGTH)):
        if len(text) > most:
            r.fail(key, f"dài {len(text)} ký tự, nhiều nhất {most}", f"has {len(text)} characters, at most {most}")
    return given


# -- words that look for an answer -------------------------------------------------------------------------------------

MOST_WORDS = 60  # of a long letter, its beginning says what it asks
_WORD = re.compile(r"[^0-9a-z]+")
# Syllables that every question has: alone they find nothing.
_EMPTY = """
    a ai anh bao ban bac bi boi cac cai can chi cho chua chung co con cua cung da dang dau day de den di do duoc
    em gi gio giup hay hoi hon khi khong kinh la lai lam len luc ma minh moi mot muon nao nay nen neu nha nhe
    nhieu nhu nhung no nua o oi ong ra rang rat roi sao sau se tai thi theo thoi toi tren trong truoc tu tui va
    van vao vay ve vi viec voi vua xin
"""
EMPTY_WORDS = frozenset(_EMPTY.split())


@dataclass(frozen=True, slots=True)
class Asked:
    """What words look for, in to_tsquery's language: `every` must all be there, one of `pairs` is enough; `words` only ranks
    what those found, for single syllables without their marks mean anything ("đội", "đổi", "dội")."""

    every: str
    pairs: str
    words: str


def asked(text: str, synonyms: Sequence[Sequence[str]] = ()) -> Asked:
    """The question a text puts to the index. Vietnamese words have two syllables mostly, so two that stand together say
    more than each alone: they are looked for first. Words that mean the same are looked for as well."""
    syllables = fold(text).split()[:MOST_WORDS]
    telling = list(dict.fromkeys(s for s in syllables if s not in EMPTY_WORDS))
    pairs = [
        f"({one}<->{two})"
        for one, two in dict.fromkeys(pairwise(syllables))
        if one not in EMPTY_WORDS or two not in EMPTY_WORDS
    ]
    others = _same_meaning(" ".join(syllables), synonyms)
    every = "&".join(telling)
    if others:
        every = "|".join(f"({part})" for part in (every, "|".join(others)) if part)
    return Asked(every, "|".join([*pairs, *others]), "|".join([*telling, *others]))


def _same_meaning(folded: str, synonyms: Sequence[Sequence[str]]) -> list[str]:
    """Phrases of the groups of which the text has one."""
    padded, found = f" {folded} ", []
    for group in synonyms:
        terms = [fold(term) for term in group]
        if any(f" {term} " in padded for term in terms):
            found += [f"({'<->'.join(term.split())})" for term in terms if term and f" {term} " not in padded]
    return found


_NUMBER = re.compile(r"(?<![\w])(?:\+?\d[\d .\-]{7,}\d)(?![\w])")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def without_contacts(text: str) -> str:
    """A question as it is shown to those who write answers: telephone numbers and mail addresses taken out, on one line.
    They need to know what was asked, not by whom (NĐ 356/2025: only what the purpose needs)."""
    return " ".join(_ADDRESS.sub("…", _NUMBER.sub("…", text)).split())[:QUESTION_LENGTH]
