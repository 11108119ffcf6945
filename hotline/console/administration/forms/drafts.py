"""An edition that is written but not in force: pasted or sent as a file; and the forms that try one and compare two."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hotline.calendars.models import Calendar
from hotline.console.administration.forms.base import EditionField, date_field, needed, wide
from hotline.hotlines.models import Edition, Field, Hotline
from hotline.hotlines.queries import regulation_of
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.edition import parse_edition
from hotline.regulation.lifecycle import CaseKind
from hotline.regulation.reading import PackInvalid
from hotline.regulation.trial import LIVES

LARGEST = 300_000  # letters; the longest edition has 30.000


class TextForm(forms.Form):
    """The text of an edition in TOML, as `docs/how-to-write-a-pack.md` says; for a hotline of this installation."""

    hotline = forms.ModelChoiceField(label=_("Tổng đài"), queryset=Hotline.objects.order_by("id"), empty_label=None)
    text = wide(
        forms.CharField(
            label=_("Quy chế (TOML)"),
            required=False,
            max_length=LARGEST,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "class": "code"}),
        )
    )
    file = wide(forms.FileField(label=_("Hoặc chọn tệp .toml"), required=False))
    required_text = True

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.regulation: Regulation | None = None
        hotlines = list(Hotline.objects.order_by("id")[:2])
        if self.required_text:
            needed(self.fields["text"])
        if len(hotlines) < 2:
            self.fields["hotline"].widget = forms.HiddenInput()
            self.fields["hotline"].initial = hotlines[0].pk if hotlines else None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        text, hotline = self._text(given), given.get("hotline")
        if not text.strip():
            if self.required_text:
                self.add_error("text", _("Hãy dán hoặc gửi tệp quy chế."))
            return given
        given["text"] = text
        if hotline is not None:
            self.regulation = self._read(text, hotline)
        return given

    def _text(self, given: dict[str, Any]) -> str:
        file = given.get("file")
        if not file:
            return str(given.get("text") or "")
        if file.size > LARGEST:
            raise ValidationError({"file": _("Tệp quá lớn so với một quy chế.")})
        try:
            return str(file.read().decode("utf-8"))
        except UnicodeDecodeError as error:
            raise ValidationError({"file": _("Tệp không phải văn bản UTF-8.")}) from error

    def _read(self, text: str, hotline: Hotline) -> Regulation:
        """The edition the text describes, for this hotline. Raises ValidationError with every fault found."""
        try:
            return parse_edition({**tomllib.loads(text), "hotline": hotline.key}, "TOML")
        except tomllib.TOMLDecodeError as error:
            raise ValidationError({"text": _("Không phải TOML hợp lệ: %(why)s") % {"why": error}}) from error
        except PackInvalid as invalid:
            raise ValidationError({"text": [error.text(self.language) for error in invalid.errors]}) from invalid


class TrialForm(TextForm):
    """A report that does not exist: under which edition, received when, of what kind, handled how."""

    edition = EditionField(label=_("Quy chế"), queryset=Edition.objects.order_by("-valid_from", "-id"))
    day = date_field(_("Nhận ngày"))
    time = forms.TimeField(
        label=_("Lúc"),
        input_formats=["%H:%M", "%Hh%M", "%H.%M"],
        widget=forms.TimeInput(
            format="%H:%M", attrs={"placeholder": "16:30", "inputmode": "numeric", "autocomplete": "off"}
        ),
    )
    calendar = forms.ModelChoiceField(
        label=_("Theo lịch"),
        queryset=Calendar.objects.order_by(F("base_id").asc(nulls_first=True), "id"),
        empty_label=None,
    )
    life = forms.ChoiceField(label=_("Giả sử"))
    kind = forms.ChoiceField(label=_("Loại"))
    field = forms.ModelChoiceField(
        label=_("Lĩnh vực"), queryset=Field.objects.filter(active=True), required=False, empty_label="–"
    )
    mode = forms.CharField(label=_("Cấp độ phản hồi"), required=False)
    required_text = False
    field_order = ("edition", "day", "time", "calendar", "life", "kind", "field", "mode", "hotline", "text", "file")

    def __init__(self, *args: Any, now: datetime, row: Edition | None, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "edition": row.pk if row else None,
            "day": now.date(),
            "time": now.time().replace(second=0, microsecond=0),
            "calendar": row.hotline.calendar_id if row else None,
            "life": "assigned",
            "kind": str(CaseKind.REPORT),
        }
        super().__init__(*args, **kwargs)
        language = self.language
        self.fields["life"].choices = [(key, label.get(language)) for key, (label, _steps) in LIVES.items()]
        self.fields["kind"].choices = [(str(kind), kind.label.get(language)) for kind in CaseKind]
        self.fields["text"].label = _("Hoặc dán một quy chế khác để thử (TOML)")
        self.fields["text"].widget.attrs["rows"] = 4
        modes = regulation_of(row).modes if row else ()
        if modes:
            choices = [
                ("", _("chưa chọn")),
                *((mode.key, f"{mode.number}. {mode.label.get(language)}") for mode in modes),
            ]
            self.fields["mode"] = forms.ChoiceField(label=_("Cấp độ phản hồi"), required=False, choices=choices)
        else:
            self.fields["mode"].widget = forms.HiddenInput()

    @property
    def tried(self) -> Regulation:
        """The edition that is tried: the one written here, else the one chosen."""
        return self.regulation or regulation_of(self.cleaned_data["edition"])

    def received(self, zone: Any) -> datetime:
        """The moment that was asked about."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], zone)


class CompareForm(forms.Form):
    """Two editions."""

    before = EditionField(label=_("Bản trước"), queryset=Edition.objects.order_by("valid_from", "id"))
    after = EditionField(label=_("Bản sau"), queryset=Edition.objects.order_by("valid_from", "id"))
