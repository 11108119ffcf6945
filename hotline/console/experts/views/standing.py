"""The standing unit: what was passed on, who is on duty, one of them asked, and what they said."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.assets import formats
from hotline.console.casework import rules as casework
from hotline.console.context import language
from hotline.console.desk.views.conversation import said_of
from hotline.console.doors import View, say, staff, status_of
from hotline.conversations.queries import contacts_of
from hotline.experts import actions
from hotline.experts.models import Referral
from hotline.experts.queries import connections_of, may_stand, on_duty, one, referrals, waiting
from hotline.experts.querysets import stands_for
from hotline.experts.rules import Answer
from hotline.hotlines.queries import default_hotline
from hotline.knowledge.rules import GapReason
from hotline.live.actions import sign_topics
from hotline.live.rules import agency_topic
from hotline.refusals import Refused

ENDED = 20


def standing_door(view: View) -> View:
    """Only those who stand for a standing unit, or read about it; where no edition names experts there is no such page."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_stand(request.viewer):
            raise Http404
        return view(request, *args, **kwargs)

    return staff()(door)


@standing_door
def index(request: HttpRequest) -> HttpResponse:
    """GET: what waits, the longest first; who is on duty now; what ended last."""
    viewer, now, lang = request.viewer, timezone.now(), language()
    ended = referrals(viewer).exclude(state__in=["waiting", "connected"]).order_by("-ended_at", "-id")[:ENDED]
    return render(request, "console/experts/standing.html", {
        "rows": [_line(row, lang) for row in waiting(viewer)], "ended": [_line(row, lang) for row in ended], "now": now,
        "duty": on_duty(default_hotline().pk, now),
        "live_topics": sign_topics([agency_topic(pk) for pk in sorted(stands_for(viewer))]),
    })  # fmt: skip


@standing_door
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one contact that was passed on: what was asked and said, every attempt to connect, what to do next."""
    return _shown(request, referral_or_404(request, pk))


STEPS: dict[str, Callable[..., Any]] = {
    "connect": lambda pk, post, **deed: actions.connect(pk, _whole(post.get("expert")), **deed),
    "finish": lambda pk, post, **deed: actions.finish(pk, post.get("words", ""), **deed),
    "give_back": lambda pk, post, **deed: actions.give_back(pk, post.get("words", ""), **deed),
    **{
        str(answer): lambda pk, post, answer=answer, **deed: actions.hear(pk, answer, **deed) for answer in Answer
    },
}  # fmt: skip


@standing_door
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """POST: ask an expert, write down what they did, write down what they said, or give it back to the desk."""
    if step not in STEPS:
        raise Http404
    row = referral_or_404(request, pk)
    if row.agency_id not in stands_for(request.viewer):
        raise Http404  # who only reads has no such door
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        STEPS[step](
            pk,
            request.POST,
            version=_whole(request.POST.get("version")),
            actor=request.viewer.actor(row.agency_id),
            now=timezone.now(),
        )
    except Refused as refused:
        return _shown(
            request, referral_or_404(request, pk), status_of(refused), refusal=say(request, refused), refused=step,
            words=request.POST.get("words", ""),
        )  # fmt: skip
    if step in ("finish", "give_back"):
        said = (
            _("Đã ghi ý kiến chuyên gia và trả lời người dân.") if step == "finish" else _("Đã trả về bàn tiếp nhận.")
        )
        messages.success(request, said)
        return HttpResponseRedirect(reverse("console:standing"))
    return HttpResponseRedirect(reverse("console:referral", args=[pk]))


def referral_or_404(request: HttpRequest, pk: int) -> Referral:
    """The referral if the viewer may see it."""
    row = one(request.viewer, pk)
    if row is None:
        raise Http404
    return row


def _shown(request: HttpRequest, row: Referral, status: int = 200, **more: Any) -> HttpResponse:
    lang, now, conversation = language(), timezone.now(), row.conversation
    attempts = connections_of(row)
    current = next((a for a in attempts if a.state in ("asked", "accepted")), None)
    stands = row.agency_id in stands_for(request.viewer)
    return render(request, "console/experts/referral.html", {
        "row": row, **_line(row, lang), "said": said_of(contacts_of(conversation), conversation, lang), "now": now,
        "attempts": attempts, "current": current, "duty": list(on_duty(conversation.hotline_id, now)),
        "may_act": stands and row.state in ("waiting", "connected"), "of_case": conversation.state == "opened",
        "phone": formats.masked(conversation.reporter_phone) if conversation.reporter_phone else "",
        "live_topics": sign_topics([agency_topic(row.agency_id)]) if stands else "", **more,
    }, status=status)  # fmt: skip


def _line(row: Referral, lang: str) -> dict[str, Any]:
    conversation = row.conversation
    return {
        "row": row, "who": conversation.reporter_name or conversation.ref,
        "channel": casework.word(casework.CHANNELS, conversation.channel, lang),
        "reason": GapReason(row.reason).label.get(lang), "state": row.get_state_display(),
    }  # fmt: skip


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
