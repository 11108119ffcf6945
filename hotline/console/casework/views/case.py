"""One case: who must do what by when, what was said and done, and the steps the reader may take now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.assets import formats
from hotline.assets.templatetags.look import tone_of
from hotline.cases.actions import show_identity, show_phone
from hotline.cases.identity.queries import may_see
from hotline.cases.models import Answer, Case
from hotline.cases.queries import CasePage, ClockView, case_page
from hotline.citizens.rules import interpreter_for
from hotline.console.casework import rules
from hotline.console.casework.rules import ActLine, Wording
from hotline.console.casework.views.papers import deeds_of, papers_of
from hotline.console.casework.views.several import around
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.console.owing.views import around as owing
from hotline.conversations.models import Attachment, Contact
from hotline.conversations.rules import goes_by
from hotline.documents.queries import party_letterhead
from hotline.journal.models import Act
from hotline.live.actions import sign_topics
from hotline.live.rules import case_topic, conversation_topic
from hotline.people.rules import AGENCY_ROLES, DESK_ROLES, OVERSEERS, Viewer
from hotline.regulation.lifecycle import (
    DONE_STATES,
    OPEN_STATES,
    CaseKind,
    ClockState,
    OutcomeKind,
    Standing,
    State,
    Step,
    Urgency,
)
from hotline.regulation.limits import WorkingDays, WorkingHours
from hotline.routing.queries import area_of, field_of
from hotline.statements.queries import written_once

READERS = OVERSEERS | AGENCY_ROLES
HISTORY_UP_TO = 100


@staff(*READERS)
def case(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the page of a case; with `part=body` what changes by itself alone."""
    page = page_or_404(request.viewer, code)
    template = "console/casework/_case.html" if request.GET.get("part") == "body" else "console/casework/case.html"
    return render(request, template, context(request, page))


@staff(*READERS)
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """GET: the case as a sheet of paper."""
    page = page_or_404(request.viewer, code)
    sent = [answer for answer in page.answers if answer.state == Answer.State.SENT]
    drawn = context(request, page) | {"sent": sent, "party": party_letterhead(page.case)}
    return render(request, "console/casework/paper.html", drawn)


@staff(*READERS)
def reveal(request: HttpRequest, code: str) -> HttpResponse:
    """POST: show the reporter's number, or who a hidden reporter is; who looked is in the journal."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = page_or_404(request.viewer, code)
    actor, now = request.viewer.actor(page.case.agency_id), timezone.now()
    if page.hidden:
        if not may_see(request.viewer):
            raise Http404
        show_identity(page.case, actor=actor, now=now)
        page = case_page(request.viewer, code, revealed=True) or page
    else:
        show_phone(page.case, actor=actor, now=now)
    response = render(request, "console/casework/case.html", context(request, page) | {"phone_shown": True})
    response["Cache-Control"] = "no-store"
    return response


def page_or_404(viewer: Viewer, code: str, now: datetime | None = None) -> CasePage:
    """The page of a case that the viewer may see; what is another agency's does not exist."""
    page = case_page(viewer, code, now=now)
    if page is None:
        raise Http404
    return page


def context(request: HttpRequest, page: CasePage) -> dict[str, Any]:
    """Everything the templates of one case draw."""
    viewer, row, lang = request.viewer, page.case, language()
    now = timezone.localtime()
    papers = papers_of(page, viewer, lang)
    talk = talk_of(page, wording_of(page, lang), papers["paper_acts"])
    live = [case_topic(row.pk), conversation_topic(row.conversation_id)]
    return {
        "page": page, "case": row, "talker": row.conversation, "now": now,
        **_head(page, lang), **_duty(page, lang), **_draft(page, lang),
        "talk": talk, "last_act": next((m.acts[-1] for m in reversed(talk) if m.acts), None),
        "buttons": rules.buttons(steps_of(page, viewer)),
        "photos": photos_of(page),
        "phone_shown": bool(viewer.roles & DESK_ROLES),
        "history_word": _history(row, now.date(), lang),
        "interpreter": interpreter_for(row.citizen.language) if row.citizen else None,
        "fact_pairs": _facts(page, lang),
        "places": [[row.area.name, row.area.lat, row.area.lon]] if row.area and row.area.lat else [],
        **around(page, viewer, lang, now),
        **owing(page, lang, now, deeds_of(page, viewer)),
        **papers,
        "live_topics": sign_topics(live), "live_topic": " ".join(live),
        "live_src": f"{reverse('console:case', args=[row.code])}?part=body",
    }  # fmt: skip


def _head(page: CasePage, lang: str) -> dict[str, Any]:
    """The line of chips above the title."""
    row, state = page.case, State(page.case.state)
    return {
        "kind_word": page.edition.word(CaseKind(row.kind)).get(lang),
        "field_name": row.field.en if lang == "en" and row.field.en else row.field.vi,
        "channel": rules.word(rules.CHANNELS, row.conversation.channel, lang),
        "urgency_word": Urgency(row.urgency).label.get(lang),
        "round_word": rules.ROUND.get(lang).format(row.round),
        "state_word": page.edition.word(state).get(lang),
        "state_tone": "ok" if state in DONE_STATES else "brand",
        "late_word": Standing.OVERDUE.label.get(lang) if state in OPEN_STATES else rules.WAS_LATE.get(lang),
    }


def _duty(page: CasePage, lang: str) -> dict[str, Any]:
    """Who must do what by when, the ribbon, the other clocks."""
    duty, owing_keys = page.duty, {one.row.key for one in page.owed}
    pressing = duty.clock if duty else None
    tone = tone_of(pressing.standing) if pressing else "calm"
    working = pressing is None or isinstance(pressing.rule.limit, WorkingHours | WorkingDays)
    what = duty.what.get(lang) if duty else ""
    return {
        "pressing": pressing, "duty_tone": tone, "working": working,
        "who": rules.who_must(duty.agency, duty.role.get(lang), duty.person) if duty else "",
        "must": rules.MUST_BY.get(lang).format(what=what), "must_undated": rules.MUST.get(lang).format(what=what),
        "left_words": _left(pressing, lang, working) if pressing else "",
        "ended": _ended(page, lang),
        # What is owed besides has a section of its own.
        "others": [_other(view, lang) for view in page.clocks if view is not pressing and view.row.key not in owing_keys],
        "reschedule_word": _reschedules(page, lang) if duty else "",
        "rule_words": f"{pressing.label.get(lang)}: {pressing.rule.limit.label.get(lang)}. {pressing.rule.article}"
        if pressing and not pressing.value.promised else "",
    }  # fmt: skip


def _left(view: ClockView, lang: str, working: bool) -> str:
    return rules.time_left(view.remaining, view.standing == Standing.OVERDUE, lang, working)


def _ended(page: CasePage, lang: str) -> str:
    """What stands in place of a duty when nobody owes anything."""
    row = page.case
    if row.state == State.ANSWERED and row.answered_at:
        words = rules.ANSWERED.get(lang).format(
            outcome=page.edition.word(OutcomeKind(row.outcome)).get(lang) if row.outcome else "",
            at=formats.moment(timezone.localtime(row.answered_at)),
        )
        if row.reopen_until:
            until = formats.moment(timezone.localtime(row.reopen_until))
            words += " " + rules.MAY_REOPEN.get(lang).format(until=until)
        return words
    outcome = page.edition.word(OutcomeKind(row.outcome)).get(lang) if row.outcome else ""
    into = f" → {row.merged_into.code}" if row.merged_into else ""
    at = formats.moment(timezone.localtime(row.closed_at)) if row.closed_at else ""
    return rules.CLOSED.get(lang).format(at=at, outcome=f"{outcome}{into}")


def _other(view: ClockView, lang: str) -> tuple[str, str]:
    """Another clock as a chip: its name, its limit, how it stands."""
    row, due = view.row, formats.short_moment(timezone.localtime(view.row.due_at), lang)
    name = view.label.get(lang)
    if row.state == ClockState.RUNNING:
        return f"{name} · {rules.UNTIL.get(lang)} {due}", tone_of(view.standing)
    late = view.late and row.state != ClockState.BREACHED
    words = f"{name} · {view.state.get(lang).lower()}{f' ({rules.LATE.get(lang)})' if late else ''}"
    return words, "late" if view.late else "ok" if row.state == ClockState.MET else ""


def _reschedules(page: CasePage, lang: str) -> str:
    rest = max(page.edition.reschedule.most - page.case.reschedules, 0)
    return (rules.RESCHEDULES_LEFT if rest else rules.NO_RESCHEDULE).get(lang).format(rest)


def _draft(page: CasePage, lang: str) -> dict[str, Any]:
    """The answer that has not gone out."""
    draft = page.draft
    if draft is None:
        return {}
    return {
        "draft_state": rules.word(rules.ANSWER_STATES, draft.state, lang),
        "draft_tone": {"submitted": "brand", "sent_back": "soon"}.get(draft.state, ""),
        "draft_outcome": page.edition.word(OutcomeKind(draft.outcome)).get(lang),
        "draft_files": [file_of(f) for f in draft.attachments.all()],
    }


def _facts(page: CasePage, lang: str) -> list[tuple[str, Any]]:
    """The list of plain facts beside the case."""
    row = page.case
    labels = rules.FACTS
    return [
        (labels["received"].get(lang), formats.moment(timezone.localtime(row.received_at))),
        (labels["agency"].get(lang), row.agency.name if row.agency else ""),
        (labels["person"].get(lang), row.focal_person.full_name if row.focal_person else ""),
        (labels["promised"].get(lang), formats.moment(timezone.localtime(row.promised_at)) if row.promised_at else ""),
        (labels["public"].get(lang), rules.YES.get(lang) if row.public else rules.NO.get(lang)),
        (labels["edition"].get(lang), row.edition.decision),
        (labels["merged"].get(lang), row.merged_into.code if row.merged_into else ""),
        (labels["conversation"].get(lang), row.conversation.ref),
    ]


def steps_of(page: CasePage, viewer: Viewer) -> set[str]:
    """What the viewer may do now, by the words of the pages; a spent reschedule is shown too, with its article."""
    offered = {str(step) for step in page.steps}
    offered |= {rules.EXTRA_PAGES[extra] for extra in page.extras if extra in rules.EXTRA_PAGES}
    if page.edition.allowed(State(page.case.state), Step.RESCHEDULE, viewer.roles_at(page.case.agency_id)):
        offered.add(str(Step.RESCHEDULE))
    return offered


# -- the conversation and the journal in one line of time ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the conversation."""

    text: str
    ours: bool
    note: bool
    who: str
    meta: str
    files: list[dict[str, str]]


@dataclass(slots=True)
class Moment:
    """One stretch of the timeline: a new day, a message, or acts that follow each other."""

    day: date | None = None
    said: Said | None = None
    acts: list[ActLine] | None = None


def talk_of(page: CasePage, wording: Wording, papers: Sequence[Act] = ()) -> list[Moment]:
    """What was said and done, oldest first; with the acts on its documents and dialogues."""
    happened: list[tuple[datetime, int, Contact | ActLine]] = [(c.at, 0, c) for c in page.contacts]
    for act in (*(view.act for view in page.acts), *papers):
        happened.append(
            (act.at, 1, rules.act_line(act.kind, act.at, act.actor, act.before, act.after, act.note, wording))
        )
    happened.sort(key=lambda one: one[:2])
    out: list[Moment] = []
    day: date | None = None
    for at, _, what in happened:
        here = timezone.localtime(at).date()
        if here != day:
            day = here
            out.append(Moment(day=here))
        if isinstance(what, Contact):
            out.append(Moment(said=_said(what, wording.language)))
        elif out[-1].acts is not None:
            out[-1].acts.append(what)
        else:
            out.append(Moment(acts=[what]))
    return out


def _said(contact: Contact, lang: str) -> Said:
    ours = contact.direction == Contact.Direction.OUT
    words = [way_words(contact, lang), f"{timezone.localtime(contact.at):%H:%M}"]
    if contact.kind != Contact.Kind.MESSAGE:
        words.insert(0, rules.word(rules.CONTACT_KINDS, contact.kind, lang))
    if ours:
        words.append(rules.word(rules.DELIVERIES, contact.delivery, lang))
        if contact.delivery_error and contact.delivery in (Contact.Delivery.FAILED, Contact.Delivery.RETRYING):
            words.append(contact.delivery_error.splitlines()[0][:160])
    who = "" if ours and contact.author.get("kind") == "system" else contact.author.get("name", "")
    files = [file_of(f) for f in contact.attachments.all()]
    return Said(contact.text, ours, contact.kind == Contact.Kind.NOTE, who, " · ".join(words), files)


def way_words(contact: Contact, lang: str) -> str:
    """How a message came; of what we sent, what carried it: a letter to somebody who phoned is no telephone call."""
    sent = contact.direction == Contact.Direction.OUT and contact.delivery != Contact.Delivery.NONE
    came = "walk_in" if contact.source == "walk-in" else contact.channel
    return rules.word(rules.CHANNELS, goes_by(contact.channel) if sent else came, lang)


def file_of(attachment: Attachment) -> dict[str, str]:
    """A file as the photo component takes it."""
    url = reverse("console:file", args=[attachment.key])
    return {"url": url, "thumb": url if attachment.is_image else "", "name": attachment.name}


def photos_of(page: CasePage) -> list[dict[str, str]]:
    """Every picture of the case, from the reporter and from us."""
    everything = [f for c in page.contacts for f in c.attachments.all()]
    everything += [f for a in page.answers for f in a.attachments.all()]
    return [file_of(f) for f in {f.pk: f for f in everything if f.is_image}.values()]


def wording_of(page: CasePage, lang: str) -> Wording:
    """The names that the journal's numbers stand for; nothing here asks the database."""
    row = page.case
    agencies = {a.agency_id: a.agency_name for a in page.assignments}
    for agency in (row.agency, row.suggested_agency, *(a.proposed_agency for a in page.assignments)):
        if agency:
            agencies.setdefault(agency.pk, agency.name)
    people = {v.act.actor["id"]: v.act.actor["name"] for v in page.acts if v.act.actor.get("kind") == "person"}
    fields = {row.field_id: row.field.vi}
    areas: dict[int, str] = {row.area.pk: row.area.name} if row.area else {}
    for view in page.acts:
        for values in (view.act.before, view.act.after):
            if (pk := values.get("field_id")) and pk not in fields and (field := field_of(row.hotline_id, pk)):
                fields[pk] = field.vi
            if (pk := values.get("area_id")) and pk not in areas and (area := area_of(pk)):
                areas[pk] = area.name
    return Wording(
        names={"agency_id": agencies, "focal_person_id": people, "field_id": fields, "area_id": areas},
        clocks={view.row.key: view.label for view in page.clocks},
        language=lang,
        zone=timezone.get_current_timezone(),
    )


def _history(row: Case, today: date, lang: str) -> str:
    """ "lần thứ 3 trong năm": how often this citizen has come forward this year; counted to HISTORY_UP_TO."""
    if row.citizen_id is None:
        return ""
    begin = timezone.make_aware(datetime(today.year, 1, 1))  # noqa: DTZ001 - made aware at once
    times = len(_of_citizen(citizen=row.citizen_id, begin=begin))
    return rules.TIMES_THIS_YEAR.get(lang).format(times) if times > 1 else ""


@written_once
def _of_citizen(*, citizen: int, begin: datetime) -> QuerySet[Case, tuple[int]]:
    return Case.objects.filter(citizen=citizen, received_at__gte=begin).order_by().values_list("pk")[:HISTORY_UP_TO]
