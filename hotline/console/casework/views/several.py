"""What stands around a case on its page: cooperating agencies, relatives, and cases it may belong together with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.assets import formats
from hotline.assets.templatetags.look import tone_of
from hotline.cases.identity.queries import may_see
from hotline.cases.models import Case, Participation
from hotline.cases.queries import Alike, CasePage, PartView, answered_before, asked_of, joinable, matter_of
from hotline.console.casework import rules
from hotline.console.casework.rules import AROUND, PART_STATES, Button
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.conversations.models import Attachment
from hotline.live.actions import sign_topics
from hotline.live.rules import agency_topic
from hotline.people.rules import AGENCY_ROLES, DESK_ROLES, Viewer
from hotline.regulation.lifecycle import OPEN_STATES, State, Step


@dataclass(frozen=True, slots=True)
class PartLine:
    """One cooperating agency in words."""

    part: Participation
    state: str
    tone: str
    due: str
    buttons: list[Button]
    files: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Relative:
    """One case beside this one; without an address where the reader may not open it, and then without its summary."""

    code: str
    summary: str
    state: str
    url: str
    more: str = ""


def around(page: CasePage, viewer: Viewer, lang: str, now: datetime) -> dict[str, Any]:
    """The context of `_several.html`."""
    family, row = page.family, page.case
    suggested = _suggested(page, viewer, now)
    return {
        "part_lines": [part_line(part, lang) for part in page.parts],
        "own_lines": [part_line(part, lang) for part in page.own_parts if part.row.agency_id in viewer.agency_ids],
        "family": [
            (AROUND[name].get(lang), [relative(case, case.pk in family.open_to, lang) for case in cases])
            for name, cases in (
                ("split", family.split), ("earlier", (family.earlier,) if family.earlier else ()),
                ("repeats", family.repeats), ("joined", family.joined),
            )
            if cases
        ],
        "told": [(rules.word(rules.DELIVERIES, state, lang), many) for state, many in (family.told or {}).items()],
        "returned_word": rules.RETURNED_TIMES.get(lang).format(row.returns) if row.returns else "",
        "follow_ups_word": AROUND["follow_ups"].get(lang).format(row.follow_ups) if row.follow_ups > 1 else "",
        "may_reveal": page.hidden and may_see(viewer),
        "joinable": [alike(one, lang) for one in suggested[0]],
        "answered_before": [alike(one, lang) for one in suggested[1]],
        "may_merge": bool(suggested[0]) and Step.MERGE in page.steps,
    }  # fmt: skip


def part_line(part: PartView, lang: str) -> PartLine:
    """A cooperating agency with its state, its clock and what the reader may do."""
    row, clock = part.row, part.clock
    due = formats.short_moment(timezone.localtime(clock.row.due_at), lang) if clock and clock.row.next_at else ""
    tone = {"contributed": "ok", "disagreed": "late", "declined": "soon", "released": "calm"}.get(row.state, "brand")
    late = clock is not None and clock.late
    return PartLine(
        row, PART_STATES[row.state].get(lang), "late" if late else tone_of(clock.standing) if clock and due else tone,
        f"{rules.UNTIL.get(lang)} {due}" if due else rules.LATE.get(lang) if late else "",
        [rules.BUTTONS[step] for step in part.steps], [_file(file) for file in row.attachments.all()],
    )  # fmt: skip


def _file(file: Attachment) -> dict[str, str]:
    url = reverse("console:file", args=[file.key])
    return {"url": url, "thumb": url if file.is_image else "", "name": file.name}


def relative(case: Case, opens: bool, lang: str) -> Relative:
    """A case beside this one, as far as the reader may know it."""
    field = (case.field.en if lang == "en" else "") or case.field.vi
    agency = case.agency.name if case.agency else ""
    return Relative(
        case.code,
        case.summary if opens else field,
        State(case.state).label.get(lang),
        reverse("console:case", args=[case.code]) if opens else "",
        agency,
    )


def alike(one: Alike, lang: str) -> Relative:
    """A case that may be about the same matter: how far, how alike, when."""
    case = one.case
    away = AROUND["away"].get(lang).format(one.away) if one.away is not None else ""
    same = AROUND["alike"].get(lang).format(one.percent)
    at = case.answered_at or case.received_at
    said = (
        AROUND["answered_on" if case.answered_at else "received_on"]
        .get(lang)
        .format(f"{timezone.localtime(at):%d/%m/%Y}")
    )
    return Relative(
        case.code,
        case.summary,
        State(case.state).label.get(lang),
        reverse("console:case", args=[case.code]),
        " · ".join(word for word in (said, away, same) if word),
    )


def _suggested(page: CasePage, viewer: Viewer, now: datetime) -> tuple[list[Alike], list[Alike]]:
    """What the desk may join it to, and what it may repeat. Asked only while somebody of the desk can still do so."""
    row, edition = page.case, page.edition
    if not viewer.roles & DESK_ROLES or row.state not in OPEN_STATES or not (edition.joining or edition.repeats):
        return [], []
    matter = matter_of(row)
    joins = joinable(viewer, matter, edition.joining, now) if edition.joining and Step.MERGE in page.steps else []
    before = (
        answered_before(viewer, matter, edition.repeats, now) if edition.repeats and row.repeat_of_id is None else []
    )
    known = {one.pk for one in page.family.split}
    return [one for one in joins if one.case.pk not in known], before


@staff(*AGENCY_ROLES)
def cooperation(request: HttpRequest) -> HttpResponse:
    """GET: what the reader's agencies are asked to contribute to cases that others lead; with `part=list` the rows alone."""
    now, lang = timezone.now(), language()
    live = [agency_topic(pk) for pk in sorted(request.viewer.agency_ids)]
    lines = [
        {
            "case": one.case, "part": one.part, "tone": "late" if one.late else "",
            "url": reverse("console:case", args=[one.case.code]),
            "state": PART_STATES[one.part.state].get(lang),
            "due": formats.short_moment(timezone.localtime(one.part.due_at), lang) if one.part.due_at else "",
        }
        for one in asked_of(request.viewer, now)
    ]  # fmt: skip
    template = (
        "console/casework/_cooperation.html"
        if request.GET.get("part") == "list"
        else "console/casework/cooperation.html"
    )
    return render(request, template, {
        "lines": lines, "live_topics": sign_topics(live), "live_topic": " ".join(live),
        "live_src": f"{reverse('console:cooperation')}?part=list",
    })  # fmt: skip
