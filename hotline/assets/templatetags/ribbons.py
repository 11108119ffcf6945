"""`{% load ribbons %}`: the deadline ribbon, large and small, and its reasons, from the regulation's explanation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from hotline.assets import formats
from hotline.assets.ribbon import Day, Ribbon, layout
from hotline.assets.templatetags.look import language

register = template.Library()


@dataclass(frozen=True, slots=True)
class Line:
    """One day of the explanation in words; `counted` is the time counted that day, or empty."""

    day: str
    words: str
    counted: str


@register.inclusion_tag("components/ribbon.html")
def ribbon(
    days: Sequence[Day], due: datetime, now: datetime | None, tone: str = "ok", finished: bool = False
) -> dict:
    """The large ribbon. `tone`: ok, soon or late, of the due mark."""
    drawn = layout(days, due, now, finished=finished, language=language())
    return {"ribbon": drawn, "tone": tone, "summary": summary(days, due, now), "lines": lines(days)}


@register.inclusion_tag("components/why.html")
def why(days: Sequence[Day], rule: str = "", open: bool = False) -> dict:
    """ "Vì sao là lúc này?": every day, what was counted and what was not, and why. `rule` names the article."""
    return {"lines": lines(days), "rule": rule, "open": open, "has_tet": any(d.kind == "tet" for d in days)}


def lines(days: Sequence[Day]) -> list[Line]:
    """The days in words, in the page's language."""
    lang = language()
    said = []
    for day in days:
        counted = sum((b - a for a, b in day.counted), timedelta())
        spans = ", ".join(f"{a:%H:%M}–{_end(b)}" for a, b in day.counted)
        reason = day.reason.get(lang) if day.reason else ""
        words = f"{spans}{' · ' if spans and reason else ''}{reason}" or gettext("không tính")
        name = f"{formats.weekday(day.date, lang)}, {day.date:%d/%m/%Y}"
        said.append(Line(name[0].upper() + name[1:], words, formats.span(counted, lang) if counted else ""))
    return said


def _end(at: datetime) -> str:
    return "24:00" if at.hour == at.minute == 0 else f"{at:%H:%M}"


def summary(days: Sequence[Day], due: datetime, now: datetime | None) -> str:
    """One sentence for people who listen to the page."""
    lang = language()
    counted = sum((b - a for day in days for a, b in day.counted), timedelta())
    worked = sum(1 for day in days if day.counted)
    off = sum(1 for day in days if day.kind in ("off", "tet"))
    said = gettext("Tính %(time)s trong %(worked)d ngày, bỏ qua %(off)d ngày nghỉ; hạn %(due)s.") % {
        "time": formats.span(counted, lang), "worked": worked, "off": off,
        "due": formats.long_moment(due, lang),
    }  # fmt: skip
    if now is None:
        return said
    return said + " " + gettext("Bây giờ %(now)s.") % {"now": formats.long_moment(now.astimezone(due.tzinfo), lang)}


_MINI = {"idle": "b", "used": "u", "left": "l", "over": "v"}


@register.simple_tag
def ribbon_small(days: Sequence[Day], due: datetime, now: datetime | None, tone: str = "ok") -> SafeString:
    """The ribbon of one row in a list: decoration beside the words that say the same."""
    drawn = layout(days, due, now, language="vi")
    return format_html(
        '<svg class="ribbon-mini {}" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        tone,
        mark_safe("".join(_rects(drawn))),  # numbers and our own class names only
    )


def _rects(drawn: Ribbon) -> list[str]:
    scale = 1000 / drawn.units
    left = 0.0
    out: list[str] = []
    marks: list[str] = []
    for cell in drawn.cells:
        width = cell.weight * scale
        inner = width - 4
        if cell.kind in ("off", "tet"):
            out.append(_rect("t" if cell.kind == "tet" else "o", left, inner))
        for block in cell.blocks:
            out.append(_rect(_MINI[block.kind], left + block.x * inner / 100, block.width * inner / 100))
        for mark in cell.marks:
            at = min(left + mark.x * inner / 100, 992)
            marks.append(_rect("n" if mark.kind == "now" else "d", at, 8))
        left += width
    return out + marks


def _rect(name: str, x: float, width: float) -> str:
    return f'<rect class="{name}" x="{x:.1f}" width="{width:.1f}" height="10"/>'
