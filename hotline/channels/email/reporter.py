"""Who reports, as far as the text says so: labelled lines, a bare telephone number, the name it is signed with."""

import re
import unicodedata
from dataclasses import dataclass

from hotline.channels.email.quoting import without_quotes


@dataclass(frozen=True, slots=True)
class Found:
    """A value taken from the text, and the reason in Vietnamese for the call-taker who confirms it."""

    value: str
    why: str


_NAME_LABELS = (
    r"ho (?:va |, )?ten(?: nguoi (?:gui|phan anh|bao tin|viet don|kien nghi))?|ho ten(?: cua toi)?|ten nguoi gui"
    r"|nguoi (?:gui|phan anh|kien nghi|bao tin|lam don|viet don)|ten (?:toi|cua toi)|full ?name|your name|name|ten"
)
_ADDRESS_LABELS = (
    r"dia chi(?: (?:lien he|thuong tru|cu tru|nha|hien nay|cu the|nguoi gui|noi o))?|noi (?:o|cu tru)(?: hien nay)?"
    r"|thuong tru(?: tai)?|cho o(?: hien nay)?|dc|d/c|address"
)
_PHONE_LABELS = (
    r"so dien thoai(?: lien (?:he|lac))?|dien thoai(?: lien (?:he|lac))?|so dt|so di dong|di dong|sdt|s\.d\.t|dt|d\.t"
    r"|dtdd|tel|phone(?: number)?|mobile|zalo|lien he"
)
_LABELS = {"name": _NAME_LABELS, "address": _ADDRESS_LABELS, "phone": _PHONE_LABELS}
_OTHER_LABELS = r"e-?mail|noi dung|(?:so )?(?:cccd|cmnd)|(?:ngay|nam) sinh"
_ANY_LABEL = rf"(?<![a-z0-9])(?:{_NAME_LABELS}|{_ADDRESS_LABELS}|{_PHONE_LABELS}|{_OTHER_LABELS})\s*[:：]"
_LINE = {key: re.compile(rf"(?<![a-z0-9@])({labels})\s*(?:la\s*)?[:：]\s*", re.M) for key, labels in _LABELS.items()}
_NEXT = re.compile(_ANY_LABEL)
_SENTENCE = re.compile(r"(?<![a-z])(?:toi ten(?: la)?|ten toi la|em ten(?: la)?|toi la|chau ten la)\s+")
_PHONE = re.compile(r"(?<![\d.+-])(?:\+?84|0)[\s.-]?(?:\(0\))?(?:\d[\s.-]?){8,9}\d(?![\d])")
_CLOSING = re.compile(
    r"^\s*(?:(?:xin )?(?:chan thanh |tran trong )?(?:cam on|kinh chao|kinh thu)|tran trong|kinh thu|kinh don|than ai"
    r"|nguoi (?:gui|viet(?: don)?|lam don|phan anh|kien nghi)|ky ten|(?:best |kind )?regards|sincerely|thanks)\b"
    r"[^\n]{0,60}$"
)
# The family names of nearly all Kinh people, and the clans of the Cơ Tu in the western communes.
_FAMILY = {
    "nguyen", "tran", "le", "pham", "huynh", "hoang", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong",
    "ly", "dinh", "truong", "doan", "lam", "mai", "trinh", "luong", "ha", "thai", "cao", "ta", "to", "luu", "chau",
    "quach", "la", "tang", "phung", "dao", "kieu", "vuong", "chu", "ong", "alang", "zoram", "bhling", "coor", "bling",
    "arat",
}  # fmt: skip
MAX_TEXT = 20_000


def extract_reporter(text: str) -> dict[str, Found]:
    """{"name": …, "address": …, "phone": …}: only what was found; telephone numbers as ten or eleven digits from 0.

    Reads what the sender wrote, not what he quotes. A label beats a guess; nothing here is certain.
    """
    text = unicodedata.normalize("NFC", without_quotes(text))[:MAX_TEXT]
    flat = fold(text)
    found: dict[str, Found] = {}
    for key in ("name", "address", "phone"):
        if one := _labelled(text, flat, key):
            found[key] = one
    if "phone" not in found and (match := next((m for m in _PHONE.finditer(flat) if phone(m[0])), None)):
        found["phone"] = Found(phone(match[0]), f"số điện thoại trong nội dung: «{match[0].strip()}»")
    if "name" not in found and (one := _introduced(text, flat) or _signed(text, flat)):
        found["name"] = one
    return found


def fold(text: str) -> str:
    """Lower case without Vietnamese marks, one character for one character, so that positions agree."""
    return "".join(_folded(char) for char in text)


def _folded(char: str) -> str:
    if char < "\x80":
        return char.lower()
    if char in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


def phone(written: str) -> str:
    """A Vietnamese number as its digits from 0; "" when it is none (identity card, account, short number)."""
    digits = re.sub(r"\D", "", written.replace("(0)", ""))
    if digits.startswith("84") and len(digits) in (11, 12):
        digits = f"0{digits[2:]}"
    mobile = len(digits) == 10 and digits[:2] in ("03", "05", "07", "08", "09")
    landline = len(digits) == 11 and digits.startswith("02")
    return digits if mobile or landline else ""


def _labelled(text: str, flat: str, key: str) -> Found | None:
    for match in _LINE[key].finditer(flat):
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        if following := _NEXT.search(flat, match.end(), end):
            end = following.start()
        value = text[match.end() : end].strip(" \t*_-–;,.|")[:300]
        why = f"dòng «{text[match.start(1) : match.end(1)].strip()}: …»"
        if key == "phone":
            number = _PHONE.search(fold(value))
            if number and phone(number[0]):
                return Found(phone(number[0]), why)
        elif key == "name":
            value = re.split(r"[,;(|]|\s[-–]\s", value)[0].strip()
            if _is_name(value, strict=False):
                return Found(value, why)
        elif len(value) >= 4:
            return Found(value, why)
    return None


def _introduced(text: str, flat: str) -> Found | None:
    """«Tôi tên là Nguyễn Văn A»: the words in capitals that follow."""
    for match in _SENTENCE.finditer(flat):
        rest = text[match.end() : match.end() + 80].split("\n")[0]
        words: list[str] = []
        for word in re.split(r"[,;.(]", rest)[0].split():
            if not word[:1].isupper() or len(words) == 6:
                break
            words.append(word)
        name = " ".join(words)
        if _is_name(name, strict=True):
            return Found(name, f"câu «{text[match.start() : match.end()].strip()} …»")
    return None


def _signed(text: str, flat: str) -> Found | None:
    lines, plain = text.rstrip().split("\n"), flat.rstrip().split("\n")
    last = [index for index in range(max(0, len(lines) - 15), len(lines)) if lines[index].strip(" -_*")]
    for index in last:
        if _CLOSING.match(plain[index]):
            for later in last:
                name = re.split(r"[,;(|]|\s[-–]\s", lines[later])[0].strip(" -_*.")
                if later > index and _is_name(name, strict=False):
                    return Found(name, f"tên ký cuối thư, sau «{lines[index].strip()[:40]}»")
    for index in last[:0:-1][:3]:
        name = lines[index].strip(" -_*.,")
        if _is_name(name, strict=True):
            return Found(name, "tên ký cuối thư")
    return None


def _is_name(value: str, strict: bool) -> bool:
    """Two to six capitalised words of letters; strictly: opening with a Vietnamese family name."""
    words = value.split()
    if not 2 <= len(words) <= 6 or not all(word.replace("'", "").isalpha() and word[0].isupper() for word in words):
        return False
    return not strict or fold(words[0]) in _FAMILY
