"""The regulation by date, in words; and what it would make of a report that comes at a certain moment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from hotline.calendars.queries import work_calendar
from hotline.console.administration.forms.editions import TryForm
from hotline.console.administration.rules import triggers
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import regulation_of
from hotline.regulation.clocks import start as clock_from
from hotline.regulation.clocks import warnings
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.explain import explain
from hotline.regulation.in_words import how_counted, in_words
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.regulation.limits import WorkingDays, WorkingHours
from hotline.regulation.working_time import NoWorkingTime
from hotline.simulation.rules.asking import ASKING

_ALSO = ("rising", "modes", "others")  # sections told line by line; the rest of the page has forms of its own


@staff()
def index(request: HttpRequest) -> HttpResponse:
    """GET: all editions, the one in force marked."""
    today = timezone.localdate()
    rows = list(Edition.objects.select_related("hotline").order_by("hotline_id", "-valid_from"))
    return render(
        request,
        "console/administration/editions.html",
        {
            "rows": [(row, regulation_of(row).title, _standing(row, today)) for row in rows],
            "may": request.viewer.has(Role.ADMINISTRATOR),
            "may_simulate": request.viewer.has(*ASKING),
        },
    )


@staff()
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one edition in words. With `clock`, `day` and `time`: the due moment that would follow, and why."""
    row = get_object_or_404(Edition.objects.select_related("hotline__calendar"), pk=pk)
    rules = regulation_of(row)
    now = timezone.localtime()
    asked = {"clock", "day", "time"} <= request.GET.keys()
    form = TryForm(
        request.GET if asked else None, edition=rules, language=language(), now=now, calendar=row.hotline.calendar
    )
    return render(
        request,
        "console/administration/edition.html",
        {
            "row": row,
            "edition": rules,
            "standing": _standing(row, now.date()),
            "form": form,
            "now": now,
            "tried": tried(row, rules, form) if asked and form.is_valid() else None,
            "clocks": [_clock(rules, rule) for rule in rules.clocks],
            "levels": [(level, rules.word(level.role)) for level in rules.levels],
            "kinds": [rules.word(kind) for kind in rules.kinds],
            "outcomes": [(rules.word(rule.kind), _wants(rule)) for rule in rules.outcomes],
            "needed": [(channel, things) for channel, things in rules.completeness.required.items()],
            "decided_by": rules.word(rules.returns.decided_by),
            "moves": [rules.clock(key).label for key in rules.reschedule.moves],
            "grounds": rules.refusal_grounds,
            "sections": [s for s in in_words(rules) if s.key in _ALSO or s.key.startswith("obligation:")],
        },
    )


def tried(row: Edition, rules: Regulation, form: TryForm) -> dict[str, Any]:
    """The due moment of a report received then, its days, and when it would be warned of."""
    chosen = form.cleaned_data["calendar"] or row.hotline.calendar
    calendar = work_calendar(chosen.pk)
    rule = rules.clock(form.cleaned_data["clock"])
    start = form.start(calendar.zone)
    try:
        explanation = explain(rule.limit, start, calendar)
        reminders = warnings(clock_from(rule, start, calendar), rule, calendar)
    except (NoWorkingTime, OverflowError):
        never = Label(
            "Lịch này không có đủ giờ làm việc để tính thời hạn.", "This calendar lacks the working time to count it."
        )
        return {"never": never}
    working = isinstance(rule.limit, WorkingHours | WorkingDays)
    return {
        "explanation": explanation,
        "rule": rule,
        "start": start,
        "warnings": reminders,
        "working": working,
        "foreign": not rules.in_force(start.date()),
    }


def _clock(rules: Regulation, rule: Any) -> dict[str, Any]:
    return {
        "rule": rule,
        "owner": rules.word(rule.owner),
        "how": how_counted(rule.limit),
        "starts": triggers(rules, rule.starts_on),
        "meets": triggers(rules, rule.meets_on),
        "cancels": triggers(rules, rule.cancels_on),
        "pauses": triggers(rules, rule.pauses_on),
        "warns": [lead.label for lead in rule.warn_before],
        "tells": [rules.word(role) for role in dict.fromkeys((rule.owner, *rule.tells))],
    }


def _wants(rule: Any) -> list[Label]:
    """What an outcome asks for."""
    asked = (
        (rule.needs_ground, Label("căn cứ từ chối và nơi cần đến", "a ground of refusal and where to go")),
        (rule.needs_proof, Label("ảnh hoặc người dân xác nhận", "a photo or the citizen's confirmation")),
        (rule.needs_date, Label("ngày dự kiến thực hiện", "the date it will be done")),
    )
    return [label for wanted, label in asked if wanted]


def _standing(row: Edition, today: Any) -> str:
    if row.valid_from > today:
        return "later"
    return "over" if row.valid_to and row.valid_to < today else "now"
