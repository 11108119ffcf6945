"""A pack: the folder of plain data that makes this installation the hotline of one authority."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from hotline.regulation import succession
from hotline.regulation.calendar_document import PackCalendar, parse_calendars
from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition, edition_on, parse_edition
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError, PackInvalid, Reader
from hotline.regulation.working_time import WorkCalendar

PACKS = Path(__file__).resolve().parents[2] / "packs"


@dataclass(frozen=True)
class PackHotline:
    """A hotline: its name, numbers and addresses; `document` is its own table, for what pages show."""

    key: str
    name: str
    short_name: str
    code_prefix: str
    numbers: tuple[tuple[str, Label], ...]
    email: str
    website: str
    coordinator: str
    desk: str
    calendar: str
    links: Mapping[str, str]
    document: Mapping[str, Any]


class Heading(StrEnum):
    """What stands at the top of the papers a body issues."""

    STATE = "state"  # Quốc hiệu, Tiêu ngữ (Nghị định 30/2020/NĐ-CP)
    PARTY = "party"  # Đảng Cộng sản Việt Nam (Hướng dẫn 36-HD/VPTW năm 2018)


@dataclass(frozen=True)
class PackDomain:
    """A walled part of the work (lĩnh vực cơ bản): whoever oversees one does not read the other.

    `supervisor` is the office that oversees it; `agencies` are the agencies whose people, and those of all agencies below
    them, stand inside the wall."""

    key: str
    label: Label
    supervisor: str
    agencies: tuple[str, ...]
    heading: Heading = Heading.STATE


@dataclass(frozen=True)
class Pack:
    """What the files of a pack say. Agencies, fields and routes are read by their own nouns from `folder`."""

    key: str
    folder: Path
    name: Label
    authority: Label
    authority_short: Label
    hotlines: tuple[PackHotline, ...]
    calendars: Mapping[str, PackCalendar]
    editions: tuple[Edition, ...]
    domains: tuple[PackDomain, ...] = ()
    across: tuple[str, ...] = ()  # agencies inside a domain's tree that read across all of them (giám sát)
    demo_as_of: datetime | None = None  # the demonstration stands at this moment, not today

    def calendar(self, key: str | None = None) -> WorkCalendar:
        """A calendar by key, else the main one. Raises KeyError."""
        return self.calendars[key or next(iter(self.calendars))].calendar

    def hotline(self, key: str) -> PackHotline:
        """A hotline by key. Raises KeyError."""
        return {hotline.key: hotline for hotline in self.hotlines}[key]

    def edition(self, key: str | None = None, on: date | None = None, hotline: str | None = None) -> Edition | None:
        """The edition of that key, else the one in force on a day (of one hotline, where several have their own)."""
        editions = [e for e in self.editions if hotline is None or e.hotline == hotline]
        if key is not None:
            return next((e for e in editions if e.key == key), None)
        return edition_on(editions, on) if on else max(editions, key=lambda e: e.valid_from, default=None)

    def editions_of(self, hotline: str) -> list[Edition]:
        """The editions of one hotline, the first to begin first."""
        return [edition for edition in self.editions if edition.hotline == hotline]

    def calendar_of(self, edition: Edition) -> WorkCalendar:
        """The calendar of the hotline an edition belongs to."""
        return self.calendar(self.hotline(edition.hotline).calendar)

    def clock(self, key: str, on: date) -> tuple[Edition, ClockRule] | None:
        """The clock of that key in an edition in force on a day, whichever hotline it belongs to."""
        rules = ((e, rule) for e in self.editions if e.in_force(on) for rule in e.clocks if rule.key == key)
        return max(rules, key=lambda pair: pair[0].valid_from, default=None)


def read_pack(source: str | Path, years: Iterable[int] | None = None, packs: Path = PACKS) -> Pack:
    """The pack in the folder `source`, or of that name under `packs`. Holidays are seeded for `years`, else for all
    the years the pack names. Raises PackInvalid with every error found: file, key and reason."""
    folder = find_pack(source, packs)
    errors: list[PackError] = []
    main = _toml(folder / "pack.toml", errors)
    calendar_document = _toml(folder / "calendar.toml", errors)
    calendars: dict[str, PackCalendar] = {}
    if calendar_document is not None:
        try:
            calendars = parse_calendars(calendar_document, "calendar.toml", years)
        except PackInvalid as invalid:
            errors += invalid.errors
    editions = _editions(folder, errors)
    r = Reader(main or {}, "pack.toml", errors=errors if main is not None else [])
    pack = _pack(r, folder, calendars, editions)
    _check(pack, r, complete=not errors)
    if errors:
        raise PackInvalid(errors)
    return pack


def default_pack(packs: Path = PACKS) -> str:
    """The pack meant where none is named: what the file `default` beside the packs says, "" without one."""
    named = packs / "default"
    return named.read_text(encoding="utf-8").strip() if named.is_file() else ""


def find_pack(source: str | Path, packs: Path = PACKS) -> Path:
    """The folder of a pack, by name under `packs` or by path. Raises PackInvalid with one sentence if there is none."""
    if isinstance(source, str) and source and (packs / source / "pack.toml").is_file():
        return packs / source
    folder = Path(source)
    if str(source) and (folder / "pack.toml").is_file():
        return folder
    known = ", ".join(sorted(path.parent.name for path in packs.glob("*/pack.toml")))
    reason = Label(
        f"không phải là gói tỉnh: không có tệp pack.toml trong thư mục này, và không có gói nào tên như vậy (có: {known})",
        f"is no pack: no file pack.toml in such a folder, and no pack of that name (there are: {known})",
    )
    raise PackInvalid([PackError(str(source), "", reason)])


def _toml(path: Path, errors: list[PackError], folder: str = "") -> dict[str, Any] | None:
    name = folder + path.name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        errors.append(PackError(name, "", Label("thiếu tệp này", "this file is missing")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        errors.append(PackError(name, "", Label(f"không phải TOML hợp lệ: {error}", f"is not valid TOML: {error}")))
    except OSError as error:
        errors.append(PackError(name, "", Label(f"không đọc được: {error.strerror}", f"unreadable: {error.strerror}")))
    return None


def _editions(folder: Path, errors: list[PackError]) -> tuple[Edition, ...]:
    editions = []
    paths = sorted((folder / "editions").glob("*.toml"))
    if not paths:
        reason = Label("cần ít nhất một quy chế trong thư mục này", "at least one edition is needed in this folder")
        errors.append(PackError("editions/", "", reason))
    for path in paths:
        document = _toml(path, errors, "editions/")
        if document is None:
            continue
        # One decision may govern several hotlines: hotline = ["…", "…"]. Its faults are told once.
        hotlines = document.get("hotline")
        for hotline in hotlines if isinstance(hotlines, list) and hotlines else [hotlines]:
            try:
                editions.append(parse_edition({**document, "hotline": hotline}, f"editions/{path.name}"))
            except PackInvalid as invalid:
                errors += invalid.errors
                break
    return tuple(sorted(editions, key=lambda edition: (edition.hotline, edition.valid_from)))


def _pack(r: Reader, folder: Path, calendars: Mapping[str, PackCalendar], editions: tuple[Edition, ...]) -> Pack:
    authority, walls, demo = r.inner("authority"), r.inner("walls", optional=True), r.inner("demo", optional=True)
    pack = Pack(
        key=r.text("key"),
        folder=folder,
        name=r.label("name"),
        authority=authority.label("name"),
        authority_short=authority.label("short_name"),
        hotlines=tuple(_hotline(hotline) for hotline in r.inners("hotlines")),
        calendars=calendars,
        editions=editions,
        domains=tuple(_domain(domain) for domain in r.inners("domains", optional=True)),
        across=walls.texts("across", []),
        demo_as_of=_moment(demo, "as_of"),
    )
    for reader in (authority, walls, demo, r):
        reader.done()
    return pack


def _domain(r: Reader) -> PackDomain:
    domain = PackDomain(
        r.text("key"), r.label("label"), r.text("supervisor"), r.texts("agencies"),
        r.choice("heading", Heading, Heading.STATE) or Heading.STATE,
    )  # fmt: skip
    r.done()
    return domain


def _moment(r: Reader, key: str) -> datetime | None:
    """A moment with its offset, 2022-03-25T10:00:00+07:00; None where the pack says nothing."""
    r.known.add(key)
    value = r.table.get(key)
    if value is None or (isinstance(value, datetime) and value.tzinfo is not None):
        return value
    r.fail(
        key, f"phải là thời điểm có múi giờ như 2022-03-25T10:00:00+07:00, gặp {value!r}",
        f"must be a moment with its offset like 2022-03-25T10:00:00+07:00, got {value!r}",
    )
    return None


def _hotline(r: Reader) -> PackHotline:
    numbers = []
    for number in r.inners("numbers", optional=True):
        numbers.append((number.text("number"), number.label("label")))
        number.done()
    links = r.inner("links", optional=True)
    hotline = PackHotline(
        key=r.text("key"),
        name=r.text("name"),
        short_name=r.text("short_name"),
        code_prefix=r.text("code_prefix"),
        numbers=tuple(numbers),
        email=r.text("email", ""),
        website=r.text("website", ""),
        coordinator=r.text("coordinator", ""),
        desk=r.text("desk", ""),
        calendar=r.text("calendar"),
        links={key: links.text(key) for key in links.table},
        document=r.table,
    )
    r.done()
    return hotline


def _check(pack: Pack, r: Reader, complete: bool) -> None:
    """What no single file can tell: every calendar and hotline named must exist, every key be there once."""
    if not complete:
        return
    for number, hotline in enumerate(pack.hotlines, 1):
        if hotline.calendar not in pack.calendars:
            vi, en = f"không có lịch “{hotline.calendar}”", f"there is no calendar “{hotline.calendar}”"
            r.fail(f"hotlines[{number}].calendar", vi, en)
        if not any(edition.hotline == hotline.key for edition in pack.editions):
            r.fail(
                f"hotlines[{number}].key", "chưa có quy chế nào cho tổng đài này", "no edition belongs to this hotline"
            )
    domains = [domain.key for domain in pack.domains]
    for twice in sorted({key for key in domains if domains.count(key) > 1}):
        r.fail("domains", f"“{twice}” được khai báo hai lần", f"“{twice}” is declared twice")
    for hotline in pack.hotlines:
        for fault in succession.faults(pack.editions_of(hotline.key)):
            r.errors.append(PackError("editions/*.toml", "valid_from", fault))
    keys = [hotline.key for hotline in pack.hotlines]
    names = [(edition.hotline, edition.key) for edition in pack.editions]
    for edition in pack.editions:
        file = f"editions/*.toml ({edition.key})"
        if edition.hotline not in keys:
            vi, en = f"không có tổng đài “{edition.hotline}”", f"there is no hotline “{edition.hotline}”"
            r.errors.append(PackError(file, "hotline", Label(vi, en)))
        for question in edition.lanes.questions:
            if question.domain and question.domain not in domains:
                vi, en = f"không có lĩnh vực cơ bản “{question.domain}”", f"there is no domain “{question.domain}”"
                r.errors.append(PackError(file, f"lanes.{question.key}.domain", Label(vi, en)))
        if names.count((edition.hotline, edition.key)) > 1:
            r.errors.append(PackError(file, "key", Label("hai quy chế cùng mã", "two editions have this key")))
