"""The portal's report form, checked on the server; every message is a sentence a citizen understands."""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hotline.channels.web.photos import PhotosField
from hotline.citizens.rules import normal_email, normal_phone
from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import field_tree
from hotline.intake.rules import Report
from hotline.organisation.queries import areas_served
from hotline.regulation.completeness import Needed
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import CaseKind
from hotline.regulation.scope import Scope
from hotline.routing.queries import area_for
from hotline.routing.rules import WHERE_EXACTLY, AreaGuess

_Choices = list[tuple[str, Any]]
FRESH_SECONDS = 30.0  # how long another process may still offer fields and communes as they were
LEAST_LETTERS, MOST_LETTERS = 10, 5000


class ReportForm(forms.Form):
    """One report. `submission` is drawn when the form is shown: sent twice, it is one report.

    `edition` says what is required beside the content and which kinds are taken. `website` is a trap: people do not see it.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput, error_messages={
        "required": _("Biểu mẫu đã cũ. Vui lòng tải lại trang rồi gửi lại."),
        "invalid": _("Biểu mẫu đã cũ. Vui lòng tải lại trang rồi gửi lại."),
    })
    name = forms.CharField(label=_("Họ và tên"), max_length=200, required=False)
    organisation = forms.BooleanField(label=_("Tôi gửi thay mặt tổ chức, doanh nghiệp"), required=False)
    phone = forms.CharField(label=_("Số điện thoại"), max_length=40, required=False)
    email = forms.CharField(label=_("Thư điện tử (nếu có)"), max_length=254, required=False)
    address = forms.CharField(label=_("Địa chỉ liên hệ"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Ông bà muốn gửi"), required=False)
    field = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    area = forms.ChoiceField(label=_("Xã, phường nơi xảy ra sự việc"), required=False)
    place = forms.CharField(label=_("Nơi xảy ra sự việc"), max_length=300, required=False)
    lat = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)
    content = forms.CharField(label=_("Nội dung"), widget=forms.Textarea, required=False)
    photos = PhotosField(label=_("Ảnh (tối đa 5 ảnh, mỗi ảnh 10 MB)"), required=False)
    public = forms.BooleanField(label=_("Đồng ý công khai nội dung và kết quả (không công khai tên)"), required=False)
    hide_identity = forms.BooleanField(
        label=_("Giấu danh tính của tôi với cơ quan xử lý"), required=False,
        help_text=_("Cơ quan xử lý không thấy họ tên, số điện thoại, địa chỉ, thư điện tử của Ông/Bà; chỉ tổng đài biết."),
    )
    consent = forms.BooleanField(
        label=_("Tôi đồng ý để tổng đài dùng thông tin này vào việc tiếp nhận, xử lý và trả lời"),
        error_messages={"required": _("Cần có sự đồng ý của Ông/Bà thì tổng đài mới được lưu và xử lý thông tin.")},
    )
    asked = forms.BooleanField(required=False, widget=forms.HiddenInput)  # once: whoever cannot say more is heard as well
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, hotline: Hotline, edition: Edition, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"submission": uuid.uuid4(), "kind": CaseKind.REPORT, **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        self.hotline = hotline
        self.edition = edition
        self.guess: AreaGuess | None = None  # where it may be, when no commune was chosen
        self.needed: Collection[Needed] = edition.completeness.for_channel("web")
        english = (get_language() or "vi").startswith("en")
        kinds = [(str(k), edition.word(k).get("en" if english else "vi")) for k in edition.kinds]
        self._choices("kind", kinds)
        fields, areas = _lists(hotline, english, edition.scope)
        self._choices("field", [("", _("Tôi không rõ")), *fields])
        self._choices("area", [("", _("Chọn xã, phường")), *areas])

    def _choices(self, name: str, choices: list) -> None:
        choice = self.fields[name]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = lambda: choices  # looked through when it is used: a list would be copied on every request, twice
        choice.error_messages["invalid_choice"] = _("Vui lòng chọn một mục trong danh sách.")

    # -- one field at a time ----------------------------------------------------------------------------------------

    def clean_name(self) -> str:
        """Required where the edition says so, with at least one letter."""
        name = " ".join(self.cleaned_data["name"].split())
        if self._lacks(Needed.NAME, name):
            raise forms.ValidationError(_("Vui lòng ghi họ và tên."))
        if name and not any(map(str.isalpha, name)):
            raise forms.ValidationError(_("Họ và tên cần có chữ cái."))
        return name

    def clean_address(self) -> str:
        """Required where the edition says so."""
        address = " ".join(self.cleaned_data["address"].split())
        if self._lacks(Needed.ADDRESS, address):
            raise forms.ValidationError(_("Vui lòng ghi địa chỉ liên hệ (thôn, đường, xã, phường)."))
        return address

    def clean_phone(self) -> str:
        """In E.164. Required where the edition says so."""
        written = self.cleaned_data["phone"].strip()
        if self._lacks(Needed.PHONE, written):
            raise forms.ValidationError(_("Vui lòng ghi số điện thoại để tổng đài liên hệ lại."))
        if not written:
            return ""
        phone = normal_phone(written)
        if phone is None:
            raise forms.ValidationError(_("Số điện thoại chưa đúng. Ví dụ: 0905 123 456."))
        return phone

    def clean_email(self) -> str:
        """Optional, but right: the answer goes there."""
        written = self.cleaned_data["email"].strip()
        if self._lacks(Needed.EMAIL, written):
            raise forms.ValidationError(_("Vui lòng ghi địa chỉ thư điện tử."))
        if not written:
            return ""
        email = normal_email(written)
        if email is None:
            raise forms.ValidationError(_("Địa chỉ thư điện tử chưa đúng. Ví dụ: ten@example.vn. Nếu không có, hãy để trống."))
        return email

    def clean_content(self) -> str:
        """Between 10 and 5000 letters."""
        content = self.cleaned_data["content"].strip()
        letters = sum(map(str.isalpha, content))
        least = max(LEAST_LETTERS, self.edition.completeness.least_letters)
        if letters < least:
            raise forms.ValidationError(
                _("Vui lòng ghi rõ nội dung, ít nhất %(least)d chữ cái.") % {"least": least}
            )
        if len(content) > MOST_LETTERS:
            raise forms.ValidationError(
                _("Nội dung dài %(length)d ký tự; vui lòng rút gọn còn tối đa 5000 ký tự.") % {"length": len(content)}
            )
        return content

    def clean_place(self) -> str:
        """Required where the edition says so."""
        place = " ".join(self.cleaned_data["place"].split())
        if self._lacks(Needed.PLACE, place):
            raise forms.ValidationError(_("Vui lòng ghi nơi xảy ra sự việc."))
        return place

    def clean_photos(self) -> list:
        """Required where the edition says so."""
        photos = self.cleaned_data["photos"]
        if Needed.PHOTO in self.needed and not photos:
            raise forms.ValidationError(_("Vui lòng gửi kèm ảnh hiện trường."))
        return photos

    def clean_website(self) -> str:
        """The trap: whoever fills it is a program, or a browser that fills in too much."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Vui lòng để trống ô này rồi gửi lại."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Half a point is no point. An old name that lies in several communes now is asked about, once."""
        data = super().clean() or self.cleaned_data
        if data.get("lat") is None or data.get("lon") is None:
            data["lat"] = data["lon"] = None
        if not data.get("area") and not self.errors.get("area") and (data.get("place") or data["lat"] is not None):
            self.guess = area_for(data.get("place") or "", data["lat"], data["lon"])
            if self.guess.ask_for_point and not data.get("asked"):
                self._ask_for_point(self.guess)
        return data

    def _ask_for_point(self, guess: AreaGuess) -> None:
        """Say which communes it may be, and offer them first."""
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        choices: list[Any] = list(area.choices)  # type: ignore[arg-type]  # looked through when it is used
        may_be = [choice for choice in choices if choice[0] in {str(pk) for pk in guess.areas}]
        area.choices = [*choices[:1], (_("Có thể là"), may_be), (_("Xã, phường khác"), choices[1:])]
        english = (get_language() or "vi").startswith("en")
        names = ", ".join(str(name) for _pk, name in may_be)
        self.add_error("area", f"{WHERE_EXACTLY.get('en' if english else 'vi')} ({names})")
        data = self.data.copy() if isinstance(self.data, QueryDict) else {**self.data}
        data["asked"] = "on"
        self.data = data

    def _lacks(self, needed: Needed, value: str) -> bool:
        return needed in self.needed and not value

    # -- the report -------------------------------------------------------------------------------------------------

    def report(self) -> Report:
        """The checked form as the intake takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Report(
            hotline_id=self.hotline.pk, submission=str(data["submission"]), name=data["name"], phone=data["phone"],
            address=data["address"], email=data["email"], content=data["content"], kind=data["kind"] or CaseKind.REPORT,
            field_id=int(data["field"]) if data["field"] else None, area_id=int(data["area"]) if data["area"] else None,
            place=data["place"], lat=data["lat"], lon=data["lon"], public=data["public"], hide_identity=data["hide_identity"],
            organisation=data["organisation"], language=(get_language() or "vi")[:2], files=tuple(data["photos"]),
        )


# What changes twice a year is not read anew for every report: the form is on the intake's hot path.
_known: dict[tuple[int, bool, Scope], tuple[float, _Choices, _Choices]] = {}


def _lists(hotline: Hotline, english: bool, scope: Scope) -> tuple[_Choices, _Choices]:
    """Fields of the hotline that are open and communes served, as choices; at most FRESH_SECONDS old."""
    key, now = (hotline.pk, english, scope), time.monotonic()
    known = _known.get(key)
    if known is None or now - known[0] > FRESH_SECONDS:
        areas: _Choices = [(str(pk), name) for pk, name in areas_served().values_list("pk", "name")]
        known = _known[key] = (now, _field_choices(hotline, english, scope), areas)
    return known[1], known[2]


def _field_choices(hotline: Hotline, english: bool, scope: Scope) -> _Choices:
    """Groups of the first level; each group begins with itself, for whoever knows no better."""
    choices: _Choices = []
    for top, below in field_tree(hotline, scope=scope):
        own = [(str(f.pk), (f.en if english else "") or f.vi) for f in (top, *below)]
        choices += own if not below else [(own[0][1], own)]
    return choices
