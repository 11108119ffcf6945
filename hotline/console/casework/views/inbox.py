"""Lists of cases: each tab a page of its own, filtered by the address, refreshed by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from hotline.assets import formats
from hotline.assets.templatetags.look import tone_of
from hotline.assets.templatetags.ribbons import ribbon_small
from hotline.cases import queries
from hotline.cases.queries import Filters, Line
from hotline.console.casework import rules
from hotline.console.casework.views.case import READERS
from hotline.console.casework.views.home import first_page
from hotline.console.context import language, topics_of
from hotline.console.doors import staff
from hotline.hotlines.models import Field
from hotline.hotlines.queries import field_tree, hotlines
from hotline.live.actions import sign_topics
from hotline.organisation.models import Agency
from hotline.organisation.queries import agencies_on, areas_served
from hotline.people.rules import Viewer
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OPEN_STATES, CaseKind, Standing, State, Urgency
from hotline.regulation.limits import WorkingDays, WorkingHours
from hotline.routing.queries import area_of

A_PAGE = 50


@staff(*READERS)
def first(request: HttpRequest) -> HttpResponse:
    """GET: on to the first list of this person."""
    return HttpResponseRedirect(first_page(request.viewer))


@staff(*READERS)
def inbox(request: HttpRequest, tab: str) -> HttpResponse:
    """GET: one list; `after` continues it, `field`, `area`, `kind`, `agency` (any number of each) narrow it; with
    `part=list` the rows alone; with `filter=open` what one may choose from."""
    chosen = queries.tab_of(request.viewer, tab)
    if chosen is None:
        raise Http404
    asked = request.GET
    filters = filters_of(asked)
    after = asked.get("after", "")
    now = timezone.localtime()
    page = queries.inbox(request.viewer, tab, after, A_PAGE, filters=filters, now=now)
    here = reverse("console:inbox", args=[tab])
    kept = _kept(asked)
    live = topics_of(request.viewer)
    context = {
        "tab": chosen, "title": chosen.label.get(language()), "rows": rows_of(page.lines, now), "here": here,
        "filters": filters, "chosen": _chosen(filters, asked) if filters else [],
        "older": f"{here}?{_address(kept, after=page.next)}" if page.next else "",
        "newer": f"{here}?{kept.urlencode()}" if after else "",
        **list_words(rules.NOTHING_NARROWED if filters else rules.NOTHING, rules.NOTHING_TEXT),
        "live_topic": " ".join(live), "live_topics": sign_topics(live),
        "live_src": f"{here}?{_address(asked, part='list')}",
        "open_filter": f"{here}?{_address(kept, filter='open')}",
    }  # fmt: skip
    if asked.get("part") == "list":
        return render(request, "console/casework/_rows.html", context)
    if asked.get("filter") == "open":
        context["options"] = _options(request.viewer, filters)
    return render(request, "console/casework/inbox.html", context)


# -- rows --------------------------------------------------------------------------------------------------------------


def list_words(empty: Label, text: Label) -> dict[str, str]:
    """The words around the rows."""
    lang = language()
    words = {name: label.get(lang) for name, label in rules.LIST_WORDS.items()}
    return {**words, "empty_title": empty.get(lang), "empty_text": text.get(lang)}


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list, in words. `drawn` is drawn here and not by the template: a page has fifty of them."""

    pk: int
    code: str
    url: str
    summary: str
    meta: str
    tone: str
    left: str
    marks: tuple[tuple[str, str], ...]  # (word, tone)
    drawn: SafeString  # the whole line of the list


def rows_of(lines: Iterable[Line], now: datetime) -> list[Row]:
    """Lines as rows in the reader's language."""
    lang = language()
    return [_row(line, lang, now) for line in lines]


def _row(line: Line, lang: str, now: datetime) -> Row:
    case = line.case
    left = due = tone = ""
    ribbon = SafeString("")
    if line.clock is not None and line.remaining is not None and case.due_at is not None:
        working = isinstance(line.clock.limit, WorkingHours | WorkingDays)
        left = rules.time_left(line.remaining, line.standing == Standing.OVERDUE, lang, working)
        at = timezone.localtime(case.due_at)
        day = formats.short_moment(at, lang) if at.year == now.year else formats.moment(at)
        due = f"{rules.LIST_WORDS['due_word'].get(lang)} {day}"
        tone = tone_of(line.standing)
        if line.explanation:
            ribbon = ribbon_small(line.explanation, now, tone)
    elif case.answered_at:
        due = f"{rules.LIST_WORDS['answered_word'].get(lang)} {formats.moment(timezone.localtime(case.answered_at))}"
    field = case.field.en if lang == "en" and case.field.en else case.field.vi
    place = case.area.name if case.area else case.place
    agency = case.agency.label if case.agency else ""
    person = case.focal_person.full_name if case.focal_person else ""
    meta = " · ".join(word for word in (field, place, agency, person) if word)
    marks = _marks(case, lang)
    state, late = State(case.state).label.get(lang), _late(case, lang)
    url = f"/console/case/{case.code}/"
    words = _line(case.code, f"{state} · {late}" if late else state, "late" if late else "", marks, meta)
    drawn = _drawn(case.pk, url, case.summary, tone, words, _time(left, tone, ribbon, due))
    return Row(case.pk, case.code, url, case.summary, meta, tone, left, marks, drawn)


def _drawn(pk: int, url: str, summary: str, tone: str, line: str, time: str) -> SafeString:
    return mark_safe(  # every word escaped, here or in `_line` and `_time`
        f'<li class="work-row {tone}" data-row="{pk}"><div><h3><a href="{escape(url)}">{escape(summary)}</a></h3>'
        f'<p class="meta">{line}</p></div><div class="time">{time}</div></li>'
    )


def _line(code: str, state: str, tone: str, marks: Iterable[tuple[str, str]], meta: str) -> str:
    chips = "".join(f'<span class="chip {tone}">{escape(word)}</span>' for word, tone in ((state, tone), *marks))
    return f'<span class="code">{escape(code)}</span>{chips}<span>{escape(meta)}</span>'


def _time(left: str, tone: str, ribbon: SafeString, due: str) -> str:
    words = f'<span class="say {tone}">{escape(left)}</span>' if left else ""
    return f'{words}{ribbon}<span class="muted small">{escape(due)}</span>'


def _late(case: Any, lang: str) -> str:
    if case.late_at is None:
        return ""
    return rules.LIST_WORDS["late_words" if case.state in OPEN_STATES else "was_late_words"].get(lang)


def _marks(case: Any, lang: str) -> tuple[tuple[str, str], ...]:
    marks = []
    if case.urgency != Urgency.NORMAL:
        marks.append((Urgency(case.urgency).label.get(lang), "late" if case.urgency == Urgency.EMERGENCY else "soon"))
    if case.returns and case.state == State.RETURNED:
        marks.append((rules.RETURNED_TIMES.get(lang).format(case.returns), "outline"))
    if case.reopenings:
        marks.append((rules.ROUND.get(lang).format(case.reopenings + 1), "calm"))
    if case.stars:
        marks.append((f"{case.stars}/5 ★", "ok" if case.stars > 3 else "soon"))
    return tuple(marks)


# -- filters -----------------------------------------------------------------------------------------------------------


def filters_of(asked: QueryDict) -> Filters:
    """What the address narrows the list to; numbers that are none and kinds that are none are left out."""
    return Filters(
        fields=_everywhere(_ids(asked, "field")), areas=_ids(asked, "area"), agencies=_ids(asked, "agency"),
        kinds=tuple(kind for kind in dict.fromkeys(asked.getlist("kind")) if kind in list(CaseKind)),
        hotlines=_ids(asked, "hotline"),
    )  # fmt: skip


def _everywhere(fields: tuple[int, ...]) -> tuple[int, ...]:
    """These fields of one hotline and the same ones of the others: people choose "Giao thông", not whose."""
    if not fields:
        return ()
    same = Field.objects.filter(key__in=Field.objects.filter(pk__in=fields).values("key")).order_by("pk")
    return tuple(same.values_list("pk", flat=True)) or fields


def _ids(asked: QueryDict, name: str) -> tuple[int, ...]:
    return tuple(int(v) for v in dict.fromkeys(asked.getlist(name)) if v.isascii() and v.isdigit() and len(v) < 19)


def _kept(asked: QueryDict) -> QueryDict:
    """The filters alone, for links to other pages of the same list."""
    kept = QueryDict(mutable=True)
    for name in ("field", "area", "kind", "agency", "hotline"):
        if values := asked.getlist(name):
            kept.setlist(name, values)
    return kept


def _address(asked: QueryDict, **more: str) -> str:
    address = asked.copy()
    for name, value in more.items():
        address[name] = value
    return address.urlencode()


def _chosen(filters: Filters, asked: QueryDict) -> list[tuple[str, str]]:
    """Each filter by name with the address of the list without it."""
    lang = language()
    agencies = dict(Agency.objects.filter(pk__in=filters.agencies).values_list("pk", "name")) if filters.agencies else {}
    named: list[tuple[str, str, str]] = []
    for pk in _ids(asked, "field"):
        field = Field.objects.filter(pk=pk).first()
        named.append(("field", str(pk), field.vi if field else f"#{pk}"))
    for pk in filters.areas:
        area = area_of(pk)
        named.append(("area", str(pk), area.name if area else f"#{pk}"))
    named += [("kind", kind, CaseKind(kind).label.get(lang)) for kind in filters.kinds]
    named += [("agency", str(pk), agencies.get(pk, f"#{pk}")) for pk in filters.agencies]
    lines = {hotline.pk: hotline.short_name for hotline in hotlines()} if filters.hotlines else {}
    named += [("hotline", str(pk), lines.get(pk, f"#{pk}")) for pk in filters.hotlines]
    return [(name, _without(asked, column, value)) for column, value, name in named]


def _without(asked: QueryDict, column: str, value: str) -> str:
    rest = _kept(asked)
    rest.setlist(column, [v for v in rest.getlist(column) if v != value])
    return f"?{rest.urlencode()}"


def _options(viewer: Viewer, filters: Filters) -> list[dict[str, Any]]:
    """What one may choose from: four groups of boxes."""
    lang = language()
    lines = hotlines()
    fields = [f for top, below in field_tree(lines[0]) for f in (top, *below)]
    groups: list[tuple[str, Any, Iterable[tuple[Any, str]], Iterable[Any]]] = [
        ("field", rules.FILTERS["field"], [(f.pk, f.en if lang == "en" and f.en else f.vi) for f in fields], filters.fields),
        ("area", rules.FILTERS["area"], areas_served().values_list("pk", "name"), filters.areas),
        ("kind", rules.FILTERS["kind"], [(str(k), k.label.get(lang)) for k in CaseKind], filters.kinds),
    ]
    if len(lines) > 1:
        groups.append(("hotline", rules.FILTERS["hotline"], [(h.pk, h.short_name) for h in lines], filters.hotlines))
    if viewer.sees_all_cases:
        agencies = agencies_on(timezone.localdate()).order_by("name").values_list("pk", "name")
        groups.append(("agency", rules.FILTERS["agency"], agencies, filters.agencies))
    return [
        {"name": name, "label": label.get(lang), "options": [(value, said, value in picked) for value, said in values]}
        for name, label, values, picked in groups
    ]


