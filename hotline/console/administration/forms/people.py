"""Forms about people and their posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from hotline.console.administration.forms.base import SeenForm, agency_field, date_field
from hotline.console.casework.forms import AgencyField
from hotline.hotlines.rules import RoleWords
from hotline.people.rules import AGENCY_ROLES, NOT_HELD
from hotline.regulation.lifecycle import Role

_OF_ALL = RoleWords()  # the words of all houses


def role_choices(language: str, words: RoleWords) -> list[tuple[str, str]]:
    """Every post that a person can hold, as it is called here."""
    return [(str(role), words.of(role).get(language)) for role in Role if role not in NOT_HELD]


class PersonForm(SeenForm):
    """What is written about a person."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    title = forms.CharField(label=_("Chức vụ"), max_length=200, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=32, required=False)


class PostForm(forms.Form):
    """A role at an agency between two days."""

    role = forms.ChoiceField(label=_("Vai trò"))
    agency = AgencyField(
        label=_("Cơ quan, đơn vị"),
        empty_value=None,
        required=False,
        help_text=_("Nhân sự đầu mối và thủ trưởng phải thuộc một cơ quan."),
    )
    valid_from = date_field(_("Từ ngày"))
    valid_to = date_field(_("Đến hết ngày"), required=False)

    def __init__(self, *args: Any, day: date, language: str, words: RoleWords = _OF_ALL, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": day, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("— chọn vai trò —")), *role_choices(language, words)]
        agency_field(self, "agency", day)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("role") in AGENCY_ROLES and not given.get("agency"):
            self.add_error("agency", _("Vai trò này phải thuộc một cơ quan."))
        return given


class NewPersonForm(PostForm):
    """A new account with its first post."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=200)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ thường không dấu, số, dấu chấm, gạch nối."),
        validators=[
            RegexValidator(r"^[a-zA-Z0-9][a-zA-Z0-9._-]*$", _("Chỉ dùng chữ không dấu, số, dấu chấm, gạch nối."))
        ],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(label=_("Chức vụ"), max_length=200, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=32, required=False)
    field_order = ("full_name", "username", "title", "email", "phone", "role", "agency", "valid_from", "valid_to")


class EndPostForm(forms.Form):
    """The last day of a post."""

    last_day = date_field(_("Ngày cuối cùng"))


class ReasonForm(forms.Form):
    """Why an account is closed."""

    reason = forms.CharField(label=_("Lý do"), max_length=300, help_text=_("Ví dụ: nghỉ hưu, chuyển công tác."))


class PeopleFilter(forms.Form):
    """What narrows the list of people."""

    q = forms.CharField(
        label=_("Tên hoặc tên đăng nhập"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label=_("Vai trò"), required=False)
    agency = AgencyField(label=_("Cơ quan, đơn vị"), empty_value=None, required=False)

    def __init__(self, *args: Any, day: date, language: str, words: RoleWords = _OF_ALL, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", _("Mọi vai trò")), *role_choices(language, words)]
        agency_field(self, "agency", day)
