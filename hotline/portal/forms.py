"""The citizen's small forms, and how the report form is drawn; what is right is checked in channels/web and in actions."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.channels.web.forms import ReportForm
from hotline.channels.web.photos import PhotosField
from hotline.organisation.queries import old_names_served
from hotline.regulation.lifecycle import CaseKind

# What each kind means, in words nobody has to look up (Quy chế 1519: yêu cầu, thắc mắc, góp ý, phản ánh, kiến nghị).
KIND_WORDS = {
    CaseKind.REPORT: _("Phản ánh: sự việc, hư hỏng"),
    CaseKind.QUESTION: _("Thắc mắc: hỏi thủ tục, quy định"),
    CaseKind.REQUEST: _("Yêu cầu: làm một việc cụ thể"),
    CaseKind.SUGGESTION: _("Góp ý: để làm tốt hơn"),
    CaseKind.PETITION: _("Kiến nghị: sửa quy định, chính sách"),
}
# A browser may fill these in; what is personal is not kept as a draft on a machine that others use.
_HINTS: dict[str, dict[str, str]] = {
    "name": {"autocomplete": "name", "data-guard-off": ""},
    "phone": {"autocomplete": "tel", "inputmode": "tel", "type": "tel", "data-guard-off": ""},
    "email": {"autocomplete": "email", "inputmode": "email", "type": "email", "data-guard-off": ""},
    "address": {"autocomplete": "street-address", "data-guard-off": ""},
    "content": {"rows": "6"},
}
_WORDS: dict[str, tuple[Any, Any]] = {
    "kind": (_("Ông/Bà muốn gửi"), ""),
    "content": (_("Nội dung"), _("Việc gì, từ khi nào, ai bị ảnh hưởng. Viết không dấu cũng được.")),
    "photos": (_("Ảnh"), _("Tối đa 5 ảnh, mỗi ảnh 10 MB. Nơi chụp và thông tin máy ảnh được xóa khỏi ảnh.")),
    "field": (_("Lĩnh vực"), _("Không chắc thì để “Tôi không rõ”, tổng đài chọn giúp.")),
    "place": (_("Nơi xảy ra sự việc"), _("Số nhà, đường, thôn, hoặc mốc gần đó.")),
    "area": (_("Xã, phường"), ""),
    "phone": (_("Số điện thoại"), _("Cũng dùng để xem kết quả sau này.")),
    "email": (_("Thư điện tử"), _("Có thì tổng đài gửi mã phiếu và câu trả lời.")),
}
_TEXT_MOST = 3000


class AreaSelect(forms.Select):
    """Communes, each with the names of the old ones it was made of: people look for the name they know."""

    _old: dict[str, str] | None = None

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option with its old names; they are asked for only when the list is drawn."""
        option = super().create_option(*args, **kwargs)
        if self._old is None:
            self._old = old_names_served()
        if also := self._old.get(str(option["value"])):
            option["attrs"]["data-also"] = also
        return option


class PortalReportForm(ReportForm):
    """The report form as the portal shows it."""

    use_required_attribute = False
    photos_again = ""  # said beside the photos when the form comes back without them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, words) in _WORDS.items():
            self.fields[name].label, self.fields[name].help_text = label, words
        for name, hints in _HINTS.items():
            widget = self.fields[name].widget
            widget.attrs |= {key: value for key, value in hints.items() if key != "type"}
            if isinstance(widget, forms.TextInput) and "type" in hints:
                widget.input_type = hints["type"]
        area: Any = self.fields["area"]
        area.widget = AreaSelect(choices=area.choices)
        # Marked as needed; what is missing is said by the form in its own words, not by Django or the browser.
        for needed in {n.value for n in self.needed} & set(self.fields):
            _mark(self.fields[needed])
            self.fields[needed].widget.attrs["aria-required"] = "true"
        _mark(self.fields["kind"])  # one is always chosen
        kinds: Any = self.fields["kind"]
        kinds.choices = [(value, KIND_WORDS.get(CaseKind(value), said)) for value, said in kinds.choices]


def _mark(field: Any) -> None:
    """Have the field drawn as one that is needed (components/field.html)."""
    field.needed = True


class LookUpForm(forms.Form):
    """Code and telephone number: both together open a case."""

    code = forms.CharField(
        label=_("Mã phiếu"), max_length=40, error_messages={"required": _("Vui lòng ghi mã phiếu.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"), max_length=40, error_messages={"required": _("Vui lòng ghi số điện thoại đã dùng khi gửi.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )


class RatingForm(forms.Form):
    """One to five, whether it is solved, and words."""

    stars = forms.TypedChoiceField(
        choices=[(n, n) for n in range(1, 6)], coerce=int, label=_("Mức độ hài lòng"),
        error_messages={"required": _("Vui lòng chọn từ 1 đến 5."), "invalid_choice": _("Vui lòng chọn từ 1 đến 5.")},
    )
    resolved = forms.ChoiceField(
        choices=[("yes", _("Đã được giải quyết")), ("no", _("Chưa được giải quyết"))], widget=forms.RadioSelect,
        label=_("Việc của Ông/Bà đã được giải quyết chưa?"), required=False,
    )
    words = forms.CharField(
        label=_("Lời nhắn thêm"), max_length=_TEXT_MOST, required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def is_resolved(self) -> bool | None:
        """What the citizen said, None when nothing."""
        return {"yes": True, "no": False}.get(self.cleaned_data["resolved"])


class MessageForm(forms.Form):
    """Something to add: words or photos. `once` is drawn when the form is shown: sent twice, it is one message."""

    once = forms.UUIDField(widget=forms.HiddenInput, error_messages={
        "required": _("Biểu mẫu đã cũ. Vui lòng tải lại trang rồi gửi lại."),
        "invalid": _("Biểu mẫu đã cũ. Vui lòng tải lại trang rồi gửi lại."),
    })  # fmt: skip
    text = forms.CharField(
        label=_("Nội dung bổ sung"), max_length=_TEXT_MOST, required=False, widget=forms.Textarea(attrs={"rows": "4"})
    )
    photos = PhotosField(label=_("Ảnh"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"once": uuid.uuid4()})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Something must have been written or attached."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("text", "").strip() and not data.get("photos"):
            self.add_error("text", _("Vui lòng ghi nội dung hoặc gửi kèm ảnh."))
        return data


class ReasonForm(forms.Form):
    """One text that must be given: why again, why no more."""

    once = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Lý do"), max_length=_TEXT_MOST, widget=forms.Textarea(attrs={"rows": "3"}),
        error_messages={"required": _("Vui lòng ghi lý do.")},
    )

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"once": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
