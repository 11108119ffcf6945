"""What the replay found, counted: late as recorded and late under the changed edition, by agency, field and clock."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline.simulation.rules.replay import Outcome

RECORDED, CHANGED = 1, 2  # bits of `late`
# A case that was late or would have been. `clock`: the number of the clock that would have made it so first, else -1.
FINDING = np.dtype(
    [("case", "<i8"), ("agency", "<i8"), ("field", "<i4"), ("late", "u1"), ("clock", "i1"), ("late_at", "<i8")]
)
Findings = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Facts:
    """A chunk of cases as they are recorded: who holds or held each (0: nobody), its field, whether it was late."""

    case: NDArray[np.int64]
    agency: NDArray[np.int64]
    field: NDArray[np.int64]
    late: NDArray[np.bool_]


@dataclass(slots=True)
class Tally:
    """The sums so far. Each row: how many cases, late as recorded, late under the changed edition, late in both."""

    clocks: Sequence[str]
    agencies: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    fields: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    by_clock: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    findings: list[Findings] = field(default_factory=list)

    def add(self, facts: Facts, outcome: Outcome) -> None:
        """Count a chunk."""
        would = outcome.late_rule >= 0
        columns = np.stack((np.ones_like(would), facts.late, would, facts.late & would))
        _sum(self.agencies, facts.agency, columns)
        _sum(self.fields, facts.field, columns)
        if not len(self.by_clock):
            self.by_clock = np.zeros((len(self.clocks), 2), np.int64)
        self.by_clock += np.stack((outcome.begun.sum(axis=1), outcome.late.sum(axis=1)), axis=1)
        told = np.flatnonzero(facts.late | would)
        rows = np.zeros(len(told), FINDING)
        rows["case"], rows["agency"], rows["field"] = facts.case[told], facts.agency[told], facts.field[told]
        rows["late"] = facts.late[told] * RECORDED + would[told] * CHANGED
        rows["clock"], rows["late_at"] = outcome.late_rule[told], outcome.late_at[told]
        self.findings.append(rows)

    def packed(self) -> bytes:
        """The findings, the latest case first, as they are kept."""
        everything = np.concatenate([np.zeros(0, FINDING), *self.findings])
        return zlib.compress(everything[::-1].tobytes(), 1)

    def figures(self) -> dict[str, Any]:
        """Everything counted, as JSON keeps it: rows are [cases, late as recorded, late then, late in both]."""
        total = sum(self.agencies.values(), np.zeros(4, np.int64))
        return {
            "total": total.tolist(),
            "agencies": [[key, *row.tolist()] for key, row in sorted(self.agencies.items())],
            "fields": [[key, *row.tolist()] for key, row in sorted(self.fields.items())],
            "clocks": [[key, *row.tolist()] for key, row in zip(self.clocks, self.by_clock, strict=False)],
        }


def _sum(into: dict[int, NDArray[np.int64]], keys: NDArray[np.int64], columns: NDArray[np.bool_]) -> None:
    found, place = np.unique(keys, return_inverse=True)
    sums = np.stack([np.bincount(place, weights=column, minlength=len(found)) for column in columns], axis=1)
    for key, row in zip(found.tolist(), sums.astype(np.int64), strict=True):
        into[key] = into.get(key, np.zeros(4, np.int64)) + row


def unpack(packed: bytes) -> Findings:
    """The findings as they were counted."""
    return np.frombuffer(zlib.decompress(packed), FINDING) if packed else np.zeros(0, FINDING)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the findings: `change` is "new" (late only under the changed edition), "gone" (late only as recorded),
    "both", or "" for all; an agency (0: nobody), a field, a clock."""

    change: str = ""
    agency: int | None = None
    field: int | None = None
    clock: int | None = None


CHANGES = {"new": CHANGED, "gone": RECORDED, "both": RECORDED | CHANGED}


def select(findings: Findings, wanted: Wanted) -> Findings:
    """The findings that are asked for, in their order."""
    keep = np.ones(len(findings), bool)
    if wanted.change in CHANGES:
        keep &= findings["late"] == CHANGES[wanted.change]
    for name in ("agency", "field", "clock"):
        value = getattr(wanted, name)
        if value is not None:
            keep &= findings[name] == value
    return findings[keep]


def rows_of(findings: Findings) -> Iterator[dict[str, Any]]:
    """Findings as plain values."""
    for row in findings:
        yield {name: row[name].item() for name in FINDING.names or ()}
