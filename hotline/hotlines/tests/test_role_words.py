"""What roles are called: as the regulation says, where it is clear whose regulation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import _words
from hotline.hotlines.rules import RoleWords
from hotline.people.queries import viewer_of
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.testing.cast import THAT_DAY, Cast

CITY = Label("Lãnh đạo thành phố", "City leaders")
PARTY = Label("Thường trực Thành ủy", "Standing members")
HOUSE = Role.LEADER.label
ONE, OTHER, THIRD = 1, 2, 3  # agencies: the first runs the first hotline, the second the other


@pytest.mark.parametrize(
    ("lines", "agency", "said", "why"),
    [
        ([], None, HOUSE, "no hotline: the words of all houses"),
        ([{}], ONE, HOUSE, "the regulation has no word of its own"),
        ([{"leader": CITY}], None, CITY, "one hotline, one word"),
        ([{"leader": CITY}], THIRD, CITY, "whatever the agency"),
        ([{"leader": CITY}, {"leader": CITY}], None, CITY, "two hotlines of one regulation"),
        ([{"leader": CITY}, {"leader": PARTY}], None, HOUSE, "two words: it is not clear which"),
        ([{"leader": CITY}, {"leader": PARTY}], THIRD, HOUSE, "an agency of neither"),
        ([{"leader": CITY}, {"leader": PARTY}], OTHER, PARTY, "who runs one of them speaks its words"),
        ([{"leader": CITY}, {}], ONE, CITY, "so does who runs the first"),
        ([{"leader": CITY}, {}], None, HOUSE, "one of two has no word"),
    ],
)
def test_whose_word_is_used(lines: list, agency: int | None, said: Label, why: str) -> None:
    words = RoleWords(tuple((frozenset({number}), line) for number, line in enumerate(lines, ONE)))
    assert words.of(Role.LEADER, agency) == said, why
    assert words.of(Role.HEAD, agency) == Role.HEAD.label, "what no regulation names stays as it is"


@pytest.fixture
def city(cast: Cast) -> Cast:
    """The cast under a regulation with a word of its own for leaders."""
    cast.edition.document["words"] = {"Role": {"leader": {"vi": CITY.vi, "en": CITY.en}}}
    cast.edition.save()
    _words.clear()
    return cast


def test_pages_and_the_record_use_the_word(city: Cast, client: Client) -> None:
    assert viewer_of(city.person["son"], THAT_DAY).actor().post == CITY.vi
    client.force_login(city.person["son"])
    for language, word, other in (("vi", CITY.vi, HOUSE.vi), ("en", CITY.en, HOUSE.en)):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for page in ("/console/", "/account/"):
            html = client.get(page, follow=True).content.decode()
            assert word in html and other not in html, (language, page)
    client.force_login(city.person["admin"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    for page in ("/console/people/", f"/console/people/{city.person['son'].pk}/"):
        html = client.get(page).content.decode()
        assert CITY.vi in html and HOUSE.vi not in html, page


def test_an_ended_regulation_still_gives_the_words(city: Cast) -> None:
    Edition.objects.filter(pk=city.edition.pk).update(valid_to=THAT_DAY - timedelta(days=1))
    assert viewer_of(city.person["son"], THAT_DAY).posts[0].label() == CITY.vi
    assert viewer_of(city.person["son"], date(2020, 1, 2)).posts[0].label() == HOUSE.vi, "before it began"


def test_words_cost_one_question_a_minute(city: Cast) -> None:
    Hotline.objects.create(
        key="second", name="", short_name="", authority="", code_prefix="X", calendar=city.hotline.calendar
    )
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            viewer_of(city.person["son"], THAT_DAY)
        counts.append(len(asked))
    assert counts == [2, 1]
