"""Forms about working calendars."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from hotline.calendars.models import Calendar, CalendarDay
from hotline.console.administration.forms.base import date_field, wide
from hotline.regulation.labels import WEEKDAYS


class CalendarForm(forms.Form):
    """What changes a calendar knows the version it was read in."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": calendar.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.calendar = calendar


class HoursField(forms.CharField):
    """The hours of one day: "07:00-11:30, 13:30-17:00"; empty: no work."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=120, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value).replace("–", "-")
        return [
            "-".join(part.strip() for part in hours.split("-"))
            for hours in text.replace(";", ",").split(",")
            if hours.strip()
        ]


class HoursForm(CalendarForm):
    """The hours of the week."""

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        calendar: Calendar = kwargs["calendar"]
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = HoursField(
                label=name.get(language).capitalize(),
                initial=calendar.weekly[number],
                widget=forms.TextInput(attrs={"placeholder": "07:00-11:30, 13:30-17:00"}),
            )

    @property
    def weekly(self) -> list[list[str]]:
        """Seven lists of hours, Monday first."""
        return [self.cleaned_data[f"day{n}"] for n in range(7)]


class DayForm(CalendarForm):
    """Days off, or days worked that the week would not have."""

    kind = forms.ChoiceField(
        label=_("Loại ngày"),
        widget=forms.RadioSelect,
        choices=[
            (CalendarDay.Kind.OFF, _("Ngày nghỉ")),
            (CalendarDay.Kind.WORKING, _("Ngày làm việc (làm bù, giờ khác)")),
        ],
    )
    first = date_field(_("Từ ngày"))
    last = date_field(_("Đến hết ngày"), required=False)
    reason_vi = wide(
        forms.CharField(label=_("Lý do"), max_length=200, help_text=_("Ví dụ: Nghỉ Tết Nguyên đán, Làm bù ngày 31/08."))
    )
    reason_en = wide(forms.CharField(label=_("Lý do bằng tiếng Anh"), max_length=200, required=False))
    tet = forms.BooleanField(label=_("Là ngày nghỉ Tết Nguyên đán"), required=False)
    intervals = wide(HoursField(label=_("Giờ làm việc của ngày đó"), help_text=_("Bỏ trống: như giờ ngày thứ Hai.")))
    source = wide(
        forms.CharField(
            label=_("Căn cứ"), max_length=300, help_text=_("Số, ngày văn bản, ví dụ: Thông báo 15277/TB-BNV.")
        )
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("kind") == CalendarDay.Kind.OFF and given.get("intervals"):
            self.add_error("intervals", _("Ngày nghỉ không có giờ làm việc."))
        given["last"] = given.get("last") or given.get("first")
        return given


class NewCalendarForm(forms.Form):
    """A calendar for agencies with hours of their own."""

    name = forms.CharField(label=_("Tên lịch"), max_length=200, help_text=_("Ví dụ: Trung tâm y tế trực 24 giờ."))
    key = forms.CharField(
        label=_("Mã"),
        max_length=50,
        help_text=_("Chữ không dấu và gạch nối, ví dụ: y-te-24h."),
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Chỉ dùng chữ thường không dấu, số và gạch nối."))],
    )
    base = forms.ModelChoiceField(
        label=_("Lấy ngày nghỉ từ lịch"),
        queryset=Calendar.objects.filter(base__isnull=True).order_by("id"),
        empty_label=None,
    )
