"""Which field, place and agency are suggested. The routing table is read from memory: the intake's hot path asks it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from hotline.hotlines.models import Field, Hotline
from hotline.organisation.models import Agency, Area, AreaAlias
from hotline.regulation.labels import Label
from hotline.routing.models import Route
from hotline.routing.rules import (
    NOWHERE,
    AreaGuess,
    FieldHit,
    FieldWords,
    Handler,
    Place,
    RouteRow,
    choose,
    nearest_area,
    suggest_area,
    suggest_field,
    suggest_urgency,
)

FRESH_SECONDS = 30.0  # how long another process may still route by the table as it was


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An agency proposed to the call-taker, and why."""

    agency: Agency
    why: Label


@dataclass(frozen=True, slots=True)
class _Table:
    """Fields, routes and agencies as they were at `read_at` (monotonic seconds)."""

    read_at: float
    fields: dict[int, Field]
    areas: dict[int, Area]  # communes served
    words: dict[int, tuple[FieldWords, ...]]  # by hotline
    routes: dict[int, list[RouteRow]]
    agencies: dict[int, Agency]
    handlers: dict[int, Handler] = field(default_factory=dict)
    committees: dict[int, list[int]] = field(default_factory=dict)


_table: _Table | None = None
_reading = threading.Lock()


def forget() -> None:
    """Read the table anew on the next question; whoever changes routes, fields or agencies calls this on commit."""
    global _table
    _table = None


def suggest(hotline: Hotline | int, field: Field, area: Area | None, day: date) -> Suggestion | None:
    """The agency for a field and a place on a day, following the routes of the field, else of its parent. None: nobody.

    No query while the table in memory is fresh. `hotline` names whose field it is; a field belongs to one hotline.
    """
    if field.hotline_id != (hotline if isinstance(hotline, int) else hotline.pk):
        raise ValueError(f"field {field.pk} is not of hotline {hotline}")
    table = _fresh(field.pk)
    area_id = area.pk if area else None
    current: int | None = field.pk
    while current in table.fields:
        choice = choose(table.routes.get(current, ()), area_id, day, table.handlers, table.committees)
        if choice is not None:
            return Suggestion(table.agencies[choice.agency], choice.why)
        current = table.fields[current].parent_id
    return None


def field_of(hotline_id: int, field_id: int | None) -> Field | None:
    """A field of a hotline that may be chosen, with its hotline, from memory; None when there is none, or no more."""
    if field_id is None:
        return None
    found = _fresh(field_id).fields.get(field_id)
    return found if found and found.hotline_id == hotline_id and found.active else None


def area_of(area_id: int | None) -> Area | None:
    """A commune served, from memory; None when it is none."""
    return None if area_id is None else _fresh(area_id=area_id).areas.get(area_id)


def fields_for(hotline_id: int, text: str) -> list[FieldHit]:
    """Fields of a hotline that a text speaks of, best first, with the words that say so."""
    return suggest_field(text, _words(hotline_id))


def urgency_for(hotline_id: int, text: str) -> tuple[str, tuple[str, ...]]:
    """("urgent" or "normal", the words that say so)."""
    return suggest_urgency(text, _words(hotline_id))


def area_for(
    text: str, lat: float | None = None, lon: float | None = None, areas: Sequence[Area] | None = None
) -> AreaGuess:
    """The served commune of a report: a point decides, else the name in the text; several when only the point can tell.

    `areas` are the communes served, when the caller has read them already.
    """
    if areas is None:
        areas = list(Area.objects.filter(served=True, kind=Area.Kind.COMMUNE).order_by("name"))
    places = [Place(a.pk, a.name, lat=a.lat, lon=a.lon) for a in areas]
    if lat is not None and lon is not None:
        near = nearest_area(lat, lon, places)
        if near is not NOWHERE:
            return near
    former = AreaAlias.objects.filter(area__in=areas).values_list("area_id", "name", "district")
    return suggest_area(text, [*places, *(Place(pk, name, True, district) for pk, name, district in former)])


def _words(hotline_id: int) -> tuple[FieldWords, ...]:
    table = _fresh()
    if hotline_id not in table.words:
        forget()
        table = _fresh()
    return table.words.get(hotline_id, ())


def _fresh(field_id: int | None = None, area_id: int | None = None) -> _Table:
    global _table
    table = _table
    if (
        table is None
        or time.monotonic() - table.read_at > FRESH_SECONDS
        # What is asked for by its id and not there may have been made a moment ago.
        or (field_id is not None and field_id not in table.fields)
        or (area_id is not None and area_id not in table.areas)
    ):
        with _reading:  # one reader at a time; who waited finds the table another has just read
            if _table is table or _table is None:
                _table = _read()
            table = _table
    assert table is not None
    return table


def _read() -> _Table:
    routes: dict[int, list[RouteRow]] = {}
    for row in Route.objects.order_by("id"):
        routes.setdefault(row.field_id, []).append(
            RouteRow(row.agency_id, row.area_id, row.own_commune, row.priority, row.note)
        )
    agencies = {a.pk: a for a in Agency.objects.order_by("id")}
    words: dict[int, list[FieldWords]] = {}
    fields = {f.pk: f for f in Field.objects.select_related("hotline").order_by("position", "id")}
    for f in fields.values():
        if f.active:
            words.setdefault(f.hotline_id, []).append(
                FieldWords(f.pk, tuple(f.words), tuple(f.urgent_words), f.parent_id or 0, f.position)
            )
    return _Table(
        read_at=time.monotonic(),
        fields=fields,
        areas={a.pk: a for a in Area.objects.filter(served=True, kind=Area.Kind.COMMUNE)},
        words={hotline: tuple(of_it) for hotline, of_it in words.items()},
        routes=routes,
        agencies=agencies,
        handlers={
            pk: Handler(pk, a.label, a.valid_from, a.valid_to, a.successor_id) for pk, a in agencies.items()
        },
        committees=_committees(agencies.values()),
    )


def _committees(agencies: Iterable[Agency]) -> dict[int, list[int]]:
    """area → the People's Committees it has had."""
    committees: dict[int, list[int]] = {}
    for agency in agencies:
        if agency.kind == Agency.Kind.COMMUNE and agency.area_id:
            committees.setdefault(agency.area_id, []).append(agency.pk)
    return committees
