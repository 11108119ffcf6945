"""How the hotline is doing, told without make-up."""

from __future__ import annotations

import csv as tables
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hotline.hotlines.queries import hotlines
from hotline.portal import rules
from hotline.portal.doors import asked_for, of_one, page
from hotline.portal.queries import figures as queries
from hotline.reports.queries import this_month

MONTHS = 6  # side by side
COLUMNS = (
    "thang", "co_quan", "linh_vuc", "phieu_tiep_nhan", "tra_loi", "tra_loi_dung_han", "tra_loi_tre_han",
    "dang_tre_han_hien_tai", "mo_lai_xu_ly", "tong_sao", "so_nguoi_danh_gia",
)  # fmt: skip


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """GET: one month of one hotline by agency and field, beside the months before it."""
    hotline, choice = of_one(request)
    today = this_month(hotline, timezone.now())
    first = _month(request.GET.get("month", ""), today)
    month = queries.month(hotline.pk, first, today)
    months = [queries.month(hotline.pk, each, today) for each in rules.months_back(first, MONTHS)]
    after = rules.next_month(first)
    return page(request, "figures.html", {
        "month": month, "total": month.total, "months": months, "agencies": queries.by_agency(month, hotline),
        "fields": queries.by_field(month, hotline), "earlier": rules.months_back(first, 2)[1],
        "later": after if after <= today else None, "is_current": after > today,
        "period": queries.words(hotline, first), **choice,
    })  # fmt: skip


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """GET: one page of what is overdue at this moment at every hotline, or at one, without the words of the reports."""
    lines = hotlines()
    line = asked_for(request, lines)
    after = request.GET.get("after", "")
    found = queries.late_now(after, hotline_id=line.pk if line else None)
    query = {"hotline": line.key} if line else {}
    here = reverse("portal:figures_late")
    return page(request, "late.html", {
        "cases": found.cases, "now": timezone.now(), "lines": lines if len(lines) > 1 else [],
        "chosen": {"hotline": line.key if line else ""}, "first": f"{here}?{urlencode(query)}" if after else "",
        "more": f"{here}?{urlencode({**query, 'after': found.next})}" if found.next else "",
    })  # fmt: skip


@require_safe
def csv(request: HttpRequest, month: str) -> HttpResponse:
    """GET: a month of one hotline by agency and field for a spreadsheet (UTF-8 with the mark that spreadsheets look for)."""
    hotline, _ = of_one(request)
    today = this_month(hotline, timezone.now())
    first = rules.month_of(month, today)
    if first is None:
        raise Http404
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="so-lieu-{first:%Y-%m}.csv"'
    writer = tables.writer(response)
    writer.writerow(COLUMNS)
    for agency, field, tally in queries.table(queries.month(hotline.pk, first, today), hotline):
        row = (
            f"{first:%m/%Y}", agency, field, tally.received, tally.answered, tally.answered - tally.late, tally.late,
            tally.late_open, tally.reopened, tally.stars, tally.raters,
        )  # fmt: skip
        writer.writerow([rules.cell(value) for value in row])
    return response


def _month(text: str, today: date) -> date:
    """The month asked for; this one when nothing is asked. What is no month is no page."""
    if not text:
        return today.replace(day=1)
    first = rules.month_of(text, today)
    if first is None:
        raise Http404
    return first
