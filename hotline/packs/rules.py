"""The tables of a pack read and checked: every fault names the file, the key and the reason. No database is asked."""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from hotline.documents.letters.rules import TemplateGiven, parse_template
from hotline.hotlines.rules import FieldEntry, RouteEntry
from hotline.knowledge.rules import SetGiven, parse_set
from hotline.organisation.rules import AgencyEntry, AliasEntry, AreaEntry, bare_name, fold
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.pack import PackDomain
from hotline.regulation.reading import PackError, Reader

AGENCY_KINDS = frozenset({
    "office", "department", "commune", "administrative_body", "public_service_unit", "vertical_agency", "utility",
})
OWN_COMMUNE = "*commune"  # in routes.csv: the People's Committee of the commune where it happened


class Faults(list[PackError]):
    """Faults as they are found, so that one reading names them all."""

    def add(self, file: str, key: str, reason: Label) -> None:
        """Note a fault."""
        self.append(PackError(file, key, reason))

    def known(self, file: str, key: str, value: str, values: Container[str], where: str) -> bool:
        """Note a fault unless `value` is one of `values`, which `where` lists."""
        if value in values:
            return True
        self.add(file, key, Label(f"không có “{value}” trong {where}", f"no “{value}” in {where}"))
        return False


@dataclass(slots=True)
class Tables:
    """What the tables of a pack hold, every key in them known to exist."""

    areas: list[AreaEntry] = field(default_factory=list)
    served: set[str] = field(default_factory=set)
    aliases: list[AliasEntry] = field(default_factory=list)
    agencies: list[AgencyEntry] = field(default_factory=list)
    fields: list[FieldEntry] = field(default_factory=list)
    routes: list[RouteEntry] = field(default_factory=list)
    sets: list[SetGiven] = field(default_factory=list)
    templates: list[TemplateGiven] = field(default_factory=list)


def digest(files: Iterable[Path], seed: str = "") -> str:
    """One SHA-256 over the names and contents of files, in order of name."""
    total = hashlib.sha256(seed.encode())
    for path in sorted(files):
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def pack_files(folder: Path) -> list[Path]:
    """The files of a pack that make data: demonstration, programs and readings left out."""
    return [
        p for p in folder.rglob("*")
        if p.suffix in {".toml", ".csv", ".txt"} and p.is_file() and p.relative_to(folder).parts[0] != "demo"
    ]


# --- places -----------------------------------------------------------------------------------------------------------


def read_areas(country: Path, folder: Path, tables: Tables, faults: Faults) -> None:
    """The whole country's provinces, communes and old names, then what this pack serves and how places are called."""
    for _, row in read_csv(country, "provinces.csv", ["code", "name"], faults):
        tables.areas.append(AreaEntry(row["code"], row["name"]))
    provinces = {a.code for a in tables.areas}
    for line, row in read_csv(country, "communes.csv", ["code", "name", "province_code", "lat", "lon"], faults):
        at = f"dòng {line}"
        faults.known("communes.csv", f"{at}, province_code", row["province_code"], provinces, "provinces.csv")
        tables.areas.append(AreaEntry(row["code"], row["name"], row["province_code"],
                                      _degrees(row["lat"], 90), _degrees(row["lon"], 180)))
    names = {a.code: a.name for a in tables.areas}

    for line, row in read_csv(folder, "areas.csv", ["commune_code", "name"], faults):
        code, name = row["commune_code"], row["name"]
        if not faults.known("areas.csv", f"dòng {line}, commune_code", code, names, "communes.csv"):
            continue
        if bare_name(fold(name)) != bare_name(fold(names[code])):
            faults.add("areas.csv", f"dòng {line}, name", Label(
                f"mã {code} là “{names[code]}”, không phải “{name}”", f"code {code} is “{names[code]}”, not “{name}”"))
        tables.served.add(code)

    old_columns = ["old_province", "old_district", "old_commune", "commune_code"]
    for line, row in read_csv(country, "old_names.csv", old_columns, faults):
        code = row["commune_code"]
        if faults.known("old_names.csv", f"dòng {line}, commune_code", code, names, "communes.csv"):
            # The island districts had no communes: their own name is what people know.
            name = row["old_commune"] or row["old_district"]
            tables.aliases.append(AliasEntry(name, code, row["old_district"], row["old_province"]))
    for line, row in read_csv(folder, "area_aliases.csv", ["alias", "commune_code", "note"], faults, optional=True):
        code = row["commune_code"]
        if faults.known("area_aliases.csv", f"dòng {line}, commune_code", code, names, "communes.csv"):
            tables.aliases.append(AliasEntry(row["alias"], code))


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) <= limit else None


# --- agencies, fields, routes -----------------------------------------------------------------------------------------


def read_agencies(folder: Path, tables: Tables, calendars: Collection[str], faults: Faults) -> None:
    """agencies.csv; `calendars` are the keys of the pack's calendars."""
    columns = ["key", "kind", "name", "short_name", "parent", "commune_code", "calendar", "valid_from", "valid_to",
               "successor", "note"]
    rows = read_csv(folder, "agencies.csv", columns, faults)
    keys: set[str] = set()
    for line, row in rows:
        if row["key"] in keys or not row["key"]:
            faults.add("agencies.csv", f"dòng {line}, key", Label(
                f"mã {row['key']!r} trống hoặc đã dùng ở trên", f"key {row['key']!r} is empty or used above"))
        keys.add(row["key"])
    for line, row in rows:
        at = f"{row['key'] or f'dòng {line}'}"
        if not row["name"]:
            faults.add("agencies.csv", f"{at}, name", Label("tên không được để trống", "the name is empty"))
        faults.known("agencies.csv", f"{at}, kind", row["kind"], AGENCY_KINDS, "kind")
        references = (("parent", keys, "agencies.csv"), ("successor", keys, "agencies.csv"),
                      ("commune_code", tables.served, "areas.csv"), ("calendar", calendars, "calendars"))
        for column, known, where in references:
            if row[column]:
                faults.known("agencies.csv", f"{at}, {column}", row[column], known, where)
        begins = _day("agencies.csv", f"{at}, valid_from", row["valid_from"], faults)
        ends = _day("agencies.csv", f"{at}, valid_to", row["valid_to"], faults)
        if begins and ends and ends < begins:
            faults.add("agencies.csv", f"{at}, valid_to", Label(
                f"kết thúc ({ends:%d/%m/%Y}) trước khi bắt đầu ({begins:%d/%m/%Y})",
                f"ends ({ends:%d/%m/%Y}) before it begins ({begins:%d/%m/%Y})"))
        tables.agencies.append(AgencyEntry(row["key"], row["kind"], row["name"], row["short_name"], row["parent"],
                                           row["commune_code"], row["calendar"], begins, ends, row["successor"]))
    _no_circles({a.key: a.parent for a in tables.agencies}, "agencies.csv", faults)


def place_agencies(tables: Tables, domains: Sequence[PackDomain], across: Collection[str], faults: Faults) -> None:
    """Say of every agency inside whose wall it stands: that of the nearest agency above it which a domain names.

    An agency that reads `across` stands inside none, nor do those below it."""
    parents = {a.key: a.parent for a in tables.agencies}
    walls = {key: domain.key for domain in domains for key in domain.agencies}
    named = [("supervisor", [d.supervisor for d in domains]), ("agencies", [*walls])]
    for name, keys in (*((f"domains.{n}", k) for n, k in named), ("walls.across", [*across])):
        for key in keys:
            faults.known("pack.toml", name, key, parents, "agencies.csv")
    walls |= dict.fromkeys(across, "")

    def wall(key: str) -> str:
        seen: set[str] = set()
        while key and key not in walls and key not in seen:
            seen.add(key)
            key = parents.get(key, "")
        return walls.get(key, "")

    tables.agencies = [replace(a, domain=wall(a.key)) for a in tables.agencies] if domains else tables.agencies


def read_fields(folder: Path, tables: Tables, faults: Faults, domains: Sequence[str] = ()) -> None:
    """fields.toml: two levels, in the order of the file. Where the pack has `domains` every field of the first level is of
    one, and those below it with it."""
    document = Reader(read_toml(folder, "fields.toml", faults), "fields.toml", errors=faults)
    seen: dict[str, str] = {}
    walls: dict[str, str] = {}
    for entry in document.inners("fields"):
        key, parent = entry.text("key"), entry.text("parent", "")
        walls[key] = entry.text("domain", walls.get(parent, ""))
        if (walls[key] or domains) and walls[key] not in domains:
            entry.fail("domain", f"không có lĩnh vực cơ bản “{walls[key]}” trong pack.toml",
                       f"no domain “{walls[key]}” in pack.toml")
        elif parent in walls and walls[key] != walls[parent]:
            entry.fail("domain", "phải như lĩnh vực cha", "must be that of the field above")
        tables.fields.append(FieldEntry(
            key, entry.text("vi"), entry.text("en", ""), parent, entry.texts("words", []),
            entry.texts("urgent_words", []), entry.flag("public", True), walls[key]))
        if key in seen:
            entry.fail("key", f"“{key}” đã dùng ở trên", f"“{key}” is used above")
        if parent and parent not in seen:
            entry.fail("parent", f"không có “{parent}” ở trên", f"no “{parent}” above")
        elif parent and seen[parent]:
            entry.fail("parent", f"“{parent}” đã là lĩnh vực cấp hai", f"“{parent}” is itself of the second level")
        seen[key] = parent
        entry.done()
    document.done()


def read_routes(folder: Path, tables: Tables, faults: Faults) -> None:
    """routes.csv: field × area → agency; `*commune` means the commune's own People's Committee."""
    fields = {f.key for f in tables.fields}
    agencies = {a.key for a in tables.agencies}
    for line, row in read_csv(folder, "routes.csv", ["field", "area", "agency", "priority", "note"], faults):
        at = f"dòng {line}"
        sound = faults.known("routes.csv", f"{at}, field", row["field"], fields, "fields.toml")
        if row["area"]:
            sound &= faults.known("routes.csv", f"{at}, area", row["area"], tables.served, "areas.csv")
        own = row["agency"] == OWN_COMMUNE
        sound &= own or faults.known("routes.csv", f"{at}, agency", row["agency"], agencies, "agencies.csv")
        if not (row["priority"].isdigit() and int(row["priority"]) < 1000):
            faults.add("routes.csv", f"{at}, priority", Label(
                f"phải là số nguyên từ 0, gặp {row['priority']!r}", f"must be a whole number, got {row['priority']!r}"))
        elif sound:
            agency = "" if own else row["agency"]
            tables.routes.append(RouteEntry(row["field"], row["area"], agency, own, int(row["priority"]), row["note"]))


def check_hidden(editions: Sequence[Edition], tables: Tables, faults: Faults) -> None:
    """The fields in which an edition hides the reporter must be fields: a misspelt one would hide nobody, and say nothing."""
    keys = {f.key for f in tables.fields}
    for edition in editions:
        for key in edition.identity.fields:
            faults.known(f"editions/{edition.key}.toml", "identity.fields", key, keys, "fields.toml")


def read_knowledge(folder: Path, tables: Tables, hotlines: Sequence[str], faults: Faults) -> None:
    """knowledge/*.toml, as many as there are: the questions and answers of one agency each. `hotlines`: keys, the first is
    meant where a file names none. Agencies and fields must have been read."""
    agencies, fields = {a.key for a in tables.agencies}, {f.key for f in tables.fields}
    for path in sorted((folder / "knowledge").glob("*.toml")):
        name = f"knowledge/{path.name}"
        document = read_toml(folder, name, faults)
        if not document:
            continue
        given = parse_set(document, name, agencies=agencies, fields=fields, hotlines=hotlines, errors=faults)
        if any((given.hotline, given.key) == (other.hotline, other.key) for other in tables.sets):
            faults.add(name, "key", Label(f"“{given.key}” đã dùng ở tệp khác", f"“{given.key}” is used in another file"))
        tables.sets.append(given)


def read_letters(folder: Path, tables: Tables, hotlines: Sequence[str], faults: Faults) -> None:
    """letters/*.toml, as many as there are: templates that take the place of the general one with the same key, or are added
    to them."""
    for path in sorted((folder / "letters").glob("*.toml")):
        name = f"letters/{path.name}"
        document = read_toml(folder, name, faults)
        if not document:
            continue
        given = parse_template(document, name, hotlines=hotlines, errors=faults)
        if any((given.hotline, given.key) == (other.hotline, other.key) for other in tables.templates):
            faults.add(name, "key", Label(f"“{given.key}” đã dùng ở tệp khác", f"“{given.key}” is used in another file"))
        tables.templates.append(given)


def _no_circles(parents: dict[str, str], file: str, faults: Faults) -> None:
    for key in parents:
        above, seen = parents[key], {key}
        while above and above not in seen:
            seen.add(above)
            above = parents.get(above, "")
        if above == key:
            faults.add(file, f"{key}, parent", Label("đi vòng trở lại chính nó", "leads back to itself"))


# --- files ------------------------------------------------------------------------------------------------------------


def read_csv(
    folder: Path, name: str, columns: list[str], faults: Faults, optional: bool = False
) -> list[tuple[int, dict[str, str]]]:
    """(line number, row) of a UTF-8 CSV with exactly these columns; faults are noted, and such rows left out."""
    text = _text(folder / name, name, faults, optional)
    reader = csv.reader(io.StringIO(text))
    header = next(reader, None)
    if header is None:
        return []
    if header != columns:
        faults.add(name, "dòng 1", Label(
            f"các cột phải là {','.join(columns)}; gặp {','.join(header)}",
            f"the columns must be {','.join(columns)}; got {','.join(header)}"))
        return []
    rows = []
    for cells in reader:
        if len(cells) == len(columns):
            rows.append((reader.line_num, dict(zip(columns, (c.strip() for c in cells), strict=True))))
        elif cells:
            faults.add(name, f"dòng {reader.line_num}", Label(
                f"có {len(cells)} ô, cần {len(columns)}", f"has {len(cells)} cells, needs {len(columns)}"))
    return rows


def read_toml(folder: Path, name: str, faults: Faults) -> dict[str, Any]:
    """A TOML document; empty, with the fault noted, when it cannot be read."""
    text = _text(folder / name, name, faults)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.add(name, "", Label(f"không đúng cú pháp TOML: {error}", f"is not TOML: {error}"))
        return {}


def _text(path: Path, name: str, faults: Faults, optional: bool = False) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if not optional:
            faults.add(name, "", Label("thiếu tệp này", "this file is missing"))
    except UnicodeDecodeError as error:
        faults.add(name, "", Label(f"không phải UTF-8 (byte {error.start})", f"is not UTF-8 (byte {error.start})"))
    return ""


def _day(file: str, at: str, text: str, faults: Faults) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.add(file, at, Label(
            f"phải là ngày như 2025-07-01, gặp {text!r}", f"must be a date like 2025-07-01, got {text!r}"))
        return None
