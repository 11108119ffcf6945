"""A hotline on its way to another installation: what goes along, what stays, how rows are written down. No database here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError, PackInvalid, Reader

FORMAT = 1  # raised when an archive of before can no longer be read as it was meant
MANIFEST = "manifest.json"

# Rows that both installations may have: found in the new home by their own name, not brought along as they are.
MATCHED = ("calendars.Calendar", "organisation.Area", "organisation.Agency", "people.Person", "hotlines.Domain")

# What stays behind, by table or by folder, and why. Everything else that leads to the hotline goes along.
LEFT_OUT: dict[str, Label] = {
    "sealed": Label(
        "nội dung tố cáo được niêm phong không bao giờ rời hệ thống bằng lệnh này; bàn giao theo Luật Tố cáo",
        "sealed denunciations never leave by this command; they are handed over under the Law on Denunciations",
    ),
    "people.Post": Label("vai trò do nơi mới giao", "posts are given by the new home"),
    "calendars.CalendarDay": Label("đi cùng lịch", "goes along with its calendar"),
    "organisation.AgencyName": Label("đi cùng cơ quan", "goes along with its agency"),
    "organisation.AgencyParent": Label("đi cùng cơ quan", "goes along with its agency"),
    "organisation.AreaAlias": Label("tên địa bàn do gói của nơi mới", "place names come with the new home's packs"),
    "organisation.AreaSuccession": Label(
        "tên địa bàn do gói của nơi mới", "place names come with the new home's packs"
    ),
    "notifications": Label("chuông thông báo của từng người", "what stood under each person's bell"),
    "packs": Label("gói đã nạp là của từng hệ thống", "loaded packs are each installation's own"),
    "reorganisation": Label("quyết định sắp xếp là của từng hệ thống", "reorganisations are each installation's own"),
    "relocation": Label("sổ tiếp nhận là của từng hệ thống", "what was absorbed is each installation's own"),
    "simulation": Label("kết quả chạy thử không phải hồ sơ", "trial runs are no records"),
    "web.Tally": Label("bộ đếm chống gửi tràn", "counters against flooding"),
    "journal.Act": Label("đi cùng đối tượng của từng việc", "goes along with what each act is about"),
}


def stays(label: str) -> bool:
    """Whether the rows of a model ("cases.Case") stay behind."""
    return label in LEFT_OUT or label.partition(".")[0] in LEFT_OUT


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    name: str
    sha256: str
    size: int
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself; it is written last, so an archive that was cut off has none."""

    archive: str  # a number of its own: the same archive is absorbed once
    format: int
    migrations: Mapping[str, str]  # app → its last migration: tables must be the same
    installation: str
    hotline: str
    name: str
    code_prefix: str
    exported_at: str
    members: tuple[Member, ...]
    keys: Mapping[str, tuple[int, int]]  # model → (least, greatest) number
    acts_left_out: Mapping[str, int] = field(default_factory=dict)
    cut: Mapping[str, int] = field(default_factory=dict)  # references to other hotlines of the old home

    @property
    def counts(self) -> dict[str, int]:
        """Rows by model."""
        return {
            m.name.removeprefix("rows/").removesuffix(".jsonl"): m.rows
            for m in self.members
            if m.name.startswith("rows/")
        }

    def document(self) -> dict[str, Any]:
        """As JSON keeps it, with what stayed behind and why."""
        return {
            "archive": self.archive, "format": self.format, "migrations": dict(self.migrations),
            "installation": self.installation, "hotline": self.hotline, "name": self.name,
            "code_prefix": self.code_prefix, "exported_at": self.exported_at,
            "members": [{"name": m.name, "sha256": m.sha256, "size": m.size, "rows": m.rows} for m in self.members],
            "keys": {label: list(ends) for label, ends in self.keys.items()},
            "acts_left_out": dict(self.acts_left_out), "cut": dict(self.cut),
            "left_out": {label: {"vi": why.vi, "en": why.en} for label, why in LEFT_OUT.items()},
        }  # fmt: skip


def read_manifest(document: Any, file: str) -> Manifest:
    """The manifest of an archive. Raises PackInvalid with what is wrong."""
    r = Reader(document if isinstance(document, Mapping) else {}, f"{file}/{MANIFEST}")
    members = []
    for one in r.inners("members"):
        members.append(Member(one.text("name"), one.text("sha256"), one.whole("size"), one.whole("rows", 0)))
    manifest = Manifest(
        archive=r.text("archive"), format=r.whole("format"), migrations=_texts(r, "migrations"),
        installation=r.text("installation"), hotline=r.text("hotline"), name=r.text("name"),
        code_prefix=r.text("code_prefix"), exported_at=r.text("exported_at"), members=tuple(members),
        keys={key: (ends[0], ends[1]) for key, ends in r.inner("keys").table.items()},
        acts_left_out=dict(r.inner("acts_left_out", optional=True).table), cut=dict(r.inner("cut", optional=True).table),
    )  # fmt: skip
    if not r.errors and manifest.format != FORMAT:
        r.fail("format", f"bản này đọc được dạng {FORMAT}, gặp {manifest.format}",
               f"this version reads format {FORMAT}, got {manifest.format}")  # fmt: skip
    if r.errors:
        raise PackInvalid(r.errors)
    return manifest


def _texts(r: Reader, key: str) -> dict[str, str]:
    table = r.inner(key)
    return {name: table.text(name) for name in table.table}


@dataclass(frozen=True, slots=True)
class Names:
    """What is called what in the new home: key there → key here. What is not named keeps its key."""

    agencies: Mapping[str, str] = field(default_factory=dict)
    calendars: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)


def read_names(text: bytes, file: str) -> Names:
    """The mapping file: tables [agencies], [calendars], [people], [domains]. Raises PackInvalid."""
    name = PurePath(file).name
    try:
        document = tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = Label(f"không phải TOML hợp lệ: {error}", f"is not valid TOML: {error}")
        raise PackInvalid([PackError(name, "", reason)]) from error
    r = Reader(document, name)
    tables = {key: _optional(r, key) for key in ("agencies", "calendars", "people", "domains")}
    r.done()
    if r.errors:
        raise PackInvalid(r.errors)
    return Names(**tables)


def _optional(r: Reader, key: str) -> dict[str, str]:
    table = r.inner(key, optional=True)
    return {name: table.text(name) for name in table.table}


def plain(value: Any) -> Any:
    """What JSON has no word for: a span of time, as ISO 8601 writes it, to the microsecond."""
    if isinstance(value, timedelta):
        sign, whole = ("-", -value) if value < timedelta(0) else ("", value)
        return f"{sign}P{whole.days}DT{whole.seconds}.{whole.microseconds:06d}S"
    raise TypeError(f"no way to write down {value!r}")


def name_there(username: str, installation: str, most: int = 60) -> str:
    """The username of somebody who only is a name here: "binh@1022.example", shortened to what the column holds."""
    return f"{username[: most - 1 - min(len(installation), most // 2)]}@{installation[: most // 2]}"
