"""Counters of many lists at once: they stand beside every page, so together they cost one question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

COUNTED_UP_TO = 1000  # beyond, a counter says "1000+": no counter walks through a table


def count_all(lists: Mapping[str, QuerySet[Any]], up_to: int = COUNTED_UP_TO) -> dict[str, int]:
    """How many rows each list has, counted to `up_to` at the most, all in one statement."""
    counts = dict.fromkeys(lists, 0)
    selects: list[str] = []
    keys: list[str] = []
    values: list[Any] = []
    for key, rows in lists.items():
        try:
            sql, parameters = rows.order_by().values("pk")[:up_to].query.sql_with_params()
        except EmptyResultSet:  # Django's word for a list that cannot have rows
            continue
        selects.append(f"(SELECT count(*) FROM ({sql}) AS listed)")
        keys.append(key)
        values += parameters
    if selects:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(selects)}", values)
            counts.update(zip(keys, cursor.fetchone(), strict=True))
    return counts
