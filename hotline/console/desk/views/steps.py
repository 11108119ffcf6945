"""What is done with a conversation. Refused (422) or overtaken (409), the page comes back with the text that was typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.cases.models import Case
from hotline.console.context import language
from hotline.console.desk import forms, rules
from hotline.console.desk.doors import conversation_or_404, lanes_now
from hotline.console.desk.views.conversation import edition_now, shown
from hotline.console.desk.views.lists import WRITERS
from hotline.console.doors import say, staff, status_of
from hotline.conversations.models import Conversation
from hotline.intake.queries import prefill, same_matter
from hotline.intake.rules import NO_EDITION
from hotline.journal.rules import Actor
from hotline.organisation.queries import areas_served
from hotline.people.rules import Viewer
from hotline.refusals import Refused

FORMS: dict[str, type[forms.DeskForm]] = {
    "take": forms.TakeForm, "release": forms.ReleaseForm, "answer": forms.AnswerForm,
    "incomplete": forms.IncompleteForm, "close": forms.CloseForm,
}  # fmt: skip


@staff(*WRITERS)
def step(request: HttpRequest, ref: str, step: str) -> HttpResponse:
    """POST: take, release, answer, ask for what is missing, end, or open a case (`then=assign` hands it on at once)."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = conversation_or_404(request.viewer, ref)
    now = timezone.now()
    if step == "open":
        if (edition := edition_now(row, now)) is None:
            return shown(request, row, status=422, refused=step, refusal=NO_EDITION.get(language()))
        areas = list(areas_served())
        guessed = prefill(row, now, areas=areas)
        form: forms.DeskForm = forms.OpenForm(
            request.POST, conversation=row, prefill=guessed, edition=edition, areas=areas, now=now,
            hand_over=request.POST.get("then") == "assign",
            answered=same_matter(request.viewer, row, guessed, edition, now).answered,
        )
    else:
        form = FORMS[step](request.POST, conversation=row)
    return _done(request, row, step, form, mode="")


@staff(*WRITERS)
def matter(request: HttpRequest, ref: str, matter: str) -> HttpResponse:
    """GET: a special matter, its guidance ready (with `known_on`, the last day too). POST: the citizen is told or connected,
    the contact ends, nothing is forwarded."""
    if matter not in rules.MATTERS:
        raise Http404
    row = conversation_or_404(request.viewer, ref)
    chosen, lanes = rules.MATTERS[matter], lanes_now(row.hotline_id, timezone.now())
    data = request.POST if request.method == "POST" and "again" not in request.POST else None
    form: forms.DeskForm
    if chosen is rules.EMERGENCY:
        form = forms.EmergencyForm(data, conversation=row, lanes=lanes)
    else:
        asked = request.POST if request.method == "POST" else request.GET
        begun = {"rest": bool(asked.get("rest"))}
        form = forms.GuidanceForm(data, conversation=row, lanes=lanes, known_on=_day(asked.get("known_on", "")), initial=begun)
    more: dict[str, Any] = {"matter": chosen, "matter_form": form, "matter_article": lanes.complaint.article}
    if data is None:
        return shown(request, row, mode="matter", **more)
    return _done(request, row, "matter", form, mode="matter", **more)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # no day, or not one that exists: the guidance then names the ninety days alone
        return None


def _done(
    request: HttpRequest, row: Conversation, step: str, form: forms.DeskForm, *, mode: str, **more: Any
) -> HttpResponse:
    if not form.is_valid():
        wrong = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return shown(request, row, mode=mode, status=422, refused=step, refusal=wrong, sent=form, **more)
    try:
        done = form.perform(_actor(request.viewer, row), timezone.now())
    except Refused as refused:
        row = conversation_or_404(request.viewer, row.ref)
        form.conversation = row
        form.seen_again(row.version)
        return shown(
            request, row, mode=mode, status=status_of(refused), refused=step, refusal=say(request, refused), sent=form,
            **more,
        )  # fmt: skip
    if said := _said(step, done):
        messages.success(request, said)
    return HttpResponseRedirect(_onward(step, done))


def _actor(viewer: Viewer, row: Conversation) -> Actor:
    return viewer.actor(row.hotline.desk_id)


def _said(step: str, done: Case | Conversation) -> str:
    """What was done, for the note on the next page."""
    if isinstance(done, Case):
        if done.agency:
            return _("Đã mở phiếu %(code)s và chuyển %(agency)s xử lý.") % {"code": done.code, "agency": done.agency.name}
        return _("Đã mở phiếu %(code)s, chưa chuyển cơ quan xử lý.") % {"code": done.code}
    said = {
        "release": _("Đã trả %(ref)s về hàng chờ."), "answer": _("Đã trả lời và kết thúc %(ref)s."),
        "incomplete": _("Đã hỏi bổ sung; %(ref)s chờ người dân trả lời."), "close": _("Đã kết thúc %(ref)s."),
        "matter": _("Đã hướng dẫn người dân; tiếp tục tiếp nhận %(ref)s.") if done.state == Conversation.State.TAKEN
        else _("Đã hướng dẫn người dân và kết thúc %(ref)s."),
    }  # fmt: skip
    return said[step] % {"ref": done.ref} if step in said else ""


def _onward(step: str, done: Case | Conversation) -> str:
    """A case and a taken conversation stay open to be read back and worked on; what is done leads back to the line."""
    if isinstance(done, Case):
        return reverse("console:desk_conversation", args=[done.conversation.ref])
    if step == "take" or (step == "matter" and done.state == Conversation.State.TAKEN):
        return reverse("console:desk_conversation", args=[done.ref])
    return reverse("console:desk")


