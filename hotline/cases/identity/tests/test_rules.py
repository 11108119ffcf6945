"""The reporter taken out of a text: what goes, and what must stay as it was written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hotline.cases.identity.rules import Reporter, fold, known_of, neutral_name, without_signature
from hotline.regulation.identity import IdentityRule
from hotline.regulation.lifecycle import CaseKind

SAU = known_of(
    [
        ("Nguyễn Thị Sáu", "+84905123318", "sau@example.vn", "12 Trần Phú, phường Bàn Thạch"),
        ("", "0235 381 2345", "", ""),
    ]
)

TEXTS = [  # as written, as the agency reads it, why
    ("Tôi là Nguyễn Thị Sáu ở tổ 4", "Tôi là ••• ở tổ 4", "the name"),
    ("NGUYEN THI SAU báo", "••• báo", "capitals, without marks"),
    (unicodedata.normalize("NFD", "bà Nguyễn Thị Sáu"), "bà •••", "decomposed, as some keyboards type"),
    ("chị Sáu ở cuối hẻm", "chị ••• ở cuối hẻm", "the given name after a form of address"),
    ("Sáu giờ sáng, thì sau đó ngập", "Sáu giờ sáng, thì sau đó ngập", "a number and “afterwards” are no name"),
    ("gọi 0905.123.318 hoặc (+84) 905 123 318", "gọi ••• hoặc •••", "the number, however it is written"),
    ("0235-3812345", "•••", "another number we know of them"),
    ("đơn số 10905123318999", "đơn số 10905123318999", "digits inside a longer number"),
    ("SAU@Example.VN", "•••", "the address of their mail"),
    ("nhà 12 tran phu - phường Bàn Thạch bị ngập", "nhà ••• bị ngập", "where they live"),
    ("đường Trần Phú ngập 12 ngày", "đường Trần Phú ngập 12 ngày", "a street is nobody's"),
    ("ông Nguyễn Thị Sáunh", "ông Nguyễn Thị Sáunh", "part of a longer word"),
]


@pytest.mark.parametrize(("written", "read", "why"), TEXTS, ids=[why for *_, why in TEXTS])
def test_what_goes_and_what_stays(written: str, read: str, why: str) -> None:
    assert SAU.hidden_in(written) == read


def test_the_place_keeps_its_address() -> None:
    place = "12 Trần Phú, phường Bàn Thạch, gặp chị Sáu"
    assert SAU.hidden_in(place, places=False) == "12 Trần Phú, phường Bàn Thạch, gặp chị •••", "that is where to go"


def test_a_letter_loses_its_signature_and_its_head() -> None:
    letter = "Từ: Sáu N.T.\nKính gửi tổng đài\nCống tràn.\nTrân trọng,\nN.T. Sáu\n(đã ký)"
    assert without_signature(letter) == "Kính gửi tổng đài\nCống tràn."
    assert without_signature("Trân trọng kính chào. Cống tràn.") == "Trân trọng kính chào. Cống tràn.", (
        "a greeting is no end"
    )


def test_a_file_says_nothing_of_its_sender() -> None:
    assert [neutral_name(1, "Don cua ba Sau.PDF"), neutral_name(2, "scan")] == ["tep-1.pdf", "tep-2"]


@given(some.text())
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert len(fold(text)) == len(text)


@given(some.text(alphabet="abcđêớ \n.,0123456789", max_size=60))
def test_whoever_is_unknown_changes_nothing(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert Reporter().hidden_in(text) == text


@given(some.text(alphabet="xyz .,\n", max_size=30), some.text(alphabet="xyz .,\n", max_size=30))
def test_a_name_between_other_words_never_stays(before: str, after: str) -> None:
    assert "Sáu" not in SAU.hidden_in(f"{before} Nguyễn Thị Sáu {after}")


HIDES = [  # kind, keys of field and the one above, asked for, hidden
    ("report", ["can_bo"], False, True),
    ("report", ["thai_do", "can_bo"], False, True),
    ("report", ["thoat_nuoc"], False, False),
    ("report", ["thoat_nuoc"], True, True),
    ("petition", ["thoat_nuoc"], False, True),
]


@pytest.mark.parametrize(("kind", "fields", "asked", "hidden"), HIDES)
def test_who_is_hidden_unasked(kind: str, fields: list[str], asked: bool, hidden: bool) -> None:
    rule = IdentityRule(fields=("can_bo",), kinds=(CaseKind.PETITION,))
    assert rule.hides(kind, fields, asked) == hidden


def test_an_edition_may_take_no_requests() -> None:
    assert not IdentityRule(on_request=False).hides("report", ["thoat_nuoc"], asked=True)
