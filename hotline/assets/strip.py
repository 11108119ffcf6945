"""The ribbon of one row in a list: the same days as a strip of plain rectangles, quick enough for fifty rows a page.

Widths are thousandths of the strip. Days off are narrower than working days, as in the large ribbon.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from hotline.assets.ribbon import OVER, RESTING, WORKING
from hotline.regulation.explain import Explanation, Span

MARK = 8.0  # width of a line, in thousandths
_HOUR = timedelta(hours=1)
Rect = tuple[str, float, float]  # class, x, width


def strip(explanation: Explanation, now: datetime | None) -> list[Rect]:
    """Rectangles from left to right, then the marks. Classes: b working but not counted, u used, l left, o day off,
    t Tết, v past due; n the line of now, d the line of due. `now` None: no line, all counted time is past."""
    due = explanation.due_at
    now = now.astimezone(due.tzinfo) if now else None
    rows = explanation.rows
    spans = [span for row in rows for span in (*row.working, *row.counted)]
    opening = min((_hours(a) for a, _ in spans), default=0.0)
    closing = max((_hours(b) or 24.0 for _, b in spans), default=24.0)
    over = OVER if now is not None and now.date() > rows[-1].date and now > due else 0.0
    unit = 1000 / (sum(WORKING if row.working else RESTING for row in rows) + over)
    rects: list[Rect] = []
    marks = {"d": 0.0, "n": 0.0}
    x = 0.0
    for row in rows:
        width = (WORKING if row.working else RESTING) * unit
        scale = (width - 4) / (closing - opening)
        if not row.working:
            _add(rects, "t" if row.kind == "tet" else "o", x, width - 4)
        for start, end in row.working or row.counted:
            left, right = x + (_hours(start) - opening) * scale, x + ((_hours(end) or 24.0) - opening) * scale
            _add(rects, "b", left, right - left)
        for kind, (start, end) in _parts(row.counted, now):
            left, right = x + (_hours(start) - opening) * scale, x + ((_hours(end) or 24.0) - opening) * scale
            _add(rects, kind, left, right - left)
        for name, at in (("d", due), ("n", now)):
            if at is not None and at.date() >= row.date:
                inside = (
                    min(max(_hours(at), opening), closing) - opening if at.date() == row.date else closing - opening
                )
                marks[name] = x + inside * scale
        x += width
    if now is not None and now > due:
        marks["n"] = max(marks["n"], 1000.0 if over else marks["n"])
        _add(rects, "v", marks["d"], marks["n"] - marks["d"])
    rects += [(name, min(at, 1000 - MARK), MARK) for name, at in marks.items() if name == "d" or now is not None]
    return rects


def _hours(at: datetime) -> float:
    """Hours since midnight on the clock."""
    return at.hour + at.minute / 60 + at.second / 3600


def _parts(counted: tuple[Span, ...], now: datetime | None) -> Iterator[tuple[str, Span]]:
    for start, end in counted:
        if now is None or end <= now:
            yield "u", (start, end)
        elif start >= now:
            yield "l", (start, end)
        else:
            yield "u", (start, now)
            yield "l", (now, end)


def _add(rects: list[Rect], kind: str, x: float, width: float) -> None:
    if width > 0.5:
        rects.append((kind, x, width))
