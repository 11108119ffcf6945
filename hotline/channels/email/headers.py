"""Mail headers: reading them as they are written in the wild. Nothing here raises, whatever the bytes."""

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from hotline.channels.email.charsets import decode, one_line

MAX_HEADERS = 1000
MAX_HEADER_BYTES = 65_536
MAX_PARAMETERS_BYTES = 8_192
MAX_ADDRESSES = 200
MAX_REFERENCES = 50
MAX_ID = 500

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_PARAMETER = re.compile(rb';\s*([^\s=;"]+)\s*=\s*("(?:\\.|[^"\\])*"?|[^;]*)', re.S)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'\\]{1,64}@[^\s<>()\[\]:;,\"'\\@]{1,190}")
_ID = re.compile(rb"<([^<>\s]{1,490})>")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one header block in their order, names in lower case, values raw and unfolded."""

    fields: tuple[tuple[str, bytes], ...]

    def raw(self, name: str) -> bytes:
        """The first value of `name`; b"" when absent. Duplicates: the first counts, as receiving servers prepend."""
        return next((value for key, value in self.fields if key == name), b"")

    def all(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def text(self, name: str, limit: int = 2000) -> str:
        return one_line(unword(self.raw(name)), limit)


def split_head(raw: bytes) -> tuple[Headers, bytes, bool]:
    """(headers, body, cut): a block that does not begin like a header is all body; `cut` when a limit was met."""
    fields: list[tuple[str, bytes]] = []
    position, cut = 0, False
    while position < len(raw):
        end = raw.find(b"\n", position)
        end = len(raw) if end < 0 else end + 1
        line = raw[position:end].rstrip(b"\r\n")
        if not line:
            return Headers(tuple(fields)), raw[end:], cut
        if line[:1] in b" \t" and fields:
            if len(fields[-1][1]) + len(line) <= MAX_HEADER_BYTES:
                fields[-1] = (fields[-1][0], fields[-1][1] + line)
            else:
                cut = True
        elif match := _FIELD.match(line):
            if len(fields) < MAX_HEADERS:
                fields.append((match[1].decode("ascii").lower(), line[match.end() :][:MAX_HEADER_BYTES]))
            cut = cut or len(fields) >= MAX_HEADERS or len(line) - match.end() > MAX_HEADER_BYTES
        elif not fields or not _looks_like_head(raw, end):
            return Headers(tuple(fields)), raw[position:], cut  # the empty line is missing: the text begins here
        position = end
    return Headers(tuple(fields)), b"", cut


def _looks_like_head(raw: bytes, position: int) -> bool:
    """Whether a stray line (a gateway's banner) is followed by more headers."""
    return _FIELD.match(raw, position) is not None


def unword(value: bytes) -> str:
    """RFC 2047 words decoded; neighbours of one charset are joined first (senders cut characters in half)."""
    pieces: list[tuple[str, bytes]] = []  # (charset, bytes); charset "" is text outside of words
    position = 0
    for match in _WORD.finditer(value):
        gap = value[position : match.start()]
        if gap.strip() or not pieces or pieces[-1][0] == "":
            pieces.append(("", gap))
        charset = match[1].split(b"*")[0].decode("ascii", "replace").lower()
        data = _unbase64(match[3]) if match[2] in b"bB" else binascii.a2b_qp(match[3], header=True)
        if pieces and pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + data)
        else:
            pieces.append((charset, data))
        position = match.end()
    pieces.append(("", value[position:]))
    return "".join(decode(data, charset) for charset, data in pieces)


def _unbase64(data: bytes) -> bytes:
    return from_base64(data)[0]


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(byte for byte in range(256) if byte not in _ALPHABET)


def from_base64(data: bytes) -> tuple[bytes, int]:
    """(decoded, foreign): broken base64 gives what can be read; `foreign` counts bytes that are no base64 at all."""
    letters = data.translate(None, _FOREIGN)
    foreign = len(data) - len(letters) - sum(data.count(one) for one in (b"\n", b"\r", b"=", b" ", b"\t"))
    if len(letters) % 4 == 1:
        letters, foreign = letters[:-1], foreign + 1
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)), foreign


def from_quoted(data: bytes) -> bytes:
    """Quoted-printable; characters that need no quoting pass as they are."""
    return binascii.a2b_qp(data)


def with_parameters(value: bytes) -> tuple[str, dict[str, str]]:
    """`text/plain; charset=…` as ("text/plain", {"charset": …}): RFC 2231 pieces, RFC 2047 misuse, bare file names."""
    value = value[:MAX_PARAMETERS_BYTES]
    main = one_line(value.split(b";", 1)[0].decode("ascii", "replace").lower(), 120)
    simple: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for match in _PARAMETER.finditer(value):
        name = match[1].decode("ascii", "replace").lower()
        data = match[2].strip()
        if data.startswith(b'"'):
            inside = data[1:-1] if data.endswith(b'"') and len(data) > 1 else data[1:]
            data = re.sub(rb"\\(.)", rb"\1", inside, flags=re.S)
        base, star, rest = name.partition("*")
        if not star:
            simple.setdefault(name, unword(data))
        else:
            number = rest.rstrip("*")
            index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
            pieces.setdefault(base, {}).setdefault(index, (data, rest.endswith("*") or rest == ""))
    for base, numbered in pieces.items():
        simple[base] = _joined([numbered[index] for index in sorted(numbered)])
    return main, simple


def _joined(pieces: list[tuple[bytes, bool]]) -> str:
    """RFC 2231: the first encoded piece may open with charset'language'."""
    charset, data = "", b""
    for index, (piece, encoded) in enumerate(pieces):
        if encoded and index == 0 and piece.count(b"'") >= 2:
            label, _, piece = piece.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        data += unquote_to_bytes(piece) if encoded else piece
    return decode(data, charset) if charset else unword(data)


def addresses(values: list[bytes]) -> list[tuple[str, str]]:
    """[(name, address)]: addresses in lower case; what has no @ is left out."""
    found: list[tuple[str, str]] = []
    for value in values:
        for item in _split_addresses(value[:MAX_HEADER_BYTES]):
            if len(found) >= MAX_ADDRESSES:
                return found
            if one := _address(unword(item)):
                found.append(one)
    return found


def _split_addresses(value: bytes) -> list[bytes]:
    """Cut at commas and semicolons that stand outside of quotes, words, comments and angle brackets."""
    pattern = rb'"(?:\\.|[^"\\])*"?|=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=|<[^<>]*>|[,;]'
    items, start = [], 0
    for match in re.finditer(pattern, value, re.S):
        if match[0] in (b",", b";"):
            items.append(value[start : match.start()])
            start = match.end()
    return [*items, value[start:]]


def _address(item: str) -> tuple[str, str] | None:
    item = one_line(item, 1000)
    angle = item.rfind("<")
    match = _ADDRESS.search(item, angle + 1) if angle >= 0 else None
    if match:
        name = item[:angle]
    elif match := _ADDRESS.search(item):
        name = item[: match.start()] + item[match.end() :]
    else:
        return None
    name = name.replace("\\", "").strip(" \"'<>(),;:")
    address = match[0].lower().rstrip(".")
    return (one_line(name, 200) if name.lower() != address else "", address)


def ids(value: bytes) -> list[str]:
    """Message-IDs in `value`, in order and once each, with their angle brackets; the last fifty."""
    found = dict.fromkeys(one_line(f"<{match.decode('ascii', 'replace')}>", MAX_ID) for match in _ID.findall(value))
    return list(found)[-MAX_REFERENCES:]


def own_id(value: bytes) -> str:
    """The Message-ID of this mail; "" when there is none fit to identify it."""
    if found := ids(value):
        return found[0]
    bare = one_line(decode(value.strip(b" \t<>")), MAX_ID)
    return f"<{bare}>" if 3 <= len(bare) <= 200 and " " not in bare and "<" not in bare and ">" not in bare else ""


def moment(value: bytes) -> datetime | None:
    """The Date header as an aware moment; None when missing or impossible."""
    try:
        found = parsedate_to_datetime(value[:200].decode("ascii", "ignore"))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC).astimezone(found.tzinfo) if 1970 <= found.year <= 9000 else None
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None
