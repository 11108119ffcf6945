"""Bytes to text for mail: labels are believed only as far as the bytes agree with them."""

import codecs
import re
import unicodedata
from encodings.aliases import aliases

# Codecs that are not plain character sets: some run arbitrarily long (punycode), some transform instead of decoding.
_NEVER = {
    "base64_codec", "bz2_codec", "hex_codec", "idna", "mbcs", "oem", "punycode", "quopri_codec", "raw_unicode_escape",
    "rot_13", "undefined", "unicode_escape", "unicode_internal", "uu_codec", "zlib_codec",
}  # fmt: skip
_KNOWN = {name: codec for name, codec in aliases.items() if codec not in _NEVER}
_KNOWN |= {codec: codec for codec in aliases.values() if codec not in _NEVER}
_KNOWN |= {name: name for name in ("cp720", "cp737", "cp874", "cp875", "cp1006", "koi8_t", "koi8_u", "utf_8_sig")}
# What senders write when they mean something else: the superset reads both.
_KNOWN |= {
    "iso_8859_1": "cp1252", "latin_1": "cp1252", "latin1": "cp1252", "iso8859_1": "cp1252", "l1": "cp1252",
    "gb2312": "gb18030", "gbk": "gb18030", "x_gbk": "gb18030", "euc_cn": "gb18030", "iso_2022_cn": "gb18030",
    "ks_c_5601_1987": "cp949", "euc_kr": "cp949", "shift_jis": "cp932", "sjis": "cp932", "x_sjis": "cp932",
    "unicode_1_1_utf_7": "utf_7", "utf8mb4": "utf_8", "utf_8n": "utf_8", "x_vietnamese": "cp1258", "x_cp1258": "cp1258",
    "windows_874": "cp874", "tis_620": "cp874", "iso_8859_11": "cp874", "big5_hkscs": "big5hkscs", "big5": "cp950",
}  # fmt: skip
_GUESSED = {"ascii", "us_ascii", "utf_8", "cp1252", "utf_8_sig"}

# The two Vietnamese sets of the nineties, still sent by old office software. Python has no codec for them.
# Source: RFC 1456 (VISCII) and TCVN 5712:1993 (VN1).
_LOW_VISCII = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_HIGH_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_LOW_TCVN = {
    0x01: "Ú", 0x02: "Ụ", 0x04: "Ừ", 0x05: "Ử", 0x06: "Ữ", 0x11: "Ứ", 0x12: "Ự", 0x13: "Ỳ", 0x14: "Ỷ", 0x15: "Ỹ",
    0x16: "Ý", 0x17: "Ỵ",
}  # fmt: skip
_HIGH_TCVN = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323"
    "àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)


def _table(low: dict[int, str], high: str) -> str:
    return "".join(low.get(byte, chr(byte)) for byte in range(128)) + high


_TABLES = {"viscii": _table(_LOW_VISCII, _HIGH_VISCII), "tcvn": _table(_LOW_TCVN, _HIGH_TCVN)}
_TABLE_NAMES = {
    "viscii": "viscii", "csviscii": "viscii", "x_viet_viscii": "viscii", "viscii1_1_1": "viscii",
    "tcvn": "tcvn", "tcvn5712_1": "tcvn", "tcvn_5712": "tcvn", "x_viet_tcvn5712": "tcvn", "x_viet_tcvn": "tcvn",
    "tcvn3": "tcvn", "tcvn5712": "tcvn", "tcvn5712_1_1993": "tcvn",
}  # fmt: skip
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323]")
_TONED = re.compile(r"[aeiouyăâêôơư][\u0300\u0301\u0303\u0309\u0323]", re.I)


def decode(data: bytes, label: str = "") -> str:
    """The text of `data`, in NFC and safe to store; a wrong, missing or unknown `label` is survived, never raises."""
    return clean(_decode(data, label))


def _decode(data: bytes, label: str) -> str:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    name = re.sub(r"[^a-z0-9]+", "_", label[:60].lower()).strip("_")
    if name in _TABLE_NAMES:
        return codecs.charmap_decode(data, "replace", _TABLES[_TABLE_NAMES[name]])[0]
    codec = _KNOWN.get(name, "")
    if not codec or codec in _GUESSED:
        return guess(data, codec)
    try:
        text = data.decode(codec)
    except UnicodeError:
        text = data.decode(codec, "replace")
        # Mislabelled: a body that is whole UTF-8 says more than its label.
        return text if _few_losses(text) else guess(data)
    # A single-byte label accepts anything; bytes that are whole UTF-8 with accents are practically never by chance.
    if data.isascii() or not codec.startswith(("cp125", "iso8859", "koi8")):
        return text
    utf = _strict(data, "utf-8")
    return text if utf is None else utf


def guess(data: bytes, preferred: str = "") -> str:
    """Unlabelled bytes: UTF-8, then Windows-1258 (Vietnamese), then Latin-1, which accepts everything."""
    text = _strict(data, "utf-8")
    if text is not None:
        return text
    text = data.decode("utf-8", "replace")
    if _few_losses(text):
        return text
    if preferred == "cp1252" and (western := _strict(data, "cp1252")) is not None and not _looks_vietnamese(data):
        return western
    vietnamese = _strict(data, "cp1258")
    return vietnamese if vietnamese is not None else data.decode("latin-1")


def _looks_vietnamese(data: bytes) -> bool:
    """Whether the bytes read as Windows-1258 carry Vietnamese letters or tone marks after a letter."""
    text = data.decode("cp1258", "ignore")
    return len(_VIETNAMESE.findall(text)) >= 2 and _TONED.search(text) is not None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _few_losses(text: str) -> bool:
    """One broken character in a long accented text (cut in transit) is a loss to accept; many mean the wrong set."""
    lost = text.count("\ufffd")
    return lost * 8 <= sum(1 for char in text if char > "\x7f")


# Controls without a meaning in text, the direction overrides used to disguise names, and what cannot be stored.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u200b\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """NFC, without NUL, control characters, direction overrides or lone surrogates (PostgreSQL refuses some)."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text).replace("\f", "\n"))


def one_line(text: str, limit: int) -> str:
    """`text` on one line: what ends in a header or a heading can carry no line break."""
    return " ".join(clean(text[: limit * 8]).split())[:limit].rstrip()
