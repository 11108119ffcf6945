"""`{% load citizen %}`: what only the portal's pages draw."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from hotline.assets.templatetags.look import tone_of
from hotline.portal.doors import language
from hotline.portal.rules import Step
from hotline.regulation.lifecycle import OutcomeKind

register = template.Library()

_DONE_TONES = {OutcomeKind.FIXED: "ok", OutcomeKind.SCHEDULED: "soon", OutcomeKind.ANSWERED: "brand"}


@register.filter
def stepped(steps: Sequence[Step]) -> list[dict]:
    """Steps as the stepper takes them, in the page's language."""
    lang = language()
    return [
        {"label": s.label.get(lang), "state": s.state, "at": s.at, "note": s.note.get(lang) if s.note else ""} for s in steps
    ]


@register.filter
def tone(standing: object) -> str:
    """ "ok", "soon" or "late" of a Standing."""
    return tone_of(standing)


@register.filter
def outcome_tone(outcome: str) -> str:
    """The tone of how a case ended: fixed is green, a promise ochre; red is kept for what is late."""
    return _DONE_TONES.get(OutcomeKind(outcome), "calm") if outcome else "calm"


@register.filter
def outcome_label(outcome: str) -> str:
    """How a case ended, in words."""
    return OutcomeKind(outcome).label.get(language()) if outcome else ""


@register.filter
def control(bound: BoundField, example: str = "") -> SafeString:
    """A form field's control alone, styled, with an example in it."""
    attributes: dict[str, str | bool] = {"class": "form-control", "placeholder": example}
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


@register.filter
def number(value: object) -> int | None:
    """What was posted as a number; None when it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
