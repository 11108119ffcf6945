"""A decision read from its file: every fault with file, key and reason, all of them at once."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

from hotline.organisation.rules import AgencyEntry, AreaEntry
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError, PackInvalid, Reader
from hotline.reorganisation.rules.plan import (
    AgencyKind,
    AreaEnding,
    AreaRenaming,
    Do,
    Ending,
    Moving,
    Part,
    Plan,
    Posts,
    Renaming,
)


def read(text: bytes, file: str) -> Plan:
    """The plan in a TOML file. Raises PackInvalid with everything that is wrong in it."""
    name = PurePath(file).name
    try:
        document = tomllib.loads(text.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = Label(f"không phải TOML hợp lệ: {error}", f"is not valid TOML: {error}")
        raise PackInvalid([PackError(name, "", reason)]) from error
    return parse(document, name)


def parse(document: Mapping[str, Any], file: str) -> Plan:
    """A plan from its document, as read from a file or kept in the database. Raises PackInvalid."""
    r = Reader(document, file)
    number, title = r.text("number"), r.text("title")
    decided_on, effective = r.day("date"), r.day("effective")
    agencies = tuple(_agency(one, effective) for one in r.inners("agencies", optional=True))
    areas = tuple(_area(one) for one in r.inners("areas", optional=True))
    changes = _Changes()
    for one in r.inners("changes"):
        changes.read(one)
        one.done()
    r.done()
    if decided_on and effective and effective < decided_on:
        r.fail(
            "effective", "không được trước ngày ban hành (date)", "must not be before the day of the decision (date)"
        )
    if not document.get("changes"):
        r.fail("changes", "cần ít nhất một thay đổi", "at least one change is needed")
    _together(r, agencies, areas, changes)
    if r.errors:
        raise PackInvalid(r.errors)
    assert decided_on is not None and effective is not None, "both were read without a fault"
    return Plan(
        number=number.strip(),
        title=title.strip(),
        decided_on=decided_on,
        effective=effective,
        agencies=agencies,
        areas=areas,
        renamings=tuple(changes.renamings),
        movings=tuple(changes.movings),
        endings=tuple(changes.endings),
        area_renamings=tuple(changes.area_renamings),
        area_endings=tuple(changes.area_endings),
        document=plain(document),
    )


def plain(value: Any) -> Any:
    """A TOML value as JSON keeps it: days become text."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


# -- one table at a time -------------------------------------------------------------------------------------------------


def _agency(r: Reader, effective: date | None) -> AgencyEntry:
    entry = AgencyEntry(
        key=r.text("key"),
        kind=r.choice("kind", AgencyKind),
        name=r.text("name"),
        short_name=r.text("short_name", ""),
        parent=r.text("parent", ""),
        area_code=r.text("area", ""),
        calendar=r.text("calendar", ""),
        valid_from=effective,
    )
    r.done()
    return entry


def _area(r: Reader) -> AreaEntry:
    entry = AreaEntry(
        code=r.text("code"),
        name=r.text("name"),
        province_code=r.text("province"),
        lat=_degrees(r, "lat", 90),
        lon=_degrees(r, "lon", 180),
    )
    r.done()
    return entry


def _degrees(r: Reader, key: str, limit: int) -> float | None:
    r.known.add(key)
    value = r.table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > limit:
        r.fail(
            key, f"phải là độ từ -{limit} đến {limit}, gặp {value!r}", f"must be degrees within ±{limit}, got {value!r}"
        )
        return None
    return float(value)


@dataclass(slots=True)
class _Changes:
    """The changes of a file, sorted by what they touch."""

    renamings: list[Renaming] = field(default_factory=list)
    movings: list[Moving] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    area_renamings: list[AreaRenaming] = field(default_factory=list)
    area_endings: list[AreaEnding] = field(default_factory=list)

    def read(self, r: Reader) -> None:
        """One [[changes]]: `do`, then agencies or areas."""
        do = r.choice("do", Do)
        of_areas = bool({"area", "areas"} & r.table.keys())
        if of_areas and {"agency", "agencies"} & r.table.keys():
            r.fail(
                "",
                "một thay đổi chỉ nói về cơ quan hoặc về địa bàn",
                "a change is about agencies or about areas, not both",
            )
        if of_areas:
            self._area(r, do)
        else:
            self._agency(r, do)

    def _agency(self, r: Reader, do: Do) -> None:
        if do == Do.RENAME:
            self.renamings.append(Renaming(r.text("agency"), r.text("name"), r.text("short_name", "")))
        elif do == Do.MOVE:
            self.movings.append(Moving(r.text("agency"), r.text("parent", "")))
        elif do == Do.MERGE:
            into, posts = r.text("into"), r.choice("posts", Posts, Posts.MOVE)
            for key in _several(r, "agencies", 1):
                if key != into:  # what the others are merged into may be named among them
                    self.endings.append(Ending(do, key, into, posts=posts))
        elif do == Do.SPLIT:
            key, rest = r.text("agency"), r.text("rest")
            parts = tuple(_part(part) for part in r.inners("parts"))
            self.endings.append(Ending(do, key, rest, parts, r.choice("posts", Posts, Posts.MOVE)))
        else:
            self.endings.append(
                Ending(do, r.text("agency"), r.text("successor", ""), posts=r.choice("posts", Posts, Posts.MOVE))
            )

    def _area(self, r: Reader, do: Do) -> None:
        if do == Do.RENAME:
            self.area_renamings.append(AreaRenaming(r.text("area"), r.text("name")))
        elif do == Do.MERGE:
            into, name = r.text("into"), r.text("name", "")
            lat, lon = _degrees(r, "lat", 90), _degrees(r, "lon", 180)
            self.area_endings += [AreaEnding(do, code, (into,)) for code in _several(r, "areas", 1) if code != into]
            if name:
                self.area_renamings.append(AreaRenaming(into, name, lat, lon))
        elif do == Do.SPLIT:
            self.area_endings.append(AreaEnding(do, r.text("area"), _several(r, "into", 2)))
        else:
            r.fail("do", f"“{do}” chỉ dùng cho cơ quan", f"“{do}” is for agencies only")
            r.known.update(r.table)


def _several(r: Reader, key: str, least: int) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(r.texts(key)))
    if len(values) < least:
        r.fail(key, f"cần ít nhất {least} mã khác nhau", f"needs at least {least} different keys")
    return values


def _part(r: Reader) -> Part:
    part = Part(
        r.text("to"),
        frozenset(r.texts("fields", [])),
        frozenset(r.texts("areas", [])),
        frozenset(r.texts("cases", [])),
        frozenset(r.texts("people", [])),
    )
    if not (part.fields or part.areas or part.cases):
        r.fail(
            "",
            "cần fields, areas hoặc cases để biết việc nào về đây",
            "needs fields, areas or cases to know what goes here",
        )
    r.done()
    return part


# -- what no single change can tell --------------------------------------------------------------------------------------


def _together(r: Reader, agencies: Sequence[AgencyEntry], areas: Sequence[AreaEntry], changes: _Changes) -> None:
    for at, keys in (
        ("agencies.key", [a.key for a in agencies]),
        ("areas.code", [a.code for a in areas]),
        ("changes.agency", [e.agency for e in changes.endings]),
        ("changes.agency", [n.agency for n in changes.renamings]),
        ("changes.agency", [m.agency for m in changes.movings]),
        ("changes.area", [e.area for e in changes.area_endings]),
        ("changes.area", [n.area for n in changes.area_renamings]),
    ):
        for key, times in Counter(keys).items():
            if times > 1 and key:
                r.fail(at, f"“{key}” có {times} lần", f"“{key}” is there {times} times")
    gone = {e.agency: e.into for e in changes.endings if not e.goes_on}
    for ending in changes.endings:
        for key in (ending.into, *(part.to for part in ending.parts)):
            if key in gone:
                vi = f"“{key}” cũng kết thúc theo quyết định này nên không thể kế thừa “{ending.agency}”"
                r.fail("changes.into", vi, f"“{key}” ends by this decision too and cannot succeed “{ending.agency}”")
    for key in [n.agency for n in changes.renamings] + [m.agency for m in changes.movings]:
        if key in gone:
            r.fail("changes.agency", f"“{key}” vừa đổi vừa kết thúc", f"“{key}” is changed and ended at once")
    over = {e.area for e in changes.area_endings if e.area not in e.into}
    for area in changes.area_endings:
        for code in area.into:
            if code in over:
                vi = f"“{code}” cũng kết thúc theo quyết định này nên không thể nhận “{area.area}”"
                r.fail("changes.into", vi, f"“{code}” ends by this decision too and cannot take “{area.area}”")
