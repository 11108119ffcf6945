"""`{% load ribbons %}`: the deadline ribbon, large and small, and its reasons, from the regulation's explanation."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from hotline.assets import formats
from hotline.assets.ribbon import layout
from hotline.assets.strip import strip
from hotline.assets.templatetags.look import language
from hotline.regulation.explain import Explanation

register = template.Library()


@register.inclusion_tag("components/ribbon.html")
def ribbon(explanation: Explanation, now: datetime | None, tone: str = "ok", finished: bool = False) -> dict:
    """The large ribbon. `tone`: ok, soon or late, of the due mark. `finished`: done at `now`."""
    drawn = layout(explanation, now, finished=finished, language=language())
    return {"ribbon": drawn, "tone": tone, "summary": summary(explanation, now), "lines": days(explanation)}


@register.inclusion_tag("components/why.html")
def why(explanation: Explanation, rule: str = "", open: bool = False) -> dict:
    """ "Vì sao là lúc này?": what was counted day by day, what was not, and why. `rule` names the article."""
    heads = [line for line in explanation.as_lines(language())[1:] if not line.startswith("- ")]
    has_tet = any(row.kind == "tet" for row in explanation.rows)
    return {"heads": heads, "lines": days(explanation), "rule": rule, "open": open, "has_tet": has_tet}


def days(explanation: Explanation) -> list[tuple[str, str]]:
    """The explanation's lines about days as (when, what): ("Thứ Sáu, 13/02/2026", "16:00–17:00 = 1 giờ …")."""
    lines = [line[2:] for line in explanation.as_lines(language()) if line.startswith("- ")]
    return [(when[:1].upper() + when[1:], what) for when, _, what in (line.partition(": ") for line in lines)]


def summary(explanation: Explanation, now: datetime | None) -> str:
    """One sentence for people who listen to the page."""
    lang = language()
    off = sum(1 for row in explanation.rows if not row.counted and row.kind in ("off", "tet"))
    said = gettext("Tính %(time)s trong %(worked)d ngày, bỏ qua %(off)d ngày nghỉ; hạn %(due)s.") % {
        "time": formats.span(explanation.total, lang),
        "worked": sum(1 for row in explanation.rows if row.counted),
        "off": off,
        "due": formats.long_moment(explanation.due_at, lang),
    }
    if now is None:
        return said
    here = now.astimezone(explanation.due_at.tzinfo)
    return said + " " + gettext("Bây giờ %(now)s.") % {"now": formats.long_moment(here, lang)}


@register.simple_tag
def ribbon_small(explanation: Explanation, now: datetime | None, tone: str = "ok") -> SafeString:
    """The ribbon of one row in a list: decoration beside the words that say the same. Ten minutes are less than one of its
    points on any screen, so it is drawn once in ten minutes."""
    return _small(explanation, now and now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0), tone)


@lru_cache(maxsize=4096)  # of a kilobyte; a list is drawn again whenever something in it moves, and for each who reads it
def _small(explanation: Explanation, now: datetime | None, tone: str) -> SafeString:
    drawn = "".join(
        f'<rect class="{kind}" x="{x:.0f}" width="{width:.0f}" height="10"/>'
        for kind, x, width in strip(explanation, now)
    )
    return mark_safe(  # numbers and our own class names only
        f'<svg class="ribbon-mini {escape(tone)}" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        f"{drawn}</svg>"
    )
