"""Telephone numbers and addresses as people write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.citizens.rules import interpreter_for, letters_in, mask_phone, normal_email, normal_phone, show_phone


@pytest.mark.parametrize(("written", "number"), [
    ("0905123456", "+84905123456"),
    ("0905.123.456", "+84905123456"),
    (" 0905 123 456 ", "+84905123456"),
    ("(0905) 123-456", "+84905123456"),
    ("+84 905 123 456", "+84905123456"),
    ("84905123456", "+84905123456"),  # copied from a telephone, the plus lost
    ("0084905123456", "+84905123456"),
    ("０９０５１２３４５６", "+84905123456"),  # full-width digits of an Asian keyboard
    ("0235 3852 123", "+842353852123"),  # a fixed line of Quảng Nam
    ("+1 202 555 0123", "+12025550123"),  # a Vietnamese abroad
])
def test_understood(written: str, number: str) -> None:
    assert normal_phone(written) == number


@pytest.mark.parametrize("written", [
    "", " ", "1022", "113", "0905", "không có", "gọi số 0905123456 nhé", "079012345678", "09051234567890", "0000000000",
    "123456789012345678901234567890123456789012345",
])
def test_no_number(written: str) -> None:
    assert normal_phone(written) is None


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_not_and_a_number_stays_itself(text: str) -> None:
    number = normal_phone(text)
    assert number == normal_phone(unicodedata.normalize("NFD", text))
    if number is not None:
        assert normal_phone(number) == number
        assert normal_phone(show_phone(number)) == number
    mask_phone(text)


@pytest.mark.parametrize(("number", "masked"), [
    ("+84905123456", "0905 ••• 456"), ("+842353852123", "0235 ••• 123"), ("", ""), ("1022", "•••"),
])
def test_masked(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize(("written", "address"), [
    ("An@Example.VN ", "an@example.vn"),
    ("nguyen.van-a+1022@mail.quangnam.gov.vn", "nguyen.van-a+1022@mail.quangnam.gov.vn"),
    ("hà@thư.example", unicodedata.normalize("NFC", "hà@thư.example")),
])
def test_address(written: str, address: str) -> None:
    assert normal_email(written) == address
    assert normal_email(unicodedata.normalize("NFD", written)) == address


@pytest.mark.parametrize("written", [
    "", "an", "an@", "@example.vn", "an@example", "a b@example.vn", "an@example.vn\nBcc: x@y.vn", "an@@example.vn",
    ".an@example.vn", "an.@example.vn", "a..n@example.vn", "<an@example.vn>", "an@-example.vn", "a@" + "b" * 250 + ".vn",
])
def test_no_address(written: str) -> None:
    assert normal_email(written) is None


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_not(text: str) -> None:
    address = normal_email(text)
    assert address is None or normal_email(address) == address


@pytest.mark.parametrize(("spoken", "letters", "interpreter"), [
    ("vi", "vi", None),
    ("vi-VN", "vi", None),  # as a browser says it
    ("en", "en", "Cần phiên dịch: tiếng Anh"),
    ("ko", "en", "Cần phiên dịch: tiếng Hàn"),
    ("mis", "vi", "Cần phiên dịch: tiếng dân tộc thiểu số"),  # Cơ Tu in the mountains: spoken, the letter is read at school
    ("sgn", "vi", "Cần phiên dịch: ngôn ngữ ký hiệu"),
    ("xx", "en", "Cần phiên dịch: tiếng khác"),  # a record of another installation
])
def test_who_needs_an_interpreter_and_what_they_are_written_in(spoken: str, letters: str, interpreter: str | None) -> None:
    """Luật Tiếp công dân 2013, Điều 7.1đ."""
    said = interpreter_for(spoken)
    assert (letters_in(spoken), said and said.vi) == (letters, interpreter)
