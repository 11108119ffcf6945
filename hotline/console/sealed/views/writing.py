"""Taking a denunciation down at the desk: by moving a conversation, or for somebody on the telephone. Never read again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.context import language
from hotline.console.desk.doors import conversation_or_404, lanes_now
from hotline.console.doors import say, status_of
from hotline.console.sealed import actions
from hotline.console.sealed.doors import WRITERS, sealed
from hotline.console.sealed.forms import DenouncerForm, DenunciationForm
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.queries import contacts_of
from hotline.hotlines.queries import default_hotline
from hotline.refusals import Refused
from hotline.regulation.lanes import told_of_denunciation
from hotline.regulation.words import Role
from hotline.sealed.actions import record_denunciation, tell
from hotline.sealed.rules import Identity, Said, Told

LAST = "sealed_told"  # in the session: the reference that was just given, and whether the guidance went out


@sealed(Role.CALL_TAKER, Role.SHIFT_LEADER)
def move(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the form, begun with what was written. POST: the conversation leaves the desk for good."""
    row = conversation_or_404(request.viewer, ref)
    mail = bool(row.reporter_email)
    if request.method != "POST":
        begun = {"matter": said_in(row), "version": row.version, "tell": row.channel == "email"}
        return _form(request, DenunciationForm(initial=begun, mail=mail), row)
    form = DenunciationForm(request.POST, mail=mail)
    if not form.is_valid():
        return _form(request, form, row, 422)
    data, now = form.cleaned_data, timezone.now()
    try:
        sealed_as = actions.move(
            row.pk, accused=data["accused"], matter=data["matter"], evidence=data["evidence"],
            protection=data["protection"], actor=request.viewer.actor(row.hotline.desk_id), now=now,
            version=data["version"],
        )  # fmt: skip
    except Refused as refused:
        return _form(request, form, row, status_of(refused), say(request, refused))
    return _onward(request, sealed_as, row.hotline_id, bool(data.get("tell")), now, drafts=f"desk-{row.ref}")


@sealed(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """GET: the empty form. POST: the record; without `save` the form with what was typed on another page."""
    if request.method != "POST":
        return _form(request, DenouncerForm())
    if "save" not in request.POST:
        begun = {name: request.POST.get(name, "") for name in ("name", "phone", "email", "address")}
        begun["matter"] = request.POST.get("content", "")
        return _form(request, DenouncerForm(initial=begun))
    form = DenouncerForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    data, now, hotline = form.cleaned_data, timezone.now(), default_hotline()
    told = Told(
        hotline_id=hotline.pk, channel="phone", accused=data["accused"], matter=data["matter"], evidence=data["evidence"],
        protection=data["protection"], received_at=now,
        identity=Identity(data["name"], data["phone"], data["email"], data["address"]),
        messages=(Said(at=now, channel="phone", source="typed", external_id=str(data["typing"]), text=data["matter"]),),
    )  # fmt: skip
    try:
        ref = record_denunciation(told, actor=request.viewer.actor(hotline.desk_id), now=now)
    except Refused as refused:
        return _form(request, form, status=status_of(refused), refusal=say(request, refused))
    return _onward(request, ref, hotline.pk, bool(data.get("tell")) and bool(data["email"]), now)


@sealed(*WRITERS)
def told(request: HttpRequest) -> HttpResponse:
    """GET: the reference that was given, and the guidance to be read out; of the record itself nothing."""
    given: dict[str, Any] = request.session.get(LAST) or {}
    drafts = given.pop("drafts", "")  # what stands in this browser of the desk's form goes now, and is said once
    if drafts:
        request.session[LAST] = given
    words = told_of_denunciation(lanes_now(default_hotline().pk, timezone.now()), language())
    return render(
        request, "console/sealed/told.html", {"ref": given.get("ref", ""), "sent": given.get("sent"), "words": words}
    )


def said_in(row: Conversation) -> str:
    """What the citizen wrote, as the beginning of the record."""
    said = [c for c in contacts_of(row) if c.direction == Contact.Direction.IN and c.kind == Contact.Kind.MESSAGE]
    return "\n\n".join(
        part for part in (row.subject if row.channel == "email" else "", *(c.text for c in said)) if part
    )


def _onward(
    request: HttpRequest, ref: str, hotline_id: int, by_mail: bool, now: datetime, drafts: str = ""
) -> HttpResponse:
    if by_mail:
        subject = _("Tổng đài 1022: lời hướng dẫn")  # neutral: it stands in a list of mails
        tell(ref, subject, told_of_denunciation(lanes_now(hotline_id, now), language()), now=now)
    request.session[LAST] = {"ref": ref, "sent": by_mail, "drafts": drafts}
    return HttpResponseRedirect(reverse("console:sealed_told"))


def _form(
    request: HttpRequest, form: django_forms.Form, row: Conversation | None = None, status: int = 200, refusal: str = ""
) -> HttpResponse:
    words = told_of_denunciation(lanes_now(row.hotline_id if row else default_hotline().pk, timezone.now()), language())
    context = {"form": form, "talk_of": row, "refusal": refusal, "words": words}
    return render(request, "console/sealed/form.html", context, status=status)
