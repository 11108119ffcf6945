"""Lists of cases: inboxes, counters, search. Every list begins with `visible_to` and ends after one page.

Pages follow each other by key (due moment and id, or time and id), never by number: a list of two hundred thousand opens
as fast as one of fifty, and rows that move meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, Q, QuerySet, Value
from django.utils import timezone

from hotline.calendars.queries import work_calendar_at, work_calendar_of
from hotline.cases import rules
from hotline.cases.clocks import rule_of, value_of
from hotline.cases.identity.queries import may_see
from hotline.cases.models import Case, Clock
from hotline.cases.rules import Tab
from hotline.citizens.queries import by_phone
from hotline.citizens.rules import normal_phone
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import regulation_of
from hotline.live.queries import Count
from hotline.people.rules import Viewer
from hotline.regulation.clocks import UNFINISHED, ClockRule
from hotline.regulation.explain import Explanation, explain_clock
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Standing, State, state_words
from hotline.regulation.limits import WorkingHours, left
from hotline.regulation.working_time import WorkCalendar
from hotline.statements.queries import among, place, written_once

SOON = timedelta(hours=2)  # of working time: what a list marks as due soon where the clock's own warning is not at hand

# What a line of a list shows; the text of the report and its search vector stay in the table.
_LINE = (
    "code", "summary", "state", "urgency", "due_at", "due_clock", "late_at", "received_at", "answered_at", "place", "public",
    "returns", "reopenings", "stars", "outcome", "kind", "version", "round",
    "agency__name", "agency__short_name", "field__vi", "field__en", "area__name",
    "focal_person__full_name", "edition__key", "edition__hotline_id",
)
_UNFINISHED = sorted(str(state) for state in UNFINISHED)
_CLOCK = (
    "case_id", "key", "round", "state", "started_at", "due_at", "paused_at", "resumed_at", "remaining", "breached_at",
    "met_at", "cancelled_at", "promised", "calendar_id", "calendar__version", "calendar__base_id", "calendar__base__version",
)
_NEWEST, _MOST_PRESSING = ("-received_at", "-id"), ("due_at", "id")
_UNTIL = "until:"
_JOINED = ("agency", "field", "area", "focal_person", "edition")


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list. `remaining` is in the measure of the clock that presses most (working time, or wall time for
    days and minutes of the calendar); negative when it is over, None when nobody owes anything."""

    case: Case
    standing: Standing
    remaining: timedelta | None
    state: Label
    clock: ClockRule | None
    explanation: Explanation | None = None  # of the due moment, for the small ribbon


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the cursor of the following page, empty on the last."""

    lines: list[Line]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list: of each column any of these; an empty one narrows nothing. False: nothing is narrowed."""

    fields: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    agencies: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    hotlines: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fields or self.areas or self.agencies or self.kinds or self.hotlines)


def tab_of(viewer: Viewer, key: str) -> Tab | None:
    """The list with this key if the viewer has one of that name."""
    return next((tab for tab in rules.tabs_for(viewer.roles) if tab.key == key), None)


def inbox(
    viewer: Viewer, tab: str, after: str = "", limit: int = 50, *, filters: Filters = Filters(),
    now: datetime | None = None,
) -> Page:
    """One page of a list, most pressing first (finished cases: latest first); a tab the viewer does not have is empty."""
    chosen = tab_of(viewer, tab)
    if chosen is None:
        return Page([])
    moment = now or timezone.now()
    at = moments(moment) if chosen.soon else {}
    if not after:
        return _page_of(_first(viewer, chosen, filters, limit, **at), chosen.newest, limit, moment)
    rows = _narrowed(_of_tab(viewer, chosen, at), filters)
    found = _newest(rows, after, limit) if chosen.newest else _pressing(rows, after, limit)
    return _page_of(found, chosen.newest, limit, moment)


def counted(viewer: Viewer, at: Iterable[str]) -> dict[str, QuerySet[Case]]:
    """The viewer's lists of open cases by key, to be counted together with other lists; `at` names the moments to be
    given when they are (`moments`)."""
    places = {name: place(name) for name in at}
    return {tab.key: _of_tab(viewer, tab, places) for tab in rules.tabs_for(viewer.roles) if not tab.newest}


def counters(viewer: Viewer, *, now: datetime | None = None) -> dict[str, int]:
    """How many cases are in each of the viewer's lists of open cases; each stops counting at COUNTED_UP_TO."""
    at = moments(now or timezone.now())
    return Count(counted(viewer, at)).ask(**at)


def search(viewer: Viewer, text: str, after: str = "", limit: int = 50, *, now: datetime | None = None) -> Page:
    """Cases whose code, words or reporter's number is `text`, latest first. Words are found with their marks or without:
    "nguyen tat thanh" finds "Nguyễn Tất Thành", in whichever Unicode form it was typed."""
    words = " ".join(text.split())
    if not words:
        return Page([])
    seen = Case.objects.visible_to(viewer)
    moment = now or timezone.now()
    exact = seen.filter(code=words.upper())
    if exact.exists():
        return _page(exact, True, "", limit, moment)
    # A number finds its owner for those who may see every reporter; an agency searches its own cases' words only.
    if viewer.sees_all_cases and normal_phone(words):
        citizen = by_phone(words)
        theirs = seen.filter(citizen=citizen) if may_see(viewer) else seen.filter(citizen=citizen, hide_identity=False)
        return _page(theirs, True, after, limit, moment) if citizen else Page([])
    query = SearchQuery(Func(Value(words), function="vi_fold"), config="simple")
    found = seen.filter(search=query)
    if not may_see(viewer):
        # What a hidden reporter said of themselves must not be found out by asking for it: only what is shown is searched.
        shown = Func(F("code"), F("summary"), Value(""), F("place"), function="case_search", output_field=SearchVectorField())
        found = found.alias(shown=shown).filter(Q(hide_identity=False) | Q(shown=query))
    return _page(found, True, after, limit, moment)


@written_once
def _first(viewer: Viewer, tab: Tab, filters: Filters, limit: int, **at: Any) -> QuerySet[Case]:
    """The first page of a list: what is opened most."""
    rows = _light(_narrowed(_of_tab(viewer, tab, at), filters))
    return rows.order_by(*(_NEWEST if tab.newest else _MOST_PRESSING))[: limit + 1]


def _of_tab(viewer: Viewer, tab: Tab, at: Mapping[str, Any]) -> QuerySet[Case]:
    """The cases of a list; `at` are the moments that bound what is due soon, or places for them."""
    rows = Case.objects.held_by(viewer)
    if tab.states != frozenset(State):
        rows = rows.filter(state__in=sorted(str(state) for state in tab.states))
    if tab.late:
        rows = rows.filter(late_at__isnull=False)
    if tab.soon:
        near = Q(pk__in=[])
        for name, until in at.items():
            if name.startswith(_UNTIL):
                near |= Q(due_clock=name.removeprefix(_UNTIL), due_at__lte=until)
        # The widest of the leads bounds the walk through the index.
        rows = rows.filter(near, due_at__gte=at["now"], due_at__lte=at["widest"])
    return rows


def moments(now: datetime) -> dict[str, datetime]:
    """What bounds the lists of what is due soon: "now", for each clock "until:<clock>", and the latest of them as
    "widest". One query."""
    until = {f"{_UNTIL}{clock}": moment for clock, moment in _soon_until(now).items()}
    return {"now": now, "widest": max(until.values(), default=now), **until}


@written_once
def _in_force(*, day: date) -> QuerySet[Edition]:
    """The edition in force on a day, with its hotline's calendar."""
    return (
        Edition.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        .select_related("hotline__calendar__base").defer("document", "hotline__document")
        .order_by("hotline_id", "-valid_from")[:1]
    )


def _soon_until(now: datetime) -> dict[str, datetime]:
    """Until which due moment each clock counts as due soon: the first warning of the regulation in force, in working
    time. One query."""
    row = next(iter(_in_force(day=timezone.localdate(now))), None)
    if row is None:
        return {}
    calendar = work_calendar_of(row.hotline.calendar)
    edition = regulation_of(row)
    clocks = (*edition.clocks, *edition.obligation_clocks())
    return {rule.key: _first_warning(rule.warn_before, now, calendar) for rule in clocks if rule.warn_before}


def _first_warning(leads: tuple, now: datetime, calendar: WorkCalendar) -> datetime:
    return max(calendar.add(now, lead.duration) if isinstance(lead, WorkingHours) else now + lead.duration for lead in leads)


def _narrowed(rows: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    columns = {
        "field__in": filters.fields, "area__in": filters.areas, "agency__in": filters.agencies, "kind__in": filters.kinds,
        "hotline__in": filters.hotlines,
    }  # fmt: skip
    return rows.filter(**{column: values for column, values in columns.items() if values})


def _page(rows: QuerySet[Case], newest: bool, after: str, limit: int, now: datetime) -> Page:
    return _page_of(_newest(rows, after, limit) if newest else _pressing(rows, after, limit), newest, limit, now)


def _page_of(found: list[Case], newest: bool, limit: int, now: datetime) -> Page:
    more = len(found) > limit
    found = found[:limit]
    key = "received_at" if newest else "due_at"
    line = _liner(found, now)
    end = rules.cursor_of(getattr(found[-1], key), found[-1].pk) if more else ""
    return Page([line(case) for case in found], end)


def _newest(rows: QuerySet[Case], after: str, limit: int) -> list[Case]:
    if start := rules.read_cursor(after):
        at, pk = start
        rows = rows.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk), received_at__lte=at)
    return list(_light(rows).order_by(*_NEWEST)[: limit + 1])


def _pressing(rows: QuerySet[Case], after: str, limit: int) -> list[Case]:
    """By due moment; what is due at no moment (waiting for the citizen's request to be decided) comes last."""
    start = rules.read_cursor(after)
    if start is None:  # the first page needs no bounds: nothing due sorts last by itself
        return list(_light(rows).order_by(*_MOST_PRESSING)[: limit + 1])
    found: list[Case] = []
    if start[0] is not None:
        at, pk = start
        due = rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk), due_at__gte=at)
        found = list(_light(due).order_by(*_MOST_PRESSING)[: limit + 1])
    if len(found) <= limit:
        rest = rows.filter(due_at__isnull=True)
        if start[0] is None:
            rest = rest.filter(pk__gt=start[1])
        found += _light(rest).order_by("id")[: limit + 1 - len(found)]
    return found


def _light(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related(*_JOINED).only(*_LINE)


def _liner(cases: list[Case], now: datetime) -> Callable[[Case], Line]:
    """Makes lines; the clocks that press, with their calendars, are read for the whole page at once."""
    waiting = [case.pk for case in cases if case.due_at is not None]
    rows = _clocks(cases=waiting) if waiting else []
    pressing: dict[int, Any] = {row[0]: SimpleNamespace(**dict(zip(_CLOCK, row, strict=True))) for row in rows}

    def line(case: Case) -> Line:
        state = State(case.state)
        words = state_words(state, case.late_at is not None)
        clock = pressing.get(case.pk)
        if clock is None or case.due_at is None:
            return Line(case, Standing.ON_TIME, None, words, None)
        rule, calendar = rule_of(case.edition, case.due_clock), _calendar_of(clock)
        remaining = left(rule.limit, now, case.due_at, calendar)
        standing = _standing(now, case.due_at, remaining, rule.warn_before)
        return Line(case, standing, remaining, words, rule, explain_clock(value_of(clock, rule), calendar))

    return line


@written_once
def _clocks(*, cases: list[int]) -> QuerySet[Any]:
    """The clocks that press, of these cases."""
    return Clock.objects.filter(among("case", cases), key=F("case__due_clock"), state__in=_UNFINISHED).values_list(*_CLOCK)


def _calendar_of(clock: Any) -> WorkCalendar:
    return work_calendar_at(
        clock.calendar_id, clock.calendar__version, clock.calendar__base_id, clock.calendar__base__version
    )


def _standing(now: datetime, due_at: datetime, remaining: timedelta, leads: tuple) -> Standing:
    if now > due_at:
        return Standing.OVERDUE
    first = max((lead.duration for lead in leads if isinstance(lead, WorkingHours)), default=SOON)
    return Standing.DUE_SOON if remaining <= first else Standing.ON_TIME


