"""The worked examples of docs/examples/reorganisations: the reform of 1/7/2025 in Quảng Nam, from a pack as it was before.

Two decisions of one day: the province joins Đà Nẵng, the district level ends and 233 communes become 78. What comes out must
be what the pack of today says.
"""

from __future__ import annotations

import csv
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from hotline.cases import actions as cases
from hotline.cases.models import Assignment, Case
from hotline.citizens.models import Citizen
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Edition, Field, Hotline
from hotline.hotlines.queries import default_hotline
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM, Actor
from hotline.organisation.models import Agency, Area
from hotline.organisation.queries import agencies_on, find_area, find_areas
from hotline.packs.actions import load_pack
from hotline.people.models import Person, Post
from hotline.people.queries import viewer_of
from hotline.reorganisation import rules
from hotline.reorganisation.actions import apply_due, foretell, reorganise
from hotline.routing.queries import area_for, suggest
from hotline.routing.rules import Place, suggest_area
from hotline.testing.cast import ZONE

EXAMPLES = Path(settings.ROOT).parent / "docs" / "examples" / "reorganisations"
TODAY = settings.PACKS / "quang-nam"  # the pack as it is since the reform
COUNTRY = settings.PACKS / "vietnam"
IN_JUNE = datetime(2025, 6, 25, 9, 0, tzinfo=ZONE)
THE_DAY = datetime(2025, 7, 1, 0, 2, tzinfo=ZONE)
DESK = Actor("person", None, "Bàn tiếp nhận", roles=frozenset({"call_taker"}))


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def example(name: str) -> rules.Plan:
    return rules.read((EXAMPLES / name).read_bytes(), name)


@pytest.fixture
def before(db: None, tmp_path: Path) -> Hotline:
    """The pack as it was in June 2025: today's calendar, fields and edition, the agencies and places of docs/examples."""
    folder = tmp_path / "truoc"
    shutil.copytree(TODAY / "editions", folder / "editions")
    for file in (TODAY / "calendar.toml", TODAY / "fields.toml", *(EXAMPLES / "before").glob("*.*")):
        shutil.copy(file, folder / file.name)
    shutil.copytree(EXAMPLES / "before" / "vietnam", tmp_path / "vietnam")
    load_pack(folder, now=IN_JUNE)
    return default_hotline()


def open_case(hotline: Hotline, number: int, agency: str, area: str, field: str = "environment") -> Case:
    citizen = Citizen.objects.create(name="Nguyễn Thị Sáu", created_at=IN_JUNE)
    conversation = Conversation.objects.create(
        ref=f"LH-{number:07d}",
        hotline=hotline,
        channel="web",
        citizen=citizen,
        opened_at=IN_JUNE,
        last_contact_at=IN_JUNE,
    )
    case = cases.open_case(
        conversation=conversation, kind="report", field=Field.objects.filter(hotline=hotline).first(),
        area=Area.objects.get(code=area), place="", summary="Rác tràn đường", content="Rác không ai thu gom.",
        received_at=IN_JUNE, actor=DESK, now=IN_JUNE,
    )  # fmt: skip
    return cases.assign(case, Agency.objects.get(key=agency), actor=DESK, now=IN_JUNE)


def code_of(name: str, district: str) -> str:
    rows = table(EXAMPLES / "before" / "vietnam" / "old_names.csv")
    [code] = [r["commune_code"] for r in rows if (r["old_commune"], r["old_district"]) == (name, district)]
    return code


def test_the_reform_of_1_7_2025_makes_of_the_pack_before_the_pack_of_today(before: Hotline, tmp_path: Path) -> None:
    tra_bui = code_of("Xã Trà Bui", "Huyện Bắc Trà My")
    at_district = open_case(before, 1, "huyen_bac_tra_my", tra_bui)
    at_commune = open_case(before, 2, f"ubnd_{tra_bui}", tra_bui)
    at_department = open_case(before, 3, "qn_construction", tra_bui)
    closed = open_case(before, 4, "huyen_bac_tra_my", tra_bui)
    Case.objects.filter(pk=closed.pk).update(state="closed", closed_at=IN_JUNE)
    officer = Person.objects.create(username="can-bo-xa", full_name="Nguyễn Văn Xã")
    of_district = Person.objects.create(username="can-bo-huyen", full_name="Trần Thị Huyện")
    for person, key in ((officer, f"ubnd_{tra_bui}"), (of_district, "huyen_bac_tra_my")):
        Post.objects.create(
            person=person, role="focal_person", agency=Agency.objects.get(key=key), valid_from=date(2024, 1, 1)
        )
    due = {case.pk: case.due_at for case in (at_district, at_commune, at_department)}
    edition = Edition.objects.get()

    for name in ("2025-07-01-tinh.toml", "2025-07-01-xa-phuong.toml"):
        plan = example(name)
        if name.endswith("tinh.toml"):
            foretell(plan, now=IN_JUNE)
            assert Agency.objects.filter(key="construction").count() == 0, "only foretold"
            assert not reorganise(plan, actor=SYSTEM, now=IN_JUNE).applied, "known in June, in effect in July"
            assert apply_due(now=THE_DAY) == 1
        else:
            moved = reorganise(plan, actor=SYSTEM, now=THE_DAY).moved
    assert rules.totals(moved)["areas"] == 233 - 78, "each of the 78 keeps the code of one that was"
    assert rules.totals(moved)["agencies"] == 233 + 17

    # The agencies and communes are those of the pack of today.
    day = THE_DAY.date()
    today = {row["key"]: row for row in table(TODAY / "agencies.csv")}
    standing = {a.key: a for a in agencies_on(day).select_related("parent", "area")}
    assert standing.keys() == today.keys()
    for key, row in today.items():
        agency = standing[key]
        assert (agency.name, agency.area.code if agency.area else "") == (row["name"], row["commune_code"]), key
        assert (agency.parent.key if agency.parent else "") == row["parent"], key
    served = {a.code: a.name for a in Area.objects.filter(served=True)}
    assert served == {row["commune_code"]: row["name"] for row in table(TODAY / "areas.csv")}
    assert set(Area.objects.filter(served=True).values_list("parent__code", flat=True)) == {"48"}

    # The hotline keeps its name, number and edition; its office is the city's.
    hotline = default_hotline()
    assert (hotline.name, hotline.code_prefix, hotline.numbers) == (before.name, before.code_prefix, before.numbers)
    assert (hotline.coordinator.key, hotline.desk.key) == ("office", "hotline_1022")
    assert Edition.objects.get() == edition

    # Open cases are where they belong, due when they were; the closed one stays where it was handled.
    here = {c.pk: (c.agency.key, c.area.code, c.due_at) for c in Case.objects.select_related("agency", "area")}
    heir = next(r["commune_code"] for r in table(COUNTRY / "old_names.csv")
                if (r["old_district"], r["old_commune"]) == ("Huyện Bắc Trà My", "Xã Trà Bui"))  # fmt: skip
    assert here[at_district.pk] == (f"commune_{heir}", heir, due[at_district.pk])
    assert here[at_commune.pk] == (f"commune_{heir}", heir, due[at_commune.pk])
    assert here[at_department.pk] == ("construction", heir, due[at_department.pk])
    assert here[closed.pk][:2] == ("huyen_bac_tra_my", tra_bui)
    assert Assignment.objects.get(case=closed).agency_name == "Ủy ban nhân dân huyện Bắc Trà My"
    act = Act.objects.get(kind="case.agency_succeeded", subject_id=at_district.pk)
    assert act.before["agency_name"] == "Ủy ban nhân dân huyện Bắc Trà My" and "1659/NQ-UBTVQH15" in act.note
    assert viewer_of(officer, day).agency_ids == {standing[f"commune_{heir}"].pk}
    assert viewer_of(of_district, day).agency_ids == set(), "the file ends the posts of districts"

    # Every old name finds what the country's table says; the district tells namesakes apart.
    areas = list(Area.objects.filter(served=True))
    places = [Place(a.pk, a.name) for a in areas]
    places += [Place(a.pk, alias.name, True, alias.district) for a in areas for alias in a.aliases.all()]
    codes = {a.pk: a.code for a in areas}
    for row in table(COUNTRY / "old_names.csv"):
        if row["old_province"] == "Tỉnh Quảng Nam":
            guess = suggest_area(f"{row['old_commune']} (cũ), {row['old_district']}", places)
            assert [codes[pk] for pk in guess.areas] == [row["commune_code"]], row
    assert find_area("Xã Trà Bui").code == heir and area_for("thôn 2, xã Trà Bui cũ").area

    # Routes: the commune's own committee, for each of the 78; departments are the city's.
    own = Field.objects.get(hotline=hotline, key="civil_status")
    for area in areas:
        assert suggest(hotline.pk, own, area, day).agency.key == f"commune_{area.code}"
    justice = suggest(hotline.pk, own, None, day)
    assert justice.agency.key == "justice"

    # The pack of June loaded again, with a word changed in it, does not undo what was decided.
    def standing_now() -> tuple:
        return (
            sorted(agencies_on(day).values_list("key", "name", "parent__key")),
            sorted(Area.objects.filter(served=True).values_list("code", "name", "parent__code")),
            [a.code for a in find_areas("Xã Trà Bui")], default_hotline().coordinator.key,
        )  # fmt: skip

    was = standing_now()
    for file, old, new in (
        (tmp_path / "truoc" / "fields.toml", 'vi = "Hộ tịch, chứng thực"', 'vi = "Hộ tịch"'),
        (tmp_path / "vietnam" / "communes.csv", "Xã Trà Bui,49,", "Xã Trà Bui ,49,"),
    ):
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    assert load_pack(tmp_path / "truoc", now=THE_DAY).changed
    assert standing_now() == was


def test_a_ward_of_the_whole_country_that_lies_in_five_asks_for_the_point() -> None:
    """The old name that was split most, from the country's own table."""
    heirs: dict[tuple[str, str, str], list[str]] = {}
    for row in table(COUNTRY / "old_names.csv"):
        heirs.setdefault((row["old_province"], row["old_district"], row["old_commune"]), []).append(row["commune_code"])
    (province, district, name), codes = max(heirs.items(), key=lambda pair: len(pair[1]))
    assert len(codes) == 5
    places = [Place(int(code), name, True, d) for (p, d, name), to in heirs.items() if p == province for code in to]
    guess = suggest_area(f"{name}, {district}", places)
    assert guess.ask_for_point and sorted(guess.areas) == sorted(map(int, codes))
