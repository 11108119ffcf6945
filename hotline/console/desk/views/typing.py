"""Typing in for somebody who phones or walks in: the number finds the citizen, one short form, then the case."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.citizens.models import Citizen
from hotline.citizens.queries import by_phone
from hotline.citizens.rules import normal_phone
from hotline.console.context import language
from hotline.console.desk import rules
from hotline.console.desk.doors import lanes_now
from hotline.console.desk.forms import TypeForm
from hotline.console.desk.views.lists import WRITERS, list_context
from hotline.console.doors import say, staff, status_of
from hotline.hotlines.queries import default_hotline
from hotline.intake import actions
from hotline.intake.queries import History, history
from hotline.intake.rules import TypedIn
from hotline.people.rules import Viewer
from hotline.refusals import Refused
from hotline.regulation.lanes import LANES, Lane, told_of_denunciation

HISTORY = 6


@staff(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """GET: the empty form. POST: the contact, held by the call-taker; with `find` only the citizen is looked up."""
    if request.method != "POST":
        return _shown(request, TypeForm())
    if "find" in request.POST:
        return _shown(request, _found(request))
    if "say" in request.POST:  # one answer more to the questions: everything typed comes along
        return _shown(request, TypeForm(initial=_typed(request.POST)), said=request.POST["say"])
    if "emergency" in request.POST:
        return _handed_over(request)
    guiding = "guide" in request.POST
    form = TypeForm(_with_words(request.POST) if guiding else request.POST)
    if not form.is_valid():
        return _shown(request, form, 422)
    hotline = form.called[0] or default_hotline()
    try:
        received = actions.type_in(form.typed(hotline), actor=request.viewer.actor(hotline.desk_id), now=timezone.now())
    except Refused as refused:
        form.add_error(None, say(request, refused))
        return _shown(request, form, status_of(refused))
    assert received.conversation is not None  # a person's message is never ignored
    ref = received.conversation.ref
    if guiding:
        return HttpResponseRedirect(reverse("console:desk_matter", args=[ref, "complaint"]))
    return HttpResponseRedirect(reverse("console:desk_conversation", args=[ref]))


@staff(*WRITERS)
def lanes(request: HttpRequest) -> HttpResponse:
    """GET: the strip of questions on this page, after the answers in `say`."""
    return render(request, "console/desk/_lanes.html", lanes_context(request.GET.get("say", "")))


def lanes_context(said: str = "") -> dict[str, Any]:
    """The questions for somebody whose contact is not written down yet."""
    lanes = lanes_now(default_hotline().pk, timezone.now())
    panel = rules.panel_of(lanes, said, named=False)
    return {
        "panel": panel, "lanes": lanes, "lanes_get": f"{reverse('console:desk_lanes')}?say=",
        "lanes_post": reverse("console:desk_new"), "way_title": LANES[panel.way.lane] if panel.way else None,
        "to_do": rules.TO_DO[panel.way.lane] if panel.way else None,
        "told": told_of_denunciation(lanes, language()) if panel.way and panel.way.lane == Lane.SEALED else "",
    }  # fmt: skip


def _handed_over(request: HttpRequest) -> HttpResponse:
    """One press: the number, the moment, and whatever was typed so far."""
    hotline, now = default_hotline(), timezone.now()
    numbers = {n.number: n for n in lanes_now(hotline.pk, now).numbers}
    number = numbers.get(request.POST["emergency"])
    if number is None:
        return _shown(request, TypeForm(initial=_typed(request.POST)), 422)
    data = _typed(request.POST)
    typed = TypedIn(
        hotline_id=hotline.pk, typing=str(data["typing"] or uuid.uuid4()), content=data["content"].strip(),
        name=data["name"].strip(), phone=normal_phone(data["phone"]) or "",
    )  # fmt: skip
    actions.hand_over(typed, rules.emergency_note(number, "vi"), actor=request.viewer.actor(hotline.desk_id), now=now)
    at = timezone.localtime(now)
    messages.success(request, _("Đã ghi: nối %(number)s lúc %(at)s.") % {"number": number.number, "at": f"{at:%H:%M}"})
    return HttpResponseRedirect(reverse("console:desk"))


def _typed(data: QueryDict) -> dict[str, str]:
    """What stands in the form, whole or not."""
    names = ("typing", "how", "line", "phone", "name", "address", "email", "organisation", "language", "content")
    return {name: data.get(name, "") for name in names}


def _with_words(data: QueryDict) -> QueryDict:
    """A complaint needs no words of its own: that it was one is enough of a record."""
    whole = data.copy()
    if not whole.get("content", "").strip():
        whole["content"] = _("Khiếu nại (chỉ hướng dẫn)")
    return whole


@staff(*WRITERS)
def citizen(request: HttpRequest) -> HttpResponse:
    """POST (a number is no part of an address): who this number belongs to, and what they had before."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = citizen_context(request.viewer, request.POST.get("phone", ""))
    fills = {
        name: getattr(found["citizen"], name) for name in ("name", "address")
        if found["citizen"] and not request.POST.get(name, "").strip()
    }  # fmt: skip
    form = TypeForm(initial={"how": request.POST.get("how", ""), **fills})
    return render(request, "console/desk/_citizen.html", {**found, "fills": [form[name] for name in fills]})


def _found(request: HttpRequest) -> TypeForm:
    """The form as typed, with the blanks filled from the citizen's record."""
    data = request.POST.copy()
    known = by_phone(data.get("phone", ""))
    for name in ("name", "address"):
        if known and not data.get(name, "").strip():
            data[name] = getattr(known, name)
    return TypeForm(initial=_typed(data))


def _shown(request: HttpRequest, form: TypeForm, status: int = 200, said: str = "") -> HttpResponse:
    phone = form.data.get("phone", "") if form.is_bound else form.initial.get("phone", "")
    context = list_context(request) | citizen_context(request.viewer, phone) | {"form": form}
    context |= lanes_context(said)
    return render(request, "console/desk/new.html", context, status=status)


def citizen_context(viewer: Viewer, phone: str) -> dict[str, Any]:
    """The citizen behind a number; `unknown` when the number is good and nobody has used it yet."""
    number = normal_phone(phone)
    known: Citizen | None = by_phone(phone) if number else None
    past = history(viewer, known, limit=HISTORY) if known else History([])
    return {
        "citizen": known, "number": number or "", "unknown": bool(number) and known is None, "past": past.rows,
        "past_more": bool(past.next), "repeats": [p.case for p in past.rows if p.case and p.case.is_open],
    }  # fmt: skip
