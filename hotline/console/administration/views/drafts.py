"""Editions beside each other, on trial, and a new decision entered: what changes is shown before anything is written."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.calendars.queries import work_calendar
from hotline.cases.actions import enact
from hotline.cases.rules import PROMISE
from hotline.console.administration.doors import deed
from hotline.console.administration.forms.base import edition_name, several_hotlines
from hotline.console.administration.forms.drafts import CompareForm, TextForm, TrialForm
from hotline.console.context import language
from hotline.console.doors import say, staff, status_of
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import regulation_of
from hotline.refusals import Refused
from hotline.regulation.comparison import compare, differences
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.edition import edition_on
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, Role, Step
from hotline.regulation.trial import steps_of, try_out
from hotline.regulation.triggers import trigger_words
from hotline.regulation.working_time import NoWorkingTime

ADMIN = staff(Role.ADMINISTRATOR)


@staff()
def comparison(request: HttpRequest) -> HttpResponse:
    """GET: two editions side by side; `before`, `after` name them, else the last change of a regulation."""
    last = _last_two()
    several = several_hotlines()
    asked = {"before", "after"} <= request.GET.keys()
    form = CompareForm(request.GET if asked else None, initial=dict(zip(("before", "after"), last, strict=False)))
    pair = (form.cleaned_data["before"], form.cleaned_data["after"]) if asked and form.is_valid() else tuple(last)
    sections = compare(*map(regulation_of, pair)) if len(pair) == 2 else []
    return render(
        request,
        "console/administration/comparison.html",
        {
            "form": form,
            "pair": [edition_name(row, several) for row in pair],
            "sections": sections,
            "count": sum(p.change != "same" for section in sections for p in section.pairs),
            "whole": request.GET.get("whole"),
        },
    )


def _last_two() -> list[Edition]:
    """The two editions of the latest change; where no hotline has changed its regulation, the first two there are."""
    rows = list(Edition.objects.select_related("hotline").order_by("valid_from", "id"))
    of = [[row for row in rows if row.hotline_id == pk] for pk in dict.fromkeys(row.hotline_id for row in rows)]
    changed = [those for those in of if len(those) > 1]
    if changed:
        return max(changed, key=lambda those: those[-1].valid_from)[-2:]
    return rows[:2] if len(rows) > 1 else rows * 2


@staff()
def trial(request: HttpRequest) -> HttpResponse:
    """GET: a report that does not exist, tried under an edition. POST the same with an edition pasted or sent; without one
    it goes on to the address that says it all. Nothing is written."""
    if request.method == "POST" and not request.POST.get("text", "").strip() and not request.FILES:
        told = {name: value for name, value in request.POST.items() if value and name != "csrfmiddlewaretoken"}
        return HttpResponseRedirect(f"{reverse('console:edition_try')}?{urlencode(told)}")
    given = request.POST if request.method == "POST" else request.GET
    asked = {"edition", "day", "time"} <= given.keys()
    now = timezone.localtime()
    rows = list(Edition.objects.select_related("hotline").order_by("hotline_id", "-valid_from", "-id"))
    chosen = next((row for row in rows if str(row.pk) == given.get("edition")), None)
    row = chosen or next((row for row in rows if row.valid_from <= now.date()), rows[0] if rows else None)
    form = TrialForm(
        _whole(given, row) if asked else None, request.FILES or None, language=language(), now=now, row=row
    )
    tried = asked and form.is_valid()
    return render(
        request,
        "console/administration/trial.html",
        {"form": form, "row": row, "tried": _tried(form) if tried else None},
        status=422 if asked and not tried else 200,
    )


def _whole(given: Any, row: Edition | None) -> Any:
    """What was asked, with what an address may leave out."""
    data = given.copy()
    spare = {"life": "assigned", "kind": str(CaseKind.REPORT)}
    if row is not None:
        spare |= {"calendar": str(row.hotline.calendar_id), "hotline": str(row.hotline_id)}
    for name, value in spare.items():
        if not data.get(name):
            data[name] = value
    return data


def _tried(form: TrialForm) -> dict[str, Any]:
    """What became of the report, in the words of its edition."""
    edition, given = form.tried, form.cleaned_data
    calendar = work_calendar(given["calendar"].pk)
    received = form.received(calendar.zone)
    kind, field = CaseKind(given["kind"]), given["field"]
    mode = given["mode"] if given["mode"] in {mode.key for mode in edition.modes} else ""
    try:
        found = try_out(edition, PROMISE, calendar, received, steps_of(given["life"]), mode)
    except (NoWorkingTime, OverflowError):
        return {
            "never": Label(
                "Lịch này không có đủ giờ làm việc để tính thời hạn.",
                "This calendar lacks the working time to count it.",
            )
        }
    keys = [key for key in (field and field.key, field and field.parent and field.parent.key) if key]
    return {
        "edition": edition,
        "received": received,
        "kind": edition.word(kind),
        "takes": kind in edition.kinds,
        "hidden": edition.identity.hides(kind, keys),
        "foreign": not edition.in_force(received.date()),
        "late_at": found.late_at,
        "steps": [(edition.word(Step(step)), at) for step, at in found.steps],
        "clocks": [
            {
                "clock": each,
                "owner": edition.word(each.rule.owner),
                "cause": trigger_words(edition, each.cause),
                "tone": "late" if each.clock.late and each.rule.marks_late else "soon" if each.clock.late else "ok",
                "told": [(t.at, [edition.word(role) for role in t.who], t.late) for t in each.told],
            }
            for each in found.clocks
        ],
    }


@ADMIN
def new(request: HttpRequest) -> HttpResponse:
    """A new decision: GET the form; POST shows what it changes from which day; POST with `agreed` enters it."""
    form = TextForm(request.POST or None, request.FILES or None, language=language())
    refusal, status, shown = "", 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid() and form.regulation is not None:
            hotline = form.cleaned_data["hotline"]
            if request.POST.get("agreed"):
                try:
                    row = enact(hotline, form.regulation, **deed(request))
                except Refused as refused:
                    refusal, status = say(request, refused), status_of(refused)
                else:
                    messages.success(request, _("Đã nhập quy chế. Phiếu nhận từ ngày hiệu lực theo bản này."))
                    return HttpResponseRedirect(reverse("console:edition", args=[row.pk]))
            else:
                shown, status = _foretold(form.regulation, hotline.pk), 200
    return render(
        request,
        "console/administration/edition_new.html",
        {"form": form, "refusal": refusal, "shown": shown},
        status=status,
    )


def _foretold(edition: Regulation, hotline_id: int) -> dict[str, Any]:
    """What a new edition changes against the one that is in force the day before it, or that has its key."""
    rows = list(Edition.objects.filter(hotline_id=hotline_id).exclude(key=edition.key))
    before = edition_on([regulation_of(row) for row in rows], edition.valid_from)
    return {"edition": edition, "before": before, "lines": differences(before, edition) if before else []}
