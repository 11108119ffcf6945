"""Verbs on places and agencies: loading them from a pack, renaming and moving agencies on a date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hotline.calendars.models import Calendar
from hotline.journal.actions import draft, record, record_all
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency, AgencyName, AgencyParent, Area, AreaAlias, AreaSuccession
from hotline.organisation.queries import standing_heirs
from hotline.organisation.rules import AgencyEntry, AliasEntry, AreaEntry, fold, heirs_of, in_force
from hotline.refusals import Refused
from hotline.regulation.labels import Label

_AREA_COLUMNS = ["name", "folded", "kind", "parent", "lat", "lon", "served"]
_AGENCY_COLUMNS = ["kind", "name", "short_name", "folded", "parent", "area", "calendar", "valid_from", "valid_to",
                   "successor", "domain"]


@transaction.atomic
def load_areas(areas: Iterable[AreaEntry], served: set[str], aliases: Iterable[AliasEntry]) -> None:
    """Make provinces, communes and other names as the packs have them; rows are matched by code, none is deleted.

    What a decision changed here is the record and stays: a name given to a commune, and where its ground lies now.
    """
    acts = Act.objects.filter(subject="area", kind="area.renamed").values("subject_id")
    renamed = {a.code: a for a in Area.objects.filter(pk__in=acts)}
    heirs = standing_heirs()
    entries = [replace(e, province_code=heirs_of(e.province_code, heirs)[0]) for e in areas]
    entries = [
        replace(e, name=here.name, lat=here.lat, lon=here.lon) if (here := renamed.get(e.code)) else e for e in entries
    ]
    served = {code for old in served for code in heirs_of(old, heirs)}
    provinces = [e for e in entries if not e.province_code]
    _upsert_areas(provinces, {e.province_code: None for e in provinces}, served)
    ids = dict(Area.objects.filter(kind=Area.Kind.PROVINCE).values_list("code", "id"))
    _upsert_areas([e for e in entries if e.province_code], ids, served)

    Area.objects.filter(served=True).exclude(code__in=served).update(served=False)
    ids = dict(Area.objects.values_list("code", "id"))
    AreaAlias.objects.filter(decision="").delete()  # nothing points at an alias
    AreaAlias.objects.bulk_create(
        [AreaAlias(area_id=ids[code], name=a.name, folded=fold(a.name), district=a.district, province=a.province)
         for a in aliases for code in heirs_of(a.area_code, heirs)],
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

    A name or parent that was changed here on a date, and an end that was decided here, are the record and stay; a pack
    corrects only what it gave itself.
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
    closed = set(Act.objects.filter(subject="agency", kind="agency.closed").values_list("subject_id", flat=True))
    names, parents = [], []
    for e in entries:
        row = rows[e.key]
        parent = rows[e.parent] if e.parent else None
        row.kind, row.valid_from, row.domain = e.kind, e.valid_from, e.domain
        row.area_id = areas[e.area_code] if e.area_code else None
        row.calendar_id = calendars[e.calendar] if e.calendar else None
        if row.pk not in closed:
            row.valid_to, row.successor = e.valid_to, rows[e.successor] if e.successor else None
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
        valid_from=from_day, domain=parent.domain if parent else "",
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
    if not agency.names.exists():  # made without a record: what it is called now is what it was called
        AgencyName.objects.create(
            agency=agency, name=agency.name, short_name=agency.short_name, valid_from=agency.valid_from
        )
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
    if not agency.parents.exists():
        AgencyParent.objects.create(agency=agency, parent=agency.parent, valid_from=agency.valid_from)
    _close(agency.parents.all(), from_day)
    AgencyParent.objects.create(agency=agency, parent=parent, valid_from=from_day, decision=decision)
    before = {"parent": agency.parent.key if agency.parent else None}
    agency = _follow(agency, timezone.localdate(now))
    record("agency.moved", "agency", agency.pk, actor, now, before=before, note=decision,
           after={"parent": parent.key if parent else None, "from": from_day.isoformat()})
    return agency


@transaction.atomic
def create_area(
    entry: AreaEntry, *, served: bool = False, decision: str = "", actor: Actor, now: datetime
) -> Area:
    """Make a commune or province. Raises Refused for a code that is taken or a province that is not there."""
    if Area.objects.filter(code=entry.code).exists():
        raise Refused(Label(f"Đã có địa bàn mã “{entry.code}”.", f"There is an area “{entry.code}” already."))
    parent = Area.objects.filter(code=entry.province_code).first() if entry.province_code else None
    if entry.province_code and parent is None:
        raise Refused(Label(f"Không có tỉnh mã “{entry.province_code}”.", f"There is no province “{entry.province_code}”."))
    area = Area.objects.create(
        code=entry.code, name=entry.name, folded=fold(entry.name), parent=parent, lat=entry.lat, lon=entry.lon,
        kind=Area.Kind.COMMUNE if parent else Area.Kind.PROVINCE, served=served,
    )
    record("area.created", "area", area.pk, actor, now, note=decision, after={"code": area.code, "name": area.name})
    return area


@transaction.atomic
def rename_area(
    area: Area, name: str, *, centre: tuple[float, float] | None = None, from_day: date, decision: str, actor: Actor,
    now: datetime,
) -> Area:
    """Give a commune another name (and centre); the old one still finds it, and says until when it was the official one."""
    area = Area.objects.select_for_update(of=["self"]).select_related("parent").get(pk=area.pk)
    if centre is not None:
        area.lat, area.lon = centre
        area.save(update_fields=["lat", "lon"])
    if name == area.name:
        return area
    AreaAlias.objects.bulk_create(_former_name(area, [area], from_day, decision))
    before = {"name": area.name}
    area.name, area.folded = name, fold(name)
    area.save(update_fields=["name", "folded"])
    record("area.renamed", "area", area.pk, actor, now, before=before, note=decision,
           after={"name": name, "from": from_day.isoformat()})
    return area


@transaction.atomic
def succeed_areas(
    heirs: Mapping[Area, Collection[Area]], *, from_day: date, decision: str, actor: Actor, now: datetime
) -> None:
    """The ground of communes lies in others from a day on, all at once; one may stay among its own heirs.

    Their names, and every other name that found them, now find the heirs: several of them when the ground was split.
    """
    others: dict[int, list[AreaAlias]] = {area.pk: [] for area in heirs}
    for alias in AreaAlias.objects.filter(area__in=others).order_by("id"):
        others[alias.area_id].append(alias)
    rows, kept, over, served, acts = [], [], [], set(), []
    for area, to in heirs.items():
        abroad = [heir for heir in to if heir.pk != area.pk]
        rows += [AreaSuccession(area=area, heir=heir, from_day=from_day, decision=decision) for heir in to]
        kept += _former_name(area, abroad, from_day, decision)
        kept += [
            AreaAlias(area=heir, name=alias.name, folded=alias.folded, district=alias.district, province=alias.province,
                      valid_to=alias.valid_to, decision=alias.decision)
            for alias in others[area.pk] for heir in abroad
        ]
        served |= {heir.pk for heir in abroad if area.served}
        if len(abroad) == len(to):
            over.append(area.pk)
            if len(abroad) == 1:  # of a province that was split nobody can tell which commune went where
                Area.objects.filter(parent=area).update(parent=abroad[0])
        acts.append(draft("area.succeeded", "area", area.pk, actor, now, {"name": area.name, "code": area.code},
                          {"heirs": [heir.code for heir in to], "from": from_day.isoformat()}, decision))
    # Ground that comes to a commune which had ended wakes it up: where it went before is the journal's to tell.
    AreaSuccession.objects.filter(area__in={row.heir_id for row in rows} - {area.pk for area in heirs}).delete()
    AreaSuccession.objects.bulk_create(rows, ignore_conflicts=True)
    AreaAlias.objects.filter(area__in=over).delete()
    AreaAlias.objects.bulk_create(kept)
    Area.objects.filter(pk__in=served).update(served=True)
    Area.objects.filter(pk__in=over).update(served=False)
    record_all(acts)


def _former_name(area: Area, found: Iterable[Area], from_day: date, decision: str) -> list[AreaAlias]:
    """The name that was official until the day before finds these areas; rows not yet written."""
    return [
        AreaAlias(area=heir, name=area.name, folded=area.folded, province=area.parent.name if area.parent else "",
                  own=heir.pk == area.pk, valid_to=from_day - timedelta(days=1), decision=decision)
        for heir in found
    ]


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
