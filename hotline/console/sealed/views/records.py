"""The officer's pages. A GET shows covers; whatever is inside is asked for by a POST that says why."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from hotline.console.casework import rules as casework
from hotline.console.context import language
from hotline.console.desk.doors import lanes_now
from hotline.console.doors import back_with, say, status_of
from hotline.console.sealed import forms
from hotline.console.sealed.doors import OFFICER, sealed
from hotline.refusals import Refused
from hotline.regulation.words import Role
from hotline.sealed import actions
from hotline.sealed.models import File, Record
from hotline.sealed.rules import DEEDS, NEXT, STATES, Deed, State

STEPS: dict[str, tuple[type[django_forms.Form], State]] = {
    "forward": (forms.ForwardForm, State.FORWARDED),
    "acknowledge": (forms.AcknowledgeForm, State.ACKNOWLEDGED),
    "close": (forms.CloseForm, State.CLOSED),
}


@sealed(*OFFICER)
def records(request: HttpRequest) -> HttpResponse:
    """GET: covers, the latest first; `state` one kind of them, `before` goes on."""
    state, before = request.GET.get("state", ""), request.GET.get("before", "")
    state = state if state in set(State) else ""
    now = timezone.now()
    page = actions.listed(
        request.viewer,
        now,
        state=state,
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )
    older = f"?state={state}&before={page.before}" if page.before else ""
    rows = [(row, STATES[State(row.state)].get(language()), is_late(row, now)) for row in page.rows]
    states = [(str(s), STATES[s].get(language())) for s in State]
    context = {"rows": rows, "older": older, "late": page.late, "state": state, "states": states,
               "newer": f"{reverse('console:sealed')}?state={state}" if before else ""}  # fmt: skip
    return render(request, "console/sealed/records.html", context)


@sealed(Role.INSPECTOR, Role.SEALED_OFFICER)
def count(request: HttpRequest) -> HttpResponse:
    """GET: how many, and nothing else."""
    return render(request, "console/sealed/count.html", {"figures": actions.counted(request.viewer, timezone.now())})


@sealed(*OFFICER)
def record(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the cover and the register. POST with `why`: the content."""
    cover = _cover(request, ref)
    if request.method != "POST":
        return _shown(request, cover)
    try:
        content = actions.read(ref, request.POST.get("why", ""), viewer=request.viewer, now=timezone.now())
    except Refused as refused:
        return _shown(request, cover, status_of(refused), refusal=say(request, refused))
    return _shown(request, cover, content=content, **_steps(request, content.record))


@sealed(*OFFICER)
def identity(request: HttpRequest, ref: str) -> HttpResponse:
    """POST with `why`: who the denouncer is, and their own words."""
    cover = _cover(request, ref)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        who = actions.identify(ref, request.POST.get("why", ""), viewer=request.viewer, now=timezone.now())
    except Refused as refused:
        return _shown(request, cover, status_of(refused), refusal=say(request, refused))
    return _shown(request, cover, who=who)


@sealed(*OFFICER)
def file(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """POST: a file, to be saved; nothing of it runs in a page."""
    _cover(request, ref)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        found = actions.open_file(ref, uuid.UUID(key), viewer=request.viewer, now=timezone.now())
    except File.DoesNotExist:
        raise Http404 from None
    answer = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@sealed(*OFFICER)
def sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """POST: the sheet that goes to the inspection, to be printed: what was passed on and nothing of the denouncer."""
    cover = _cover(request, ref)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not cover.forwarded_at:
        raise Http404
    content = actions.printed(ref, viewer=request.viewer, now=timezone.now())
    return render(request, "console/sealed/sheet.html", {"record": content.record})


@sealed(*OFFICER)
def step(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    """POST: passed on, its receipt noted, or ended; back to the cover. What is refused comes back with its text."""
    cover = _cover(request, ref)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = STEPS[step][0](request.POST)
    here = reverse("console:sealed_record", args=[cover.ref])
    if not form.is_valid():
        return _shown(request, cover, 422, step_forms={step: form})
    data, who = (
        form.cleaned_data,
        {"viewer": request.viewer, "now": timezone.now(), "version": form.cleaned_data["version"]},
    )
    try:
        if step == "forward":
            actions.forward(ref, to=data["to"], passed_on=data["passed_on"], **who)
        elif step == "acknowledge":
            actions.acknowledge(ref, data["words"], **who)
        else:
            actions.close(ref, data["words"], **who)
    except Refused as refused:
        if status_of(refused) == 409:
            return back_with(request, refused, here)
        return _shown(request, cover, 422, refusal=say(request, refused), step_forms={step: form})
    return HttpResponseRedirect(here)


def is_late(record: Record, now: Any) -> bool:
    """Not passed on within the days of Điều 24.2."""
    return record.state == State.RECORDED and record.forward_due_at < now


def _cover(request: HttpRequest, ref: str) -> Record:
    try:
        return actions.cover(ref, request.viewer)
    except Record.DoesNotExist:
        raise Http404 from None


def _steps(request: HttpRequest, record: Record) -> dict[str, Any]:
    """The forms of what may follow; the text to be passed on begins with the record's, which names nobody who spoke."""
    may = NEXT[State(record.state)]
    lanes = lanes_now(record.hotline_id, timezone.now())
    text = "\n\n".join(part for part in (record.accused, record.matter, record.evidence) if part)
    begun = {"version": record.version, "to": lanes.inspection.get("vi"), "passed_on": text}
    return {"step_forms": {name: form(initial=begun) for name, (form, to) in STEPS.items() if to in may}}


def _shown(request: HttpRequest, cover: Record, status: int = 200, **more: Any) -> HttpResponse:
    lang = language()
    entries = actions.register_of(cover, request.viewer)
    context = {
        "record": cover, "state_word": STATES[State(cover.state)].get(lang), "late": is_late(cover, timezone.now()),
        "channel": casework.word(casework.CHANNELS, cover.channel, lang),
        "entries": [(e, DEEDS[Deed(e.deed)].get(lang)) for e in entries], "why_form": forms.WhyForm(), **more,
    }  # fmt: skip
    return render(request, "console/sealed/record.html", context, status=status)
