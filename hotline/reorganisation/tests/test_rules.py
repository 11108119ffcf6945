"""The file of a decision: every fault says file, key and reason; which successor takes what."""

from __future__ import annotations

from datetime import date

import pytest

from hotline.regulation.reading import PackInvalid
from hotline.reorganisation import rules
from hotline.reorganisation.tests.conftest import plan

MERGE = '[[changes]]\ndo = "merge"\nagencies = ["a", "b"]\ninto = "c"\n'

FAULTS = [  # changes, what must be named: the key, a piece of the reason
    ('[[changes]]\ndo = "sap-nhap"\nagencies = ["a"]\ninto = "c"', "changes[1].do", "chọn một trong"),
    ('[[changes]]\ndo = "merge"\nagencies = ["a"]', "changes[1].into", "thiếu"),
    ('[[changes]]\ndo = "merge"\nagencies = []\ninto = "c"', "changes[1].agencies", "ít nhất 1"),
    ('[[changes]]\ndo = "merge"\nagencies = ["a"]\nareas = ["1"]\ninto = "c"', "changes[1]", "cơ quan hoặc về địa bàn"),
    ('[[changes]]\ndo = "merge"\nagencies = ["a"]\ninto = "c"\nposts = "fire"', "changes[1].posts", "chọn một trong"),
    (
        '[[changes]]\ndo = "merge"\nagencies = ["a"]\ninto = "c"\nsuccesor = "d"',
        "changes[1].succesor",
        "không có mục này",
    ),
    ('[[changes]]\ndo = "rename"\nagency = "a"\nname = " "', "changes[1].name", "trống"),
    ('[[changes]]\ndo = "split"\narea = "1"\ninto = ["2"]', "changes[1].into", "ít nhất 2"),
    ('[[changes]]\ndo = "dissolve"\narea = "1"', "changes[1].do", "chỉ dùng cho cơ quan"),
    (
        '[[changes]]\ndo = "split"\nagency = "a"\nrest = "b"\n[[changes.parts]]\nto = "c"',
        "changes[1].parts[1]",
        "việc nào",
    ),
    (MERGE + '[[changes]]\ndo = "dissolve"\nagency = "a"', "changes.agency", "2 lần"),
    (MERGE + '[[changes]]\ndo = "dissolve"\nagency = "c"', "changes.into", "cũng kết thúc"),
    (MERGE + '[[changes]]\ndo = "rename"\nagency = "a"\nname = "A mới"', "changes.agency", "vừa đổi vừa kết thúc"),
    (
        '[[changes]]\ndo = "merge"\nareas = ["1"]\ninto = "2"\n[[changes]]\ndo = "merge"\nareas = ["2"]\ninto = "3"',
        "changes.into",
        "cũng kết thúc",
    ),
    (
        '[[changes]]\ndo = "merge"\nareas = ["1"]\ninto = "2"\nname = "X"\nlat = 200.0\nlon = 1',
        "changes[1].lat",
        "độ từ",
    ),
    ('[[agencies]]\nkey = "x"\nkind = "sở"\nname = "X"\n' + MERGE, "agencies[1].kind", "chọn một trong"),
    ("", "changes", "ít nhất một"),
]


@pytest.mark.parametrize(("changes", "key", "reason"), FAULTS)
def test_a_fault_says_file_key_and_reason(changes: str, key: str, reason: str) -> None:
    with pytest.raises(PackInvalid) as invalid:
        plan(changes)
    said = [e for e in invalid.value.errors if e.key == key and reason in e.reason.vi]
    assert said, [e.text("vi") for e in invalid.value.errors]
    assert said[0].file == "quyet-dinh.toml" and said[0].reason.en


def test_in_effect_before_it_was_decided_is_a_slip_of_the_pen() -> None:
    with pytest.raises(PackInvalid, match="effective: must not be before"):
        plan(MERGE, effective="2026-02-09", date="2026-02-10")


def test_what_is_no_toml_is_said_in_one_line() -> None:
    with pytest.raises(PackInvalid, match=r"x\.toml: is not valid TOML"):
        rules.read(b"number = ", "/somewhere/x.toml")


def test_the_document_kept_in_the_database_reads_as_the_file_did() -> None:
    written = plan(MERGE)
    assert rules.parse(written.document, "quyet-dinh.toml") == written


SPLIT = """[[changes]]
do = "split"
agency = "so"
rest = "so-chinh"
[[changes.parts]]
to = "cap-nuoc"
fields = ["thoat_nuoc"]
[[changes.parts]]
to = "tam-ky"
areas = ["20002"]
people = ["duc"]
[[changes.parts]]
to = "thanh-tra"
cases = ["QNM-2026-000007"]
"""

HEIRS = [  # code, fields, commune, who takes it, why
    ("QNM-2026-000001", {"thoat_nuoc", "ha_tang"}, "20001", "cap-nuoc", "its field"),
    ("QNM-2026-000002", {"ong_nuoc", "thoat_nuoc"}, "20001", "cap-nuoc", "a field below the one named"),
    ("QNM-2026-000003", {"dien_luc"}, "20002", "tam-ky", "its commune"),
    ("QNM-2026-000004", {"thoat_nuoc"}, "20002", "cap-nuoc", "both fit: the first of the file"),
    ("QNM-2026-000007", {"thoat_nuoc"}, "20002", "thanh-tra", "named itself, before any part"),
    ("QNM-2026-000005", {"dien_luc"}, "", "so-chinh", "nothing fits: the main successor"),
]


@pytest.mark.parametrize(("code", "fields", "area", "heir", "why"), HEIRS, ids=[row[-1] for row in HEIRS])
def test_which_successor_takes_a_case(code: str, fields: set[str], area: str, heir: str, why: str) -> None:
    [ending] = plan(SPLIT).endings
    assert ending.heir_of(code, fields, area) == heir, why


def test_which_successor_an_officer_goes_to() -> None:
    [ending] = plan(SPLIT).endings
    assert [ending.heir_of_person(name) for name in ("duc", "binh")] == ["tam-ky", "so-chinh"]


def test_keys_that_are_not_there_and_agencies_that_are_over_are_all_named() -> None:
    known = rules.Known({"a": None, "b": date(2020, 1, 1)}, {"1"}, set(), {"f"}, set(), set())
    faults = rules.check(
        plan(
            MERGE
            + '[[changes]]\ndo = "split"\nagency = "a2"\nrest = "z"\n[[changes.parts]]\nto = "z"\nfields = ["g"]\n'
            'people = ["nobody"]\ncases = ["X-1"]\n[[changes]]\ndo = "rename"\narea = "9"\nname = "Xã Chín"\n'
        ),
        known,
        "f.toml",
    )
    said = "\n".join(f.text("vi") for f in faults)
    for words in (
        "cơ quan “c”",
        "“b” đã kết thúc ngày 01/01/2020",
        "cơ quan “a2”",
        "cơ quan “z”",
        "lĩnh vực “g”",
        "tài khoản “nobody”",
        "phiếu “X-1”",
        "địa bàn “9”",
    ):
        assert words in said, said
