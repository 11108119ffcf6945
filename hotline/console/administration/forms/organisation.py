"""Forms about agencies; each change begins on a day and stands on a decision."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hotline.calendars.models import Calendar
from hotline.console.administration.forms.base import agency_field, date_field, wide
from hotline.console.casework.forms import AgencyField
from hotline.organisation.models import Agency
from hotline.organisation.queries import areas_served


def decision_field() -> forms.Field:
    """The number of the decision that a change stands on."""
    return forms.CharField(
        label=_("Quyết định số"), max_length=200, help_text=_("Ví dụ: 1519/QĐ-UBND ngày 04/06/2021.")
    )


class NewAgencyForm(forms.Form):
    """A new agency."""

    name = wide(forms.CharField(label=_("Tên cơ quan, đơn vị"), max_length=200))
    short_name = forms.CharField(label=_("Tên gọi tắt"), max_length=80, required=False)
    key = forms.CharField(
        label=_("Mã"),
        max_length=80,
        help_text=_("Chữ không dấu và gạch nối, không đổi về sau."),
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Chỉ dùng chữ thường không dấu, số và gạch nối."))],
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=[("", _("— chọn loại —")), *Agency.Kind.choices])
    parent = AgencyField(label=_("Trực thuộc"), empty_value=None, required=False)
    area = forms.ModelChoiceField(
        label=_("Xã, phường"),
        queryset=areas_served(),
        required=False,
        empty_label="—",
        help_text=_("Chỉ chọn cho UBND xã, phường."),
    )
    from_day = date_field(_("Thành lập từ ngày"))
    decision = decision_field()

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency_field(self, "parent", day)


class RenameForm(forms.Form):
    """Another name from a day on."""

    name = wide(forms.CharField(label=_("Tên mới"), max_length=200))
    short_name = forms.CharField(label=_("Tên gọi tắt"), max_length=80, required=False)
    from_day = date_field(_("Từ ngày"))
    decision = decision_field()


class MoveForm(forms.Form):
    """Another parent from a day on."""

    parent = AgencyField(
        label=_("Trực thuộc"), empty_value=None, required=False, help_text=_("Bỏ trống: không trực thuộc cơ quan nào.")
    )
    from_day = date_field(_("Từ ngày"))
    decision = decision_field()

    def __init__(self, *args: Any, day: date, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency_field(self, "parent", day, exclude=agency.pk)


class CloseForm(forms.Form):
    """The end of an agency and who takes over."""

    last_day = date_field(_("Ngày hoạt động cuối cùng"))
    successor = AgencyField(label=_("Cơ quan kế thừa"), empty_value=None, required=False)
    decision = decision_field()

    def __init__(self, *args: Any, day: date, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agency_field(self, "successor", day, exclude=agency.pk)


class UseCalendarForm(forms.Form):
    """The calendar an agency works by."""

    calendar = forms.ModelChoiceField(
        label=_("Lịch làm việc"),
        queryset=Calendar.objects.order_by(F("base_id").asc(nulls_first=True), "id"),
        required=False,
        empty_label=_("Theo lịch chung của đường dây"),
    )
