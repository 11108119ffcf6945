"""The ribbon of one row in a list: the same days as a strip of plain rectangles, quick enough for fifty rows a page.

Widths are thousandths of the strip. Days off are narrower than working days, as in the large ribbon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from hotline.assets.ribbon import OVER, RESTING, WORKING
from hotline.regulation.explain import Explanation, Span

MARK = 8.0  # width of a line, in thousandths
Rect = tuple[str, float, float]  # class, x, width


@dataclass(frozen=True, slots=True)
class _Day:
    """One day of a strip before anybody asks what time it is; hours count from the earliest opening."""

    date: date
    width: float  # relative
    rest: str  # the class of a day off
    open: tuple[tuple[float, float], ...]
    counted: tuple[tuple[Span, float, float], ...]


@lru_cache(maxsize=4096)  # as many as explanations are remembered
def _days(explanation: Explanation) -> tuple[tuple[_Day, ...], float, float]:
    """The days, the earliest opening and the latest closing: what does not change from one minute to the next."""
    spans = [span for row in explanation.rows for span in (*row.working, *row.counted)]
    opening = min((_hours(a) for a, _ in spans), default=0.0)
    closing = max((_hours(b) or 24.0 for _, b in spans), default=24.0)

    def within(span: Span) -> tuple[float, float]:
        return _hours(span[0]) - opening, (_hours(span[1]) or 24.0) - opening

    days = tuple(
        _Day(
            row.date, WORKING if row.working else RESTING, "" if row.working else "t" if row.kind == "tet" else "o",
            tuple(map(within, row.working or row.counted)), tuple((span, *within(span)) for span in row.counted),
        )
        for row in explanation.rows
    )  # fmt: skip
    return days, opening, closing


def strip(explanation: Explanation, now: datetime | None) -> list[Rect]:
    """Rectangles from left to right, then the marks. Classes: b working but not counted, u used, l left, o day off,
    t Tết, v past due; n the line of now, d the line of due. `now` None: no line, all counted time is past."""
    due = explanation.due_at
    now = now.astimezone(due.tzinfo) if now else None
    days, opening, closing = _days(explanation)
    over = OVER if now is not None and now.date() > days[-1].date and now > due else 0.0
    unit = 1000 / (sum(day.width for day in days) + over)
    rects: list[Rect] = []
    x = 0.0
    for day in days:
        width = day.width * unit
        scale = (width - 4) / (closing - opening)
        if day.rest:
            _add(rects, day.rest, x, width - 4)
        for start, end in day.open:
            _add(rects, "b", x + start * scale, (end - start) * scale)
        for (begin, until), start, end in day.counted:
            left, right = x + start * scale, x + end * scale
            if now is None or until <= now:
                _add(rects, "u", left, right - left)
            elif begin >= now:
                _add(rects, "l", left, right - left)
            else:
                here = x + (_hours(now) - opening) * scale
                _add(rects, "u", left, here - left)
                _add(rects, "l", here, right - here)
        x += width
    marks = {"d": _mark(due, days, unit, opening, closing), "n": 0.0}
    if now is not None:
        marks["n"] = _mark(now, days, unit, opening, closing)
        if now > due:
            marks["n"] = max(marks["n"], 1000.0 if over else marks["n"])
            _add(rects, "v", marks["d"], marks["n"] - marks["d"])
    rects += [(name, min(at, 1000 - MARK), MARK) for name, at in marks.items() if name == "d" or now is not None]
    return rects


def _mark(at: datetime, days: Sequence[_Day], unit: float, opening: float, closing: float) -> float:
    """Where a moment stands: on its day, or at the end of the last day before it."""
    on, x, found = at.date(), 0.0, 0.0
    for day in days:
        if on < day.date:
            break
        width = day.width * unit
        inside = min(max(_hours(at), opening), closing) - opening if on == day.date else closing - opening
        found = x + inside * (width - 4) / (closing - opening)
        x += width
    return found


def _hours(at: datetime) -> float:
    """Hours since midnight on the clock."""
    return at.hour + at.minute / 60 + at.second / 3600


def _add(rects: list[Rect], kind: str, x: float, width: float) -> None:
    if width > 0.5:
        rects.append((kind, x, width))
