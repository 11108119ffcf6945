"""Questions written once: Django puts a queryset into SQL on every call, and for the questions of every page that takes
longer than the database takes to answer them. `written_once` keeps the SQL and only asks again with other values.

Only the text of the question is kept, never an answer. It is kept by every value the question was built from (the positional
arguments); what is given by name fills a place in the text and can be nothing else: whoever looks is always positional.

The server keeps it too, as a prepared statement of the connection: weighing the ways to answer took it three times as long
as answering.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, update_wrapper
from typing import Any, Generic, TypeVar, cast

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.compiler import SQLCompiler
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.numeric import Int8

KEPT = 512  # texts of one question, of twenty to eighty kilobytes each
R = TypeVar("R")  # what comes back: objects, or tuples


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes that is known when the question is asked."""

    name: str


def place(name: str) -> Any:
    """A place as the right-hand side of a filter."""
    return Value(Place(name))


def among(column: str, values: Any) -> Any:
    """A filter: the column has one of the values of a list that is given, however long: `filter(among("case", cases))`."""
    return Func(F(column), values, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())


class _Moment(Loader):
    """A moment as Python reads it by itself, in a fiftieth of the time: a list shows two hundred. Django's connections speak
    UTC, and so do the moments they bring."""

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(bytes(data).decode())


class _Prepared(psycopg.Cursor[Any]):
    """A cursor whose statements the server plans once. Django's own put the values into the text: a new one every time."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self.adapters.register_loader("timestamptz", _Moment)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(query, params, prepare=True, **options)


class Statement:
    """SQL that is asked again and again with other values. Shared by threads, changed by none.

    Numbers and what fills a place are sent beside the text, so that people of one role share it. Words, dates and the like
    that the question was built with stay in it: the server finds a partial index (`state IN ('assigned', …)`) by them.
    """

    def __init__(self, text: str, parameters: Sequence[Any]) -> None:
        self.parameters: list[Any] = []
        rest = iter(parameters)
        connection = connections[DEFAULT_DB_ALIAS]
        connection.ensure_connection()
        literal = psycopg.ClientCursor(connection.connection)

        def mark(found: re.Match[str]) -> str:
            if found[0] == "%%":
                return "%%"
            value = next(rest)
            if isinstance(value, Place | int) and not isinstance(value, bool):
                self.parameters.append(value)
                return "%s"
            return literal.mogrify("%s", [value]).replace("%", "%%")

        self.text = re.sub("%[%s]", mark, text)

    def ask(self, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The rows, as the database has them.

        A column that a migration changed under running processes makes the server refuse what this connection had planned:
        it is asked again on a new one. Inside a transaction NotSupportedError is raised, and the next request begins anew.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        values = [_sent(value) for value in filled(self.parameters, given)]
        try:
            return self._rows(connection, values)
        except NotSupportedError:
            connection.close_at = 0  # long past: Django replaces the connection between requests
            if connection.in_atomic_block:
                raise
            connection.close()
            return self._rows(connection, values)

    def _rows(self, connection: Any, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with _cursor(connection) as cursor:
            cursor.execute(self.text, values)
            return cast(list[tuple[Any, ...]], cursor.fetchall())


def _cursor(connection: Any) -> Any:
    if connection.queries_logged:  # whoever listens is shown the values in the text, as Django's own cursor puts them
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection._prepare_cursor(_Prepared(connection.connection))


def _sent(value: Any) -> Any:
    """A number as the database's largest: by its size it would be a statement of its own."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Int8(value)
    if isinstance(value, list):
        return [_sent(one) for one in value]
    return value


def filled(parameters: Iterable[Any], given: Mapping[str, Any]) -> tuple[Any, ...]:
    """The parameters of a statement with every place filled. Raises KeyError for one that was not given."""
    return tuple(given[p.name] if isinstance(p, Place) else p for p in parameters)


class Written(Generic[R]):
    """One queryset as SQL, with all Django needs to make rows of what comes back. Shared by threads, changed by none."""

    def __init__(self, rows: QuerySet[Any, R]) -> None:
        made = cast(Any, rows)
        if made._prefetch_related_lookups or made._known_related_objects:
            raise ValueError("what is fetched beside the rows is a question of its own")
        if rows.query.annotations and made._iterable_class is ModelIterable:
            raise ValueError("objects come without annotations; ask for a values_list")
        if pre_init.has_listeners(rows.model) or post_init.has_listeners(rows.model):
            raise ValueError("somebody listens to the making of these objects; ask Django for them")
        self.model, self.iterable = rows.model, made._iterable_class
        self.compiler: SQLCompiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.statement: Statement | None = Statement(*self.compiler.as_sql())
            self.converters = self.compiler.get_converters([column[0] for column in self.compiler.select])
        except EmptyResultSet:  # Django's word for a question that nothing can answer
            self.statement = None

    def ask(self, given: Mapping[str, Any]) -> list[R]:
        """The rows: objects, or tuples of a `values_list`."""
        if self.statement is None:
            return []
        compiler = cast(Any, copy.copy(self.compiler))
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.get_converters = lambda _: self.converters
        rows = compiler.results_iter([self.statement.ask(given)], tuple_expected=True)
        return list(rows) if self.iterable is not ModelIterable else self._objects(compiler, rows)

    def _objects(self, compiler: Any, rows: Iterable[Sequence[Any]]) -> list[R]:
        """Rows as objects, the joined ones with them, as Django's own iteration makes them; but fifty cases of one agency
        come with one Agency, not with fifty."""
        select, info = compiler.select, compiler.klass_info
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column[0].target.attname for column in select[first:last]]
        joined = cast(Any, get_related_populators)(info, select, DEFAULT_DB_ALIAS)
        for populator in joined:
            populator.model_cls = _Shared(populator)
        found = []
        for row in rows:
            one = _made(self.model, names, row[first:last])
            for populator in joined:
                populator.populate(row, one)
            found.append(one)
        return found


class _Shared:
    """Stands in for a model while the rows of one answer are made: one object for each key."""

    def __init__(self, populator: Any) -> None:
        self.model, self.key = populator.model_cls, populator.pk_idx
        self.made: dict[Any, Model] = {}

    def from_db(self, db: str, names: list[str], values: Sequence[Any]) -> Model:
        key = values[self.key]
        if key not in self.made:
            self.made[key] = _made(self.model, names, values)
        return self.made[key]


def _made(model: type[Model], names: Iterable[str], values: Sequence[Any]) -> Any:
    """What `model.from_db` makes of a row, without asking each column that was left out, and without telling anybody: a page
    of fifty cases is a hundred and twenty objects. `Written` refuses models whose making somebody listens to."""
    one = cast(Any, model.__new__(model))
    one._state = ModelState()
    one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
    one.__dict__.update(zip(names, values, strict=True))
    return one


def written_once(build: Callable[..., QuerySet[Any, R]]) -> Callable[..., list[R]]:
    """Makes a function that builds a queryset into one that answers with its rows.

    Positional arguments shape the question and must be hashable; a text is kept for each combination. Keyword arguments
    are values to compare with (a number, a word, a moment; as the database takes them): `build` gets a place instead of
    each and can only put it into a filter. `values_list` gives tuples.
    """

    @lru_cache(maxsize=KEPT)
    def write(shape: Sequence[Any], names: tuple[str, ...]) -> Written[R]:
        return Written(build(*shape, **{name: place(name) for name in names}))

    def ask(*shape: Any, **given: Any) -> list[R]:
        return write(shape, tuple(given)).ask(given)

    return update_wrapper(ask, build)
