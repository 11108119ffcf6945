"""How a citizen can be reached: telephone numbers and e-mail addresses as people write them, and as we compare them; and in
which language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from hotline.regulation.labels import Label

# What people speak with us, by ISO 639. Whoever is not fluent in Vietnamese has a right to an interpreter (Luật Tiếp công dân
# 2013, Điều 7.1đ); those who cannot hear are among them.
LANGUAGES: dict[str, Label] = {
    "vi": Label("Tiếng Việt", "Vietnamese"),
    "en": Label("Tiếng Anh", "English"),
    "zh": Label("Tiếng Trung", "Chinese"),
    "ko": Label("Tiếng Hàn", "Korean"),
    "ja": Label("Tiếng Nhật", "Japanese"),
    "mis": Label("Tiếng dân tộc thiểu số", "Minority language"),
    "sgn": Label("Ngôn ngữ ký hiệu", "Sign language"),
    "und": Label("Tiếng khác", "Another language"),
}
_WRITE_VIETNAMESE = frozenset({"vi", "mis", "sgn"})  # people of the country read its language
_REGION = "VN"
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]]{1,64}@(?:[\w](?:[\w-]{0,61}[\w])?\.)+[^\W\d_][\w-]{1,62}", re.UNICODE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@lru_cache(256)  # a number is asked about twice on its way in, and the library takes its time
def normal_phone(text: str) -> str | None:
    """The number in E.164 ("0905.123.456" → "+84905123456"); None when it is no telephone number.

    Numbers without a country code are Vietnamese. "84905123456" (no plus) is what many people copy from their telephone.
    """
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) > 40 or any(ch.isalpha() for ch in plain):
        return None  # "gọi tôi số…": a sentence is no number, and letters of a keypad are not used here
    try:
        number = phonenumbers.parse(plain, _REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(e164: str) -> str:
    """A number as people read it: "+84905123456" → "0905 123 456"; what is not E.164 is shown as it is."""
    try:
        number = phonenumbers.parse(e164, _REGION)
    except phonenumbers.NumberParseException:
        return e164
    home = number.country_code == 84
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def mask_phone(text: str) -> str:
    """Enough to recognise one's own number, not enough to call: "0905 ••• 456". Empty stays empty."""
    digits = "".join(ch for ch in show_phone(text) if ch.isdigit())
    if not digits:
        return ""
    return f"{digits[:4]} ••• {digits[-3:]}" if len(digits) >= 9 else "•••"


def letters_in(spoken: str) -> str:
    """The language of letters to somebody who speaks this one: "vi", or "en" to those from abroad."""
    return "vi" if spoken.partition("-")[0] in _WRITE_VIETNAMESE else "en"


def interpreter_for(spoken: str) -> Label | None:
    """What an officer is told before calling somebody who speaks this language; None for Vietnamese."""
    code = spoken.partition("-")[0]
    if code == "vi":
        return None
    said = LANGUAGES.get(code, LANGUAGES["und"])
    return Label(f"Cần phiên dịch: {said.vi[0].lower()}{said.vi[1:]}", f"Interpreter needed: {said.en}")


def normal_email(text: str) -> str | None:
    """The address in lower case and NFC, without what surrounds it; None when it cannot be an address."""
    plain = unicodedata.normalize("NFC", text).strip().lower()
    if len(plain) > 254 or _CONTROL.search(plain) or ".." in plain or not _EMAIL.fullmatch(plain):
        return None
    return None if plain.startswith(".") or ".@" in plain else plain
