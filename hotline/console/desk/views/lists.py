"""The desk's lists: who is waiting, what is mine, what is incomplete, and new cases of the portal to hand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.assets import formats
from hotline.cases import queries as cases
from hotline.console.casework import rules as words
from hotline.console.casework.views.inbox import rows_of
from hotline.console.context import language
from hotline.console.desk import rules
from hotline.console.doors import staff
from hotline.conversations import queries as conversations
from hotline.conversations.models import Conversation
from hotline.hotlines.queries import default_hotline
from hotline.intake import actions
from hotline.live.actions import sign_topics
from hotline.live.rules import DESK
from hotline.people.rules import OVERSEERS, Viewer
from hotline.refusals import Refused
from hotline.regulation.lifecycle import Role

WRITERS = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER})
READERS = OVERSEERS  # coordinator, leaders and inspectors read
PAGE = 40


@dataclass(frozen=True, slots=True)
class Item:
    """One conversation in a list, in words: forty of them are drawn by a plain loop."""

    pk: int
    ref: str
    who: str
    channel: str
    icon: str
    since: str
    at: datetime
    preview: str
    holder: str  # who has taken it; nobody: ""
    tone: str


@staff(*READERS)
def first(request: HttpRequest) -> HttpResponse:
    """GET: who is waiting."""
    return _shown(request, "waiting")


@staff(*READERS)
def tab(request: HttpRequest, tab: str) -> HttpResponse:
    """GET: one list; `after` continues it; with `part=list` the list alone, `on` marks the conversation beside it."""
    if tab not in rules.TABS:
        raise Http404
    return _shown(request, tab)


@staff(*WRITERS)
def take_next(request: HttpRequest) -> HttpResponse:
    """POST: take whoever has waited longest; what a colleague takes in the same moment is passed over."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.viewer.actor(default_hotline().desk_id)
    for conversation in conversations.waiting(request.viewer, "waiting", limit=10).rows:
        try:
            actions.take(conversation.pk, actor=actor, now=timezone.now(), version=conversation.version)
        except Refused:
            continue
        return HttpResponseRedirect(reverse("console:desk_conversation", args=[conversation.ref]))
    messages.info(request, _("Không còn ai đang chờ."))
    return HttpResponseRedirect(reverse("console:desk"))


def _shown(request: HttpRequest, tab: str) -> HttpResponse:
    context = list_context(request, tab)
    if request.GET.get("part") == "list":
        return render(request, "console/desk/_list.html", context)
    return render(request, "console/desk/desk.html", context)


def list_context(request: HttpRequest, tab: str = "waiting", on: str = "") -> dict[str, Any]:
    """What the left column draws, beside any page of the desk."""
    viewer, lang, now = request.viewer, language(), timezone.now()
    on = on or request.GET.get("on", "")
    after = request.GET.get("after", "")
    here = reverse("console:desk") if tab == "waiting" else reverse("console:desk_tab", args=[tab])
    context: dict[str, Any] = {
        "tab": tab, "tab_title": rules.TABS[tab].get(lang), "empty_title": rules.EMPTY[tab].get(lang), "on": on,
        "may_write": bool(viewer.roles & WRITERS), "now": now, "here": here, "first_page": not after,
        "list_topic": DESK, "live_topics": sign_topics([DESK]),
        "list_src": f"{here}?part=list" + (f"&on={on}" if on else "") + (f"&after={after}" if after else ""),
    }  # fmt: skip
    if tab == rules.WEB:
        return context | _web(viewer, after, now, here)
    page = conversations.waiting(viewer, tab, after, PAGE)
    return context | {
        "items": items_of(page.rows, tab, now, lang), "older": f"{here}?after={_quoted(page.next)}" if page.next else ""
    }


def _web(viewer: Viewer, after: str, now: datetime, here: str) -> dict[str, Any]:
    """Cases nobody holds: those that came back first, then new ones by due moment."""
    if not any(cases.tab_of(viewer, key) for key in ("received", "returned")):
        raise Http404
    returned = cases.inbox(viewer, "returned", limit=PAGE, now=now) if not after else cases.Page([])
    received = cases.inbox(viewer, "received", after, PAGE, now=now)
    return {
        "returned": rows_of(returned.lines, now), "returned_more": bool(returned.next), "received": rows_of(received.lines, now),
        "older": f"{here}?after={_quoted(received.next)}" if received.next else "",
    }  # fmt: skip


def items_of(rows: Iterable[Conversation], tab: str, now: datetime, lang: str) -> list[Item]:
    """Conversations as lines in the reader's language."""
    return [_item(row, tab, now, lang) for row in rows]


_ICONS = {"web": "web", "email": "mail", "phone": "phone", "walk_in": "person"}


def _item(row: Conversation, tab: str, now: datetime, lang: str) -> Item:
    waited = now - row.last_contact_at
    hours = waited.total_seconds() / 3600
    return Item(
        pk=row.pk, ref=row.ref, who=name_of(row), channel=words.word(words.CHANNELS, row.channel, lang),
        icon=_ICONS.get(row.channel, "chat"),
        since=formats.ago(timezone.localtime(row.last_contact_at), timezone.localtime(now), lang), at=row.last_contact_at,
        preview=row.subject or row.preview, holder=row.taken_by.full_name if row.taken_by and tab != "mine" else "",
        tone="soon" if tab == "waiting" and hours >= 1 else "",
    )  # fmt: skip


def name_of(row: Conversation) -> str:
    """Who it is, by what they gave: a name, a masked number, an address; nobody gave anything: says so."""
    if row.reporter_name:
        return row.reporter_name
    if row.reporter_phone:
        return formats.masked(row.reporter_phone)
    return row.reporter_email or _("Người dân chưa ghi tên")


def _quoted(cursor: str) -> str:
    return cursor.replace("+", "%2B")
