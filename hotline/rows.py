"""Rows that belong together, written in one round trip: on the way in, most of a report's time is waiting for the database.

    with together(Conversation, Contact, Case, Act, "case_number"):   # one question draws all the keys
        write(conversation)                                            # kept
        ...
                                                                       # one statement list writes everything

Outside of `together`, `write` inserts at once, so that a verb is the same function on the hot path and elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db import connection, models


class _Batch:
    def __init__(self, keys: dict[str, list[int]]) -> None:
        self.keys = keys
        self.statements: list[tuple[str, Sequence[Any]]] = []


_open: ContextVar[_Batch | None] = ContextVar("rows", default=None)


@contextmanager
def together(*tables: type[models.Model] | str) -> Iterator[None]:
    """Keep the rows given to `write` and send them at the end, in the order given, as one; none when the block raises.

    `tables`: whose keys are drawn beforehand, one for each time it is named; a string names a sequence (for `number`).
    Inside a transaction only (RuntimeError). What is kept cannot be read back before the end. Raises IntegrityError at the
    end, with the constraint in its cause as ever.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("rows.together outside a transaction")
    if _open.get() is not None:  # a verb that writes together, called by another that does: one batch
        yield
        return
    batch = _Batch(_drawn([table if isinstance(table, str) else _sequence(table) for table in tables]))
    mark = _open.set(batch)
    try:
        yield
    finally:
        _open.reset(mark)
    if batch.statements:
        with connection.cursor() as cursor:
            cursor.execute("; ".join(cursor.mogrify(sql, values) for sql, values in batch.statements))


def write(*rows: models.Model) -> None:
    """Insert new rows of one table: now, or with the others of `together`. They have their keys afterwards either way."""
    batch = _open.get()
    if batch is not None:
        for row in rows:
            _keep(batch, row)
    elif len(rows) == 1:
        rows[0].save(force_insert=True)
    elif rows:
        type(rows[0])._default_manager.bulk_create(rows)


def _keep(batch: _Batch, row: models.Model) -> None:
    if row.pk is None and isinstance(row._meta.pk, models.AutoField):
        row.pk = number(_sequence(type(row)))
    sql, columns = _insert(type(row))
    # The parent's key may have been drawn after the parent was set on this row.
    row._prepare_related_fields_for_save(operation_name="write")  # type: ignore[attr-defined]
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in columns]
    batch.statements.append((sql, values))
    row._state.adding, row._state.db = False, connection.alias


def statement(sql: str, values: Sequence[Any]) -> None:
    """Run a statement whose answer nobody needs: now, or with the rows of `together`."""
    batch = _open.get()
    if batch is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
    else:
        batch.statements.append((sql, values))


def number(sequence: str) -> int:
    """The next number of a sequence; those drawn by `together` first."""
    batch = _open.get()
    kept = batch.keys.get(sequence) if batch else None
    return kept.pop(0) if kept else _drawn([sequence])[sequence][0]


def _drawn(sequences: list[str]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    if sequences:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(['nextval(%s)'] * len(sequences))}", sequences)
            for sequence, key in zip(sequences, cursor.fetchone(), strict=True):
                keys.setdefault(sequence, []).append(key)
    return keys


@cache
def _sequence(table: type[models.Model]) -> str:
    # PostgreSQL's own name for the sequence of an identity column.
    return f"{table._meta.db_table}_id_seq"


@cache
def _insert(table: type[models.Model]) -> tuple[str, tuple[Any, ...]]:
    """The INSERT of a table, and the fields whose values it takes."""
    fields: tuple[Any, ...] = tuple(f for f in table._meta.local_concrete_fields if not f.generated)
    # Arrays say what they are of: a bare empty list has no type.
    marks = (f.get_placeholder(None, None, connection) if hasattr(f, "get_placeholder") else "%s" for f in fields)
    names = ", ".join(f'"{f.column}"' for f in fields)
    return f'INSERT INTO "{table._meta.db_table}" ({names}) VALUES ({", ".join(marks)})', fields
