"""Loading a pack: all or nothing, twice is once, and every fault says file, key and reason."""

from __future__ import annotations

import shutil
from datetime import datetime
from io import StringIO
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command

from hotline.calendars.models import Calendar, CalendarDay
from hotline.hotlines.models import Edition, Field, Hotline, Mailbox
from hotline.hotlines.queries import default_hotline, edition_in_force, field_tree, regulation_of
from hotline.journal.models import Act
from hotline.organisation.models import Agency, Area, AreaAlias
from hotline.packs.actions import load_pack
from hotline.packs.models import LoadedPack
from hotline.refusals import Refused
from hotline.regulation.reading import PackInvalid
from hotline.routing.models import Route

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
QUANG_NAM = settings.PACKS / "quang-nam"


@pytest.fixture(scope="module")
def small_country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The country cut down to what Quảng Nam serves: the same files, a hundredth of the time."""
    folder = tmp_path_factory.mktemp("packs") / "vietnam"
    folder.mkdir()
    served = {line.split(",")[0] for line in (QUANG_NAM / "areas.csv").read_text("utf-8").splitlines()[1:]}
    for name, column in (("provinces.csv", None), ("communes.csv", 0), ("old_names.csv", 3)):
        lines = (settings.PACKS / "vietnam" / name).read_text("utf-8").splitlines()
        kept = [line for line in lines[1:] if column is None or line.split(",")[column] in served]
        (folder / name).write_text("\n".join([lines[0], *kept]) + "\n", "utf-8")
    return folder


@pytest.fixture
def pack(tmp_path: Path, small_country: Path) -> Path:
    """A copy of the Quảng Nam pack that a test may break."""
    shutil.copytree(small_country, tmp_path / "vietnam")
    shutil.copytree(QUANG_NAM, tmp_path / "ban-sao")
    return tmp_path / "ban-sao"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, f"{path.name} has changed: no {old!r}"
    path.write_text(text.replace(old, new, 1), "utf-8")


BROKEN = [  # file, what stands there, what a slip makes of it, the fault's file, a piece of its key, of its reason
    ("agencies.csv", "construction,department", "construction,departement", "agencies.csv", "construction, kind",
     "departement"),
    ("agencies.csv", "Sở Xây dựng,SXD,peoples_committee", "Sở Xây dựng,SXD,nobody", "agencies.csv",
     "construction, parent", "nobody"),
    ("agencies.csv", "Sở Xây dựng,SXD", ",SXD", "agencies.csv", "construction, name", "trống"),
    ("agencies.csv", "construction,department", "office,department", "agencies.csv", "key", "đã dùng"),
    ("agencies.csv", "UBND thành phố,,,,2025-07-01", "UBND thành phố,office,,,2025-07-01", "agencies.csv",
     "peoples_committee, parent", "đi vòng"),
    ("agencies.csv", "UBND thành phố,,,,2025-07-01,", "UBND thành phố,,,,1/7/2025,", "agencies.csv",
     "peoples_committee, valid_from", "1/7/2025"),
    ("agencies.csv", "UBND thành phố,,,,2025-07-01,", "UBND thành phố,,,,2025-07-01,2025-06-30", "agencies.csv",
     "peoples_committee, valid_to", "trước khi bắt đầu"),
    ("agencies.csv", "UBND thành phố,,,,", "UBND thành phố,,99999,,", "agencies.csv", "commune_code", "99999"),
    ("agencies.csv", "UBND thành phố,,,,", "UBND thành phố,,,lich-la,", "agencies.csv", "calendar", "lich-la"),
    ("agencies.csv", "key,kind,name", "key,loai,name", "agencies.csv", "dòng 1", "loai"),
    ("agencies.csv", "UBND thành phố,,,,2025-07-01,,,", "UBND thành phố,,,,2025-07-01,,,,,", "agencies.csv", "dòng 2",
     "cần 11"),
    ("areas.csv", "20341,Phường Tam Kỳ", "20341,Phường Tam Kì Lạ", "areas.csv", "dòng 3, name", "Phường Tam Kỳ"),
    ("areas.csv", "20341,", "99999,", "areas.csv", "commune_code", "99999"),
    ("area_aliases.csv", "Phố cổ Hội An,20410", "Phố cổ Hội An,1", "area_aliases.csv", "dòng 2", "communes.csv"),
    ("fields.toml", 'key = "civil_status"', 'key = "administrative_procedures"', "fields.toml", "fields[2].key",
     "đã dùng"),
    ("fields.toml", 'parent = "administrative_procedures"', 'parent = "khong-co"', "fields.toml", "parent", "khong-co"),
    ("fields.toml", 'en = "Civil status and certification"', 'tieng_anh = "x"', "fields.toml", "tieng_anh",
     "không có mục này"),
    ("fields.toml", "public = true", 'public = "có"', "fields.toml", "public", "true hoặc false"),
    ("fields.toml", "[[fields]]", "[[fields]", "fields.toml", "", "TOML"),
    ("routes.csv", "civil_status,,justice", "civil_statuss,,justice", "routes.csv", "field", "civil_statuss"),
    ("knowledge/hotline.toml", 'agency = "hotline_1022"', 'agency = "hotlin"', "knowledge/hotline.toml", "agency", "hotlin"),
    ("knowledge/hotline.toml", 'field = "electricity"', 'field = "dien"', "knowledge/hotline.toml", "entries[2].field", "dien"),
    ("routes.csv", "civil_status,,justice", "civil_status,,toa-an", "routes.csv", "agency", "toa-an"),
    ("routes.csv", "heritage,20401,", "heritage,00004,", "routes.csv", "area", "areas.csv"),
    ("routes.csv", "civil_status,,justice,2", "civil_status,,justice,hai", "routes.csv", "priority", "hai"),
    ("pack.toml", 'coordinator = "office"', 'coordinator = "van_phong"', "pack.toml", "hotlines[1].coordinator",
     "van_phong"),
    ("pack.toml", 'calendar = "quang-nam"', 'calendar = "lich-la"', "pack.toml", "hotlines[1].calendar", "lich-la"),
    ("editions/1519.toml", "limit = { working_hours = 8 }", "limit = { working_hours = 0 }", "editions/1519.toml",
     "clocks[1].limit", "dương"),
    ("editions/1519.toml", "[returns]", '[identity]\nfields = ["hang_xom"]\n\n[returns]', "editions/1519.toml",
     "identity.fields", "hang_xom"),
    ("calendar.toml", "07:00-11:30", "07:00-27:30", "calendar.toml", "weekly.monday", "27:30"),
]


@pytest.mark.parametrize(("file", "old", "new", "at", "key", "reason"), BROKEN)
def test_a_fault_names_file_key_and_reason_and_nothing_is_made(
    db: None, pack: Path, file: str, old: str, new: str, at: str, key: str, reason: str
) -> None:
    edit(pack / file, old, new)
    with pytest.raises(PackInvalid) as invalid:
        load_pack(pack, now=NOW)
    [fault] = [e for e in invalid.value.errors if e.file == at][:1]
    assert key in fault.key
    assert reason in fault.reason.vi
    assert fault.reason.en
    assert not Area.objects.exists() and not Agency.objects.exists() and not Calendar.objects.exists()


def test_all_faults_are_named_at_once(db: None, pack: Path) -> None:
    edit(pack / "agencies.csv", "construction,department", "construction,departement")
    edit(pack / "routes.csv", "civil_status,,justice,2", "civil_status,,justice,hai")
    with pytest.raises(PackInvalid) as invalid:
        load_pack(pack, now=NOW)
    assert {e.file for e in invalid.value.errors} == {"agencies.csv", "routes.csv"}


def test_the_command_prints_the_faults_and_fails(db: None, pack: Path) -> None:
    edit(pack / "agencies.csv", "construction,department", "construction,departement")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("load_pack", str(pack), stdout=out, stderr=err)
    assert end.value.code == 1 and not out.getvalue()
    assert err.getvalue().startswith("agencies.csv: construction, kind: ")


def test_a_missing_file_and_a_folder_that_is_no_pack(db: None, pack: Path, tmp_path: Path) -> None:
    (pack / "routes.csv").unlink()
    with pytest.raises(PackInvalid, match=r"routes\.csv: this file is missing"):
        load_pack(pack, now=NOW)
    with pytest.raises(PackInvalid, match="is no pack"):
        load_pack(tmp_path, now=NOW)


def test_bytes_that_are_not_utf8(db: None, pack: Path) -> None:
    (pack / "areas.csv").write_bytes("commune_code,name\n20341,Phường Tam Kỳ\n".encode("utf-16"))
    with pytest.raises(PackInvalid, match=r"areas\.csv: is not UTF-8"):
        load_pack(pack, now=NOW)


def test_loading_makes_everything_and_loading_again_does_nothing(
    db: None, pack: Path, django_assert_max_num_queries
) -> None:
    assert load_pack(pack, now=NOW).changed
    hotline = default_hotline()
    assert (hotline.code_prefix, hotline.desk.key, hotline.coordinator.key) == ("QNM", "hotline_1022", "office")
    assert Mailbox.objects.get(hotline=hotline).address == hotline.email
    assert Area.objects.filter(served=True).count() == 78
    assert AreaAlias.objects.filter(name="Cù Lao Chàm").get().area.name == "Xã Tân Hiệp"
    construction = Agency.objects.get(key="construction")
    assert construction.parent.key == "peoples_committee"
    assert construction.names.get().name == construction.name == "Sở Xây dựng"
    assert Agency.objects.get(key="commune_20341").area.name == "Phường Tam Kỳ"
    tree = {top.key: [f.key for f in below] for top, below in field_tree(hotline)}
    assert "civil_status" in tree["administrative_procedures"]
    assert Route.objects.filter(own_commune=True, agency=None).exists()
    assert regulation_of(edition_in_force(hotline.pk, NOW.date())).decision == "1519/QĐ-UBND"

    models = (Area, AreaAlias, Agency, Field, Route, Calendar, CalendarDay, Edition, Hotline, Mailbox, Act, LoadedPack)
    before = [(m, list(m.objects.order_by("pk").values())) for m in models]
    with django_assert_max_num_queries(5):
        started = perf_counter()
        assert not load_pack(pack, now=NOW).changed
        took = perf_counter() - started
    assert took < 0.3, f"a warm start must not wait {took:.2f} s for the pack"
    assert [(m, list(m.objects.order_by("pk").values())) for m in models] == before


def test_a_changed_file_is_brought_up_to_date_without_new_rows(db: None, pack: Path) -> None:
    load_pack(pack, now=NOW)
    agencies = set(Agency.objects.values_list("key", "id"))
    edit(pack / "agencies.csv", "Sở Xây dựng,SXD", "Sở Xây dựng và Kiến trúc,SXDKT")
    edit(pack / "fields.toml", 'vi = "Hộ tịch, chứng thực"', 'vi = "Hộ tịch"')
    edit(pack / "routes.csv", "civil_status,,justice,2,\n", "")
    routes = Route.objects.count()
    assert load_pack(pack, now=NOW).changed
    assert set(Agency.objects.values_list("key", "id")) == agencies
    construction = Agency.objects.get(key="construction")
    assert construction.name == construction.names.get().name == "Sở Xây dựng và Kiến trúc"
    assert Field.objects.get(key="civil_status").vi == "Hộ tịch"
    assert Route.objects.count() == routes - 1


def test_a_field_that_left_the_pack_is_switched_off_not_deleted(db: None, pack: Path) -> None:
    load_pack(pack, now=NOW)
    edit(pack / "fields.toml", 'key = "civil_status"', 'key = "ho_tich"')
    for file, old in (("routes.csv", "civil_status,"), ("knowledge/procedures.toml", '"civil_status"')):
        text = (pack / file).read_text("utf-8").replace(old, old.replace("civil_status", "ho_tich"))
        (pack / file).write_text(text, "utf-8")
    load_pack(pack, now=NOW)
    assert not Field.objects.get(key="civil_status").active
    assert Field.objects.get(key="ho_tich").active
    assert all(f.key != "civil_status" for _, below in field_tree(default_hotline()) for f in below)


def test_another_province_needs_another_installation(db: None, pack: Path) -> None:
    load_pack(pack, now=NOW)
    edit(pack / "pack.toml", 'key = "quang-nam"', 'key = "tinh-khac"')
    with pytest.raises(Refused, match="installation of its own"):
        load_pack(pack, now=NOW)
    assert not LoadedPack.objects.filter(key="tinh-khac").exists()
