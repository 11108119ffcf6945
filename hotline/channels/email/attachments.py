"""The files of a mail: names made safe, limits kept, uuencoded ones taken out. Archives are never unpacked."""

import binascii
import re
from dataclasses import dataclass, field

from hotline.channels.email.charsets import one_line
from hotline.channels.email.headers import Headers


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one mail is read. Beyond: cut, and said in the notes; the raw message keeps everything."""

    raw_bytes: int = 60 * 2**20
    parts: int = 300
    depth: int = 25
    attachments: int = 50
    attachment_bytes: int = 40 * 2**20  # all of them together, decoded
    text_bytes: int = 4 * 2**20
    text_chars: int = 200_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file. `filename` is safe to write and to show; `content_type` is the sender's claim, not checked here."""

    filename: str
    content_type: str
    content: bytes
    inline: bool = False
    content_id: str = ""


_TYPES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/heic": ".heic", "image/webp": ".webp",
    "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv",
    "message/rfc822": ".eml", "video/mp4": ".mp4", "video/quicktime": ".mov", "audio/mpeg": ".mp3", "audio/amr": ".amr",
    "application/zip": ".zip", "application/msword": ".doc", "text/rfc822-headers": ".txt", "text/vcard": ".vcf",
    "application/pgp-signature": ".asc", "application/pkcs7-signature": ".p7s", "application/pkcs7-mime": ".p7m",
}  # fmt: skip
_EXTENSIONS = {extension: kind for kind, extension in reversed(_TYPES.items())} | {".jpeg": "image/jpeg"}
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.I)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")
NAME_LENGTH = 120


def safe_name(name: str, kind: str, number: int) -> str:
    """A file name without folders, control or reserved characters, at most 120 long, its extension kept."""
    name = re.split(r"[/\\]", one_line(name, 1000))[-1]
    name = _FORBIDDEN.sub("_", name).replace("_ ", " ").strip(" .")
    if not name.strip("_"):
        return f"tep-dinh-kem-{number}{_TYPES.get(kind, '.bin')}"
    if _RESERVED.match(name):
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:
        return name[:NAME_LENGTH].rstrip(" .")
    return f"{stem[: NAME_LENGTH - len(extension) - 1].rstrip(' .')}.{extension}"


@dataclass(slots=True)
class Store:
    """What has been taken from the mail so far."""

    limits: Limits
    kept: list[Attachment] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    texts: int = 0
    used: int = 0  # bytes
    names: set[str] = field(default_factory=set)

    def note(self, sentence: str) -> None:
        if sentence not in self.notes and len(self.notes) < 50:
            self.notes.append(sentence)

    def add(self, name: str, kind: str, content: bytes, head: Headers | None = None, content_id: str = "") -> None:
        """Keep a file under a name of its own, or say why it was left out."""
        kind = kind if _TYPE.fullmatch(kind) else "application/octet-stream"
        filename = safe_name(name, kind, len(self.kept) + 1)
        if kind == "application/octet-stream":
            kind = _EXTENSIONS.get(filename[filename.rfind(".") :].lower(), kind)
        if len(self.kept) >= self.limits.attachments:
            return self.note(f"Thư có hơn {self.limits.attachments} tệp đính kèm; các tệp sau chỉ còn trong bản gốc.")
        if self.used + len(content) > self.limits.attachment_bytes:
            return self.note(f"Tệp {filename} làm vượt tổng dung lượng cho phép; chỉ còn trong bản gốc.")
        self.used += len(content)
        placing = head.text("content-disposition", 40).lower() if head else ""
        content_id = content_id or (head.text("content-id", 300) if head else "")
        inline = placing.startswith("inline") or bool(content_id and not placing.startswith("attachment"))
        self.kept.append(Attachment(self.unique(filename), kind, content, inline, content_id.strip("<> ")))
        return None

    def unique(self, filename: str) -> str:
        stem, dot, extension = filename.rpartition(".")
        candidate, number = filename, 2
        while candidate.lower() in self.names:
            candidate = f"{stem or extension} ({number}){dot}{extension}" if stem else f"{filename} ({number})"
            number += 1
        self.names.add(candidate.lower())
        return candidate


_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.M)


def has_uuencode(content: bytes) -> bool:
    return content.startswith(b"begin ") or b"\nbegin " in content


def from_uuencode(content: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """(the text without them, [(name, bytes)]): a block must be whole and well formed, else it stays text."""
    kept, files, position = [], [], 0
    while match := _BEGIN.search(content, position):
        end, data = _uu_lines(content, match.end())
        kept.append(content[position : match.start() if data is not None else end])
        if data is not None:
            files.append((match[1].strip(), data))
        position = end
    return b"".join(kept) + content[position:], files


def _uu_lines(content: bytes, position: int) -> tuple[int, bytes | None]:
    """(where reading stopped, the bytes or None when the block is no uuencode)."""
    lines: list[bytes] = []
    while position < len(content):
        end = content.find(b"\n", position)
        end = len(content) if end < 0 else end + 1
        line = content[position:end].rstrip(b"\r\n")
        if line == b"end":
            return end, b"".join(lines)
        if line.strip() and line != b"`":
            length = (line[0] - 32) & 63
            if not 32 <= line[0] <= 96 or len(line) > 90 or len(line) - 1 < (length * 4 + 2) // 3:
                return position, None
            try:
                lines.append(binascii.a2b_uu(line[: 1 + (length + 2) // 3 * 4]))
            except binascii.Error:
                return position, None
        position = end
    return position, None
