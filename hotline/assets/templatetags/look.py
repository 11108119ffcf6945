"""`{% load look %}`: the components and the forms of dates and numbers, the same on every page.

Filters read the page's language; moments are shown in the installation's time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from hotline.assets import formats
from hotline.regulation.labels import Label

register = template.Library()


def language() -> str:
    """ "vi" or "en": the language of the page being drawn."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


# -- filters -----------------------------------------------------------------------------------------------------


@register.filter
def long_moment(at: datetime | None) -> str:
    """ "16:00 thứ Hai, 23/02/2026"."""
    return formats.long_moment(localtime(at), language()) if at else ""


@register.filter
def short_moment(at: datetime | None) -> str:
    """ "16:00 T2 23/02"."""
    return formats.short_moment(localtime(at), language()) if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """ "16:00 23/02/2026"."""
    return formats.moment(localtime(at)) if at else ""


@register.filter
def day(at: date | datetime | None) -> str:
    """ "23/02/2026"."""
    return f"{localtime(at) if isinstance(at, datetime) else at:%d/%m/%Y}" if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """ "16:00"."""
    return f"{localtime(at):%H:%M}" if at else ""


@register.filter
def ago(at: datetime | None, now: datetime) -> str:
    """ "4 phút": how long before `now`."""
    return formats.ago(localtime(at), localtime(now), language()) if at else ""


@register.filter
def work_left(left: timedelta | None) -> str:
    """ "còn 7 giờ 20 phút làm việc" or "quá hạn 1 giờ 05 phút làm việc"."""
    return formats.remaining(left, language()) if left is not None else ""


@register.filter
def wall_left(left: timedelta | None) -> str:
    """The same for limits in minutes or calendar days: "còn 45 phút"."""
    return formats.remaining(left, language(), working=False) if left is not None else ""


@register.filter
def work_span(amount: timedelta | None) -> str:
    """ "7 giờ 20 phút"."""
    return formats.span(amount, language()) if amount is not None else ""


@register.filter
def vi_number(value: float | int | str | None, decimals: int = 0) -> str:
    """1382 → "1.382"; words pass through."""
    return formats.number(value, int(decimals), language()) if isinstance(value, (int, float)) else str(value or "")


@register.filter
def vi_percent(value: float | None, decimals: int = 1) -> str:
    """96.4 → "96,4 %"."""
    return formats.percent(value, int(decimals), language()) if value is not None else "–"


@register.filter
def phone(number: str | None) -> str:
    """ "0905 123 318"."""
    return formats.national(number) if number else ""


@register.filter
def phone_masked(number: str | None) -> str:
    """ "0905 ••• 318"."""
    return formats.masked(number) if number else ""


@register.filter
def dialable(number: str) -> str:
    """The digits for a tel: link: "0235.1022" → "02351022"."""
    return re.sub(r"[^\d+]", "", number)


@register.filter
def file_size(amount: int | None) -> str:
    """ "2,4 MB"."""
    return formats.size(amount, language()) if amount is not None else ""


@register.filter
def worded(label: Label | None) -> str:
    """A Label in the page's language."""
    return label.get(language()) if label else ""


@register.filter
def css(value: float) -> str:
    """A number as CSS writes it, whatever the page's language."""
    return f"{value:g}"


# -- components --------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A picture of icons.svg; without `label` it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', spoken, static("icons.svg"), name)


@register.simple_tag
def chip(text: object, tone: str = "", title: str = "") -> SafeString:
    """A word in a pill. tone: ok, soon, late, calm, brand, outline or nothing. Colour only repeats what the word says."""
    said = text.get(language()) if isinstance(text, Label) else text
    hint = format_html(' title="{}"', title) if title else ""
    return format_html('<span class="chip {}"{}>{}</span>', tone, hint, said) if said else SafeString("")


@register.simple_tag
def side_items(items: Iterable[Any]) -> SafeString:
    """The lines of one group of the side list, with what waits in each. On every page: drawn here, not by a template."""
    return mark_safe("".join(map(_side_item, items)))  # every word escaped


def _side_item(item: Any) -> str:
    here = ' aria-current="page"' if item.active else ""
    count = "" if item.count is None or item.count == "" else (
        f' <span class="count {escape(item.tone)}">{escape(vi_number(item.count))}</span>'
    )
    return f'\n    <li><a href="{escape(item.url)}"{here}>{escape(item.label)}{count}</a></li>'


@register.simple_tag
def standing_chip(standing: Any) -> SafeString:
    """The chip of a regulation Standing (on_time, due_soon, overdue): green, ochre, red, each with its word."""
    return chip(standing.label, tone_of(standing))


def tone_of(standing: Any) -> str:
    """The tone of a Standing: one colour, one meaning."""
    return {"on_time": "ok", "due_soon": "soon", "overdue": "late"}.get(str(standing), "calm")


@register.inclusion_tag("components/duty.html")
def duty(who: str, must: str, due: datetime, left: timedelta | None, tone: str = "ok", working: bool = True) -> dict:
    """Who must do what by when, and the time left: the first sentence of a case."""
    words = formats.remaining(left, language(), working) if left is not None else ""
    return {"who": who, "must": must, "due": due, "left_words": words, "tone": tone}


@register.inclusion_tag("components/bubble.html")
def bubble(
    text: str, *, ours: bool = False, note: bool = False, who: str = "", meta: str = "", files: Iterable | None = None
) -> dict:
    """One message of the conversation; `note` is internal and never leaves the house."""
    return {"text": text.strip(), "ours": ours, "note": note, "who": who, "meta": meta, "files": files}


@register.inclusion_tag("components/act.html")
def act_line(at: datetime, words: str, actor: str = "", tone: str = "") -> dict:
    """One line of the journal, inside <ol class="acts">."""
    return {"at": at, "words": words, "actor": actor, "tone": tone}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, why: str = "", wide: bool = False) -> dict:
    """A form field with everything that belongs to it. `why`: it was filled in for the person, and for this reason."""
    widget = bound.field.widget
    group = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    checkbox = isinstance(widget, CheckboxInput) and not group
    attributes: dict[str, str | bool] = {}
    if not group:
        attributes["class"] = " ".join(filter(None, (widget.attrs.get("class", ""), _css_class(widget))))
    described = [f"{bound.auto_id}-{part}" for part, there in (("why", why), ("help", bound.help_text)) if there]
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    drawn = bound.as_widget(attrs=attributes)
    return {"field": bound, "widget": drawn, "why": why, "wide": wide, "group": group, "checkbox": checkbox}


def _css_class(widget: Any) -> str:
    if isinstance(widget, Select):
        return "form-select"
    return "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"


@register.inclusion_tag("components/empty.html")
def empty_state(title: str, text: str = "", picture: str = "tray", url: str = "", action: str = "") -> dict:
    """What a list says when it has nothing to show, and what to do next."""
    return {"title": title, "text": text, "picture": picture, "url": url, "action": action}


@register.inclusion_tag("components/pager.html")
def pager(newer: str = "", older: str = "", total: int | None = None, noun: str = "") -> dict:
    """Links to the neighbouring pages of a list."""
    return {"newer": newer, "older": older, "total": total, "noun": noun}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Sequence[tuple[str, object]], stacked: bool = False) -> dict:
    """A definition list; pairs without a value are left out."""
    return {"pairs": pairs, "stacked": stacked}


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Sequence[dict]) -> dict:
    """How far a report has come: [{"label", "state": done|current|todo|late, "at", "note"}]."""
    return {"steps": steps}


@register.simple_tag
def stars(value: float | None, most: int = 5) -> SafeString:
    """A rating drawn and said: "4 / 5"."""
    if value is None:
        return SafeString("")
    drawn = format_html_join(
        "",
        '<svg class="icon{}" aria-hidden="true"><use href="{}#star"/></svg>',
        ((" on" if place < round(value) else "", static("icons.svg")) for place in range(most)),
    )
    said = f"{formats.number(value, 0 if value == int(value) else 1, language())} / {most}"
    return format_html('<span class="stars" role="img" aria-label="{}">{}</span> {}', said, drawn, said)


@register.inclusion_tag("components/stars_input.html")
def stars_input(name: str, chosen: int | None = None, required: bool = True, legend: str = "") -> dict:
    """One to five as radio buttons with words: works without JavaScript and says what each number means."""
    words = (gettext("Rất không hài lòng"), gettext("Không hài lòng"), gettext("Bình thường"),
             gettext("Hài lòng"), gettext("Rất hài lòng"))  # fmt: skip
    return {
        "name": name,
        "choices": list(enumerate(words, 1)),
        "chosen": chosen,
        "required": required,
        "legend": legend or gettext("Ông bà có hài lòng với kết quả không?"),
    }
