"""The deadline ribbon (dải thời hạn) as geometry: days as columns, working time as blocks, now and due as marks. Pure.

Positions are percentages of one day's bar; widths of columns are relative weights. The same values draw the large
ribbon on a case, the small one in lists, and its text for people who listen to the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Literal

from hotline.assets import formats
from hotline.regulation.explain import WEEKLY_OFF, Explanation, Row, Span
from hotline.regulation.labels import Label

MOST_CELLS = 14  # more columns than this are no longer days one can tell apart
LABEL_ROOM, LABEL_MOST = 160.0, 31.0  # per cent the words of a mark take on a telephone: of one unit, of a short ribbon
WORKING, RESTING, FOLDED, OVER = 1.0, 0.62, 1.5, 1.1  # relative widths

_NOW = Label("bây giờ", "now")
_DUE = Label("hạn", "due")
_DONE = Label("xong", "done")
_DAYS_OFF = Label("{} ngày nghỉ", "{} days off")
_WORKING_DAYS = Label("… {} ngày làm việc …", "… {} working days …")
_OVER = Label("đã quá hạn", "overdue")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of one bar, in per cent. `kind`: idle (not counted), used, left, over (past due)."""

    x: float
    width: float
    kind: Literal["idle", "used", "left", "over"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line at `x` per cent of its cell, with words above it aligned "start", "middle" or "stop"."""

    kind: Literal["now", "due"]
    x: float
    words: str
    align: Literal["start", "middle", "stop"] = "middle"
    row: int = 0

    @property
    def part(self) -> float:
        """`x` as a part of one."""
        return round(self.x / 100, 4)


@dataclass(frozen=True, slots=True)
class Cell:
    """One bar: a day, a fold of several days (`days` > 1), or the time past due."""

    kind: Literal["working", "makeup", "off", "tet", "fold", "over"]
    first: date
    last: date
    name: str
    weight: float
    blocks: tuple[Block, ...] = ()
    marks: tuple[Mark, ...] = ()
    reason: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring cells under one note: the days of one Tết, one long weekend."""

    cells: tuple[Cell, ...]
    note: str

    @property
    def weight(self) -> float:
        return round(sum(cell.weight for cell in self.cells), 2)


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Everything a template needs to draw; `rows` is how many lines of words stand above the bars."""

    groups: tuple[Group, ...]
    rows: int = 1
    late: bool = False
    cells: tuple[Cell, ...] = field(default=())

    @property
    def units(self) -> float:
        return sum(cell.weight for cell in self.cells)


def layout(explanation: Explanation, now: datetime | None, *, finished: bool = False, language: str = "vi") -> Ribbon:
    """The ribbon from the day of receipt to the due moment, and on to `now` when that is later.

    `now` is the moment to mark (None: no mark, all counted time is past). `finished`: the work was done at `now`, so
    the mark says so. Raises ValueError for an explanation without days.
    """
    if not explanation.rows:
        raise ValueError("a ribbon needs at least the day of receipt")
    due = explanation.due_at
    now = now.astimezone(due.tzinfo) if now else None
    axis = _axis(explanation.rows)
    cells = _fold([_cell(row, axis, due, now, language) for row in explanation.rows], now, language)
    last = cells[-1].last
    if now is not None and now > due and now.date() > last:
        over = (Block(0, 100, "over"),)
        name = _over_name(last, now, language)
        cells.append(Cell("over", last + timedelta(1), now.date(), name, OVER, over, (), _OVER.get(language)))
    cells, rows = _mark(cells, axis, due, now, finished, language)
    return Ribbon(tuple(_groups(cells)), rows, now is not None and now > due, tuple(cells))


def _over_name(last: date, now: datetime, language: str) -> str:
    days = (now.date() - last).days
    return f"+{days} {'ngày' if language == 'vi' else ('day' if days == 1 else 'days')}"


def _minutes(at: datetime, day: date) -> float:
    """Minutes since the midnight that opens `day`."""
    return (at - datetime.combine(day, time(), at.tzinfo)).total_seconds() / 60


def _axis(rows: Iterable[Row]) -> tuple[float, float]:
    """The minutes of the day between the earliest opening and the latest closing: the same for every bar."""
    spans = [(_minutes(a, row.date), _minutes(b, row.date)) for row in rows for a, b in (*row.working, *row.counted)]
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else (0.0, 1440.0)


def _at(moment: datetime, day: date, axis: tuple[float, float]) -> float:
    """Per cent of the bar of `day`, held within it."""
    low, high = axis
    return min(max((_minutes(moment, day) - low) / (high - low) * 100, 0.0), 100.0)


def _cell(row: Row, axis: tuple[float, float], due: datetime, now: datetime | None, language: str) -> Cell:
    resting = row.kind in ("off", "tet")
    name = f"{formats.short_weekday(row.date, language)} {row.date:{'%d' if resting else '%d/%m'}}"
    reason = row.reason.get(language) if row.reason and row.reason != WEEKLY_OFF else ""
    cuts = sorted(
        {moment for span in (*row.working, *row.counted) for moment in span} | {due} | ({now} if now else set())
    )
    blocks = [
        _block(a, b, row, axis, due, now)
        for a, b in pairwise(cuts)
        if _within(a, b, row.working) or _within(a, b, row.counted)
    ]
    return Cell(row.kind, row.date, row.date, name, RESTING if resting else WORKING, tuple(_joined(blocks)), (), reason)


def _within(a: datetime, b: datetime, spans: Iterable[Span]) -> bool:
    return any(start <= a and b <= end for start, end in spans)


def _block(a: datetime, b: datetime, row: Row, axis: tuple[float, float], due: datetime, now: datetime | None) -> Block:
    x = _at(a, row.date, axis)
    kind: Literal["idle", "used", "left", "over"] = "idle"
    if _within(a, b, row.counted):
        kind = "used" if now is None or b <= now else "left"
    elif now is not None and due <= a and b <= now:
        kind = "over"
    return Block(round(x, 2), round(_at(b, row.date, axis) - x, 2), kind)


def _joined(blocks: list[Block]) -> list[Block]:
    """Touching blocks of one kind are one block: no seam where nothing changes."""
    out: list[Block] = []
    for block in blocks:
        if out and out[-1].kind == block.kind and abs(out[-1].x + out[-1].width - block.x) < 0.01:
            out[-1] = replace(out[-1], width=round(out[-1].width + block.width, 2))
        else:
            out.append(block)
    return out


# -- folding -----------------------------------------------------------------------------------------------------


def _fold(cells: list[Cell], now: datetime | None, language: str) -> list[Cell]:
    """At most MOST_CELLS cells: first the longest runs of days off become one, then the middle of the working days.

    The first day, the due day and the day of now stay days, as long as something else can be folded.
    """
    while len(cells) > MOST_CELLS:
        runs = [run for run in _runs(cells, resting=True) if len(run) > 1]
        if not runs:
            break
        start, *_, end = max(runs, key=len)
        cells[start : end + 1] = [_folded_rest(cells[start : end + 1], language)]
    if len(cells) > MOST_CELLS:
        cells = _fold_middle(cells, now, language)
    return cells


def _runs(cells: list[Cell], resting: bool) -> list[list[int]]:
    places = groupby(
        range(len(cells)), key=lambda i: (cells[i].kind in ("off", "tet")) == resting and cells[i].days == 1
    )
    return [list(run) for wanted, run in places if wanted]


def _folded_rest(cells: list[Cell], language: str) -> Cell:
    tet = any(cell.kind == "tet" for cell in cells)
    reasons = [cell.reason for cell in cells if (cell.kind == "tet") == tet and cell.reason]
    said = _DAYS_OFF.get(language).format(len(cells))
    reason = max(reasons, key=reasons.count, default="")
    return Cell("tet" if tet else "off", cells[0].first, cells[-1].last, said, FOLDED, (), (), reason)


def _fold_middle(cells: list[Cell], now: datetime | None, language: str) -> list[Cell]:
    """Keeps both ends and the surroundings of now; what lies between becomes "… 12 ngày làm việc …"."""
    today = next((i for i, cell in enumerate(cells) if now and cell.first <= now.date() <= cell.last), 0)
    keep = {0, 1, 2, len(cells) - 3, len(cells) - 2, len(cells) - 1, today - 1, today, today + 1}
    out: list[Cell] = []
    for folded, run in groupby(range(len(cells)), key=lambda i: i not in keep):
        part = [cells[i] for i in run]
        out.extend([_folded_work(part, language)] if folded and len(part) > 1 else part)
    return out


def _folded_work(cells: list[Cell], language: str) -> Cell:
    working = sum(1 for cell in cells if cell.kind in ("working", "makeup"))
    used = all(block.kind == "used" for cell in cells for block in cell.blocks)
    name = _WORKING_DAYS.get(language).format(working)
    last_off = sum(cell.days for cell in cells) - working
    note = _DAYS_OFF.get(language).format(last_off) if last_off else ""
    block = Block(0, 100, "used" if used else "left")
    return Cell("fold", cells[0].first, cells[-1].last, name, FOLDED * 1.4, (block,), (), note)


# -- marks -------------------------------------------------------------------------------------------------------


def _mark(
    cells: list[Cell], axis: tuple[float, float], due: datetime, now: datetime | None, finished: bool, language: str
) -> tuple[list[Cell], int]:
    """Puts the marks into their cells and decides where their words stand, so that they never cover each other."""
    total = sum(cell.weight for cell in cells)
    room = label_room(total)
    due_in, due_x = _place(cells, due, axis)
    due_at = (sum(cell.weight for cell in cells[:due_in]) + cells[due_in].weight * due_x / 100) / total * 100
    due_mark = Mark("due", round(due_x, 2), f"{_DUE.get(language)} {due:%H:%M}", _align(due_at, room))
    if now is None:
        cells[due_in] = replace(cells[due_in], marks=(due_mark,))
        return cells, 1
    now_in, now_x = _place(cells, now, axis)
    now_at = (sum(cell.weight for cell in cells[:now_in]) + cells[now_in].weight * now_x / 100) / total * 100
    word = _DONE if finished else _NOW
    now_mark = Mark("now", round(now_x, 2), f"{word.get(language)} {now:%H:%M}", _align(now_at, room))
    rows = 1
    (now_from, now_to), (due_from, due_to) = _extent(now_mark, now_at, room), _extent(due_mark, due_at, room)
    if now_from < due_to and due_from < now_to:
        left, right = sorted((now_at, due_at))
        if left >= room and right <= 100 - room:  # turn away from each other
            now_mark = replace(now_mark, align="stop" if now_at <= due_at else "start")
            due_mark = replace(due_mark, align="start" if now_at <= due_at else "stop")
        else:
            now_mark, rows = replace(now_mark, row=1), 2
    cells[due_in] = replace(cells[due_in], marks=(due_mark,))
    cells[now_in] = replace(cells[now_in], marks=(*cells[now_in].marks, now_mark))
    return cells, rows


def _place(cells: list[Cell], at: datetime, axis: tuple[float, float]) -> tuple[int, float]:
    """Which cell a moment falls in and how far along, in per cent; outside the ribbon it is held at its end."""
    if at.date() < cells[0].first:
        return 0, 0.0
    for index, cell in enumerate(cells):
        if at.date() <= cell.last:
            if cell.kind == "over":
                return index, 100.0
            if cell.days == 1:
                return index, _at(at, cell.first, axis)
            return index, ((at.date() - cell.first).days + 0.5) / cell.days * 100
    return len(cells) - 1, 100.0


def label_room(units: float) -> float:
    """Per cent of a ribbon of so many units that the words of one mark take where there is least room."""
    return min(LABEL_MOST, LABEL_ROOM / units)


def _align(at: float, room: float) -> Literal["start", "middle", "stop"]:
    if at < room / 2:
        return "start"
    return "stop" if at > 100 - room / 2 else "middle"


def _extent(mark: Mark, at: float, room: float) -> tuple[float, float]:
    before = {"start": 0.0, "middle": room / 2, "stop": room}[mark.align]
    return at - before, at - before + room


# -- words -------------------------------------------------------------------------------------------------------


def _groups(cells: list[Cell]) -> list[Group]:
    """Neighbouring days off with one reason share one note."""
    out: list[Group] = []
    for _, run in groupby(enumerate(cells), key=lambda p: (p[1].kind, p[1].reason) if p[1].reason else p[0]):
        members = tuple(cell for _, cell in run)
        out.append(Group(members, members[0].reason))
    return out
