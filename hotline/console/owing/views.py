"""What is owed: the list of it, and its lines on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.assets import formats
from hotline.assets.templatetags.look import tone_of
from hotline.cases.queries import CasePage, Owed, owed_list
from hotline.console.casework.rules import time_left, who_must
from hotline.console.context import language, topics_of
from hotline.console.doors import staff
from hotline.console.owing import rules
from hotline.live.actions import sign_topics
from hotline.people.rules import AGENCY_ROLES, OVERSEERS
from hotline.regulation.explain import Explanation
from hotline.regulation.levels import NO_RISING
from hotline.regulation.lifecycle import Standing
from hotline.regulation.limits import WorkingDays, WorkingHours

A_PAGE = 50


@staff(*OVERSEERS, *AGENCY_ROLES)
def owed(request: HttpRequest) -> HttpResponse:
    """GET: what the viewer's posts owe, the earliest due first; `after` continues it; with `of=everybody` (those who read
    every case) all that is owed; with `part=list` the rows alone."""
    viewer, lang, now = request.viewer, language(), timezone.localtime()
    everybody = request.GET.get("of") == "everybody"
    if everybody and not viewer.sees_all_cases:
        raise Http404
    after = request.GET.get("after", "")
    page = owed_list(viewer, after, A_PAGE, everybody=everybody, now=now)
    here, live = reverse("console:owed"), topics_of(viewer)
    own = f"{here}?of=everybody&" if everybody else f"{here}?"
    context = {
        "title": (rules.EVERYBODY if everybody else rules.TITLE).get(lang),
        "rows": lines_of(page.lines, lang, now),
        "older": f"{own}after={page.next}" if page.next else "", "newer": own.rstrip("?&") if after else "",
        "tabs": [(rules.MINE.get(lang), here, not everybody), (rules.EVERYBODY.get(lang), f"{here}?of=everybody", everybody)]
        if viewer.sees_all_cases else [],
        "empty_title": rules.EMPTY.get(lang), "empty_text": rules.EMPTY_TEXT.get(lang),
        "no_more": rules.NO_MORE.get(lang), "back_word": rules.BACK.get(lang),
        "live_topic": " ".join(live), "live_topics": sign_topics(live),
        "live_src": f"{own}{'after=' + after + '&' if after else ''}part=list",
    }  # fmt: skip
    rows_alone = request.GET.get("part") == "list"
    return render(request, "console/owing/_rows.html" if rows_alone else "console/owing/owed.html", context)


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation in words. `left` is empty once it is met or lifted; `said` then says which."""

    what: str
    who: str
    left: str
    tone: str
    said: str
    due: str
    rule: str
    explanation: Explanation
    code: str
    summary: str
    deed: str = ""  # the address of what meets it, for those who may


def lines_of(owed: Iterable[Owed], lang: str, now: datetime) -> list[Line]:
    """What is owed as lines in the reader's language."""
    return [_line(one, lang, now) for one in owed]


def around(page: CasePage, lang: str, now: datetime, deeds: Mapping[str, str]) -> dict[str, Any]:
    """What the page of a case says of it: owed first, then what is done; how it is answered and how high it has come.
    `deeds`: by kind of what is owed, where the viewer may do what meets it."""
    case, edition = page.case, page.edition
    level = edition.level(case.level) if edition.modes or edition.rising != NO_RISING else None
    return {
        "owed": [replace(_line(one, lang, now), deed=deeds.get(one.rule.kind, "")) for one in page.owed if one.row.is_owed],
        "was_owed": [(line.what, line.said, line.tone) for line in
                     lines_of((one for one in page.owed if not one.row.is_owed), lang, now)],
        "mode_word": rules.MODE.get(lang).format(label=edition.mode(case.mode).label.get(lang)) if case.mode else "",
        "level_word": rules.LEVEL.get(lang).format(number=level.number, label=level.label.get(lang)) if level else "",
    }  # fmt: skip


def _line(one: Owed, lang: str, now: datetime) -> Line:
    row, limit = one.row, one.rule.limit
    working = isinstance(limit, WorkingHours | WorkingDays)
    at = timezone.localtime(row.due_at)
    day = formats.short_moment(at, lang) if at.year == now.year else formats.moment(at)
    return Line(
        what=one.label.get(lang), who=who_must(one.agency, one.who.get(lang), ""),
        left=time_left(one.remaining, one.standing == Standing.OVERDUE, lang, working) if row.is_owed else "",
        tone=tone_of(one.standing) if row.is_owed else "late" if one.late else "ok" if row.met_at else "",
        said=_said(one, lang), due=rules.DUE.get(lang).format(at=day),
        rule=f"{one.label.get(lang)}: {limit.label.get(lang)}. {one.rule.article}", explanation=one.explanation,
        code=row.case.code, summary=row.case.summary,
    )  # fmt: skip


def _said(one: Owed, lang: str) -> str:
    if one.row.met_at:
        at = formats.moment(timezone.localtime(one.row.met_at))
        return (rules.MET_LATE if one.late else rules.MET).get(lang).format(at=at)
    return (rules.LIFTED_LATE if one.late else rules.LIFTED).get(lang) if one.row.lifted_at else ""
