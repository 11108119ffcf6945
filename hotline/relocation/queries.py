"""Which rows of which tables belong to a hotline: found from Django's own knowledge of the tables, so that a table that is
made tomorrow goes along without being named here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, Field, ForeignKey, Model, Q, QuerySet

from hotline.hotlines.models import Hotline
from hotline.relocation.rules import MATCHED, stays

Rows = QuerySet[Any]


def models_of_product() -> list[type[Model]]:
    """Every table of the product, those between two others included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model.__module__.startswith("hotline.") and model._meta.managed]


@cache
def carried() -> tuple[type[Model], ...]:
    """Tables whose rows go along as they are, each after those it points at (nullable pointers aside)."""
    candidates = {m for m in models_of_product() if not stays(m._meta.label) and m._meta.label not in MATCHED}
    known: set[type[Model]] = {Hotline}
    while True:
        more = {
            model for model in candidates - known
            if any(to in known for _, to in _forward(model)) or any(model in _pointed_at(other) for other in known)
        }  # fmt: skip
        if not more:
            return tuple(_in_order(known))
        known |= more


@cache
def paths() -> dict[type[Model], str]:
    """The shortest way from a table to the hotline, through pointers that are always there: "case__hotline"."""
    found: dict[type[Model], str] = {Hotline: "pk"}
    level: list[type[Model]] = [Hotline]
    while level:
        following: list[type[Model]] = []
        for model in carried():
            for field, to in _forward(model):
                if model not in found and to in level and not field.null:
                    found[model] = field.name if to is Hotline else f"{field.name}__{found[to]}"
                    following.append(model)
        level = following
    return found


def rows_of(model: type[Model], hotline: Hotline) -> Rows:
    """The rows of a table that belong to a hotline: by their own pointers, else because others of them point at them."""
    manager = model._base_manager
    if model in paths():
        return manager.filter(**{paths()[model]: hotline.pk})
    ways = [  # what somebody of the hotline's has: a citizen's telephone number
        Q(**{f"{field.name}__in": rows_of(to, hotline).values("pk")})
        for field, to in _forward(model) if field.remote_field.on_delete is CASCADE or to in paths()
    ]  # fmt: skip
    ways += [
        Q(pk__in=rows_of(field.model, hotline).filter(**{f"{field.name}__isnull": False}).values(field.attname))
        for field in pointers_to(model) if field.model in paths()
    ]  # fmt: skip
    if not ways:
        raise RuntimeError(f"no way from {model._meta.label} to a hotline: name it in relocation.rules.LEFT_OUT")
    return manager.filter(reduce(or_, ways))


def matched_rows(label: str, hotline: Hotline) -> Rows:
    """The rows of a table that both homes may have, as far as anything that goes along points at them."""
    model = apps.get_model(label)
    where = Q(pk__in=[])
    for field in pointers_to(model):
        where |= Q(
            pk__in=rows_of(field.model, hotline).filter(**{f"{field.name}__isnull": False}).values(field.attname)
        )
    return model._base_manager.filter(where)


def pointers_to(model: type[Model]) -> list[ForeignKey]:
    """The columns of tables that go along which point at a table."""
    return [field for other in carried() for field, to in _pointers(other) if to is model and other is not model]


def abroad(model: type[Model], hotline: Hotline) -> Iterator[tuple[ForeignKey, set[int]]]:
    """Pointers that lead out of what goes along (a case merged into another hotline's): the column, the rows that have it."""
    for field, to in _forward(model):
        if field.null and to in paths():
            outside = (
                rows_of(model, hotline)
                .filter(**{f"{field.name}__isnull": False})
                .exclude(**{f"{field.name}__in": rows_of(to, hotline).values("pk")})
            )
            if ids := set(outside.values_list("pk", flat=True)):
                yield field, ids


def subject_of(model: type[Model]) -> str:
    """What the journal calls a row of a table: "question_set"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


def columns(model: type[Model]) -> list[Field]:
    """The columns that are written: not those the database makes itself."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def _pointers(model: type[Model]) -> list[tuple[ForeignKey, type[Model]]]:
    return [
        (field, field.related_model) for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and isinstance(field.related_model, type)
    ]  # fmt: skip


def _forward(model: type[Model]) -> list[tuple[ForeignKey, type[Model]]]:
    """Pointers to other tables that may go along."""
    return [(f, to) for f, to in _pointers(model) if to._meta.label not in MATCHED and not stays(to._meta.label)]


def _pointed_at(model: type[Model]) -> set[type[Model]]:
    return {to for _, to in _forward(model)}


def _in_order(known: set[type[Model]]) -> Iterator[type[Model]]:
    """Those first that others need to be there; where two need each other, the nullable pointer waits."""
    waiting = sorted(known, key=lambda model: model._meta.label)
    done: set[type[Model]] = set()
    while waiting:
        ready = next(
            (model for late in (False, True) for model in waiting
             if all(to in done or to is model or (late and field.null) for field, to in _forward(model) if to in known)),
            None,
        )  # fmt: skip
        if ready is None:
            raise RuntimeError(f"tables that need each other: {[model._meta.label for model in waiting]}")
        done.add(ready)
        waiting.remove(ready)
        yield ready
