"""The agency tree with names and parents that change on a date."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.administration.doors import deed, form_page
from hotline.console.administration.forms.organisation import (
    CloseForm,
    MoveForm,
    NewAgencyForm,
    RenameForm,
    UseCalendarForm,
)
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.organisation import actions
from hotline.organisation.models import Agency
from hotline.organisation.rules import fold
from hotline.people.queries import posts_on
from hotline.people.rules import AGENCY_ROLES
from hotline.regulation.lifecycle import Role
from hotline.routing.models import Route

ADMIN = staff(Role.ADMINISTRATOR)


@ADMIN
def index(request: HttpRequest) -> HttpResponse:
    """GET: the tree of today; `q` finds by name, `all` shows those that are no more."""
    today = timezone.localdate()
    words = fold(request.GET.get("q", ""))
    gone = bool(request.GET.get("all"))
    rows = [a for a in Agency.objects.order_by("name") if gone or a.valid_to is None or a.valid_to >= today]
    if words:
        rows = [a for a in rows if words in a.folded]
    shown = {a.pk for a in rows}
    below: dict[int | None, list[Agency]] = {}
    for agency in rows:
        # Found by name, or without its parent: it stands at the top.
        below.setdefault(None if words or agency.parent_id not in shown else agency.parent_id, []).append(agency)
    order = list(Agency.Kind)
    tops = sorted(below.get(None, []), key=lambda a: (order.index(Agency.Kind(a.kind)), a.name))
    groups: dict[str, list] = {}
    for top in tops:
        groups.setdefault(Agency.Kind(top.kind).label, []).append((top, _branch(top, below)))
    return render(
        request,
        "console/administration/agencies.html",
        {"groups": groups, "words": request.GET.get("q", ""), "all": gone, "count": len(rows), "today": today},
    )


def _branch(agency: Agency, below: dict[int | None, list[Agency]]) -> list:
    return [(child, _branch(child, below)) for child in below.get(agency.pk, [])]


@ADMIN
def agency(request: HttpRequest, key: str) -> HttpResponse:
    """GET: one agency: what it was called, whom it belonged to, who works there, what it handles."""
    row = _agency(key)
    today, said = timezone.localdate(), request.viewer.words.of
    posts = posts_on(today).filter(agency=row).select_related("person").order_by("person__full_name")
    return render(
        request,
        "console/administration/agency.html",
        {
            "agency": row,
            "kind": Agency.Kind(row.kind).label,
            "today": today,
            "names": row.names.order_by("-valid_from", "-id"),
            "former": row.area.aliases.exclude(valid_to=None).order_by("-valid_to", "name") if row.area else [],
            "parents": row.parents.select_related("parent").order_by("-valid_from", "-id"),
            "children": row.children.order_by("name"),
            "people": [(post.person, said(Role(post.role), row.pk).get(language())) for post in posts],
            "short": [said(role, row.pk) for role in sorted(AGENCY_ROLES) if not any(p.role == role for p in posts)],
            "routes": Route.objects.filter(agency=row)
            .select_related("field", "area")
            .order_by("field__position", "id"),
        },
    )


@ADMIN
def new(request: HttpRequest) -> HttpResponse:
    """A new agency."""
    today = timezone.localdate()
    form = NewAgencyForm(request.POST or None, day=today, initial={"from_day": today})
    return form_page(
        request,
        form,
        lambda given: actions.create_agency(
            given["key"],
            given["kind"],
            given["name"],
            given["short_name"],
            parent=given["parent"],
            area=given["area"],
            from_day=given["from_day"],
            decision=given["decision"],
            **deed(request),
        ),
        title=_("Thêm cơ quan, đơn vị"),
        back=reverse("console:agencies"),
        send=_("Thêm cơ quan"),
        done=_("Đã thêm cơ quan."),
        to=lambda made: _page(made.key),
    )


@ADMIN
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """Another name from a day on."""
    row = _agency(key)
    form = RenameForm(
        request.POST or None, initial={"name": row.name, "short_name": row.short_name, "from_day": timezone.localdate()}
    )
    return _change(
        request,
        row,
        form,
        _("Đổi tên"),
        _("Tên cũ vẫn hiện ở những phiếu, quyết định của thời gian trước."),
        lambda given: actions.rename_agency(
            row,
            given["name"].strip(),
            given["short_name"].strip(),
            from_day=given["from_day"],
            decision=given["decision"],
            **deed(request),
        ),
    )


@ADMIN
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Another parent from a day on."""
    row, today = _agency(key), timezone.localdate()
    form = MoveForm(request.POST or None, day=today, agency=row, initial={"parent": row.parent_id, "from_day": today})
    return _change(
        request,
        row,
        form,
        _("Chuyển cơ quan chủ quản"),
        "",
        lambda given: actions.move_agency(
            row, given["parent"], from_day=given["from_day"], decision=given["decision"], **deed(request)
        ),
    )


@ADMIN
def close(request: HttpRequest, key: str) -> HttpResponse:
    """The end of an agency, and who takes over."""
    row, today = _agency(key), timezone.localdate()
    form = CloseForm(
        request.POST or None,
        day=today,
        agency=row,
        initial={"last_day": row.valid_to or today, "successor": row.successor_id},
    )
    return _change(
        request,
        row,
        form,
        _("Giải thể, sáp nhập"),
        _(
            "Từ ngày sau đó, phiếu mới theo bảng phân công đến cơ quan kế thừa. Phiếu đang xử lý do Văn phòng điều phối chuyển."
        ),
        lambda given: actions.close_agency(
            row, given["last_day"], given["successor"], decision=given["decision"], **deed(request)
        ),
    )


@ADMIN
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """The calendar the agency works by."""
    row = _agency(key)
    return _change(
        request,
        row,
        UseCalendarForm(request.POST or None, initial={"calendar": row.calendar_id}),
        _("Lịch làm việc"),
        _("Áp dụng cho phiếu chuyển đến từ nay; thời hạn đang chạy giữ lịch lúc bắt đầu."),
        lambda given: actions.use_calendar(row, given["calendar"], **deed(request)),
    )


def _change(
    request: HttpRequest, row: Agency, form: forms.Form, title: str, lead: str, perform: Callable[[dict], Agency]
) -> HttpResponse:
    return form_page(
        request, form, perform, title=f"{title}: {row.name}", lead=lead, to=_page(row.key), back=_page(row.key)
    )


def _agency(key: str) -> Agency:
    return get_object_or_404(Agency.objects.select_related("parent", "area", "calendar", "successor"), key=key)


def _page(key: str) -> str:
    return reverse("console:agency", args=[key])
