"""The way through the wall: one transaction as the role that owns what is sealed, and nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from hotline.database.wall import SCHEMA, not_built

_STEP_IN = (
    "SELECT current_setting('role'), set_config('role', rolname, true)"
    " FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner WHERE nspname = %s"
)


@contextmanager
def inside() -> Iterator[None]:
    """Run a block as the owner of the sealed tables; ordinary tables are out of reach meanwhile.

    The role holds for this block alone: an error rolls it back with the rest, and the end of the block puts the old one
    back. Every look inside is the caller's to write into the register (`sealed.actions`). Raises `Fault` without a wall.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STEP_IN, [SCHEMA])
        row = cursor.fetchone()
        if row is None:
            raise not_built(connection.settings_dict["USER"] or "?")
        yield
        cursor.execute("SELECT set_config('role', %s, true)", [row[0]])
