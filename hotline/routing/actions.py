"""Verbs on the routing table."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from hotline.hotlines.models import Field, Hotline
from hotline.hotlines.rules import RouteEntry
from hotline.organisation.models import Agency, Area
from hotline.routing.models import Route
from hotline.routing.queries import forget


@transaction.atomic
def load_routes(hotline: Hotline, entries: Iterable[RouteEntry]) -> None:
    """Replace the routing table of a hotline by a pack's. Nothing points at a route: a case keeps its suggestion itself."""
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
