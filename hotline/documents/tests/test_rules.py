"""Placeholders, numbers, days and places of documents, in tables with the reason in words."""

from __future__ import annotations

from datetime import date

import pytest

from hotline.documents.letters.rules import general_templates, parse_template, with_general
from hotline.documents.rules import (
    DocumentKind,
    code_of,
    fill,
    initials,
    place_and_day,
    place_of,
    symbol_of,
    unknown_in,
)
from hotline.documents.sheet import copies_of, lines_of, recipients, without_superior
from hotline.regulation.pack import Heading
from hotline.regulation.reading import PackError

PARTY = Heading.PARTY
REPORT, MINUTES = DocumentKind.LEADERS_REPORT, DocumentKind.MINUTES


@pytest.mark.parametrize(
    ("text", "kind", "unknown", "why"),
    [
        ("Phiếu {{ case.code }}, {{case.place}}", REPORT, [], "both ways of writing"),
        ("{{ case.kode }} {{ case.kode }}", REPORT, ["case.kode"], "a slip, named once"),
        ("{{ dialogue.at }}", REPORT, ["dialogue.at"], "a report knows no dialogue"),
        ("{{ dialogue.at }}", MINUTES, [], "minutes do"),
        ("{{ case.code", REPORT, ["{{"], "left open"),
        ("{% load x %}{{ case.conversation.reporter_phone }}", REPORT, ["case.conversation.reporter_phone"],
         "no attribute of anything is ever looked up"),
        ("{{ case.code|upper }}", REPORT, ["case.code|upper"], "no filters: it is no program"),
    ],
)  # fmt: skip
def test_unknown_placeholders(text: str, kind: DocumentKind, unknown: list[str], why: str) -> None:
    assert unknown_in(text, kind) == unknown, why


def test_what_a_citizen_wrote_is_never_read_as_a_placeholder() -> None:
    filled = fill(
        "{{ case.content }} – {{ case.place }}", {"case.content": "{{ reporter.name }}", "reporter.name": "Sáu"}
    )
    assert filled == "{{ reporter.name }} – […]", "one pass; what is not known is marked"


@pytest.mark.parametrize(
    ("got", "expected", "why"),
    [
        (code_of(7, "BC-VP"), "07/BC-VP", "dưới 10 ghi thêm số 0"),
        (code_of(123, "BC-VP"), "123/BC-VP", "as it is"),
        (symbol_of(REPORT, "Văn phòng UBND"), "BC-VPUBND", "chữ viết tắt tên loại, tên cơ quan"),
        (symbol_of(DocumentKind.REPLY_LETTER, "Sở Xây dựng"), "SXD", "công văn: no letters of a type"),
        (initials("Ủy ban nhân dân phường Bàn Thạch"), "UBNDPBT", "every word, without marks"),
        (symbol_of(REPORT, "Văn phòng Thành ủy", PARTY), "BC/VPTU", "36-HD/VPTW: tên loại, gạch chéo, cơ quan"),
        (symbol_of(DocumentKind.REPLY_LETTER, "Ban Tổ chức", PARTY), "CV/BTC", "công văn của Đảng ghi CV"),
        (code_of(7, "BC/VPTU", PARTY), "07-BC/VPTU", "số, gạch nối, ký hiệu"),
        (code_of(None, "BC/VPTU", PARTY), "…-BC/VPTU", "a draft has no number yet"),
        (code_of(None, "BC-VP"), "…/BC-VP", "nor has one of the State"),
        (without_superior("Văn phòng Thành ủy Thành phố X", "Thành ủy Thành phố X"), "Văn phòng", "the body stands above"),
        (without_superior("Ban Tổ chức Thành ủy", "Thành ủy Thành phố X"), "Ban Tổ chức", "by its short name too"),
        (without_superior("Thành ủy Thành phố X", "Thành ủy Thành phố X"), "Thành ủy Thành phố X", "never the whole"),
        (without_superior("Sở Xây dựng", ""), "Sở Xây dựng", "nobody above"),
        (place_and_day("Hà Nội", date(2026, 2, 5)), "Hà Nội, ngày 05 tháng 02 năm 2026", "ngày dưới 10, tháng 1, 2 thêm số 0"),
        (place_and_day("Hà Nội", date(2026, 3, 15)), "Hà Nội, ngày 15 tháng 3 năm 2026", "tháng 3 trở đi không thêm"),
        (place_and_day("Hà Nội", None), "Hà Nội, ngày … tháng … năm …", "not issued yet"),
        (place_of("UBND tỉnh Quảng Nam"), "Quảng Nam", "tên tỉnh"),
        (place_of("Ủy ban nhân dân Thành phố Hồ Chí Minh"), "Thành phố Hồ Chí Minh", "mang tên người"),
        (copies_of("Như trên\n- Sở Xây dựng;\nLưu: VT"), ("- Như trên;", "- Sở Xây dựng;", "- Lưu: VT."), "chấm phẩy, chấm"),
        (recipients("Sở Xây dựng"), ["Kính gửi: Sở Xây dựng"], "one: on the same line"),
        (recipients("Sở A\nSở B"), ["Kính gửi:", "- Sở A;", "- Sở B."], "several: below each other"),
        ([line.bold for line in lines_of("**1. Mục**\n\nĐoạn **đậm** giữa")], [True, False], "a whole line only"),
    ],
)  # fmt: skip
def test_as_the_decree_writes_it(got: object, expected: object, why: str) -> None:
    assert list(got) == list(expected) if isinstance(expected, list) else got == expected, why  # type: ignore[call-overload]


def test_the_general_set_has_every_kind_and_a_pack_replaces_by_key() -> None:
    general = general_templates()
    assert {given.kind for given in general} == set(DocumentKind)
    errors: list[PackError] = []
    own = parse_template(
        {"key": "leaders_report", "kind": "leaders_report", "title": "Tờ trình", "subject": "Về {{ case.code }}", "body": "x"},
        "letters/own.toml", errors=errors,
    )  # fmt: skip
    assert not errors
    merged = {given.key: given.title for given in with_general([own], "a")}
    assert merged["leaders_report"] == "Tờ trình" and len(merged) == len(general)


def test_a_packs_mistake_is_named_with_file_key_and_what_there_is() -> None:
    errors: list[PackError] = []
    parse_template(
        {"key": "a", "kind": "minutes", "title": "A", "subject": "x", "body": "{{ case.kode }}", "hotline": "b"},
        "letters/a.toml", hotlines=["a"], errors=errors,
    )  # fmt: skip
    assert [(error.file, error.key) for error in errors] == [("letters/a.toml", "body"), ("letters/a.toml", "hotline")]
    assert "case.kode" in errors[0].reason.vi and "case.code" in errors[0].reason.vi
