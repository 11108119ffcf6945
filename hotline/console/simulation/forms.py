"""What is asked of the simulator: an edition, other limits or another text, a calendar, the days of receipt."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hotline.calendars.models import Calendar
from hotline.console.administration.forms.base import date_field
from hotline.console.administration.forms.drafts import TextForm
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import regulation_of
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.labels import Label
from hotline.simulation.rules.asking import amount, limits_of, titled, whole, with_limits

_PREFIX = "limit_"


class AskForm(TextForm):
    """An edition with the limits of its clocks to be changed; what is pasted takes its place altogether."""

    edition = forms.ModelChoiceField(queryset=Edition.objects.all(), widget=forms.HiddenInput)
    since = date_field(_("Phiếu nhận từ ngày"))
    until = date_field(_("Đến hết ngày"))
    calendar = forms.ModelChoiceField(
        label=_("Lịch làm việc của tổng đài"),
        queryset=Calendar.objects.order_by(F("base_id").asc(nulls_first=True), "id"),
        required=False,
        empty_label=_("như hiện nay"),
    )
    required_text = False

    def __init__(self, *args: Any, row: Edition, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "edition": row.pk, "hotline": row.hotline_id, "since": today - timedelta(365), "until": today,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.row, self.written = row, regulation_of(row)
        self.fields["hotline"].widget = forms.HiddenInput()
        self.fields["hotline"].initial = row.hotline_id
        self.fields["text"].widget.attrs["rows"] = 4
        for rule in limits_of(self.written):
            number: forms.Field = (forms.IntegerField if whole(rule.limit) else forms.FloatField)(
                label=rule.label.get(self.language),
                min_value=0,
                max_value=100_000,
                initial=f"{amount(rule.limit):g}",
                help_text=self._unit(rule.limit.label),
            )
            self.fields[_PREFIX + rule.key] = number

    def _unit(self, label: Label) -> str:
        return label.get(self.language).partition(" ")[2]

    @property
    def limits(self) -> list[forms.BoundField]:
        """The fields of the clocks."""
        return [self[name] for name in self.fields if name.startswith(_PREFIX)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        amounts = {
            name.removeprefix(_PREFIX): value
            for name, value in given.items()
            if name.startswith(_PREFIX) and value is not None
        }
        if self.regulation is None and not self.errors:
            try:
                self.regulation = with_limits(self.written, amounts)
            except ValueError as error:
                reason = error.args[0]
                raise forms.ValidationError(
                    reason.get(self.language) if isinstance(reason, Label) else str(reason)
                ) from error
        return given

    @property
    def asked(self) -> Regulation:
        """The edition that is asked about."""
        return self.regulation or self.written

    @property
    def title(self) -> str:
        """What is asked, in one line."""
        calendar = self.cleaned_data["calendar"]
        return titled(self.written, self.asked, calendar.name if calendar else "").vi
