"""What is typed in for somebody who phones or walks in."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hotline.citizens.rules import LANGUAGES, normal_email, normal_phone
from hotline.console.context import language
from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import hotlines
from hotline.intake.rules import How, TypedIn


def lines() -> dict[str, tuple[Hotline, str]]:
    """Every number of every hotline here: a key for the form → the hotline and the number."""
    return {
        f"{hotline.key}/{line['number']}": (hotline, line["number"]) for hotline in hotlines() for line in hotline.numbers
    }


class TypeForm(forms.Form):
    """For somebody who phones or walks in. `typing` is drawn with the page: sent twice, it is one contact."""

    use_required_attribute = False
    typing = forms.UUIDField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=_("Hình thức"), required=False, widget=forms.RadioSelect,
        choices=[(How.CALL, _("Gọi điện")), (How.TEXT, _("Tin nhắn")), (How.WALK_IN, _("Đến trực tiếp"))],
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Số điện thoại"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-key": "s", "autofocus": True}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Họ và tên"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Địa chỉ"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.CharField(
        label=_("Thư điện tử"), required=False, max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip
    organisation = forms.BooleanField(label=_("Đại diện tổ chức, doanh nghiệp"), required=False)
    language = forms.ChoiceField(
        label=_("Ngôn ngữ của người phản ánh"), required=False,
        help_text=_("Người không thạo tiếng Việt có quyền có người phiên dịch (Luật Tiếp công dân, Điều 7)."),
    )  # fmt: skip
    content = forms.CharField(
        label=_("Nội dung người dân trình bày"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Vui lòng ghi nội dung người dân trình bày.")},
    )  # fmt: skip

    line = forms.ChoiceField(label=_("Số được gọi, nhắn đến"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lines = lines()
        kwargs["initial"] = {"typing": uuid.uuid4(), "line": next(iter(self.lines), ""), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        spoken = [(code, label.get(language())) for code, label in LANGUAGES.items()]
        self.fields["language"].choices = [("", _("Như đã ghi; người mới: tiếng Việt")), *spoken]
        self.fields["line"].choices = [(key, f"{number} – {hotline.name}") for key, (hotline, number) in self.lines.items()]
        if len({hotline.pk for hotline, _number in self.lines.values()}) < 2:
            del self.fields["line"]  # one hotline: whatever was dialled, it is this one
        self.fields["phone"].widget.attrs |= {  # the number finds the citizen while the rest is typed
            "hx-post": reverse("console:desk_citizen"), "hx-trigger": "input changed delay:300ms, change",
            "hx-target": "#desk-citizen", "hx-swap": "outerHTML", "hx-include": "#id_name, #id_address",
        }  # fmt: skip

    def clean_phone(self) -> str:
        """A number in E.164; blank when the caller hides it."""
        given = self.cleaned_data["phone"].strip()
        if not given:
            return ""
        if not (number := normal_phone(given)):
            raise forms.ValidationError(_("Số điện thoại chưa đúng. Ví dụ: 0905 123 456."))
        return number

    def clean_email(self) -> str:
        """An address, or nothing."""
        given = self.cleaned_data["email"].strip()
        if not given:
            return ""
        if not (address := normal_email(given)):
            raise forms.ValidationError(_("Địa chỉ thư điện tử chưa đúng."))
        return address

    @property
    def called(self) -> tuple[Hotline | None, str]:
        """The hotline whose number was called, and the number; no hotline where there is only one."""
        return self.lines.get(self.cleaned_data.get("line") or next(iter(self.lines), ""), (None, ""))

    def typed(self, hotline: Hotline) -> TypedIn:
        """What was typed, for the intake. A legacy number keeps its identity: it is the source of the contact."""
        data = self.cleaned_data
        return TypedIn(
            dialled=self.called[1] if "line" in self.fields else "",
            hotline_id=hotline.pk, typing=str(data["typing"]), content=data["content"], name=data["name"].strip(),
            phone=data["phone"], email=data["email"], address=data["address"].strip(), how=How(data["how"]),
            organisation=data["organisation"], language=data["language"],
        )
