"""The small form that tries an edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hotline.calendars.models import Calendar
from hotline.console.administration.forms.base import date_field
from hotline.regulation.edition import Edition


class TryForm(forms.Form):
    """A moment and a clock; its calendar is the hotline's unless another is chosen."""

    clock = forms.ChoiceField(label=_("Thời hạn"))
    day = date_field(_("Nhận ngày"))
    time = forms.TimeField(
        label=_("Lúc"),
        input_formats=["%H:%M", "%Hh%M", "%H.%M"],
        widget=forms.TimeInput(
            format="%H:%M", attrs={"placeholder": "16:30", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    calendar = forms.ModelChoiceField(
        label=_("Theo lịch"),
        queryset=Calendar.objects.order_by(F("base_id").asc(nulls_first=True), "id"),
        required=False,
        empty_label=None,
    )

    def __init__(
        self, *args: Any, edition: Edition, language: str, now: datetime, calendar: Calendar, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "day": now.date(),
            "time": now.time().replace(second=0, microsecond=0),
            "calendar": calendar.pk,
        }
        super().__init__(*args, **kwargs)
        self.fields["clock"].choices = [(rule.key, rule.label.get(language)) for rule in edition.clocks]

    def start(self, zone: Any) -> datetime:
        """The moment that was asked about."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], zone)
