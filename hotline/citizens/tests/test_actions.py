"""One citizen a telephone number, however many ask at once."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hotline.citizens.actions import find_or_create
from hotline.citizens.models import Citizen, Handle
from hotline.citizens.queries import by_email, by_phone
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast
from hotline.testing.committed import at_once

NOW = FRIDAY_BEFORE_TET


@pytest.mark.django_db
@pytest.mark.parametrize(("known", "asked", "same"), [
    ({"phone": "0905123456"}, {"phone": "+84 905 123 456"}, True),
    ({"email": "an@example.vn"}, {"email": "AN@example.vn"}, True),
    ({"phone": "0905123456", "email": "an@example.vn"}, {"email": "an@example.vn"}, True),
    ({"phone": "0905123456", "email": "nha@example.vn"}, {"phone": "0905999888", "email": "nha@example.vn"}, True),
    ({"phone": "0905123456"}, {"phone": "0905123457"}, False),
    ({"name": "Nguyễn Văn An"}, {"name": "Nguyễn Văn An"}, False),  # a name alone identifies nobody
    ({"phone": "không có"}, {"phone": "không có"}, False),
])
def test_who_is_who(known: dict, asked: dict, same: bool) -> None:
    first = find_or_create(**known, now=NOW)
    assert (find_or_create(**asked, now=NOW) == first) == same


@pytest.mark.django_db
def test_the_telephone_decides_over_a_shared_mailbox() -> None:
    mother = find_or_create(name="Mẹ", phone="0905000001", email="nha@example.vn", now=NOW)
    daughter = find_or_create(name="Con", phone="0905000002", now=NOW)
    assert find_or_create(phone="0905000002", email="nha@example.vn", now=NOW) == daughter
    assert by_email("nha@example.vn") == mother
    assert by_phone("0905.000.002") == daughter
    assert by_phone("không có") is None


@pytest.mark.django_db
def test_only_blanks_are_filled() -> None:
    find_or_create(phone="0905123456", now=NOW)
    find_or_create(name="Đỗ Thị Lan", phone="0905123456", now=NOW)
    citizen = find_or_create(name="Lan Đỗ", phone="0905123456", address="Tam Kỳ", now=NOW)
    citizen.refresh_from_db()
    assert (citizen.name, citizen.folded, citizen.address) == ("Đỗ Thị Lan", "do thi lan", "Tam Kỳ")


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "most"), [(False, 3), (True, 3)])
def test_few_queries(before: bool, most: int) -> None:
    if before:
        find_or_create(phone="0905123456", now=NOW)
    with CaptureQueriesContext(connection) as captured:
        find_or_create(name="An", phone="0905123456", email="an@example.vn", address="Tam Kỳ", now=NOW)
    assert len(captured) <= most


def test_eight_at_once_are_one(committed_cast: Cast) -> None:
    results = at_once(8, lambda n: find_or_create(name=f"Người {n}", phone="0905123456", email="a@example.vn", now=NOW))
    assert len({c.pk for c in results}) == 1
    assert Citizen.objects.count() == 1
    assert Handle.objects.count() == 2


def test_the_loser_of_a_race_takes_the_winner_and_keeps_what_else_it_knows(committed_cast: Cast) -> None:
    def slow(number: int) -> Citizen:
        with transaction.atomic():
            citizen = find_or_create(phone="0905123456", email=f"a{number}@example.vn", now=NOW)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.05)")
            return citizen

    results = at_once(4, slow)
    assert len({c.pk for c in results}) == Citizen.objects.count() == 1
    assert Handle.objects.filter(kind="email", citizen=results[0]).count() == 4
