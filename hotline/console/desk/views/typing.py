"""Typing in for somebody who phones or walks in: the number finds the citizen, one short form, then the case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.citizens.models import Citizen
from hotline.citizens.queries import by_phone
from hotline.citizens.rules import normal_phone
from hotline.console.desk.forms import TypeForm
from hotline.console.desk.views.lists import WRITERS, list_context
from hotline.console.doors import say, staff, status_of
from hotline.hotlines.queries import default_hotline
from hotline.intake import actions
from hotline.intake.queries import History, history
from hotline.people.rules import Viewer
from hotline.refusals import Refused

HISTORY = 6


@staff(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """GET: the empty form. POST: the contact, held by the call-taker; with `find` only the citizen is looked up."""
    if request.method != "POST":
        return _shown(request, TypeForm())
    if "find" in request.POST:
        return _shown(request, _found(request))
    form = TypeForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, 422)
    hotline = default_hotline()
    try:
        received = actions.type_in(form.typed(hotline), actor=request.viewer.actor(hotline.desk_id), now=timezone.now())
    except Refused as refused:
        form.add_error(None, say(request, refused))
        return _shown(request, form, status_of(refused))
    assert received.conversation is not None  # a person's message is never ignored
    return HttpResponseRedirect(reverse("console:desk_conversation", args=[received.conversation.ref]))


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
    form = TypeForm(initial={"walk_in": request.POST.get("walk_in", ""), **fills})
    return render(request, "console/desk/_citizen.html", {**found, "fills": [form[name] for name in fills]})


def _found(request: HttpRequest) -> TypeForm:
    """The form as typed, with the blanks filled from the citizen's record."""
    data = request.POST.copy()
    known = by_phone(data.get("phone", ""))
    for name in ("name", "address"):
        if known and not data.get(name, "").strip():
            data[name] = getattr(known, name)
    fields = ("typing", "walk_in", "phone", "name", "address", "email", "content")
    return TypeForm(initial={name: data.get(name, "") for name in fields})


def _shown(request: HttpRequest, form: TypeForm, status: int = 200) -> HttpResponse:
    phone = form.data.get("phone", "") if form.is_bound else form.initial.get("phone", "")
    context = list_context(request) | citizen_context(request.viewer, phone) | {"form": form}
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
