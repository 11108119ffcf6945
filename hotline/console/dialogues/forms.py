"""What is asked at each step of a dialogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case as Whether
from django.db.models import QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases.models import Case
from hotline.console.administration.forms.base import date_field, needed, unmarked, wide
from hotline.console.documents.forms import CasesField, VersionForm, case_codes
from hotline.dialogues.actions import Given
from hotline.dialogues.models import Dialogue
from hotline.dialogues.queries import registered, who
from hotline.organisation.models import Agency
from hotline.organisation.queries import agencies_on
from hotline.people.models import Person
from hotline.people.queries import holders
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

TASKS = 5  # at one time; more come with the next press


def _text(label: Any, rows: int, *, required: bool = False, **kwargs: Any) -> forms.Field:
    return wide(forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), required=required,
                                max_length=20000, **kwargs))  # fmt: skip


def _organisation() -> forms.Field:
    return wide(forms.CharField(label=_("Đại diện cho tổ chức"), max_length=200, required=False))


def _agencies(row: Dialogue, today: date, first: Iterable[int] = ()) -> QuerySet[Agency]:
    """Those that may be asked: of no wall, or of this dialogue's; `first` on top, the rest by name."""
    rows = agencies_on(today).order_by(Whether(When(pk__in=[*first], then=0), default=1), "name")
    return rows.filter(domain__in=["", row.domain]) if row.domain else rows


def _asked(row: Dialogue) -> list[int]:
    """Who is asked to come; before anybody was, those that handle what is to be talked about."""
    if row.starts_at is not None:
        return [one.agency_id for one in row.agencies.all()]
    return [pk for pk in dict.fromkeys(one.case.agency_id for one in registered(row)) if pk is not None]


class RegisterForm(forms.Form):
    """The appraisal, and who registers."""

    codes = CasesField(max_length=4000)
    subject = needed(wide(forms.CharField(label=_("Nội dung đối thoại"), max_length=300, required=False)))
    appraisal = needed(_text(_("Kết quả thẩm định"), 4, help_text=_("Vì sao cần lãnh đạo trực tiếp đối thoại.")))
    organisation = _organisation()
    contents = _text(_("Điều người đăng ký muốn trình bày"), 3)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_codes(self) -> list[Case]:
        return case_codes(self.cleaned_data["codes"], self.viewer)


class AddForm(VersionForm):
    """Another who registers for the same dialogue."""

    codes = forms.CharField(label=_("Mã phiếu"), max_length=24)
    organisation = _organisation()
    contents = _text(_("Điều người đăng ký muốn trình bày"), 3)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer

    def clean_codes(self) -> Case:
        return case_codes(self.cleaned_data["codes"], self.viewer)[0]


class PrepareForm(VersionForm):
    """Content, time, place, who chairs, which agencies."""

    contents = _text(_("Nội dung chuẩn bị"), 4)
    day = date_field(_("Ngày"))
    at = forms.TimeField(
        label=_("Giờ"), input_formats=["%H:%M", "%Hh%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "14:00", "class": "short"}),
    )  # fmt: skip
    chair = forms.ModelChoiceField(
        Person.objects.none(), label=_("Lãnh đạo chủ trì"), empty_label=_("— chọn người chủ trì —")
    )
    place = wide(forms.CharField(label=_("Địa điểm"), max_length=300, required=False))
    online = wide(forms.CharField(
        label=_("Đường dẫn (nếu trực tuyến)"), max_length=300, required=False,
        help_text=_("Đối thoại trực tuyến được ghi âm, ghi hình; người được mời được báo trước."),
    ))  # fmt: skip
    agencies = wide(forms.ModelMultipleChoiceField(
        Agency.objects.none(), label=_("Cơ quan tham dự"), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pick"}),
    ))  # fmt: skip

    def __init__(self, *args: Any, row: Dialogue, today: date, **kwargs: Any) -> None:
        start = timezone.localtime(row.starts_at) if row.starts_at else None
        chosen = _asked(row)
        kwargs["initial"] = {
            "version": row.version, "contents": row.contents, "day": start.date() if start else None, "chair": row.chair_id,
            "at": start.time() if start else None, "place": row.place, "online": row.online,
            "agencies": chosen,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, rows in (("chair", holders(Role.LEADER, today, domain=row.domain).order_by("full_name")),
                           ("agencies", _agencies(row, today, first=chosen))):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        starts = timezone.make_aware(datetime.combine(data["day"], data["at"]))
        return {"starts_at": starts, **{k: data[k] for k in ("contents", "chair", "place", "online", "agencies")}}


class HoldForm(VersionForm):
    """Who came, what was concluded."""

    came = unmarked(wide(
        forms.MultipleChoiceField(label=_("Người đăng ký có mặt"), required=False, widget=forms.CheckboxSelectMultiple)
    ))  # fmt: skip
    agencies = unmarked(wide(
        forms.MultipleChoiceField(label=_("Cơ quan có mặt"), required=False, widget=forms.CheckboxSelectMultiple)
    ))  # fmt: skip
    conclusions = needed(_text(_("Kết luận của người chủ trì"), 6))

    def __init__(self, *args: Any, row: Dialogue, veiled: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": row.version}
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("came", [(one.pk, who(one, veiled)) for one in registered(row)]),
            ("agencies", [(one.pk, one.agency_name) for one in row.agencies.all()]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices


class FollowForm(VersionForm):
    """The conclusions as tasks; rows left empty count for nothing."""

    def __init__(self, *args: Any, row: Dialogue, today: date, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": row.version}
        super().__init__(*args, **kwargs)
        agencies = _agencies(row, today)
        for n in range(1, TASKS + 1):
            words = forms.CharField(label=_("Việc %(n)s") % {"n": n}, required=False, max_length=2000)
            agency = forms.ModelChoiceField(
                agencies, label=_("Cơ quan thực hiện"), required=False, empty_label=_("— chọn cơ quan, đơn vị —")
            )
            self.fields[f"what{n}"] = unmarked(wide(words))
            self.fields[f"agency{n}"] = unmarked(agency)
            self.fields[f"due{n}"] = unmarked(date_field(_("Hạn"), required=False))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(1, TASKS + 1):
            given = [data.get(f"{name}{n}") for name in ("what", "agency", "due")]
            if any(given) and not all(given):
                raise ValidationError(_("Mỗi việc cần đủ nội dung, cơ quan thực hiện và hạn."))
        return data

    def tasks(self) -> list[Given]:
        """The rows that were filled in."""
        data = self.cleaned_data
        return [
            Given(data[f"what{n}"], data[f"agency{n}"], data[f"due{n}"])
            for n in range(1, TASKS + 1)
            if data[f"what{n}"]
        ]
