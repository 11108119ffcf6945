"""Taking an identity out of a text: by examples with the reason, and for any text at all."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.sealed.rules import DEEDS, MARK, NEXT, STATES, Deed, Identity, State, ref_of, reveals, without_identity

TIN = Identity("Cao Văn Thư Tín", "+84905444554", "thu.tin@example.vn", "12 Trần Phú, phường Bàn Thạch")


@pytest.mark.parametrize(("text", "stays", "why"), [
    ("Tôi là Cao Văn Thư Tín, xin tố cáo ông A.", f"Tôi là {MARK}, xin tố cáo ông A.", "the name"),
    ("toi ten CAO VAN THU TIN", f"toi ten {MARK}", "without diacritics, in capitals"),
    (unicodedata.normalize("NFD", "Ký tên: Thư Tín"), f"Ký tên: {MARK}", "the name from its middle on, decomposed letters"),
    ("Cao  Văn\nThư Tín", MARK, "over the end of a line"),
    ("gọi tôi 0905 444 554", f"gọi tôi {MARK}", "the number as people write it"),
    ("gọi +84.905-444-554 hoặc 84905444554", f"gọi {MARK} hoặc {MARK}", "the number as telephones write it"),
    ("thư Thu.Tin@Example.vn", f"thư {MARK}", "the mail address"),
    ("nhà tôi 12 trần phú", f"nhà tôi {MARK}", "street and number alone"),
    ("Chủ tịch phường Bàn Thạch nhận tiền", "Chủ tịch phường Bàn Thạch nhận tiền", "where it happened is no identity"),
    ("ông Tín ở ban quản lý", "ông Tín ở ban quản lý", "one given name is somebody else's as well"),
    ("hộ 112 Trần Phú", "hộ 112 Trần Phú", "another house"),
    ("số 10905444554", "số 10905444554", "another number"),
    ("", "", "nothing"),
])  # fmt: skip
def test_what_is_taken_out_and_what_stays(text: str, stays: str, why: str) -> None:
    assert without_identity(text, TIN) == stays, why
    assert not reveals(without_identity(text, TIN), TIN)


@pytest.mark.parametrize("part", ["Cao Văn Thư Tín", "thư tín", "0905.444.554", "THU.TIN@EXAMPLE.VN", "12 Tran Phu"])
def test_what_says_who_is_found(part: str) -> None:
    assert reveals(f"Người gửi là {part} nhé", TIN)


words = st.text(st.sampled_from("aăâđêôơưáàạ bcdghklmnt\n.,-0123456789"), max_size=40)
forms = st.sampled_from(["Cao Văn Thư Tín", "cao van thu tin", "THƯ TÍN", "0905 444 554", "+84905444554", "thu.tin@example.vn",
                         "12 Trần Phú", "12 TRAN PHU, PHUONG BAN THACH"])  # fmt: skip


@given(st.lists(st.tuples(words, forms), max_size=4), words)
def test_whatever_stands_around_it_nothing_that_says_who_is_left(parts: list[tuple[str, str]], end: str) -> None:
    text = "".join(f"{before} {form} " for before, form in parts) + end
    assert not reveals(without_identity(text, TIN), TIN)


@given(words)
def test_a_text_that_says_nothing_stays_as_it_is(text: str) -> None:
    plain = unicodedata.normalize("NFC", text)
    assert without_identity(text, Identity()) == plain
    if not reveals(text, TIN):
        assert without_identity(text, TIN) == plain


def test_a_name_of_one_word_is_taken_out_whole() -> None:
    assert without_identity("Tôi là Tín.", Identity("Tín")) == f"Tôi là {MARK}."


def test_references_are_drawn_from_many_and_look_alike() -> None:
    assert (ref_of(0), ref_of(31)) == ("M-2222222", "M-222222Z")
    with pytest.raises(ValueError, match="no reference"):
        ref_of(32**7)


@pytest.mark.parametrize("words_of", [STATES, DEEDS])
def test_every_word_has_its_labels(words_of: dict) -> None:
    assert set(words_of) in (set(State), set(Deed))
    assert all(part.strip() for label in words_of.values() for part in label)


def test_a_record_goes_forward_only() -> None:
    assert NEXT[State.CLOSED] == frozenset()
    assert all(later not in NEXT[after] for later in State for after in NEXT[later])
