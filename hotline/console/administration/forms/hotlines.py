"""Forms about fields of work, the routing table and mailboxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from hotline.console.administration.forms.base import SeenForm, agency_field, wide, words_field
from hotline.console.casework.forms import AgencyField
from hotline.hotlines.models import Field, Hotline
from hotline.hotlines.queries import field_tree
from hotline.organisation.queries import areas_served


def field_choices(hotline: Hotline, active_only: bool = True) -> list[tuple[str, Any]]:
    """Fields under the field above them; a field above may be chosen itself."""
    return [
        (top.vi, [(top.pk, top.vi), *((f.pk, f.vi) for f in below)]) for top, below in field_tree(hotline, active_only)
    ]


class FieldForm(SeenForm):
    """A field's names and words."""

    vi = forms.CharField(label=_("Tên lĩnh vực"), max_length=120)
    en = forms.CharField(label=_("Tên tiếng Anh"), max_length=120, required=False)
    words = words_field(
        _("Từ gợi ý"), _("Mỗi dòng một từ hoặc cụm từ. Phản ánh có những từ này được gợi ý vào lĩnh vực.")
    )
    urgent_words = words_field(_("Từ báo khẩn"), _("Phản ánh có những từ này được gợi ý là khẩn."))
    public = forms.BooleanField(label=_("Được công khai kết quả"), required=False)
    active = forms.BooleanField(label=_("Đang dùng (bỏ chọn để ẩn khỏi mọi danh sách chọn)"), required=False)


class NewFieldForm(FieldForm):
    """A new field."""

    key = forms.CharField(
        label=_("Mã"),
        max_length=60,
        help_text=_("Chữ không dấu, ví dụ: thoat-nuoc; không đổi về sau."),
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9_-]*$", _("Chỉ dùng chữ thường không dấu, số và gạch nối."))],
    )
    parent = forms.ModelChoiceField(
        label=_("Thuộc nhóm"), queryset=Field.objects.none(), required=False, empty_label=_("Nhóm mới")
    )
    field_order = ("vi", "en", "key", "parent", "words", "urgent_words", "public")

    def __init__(self, *args: Any, hotline: Hotline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["active"], self.fields["seen"]
        self.fields["parent"].queryset = Field.objects.filter(hotline=hotline, parent__isnull=True, active=True)


class RouteForm(SeenForm):
    """Who handles a field, everywhere or in one commune."""

    field = forms.TypedChoiceField(label=_("Lĩnh vực"))
    area = forms.ModelChoiceField(
        label=_("Nơi xảy ra"), queryset=areas_served(), required=False, empty_label=_("Mọi nơi")
    )
    agency = AgencyField(label=_("Cơ quan xử lý"), empty_value=None, required=False)
    own_commune = forms.BooleanField(label=_("UBND xã, phường nơi xảy ra xử lý"), required=False)
    priority = forms.IntegerField(
        label=_("Ưu tiên"), initial=0, min_value=-100, max_value=100, help_text=_("Số lớn được chọn trước.")
    )
    note = wide(forms.CharField(label=_("Ghi chú"), max_length=300, required=False))

    def __init__(
        self, *args: Any, hotline: Hotline, day: date, values: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {**(values or {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        known = {str(f.pk): f for f in Field.objects.filter(hotline=hotline)}
        field = self.fields["field"]
        field.choices = [("", _("— chọn lĩnh vực —")), *field_choices(hotline)]
        field.coerce = known.__getitem__
        agency_field(self, "agency", day)

    def shown(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in ("own_commune", "priority", "note")}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("agency")) == bool(given.get("own_commune")) and "agency" not in self.errors:
            self.add_error("agency", _("Chọn một cơ quan, hoặc chọn UBND xã, phường nơi xảy ra; không chọn cả hai."))
        return given


class RoutesFilter(forms.Form):
    """What narrows the routing table."""

    field = forms.TypedChoiceField(label=_("Lĩnh vực"), required=False, empty_value=None, coerce=int)
    agency = AgencyField(label=_("Cơ quan, đơn vị"), required=False, empty_value=None)
    area = forms.ModelChoiceField(
        label=_("Nơi xảy ra"), queryset=areas_served(), required=False, empty_label=_("Mọi nơi")
    )

    def __init__(self, *args: Any, hotline: Hotline, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("Mọi lĩnh vực")), *field_choices(hotline)]
        agency_field(self, "agency", day)


class MailboxForm(SeenForm):
    """Where a mailbox is fetched from. The password itself is never typed here."""

    address = forms.EmailField(label=_("Địa chỉ hộp thư"))
    host = forms.CharField(
        label=_("Máy chủ IMAP"),
        max_length=200,
        required=False,
        help_text=_("Bỏ trống: thư do máy chủ thư chuyển thẳng vào, không lấy qua IMAP."),
    )
    port = forms.IntegerField(label=_("Cổng"), initial=993, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    tls = forms.BooleanField(label=_("Kết nối mã hóa (TLS)"), required=False, initial=True)
    username = forms.CharField(
        label=_("Tên đăng nhập"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password_env = forms.CharField(
        label=_("Tên biến môi trường chứa mật khẩu"),
        max_length=80,
        required=False,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9_]*$", _("Chữ hoa, số và gạch dưới, ví dụ: HOTLINE_MAIL_PASSWORD."))],
        help_text=_("Mật khẩu đặt trên máy chủ, không lưu trong hệ thống."),
    )
    folder = forms.CharField(label=_("Thư mục"), max_length=200, initial="INBOX")
    active = forms.BooleanField(label=_("Đang lấy thư (bỏ chọn để tạm dừng)"), required=False, initial=True)
