"""What is asked of those who write, sign and answer documents, and keep their templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hotline.cases.models import Case
from hotline.console.administration.forms.base import needed, wide
from hotline.console.context import language
from hotline.documents.models import Document, Template
from hotline.documents.rules import KINDS, DocumentKind, may
from hotline.people.models import Person
from hotline.people.queries import holders
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

MOST = 100  # cases in one document


def case_codes(text: str, viewer: Viewer) -> list[Case]:
    """The cases of codes typed with blanks, commas or lines between, in their order; only what the viewer sees exists.

    Raises ValidationError naming the codes that do not."""
    codes = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").upper().split()))[: MOST + 1]
    if len(codes) > MOST:
        raise ValidationError(_("Nhiều nhất 100 phiếu trong một văn bản."))
    found = {case.code: case for case in Case.objects.visible_to(viewer).filter(code__in=codes).defer("search")}
    if missing := [code for code in codes if code not in found]:
        raise ValidationError(_("Không có phiếu %(codes)s."), params={"codes": ", ".join(missing)})
    return [found[code] for code in codes]


class CasesField(forms.CharField):
    """Codes of cases, as many as there are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Mã phiếu"), widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "characters"}),
            help_text=_("Nhiều phiếu: mỗi mã một dòng hoặc cách nhau bằng dấu phẩy."), **kwargs,
        )  # fmt: skip
        wide(self)


class NewForm(forms.Form):
    """A document: about which cases, of which kind, to which leader."""

    codes = CasesField(max_length=4000)
    kind = forms.ChoiceField(label=_("Loại văn bản"))
    template = forms.ModelChoiceField(
        Template.objects.none(), label=_("Mẫu"), required=False, empty_label=_("Mẫu đầu tiên của loại")
    )
    leader = forms.ModelChoiceField(
        Person.objects.none(), label=_("Gửi lãnh đạo"), required=False, empty_label=_("Tất cả lãnh đạo")
    )

    def __init__(self, *args: Any, viewer: Viewer, day: date, templates: QuerySet[Template], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.choose(
            "kind", ((k, KINDS[k].label.get(language())) for k in DocumentKind if may("draft", k, viewer.roles))
        )
        self.pick("template", templates)
        self.pick("leader", holders(Role.LEADER, day).order_by("full_name"))

    def choose(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def pick(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean_codes(self) -> list[Case]:
        return case_codes(self.cleaned_data["codes"], self.viewer)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        template = data.get("template")
        if template is not None and template.kind != data.get("kind"):
            self.add_error("template", _("Mẫu này không thuộc loại văn bản đã chọn."))
        return data


def _lines(label: Any, rows: int, **kwargs: Any) -> forms.Field:
    return wide(forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), required=False, **kwargs))


class VersionForm(forms.Form):
    """What every step carries: the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> int | None:
        value: int | None = self.cleaned_data["version"]
        return value


class ChangeForm(VersionForm):
    """The parts of a document."""

    subject = wide(forms.CharField(label=_("Trích yếu"), max_length=300))
    recipient = _lines(_("Kính gửi"), 2, max_length=300)
    body = _lines(_("Nội dung"), 22, max_length=60000, help_text=_("Mỗi dòng là một đoạn; **đề mục** in đậm cả dòng."))
    signing = _lines(_("Quyền hạn, chức vụ người ký"), 2, max_length=300)
    copies = _lines(_("Nơi nhận"), 3, max_length=2000, help_text=_("Mỗi dòng một nơi nhận."))
    symbol = forms.CharField(label=_("Ký hiệu"), max_length=40, required=False)
    place = forms.CharField(label=_("Địa danh"), max_length=80, required=False)

    @classmethod
    def shown(cls, row: Document) -> dict[str, Any]:
        """The document as the fields show it."""
        return {name: getattr(row, name) for name in cls.base_fields}

    def given(self) -> dict[str, str]:
        """What is written, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class WordsForm(VersionForm):
    """A few words; the label says which."""

    words = needed(_lines("", 5, max_length=5000))

    def __init__(self, *args: Any, label: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = label


class AdoptForm(WordsForm):
    """A leader's answer to a synthesis: which suggestions are adopted."""

    adopted = forms.MultipleChoiceField(
        label=_("Tiếp thu góp ý nào"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, cases: Sequence[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["adopted"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(case.pk, f"{case.code}: {case.summary}") for case in cases]
        wide(field)


class TemplateForm(VersionForm):
    """The words documents begin with."""

    title = needed(wide(forms.CharField(label=_("Tên mẫu"), max_length=200, required=False)))
    subject = wide(forms.CharField(label=_("Trích yếu"), max_length=300))
    recipient = _lines(_("Kính gửi"), 2, max_length=300)
    body = needed(_lines(_("Nội dung"), 20, max_length=60000))
    signing = _lines(_("Quyền hạn, chức vụ người ký"), 2, max_length=300)
    copies = _lines(_("Nơi nhận"), 3, max_length=2000)
    symbol = forms.CharField(
        label=_("Ký hiệu"), max_length=40, required=False, help_text=_("Để trống: theo loại và cơ quan.")
    )
    active = forms.BooleanField(label=_("Đang dùng"), required=False)

    @classmethod
    def shown(cls, row: Template) -> dict[str, Any]:
        """The template as the fields show it."""
        return {name: getattr(row, name) for name in cls.base_fields}

    def given(self) -> dict[str, Any]:
        """What is written, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}
