"""The values of a decision: what ends, what succeeds it, what is called anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from hotline.organisation.rules import AgencyEntry, AreaEntry


class Do(StrEnum):
    """What a change does."""

    RENAME = "rename"
    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"


class Posts(StrEnum):
    """What becomes of the officers of an agency that ends."""

    MOVE = "move"  # the same role at the successor, from that day on
    END = "end"


class AgencyKind(StrEnum):
    """Kinds of agencies, as `agencies.csv` of a pack has them."""

    OFFICE = "office"
    DEPARTMENT = "department"
    COMMUNE = "commune"
    ADMINISTRATIVE_BODY = "administrative_body"
    PUBLIC_SERVICE_UNIT = "public_service_unit"
    VERTICAL_AGENCY = "vertical_agency"
    UTILITY = "utility"


@dataclass(frozen=True, slots=True)
class Part:
    """What of a split agency goes to one successor: cases named one by one, else those of these fields and areas."""

    to: str
    fields: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    def takes(self, code: str, fields: Collection[str], area: str) -> bool:
        """Whether a case goes here; `fields`: its field and the one above it."""
        if code in self.cases:
            return True
        if not (self.fields or self.areas):
            return False
        return (not self.fields or not self.fields.isdisjoint(fields)) and (not self.areas or area in self.areas)


@dataclass(frozen=True, slots=True)
class Ending:
    """An agency whose work goes to another. `into` empty: to nobody; `into` itself: it goes on and gives parts away."""

    do: Do
    agency: str
    into: str
    parts: tuple[Part, ...] = ()
    posts: Posts = Posts.MOVE

    @property
    def goes_on(self) -> bool:
        """Whether the agency stays, with less to do."""
        return self.into == self.agency

    def heir_of(self, code: str, fields: Collection[str], area: str) -> str:
        """The successor of one case. Cases named one by one come first, then the parts in the order of the file."""
        named = [part.to for part in self.parts if code in part.cases]
        fitting = named or [part.to for part in self.parts if part.takes(code, fields, area)]
        return fitting[0] if fitting else self.into

    def heir_of_person(self, username: str) -> str:
        """Where an officer goes."""
        return next((part.to for part in self.parts if username in part.people), self.into)


@dataclass(frozen=True, slots=True)
class Renaming:
    """Another name for an agency."""

    agency: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Moving:
    """Another parent for an agency; empty: none."""

    agency: str
    parent: str


@dataclass(frozen=True, slots=True)
class AreaRenaming:
    """Another name for a commune or province, and its centre where the ground has changed (degrees)."""

    area: str
    name: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class AreaEnding:
    """A commune that lies in one other (merged) or in several (split) from that day on; it may be one of them itself."""

    do: Do
    area: str
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One decision, checked in itself; `document` is the file as it was read."""

    number: str
    title: str
    decided_on: date
    effective: date
    agencies: tuple[AgencyEntry, ...]
    areas: tuple[AreaEntry, ...]
    renamings: tuple[Renaming, ...]
    movings: tuple[Moving, ...]
    endings: tuple[Ending, ...]
    area_renamings: tuple[AreaRenaming, ...]
    area_endings: tuple[AreaEnding, ...]
    document: Mapping[str, Any]

    @property
    def decision(self) -> str:
        """How rows and acts name it."""
        return f"{self.number} ({self.decided_on:%d/%m/%Y})"


@dataclass(frozen=True, slots=True)
class Known:
    """What the installation has, for checking a plan against it."""

    agencies: Mapping[str, date | None]  # key → last day
    areas: Collection[str]
    calendars: Collection[str]
    fields: Collection[str]
    people: Collection[str]
    cases: Collection[str]


def parents_first(agencies: Sequence[AgencyEntry]) -> list[AgencyEntry]:
    """New agencies in an order in which each comes after the one it belongs to; a ring ends where it began."""
    waiting, done = {a.key: a for a in agencies}, list[AgencyEntry]()
    while waiting:
        ready = [a for a in waiting.values() if a.parent not in waiting] or list(waiting.values())[:1]
        done += ready
        for entry in ready:
            del waiting[entry.key]
    return done
