"""What `console/style.html` shows: every component once, with the dates of the Tết of Bính Ngọ 2026."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hotline.regulation.explain import explain
from hotline.regulation.labels import Label
from hotline.regulation.limits import Limit, Minutes, WorkingDays, WorkingHours, left
from hotline.regulation.working_time import DayException, Interval, WorkCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = (Interval(time(7), time(11, 30)), Interval(time(13, 30), time(17)))
TET = Label("Tết Nguyên đán", "Lunar New Year")
CALENDAR = WorkCalendar(
    "style",
    ZONE,
    (HOURS,) * 5 + ((), ()),
    {date(2026, 2, 16) + timedelta(n): DayException("off", TET, tet=True) for n in range(5)}
    | {date(2026, 4, 30): DayException("off", Label("Ngày Chiến thắng 30/4", "Reunification Day")),
       date(2026, 5, 1): DayException("off", Label("Quốc tế Lao động 1/5", "Labour Day")),
       date(2026, 8, 22): DayException("working", Label("làm bù", "make-up day"), replaces=date(2026, 8, 31))},
)  # fmt: skip


def at(day: int, month: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2026 in Việt Nam."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def promise(start: datetime, limit: Limit, now: datetime, tone: str, said: str, finished: bool = False) -> dict:
    """One ribbon of the page."""
    explanation = explain(limit, start, CALENDAR)
    rest = left(limit, now, explanation.due_at, CALENDAR)
    return {"explanation": explanation, "now": now, "left": rest, "tone": tone, "said": said, "finished": finished,
            "working": not isinstance(limit, Minutes)}  # fmt: skip


def ribbons() -> list[dict]:
    """Ribbons of every shape: over Tết, a day, a fortnight with holidays, months, late, long late, done."""
    return [
        promise(at(13, 2, 16), WorkingHours(8), at(13, 2, 16, 40), "soon", _("Đầu mối, 8 giờ làm việc, qua Tết")),
        promise(at(13, 2, 9), WorkingHours(8), at(13, 2, 10, 20), "ok", _("Nhận buổi sáng thứ Sáu trước Tết")),
        promise(at(10, 3, 8), WorkingHours(8), at(10, 3, 15, 40), "soon", _("Trong một ngày, sắp hết")),
        promise(at(10, 3, 8), WorkingHours(48), at(12, 3, 9), "ok", _("Thủ trưởng, 48 giờ làm việc")),
        promise(at(20, 8, 14), WorkingHours(24), at(21, 8, 11), "ok", _("Xác minh, có thứ Bảy làm bù")),
        promise(at(27, 4, 15), WorkingHours(48), at(4, 5, 10), "ok", _("Qua 30/4 và 1/5")),
        promise(at(12, 1, 8), WorkingHours(240), at(3, 2, 9), "ok", _("Hẹn lại, 30 ngày làm việc")),
        promise(at(9, 3, 14), WorkingHours(8), at(10, 3, 16, 50), "late", _("Trễ trong ngày")),
        promise(at(13, 2, 16), WorkingHours(8), at(26, 2, 9, 30), "late", _("Trễ ba ngày")),
        promise(at(10, 3, 8), WorkingHours(24), at(11, 3, 15), "ok", _("Đã trả lời trước hạn"), finished=True),
        promise(at(5, 3, 10), WorkingDays(7), at(9, 3, 8), "ok", _("7 ngày làm việc, tính từ ngày làm việc kế tiếp")),
        promise(at(10, 3, 8, 12), Minutes(240), at(10, 3, 10, 30), "soon", _("Sự cố, 240 phút theo đồng hồ")),
        promise(at(14, 3, 2), WorkingHours(8), at(14, 3, 2, 5), "ok", _("Tiếp nhận 02:00 thứ Bảy")),
    ]


class SampleForm(forms.Form):
    """The fields of a new case, one of each kind."""

    summary = forms.CharField(
        label="Nội dung",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi đúng lời người dân; 1022 đọc lại để xác nhận.",
    )
    field = forms.ChoiceField(label="Lĩnh vực", choices=[("thoat-nuoc", "Thoát nước"), ("dien", "Điện chiếu sáng")])
    place = forms.CharField(label="Nơi xảy ra", required=False)
    phone = forms.CharField(label="Số điện thoại")
    kind = forms.ChoiceField(
        label="Loại", widget=forms.RadioSelect, choices=[("a", "Phản ánh"), ("b", "Kiến nghị"), ("c", "Thắc mắc")]
    )
    public = forms.BooleanField(label="Cho phép công khai sau khi đã bỏ thông tin cá nhân", required=False)


def _item(label: str, count: int | None = None, tone: str = "", active: bool = False) -> SimpleNamespace:
    """One line of the side list, as the console's own navigation has it."""
    return SimpleNamespace(label=label, url="#", count=count, tone=tone, active=active)


def context() -> dict:
    """Everything the template draws."""
    wrong = SampleForm({"summary": "Cống bị rác bịt kín trước trường tiểu học", "field": "thoat-nuoc", "kind": "a"})
    nav = [
        {"title": "Việc của tôi", "items": [
            _item("Phải trả lời", 7, active=True), _item("Sắp đến hạn", 3, "soon"), _item("Trễ hạn", 1, "late"),
            _item("Chờ xác minh", 2), _item("Đã trình thủ trưởng", 4)]},
        {"title": "Đơn vị", "items": [
            _item("Tất cả phiếu", 1382), _item("Hỏi – đáp của đơn vị", 56), _item("Lịch và ngày nghỉ")]},
        {"title": "Báo cáo", "items": [_item("Tuần này"), _item("So với quy chế")]},
    ]  # fmt: skip
    steps = [
        {"label": "Đã tiếp nhận", "state": "done", "at": at(13, 2, 15, 41)},
        {"label": "Đã chuyển Sở Xây dựng", "state": "done", "at": at(13, 2, 15, 58)},
        {"label": "Đang xử lý", "state": "current", "note": "hạn 16:00 23/02/2026"},
        {"label": "Trả lời", "state": "todo"},
        {"label": "Đánh giá", "state": "todo"},
    ]
    late_steps = [
        *steps[:2],
        {"label": "Trễ hạn (đang chờ xử lý)", "state": "late", "note": "quá hạn 3 giờ"},
        *steps[3:],
    ]
    return {
        "ribbons": ribbons(), "form": wrong, "nav": nav, "steps": steps, "late_steps": late_steps,
        "now": at(13, 2, 16, 40), "received": at(13, 2, 15, 41), "sent": at(13, 2, 16, 1),
        "number": 1382, "percent": 96.4, "phone": "+84905123318", "half": 4.6,
        "facts": [("Địa chỉ", "41 Phan Châu Trinh, phường Bàn Thạch"), ("Điện thoại", "0905 ••• 318"),
                  ("Quy chế", "Quyết định 1519/QĐ-UBND ngày 28/06/2024")],
        "span": timedelta(hours=7, minutes=20), "late_span": timedelta(hours=-1, minutes=-5),
        "viewer": SimpleNamespace(name="Lê Thị B"), "role_label": "nhân sự đầu mối",
    }  # fmt: skip


def style(request: HttpRequest) -> HttpResponse:
    """GET: the page of all components, for whoever builds or checks a page."""
    return render(request, "console/style.html", context())
