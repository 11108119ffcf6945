"""The reports: whether the regulation is kept, how far cases go, how agencies stand, who is responsible for what."""

from __future__ import annotations

import csv as tables
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.cases.models import Case
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import regulation_of
from hotline.regulation.lifecycle import Role
from hotline.regulation.periods import Period, month_after, month_before
from hotline.reports import queries, rules
from hotline.reports.queries import conformance as kept
from hotline.reports.queries import levels as ladder
from hotline.reports.queries import ranking as rank

PAGE = 50
FIRST = date(2016, 1, 1)  # no hotline of ours is older
WATCHING = (Role.COORDINATOR, Role.LEADER, Role.INSPECTOR, Role.SHIFT_LEADER, Role.HEAD)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run them


@staff(*WATCHING)
def conformance(request: HttpRequest) -> HttpResponse:
    """GET: every duty of the regulation with how often it was kept and broken; `format=csv` for a spreadsheet."""
    frame = _frame(request)
    found = kept.conformance(request.viewer, frame["hotline"], frame["period"])
    if request.GET.get("format") == "csv":
        head = [_("Quy chế"), _("Nghĩa vụ"), _("Người phải làm"), *(words.get(language()) for words in _verdicts())]
        lines = (
            [row.decision, line.duty.label.get(language()), line.duty.owner.get(language()), *(n for *_w, n in line.counts)]
            for row, of_it in found for line in of_it
        )  # fmt: skip
        return _csv("chap-hanh-quy-che", frame["period"], head, lines)
    context = {"tables": [(row, lines, rules.total(lines)) for row, lines in found], "verdicts": _verdicts()}
    return render(request, "console/reports/conformance.html", frame | context)


@staff(*WATCHING)
def behind(request: HttpRequest, edition: int, duty: str, verdict: str) -> HttpResponse:
    """GET: the cases behind one count, paged by key."""
    frame = _frame(request)
    row = Edition.objects.filter(pk=edition, hotline=frame["hotline"]).first()
    duties = {known.key: known for known in rules.duties(regulation_of(row))} if row else {}
    if row is None or duty not in duties or verdict not in rules.VERDICTS:
        raise Http404
    after = _place(request.GET.get("after", ""))
    rows = kept.behind(request.viewer, frame["hotline"], frame["period"], row, duty, verdict, after)
    shown = list(rows[: PAGE + 1])
    older = f"?{frame['asked']}&after={_mark(shown[PAGE - 1])}" if len(shown) > PAGE else ""
    context = {
        "rows": shown[:PAGE], "duty": duties[duty], "verdict": rules.VERDICTS[verdict], "edition": row,
        "older": older, "newer": f"?{frame['asked']}" if after else "",
    }  # fmt: skip
    return render(request, "console/reports/cases.html", frame | context)


@staff(*WATCHING)
def levels(request: HttpRequest) -> HttpResponse:
    """GET: cases by level (who) and by response mode (how)."""
    frame = _frame(request)
    asked = (request.viewer, frame["hotline"], frame["period"])
    context = {"levels": ladder.levels(*asked), "modes": ladder.modes(*asked), "at_once": ladder.answered_without_case(*asked)}
    return render(request, "console/reports/levels.html", frame | context)


@staff(*WATCHING)
def ranking(request: HttpRequest) -> HttpResponse:
    """GET: agencies beside each other; `format=csv` for a spreadsheet."""
    frame = _frame(request)
    rows = rank.ranking(request.viewer, frame["hotline"], frame["period"])
    if request.GET.get("format") == "csv":
        head = [_("Cơ quan"), _("Phiếu nhận"), _("Trả lời"), _("Trả lời trễ hạn"), _("Đang trễ hạn"), _("Chuyển trả"),
                _("Mở lại"), _("Từ chối"), _("Điểm hài lòng")]  # fmt: skip
        lines = ([r.agency.name, r.received, r.answered, r.late, r.late_open, r.returned, r.reopened, r.refused,
                  f"{r.stars:.2f}" if r.stars is not None else ""] for r in rows)  # fmt: skip
        return _csv("xep-hang-don-vi", frame["period"], head, lines)
    return render(request, "console/reports/ranking.html", frame | {"rows": rows})


@staff()
def responsibilities(request: HttpRequest) -> HttpResponse:
    """GET: who does what under the regulation in force in the period."""
    frame = _frame(request)
    rows = Edition.objects.filter(hotline=frame["hotline"], valid_from__lt=frame["period"].end).order_by("-valid_from")
    edition = rows.first()
    columns, tasks = rules.matrix(regulation_of(edition)) if edition else ([], [])
    names = [name for _key, name in columns]
    lines = [(task, article, list(zip(names, parts, strict=True))) for task, article, parts in tasks]
    return render(
        request, "console/reports/responsibilities.html", frame | {"edition": edition, "columns": columns, "tasks": lines}
    )


def _frame(request: HttpRequest) -> dict[str, Any]:
    """What every report shows: which hotline, which period, the ones before and after, and the query that keeps them."""
    hotlines = list(Hotline.objects.order_by("id"))
    wanted = request.GET.get("hotline", "")
    hotline = next((row for row in hotlines if row.key == wanted), hotlines[0] if not wanted and hotlines else None)
    if hotline is None:
        raise Http404
    now = queries.this_month(hotline, timezone.now())
    month = _month(request.GET.get("month", ""), now)
    period, rule = queries.period_of(hotline, month)
    later = month_after(month)
    return {
        "hotline": hotline, "hotlines": hotlines if len(hotlines) > 1 else [], "period": period, "month": month,
        "period_words": rule.words(period), "asked": f"hotline={hotline.key}&month={month:%Y-%m}",
        "earlier": f"hotline={hotline.key}&month={month_before(month):%Y-%m}" if month > FIRST else "",
        "later": f"hotline={hotline.key}&month={later:%Y-%m}" if later <= now else "",
    }  # fmt: skip


def _month(text: str, now: date) -> date:
    if not text:
        return now
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
    if not FIRST <= month <= now:
        raise Http404
    return month


def _verdicts() -> list[Any]:
    return [rules.VERDICTS[name] for name in (rules.KEPT, rules.LATE, rules.OPEN, rules.RUNNING, rules.LIFTED)]


def _mark(case: Case) -> str:
    return urlsafe_b64encode(f"{case.received_at.isoformat()} {case.pk}".encode()).decode().rstrip("=")


def _place(text: str) -> tuple[datetime, int] | None:
    if not text:
        return None
    try:
        moment, _space, key = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not 0 < int(key) < 2**63:
            raise ValueError(text)
        return at, int(key)
    except ValueError:
        raise Http404 from None


def _csv(name: str, period: Period, head: Sequence[str], lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """A table for a spreadsheet (UTF-8 with the mark that spreadsheets look for); no cell is taken for a formula."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{period.month:%Y-%m}.csv"'
    writer = tables.writer(response)
    writer.writerow(head)
    for line in lines:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in line])
    return response
