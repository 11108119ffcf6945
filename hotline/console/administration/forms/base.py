"""What the administrator's forms have in common."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hotline.console.casework.forms import AgencyField
from hotline.console.casework.forms.base import date_field, needed, unmarked
from hotline.hotlines.models import Edition, Hotline
from hotline.organisation.queries import agencies_on

__all__ = [
    "EditionField",
    "SeenForm",
    "agency_field",
    "date_field",
    "edition_name",
    "needed",
    "several_hotlines",
    "unmarked",
    "wide",
    "words_field",
]


class SeenForm(forms.Form):
    """A form over a row without a version: it remembers what it showed, so that the second of two savers is told."""

    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {**self.shown(row), "seen": json.loads(json.dumps(row)), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row as the fields show it."""
        return dict(row)


class _Words(forms.CharField):
    """Words and phrases, one a line or with commas between."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        words = list(dict.fromkeys(w.strip() for w in text.replace(",", "\n").splitlines() if w.strip()))
        if any(len(word) > 60 for word in words):
            raise ValidationError(_("Mỗi từ, cụm từ dài không quá 60 ký tự, mỗi dòng một cụm."))
        return words


def words_field(label: Any, help_text: Any = "") -> forms.Field:
    """A list of words."""
    return wide(
        _Words(
            label=label, required=False, help_text=help_text, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
        )
    )


class EditionField(forms.ModelChoiceField):
    """One of the editions; where the house has several hotlines two of them may rest on one decision, so each says whose it
    is."""

    several: bool | None = None  # asked once by each form

    def __init__(self, queryset: QuerySet[Edition], **kwargs: Any) -> None:
        super().__init__(queryset.select_related("hotline"), empty_label=None, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        if self.several is None:
            self.several = several_hotlines()
        return edition_name(obj, self.several)


def several_hotlines() -> bool:
    """Whether this house has more than one hotline."""
    return Hotline.objects.count() > 1


def edition_name(row: Edition, several: bool) -> str:
    """The decision, and the hotline it is for where there are several."""
    return f"{row.decision} · {row.hotline.short_name}" if several else row.decision


def wide(field: forms.Field) -> forms.Field:
    """The field over the whole width of its form."""
    field.wide = True  # the form's template asks for it
    return field


def agency_field(form: forms.Form, name: str, day: date, exclude: int | None = None) -> None:
    """Let a form's AgencyField offer the agencies of a day."""
    field = form.fields[name]
    assert isinstance(field, AgencyField)
    field.offer(agencies_on(day).exclude(pk__in=[exclude] if exclude else []))
