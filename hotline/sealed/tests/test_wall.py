"""The wall in the database: the product's ordinary role reads nothing of what is sealed, and not by a detour either."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from hotline.database.wall import owner_of, stands
from hotline.sealed import models
from hotline.sealed.wall import inside

TABLES = (models.Record, models.Denouncer, models.Message, models.Thread, models.File, models.Entry)


@pytest.fixture
def ordinary(db: None) -> str:
    """The product's role as it is in service. A superuser of a test server walks through walls, so it becomes one."""
    login = str(connection.connection.info.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [login])
        if cursor.fetchone()[0]:
            cursor.execute("CREATE ROLE ordinary_tester NOLOGIN NOSUPERUSER NOINHERIT")
            cursor.execute(f"GRANT {connection.ops.quote_name(owner_of(login))} TO ordinary_tester")
            cursor.execute("SET ROLE ordinary_tester")
    yield login
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("model", TABLES)
@pytest.mark.parametrize("statement", ["SELECT * FROM {0}", "SELECT count(*) FROM {0}", "INSERT INTO {0} DEFAULT VALUES",
                                       "DELETE FROM {0}", "TRUNCATE {0}", "DROP TABLE {0}", "COPY {0} TO STDOUT",
                                       "CREATE VIEW public.peek AS SELECT * FROM {0}"])  # fmt: skip
def test_the_ordinary_role_is_refused(ordinary: str, model: type, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement.format(model._meta.db_table))


@pytest.mark.parametrize("detour", [
    "GRANT USAGE ON SCHEMA sealed TO PUBLIC", "ALTER SCHEMA sealed OWNER TO CURRENT_USER", "DROP SCHEMA sealed CASCADE",
    "CREATE TABLE sealed.mine (a int)", "GRANT SELECT ON ALL TABLES IN SCHEMA sealed TO PUBLIC",
])  # fmt: skip
def test_nor_does_it_widen_its_own_door(ordinary: str, detour: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(detour)


@pytest.mark.parametrize("model", TABLES)
def test_a_queryset_outside_the_wall_finds_nothing_but_a_refusal(ordinary: str, model: type) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(model.objects.all())
    with inside():
        assert list(model.objects.all()) == []
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(model.objects.all())


def test_inside_the_wall_ordinary_tables_are_out_of_reach(ordinary: str) -> None:
    def role() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user::text")
            return str(cursor.fetchone()[0])

    before = role()
    with pytest.raises(ProgrammingError, match="permission denied"), inside():
        assert role() != before
        connection.cursor().execute("SELECT * FROM people_person")
    assert role() == before, "the error put the old role back"


def test_the_role_ends_with_the_block_whatever_happens_in_it(ordinary: str) -> None:
    with pytest.raises(ZeroDivisionError), inside():
        raise ZeroDivisionError
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("SELECT * FROM sealed.record")


def test_the_wall_stands_for_the_role_we_sign_in_with(db: None) -> None:
    assert stands(connection.connection, str(connection.connection.info.user))


def test_tables_and_models_say_the_same(db: None) -> None:
    """Django does not make these tables, so nobody else compares them."""
    with inside(), connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(
                "SELECT column_name::text, is_nullable = 'YES', character_maximum_length::int FROM information_schema.columns"
                " WHERE table_schema = 'sealed' AND table_name = %s", [model._meta.db_table.split('"')[3]],
            )  # fmt: skip
            assert {row[0]: row[1:] for row in cursor.fetchall()} == {
                f.column: (f.null, f.max_length if f.get_internal_type() == "CharField" else None)
                for f in model._meta.concrete_fields
            }, model.__name__


def test_no_key_leads_out_of_the_schema_and_none_leads_in(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint c"
            " JOIN pg_class a ON a.oid = c.conrelid JOIN pg_class b ON b.oid = c.confrelid"
            " JOIN pg_namespace n ON n.nspname = 'sealed'"
            " WHERE c.contype = 'f' AND (a.relnamespace = n.oid) <> (b.relnamespace = n.oid)"
        )
        assert cursor.fetchall() == []
