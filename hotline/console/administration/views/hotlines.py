"""Fields of work, the routing table and mailboxes of the hotline."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hotline.console.administration.doors import deed, do, form_page
from hotline.console.administration.forms.hotlines import FieldForm, MailboxForm, NewFieldForm, RouteForm, RoutesFilter
from hotline.console.doors import staff
from hotline.hotlines import actions
from hotline.hotlines.actions import FIELD_COLUMNS, MAILBOX_COLUMNS
from hotline.hotlines.models import Field, Mailbox
from hotline.hotlines.queries import default_hotline, field_tree
from hotline.regulation.lifecycle import Role
from hotline.routing import actions as routing
from hotline.routing.models import Route

ADMIN = staff(Role.ADMINISTRATOR)


# -- fields --------------------------------------------------------------------------------------------------------------


@ADMIN
def fields(request: HttpRequest) -> HttpResponse:
    """GET: all fields in their two levels, hidden ones too."""
    return render(
        request, "console/administration/fields.html", {"tree": field_tree(default_hotline(), active_only=False)}
    )


@ADMIN
def new_field(request: HttpRequest) -> HttpResponse:
    """A new field."""
    hotline = default_hotline()
    form = NewFieldForm(request.POST or None, hotline=hotline, initial={"public": True})
    return form_page(
        request,
        form,
        lambda given: actions.add_field(
            hotline,
            given["key"],
            given["vi"],
            given["en"],
            parent=given["parent"],
            words=given["words"],
            urgent_words=given["urgent_words"],
            public=given["public"],
            **deed(request),
        ),
        title=_("Thêm lĩnh vực"),
        to=reverse("console:fields"),
        back=reverse("console:fields"),
        send=_("Thêm lĩnh vực"),
        done=_("Đã thêm lĩnh vực. Nhớ thêm dòng phân công để hệ thống gợi ý đơn vị xử lý."),
    )


@ADMIN
def field(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a field, show or hide it."""
    row = get_object_or_404(Field, pk=pk)
    form = FieldForm(request.POST or None, row={name: getattr(row, name) for name in FIELD_COLUMNS})
    return form_page(
        request,
        form,
        lambda given: actions.change_field(row, **given, **deed(request)),
        title=_("Lĩnh vực: %(name)s") % {"name": row.vi},
        to=reverse("console:fields"),
        back=reverse("console:fields"),
    )


# -- routes --------------------------------------------------------------------------------------------------------------


@ADMIN
def routes(request: HttpRequest) -> HttpResponse:
    """GET: the routing table; `field`, `agency` and `area` narrow it. A province has a few hundred rows: one page."""
    hotline = default_hotline()
    asked = RoutesFilter(request.GET or None, hotline=hotline, day=timezone.localdate())
    chosen = {k: v for k, v in asked.cleaned_data.items() if v} if asked.is_bound and asked.is_valid() else {}
    rows = Route.objects.filter(field__hotline=hotline, **chosen).select_related("field", "agency", "area")
    return render(
        request,
        "console/administration/routes.html",
        {
            "rows": rows.order_by("field__position", "field_id", "-priority", "id"),
            "filter": asked,
            "narrowed": bool(chosen),
            "bare": Field.objects.filter(
                hotline=hotline, active=True, routes__isnull=True, parent__routes__isnull=True, children__isnull=True
            ),
        },
    )


@ADMIN
def new_route(request: HttpRequest) -> HttpResponse:
    """Another row of the routing table."""
    form = RouteForm(
        request.POST or None,
        hotline=default_hotline(),
        day=timezone.localdate(),
        initial={name: request.GET.get(name) for name in ("field", "agency") if request.GET.get(name)},
    )
    return form_page(
        request,
        form,
        lambda given: routing.add_route(
            given["field"],
            agency=given["agency"],
            area=given["area"],
            own_commune=given["own_commune"],
            priority=given["priority"],
            note=given["note"],
            **deed(request),
        ),
        title=_("Thêm dòng phân công"),
        to=reverse("console:routes"),
        back=reverse("console:routes"),
        send=_("Thêm dòng"),
        done=_("Đã thêm dòng phân công."),
    )


@ADMIN
def route(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row of the routing table."""
    row = get_object_or_404(Route.objects.select_related("field", "agency", "area"), pk=pk)
    form = RouteForm(
        request.POST or None,
        hotline=default_hotline(),
        day=timezone.localdate(),
        row=routing.document(row),
        values={"field": row.field_id, "area": row.area_id, "agency": row.agency_id},
    )
    return form_page(
        request,
        form,
        lambda given: routing.change_route(row, **given, **deed(request)),
        title=_("Sửa dòng phân công"),
        to=reverse("console:routes"),
        back=reverse("console:routes"),
    )


@ADMIN
@require_POST
def remove_route(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take a row out of the routing table."""
    return do(
        request,
        lambda: routing.remove_route(Route(pk=pk), **deed(request)),
        done=_("Đã xóa dòng phân công."),
        to=reverse("console:routes"),
    )


# -- mailboxes -----------------------------------------------------------------------------------------------------------


@ADMIN
def mailboxes(request: HttpRequest) -> HttpResponse:
    """GET: every mailbox, how it is fetched and how it stands."""
    return render(
        request,
        "console/administration/mailboxes.html",
        {"rows": Mailbox.objects.select_related("hotline").order_by("address"), "now": timezone.localtime()},
    )


@ADMIN
def new_mailbox(request: HttpRequest) -> HttpResponse:
    """Another mailbox."""
    return form_page(
        request,
        MailboxForm(request.POST or None),
        lambda given: actions.add_mailbox(default_hotline(), **deed(request), **_columns(given)),
        title=_("Thêm hộp thư"),
        to=reverse("console:mailboxes"),
        back=reverse("console:mailboxes"),
        send=_("Thêm hộp thư"),
        done=_("Đã thêm hộp thư."),
        lead=_("Lần kết nối đầu tiên chỉ lấy thư đến sau đó; thư cũ được để nguyên."),
    )


@ADMIN
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a mailbox or pause it."""
    row = get_object_or_404(Mailbox, pk=pk)
    form = MailboxForm(request.POST or None, row={name: getattr(row, name) for name in MAILBOX_COLUMNS})
    return form_page(
        request,
        form,
        lambda given: actions.change_mailbox(row, seen=given["seen"], **deed(request), **_columns(given)),
        title=_("Hộp thư %(address)s") % {"address": row.address},
        to=reverse("console:mailboxes"),
        back=reverse("console:mailboxes"),
    )


def _columns(given: dict) -> dict:
    return {name: given[name] for name in MAILBOX_COLUMNS}
