"""What the standing unit enters: experts, their shifts, what was said. A number goes in and never comes out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.citizens.rules import normal_phone
from hotline.console.administration.forms.base import date_field, wide
from hotline.experts.queries import pool

_CLOCK = {"placeholder": "07:00", "inputmode": "numeric", "autocomplete": "off", "class": "short"}


class ExpertForm(forms.Form):
    """An expert. The number is asked for and not shown: `PasswordInput` never gives back what it holds."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Họ và tên"), max_length=200)
    specialty = forms.CharField(label=_("Chuyên khoa, chuyên môn"), max_length=200)
    workplace = forms.CharField(label=_("Nơi công tác"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Số điện thoại để kết nối"), max_length=32, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Chỉ dùng để kết nối; không hiện ở bất kỳ trang nào."),
    )  # fmt: skip
    active = forms.BooleanField(label=_("Đang tham gia"), required=False, initial=True)

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            self.fields["phone"].required = False
            self.fields["phone"].help_text = _("Để trống: giữ số đang có. Số không hiện ở bất kỳ trang nào.")
        else:
            del self.fields["active"]

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and not normal_phone(phone):
            raise ValidationError(_("Số điện thoại chưa đúng."))
        return phone


class ShiftForm(forms.Form):
    """A shift on a day; one that ends at or before it begins ends the day after."""

    expert = forms.TypedChoiceField(label=_("Chuyên gia"), coerce=int)
    day = date_field(_("Ngày"))
    begins = forms.TimeField(label=_("Từ"), widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK))
    ends = forms.TimeField(
        label=_("Đến"), widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK),
        help_text=_("Ca đêm: giờ kết thúc là của ngày hôm sau."),
    )  # fmt: skip

    def __init__(self, *args: Any, hotline_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        experts = pool(hotline_id).filter(active=True)
        self.fields["expert"].choices = [(e.pk, f"{e.name} · {e.specialty}") for e in experts]

    def span(self) -> tuple[datetime, datetime]:
        """The first and the last moment."""
        data = self.cleaned_data
        begins, ends = (_moment(data["day"], data[name]) for name in ("begins", "ends"))
        return begins, ends if ends > begins else _moment(data["day"] + timedelta(days=1), data["ends"])


def _moment(day: Any, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


class WordsForm(forms.Form):
    """What the expert said, or why it goes back; with the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = wide(forms.CharField(max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})))
