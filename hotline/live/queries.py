"""Counters of many lists at once: they stand beside every page, so together they cost one question."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from hotline.statements.queries import Statement

COUNTED_UP_TO = 1000  # beyond, a counter says "1000+": no counter walks through a table


class Count:
    """The statement that counts lists; it may be kept and asked again with other values in its places."""

    def __init__(self, lists: Mapping[str, QuerySet[Any]], up_to: int = COUNTED_UP_TO) -> None:
        self.none = dict.fromkeys(lists, 0)
        self.keys: list[str] = []
        self.parameters: list[Any] = []
        selects: list[str] = []
        for key, rows in lists.items():
            try:
                sql, parameters = rows.order_by().values("pk")[:up_to].query.sql_with_params()
            except EmptyResultSet:  # Django's word for a list that cannot have rows
                continue
            selects.append(f"(SELECT count(*) FROM ({sql}) AS listed)")
            self.keys.append(key)
            self.parameters += parameters
        self.text = f"SELECT {', '.join(selects)}" if selects else ""

    def ask(self, **given: Any) -> dict[str, int]:
        """How many rows each list has, counted to `up_to` at the most. One query."""
        if not self.text:
            return dict(self.none)
        return self.none | dict(zip(self.keys, self.statement.ask(given)[0], strict=True))

    @cached_property
    def statement(self) -> Statement:
        return Statement(self.text, self.parameters)


def count_all(lists: Mapping[str, QuerySet[Any]], up_to: int = COUNTED_UP_TO) -> dict[str, int]:
    """How many rows each list has, counted to `up_to` at the most, all in one statement that nobody will ask again."""
    count = Count(lists, up_to)
    if not count.text:
        return count.none
    with connection.cursor() as cursor:
        cursor.execute(count.text, count.parameters)
        return count.none | dict(zip(count.keys, cursor.fetchone(), strict=True))
