"""A question written once answers as the queryset it was made of, whoever asks and whatever is given."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import NotSupportedError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from hotline.live.queries import Count, count_all
from hotline.organisation.models import Agency
from hotline.people.models import Person, Post
from hotline.people.queries import viewer_of
from hotline.statements.queries import Place, Statement, Written, among, place, written_once
from hotline.testing.cast import Cast


@written_once
def posts(role: str, *, person: int) -> QuerySet[Post]:
    return Post.objects.filter(role=role, person=person).select_related("agency", "person").order_by("id")


@written_once
def names(*, agencies: list[int], kind: str) -> QuerySet[Agency, tuple[int, str]]:
    return Agency.objects.filter(among("pk", agencies), kind=kind).order_by("id").values_list("pk", "name")


@written_once
def nobody(*, person: int) -> QuerySet[Post]:
    return Post.objects.filter(person=person, pk__in=[])


def test_each_gets_the_answer_to_their_own_question(cast: Cast) -> None:
    people = [cast.person[name] for name in ("binh", "hung", "binh", "cuong", "ha", "hung")]
    for role in ("focal_person", "head"):
        asked = [[post.pk for post in posts(role, person=one.pk)] for one in people]
        assert asked == [
            list(Post.objects.filter(role=role, person=one).values_list("pk", flat=True)) for one in people
        ]
    assert [post.person for post in posts("head", person=cast.person["hung"].pk)] == [cast.person["hung"]]


def test_what_is_joined_comes_along(cast: Cast) -> None:
    found = posts("focal_person", person=cast.person["binh"].pk)
    with CaptureQueriesContext(connection) as queries:
        assert [(post.agency.name, post.person.full_name) for post in found] == [
            (post.agency.name, post.person.full_name)
            for post in [Post(agency=cast.agency["so-xay-dung"], person=cast.person["binh"])]
        ]
    assert len(queries) == 0


def test_rows_are_new_on_every_asking(cast: Cast) -> None:
    """What somebody changes on an object they were given, nobody else sees."""
    person = cast.person["binh"].pk
    first = posts("focal_person", person=person)[0]
    first.person.full_name = "Người khác"
    assert posts("focal_person", person=person)[0].person.full_name == cast.person["binh"].full_name


@written_once
def people(*, person: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=person).defer("full_name")


@pytest.mark.parametrize("at", [
    datetime(2026, 2, 13, 10, 0, tzinfo=UTC),
    datetime(2026, 2, 13, 17, 30, 0, 286321, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")),
    datetime(1900, 1, 1, tzinfo=UTC),
    None,
])  # fmt: skip
def test_an_object_is_what_django_would_have_made(cast: Cast, at: datetime | None) -> None:
    """To the microsecond, with what was left out still to be had, and known to be in the database."""
    person = cast.person["binh"]
    Person.objects.filter(pk=person.pk).update(last_login=at)
    ours, theirs = people(person=person.pk)[0], Person.objects.defer("full_name").get(pk=person.pk)
    assert {k: v for k, v in vars(ours).items() if k != "_state"} == {k: v for k, v in vars(theirs).items() if k != "_state"}
    assert ours.last_login == at and (at is None or ours.last_login.utcoffset() == timedelta())
    assert ours == theirs and vars(ours._state) == vars(theirs._state)
    assert ours.get_deferred_fields() == {"full_name"} and ours.full_name == person.full_name
    ours.full_name = "Nguyễn Văn Bính"
    ours.save(update_fields=["full_name"])
    assert Person.objects.get(pk=person.pk).full_name == "Nguyễn Văn Bính"


def test_objects_somebody_listens_to_are_refused(cast: Cast) -> None:
    """Django tells listeners of every object it makes; these questions would not."""

    def hears(**_: object) -> None: ...

    post_init.connect(hears, sender=Agency)
    try:
        with pytest.raises(ValueError, match="listens"):
            Written(Agency.objects.all())
    finally:
        post_init.disconnect(hears, sender=Agency)


def test_a_list_of_any_length(cast: Cast) -> None:
    every = list(Agency.objects.order_by("id"))
    for chosen in ([], every[:1], every):
        expected = [(a.pk, a.name) for a in chosen if a.kind == "department"]
        assert names(agencies=[a.pk for a in chosen], kind="department") == expected
    assert nobody(person=cast.person["binh"].pk) == []


def test_only_the_first_asking_writes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    posts("head", person=cast.person["hung"].pk)
    monkeypatch.setattr(Post.objects, "filter", None)
    with CaptureQueriesContext(connection) as queries:
        assert [post.person_id for post in posts("head", person=cast.person["hung"].pk)] == [cast.person["hung"].pk]
    assert len(queries) == 1


def test_a_value_is_never_part_of_the_text(cast: Cast) -> None:
    """What a person typed arrives as a value, whatever it looks like; and one that was not given is an error."""
    assert names(agencies=[a.pk for a in Agency.objects.all()], kind="x' OR 'a'='a") == []
    with pytest.raises(TypeError):
        names(agencies=[])  # type: ignore[call-arg]


@written_once
def held_by(person: int, role: str, *, day: date) -> QuerySet[Post, tuple[int]]:
    return Post.objects.filter(person=person, role=role, valid_from__lte=day).values_list("pk")


def test_the_server_plans_it_once_for_all_people_of_a_role(cast: Cast) -> None:
    """Numbers and moments go beside the text, also very large ones; a word makes a question of its own."""
    today = date(2026, 2, 2)
    for person in (cast.person["binh"].pk, cast.person["hung"].pk, 2**40):
        held_by(person, "focal_person", day=today)
    held_by(cast.person["hung"].pk, "head' --%", day=today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%people_post%role%valid_from%'")
        kept = [text for (text,) in cursor.fetchall() if "$2" in text and "SELECT \"people_post\".\"id\" AS" in text]
    assert len(kept) == 2
    assert sum("'head'' --%'" in text for text in kept) == 1, "the word is in the text, and harmless"


def test_a_column_widened_by_a_migration_stops_no_process_that_ran_before(cast: Cast) -> None:
    """Outside a transaction nobody notices; inside one it fails once, and the connection is replaced after the request."""
    found: list[object] = []

    def life() -> None:
        statement = Statement("SELECT said FROM widened WHERE said = %s", [Place("said")])
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}, autocommit=True) as other:
            try:
                other.execute("CREATE TABLE widened (said varchar(10))")
                other.execute("INSERT INTO widened VALUES ('a')")
                found.append(statement.ask({"said": "a"}))
                other.execute("ALTER TABLE widened ALTER said TYPE varchar(20)")
                found.append(statement.ask({"said": "a"}))
                other.execute("ALTER TABLE widened ALTER said TYPE varchar(30)")
                with pytest.raises(NotSupportedError), transaction.atomic():
                    statement.ask({"said": "a"})
                close_old_connections()
                with transaction.atomic():
                    found.append(statement.ask({"said": "a"}))
            finally:
                connection.close()
                other.execute("DROP TABLE widened")

    thread = threading.Thread(target=life)
    thread.start()
    thread.join()
    assert found == [[("a",)]] * 3


@written_once
def with_files_beside() -> QuerySet[Agency]:
    return Agency.objects.prefetch_related("post_set")


@written_once
def counted_beside() -> QuerySet[Agency]:
    return Agency.objects.annotate(times=Value(1))


@pytest.mark.parametrize("question", [with_files_beside, counted_beside])
def test_what_would_be_left_out_is_refused(question: Callable[[], list[Agency]], db: None) -> None:
    """Rows come without what is fetched or reckoned beside them; better not at all."""
    with pytest.raises(ValueError):
        question()


def test_counts_are_asked_again_with_other_moments(cast: Cast) -> None:
    count = Count({"held": Post.objects.filter(valid_from__lte=place("day")), "none": Post.objects.none()})
    day = min(Post.objects.values_list("valid_from", flat=True))
    assert count.ask(day=date(1990, 1, 1)) == {"held": 0, "none": 0}
    assert count.ask(day=day) == count_all(
        {"held": Post.objects.filter(valid_from__lte=day), "none": Post.objects.none()}
    )
    with pytest.raises(KeyError):
        count.ask()


def test_rights_change_with_the_next_page(cast: Cast) -> None:
    """A post that ends today opens nothing tomorrow, on the same written question."""
    today = date(2026, 2, 2)
    held = viewer_of(cast.person["binh"], today)
    assert held.agency_ids == {cast.agency["so-xay-dung"].pk}
    Post.objects.filter(person=cast.person["binh"]).update(valid_to=F("valid_from"))
    assert not viewer_of(cast.person["binh"], today).agency_ids


def test_threads_share_the_text_and_not_the_connection(cast: Cast) -> None:
    """The connection is the asking thread's: another thread's own does not see what this one has not committed."""
    person = cast.person["binh"].pk
    here = posts("focal_person", person=person)
    there: list[list[Post]] = []

    def ask() -> None:
        try:
            there.append(posts("focal_person", person=person))
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert len(here) == 1 and there == [[]]
