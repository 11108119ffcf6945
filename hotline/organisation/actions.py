"""Verbs on places and agencies: loading them from a pack, renaming and moving agencies on a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hotline.calendars.models import Calendar
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency, AgencyName, AgencyParent, Area, AreaAlias
from hotline.organisation.rules import AgencyEntry, AliasEntry, AreaEntry, fold, in_force
from hotline.refusals import Refused
from hotline.regulation.labels import Label

_AREA_COLUMNS = ["name", "folded", "kind", "parent", "lat", "lon", "served"]
_AGENCY_COLUMNS = ["kind", "name", "short_name", "folded", "parent", "area", "calendar", "valid_from", "valid_to",
                   "successor"]


@transaction.atomic
def load_areas(areas: Iterable[AreaEntry], served: set[str], aliases: Iterable[AliasEntry]) -> None:
    """Make provinces, communes and other names as the packs have them; rows are matched by code, none is deleted."""
    entries = list(areas)
    provinces = [e for e in entries if not e.province_code]
    _upsert_areas(provinces, {e.province_code: None for e in provinces}, served)
    ids = dict(Area.objects.filter(kind=Area.Kind.PROVINCE).values_list("code", "id"))
    _upsert_areas([e for e in entries if e.province_code], ids, served)

    Area.objects.filter(served=True).exclude(code__in=served).update(served=False)
    ids = dict(Area.objects.values_list("code", "id"))
    AreaAlias.objects.all().delete()  # nothing points at an alias
    AreaAlias.objects.bulk_create(
        [AreaAlias(area_id=ids[a.area_code], name=a.name, folded=fold(a.name), district=a.district, province=a.province)
         for a in aliases],
        batch_size=2000,
    )


def _upsert_areas(entries: list[AreaEntry], parents: Mapping[str, int | None], served: set[str]) -> None:
    Area.objects.bulk_create(
        [
            Area(
                code=e.code, name=e.name, folded=fold(e.name),
                kind=Area.Kind.COMMUNE if e.province_code else Area.Kind.PROVINCE,
                parent_id=parents[e.province_code], lat=e.lat, lon=e.lon, served=e.code in served,
            )
            for e in entries
        ],
        batch_size=2000, update_conflicts=True, unique_fields=["code"], update_fields=_AREA_COLUMNS,
    )


@transaction.atomic
def load_agencies(entries: Iterable[AgencyEntry], calendars: Mapping[str, int]) -> None:
    """Make or correct agencies as a pack has them. `calendars`: key → id.

    A name or parent that was changed here on a date is the record and stays; a pack corrects only what it gave itself.
    """
    entries = list(entries)
    areas = dict(Area.objects.filter(code__in={e.area_code for e in entries}).values_list("code", "id"))
    known = set(Agency.objects.filter(key__in=[e.key for e in entries]).values_list("key", flat=True))
    Agency.objects.bulk_create([
        Agency(key=e.key, kind=e.kind, name=e.name, short_name=e.short_name, folded=_folded(e.name, e.short_name),
               valid_from=e.valid_from, valid_to=e.valid_to)
        for e in entries if e.key not in known
    ])
    rows = {a.key: a for a in Agency.objects.prefetch_related("names", "parents")}
    names, parents = [], []
    for e in entries:
        row = rows[e.key]
        parent = rows[e.parent] if e.parent else None
        row.kind, row.valid_from, row.valid_to = e.kind, e.valid_from, e.valid_to
        row.area_id = areas[e.area_code] if e.area_code else None
        row.calendar_id = calendars[e.calendar] if e.calendar else None
        row.successor = rows[e.successor] if e.successor else None
        # More than one dated row: it was renamed or moved in this installation.
        if len(row.names.all()) <= 1:
            row.name, row.short_name, row.folded = e.name, e.short_name, _folded(e.name, e.short_name)
            names.append(AgencyName(agency=row, name=e.name, short_name=e.short_name, valid_from=e.valid_from))
        if len(row.parents.all()) <= 1:
            row.parent = parent
            parents.append(AgencyParent(agency=row, parent=parent, valid_from=e.valid_from))
    # Upsert: a tenth of what bulk_update's CASE expressions cost.
    Agency.objects.bulk_create(
        [rows[e.key] for e in entries], update_conflicts=True, unique_fields=["key"], update_fields=_AGENCY_COLUMNS
    )
    AgencyName.objects.filter(agency__in=[n.agency for n in names]).delete()
    AgencyName.objects.bulk_create(names)
    AgencyParent.objects.filter(agency__in=[p.agency for p in parents]).delete()
    AgencyParent.objects.bulk_create(parents)


@transaction.atomic
def create_agency(
    key: str, kind: str, name: str, short_name: str = "", *, parent: Agency | None = None, area: Area | None = None,
    from_day: date, decision: str = "", actor: Actor, now: datetime,
) -> Agency:
    """Make an agency that exists from a day on. Raises Refused for a key that is taken, or without key or name."""
    key, name, short_name = key.strip(), name.strip(), short_name.strip()
    if not key or not name or kind not in Agency.Kind.values:
        raise Refused(Label("Cơ quan cần có mã, tên và loại.", "An agency needs a key, a name and a kind."))
    if Agency.objects.filter(key=key).exists():
        raise Refused(Label(f"Đã có cơ quan với mã “{key}”.", f"There is an agency “{key}” already."))
    agency = Agency.objects.create(
        key=key, kind=kind, name=name, short_name=short_name, folded=_folded(name, short_name), parent=parent, area=area,
        valid_from=from_day,
    )
    AgencyName.objects.create(
        agency=agency, name=name, short_name=short_name, valid_from=from_day, decision=decision
    )
    AgencyParent.objects.create(agency=agency, parent=parent, valid_from=from_day, decision=decision)
    record("agency.created", "agency", agency.pk, actor, now, note=decision,
           after={"key": key, "name": name, "parent": parent.key if parent else None, "from": from_day.isoformat()})
    return agency


@transaction.atomic
def close_agency(
    agency: Agency, last_day: date, successor: Agency | None = None, *, decision: str = "", actor: Actor, now: datetime
) -> Agency:
    """End an agency: from the next day on new cases go to its successor; its name stays on what it did.

    Raises Refused when it ends before it begins, or succeeds itself.
    """
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.valid_from and last_day < agency.valid_from:
        raise Refused(Label("Ngày kết thúc không được trước ngày thành lập.", "It cannot end before it begins."))
    above = successor
    while above is not None:
        if above.pk == agency.pk:
            raise Refused(Label("Cơ quan kế thừa phải là cơ quan khác.", "The successor must be another agency."))
        above = above.successor
    before = {"to": agency.valid_to.isoformat() if agency.valid_to else None}
    agency.valid_to, agency.successor = last_day, successor
    agency.save(update_fields=["valid_to", "successor"])
    record("agency.closed", "agency", agency.pk, actor, now, before=before, note=decision,
           after={"to": last_day.isoformat(), "successor": successor.key if successor else None})
    return agency


@transaction.atomic
def use_calendar(agency: Agency, calendar: Calendar | None, *, actor: Actor, now: datetime) -> Agency:
    """Let an agency work by a calendar of its own; None: the hotline's. Clocks that run keep the calendar they began on."""
    agency = Agency.objects.select_for_update(of=["self"]).select_related("calendar").get(pk=agency.pk)
    before = {"calendar": agency.calendar.key if agency.calendar else None}
    agency.calendar = calendar
    agency.save(update_fields=["calendar"])
    record("agency.calendar_set", "agency", agency.pk, actor, now, before=before,
           after={"calendar": calendar.key if calendar else None})
    return agency


@transaction.atomic
def rename_agency(
    agency: Agency, name: str, short_name: str = "", *, from_day: date, decision: str = "", actor: Actor, now: datetime
) -> Agency:
    """Give an agency another name from a day on; what it was called before stays on record.

    Raises Refused when a name that begins on that day or later is already recorded, or the name is empty.
    """
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if not name.strip():
        raise Refused(Label("Tên cơ quan không được để trống.", "An agency needs a name."))
    _close(agency.names.all(), from_day)
    AgencyName.objects.create(
        agency=agency, name=name, short_name=short_name, valid_from=from_day, decision=decision
    )
    before = {"name": agency.name, "short_name": agency.short_name}
    agency = _follow(agency, timezone.localdate(now))
    record("agency.renamed", "agency", agency.pk, actor, now, before=before, note=decision,
           after={"name": name, "short_name": short_name, "from": from_day.isoformat()})
    return agency


@transaction.atomic
def move_agency(
    agency: Agency, parent: Agency | None, *, from_day: date, decision: str = "", actor: Actor, now: datetime
) -> Agency:
    """Put an agency under another parent from a day on.

    Raises Refused when a parent from that day or later is already recorded, or `parent` lies below the agency.
    """
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    above = parent
    while above is not None:
        if above.pk == agency.pk:
            raise Refused(Label(
                "Cơ quan không thể trực thuộc chính mình hoặc đơn vị cấp dưới của mình.",
                "An agency cannot belong to itself or to one below it.",
            ))
        above = above.parent
    _close(agency.parents.all(), from_day)
    AgencyParent.objects.create(agency=agency, parent=parent, valid_from=from_day, decision=decision)
    before = {"parent": agency.parent.key if agency.parent else None}
    agency = _follow(agency, timezone.localdate(now))
    record("agency.moved", "agency", agency.pk, actor, now, before=before, note=decision,
           after={"parent": parent.key if parent else None, "from": from_day.isoformat()})
    return agency


@transaction.atomic
def follow_dates(day: date) -> int:
    """Make `Agency.name` and `parent` those of the day, when a dated change begins. How many agencies changed."""
    today = Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    names = AgencyName.objects.filter(*today).exclude(name=F("agency__name"), short_name=F("agency__short_name"))
    parents = AgencyParent.objects.filter(*today).exclude(parent=F("agency__parent")).exclude(
        parent__isnull=True, agency__parent__isnull=True
    )
    changed = 0
    for agency_id in {*names.values_list("agency_id", flat=True), *parents.values_list("agency_id", flat=True)}:
        agency = Agency.objects.select_for_update().get(pk=agency_id)
        before = agency.name, agency.short_name, agency.parent_id
        _follow(agency, day)
        changed += before != (agency.name, agency.short_name, agency.parent_id)
    return changed


def _follow(agency: Agency, day: date) -> Agency:
    if name := in_force(agency.names.all(), day):
        agency.name, agency.short_name = name.name, name.short_name
        agency.folded = _folded(name.name, name.short_name)
    if parent := in_force(agency.parents.all(), day):
        agency.parent_id = parent.parent_id
    agency.save(update_fields=["name", "short_name", "folded", "parent"])
    return agency


def _close(rows: Iterable[AgencyName] | Iterable[AgencyParent], from_day: date) -> None:
    """End the row in force the day before a change. Raises Refused when a row begins that day or later."""
    recorded: list[AgencyName | AgencyParent] = list(rows)
    later = [r.valid_from for r in recorded if r.valid_from and r.valid_from >= from_day]
    if later:
        raise Refused(Label(
            f"Đã ghi nhận một thay đổi từ ngày {min(later):%d/%m/%Y}; ngày mới phải sau ngày đó.",
            f"A change from {min(later):%d/%m/%Y} is already on record; choose a day after it.",
        ))
    current = in_force(recorded, from_day)
    if current is not None:
        current.valid_to = from_day - timedelta(days=1)
        current.save(update_fields=["valid_to"])


def _folded(name: str, short_name: str) -> str:
    return fold(f"{name} {short_name}")[:200]
