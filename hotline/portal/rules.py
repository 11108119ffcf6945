"""What citizens are shown and how it is said. Pure: told the time, the facts and what must not be seen."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import DONE_STATES, OutcomeKind, Standing, State

# -- how far a report has come ------------------------------------------------------------------------------------------

_RECEIVED = Label("Đã tiếp nhận", "Received")
_PASSING = Label("Tổng đài chuyển đơn vị xử lý", "Being passed to the agency in charge")
_PASSED = Label("Đã chuyển đơn vị xử lý", "Passed to the agency in charge")
_WORKING = Label("Đơn vị xử lý", "The agency works on it")
_WORKING_NOW = Label("Đang xử lý", "In progress")
_VERIFYING = Label("Đang xác minh, kiểm tra", "Being verified on the spot")
_APPROVING = Label("Thủ trưởng xem, duyệt trả lời", "The head reviews the answer")
_WORKED = Label("Đã xử lý", "Handled")
_ANSWER = Label("Trả lời Ông/Bà", "The answer")
_ANSWERED = Label("Đã trả lời", "Answered")
_RATE = Label("Ông/Bà đánh giá", "Your rating")
_RATED = Label("Đã đánh giá", "Rated")
_REOPENING = Label("Đang xem xét xử lý lại", "Reopening being considered")
_ENDED = {
    OutcomeKind.WITHDRAWN: Label("Đã rút phản ánh", "Withdrawn"),
    OutcomeKind.MERGED: Label("Đã gộp vào phiếu khác", "Merged into another case"),
}
_NOW = {
    State.VERIFYING: _VERIFYING, State.AWAITING_APPROVAL: _APPROVING, State.WITH_HEAD: _WORKING_NOW,
    State.IN_PROGRESS: _WORKING_NOW, State.ASSIGNED: _WORKING,
}  # fmt: skip
_AT_DESK = (State.RECEIVED, State.RETURNED, State.AWAITING_DECISION)


@dataclass(frozen=True, slots=True)
class Progress:
    """The facts a citizen's progress is drawn from."""

    state: State
    outcome: str
    received_at: datetime
    assigned_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    rated_at: datetime | None
    overdue: bool  # something is owed and its moment has passed
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way."""

    label: Label
    state: Literal["done", "current", "todo", "late"]
    at: datetime | None = None
    note: Label | None = None


def steps(facts: Progress) -> list[Step]:
    """The way of a report from receipt to rating: what is done, where it is now, what is to come."""
    state = facts.state
    agency = Label(facts.agency, facts.agency) if facts.agency else None
    received = Step(_RECEIVED, "done", facts.received_at)
    if state == State.CLOSED and facts.answered_at is None:
        ended = _ENDED.get(OutcomeKind(facts.outcome)) if facts.outcome else None
        return [received, Step(ended or State.CLOSED.label, "done", facts.closed_at)]
    now: Literal["late", "current"] = "late" if facts.overdue else "current"
    late = Standing.OVERDUE.label if facts.overdue else None
    if state in _AT_DESK:
        return [
            received, Step(_PASSING, now, note=late), Step(_WORKING, "todo"), Step(_ANSWER, "todo"), Step(_RATE, "todo"),
        ]
    passed = Step(_PASSED, "done", facts.assigned_at, agency)
    if state == State.REOPEN_REQUESTED:
        return [received, passed, Step(_ANSWERED, "done", facts.answered_at), Step(_REOPENING, now, note=late)]
    if state in DONE_STATES:
        rated = Step(_RATED, "done", facts.rated_at) if facts.rated_at else Step(_RATE, "current")
        # Answered by the hotline itself, nothing was passed on.
        way = [received, passed, Step(_WORKED, "done")] if facts.assigned_at else [received]
        return [*way, Step(_ANSWERED, "done", facts.answered_at), rated]
    return [received, passed, Step(_NOW[state], now, note=late), Step(_ANSWER, "todo"), Step(_RATE, "todo")]


# -- early or late ------------------------------------------------------------------------------------------------------

_DAY = timedelta(days=1)
_IN_TIME = Label("trong hạn", "in time")


@dataclass(frozen=True, slots=True)
class Timing:
    """Whether an answer kept its date, in words. `tone`: ok or late."""

    words: Label
    tone: Literal["ok", "late"]


def timing(answered_at: datetime, due_at: datetime | None, late_at: datetime | None) -> Timing:
    """How an answer stands to what was promised: `due_at` is the earliest moment that was promised, `late_at` the first
    breach on the case. Whole days and hours of the wall calendar, which anybody can check; a case that was once
    late is late for ever, however fast its last step was (Quyết định 1519: trễ hạn)."""
    if late_at is not None and late_at < answered_at:
        return Timing(_said("trễ hạn", "late", answered_at - late_at), "late")
    if due_at is None or due_at - answered_at < _DAY:
        return Timing(_IN_TIME, "ok")
    return Timing(_said("trước hạn", "early", due_at - answered_at), "ok")


def _said(vi: str, en: str, span: timedelta) -> Label:
    if span >= _DAY:
        days = span // _DAY
        return Label(f"{vi} {days} ngày", f"{days} {'day' if days == 1 else 'days'} {en}")
    hours = max(1, -(-span // timedelta(hours=1)))
    return Label(f"{vi} {hours} giờ", f"{hours} h {en}")


# -- nobody is named ----------------------------------------------------------------------------------------------------

HIDDEN = "•••"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Nine digits or more, however they are grouped: telephone, identity and account numbers. A date is shorter.
_NUMBER = re.compile(r"(?<![\w/])\+?\d(?:[ .()\-]{0,2}\d){8,}(?![\w/])")
_PRICE = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_LINK = re.compile(r"\bhttps?://\S+", re.IGNORECASE)


def without_identity(text: str, *identity: str) -> str:
    """A text as everybody may read it: e-mail addresses, long numbers, links and each of `identity` (the reporter's name,
    address) are hidden, however their letters are composed or capitalised, with marks or without."""
    said = unicodedata.normalize("NFC", text)
    said = _LINK.sub(HIDDEN, _EMAIL.sub(HIDDEN, said))
    said = _NUMBER.sub(lambda found: found[0] if _PRICE.fullmatch(found[0]) else HIDDEN, said)
    for words in sorted(identity, key=len, reverse=True):
        if len(bare := _bare(words).split()) >= 2 or (bare and len(bare[0]) > 4):
            said = _hide(said, bare)
    return said


def _hide(said: str, words: list[str]) -> str:
    pattern = re.compile(r"(?<!\w)" + r"\W+".join(map(re.escape, words)) + r"(?!\w)")
    folded = _bare(said)  # letter for letter, so that a place found in it is the place in the text
    for found in reversed(list(pattern.finditer(folded))):
        said = said[: found.start()] + HIDDEN + said[found.end() :]
    return said


def _bare(text: str) -> str:
    """Lower case without marks, exactly as long as the text."""
    out = []
    for letter in unicodedata.normalize("NFC", text):
        plain = "".join(c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c)).lower()
        plain = "d" if plain == "đ" else plain
        out.append(plain if len(plain) == 1 else letter)
    return "".join(out)


# -- months -------------------------------------------------------------------------------------------------------------

FIRST_MONTH = date(2000, 1, 1)


def month_of(text: str, today: date) -> date | None:
    """The first day of a month written "2026-02"; None when it is no month, lies in the future or before all records."""
    if not re.fullmatch(r"\d{4}-\d{2}", text, re.ASCII):
        return None
    year, month = int(text[:4]), int(text[5:])
    if not 1 <= month <= 12 or year < FIRST_MONTH.year:
        return None
    first = date(year, month, 1)
    return first if first <= today else None


def next_month(first: date) -> date:
    """The first day of the following month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months_back(first: date, count: int) -> list[date]:
    """`count` months ending with the one of `first`, the latest first."""
    months = [first]
    while len(months) < count:
        before = months[-1]
        months.append(date(before.year - (before.month == 1), 12 if before.month == 1 else before.month - 1, 1))
    return months


def share(part: int, whole: int) -> float | None:
    """Per cent, or None where there is nothing to take a share of."""
    return 100 * part / whole if whole else None


# -- who is asking ------------------------------------------------------------------------------------------------------


def client_address(remote: str, forwarded: str, proxies: int) -> str:
    """The network address of the asker behind `proxies` proxies of our own; what anybody may have written before them in
    X-Forwarded-For is not believed."""
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    return hops[-proxies] if 0 < proxies <= len(hops) else remote


def cell(value: object) -> str:
    """One cell of a CSV for spreadsheets: nothing that a spreadsheet would run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(?:[.,]\d+)?", text))


