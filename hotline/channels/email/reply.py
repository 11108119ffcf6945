"""The mail we send: one thread for the citizen, marked so that no machine answers it and we know it again."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from html import escape
from typing import Any, Literal

from hotline.channels.email.attachments import Attachment, safe_name
from hotline.channels.email.charsets import clean, one_line
from hotline.channels.email.rules import loop_mark, own_message_id

MAX_REFERENCES = 20
_ID_HEADERS = {"message-id", "in-reply-to", "references"}


class _Policy(EmailPolicy):
    """SMTP, but Message-IDs are never broken or encoded: the library does so to long ones, and threads fall apart."""

    def _ids(self, name: str, value: Any) -> str:
        return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n"

    def fold(self, name: str, value: Any) -> str:
        return self._ids(name, value) if name.lower() in _ID_HEADERS else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _ID_HEADERS:
            return self._ids(name, value).encode("ascii", "replace")
        return super().fold_binary(name, value)


POLICY = _Policy(linesep=SMTP.linesep, cte_type="7bit")


def build_reply(
    *,
    key: str,
    domain: str,
    loop: str,
    from_address: str,
    from_name: str,
    to_address: str,
    to_name: str = "",
    subject: str,
    code: str = "",
    text: str,
    now: datetime,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    reply_to: str = "",
    auto: Literal["", "auto-replied", "auto-generated"] = "",
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """An answer ready for SMTP (`message.as_bytes()`); pure: the same arguments give the same mail.

    `auto`: "auto-replied" for acknowledgements, "auto-generated" for notices, "" for what a person wrote.
    Raises ValueError when an address is unusable: permanent, do not retry.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(from_address, from_name)
    message["To"] = _mailbox(to_address, to_name)
    if reply_to:
        message["Reply-To"] = _mailbox(reply_to, "")
    message["Subject"] = subject_with(subject, code, answering=bool(in_reply_to))
    message["Date"] = format_datetime(now)
    message["Message-ID"] = own_message_id(key, domain)
    chain = [one for one in dict.fromkeys([*references, in_reply_to]) if re.fullmatch(r"<[!-;=?-~]+>", one)]
    if chain:
        message["In-Reply-To"] = in_reply_to if in_reply_to in chain else chain[-1]
        message["References"] = " ".join(chain[-MAX_REFERENCES:])
    message["X-Hotline-Loop"] = one_line(loop_mark(loop, domain), 200)
    if auto:
        message["Auto-Submitted"] = auto
        message["X-Auto-Response-Suppress"] = "All"
    message.set_content(clean(text), charset="utf-8", cte="quoted-printable")
    message.add_alternative(as_html(text), subtype="html", charset="utf-8", cte="quoted-printable")
    for number, one in enumerate(attachments, 1):
        main, _, sub = one.content_type.partition("/")
        if main in ("message", "multipart", ""):
            main, sub = "application", "octet-stream"
        name = safe_name(one.filename, one.content_type, number)
        message.add_attachment(one.content, maintype=main, subtype=sub or "octet-stream", filename=name)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        digest = hashlib.sha256(f"{key}/{number}".encode()).hexdigest()[:24]
        part.set_boundary(f"=_{digest}")  # "=_" occurs neither in quoted-printable nor in base64
    return message


def _mailbox(address: str, name: str) -> Address:
    if not re.fullmatch(r"[^\s<>\"(),:;\\@\[\]]{1,64}@[^\s<>\"(),:;\\@\[\]]{1,190}", address):
        raise ValueError(f"Địa chỉ thư điện tử không hợp lệ: {one_line(address, 100)!r}. Không gửi lại.")
    local, _, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        # Names of domains in other scripts travel as IDNA; a local part outside of ASCII has no way by plain SMTP.
        return Address(one_line(name, 200), local, domain.encode("idna").decode("ascii"))
    except UnicodeError as error:
        raise ValueError(f"Tên miền thư điện tử không hợp lệ: {one_line(address, 100)!r}. Không gửi lại.") from error


def subject_with(subject: str, code: str, answering: bool) -> str:
    """«Re: …» once, with the code in brackets once, at most 200 characters."""
    bare = one_line(subject, 400)
    bare = re.sub(r"^(?:(?:re|fwd?|fw|trả lời|chuyển tiếp|tl)\s*:\s*)+", "", bare, flags=re.I)
    mark = f"[{code}] " if code and code.upper() not in bare.upper() else ""
    return one_line(f"{'Re: ' if answering else ''}{mark}{bare}", 200)


def as_html(text: str) -> str:
    """Paragraphs and line breaks, everything escaped; links are left to the reader's program."""
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", clean(text).replace("\r\n", "\n")) if part.strip()]
    body = "\n".join(
        f"<p>{escape(part.strip(chr(10)), quote=True).replace(chr(10), '<br>')}</p>" for part in paragraphs
    )
    return (
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"></head>\n'
        f'<body style="font-family:sans-serif;font-size:16px;line-height:1.5">\n{body}\n</body></html>\n'
    )
