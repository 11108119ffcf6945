"""A raw mail as values. `parse` accepts any bytes whatsoever, never raises, and works in bounded time and memory."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hotline.channels.email import headers as heads
from hotline.channels.email import quoting, tnef
from hotline.channels.email.attachments import Attachment, Limits, Store, from_uuencode, has_uuencode
from hotline.channels.email.charsets import clean, decode, one_line
from hotline.channels.email.headers import Headers
from hotline.channels.email.plain import from_html, tidy, unflow

LIMITS = Limits()
SUBJECT_LENGTH = 500
DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
UNREADABLE = "Thư có cấu trúc không đọc được; nội dung lấy thô từ bản gốc, đề nghị xem bản gốc."
# Headers the rules read; the rest stays in the stored raw message.
KEPT = {
    "return-path", "auto-submitted", "precedence", "x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder",
    "x-auto-response-suppress", "x-ms-exchange-inbox-rules-loop", "x-failed-recipients", "list-id", "list-post",
    "list-unsubscribe", "mailing-list", "x-mailing-list", "x-hotline-loop", "sender",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What a multipart/report says: `kind` is its report-type, `fields` the machine part, and the mail it is about."""

    kind: str
    fields: str = ""
    original_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. Addresses are in lower case; texts are NFC and free of control characters.

    `text` is all of it, `new_text` without quotes and signature; `notes` say in Vietnamese what was cut or damaged.
    """

    message_id: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_name: str = ""
    from_address: str = ""
    reply_to: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    new_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    report: Report | None = None
    size: int = 0

    def header(self, name: str) -> str | None:
        """The first value of a kept header; None when the mail has none (an empty value is "")."""
        return next((value for key, value in self.headers if key == name), None)


def parse(raw: bytes, limits: Limits = LIMITS) -> Mail:
    """`raw` as a Mail. Never raises: where a defect of ours would, the mail has the raw text and a note."""
    try:
        return read(raw, limits)
    except Exception as error:  # noqa: BLE001 — a poison mail must not stop the mailbox; the note names the defect
        note = f"{UNREADABLE} (Lỗi kỹ thuật: {type(error).__name__}.)"
        text = tidy(decode(raw[: limits.text_chars]))
        return Mail(message_id=made_id(raw), text=text, new_text=text, notes=(note,), size=len(raw))


def made_id(raw: bytes) -> str:
    """A stable Message-ID for a mail without one: the same whether it came with CRLF, LF or an mbox line."""
    digest = hashlib.sha256(_without_envelope(raw).replace(b"\r\n", b"\n")).hexdigest()
    return f"<sha256-{digest}@no-id.invalid>"


def _without_envelope(raw: bytes) -> bytes:
    return raw[raw.find(b"\n") + 1 :] if raw.startswith((b"From ", b">From ")) and b"\n" in raw[:1000] else raw


def read(raw: bytes, limits: Limits = LIMITS) -> Mail:
    """As `parse`, but a defect shows itself (the tests call this one)."""
    reader = Reader(limits)
    size = len(raw)
    if size > limits.raw_bytes:
        reader.note(f"Thư dài hơn {limits.raw_bytes // 2**20} MB nên chỉ đọc phần đầu.")
        raw = raw[: limits.raw_bytes]
    message = _without_envelope(raw)
    if b"\n" not in message and b"\r" in message:
        message = message.replace(b"\r", b"\n")
    head, body, cut = heads.split_head(message)
    if cut:
        reader.note("Phần đầu thư quá dài nên đã bị cắt bớt.")
    if len(head.raw("subject")) > 4 * SUBJECT_LENGTH:
        reader.note(f"Tiêu đề thư quá dài, chỉ giữ {SUBJECT_LENGTH} ký tự đầu.")
    pieces = reader.part(head, body, 0)
    text = reader.cut_text(tidy(clean("\n\n".join(filter(None, (piece.text() for piece in pieces))))))
    if not text and not reader.store.kept:
        reader.note("Thư không có nội dung.")
    return _mail(head, raw, size, text, reader)


def _mail(head: Headers, raw: bytes, size: int, text: str, reader: "Reader") -> Mail:
    sender = (heads.addresses(head.all("from")) or heads.addresses(head.all("sender")) or [("", "")])[0]
    reply_to = heads.addresses(head.all("reply-to"))
    answered = heads.ids(head.raw("in-reply-to"))
    subject = one_line(heads.unword(head.raw("subject")[: 16 * SUBJECT_LENGTH]), SUBJECT_LENGTH)
    # A first mail that is one long quote is its content all the same; only an answer may be empty.
    fresh = quoting.new_text(text, quoting.is_forward(subject))
    delivered = [value for name in DELIVERED for value in head.all(name)]
    return Mail(
        message_id=heads.own_id(head.raw("message-id")) or made_id(raw),
        in_reply_to=answered[0] if answered else "",
        references=tuple(heads.ids(b" ".join(head.all("references")))),
        from_name=sender[0],
        from_address=sender[1],
        reply_to=reply_to[0][1] if reply_to else "",
        to=_only_addresses(head.all("to")),
        cc=_only_addresses(head.all("cc")),
        delivered_to=_only_addresses(delivered),
        subject=subject,
        date=heads.moment(head.raw("date")),
        text=text,
        new_text=fresh if fresh or answered else text,
        attachments=tuple(reader.store.kept),
        notes=tuple(reader.store.notes),
        headers=tuple((name, one_line(heads.unword(value), 2000)) for name, value in head.fields if name in KEPT),
        report=reader.report(),
        size=size,
    )


def _only_addresses(values: list[bytes]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for _, address in heads.addresses(values)))


@dataclass(slots=True)
class Piece:
    """A stretch of text; HTML is turned into text only if it is the one chosen."""

    kind: str
    text: Callable[[], str]


@dataclass(slots=True)
class Reader:
    """One pass over one mail: collects attachments, notes and the report while the parts give their text."""

    limits: Limits
    store: Store = field(init=False)
    parts: int = 0
    report_kind: str = ""
    report_fields: list[str] = field(default_factory=list)
    original_id: str = ""

    def __post_init__(self) -> None:
        self.store = Store(self.limits)

    def note(self, sentence: str) -> None:
        self.store.note(sentence)

    def report(self) -> Report | None:
        if not self.report_kind and not self.report_fields:
            return None
        return Report(self.report_kind or "delivery-status", "\n\n".join(self.report_fields)[:20_000], self.original_id)

    def cut_text(self, text: str) -> str:
        if len(text) > self.limits.text_chars:
            self.note("Nội dung thư quá dài, chỉ giữ phần đầu; toàn văn có trong bản gốc.")
        return text[: self.limits.text_chars].rstrip()

    def part(self, head: Headers, body: bytes, depth: int) -> list[Piece]:
        """The text of one part and of all inside it, in order."""
        self.parts += 1
        if self.parts > self.limits.parts:
            self.note(f"Thư có hơn {self.limits.parts} phần; các phần sau không được đọc.")
            return []
        kind, given = heads.with_parameters(head.raw("content-type") or b"text/plain")
        if kind.startswith("multipart/"):
            return self.multipart(kind, given, head, body, depth)
        if kind in ("message/rfc822", "message/global"):
            return self.enclosed(head, body, depth)
        if re.fullmatch(r"message/(global-)?(delivery-status|disposition-notification)", kind):
            return self.status(kind, head, body)
        return self.leaf(kind, given, head, body)

    def multipart(self, kind: str, given: dict[str, str], head: Headers, body: bytes, depth: int) -> list[Piece]:
        if depth >= self.limits.depth:
            self.note(f"Thư lồng nhau quá {self.limits.depth} lớp; các lớp sâu hơn không được mở.")
            return []
        if kind == "multipart/encrypted":
            self.note("Thư được mã hóa nên không đọc được nội dung.")
        if kind == "multipart/report" and depth == 0:
            self.report_kind = given.get("report-type", "").lower().strip() or "delivery-status"
        chunks = _split(body, given.get("boundary", ""), self.limits.parts + 1)
        if not chunks:
            self.note("Thư khai báo nhiều phần nhưng thiếu ranh giới; đọc như văn bản thường.")
            return self.leaf("text/plain", given, Headers(()), body)
        answers = []
        for chunk in chunks:
            if self.parts > self.limits.parts:
                break
            inner, content, _ = heads.split_head(chunk)
            if kind == "multipart/digest" and not inner.raw("content-type"):
                inner = Headers((("content-type", b"message/rfc822"), *inner.fields))
            answers.append(self.part(inner, content, depth + 1))
        if kind == "multipart/alternative":
            return _best(answers)
        return [piece for pieces in answers for piece in pieces]

    def enclosed(self, head: Headers, body: bytes, depth: int) -> list[Piece]:
        """A mail within the mail: kept whole as .eml, its text shown, its attachments taken out too."""
        content = _decoded(head, body)[0]
        inner, text, _ = heads.split_head(content)
        subject = inner.text("subject", 100)
        self.store.add(f"{subject or 'thu-dinh-kem'}.eml", "message/rfc822", content, head)
        if self.report_kind:
            self.original_id = self.original_id or heads.own_id(inner.raw("message-id"))
            return []
        if depth >= self.limits.depth:
            self.note(f"Thư lồng nhau quá {self.limits.depth} lớp; các lớp sâu hơn không được mở.")
            return []
        sender = inner.text("from", 200)
        title = f"[Thư đính kèm] {subject}" + (f" (từ {sender})" if sender else "")
        return [Piece("plain", lambda: title), *self.part(inner, text, depth + 1)]

    def status(self, kind: str, head: Headers, body: bytes) -> list[Piece]:
        content = _decoded(head, body)[0]
        self.report_kind = self.report_kind or kind.removeprefix("message/").removeprefix("global-")
        self.report_fields.append(clean(decode(content[:20_000])).replace("\r\n", "\n"))
        self.store.add("bao-cao-gui-thu.txt", kind, content, head)
        return []

    def leaf(self, kind: str, given: dict[str, str], head: Headers, body: bytes) -> list[Piece]:
        placing, more = heads.with_parameters(head.raw("content-disposition"))
        name = more.get("filename") or given.get("name") or ""
        if kind == "text/rfc822-headers" and self.report_kind:
            returned = heads.split_head(_decoded(head, body)[0])[0]
            self.original_id = self.original_id or heads.own_id(returned.raw("message-id"))
        if kind == "text/x-amp-html":
            return []
        plain = kind in ("text/plain", "text/html", "text", "html", "plain", "text/enriched") or "/" not in kind
        if plain and placing != "attachment" and not (name and self.store.texts):
            return self.writing(kind, given, head, body)
        content, foreign = _decoded(head, body)
        if foreign > 16 + len(body) // 20:
            self.note(f"Tệp đính kèm {one_line(name, 80) or kind} bị hỏng khi truyền; chỉ giữ phần đọc được.")
        if kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
            return self.outlook(kind, name, content, head)
        if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            self.note("Thư được mã hóa hoặc ký số dạng S/MIME nên không đọc được nội dung bên trong.")
        self.store.add(name, kind, content, head)
        return []

    def writing(self, kind: str, given: dict[str, str], head: Headers, body: bytes) -> list[Piece]:
        self.store.texts += 1
        if len(body) > self.limits.text_bytes:
            self.note("Nội dung thư quá dài, chỉ giữ phần đầu; toàn văn có trong bản gốc.")
            body = body[: self.limits.text_bytes]
        content, foreign = _decoded(head, body)
        if foreign > len(body) // 10:
            content = body  # labelled base64, yet it is plain writing
        label = given.get("charset", "")
        start = content[:400].lstrip().lower()
        if kind.endswith("html") or start.startswith((b"<!doctype html", b"<html")):
            if not label and (meta := re.search(rb"charset=[\"']?([a-zA-Z0-9_-]{1,40})", content[:2000])):
                label = meta[1].decode("ascii")
            return [Piece("html", lambda: from_html(decode(content, label)))]
        if has_uuencode(content):
            content, enclosures = from_uuencode(content)
            for enclosure, data in enclosures:
                self.store.add(decode(enclosure), "", data)
        flowed = given.get("format", "").lower() == "flowed"
        text = decode(content, label)
        return [Piece("plain", lambda: unflow(text, given.get("delsp", "").lower() == "yes") if flowed else text)]

    def outlook(self, kind: str, name: str, content: bytes, head: Headers) -> list[Piece]:
        package = tnef.unpack(content)
        if package is None or not package.whole:
            self.note("Tệp winmail.dat của Outlook bị hỏng; giữ nguyên tệp, chỉ lấy phần đọc được.")
            self.store.add(name or "winmail.dat", kind, content, head)
        if package is None:
            return []
        for one in package.enclosures:
            self.store.add(one.name, one.content_type, one.content, content_id=one.content_id)
        if self.store.texts:
            return []  # Outlook sends the same text as an ordinary part
        html = package.html[: self.limits.text_bytes]
        return [Piece("html", lambda: package.text or from_html(decode(html)))]


def _decoded(head: Headers, body: bytes) -> tuple[bytes, int]:
    """(content, foreign bytes) after the transfer encoding; an unknown encoding is left as it is."""
    encoding = head.text("content-transfer-encoding", 40).lower().strip("\"' ;")
    if encoding == "base64":
        return heads.from_base64(body)
    if encoding == "quoted-printable":
        return heads.from_quoted(body), 0
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        _, found = from_uuencode(body)
        return (found[0][1], 0) if found else (body, 0)
    return body, 0


def _split(body: bytes, boundary: str, most: int) -> list[bytes]:
    """The parts between the boundary lines; a missing or wrong boundary is looked for in the body itself."""
    mark = boundary.rstrip().encode("utf-8", "replace")
    chunks = _cut(body, mark, most) if mark else []
    if not chunks and (found := re.search(rb"^--([^\s-][^\r\n]{0,120}?)[ \t]*\r?\n[Cc]ontent-", body, re.M)):
        chunks = _cut(body, found[1], most)
    return chunks


def _cut(body: bytes, mark: bytes, most: int) -> list[bytes]:
    chunks: list[bytes] = []
    start = -1
    line = re.compile(re.escape(mark) + rb"(--)?[ \t]*\r?(?:\n|\Z)")
    found = body.find(b"--")  # a plain search is twenty times faster than a pattern over megabytes of base64
    while found >= 0:
        match = line.match(body, found + 2) if found == 0 or body[found - 1] == 0x0A else None
        if match:
            if start >= 0:
                chunks.append(_without_last_break(body[start:found]))
            if match[1] or len(chunks) >= most:
                return chunks
            start = match.end()
        found = body.find(b"--", match.end() if match else found + 2)
    if start >= 0:
        chunks.append(body[start:])  # the closing line was lost on the way
    return chunks


def _without_last_break(chunk: bytes) -> bytes:
    return chunk[:-2] if chunk.endswith(b"\r\n") else chunk[:-1] if chunk.endswith(b"\n") else chunk


def _best(answers: list[list[Piece]]) -> list[Piece]:
    """multipart/alternative: the plain version, unless it is a stub of the formatted one."""
    plain = [pieces for pieces in answers if pieces and all(piece.kind == "plain" for piece in pieces)]
    rich = [pieces for pieces in answers if any(piece.kind == "html" for piece in pieces)]
    if plain:
        length = sum(len(piece.text().strip()) for piece in plain[0])
        if length >= 100 or not rich:
            return plain[0]
        formatted = sum(len(piece.text().strip()) for piece in rich[-1])
        return plain[0] if length and length * 10 >= formatted else rich[-1]
    return rich[-1] if rich else [piece for pieces in answers for piece in pieces]
