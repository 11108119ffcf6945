"""Loading a pack into the database: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hotline.calendars.actions import load_calendar
from hotline.cases.actions import classify_again
from hotline.cases.models import Case
from hotline.documents.letters.actions import load_templates
from hotline.documents.letters.rules import GENERAL, with_general
from hotline.hotlines.actions import load_domains, load_edition, load_fields, load_hotline
from hotline.hotlines.models import Edition
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM
from hotline.knowledge.actions import load_sets
from hotline.organisation.actions import follow_dates, load_agencies, load_areas
from hotline.packs.models import LoadedPack
from hotline.packs.rules import (
    Faults,
    Tables,
    check_hidden,
    digest,
    pack_files,
    place_agencies,
    read_agencies,
    read_areas,
    read_fields,
    read_knowledge,
    read_letters,
    read_routes,
)
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.pack import Pack, find_pack, read_pack
from hotline.regulation.reading import PackInvalid
from hotline.routing.actions import load_routes

# Part of every digest: raise it when loading writes more than it did, so that installations load again.
_READING = "2"
_COUNTRY = "vietnam"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a pack did: `changed` False when the files are those already loaded."""

    key: str
    changed: bool
    agencies: int = 0
    fields: int = 0
    routes: int = 0
    areas: int = 0


def load_pack(source: str | Path, *, now: datetime) -> Loaded:
    """Make the database what the pack's files say, in one transaction; nothing to do when they did not change.

    `source`: a folder, or the name of one of `settings.PACKS`. Raises PackInvalid with every fault (file, key, reason),
    and Refused when an edition that cases use was changed or another province's pack is loaded; both leave all as it was.
    """
    folder = find_pack(str(source), settings.PACKS)
    country = folder.parent / _COUNTRY if (folder.parent / _COUNTRY).is_dir() else settings.PACKS / _COUNTRY
    places = digest([*pack_files(country), *(p for p in pack_files(folder) if p.name.startswith("area"))], _READING)
    whole = digest([*pack_files(folder), *GENERAL.glob("*.toml")], places)
    follow_dates(timezone.localdate(now))
    if LoadedPack.objects.filter(digest=whole).exists():
        return Loaded(folder.name, changed=False)

    pack = read_pack(folder)
    tables, faults = Tables(), Faults()
    read_areas(country, folder, tables, faults)
    read_agencies(folder, tables, pack.calendars.keys(), faults)
    place_agencies(tables, pack.domains, pack.across, faults)
    read_fields(folder, tables, faults, [domain.key for domain in pack.domains])
    read_routes(folder, tables, faults)
    check_hidden(pack.editions, tables, faults)
    read_knowledge(folder, tables, [hotline.key for hotline in pack.hotlines], faults)
    read_letters(folder, tables, [hotline.key for hotline in pack.hotlines], faults)
    _check_hotlines(pack, tables, faults)
    if faults:
        raise PackInvalid(faults)
    with transaction.atomic():
        _write(pack, tables, places, whole, now)
    return Loaded(pack.key, True, len(tables.agencies), len(tables.fields), len(tables.routes), len(tables.areas))


def _check_hotlines(pack: Pack, tables: Tables, faults: Faults) -> None:
    agencies = {a.key for a in tables.agencies}
    for number, hotline in enumerate(pack.hotlines, 1):
        for name, key in (("coordinator", hotline.coordinator), ("desk", hotline.desk)):
            if key:
                faults.known("pack.toml", f"hotlines[{number}].{name}", key, agencies, "agencies.csv")


def _write(pack: Pack, tables: Tables, places: str, whole: str, now: datetime) -> None:
    other = LoadedPack.objects.select_for_update().exclude(key__in=[pack.key, _COUNTRY]).first()
    if other is not None:
        raise Refused(Label(
            f"Hệ thống này đã nạp gói “{other.key}”; mỗi cơ quan dùng một hệ thống riêng, gói “{pack.key}” cần nơi khác.",
            f"This installation has loaded the pack “{other.key}”; “{pack.key}” needs an installation of its own.",
        ))
    if not LoadedPack.objects.filter(key=_COUNTRY, digest=places).exists():
        load_areas(tables.areas, tables.served, tables.aliases)
        _remember(_COUNTRY, places, now)
    calendars = {key: load_calendar(given, actor=SYSTEM, now=now).pk for key, given in pack.calendars.items()}
    load_agencies(tables.agencies, calendars)
    load_domains(pack.domains)
    editions = Edition.objects.values_list("id", "hotline__key", "key")
    used = {(hotline, key) for pk, hotline, key in editions if Case.objects.filter(edition=pk).exists()}
    for given in pack.hotlines:
        hotline = load_hotline(given, pack.authority.vi)
        for edition in pack.editions:
            if edition.hotline == given.key:
                in_use = (given.key, edition.key) in used
                load_edition(hotline, edition, in_use=in_use, among=pack.editions_of(given.key), actor=SYSTEM, now=now)
        load_fields(hotline, tables.fields)
        load_routes(hotline, tables.routes)
        load_templates(hotline, with_general(tables.templates, given.key), actor=SYSTEM, now=now)
    classify_again()
    load_sets(tables.sets, actor=SYSTEM, now=now)
    loaded = _remember(pack.key, whole, now)
    record("pack.loaded", "pack", loaded.pk, SYSTEM, now, after={"key": pack.key, "digest": whole})


def _remember(key: str, value: str, now: datetime) -> LoadedPack:
    row, _ = LoadedPack.objects.update_or_create(key=key, defaults={"digest": value, "loaded_at": now})
    return row
