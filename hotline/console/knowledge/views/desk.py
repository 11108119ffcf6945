"""At the desk: the entries that may answer what is being said; one given as the answer; none found, and passed on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.desk.forms import DeskForm
from hotline.console.desk.views.conversation import conversation_or_404, edition_now, may_act, shown
from hotline.console.desk.views.lists import WRITERS
from hotline.console.doors import say, staff, status_of
from hotline.console.knowledge.forms import GiveForm, PassForm
from hotline.conversations.models import Contact, Conversation
from hotline.experts.queries import standing_of
from hotline.hotlines.queries import default_hotline
from hotline.knowledge.queries import matching
from hotline.knowledge.rules import without_contacts
from hotline.refusals import Refused

OFFERED = 4
READ = 1500  # letters of a conversation that are looked through


@staff(*WRITERS)
def entries(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: entries for this conversation, or for the `words` typed; a part of the page to htmx, else the whole page."""
    row = conversation_or_404(request.viewer, ref)
    context = found_for(row, request.GET.get("words", "").strip()) | {"may_give": may_give(row, request)}
    if request.headers.get("HX-Request"):
        return render(request, "console/knowledge/_desk.html", {"talk_of": row, **context})
    return shown(request, row, base=True, **context)


@staff(*WRITERS)
def typed(request: HttpRequest) -> HttpResponse:
    """POST (what somebody says is no part of an address): entries for a call that is being typed in, to be read out."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    words = request.POST.get("content", "").strip()
    rows = matching(default_hotline().pk, words[:READ], timezone.localdate(), limit=OFFERED) if words else []
    return render(request, "console/knowledge/_found.html", {"found": rows, "words": words, "may_give": False})


@staff(*WRITERS)
def give(request: HttpRequest, ref: str) -> HttpResponse:
    """POST: the entry is the answer; the citizen gets it on their own channel and the contact ends."""
    return _posted(request, ref, GiveForm)


@staff(*WRITERS)
def pass_on(request: HttpRequest, ref: str) -> HttpResponse:
    """POST: not in the base, or beyond ability: noted, and passed to the standing unit where there is one."""
    return _posted(request, ref, PassForm)


def _posted(request: HttpRequest, ref: str, form_class: type[DeskForm]) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = conversation_or_404(request.viewer, ref)
    form = form_class(request.POST, conversation=row)
    refusal, status = " ".join(str(e) for errors in form.errors.values() for e in errors), 422
    if form.is_valid():
        try:
            done = form.perform(request.viewer.actor(row.hotline.desk_id), timezone.now())
        except Refused as refused:
            refusal, status = say(request, refused), status_of(refused)
        else:
            return _done(request, row, done)
    row = conversation_or_404(request.viewer, ref)
    context = found_for(row, "") | {
        "may_give": may_give(row, request), "base_refusal": refusal, "gap_question": form.data.get("question", ""),
    }  # fmt: skip
    return shown(request, row, status=status, base=True, **context)


def _done(request: HttpRequest, row: Conversation, done: Any) -> HttpResponse:
    if isinstance(done, Conversation):
        messages.success(request, _("Đã trả lời và kết thúc %(ref)s.") % {"ref": row.ref})
        return HttpResponseRedirect(reverse("console:desk"))
    if done[1] is not None:
        messages.success(request, _("Đã chuyển %(ref)s đến %(unit)s.") % {"ref": row.ref, "unit": done[1].agency.name})
        return HttpResponseRedirect(reverse("console:desk"))
    messages.success(request, _("Đã ghi nhận câu hỏi chưa có câu trả lời; lượt liên hệ vẫn ở Ông/Bà."))
    return HttpResponseRedirect(reverse("console:desk_conversation", args=[row.ref]))


def may_give(row: Conversation, request: HttpRequest) -> bool:
    """Whether an entry may be given as the answer by this person now."""
    return row.state == Conversation.State.TAKEN and may_act(row, request.viewer)


def found_for(row: Conversation, words: str) -> dict[str, Any]:
    """What a conversation asks, the entries for it or for other `words`, and where it goes when none helps."""
    said = row.contacts.filter(direction=Contact.Direction.IN, kind=Contact.Kind.MESSAGE).order_by("-id").first()
    text = words or f"{row.subject}\n{said.text if said else row.preview}"[:READ]
    day = timezone.localdate()
    standing, edition = standing_of(row.hotline_id, day), edition_now(row, timezone.now())
    return {
        "elsewhere": edition.scope.refusal if edition and edition.scope.fields else None,
        "found": matching(row.hotline_id, text, day, limit=OFFERED), "words": words,
        "gap_question": without_contacts(row.subject or row.preview), "standing": standing.agency if standing else None,
    }  # fmt: skip
