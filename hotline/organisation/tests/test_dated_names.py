"""Agencies keep the names and parents they had; a change counts from its day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.organisation.actions import follow_dates, load_agencies, move_agency, rename_agency
from hotline.organisation.models import Agency
from hotline.organisation.queries import agency_at, descendants, name_on, parent_on
from hotline.organisation.rules import AgencyEntry
from hotline.refusals import Refused

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
ENTRIES = [
    AgencyEntry("ubnd", "administrative_body", "UBND thành phố", valid_from=date(2025, 7, 1)),
    AgencyEntry("giao-thong", "department", "Sở Giao thông vận tải", "SGTVT", "ubnd", valid_from=date(1997, 1, 1)),
    AgencyEntry("xay-dung", "department", "Sở Xây dựng", "SXD", "ubnd", valid_from=date(1997, 1, 1)),
    AgencyEntry("cau-duong", "public_service_unit", "Ban Cầu đường", "", "giao-thong", valid_from=date(2000, 1, 1)),
    AgencyEntry("da-giai-the", "department", "Sở Cũ", "", "ubnd", valid_from=date(1997, 1, 1),
                valid_to=date(2025, 2, 28), successor="xay-dung"),
]


@pytest.fixture
def agencies(db: None) -> dict[str, Agency]:
    load_agencies(ENTRIES, {})
    return {a.key: a for a in Agency.objects.all()}


@pytest.mark.parametrize(
    ("day", "name", "why"),
    [
        (date(1990, 1, 1), "Sở Giao thông và Xây dựng", "nothing is recorded before it began: today's name"),
        (date(1997, 1, 1), "Sở Giao thông vận tải", "its first day"),
        (date(2025, 2, 28), "Sở Giao thông vận tải", "the last day of the old name"),
        (date(2025, 3, 1), "Sở Giao thông và Xây dựng", "the first day of the new one"),
        (date(2030, 1, 1), "Sở Giao thông và Xây dựng", "it goes on"),
    ],
)
def test_an_agency_is_called_what_it_was_called_that_day(agencies, day, name, why) -> None:
    agency = rename_agency(
        agencies["giao-thong"], "Sở Giao thông và Xây dựng", from_day=date(2025, 3, 1), decision="NQ 05/NQ-HĐND",
        actor=SYSTEM, now=NOW,
    )
    assert name_on(agency, day) == name, why
    act = Act.objects.get(kind="agency.renamed")
    assert (act.before["name"], act.after["name"]) == ("Sở Giao thông vận tải", "Sở Giao thông và Xây dựng")


def test_a_name_from_tomorrow_is_not_todays(agencies) -> None:
    agency = rename_agency(agencies["xay-dung"], "Sở Mới", from_day=date(2026, 3, 11), actor=SYSTEM, now=NOW)
    assert agency.name == "Sở Xây dựng"
    assert follow_dates(date(2026, 3, 10)) == 0
    assert follow_dates(date(2026, 3, 11)) == 1
    assert follow_dates(date(2026, 3, 11)) == 0
    agency.refresh_from_db()
    assert (agency.name, agency.folded) == ("Sở Mới", "so moi")


def test_moving_counts_from_its_day_and_never_in_a_circle(agencies) -> None:
    moved = move_agency(agencies["cau-duong"], agencies["xay-dung"], from_day=date(2025, 3, 1), actor=SYSTEM, now=NOW)
    assert parent_on(moved, date(2025, 2, 28)).key == "giao-thong"
    assert parent_on(moved, date(2025, 3, 1)).key == moved.parent.key == "xay-dung"
    assert descendants(agencies["xay-dung"]) == [moved.pk]
    assert set(descendants(agencies["ubnd"])) == {a.pk for k, a in agencies.items() if k != "ubnd"}
    agencies["xay-dung"].refresh_from_db()
    with pytest.raises(Refused, match="below it"):
        move_agency(agencies["xay-dung"], Agency.objects.get(pk=moved.pk), from_day=date(2026, 1, 1), actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2025, 2, 1)])
def test_what_is_recorded_is_not_rewritten(agencies, day) -> None:
    rename_agency(agencies["giao-thong"], "Tên Một", from_day=date(2025, 3, 1), actor=SYSTEM, now=NOW)
    with pytest.raises(Refused, match="already on record"):
        rename_agency(agencies["giao-thong"], "Tên Hai", from_day=day, actor=SYSTEM, now=NOW)
    assert Agency.objects.get(key="giao-thong").names.count() == 2


def test_a_pack_does_not_undo_what_was_renamed_here(agencies) -> None:
    rename_agency(agencies["giao-thong"], "Sở Giao thông và Xây dựng", from_day=date(2025, 3, 1), actor=SYSTEM, now=NOW)
    load_agencies(ENTRIES, {})
    agency = Agency.objects.get(key="giao-thong")
    assert agency.name == "Sở Giao thông và Xây dựng"
    assert agency.names.count() == 2 and agency.parents.count() == 1


@pytest.mark.parametrize(
    ("day", "there"), [(date(1996, 12, 31), False), (date(1997, 1, 1), True), (date(2025, 2, 28), True),
                       (date(2025, 3, 1), False)]
)
def test_an_agency_exists_from_its_first_to_its_last_day(agencies, day, there) -> None:
    assert (agency_at("da-giai-the", day) is not None) is there
    assert agencies["da-giai-the"].successor.key == "xay-dung"
