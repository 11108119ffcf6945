"""What is asked when a denunciation is taken down, read or passed on."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.citizens.rules import normal_email, normal_phone

_MATTER = {"required": _("Vui lòng ghi nội dung vi phạm.")}
_ACCUSED = {"required": _("Vui lòng ghi người hoặc cơ quan bị tố cáo.")}


class DenunciationForm(forms.Form):
    """What is accused. Who says it stands elsewhere."""

    use_required_attribute = False
    accused = forms.CharField(
        label=_("Người, cơ quan bị tố cáo"), max_length=500, error_messages=_ACCUSED,
        help_text=_("Họ tên, chức vụ, nơi làm việc, như người dân nói."),
    )  # fmt: skip
    matter = forms.CharField(
        label=_("Nội dung vi phạm"), max_length=50_000, error_messages=_MATTER, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Không ghi tên, số điện thoại, địa chỉ của người tố cáo ở đây."),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("Tài liệu, chứng cứ cụ thể"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Để trống nếu không có. Có chứng cứ cụ thể thì phải chuyển thanh tra, kiểm tra (Điều 25.2)."),
    )  # fmt: skip
    protection = forms.BooleanField(
        label=_("Người tố cáo đang bị đe dọa, yêu cầu bảo vệ khẩn cấp (Điều 50)"), required=False
    )
    tell = forms.BooleanField(label=_("Gửi lời hướng dẫn đến thư điện tử của người tố cáo"), required=False)
    typing = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, mail: bool = True, **kwargs: Any) -> None:
        kwargs["initial"] = {"typing": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if not mail:
            del self.fields["tell"]


class DenouncerForm(DenunciationForm):
    """The same for whoever phones or comes in person: who they are, if they wish to say it."""

    name = forms.CharField(label=_("Họ và tên"), required=False, max_length=200)
    phone = forms.CharField(label=_("Số điện thoại"), required=False, max_length=40)
    email = forms.CharField(label=_("Thư điện tử"), required=False, max_length=254)
    address = forms.CharField(label=_("Địa chỉ"), required=False, max_length=300)

    def clean_phone(self) -> str:
        """E.164 where it is a number; as it was said where it is none: nothing may be lost here."""
        given = str(self.cleaned_data["phone"]).strip()
        return normal_phone(given) or given[:32]

    def clean_email(self) -> str:
        """An address, or nothing."""
        given = str(self.cleaned_data["email"]).strip()
        if given and not normal_email(given):
            raise forms.ValidationError(_("Địa chỉ thư điện tử chưa đúng."))
        return normal_email(given) or ""


class WhyForm(forms.Form):
    """Why it is looked at; kept in the register."""

    why = forms.CharField(
        label=_("Lý do xem"), max_length=500, error_messages={"required": _("Vui lòng ghi lý do xem.")}
    )


class ForwardForm(forms.Form):
    """To whom, and what."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.CharField(label=_("Nơi nhận (cơ quan thanh tra, kiểm tra)"), max_length=300)
    passed_on = forms.CharField(
        label=_("Nội dung chuyển, đã lược bỏ danh tính"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 10})
    )


class AcknowledgeForm(forms.Form):
    """The inspection has it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(label=_("Số, ngày văn bản xác nhận"), required=False, max_length=500)


class CloseForm(forms.Form):
    """How it ended."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Kết quả, lý do kết thúc"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Vui lòng ghi kết quả hoặc lý do kết thúc.")},
    )  # fmt: skip
