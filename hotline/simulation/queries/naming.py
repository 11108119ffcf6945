"""Figures with names in place of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.cases.models import Case
from hotline.cases.rules import PROMISE
from hotline.hotlines.models import Field
from hotline.organisation.models import Agency
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.simulation.rules.figures import CHANGES, Findings, rows_of, unpack

NOBODY = Label("Chưa có đơn vị xử lý", "No agency yet")
_CHANGE = {bits: name for name, bits in CHANGES.items()}


def clock_labels(edition: Edition) -> dict[str, Label]:
    """What the clocks of an edition are called, the promise to the citizen with them."""
    rules = (*edition.clocks, *edition.obligation_clocks(), PROMISE)
    return {rule.key: rule.label for rule in rules}


def named(figures: Mapping[str, Any], edition: Edition, language: str) -> dict[str, Any]:
    """The figures of a simulation with the names of agencies, fields and clocks: three questions at most."""
    agencies = dict(Agency.objects.filter(pk__in=[row[0] for row in figures["agencies"]]).values_list("id", "name"))
    fields = {f.pk: f for f in Field.objects.filter(pk__in=[row[0] for row in figures["fields"]])}
    clocks = clock_labels(edition)
    return {
        "total": figures["total"],
        "agencies": [
            {"id": pk, "name": agencies.get(pk) or NOBODY.get(language), "figures": row}
            for pk, *row in figures["agencies"]
        ],
        "fields": [
            {"id": pk, "name": (fields[pk].en or fields[pk].vi) if language == "en" else fields[pk].vi, "figures": row}
            for pk, *row in figures["fields"]
        ],
        "clocks": [{"key": key, "name": clocks[key].get(language), "figures": row} for key, *row in figures["clocks"]],
    }


def named_cases(packed: bytes | Findings, edition: Edition) -> list[dict[str, Any]]:
    """The cases behind the figures by their codes; `change`: new, gone or both."""
    found = unpack(packed) if isinstance(packed, bytes) else packed
    keys = [*(rule.key for rule in (*edition.clocks, *edition.obligation_clocks())), PROMISE.key, ""]
    rows = list(rows_of(found))
    codes = dict(Case.objects.filter(pk__in=[row["case"] for row in rows]).values_list("id", "code"))
    return [{"code": codes[row["case"]], "change": _CHANGE[row["late"]], "clock": keys[row["clock"]]} for row in rows]
