"""How the administrator's forms are asked and done: one page, one button; what is refused comes back with its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.doors import say, status_of
from hotline.refusals import Refused


def deed(request: HttpRequest) -> dict[str, Any]:
    """Who does it and when, for an action."""
    return {"actor": request.viewer.actor(), "now": timezone.now()}


def form_page(
    request: HttpRequest,
    form: forms.Form,
    perform: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    to: str | Callable,
    back: str,
    done: str = "",
    send: str = "",
    lead: str = "",
    template: str = "console/administration/form.html",
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """GET shows the form. POST does `perform(cleaned)` and goes on to `to` (an address, or made from what was done).

    Faulty input and refusals come back with their text, 422; when somebody else was faster, 409.
    """
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                result = perform(form.cleaned_data)
            except Refused as refused:
                refusal, status = say(request, refused), status_of(refused)
            else:
                messages.success(request, done or _("Đã lưu."))
                return HttpResponseRedirect(to(result) if callable(to) else to)
    return render(
        request,
        template,
        {
            "form": form,
            "title": title,
            "back": back,
            "send": send or _("Lưu"),
            "lead": lead,
            "refusal": refusal,
            **(context or {}),
        },
        status=status,
    )


def do(request: HttpRequest, perform: Callable[[], Any], *, done: str, to: str) -> HttpResponse:
    """For one button: do it and go on; a refusal is a note on the page that follows."""
    try:
        perform()
    except Refused as refused:
        messages.error(request, say(request, refused))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(to)
