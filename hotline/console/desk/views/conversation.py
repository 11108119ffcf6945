"""One conversation at the desk: what was said, who it is, and on the right the case it may become, half filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.cases.identity.queries import any_hidden, veil_conversation
from hotline.cases.models import Case
from hotline.citizens.rules import interpreter_for
from hotline.console.casework import rules as words
from hotline.console.casework.views.case import file_of, way_words
from hotline.console.casework.views.several import alike
from hotline.console.context import language
from hotline.console.desk import rules
from hotline.console.desk.doors import conversation_or_404, lanes_now
from hotline.console.desk.forms import AnswerForm, HandlerForm, OpenForm, area_why, outcome_words, routed
from hotline.console.desk.views.lists import READERS, WRITERS, list_context, name_of
from hotline.console.doors import staff
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.queries import contacts_of
from hotline.conversations.querysets import AT_DESK
from hotline.conversations.rules import travels
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.intake.queries import History, Prefill, history, lacking_of, prefill, same_matter, to_read
from hotline.intake.rules import OUTCOMES, read_back
from hotline.live.actions import sign_topics
from hotline.live.rules import DESK, conversation_topic
from hotline.organisation.queries import areas_served
from hotline.people.rules import Viewer
from hotline.refusals import Refused
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lanes import LANES, Lane, told_of_denunciation
from hotline.regulation.lifecycle import Role, State
from hotline.routing.queries import area_of

HISTORY = 6


@staff(*READERS)
def conversation(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: the page of a conversation; with `part=talk` what others may change while it is open."""
    row = conversation_or_404(request.viewer, ref)
    if request.GET.get("part") == "talk":
        return render(request, "console/desk/_talk.html", talk_context(row, request.viewer))
    return shown(request, row)


@staff(*WRITERS)
def special(request: HttpRequest, ref: str) -> HttpResponse:
    """The questions that find out whether the law asks for another way than a case; `say` are the answers so far.

    GET: the page, with `part=lanes` the strip of questions alone. POST: the same with the text that was typed beside it;
    `use` adds the words for somebody who was answered before, or who gives no name. Nothing is written.
    """
    row = conversation_or_404(request.viewer, ref)
    asked = request.POST if request.method == "POST" else request.GET
    said = asked.get("say", "")
    if asked.get("part") == "lanes":
        return render(request, "console/desk/_lanes.html", {"talk_of": row, **lanes_context(row, said)})
    sent = None
    if request.method == "POST":
        data = request.POST.copy()
        if use := data.get("use"):
            data["words"] = "\n\n".join(filter(None, (data.get("words", "").strip(), ready_words(row, use))))
            data["outcome"] = "repeated" if use == "repeated" else "guided"
        sent = AnswerForm(data, conversation=row)
    return shown(request, row, sent=sent, said=said)


def lanes_context(row: Conversation, said: str = "", edition: Edition | None = None) -> dict[str, Any]:
    """The strip of questions of one conversation; `edition` where it was asked for already."""
    lanes, lang = edition.lanes if edition else lanes_now(row.hotline_id, timezone.now()), language()
    panel = rules.panel_of(lanes, said, bool(row.reporter_name))
    here = reverse("console:desk_special", args=[row.ref])
    return {
        "panel": panel, "lanes": lanes, "lanes_get": f"{here}?part=lanes&say=", "lanes_post": here,
        "way_title": LANES[panel.way.lane] if panel.way else None, "to_do": rules.TO_DO[panel.way.lane] if panel.way else None,
        "told": told_of_denunciation(lanes, lang) if panel.way and panel.way.lane == Lane.SEALED else "",
    }  # fmt: skip


def ready_words(row: Conversation, use: str) -> str:
    """What is told where nothing is taken down: the answer of before, or why a name is needed."""
    lang = row.letters_in
    if use != "repeated":
        return lanes_now(row.hotline_id, timezone.now()).anonymous.told(lang)
    answered = Case.objects.filter(citizen=row.citizen_id or 0, answered_at__isnull=False).exclude(conversation=row)
    return rules.repeated_words(answered.order_by("-received_at").values_list("code", flat=True).first() or "", lang)


@staff(*WRITERS)
def agency(request: HttpRequest, ref: str) -> HttpResponse:
    """GET: who handles the field and place chosen now, and why; the part of the form that depends on them."""
    row = conversation_or_404(request.viewer, ref)
    now = timezone.now()
    suggestion = routed(row, request.GET.get("field"), request.GET.get("area"), now)
    form = HandlerForm(suggestion=suggestion, now=now)
    return render(request, "console/desk/_agency.html", {"open_form": form})


def shown(
    request: HttpRequest, row: Conversation, *, mode: str = "", status: int = 200, refusal: str = "", refused: str = "",
    sent: Any = None, said: str = "", **more: Any,
) -> HttpResponse:
    """The page. After a refusal `refused` names the step, `sent` is its form with the text that was typed."""
    now = timezone.now()
    viewer, lang = request.viewer, language()
    holds = may_act(row, viewer)
    context = list_context(request, "mine" if row.taken_by_id == viewer.person_id and row.state == "taken" else "waiting",
                           on=row.ref)  # fmt: skip
    contacts = contacts_of(row)
    context |= talk_context(row, viewer, contacts)
    past = history(viewer, row.citizen, limit=HISTORY) if row.citizen else History([])
    edition = edition_now(row, now)
    lacking = lacking_of(edition, row, contacts) if edition and row.state in AT_DESK else []
    context |= {
        "mode": mode, "refusal": refusal, "refused": refused, "sent": sent, "holds": holds,
        "past": [p for p in past.rows if row.pk not in (p.conversation and p.conversation.pk, p.case and p.case.conversation_id)],
        "past_more": bool(past.next), "lacking": [n.label.get(lang) for n in lacking],
        "asked": [(str(n), n.label.get(lang), n in lacking) for n in rules.ASKABLE],
        "answers": outcome_words(rules.ANSWERS, lang), "endings": outcome_words(rules.ENDINGS, lang),
        "interpreter": interpreter_for(row.citizen.language) if row.citizen else None,
        "opened": opened_of(row, now, lang), "no_edition": edition is None,
        "travels": travels(row.channel, row.reporter_email),
        "live_topics": sign_topics([DESK, conversation_topic(row.pk)]), **more,
    }  # fmt: skip
    if holds and row.state == Conversation.State.TAKEN:
        context |= lanes_context(row, said, edition)
    repeats = [p.case for p in past.rows if p.case and p.case.is_open and p.case.conversation_id != row.pk]
    context["repeats"] = repeats if row.state in AT_DESK else []
    opening = isinstance(sent, OpenForm)
    if not mode and (row.state in AT_DESK or opening or (request.GET.get("more") and row.state == "opened")):
        areas = list(areas_served())
        guessed = prefill(row, now, contacts, areas)
        context |= {"guess": guess_of(guessed, lang), "open_form": sent if opening else None}
        if holds and edition and not opening:
            same = same_matter(viewer, row, guessed, edition, now)
            context |= {
                "joinable": [alike(one, lang) for one in same.joinable],
                "answered_before": [alike(one, lang) for one in same.answered],
                "open_form": OpenForm(
                    conversation=row, prefill=guessed, edition=edition, areas=areas, now=now, answered=same.answered,
                    domain=panel.way.domain if (panel := context.get("panel")) and panel.way else "",
                ),
            }
    return render(request, "console/desk/conversation.html", context, status=status)


def edition_now(row: Conversation, now: datetime) -> Edition | None:
    """The regulation a case opened now would come under; None when there is none, and no case can be opened."""
    try:
        return regulation_of(edition_in_force(row.hotline_id, timezone.localdate(now)))
    except Refused:
        return None


def may_act(row: Conversation, viewer: Viewer) -> bool:
    """Whether the forms are this person's to fill: they have taken it, or it became a case and more may be opened."""
    if not viewer.roles & WRITERS:
        return False
    return row.state == Conversation.State.OPENED or (
        row.state == Conversation.State.TAKEN and row.taken_by_id == viewer.person_id
    )


# -- what was said -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A message, or the day on which the following ones were said."""

    day: date | None = None
    text: str = ""
    ours: bool = False
    note: bool = False
    who: str = ""
    meta: str = ""
    files: Sequence[dict[str, str]] = ()
    failed: bool = False


def talk_context(row: Conversation, viewer: Viewer, contacts: list[Contact] | None = None) -> dict[str, Any]:
    """Head and messages: what changes by itself while the page is open."""
    lang = language()
    state = Conversation.State
    contacts = contacts if contacts is not None else contacts_of(row)
    if row.state not in AT_DESK and any_hidden(row.pk):
        veil_conversation(row, contacts, viewer)  # who it was, the page of the case shows to those who may ask
    anothers = row.state == state.TAKEN and row.taken_by_id != viewer.person_id
    writes = bool(viewer.roles & WRITERS)
    return {
        "talk_of": row, "who": name_of(row), "channel": words.word(words.CHANNELS, row.channel, lang),
        "state_word": row.get_state_display(), "said": said_of(contacts, row, lang),
        "outcome": OUTCOMES[row.outcome].get(lang) if row.outcome in OUTCOMES else "",
        "mine": row.state == state.TAKEN and not anothers, "anothers": anothers, "may_write": writes, "now": timezone.now(),
        "may_take": writes and (
            row.state in (state.WAITING, state.INCOMPLETE) or (anothers and viewer.has(Role.SHIFT_LEADER))
        ),
        "may_release": writes and row.state == state.TAKEN and (not anothers or viewer.has(Role.SHIFT_LEADER)),
        "talk_topic": conversation_topic(row.pk),
        "talk_src": f"{reverse('console:desk_conversation', args=[row.ref])}?part=talk",
    }  # fmt: skip


def said_of(contacts: list[Contact], row: Conversation, lang: str) -> list[Said]:
    """Messages with the days between them, oldest first."""
    out: list[Said] = []
    here: date | None = None
    for contact in contacts:
        at = timezone.localtime(contact.at)
        if at.date() != here:
            here = at.date()
            out.append(Said(day=here))
        out.append(_said(contact, at, row, lang))
    return out


_SPOKEN = {"phone": Label("đã nói với người dân", "told by telephone")}


def _said(contact: Contact, at: datetime, row: Conversation, lang: str) -> Said:
    ours = contact.direction == Contact.Direction.OUT
    meta = [way_words(contact, lang), f"{at:%H:%M}"]
    if contact.kind != Contact.Kind.MESSAGE:
        meta.insert(0, words.word(words.CONTACT_KINDS, contact.kind, lang))
    if ours and contact.delivery == Contact.Delivery.NONE and row.channel in _SPOKEN:
        meta.append(_SPOKEN[row.channel].get(lang))
    elif ours:
        meta.append(words.word(words.DELIVERIES, contact.delivery, lang))
    bad = contact.delivery in (Contact.Delivery.FAILED, Contact.Delivery.RETRYING)
    if bad and contact.delivery_error:
        meta.append(contact.delivery_error.splitlines()[0][:160])
    who = contact.author.get("name", "") if contact.author.get("kind") == "person" or not ours else ""
    return Said(
        text=contact.text, ours=ours, note=contact.kind == Contact.Kind.NOTE, who=who, meta=" · ".join(meta),
        files=[file_of(f) for f in contact.attachments.all()], failed=contact.delivery == Contact.Delivery.FAILED,
    )  # fmt: skip


# -- what it may become ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Guess:
    """What the words suggest, for those who only read."""

    rows: Sequence[tuple[str, str, str]]


def guess_of(found: Prefill, lang: str) -> Guess:
    """Suggestions as name, value, reason."""
    area = area_of(found.area.area)
    said = {
        Label("Lĩnh vực", "Field"): (
            found.field.vi if found.field else "", rules.because(found.field_words, lang)),
        Label("Nơi xảy ra", "Place"): (
            area.name if area else "",
            area_why(found.area, f"{found.place} {found.summary} {found.content}", lang)),
        Label("Cơ quan xử lý", "Agency"): (
            found.suggestion.agency.name if found.suggestion else "",
            found.suggestion.why.get(lang) if found.suggestion else ""),
        Label("Mức độ", "Urgency"): (
            found.urgency.label.get(lang), rules.because(found.urgent_words, lang)),
    }  # fmt: skip
    return Guess([(label.get(lang), value, why) for label, (value, why) in said.items() if value or why])


@dataclass(frozen=True, slots=True)
class Opened:
    """A case this conversation became, and what is read back to whoever is on the telephone."""

    case: Case
    state: str
    read: str
    can_reopen: bool  # answered, and the citizen may still say that it was not solved


def opened_of(row: Conversation, now: datetime, lang: str) -> list[Opened]:
    """The cases, the latest first."""
    cases = row.cases.select_related("conversation", "field", "area", "agency").defer("search").order_by("-id")
    return [
        Opened(
            case, State(case.state).label.get(lang), read_back(to_read(case)) if row.channel == "phone" else "",
            case.state == State.ANSWERED and case.reopen_until is not None and case.reopen_until >= now,
        )
        for case in cases
    ]
