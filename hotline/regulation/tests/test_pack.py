"""Packs on disk: those shipped load, a foreign one needs no code, and mistakes name file and key."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from hotline.regulation.limits import due
from hotline.regulation.pack import PACKS, read_pack
from hotline.regulation.public_holidays import seed_days
from hotline.regulation.reading import PackInvalid
from hotline.regulation.tests.calendars import at

SHIPPED = sorted(path.parent.name for path in PACKS.glob("*/pack.toml"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of Quảng Nam's pack to be spoilt; only the files of the regulation."""
    folder = tmp_path / "foreign"
    (folder / "editions").mkdir(parents=True)
    for name in ("pack.toml", "calendar.toml", "editions/1519.toml"):
        shutil.copy(PACKS / "quang-nam" / name, folder / name)
    return folder


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def errors_of(folder: Path) -> list[tuple[str, str]]:
    with pytest.raises(PackInvalid) as invalid:
        read_pack(folder, years=())
    return [(error.file, error.key) for error in invalid.value.errors]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_pack_loads_by_name_and_by_path(name: str) -> None:
    assert read_pack(name) == read_pack(PACKS / name)


def test_quang_nam() -> None:
    pack = read_pack("quang-nam")
    hotline = pack.hotline("1022-quang-nam")
    assert [number for number, _ in hotline.numbers] == ["1022", "0235.1022"]
    assert hotline.email == "1022@quangnam.gov.vn"
    assert pack.edition(on=date(2026, 3, 2)) == pack.edition("1519") == pack.edition()
    assert pack.edition(on=date(2021, 6, 3)) is None
    assert pack.edition("587") is None
    found = pack.clock("focal_person", date(2026, 3, 2))
    assert found is not None
    assert due(found[1].limit, at("2026-02-13 16:00"), pack.calendar_of(found[0])) == at("2026-02-23 16:00")


def test_the_working_day_of_quang_nam_has_eight_hours() -> None:
    calendar = read_pack("quang-nam", years=()).calendar()
    assert sum((i.length for i in calendar.intervals_on(date(2026, 3, 2))), timedelta()) == timedelta(hours=8)


def test_the_year_written_out_agrees_with_the_library() -> None:
    """Decided days may add to the law's; here only weekends of the long Tết break."""
    written = read_pack("quang-nam", years=()).calendar().exceptions
    seeded = dict(seed_days([2026]))
    assert {day: e.kind for day, e in written.items() if day in seeded} == {day: e.kind for day, e in seeded.items()}
    assert all(day.weekday() >= 5 for day in written if day not in seeded)
    assert {day for day, e in written.items() if e.tet} == {date(2026, 2, 14) + timedelta(n) for n in range(9)}


def test_seeded_years_know_tet_compensation_and_make_up_saturdays() -> None:
    days = dict(seed_days([2024, 2027]))
    assert days[date(2027, 2, 8)].tet, "mùng ba Tết Đinh Mùi"
    assert days[date(2027, 5, 3)].reason.vi.endswith("(nghỉ bù)"), "1/5/2027 is a Saturday"
    saturday = days[date(2024, 5, 4)]
    assert (saturday.kind, saturday.replaces) == ("working", date(2024, 4, 29))
    assert saturday.reason.vi == "Làm bù cho ngày 29/04/2024"
    assert not days[date(2027, 1, 1)].tet, "Tết Dương lịch is no Tết"
    assert {day.year for day in days} == {2024, 2027}
    assert seed_days([]) == []


def test_calendars_of_agencies() -> None:
    pack = read_pack("quang-nam", years=())
    tet = date(2026, 2, 17)
    assert not pack.calendar("mot-cua").intervals_on(tet), "takes the days of its base"
    assert pack.calendar("mot-cua").is_working_day(date(2026, 3, 7)), "its own Saturday morning"
    assert pack.calendar("ngay-dem").is_working(at("2026-02-17 02:00")), "day and night, Tết included"
    assert (pack.calendars["mot-cua"].base, pack.calendars["ngay-dem"].base) == ("quang-nam", None)
    assert pack.calendar() == pack.calendar("quang-nam")


def test_a_foreign_pack_of_seven_working_days_needs_no_code(copy: Path) -> None:
    limit = 'limit = { working_days = 7, cut_off = "18:00", counting_from = "next_working_day" }'
    change(copy / "editions/1519.toml", "limit = { working_hours = 8 }", limit)
    pack = read_pack(str(copy), years=())
    found = pack.clock("focal_person", date(2026, 3, 2))
    assert found is not None
    assert due(found[1].limit, at("2026-03-02 18:30"), pack.calendar()) == at("2026-03-12 17:00")


def test_mistakes_in_every_file_are_told_together(copy: Path) -> None:
    change(copy / "pack.toml", "code_prefix", "code_prefx")
    change(copy / "calendar.toml", '"07:00-11:30"', '"7 giờ sáng"')
    change(copy / "editions/1519.toml", "most = 1", "most = true")
    found = errors_of(copy)
    assert ("pack.toml", "hotlines[1].code_prefix") in found
    assert ("pack.toml", "hotlines[1].code_prefx") in found
    assert ("calendar.toml", "weekly.monday") in found
    assert ("editions/1519.toml", "reschedule.most") in found


SPOILT = [
    ("pack.toml", 'calendar = "quang-nam"', 'calendar = "hue"', ("pack.toml", "hotlines[1].calendar")),
    ("pack.toml", 'key = "1022-quang-nam"', 'key = "1022"', ("pack.toml", "hotlines[1].key")),
    ("calendar.toml", '"13:30-17:00"', '"11:00-17:00"', ("calendar.toml", "weekly")),
    ("calendar.toml", '"13:30-17:00"', '"22:00-06:00"', ("calendar.toml", "weekly.monday")),
    ("calendar.toml", "Asia/Ho_Chi_Minh", "Asia/Hoi_An", ("calendar.toml", "zone")),
    ("calendar.toml", "from = 2026-02-14", "from = 2026-03-14", ("calendar.toml", "off[2].to")),
    ("calendar.toml", "from = 2026-04-27", "from = 2026-04-26", ("calendar.toml", "off[4].from")),
    ("calendar.toml", 'country = "VN"', 'country = "FR"', ("calendar.toml", "seed.country")),
    ("calendar.toml", 'base = "quang-nam"', 'base = "hue"', ("calendar.toml", "calendars[2].base")),
    ("calendar.toml", "saturday = []", "saterday = []", ("calendar.toml", "weekly.saterday")),
    ("editions/1519.toml", 'hotline = "1022-quang-nam"', 'hotline = "247"', ("editions/*.toml (1519)", "hotline")),
]


@pytest.mark.parametrize(("file", "old", "new", "error"), SPOILT)
def test_a_mistake_names_file_and_key(copy: Path, file: str, old: str, new: str, error: tuple[str, str]) -> None:
    change(copy / file, old, new)
    assert error in errors_of(copy)


def test_files_that_cannot_be_read(copy: Path) -> None:
    (copy / "calendar.toml").unlink()
    (copy / "editions/1519.toml").write_text("key = ", encoding="utf-8")
    (copy / "editions/1520.toml").write_bytes(b'key = "\xff"')
    assert errors_of(copy) == [("calendar.toml", ""), ("editions/1519.toml", ""), ("editions/1520.toml", "")]


def test_two_editions_with_one_key(copy: Path) -> None:
    shutil.copy(copy / "editions/1519.toml", copy / "editions/again.toml")
    assert ("editions/*.toml (1519)", "key") in errors_of(copy)


@pytest.mark.parametrize("source", ["no-such-pack", "", "/nowhere/at/all", "../packs"])
def test_no_such_pack_is_one_clear_sentence(source: str) -> None:
    with pytest.raises(PackInvalid) as invalid:
        read_pack(source)
    [error] = invalid.value.errors
    assert "pack.toml" in error.reason.vi
    assert "quang-nam" in error.reason.en


def test_a_pack_without_editions(copy: Path) -> None:
    shutil.rmtree(copy / "editions")
    assert ("editions/", "") in errors_of(copy)
