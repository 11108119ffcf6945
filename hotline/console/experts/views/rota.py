"""The pool of experts and its rota: who is on duty when, and a warning where the rest between shifts is too short."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.administration.doors import do, form_page
from hotline.console.context import language
from hotline.console.experts.forms import ExpertForm, ShiftForm
from hotline.console.experts.views.standing import standing_door
from hotline.experts import actions
from hotline.experts.models import Expert, Shift
from hotline.experts.queries import Standing, hotline_of, last_standing_day, pool, rota
from hotline.experts.querysets import stands_for
from hotline.hotlines.models import Hotline

DAYS = 7


@standing_door
def index(request: HttpRequest) -> HttpResponse:
    """GET: a week of shifts from `day`, and everybody in the pool. Once the edition has ended, its last week, as a record."""
    now, last = timezone.now(), last_standing_day(timezone.localdate())
    hotline, standing = _here(request, last)
    over = last < timezone.localdate(now)
    first = _day(request.GET.get("day"), last - timedelta(days=DAYS - 1) if over else last)
    begins = timezone.make_aware(datetime.combine(first, time.min))
    rest = timedelta(hours=standing.rule.rest_hours)
    rows = rota(hotline.pk, begins, begins + timedelta(days=DAYS), now, rest)
    days: dict[date, list] = {first + timedelta(days=n): [] for n in range(DAYS)}
    for row in rows:
        days[max(timezone.localdate(row.shift.begins_at), first)].append(row)
    return render(request, "console/experts/rota.html", {
        "days": days.items(), "pool": pool(hotline.pk), "rule": standing.rule, "lang": language(),
        "before": first - timedelta(days=DAYS), "after": first + timedelta(days=DAYS), "today": timezone.localdate(now),
        "may_write": not over and standing.agency.pk in stands_for(request.viewer),
    })  # fmt: skip


@standing_door
def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form. POST: an expert is entered."""
    hotline, standing = _writable(request)
    to = reverse("console:rota")
    return form_page(
        request, ExpertForm(request.POST or None), lambda data: actions.add_expert(
            hotline, standing.agency, name=data["name"], specialty=data["specialty"], workplace=data["workplace"],
            phone=data["phone"], actor=request.viewer.actor(standing.agency.pk), now=timezone.now(),
        ),
        title=_("Thêm chuyên gia"), to=to, back=to, lead=standing.rule.label.get(language()),
    )  # fmt: skip


@standing_door
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: an expert without the number. POST: changed; an empty number keeps the one there is."""
    hotline, standing = _writable(request)
    expert = Expert.objects.filter(hotline=hotline, pk=pk).defer("phone").first()
    if expert is None:
        raise Http404
    shown = {name: getattr(expert, name) for name in ("version", "name", "specialty", "workplace", "active")}
    to = reverse("console:rota")
    return form_page(
        request, ExpertForm(request.POST or None, known=True, initial=shown), lambda data: actions.change_expert(
            pk, standing.agency, name=data["name"], specialty=data["specialty"], workplace=data["workplace"],
            phone=data["phone"], active=data["active"], version=data["version"] or 0,
            actor=request.viewer.actor(standing.agency.pk), now=timezone.now(),
        ),
        title=expert.name, to=to, back=to,
    )  # fmt: skip


@standing_door
def new_shift(request: HttpRequest) -> HttpResponse:
    """GET: an empty form. POST: the shift is on the rota; too little rest before or after it is said on the next page."""
    hotline, standing = _writable(request)
    form = ShiftForm(request.POST or None, hotline_id=hotline.pk, initial={"day": _day(request.GET.get("day"))})

    def perform(data: dict) -> Shift:
        shift, warning = actions.add_shift(
            data["expert"], standing.agency, *form.span(), rest=timedelta(hours=standing.rule.rest_hours),
            actor=request.viewer.actor(standing.agency.pk), now=timezone.now(),
        )  # fmt: skip
        if warning:
            messages.warning(request, warning.get(language()))
        return shift

    to = reverse("console:rota")
    return form_page(
        request, form, perform, title=_("Thêm ca trực"), back=to,
        to=lambda shift: f"{to}?day={timezone.localdate(shift.begins_at).isoformat()}",
    )  # fmt: skip


@standing_door
def remove_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: the shift is off the rota; one that has ended stays."""
    hotline, standing = _writable(request)
    if not Shift.objects.filter(pk=pk, expert__hotline=hotline).exists():
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return do(
        request, lambda: actions.remove_shift(
            pk, standing.agency, actor=request.viewer.actor(standing.agency.pk), now=timezone.now()
        ),
        done=_("Đã bỏ ca trực."), to=reverse("console:rota"),
    )  # fmt: skip


def _here(request: HttpRequest, day: date | None = None) -> tuple[Hotline, Standing]:
    """The hotline and its standing unit of a day, today; before the edition begins and after it has ended there is none."""
    found = hotline_of(request.viewer, day or timezone.localdate())
    if found is None:
        raise Http404
    return found


def _writable(request: HttpRequest) -> tuple[Hotline, Standing]:
    hotline, standing = _here(request)
    if standing.agency.pk not in stands_for(request.viewer):
        raise Http404
    return hotline, standing


def _day(text: str | None, otherwise: date | None = None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise or timezone.localdate()
