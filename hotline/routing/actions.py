"""Verbs on the routing table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from hotline.hotlines.models import Field, Hotline
from hotline.hotlines.rules import RouteEntry
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency, Area
from hotline.refusals import Refused, unchanged
from hotline.regulation.labels import Label
from hotline.routing.models import Route
from hotline.routing.queries import forget


@transaction.atomic
def load_routes(hotline: Hotline, entries: Iterable[RouteEntry]) -> None:
    """Replace the routing table of a hotline by a pack's. Nothing points at a route: a case keeps its suggestion itself.

    Once people or a reorganisation have changed the table in this installation, a pack no longer replaces it.
    """
    if Act.objects.filter(subject="route", before__hotline=hotline.key).exists():
        return
    entries = list(entries)
    fields = dict(Field.objects.filter(hotline=hotline).values_list("key", "id"))
    agencies = dict(Agency.objects.values_list("key", "id"))
    areas = dict(Area.objects.filter(code__in={e.area_code for e in entries}).values_list("code", "id"))
    Route.objects.filter(field__hotline=hotline).delete()
    Route.objects.bulk_create([
        Route(
            field_id=fields[e.field], area_id=areas[e.area_code] if e.area_code else None, own_commune=e.own_commune,
            agency_id=agencies[e.agency] if e.agency else None, priority=e.priority, note=e.note,
        )
        for e in entries
    ])
    transaction.on_commit(forget)


@transaction.atomic
def add_route(
    field: Field, *, agency: Agency | None, area: Area | None = None, own_commune: bool = False, priority: int = 0,
    note: str = "", actor: Actor, now: datetime,
) -> Route:
    """Add a row to the routing table. Raises Refused when nobody is named, or the table says so already."""
    route = Route(field=field, agency=agency, area=area, own_commune=own_commune, priority=priority, note=note.strip())
    _check(route)
    route.save()
    _recorded("route.added", route, actor, now, {})
    return route


@transaction.atomic
def change_route(
    route: Route, *, field: Field, agency: Agency | None, area: Area | None = None, own_commune: bool = False,
    priority: int = 0, note: str = "", seen: Mapping[str, Any] | None = None, actor: Actor, now: datetime,
) -> Route:
    """Change a row of the routing table. Raises Refused as above; Stale when it is no more what was `seen`."""
    route = Route.objects.select_for_update(of=["self"]).select_related("field", "agency", "area").get(pk=route.pk)
    before = document(route)
    unchanged(before, seen)
    route.field, route.agency, route.area, route.own_commune = field, agency, area, own_commune
    route.priority, route.note = priority, note.strip()
    _check(route)
    route.save()
    _recorded("route.changed", route, actor, now, before)
    return route


@transaction.atomic
def remove_route(route: Route, *, actor: Actor, now: datetime) -> None:
    """Take a row out of the routing table. Raises Refused when somebody else did so a moment ago."""
    row = Route.objects.select_for_update(of=["self"]).select_related("field", "agency", "area").filter(pk=route.pk).first()
    if row is None:
        raise Refused(Label("Dòng phân công này đã được xóa.", "This row has been removed already."))
    before = document(row)
    pk = row.pk
    row.delete()
    row.pk = pk
    _recorded("route.removed", row, actor, now, before, removed=True)


@transaction.atomic
def follow_agency(
    old: Agency, heirs: Sequence[tuple[Agency, Collection[str], Collection[str]]], rest: Agency | None, *, actor: Actor,
    now: datetime,
) -> int:
    """Let the routing table lead to the successors of an agency. How many rows changed.

    `heirs`: (successor, keys of its fields, codes of its communes), first that fits wins; empty means all. A row that is
    wider than a successor's part stays with `rest` and gets a narrower row beside it. `rest` None: rows to nobody go.
    """
    changed = 0
    rows = Route.objects.select_related("field__hotline", "field__parent", "agency", "area").filter(agency=old)
    for route in rows.order_by("id"):
        before, placed = document(route), False
        own = {route.field.key, route.field.parent.key if route.field.parent else ""}
        for agency, fields, areas in heirs:
            elsewhere = areas and route.area and route.area.code not in areas
            if elsewhere or (fields and own.isdisjoint(fields)):
                continue
            if not areas or route.area:
                changed += _lead(route, agency, before, actor, now)
                placed = True
                break
            for area in Area.objects.filter(code__in=areas):
                changed += _beside(route, agency, area, actor, now)
        if not placed and rest is not None and rest.pk != old.pk:
            changed += _lead(route, rest, before, actor, now)
        elif not placed and rest is None:
            remove_route(route, actor=actor, now=now)
            changed += 1
    for agency, fields, areas in heirs:
        changed += _below(old, agency, rest, fields, areas, actor, now)
    return changed


@transaction.atomic
def follow_areas(heirs: Mapping[Area, Collection[Area]], *, actor: Actor, now: datetime) -> int:
    """Rows for communes that are no more hold for those that have their ground. How many rows changed."""
    changed = 0
    rows = Route.objects.select_related("field__hotline", "agency", "area").filter(area__in=[a.pk for a in heirs])
    for route in rows.order_by("id"):
        assert route.area is not None, "filtered by it"
        for heir in heirs[route.area]:
            if heir.pk != route.area_id and route.agency:
                changed += _beside(route, route.agency, heir, actor, now)
        if route.area not in heirs[route.area]:
            remove_route(route, actor=actor, now=now)
            changed += 1
    return changed


def _lead(route: Route, agency: Agency, before: Mapping[str, Any], actor: Actor, now: datetime) -> int:
    """This row leads to another agency; it goes when the table says so already."""
    if Route.objects.filter(field=route.field, area=route.area, agency=agency).exclude(pk=route.pk).exists():
        remove_route(route, actor=actor, now=now)
    else:
        route.agency = agency
        route.save(update_fields=["agency"])
        _recorded("route.changed", route, actor, now, before)
    return 1


def _beside(route: Route, agency: Agency, area: Area | None, actor: Actor, now: datetime, field: Field | None = None) -> int:
    """A narrower row beside one; none when the table says so already."""
    field = field or route.field
    if Route.objects.filter(field=field, area=area, agency=agency).exists():
        return 0
    add_route(field, agency=agency, area=area, priority=route.priority, note=route.note, actor=actor, now=now)
    return 1


def _below(
    old: Agency, agency: Agency, rest: Agency | None, fields: Collection[str], areas: Collection[str], actor: Actor,
    now: datetime,
) -> int:
    """A part that is a field below a routed one gets a row of its own: the wider row leads elsewhere now."""
    changed = 0
    for field in Field.objects.select_related("hotline").filter(key__in=fields, parent__isnull=False):
        wider = Route.objects.filter(field=field.parent_id, agency=rest or old, own_commune=False).order_by("priority").first()
        if wider is None or Route.objects.filter(field=field).exists():
            continue
        for area in Area.objects.filter(code__in=areas) if areas else [None]:
            changed += _beside(wider, agency, area, actor, now, field)
    return changed


def document(route: Route) -> dict[str, Any]:
    """A row as the journal keeps it, and as forms remember what they showed."""
    return {"field": route.field.key, "area": route.area.code if route.area else None, "own_commune": route.own_commune,
            "agency": route.agency.key if route.agency else None, "priority": route.priority, "note": route.note}


def _check(route: Route) -> None:
    if (route.agency is None) == (not route.own_commune):
        raise Refused(Label(
            "Hãy chọn một cơ quan, hoặc chọn “UBND xã, phường nơi xảy ra”, không chọn cả hai.",
            "Choose an agency, or the commune's own People's Committee, not both.",
        ))
    same = Route.objects.filter(field=route.field, area=route.area, own_commune=route.own_commune, agency=route.agency)
    if same.exclude(pk=route.pk).exists():
        raise Refused(Label("Bảng phân công đã có dòng này.", "The table has this row already."))


def _recorded(
    kind: str, route: Route, actor: Actor, now: datetime, before: Mapping[str, Any], removed: bool = False
) -> None:
    # The hotline's key tells a pack whose table it is that people have changed.
    hotline = {"hotline": route.field.hotline.key}
    record(kind, "route", route.pk, actor, now, before={**before, **hotline}, after={} if removed else document(route))
    transaction.on_commit(forget)
