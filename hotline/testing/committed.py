"""A cast whose rows are committed, for tests where several connections meet. Cleared afterwards, the journal too.

Django's own transactional tests cannot be used: they flush with TRUNCATE, which the journal refuses, as it should.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import close_old_connections, connection, connections, transaction

from hotline.testing.cast import Cast, make_cast

_KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture
def committed_cast(db: None) -> Iterator[Cast]:
    """The cast, visible to every connection. What the test itself writes in its own thread is rolled back as always;
    what `at_once` does is committed, and cleared."""
    [cast] = at_once(1, lambda _: make_cast())
    try:
        yield cast
    finally:
        connection.connection.rollback()  # lets go of the locks of the test's transaction before its tables are emptied
        at_once(1, lambda _: clear())


def clear() -> None:
    """Empty every table; sequences run on, so that nothing remembered by number is met again."""
    # Jobs stand in tables that Django does not manage; left behind, they would be the next test's.
    tables = sorted({*connection.introspection.django_table_names(only_existing=True), "procrastinate_jobs"} - _KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        # Who owns the table may put its guards aside, for this one transaction.
        cursor.execute("ALTER TABLE journal_act DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(map(connection.ops.quote_name, tables))} CASCADE")
        cursor.execute("ALTER TABLE journal_act ENABLE TRIGGER USER")


def at_once(count: int, run: Callable[[int], Any]) -> list[Any]:
    """Run in `count` threads that start together, each with its own connection; fails with what any of them raised."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def work(number: int) -> None:
        close_old_connections()
        gate.wait()
        try:
            results[number] = run(number)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [r for r in results if isinstance(r, BaseException)]
    assert not failed, failed
    return results
