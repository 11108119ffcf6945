"""The law's five working days: the officer is reminded before and at the limit, by a notice that says nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from hotline.database.wall import owner_of
from hotline.journal.models import Act
from hotline.notifications.models import Notice
from hotline.reactions import react
from hotline.sealed.actions import close, forward, record_denunciation, remind
from hotline.sealed.models import Entry, Record
from hotline.sealed.rules import Identity, Told
from hotline.sealed.wall import inside
from hotline.testing.cast import ZONE, Cast

SECRET = "Mật hiệu hoa quỳnh: nhận tiền để cấp phép"
FRIDAY = datetime(2026, 2, 6, 16, 0, tzinfo=ZONE)  # five working days from Monday on: Friday 13/02, 17:00


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def taken_down(cast: Cast) -> str:
    told = Told(
        hotline_id=cast.hotline.pk, channel="phone", accused="Ông A, trưởng phòng", matter=SECRET, received_at=FRIDAY,
        evidence="Ảnh chụp biên nhận", identity=Identity("Phan Thị Kín", "0905 881 882", "", "7 Lê Lợi"),
    )  # fmt: skip
    return record_denunciation(told, actor=cast.actor("cuong"), now=FRIDAY)


def swept(now: datetime) -> list[tuple[str, str, str]]:
    """One sweep and what followed from it: who was told what."""
    seen = set(Notice.objects.values_list("pk", flat=True))
    last = Act.objects.order_by("-id").values_list("id", flat=True).first() or 0
    remind(now)
    for act in Act.objects.filter(pk__gt=last).order_by("id"):
        react(act_id=act.pk)
        react(act_id=act.pk)  # a worker that was killed does it again
    fresh = Notice.objects.exclude(pk__in=seen).order_by("id").select_related("person")
    return [(n.person.username, n.kind, n.text_vi) for n in fresh]


def test_the_officer_hears_before_and_at_the_limit_once_each(cast: Cast, taken_down: str) -> None:
    assert swept(at("2026-02-12T16:59")) == [], "a working day is left and a minute"
    soon = ("nga", "sealed.due_soon", f"Hồ sơ sắp hết thời hạn chuyển: {taken_down} · 17:00 13/02/2026")
    assert swept(at("2026-02-13T07:01")) == [soon]
    assert swept(at("2026-02-13T07:02")) == [], "told once"
    assert swept(at("2026-02-13T17:00")) == [], "the limit's last moment is in time"
    late = ("nga", "sealed.overdue", f"Hồ sơ đã quá thời hạn chuyển: {taken_down} · 17:00 13/02/2026")
    assert swept(at("2026-02-13T17:01")) == [late]
    assert swept(at("2026-03-02T09:00")) == []
    with inside():
        assert [(e.deed, e.name) for e in Entry.objects.order_by("id")[1:]] == [
            ("reminded", "Hệ thống"), ("overdue", "Hệ thống")
        ], "the register knows it"  # fmt: skip


def test_who_slept_over_both_moments_tells_of_the_limit_alone(cast: Cast, taken_down: str) -> None:
    assert [kind for _, kind, _ in swept(at("2026-03-02T09:00"))] == ["sealed.overdue"]
    assert swept(at("2026-03-02T09:01")) == []


@pytest.mark.parametrize("end", [
    lambda ref, viewer: forward(ref, to="Thanh tra", passed_on="Nội dung", viewer=viewer, now=at("2026-02-09T08:00")),
    lambda ref, viewer: close(ref, "Không nêu chứng cứ", viewer=viewer, now=at("2026-02-09T08:00")),
])  # fmt: skip
def test_what_is_passed_on_or_ended_reminds_nobody(cast: Cast, taken_down: str, end: Callable) -> None:
    end(taken_down, cast.viewer("nga"))
    assert swept(at("2026-03-02T09:00")) == []


def test_nothing_of_the_matter_leaves_with_it(cast: Cast, taken_down: str) -> None:
    swept(at("2026-02-13T07:01"))
    acts = Act.objects.filter(kind__startswith="sealed.due")
    assert [set(act.after) for act in acts] == [{"ref", "due_at"}] and acts[0].note == "" and acts[0].before == {}
    said = json.dumps([*acts.values(), *Notice.objects.values()], default=str, ensure_ascii=False)
    for word in (SECRET, "Ông A", "Kín", "0905", "Lê Lợi", "biên nhận", "tố cáo"):
        assert word not in said, word
    assert Notice.objects.exclude(person=cast.person["nga"]).count() == 0


@pytest.fixture
def ordinary(db: None) -> None:
    """The product's role as it is in service; where tests sign in as a superuser, one with the same few rights."""
    login = str(connection.connection.info.user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [login])
        if cursor.fetchone()[0]:
            cursor.execute("CREATE ROLE ordinary_watcher NOLOGIN NOSUPERUSER NOINHERIT")
            cursor.execute("GRANT USAGE ON SCHEMA sealed_watch TO ordinary_watcher")
            cursor.execute("GRANT EXECUTE ON FUNCTION sealed_watch.claim(timestamptz) TO ordinary_watcher")
            cursor.execute("SET ROLE ordinary_watcher")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_the_sweeper_needs_no_way_inside(cast: Cast, taken_down: str, ordinary: None) -> None:
    """The ordinary role is answered by the function and refused by everything around it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sealed_watch.claim(%s)", [at("2026-02-13T07:01")])
        assert [c.name for c in cursor.description] == ["ref", "hotline_id", "forward_due_at", "late"]
        assert [row[0] for row in cursor.fetchall()] == [taken_down]
    for statement in (
        "SELECT ref FROM sealed.record", "UPDATE sealed.record SET remind_at = NULL",
        "CREATE FUNCTION sealed_watch.more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION sealed_watch.claim(at timestamptz) RETURNS TABLE (ref varchar, hotline_id bigint,"
        " forward_due_at timestamptz, late boolean) LANGUAGE sql AS 'SELECT matter, 1, now(), true FROM sealed.record'",
        "ALTER FUNCTION sealed_watch.claim(timestamptz) SECURITY INVOKER", "DROP SCHEMA sealed_watch CASCADE",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_else_may_ask_and_whoever_asks_too_early_learns_nothing(cast: Cast, taken_down: str) -> None:
    with inside():
        Record.objects.update(forward_due_at=at("2126-02-13T17:00"), remind_at=at("2126-02-13T07:00"))
    assert remind(at("2126-03-01T08:00")) == 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.prosecdef, array_to_string(p.proacl, ' ')"
            " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname LIKE 'sealed_%%'"
        )
        [(name, owner, definer, allowed)] = cursor.fetchall()
    login = str(connection.connection.info.user)
    assert (name, owner, definer) == ("sealed_watch.claim(timestamp with time zone)", owner_of(login), True)
    assert {grant.split("=")[0] for grant in allowed.split()} == {owner_of(login), login}, "nobody else may call it"


def test_the_bell_leads_to_the_officers_list(cast: Cast, taken_down: str) -> None:
    swept(at("2026-02-13T07:01"))
    client = Client()
    client.force_login(cast.person["nga"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/console/notices/{Notice.objects.get().pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/console/sealed/")
