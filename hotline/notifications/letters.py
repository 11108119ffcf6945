"""Letters to citizens: templates with the subject on the first line."""

from __future__ import annotations

from typing import Any, cast

from django.template import Context
from django.template.backends.django import Template as BackendTemplate
from django.template.loader import get_template

from hotline.hotlines.models import Hotline

LANGUAGES = ("vi", "en")


def compose(letter: str, lang: str, hotline: Hotline, **context: Any) -> tuple[str, str]:
    """Subject and text of a letter in the reader's language. Plain text: nothing is HTML-escaped."""
    lang = lang if lang in LANGUAGES else "vi"
    context |= {"hotline": hotline, "lang": lang}
    template = cast(BackendTemplate, get_template(f"letters/{letter}.{lang}.txt")).template
    text = template.render(Context(context, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
