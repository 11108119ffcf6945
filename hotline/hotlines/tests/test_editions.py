"""An edition that cases use is settled; one nothing uses may be corrected; the day decides which is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.hotlines.actions import load_edition
from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import default_hotline, edition_in_force, regulation_of
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.refusals import Refused
from hotline.regulation.edition import parse_edition
from hotline.regulation.pack import read_pack

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
WRITTEN = read_pack("quang-nam", years=[]).editions[0]


@pytest.fixture
def hotline(db: None) -> Hotline:
    from hotline.calendars.models import Calendar

    calendar = Calendar.objects.create(key="lich", name="Lịch", weekly=[["07:00-11:30"]] * 7)
    return Hotline.objects.create(key="thu", name="Thử", short_name="Thử", authority="UBND", code_prefix="T",
                                  calendar=calendar)


def load(hotline: Hotline, edition=WRITTEN, in_use: bool = True) -> Edition:
    return load_edition(hotline, edition, in_use=in_use, actor=SYSTEM, now=NOW)


def test_the_same_again_is_nothing(hotline) -> None:
    first = load(hotline)
    assert load(hotline) == first
    assert Act.objects.filter(subject="edition").count() == 1
    assert regulation_of(first) == WRITTEN


def test_a_used_edition_does_not_change_under_its_cases(hotline) -> None:
    row = load(hotline)
    with pytest.raises(Refused) as refused:
        load(hotline, replace(WRITTEN, approval_needed=not WRITTEN.approval_needed))
    assert "approval_needed" in refused.value.sentence.vi and "1519/QĐ-UBND" in refused.value.sentence.vi
    row.refresh_from_db()
    assert regulation_of(row) == WRITTEN
    assert Act.objects.filter(subject="edition").count() == 1


def test_its_last_day_may_be_set_because_another_follows(hotline) -> None:
    load(hotline)
    ended = replace(WRITTEN, valid_to=date(2026, 6, 30))
    row = load(hotline, ended)
    assert row.valid_to == date(2026, 6, 30)
    assert regulation_of(row) == ended
    act = Act.objects.get(kind="edition.changed")
    assert (act.before, act.after) == ({"valid_to": None}, {"valid_to": "2026-06-30"})


def test_an_edition_nobody_uses_may_be_corrected(hotline) -> None:
    row = load(hotline)
    regulation_of(row)
    other = replace(WRITTEN, approval_needed=not WRITTEN.approval_needed)
    row = load(hotline, other, in_use=False)
    assert regulation_of(row) == regulation_of(Edition.objects.defer("document").get(pk=row.pk)) == other


@pytest.mark.parametrize(
    ("day", "key", "why"),
    [
        (date(2021, 6, 3), None, "before the first"),
        (date(2021, 6, 4), "1519", "its first day"),
        (date(2026, 6, 30), "1519", "the last day before the next"),
        (date(2026, 7, 1), "moi", "the next begins"),
        (date(2030, 1, 1), "moi", "and goes on"),
    ],
)
def test_the_day_decides(hotline, day, key, why) -> None:
    load(hotline)
    load(hotline, replace(WRITTEN, key="moi", valid_from=date(2026, 7, 1)))
    if key is None:
        with pytest.raises(Refused, match=r"opens on 04/06/2021"):
            edition_in_force(hotline.pk, day)
    else:
        assert edition_in_force(hotline.pk, day).key == key, why


def test_reading_an_edition_happens_once(hotline, django_assert_num_queries) -> None:
    row = load(hotline)
    regulation = regulation_of(row)
    light = Edition.objects.defer("document").get(pk=row.pk)
    with django_assert_num_queries(0):
        assert regulation_of(light) is regulation


def test_without_a_pack_the_sentence_says_what_to_do(db: None) -> None:
    with pytest.raises(Refused, match="hotline load_pack"):
        default_hotline()


def test_an_edition_written_before_a_table_was_known_is_the_same_edition(hotline) -> None:
    row = load(hotline)
    before = {key: value for key, value in row.document.items() if key not in ("identity", "lanes", "reporting", "modes")}
    Edition.objects.filter(pk=row.pk).update(document=before)  # as the product of last year kept it
    again = load(hotline)
    assert again.pk == row.pk
    assert regulation_of(again) == WRITTEN


ASKED = {"key": "party", "asked": {"vi": "Về Đảng?", "en": "The Party?"}}


@pytest.mark.parametrize(
    ("lanes", "taken", "why"),
    [
        ({"also": [ASKED]}, True, "a question more before there is a case promises nothing to any"),
        ({"complaint_days": 60}, False, "what citizens were told is promised"),
        ({"forward_within": {"working_days": 9}}, False, "so is a limit"),
    ],
)
def test_what_may_change_in_an_edition_that_is_in_use(hotline, lanes: dict, taken: bool, why: str) -> None:
    row = load(hotline)
    changed = parse_edition(row.document | {"lanes": lanes}, "test")
    if not taken:
        with pytest.raises(Refused, match="may not be changed"):
            load(hotline, changed)
        return
    again = load(hotline, changed)
    assert (again.pk, regulation_of(again).lanes.question("party") is not None) == (row.pk, True), why
