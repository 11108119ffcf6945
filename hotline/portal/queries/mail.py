"""Mail that a trial installation caught instead of sending."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_NAME = re.compile(r"[0-9A-Za-z.\-]{1,80}", re.ASCII)
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail. `html` is as it was written and must be shown only where nothing in it can run."""

    name: str
    at: datetime | None
    sender: str
    to: str
    subject: str
    text: str = ""
    html: str = ""
    files: tuple[tuple[str, int], ...] = ()  # name, bytes


def caught(folder: str) -> list[Caught]:
    """The latest mails, newest first, without their bodies."""
    paths = sorted(Path(folder).glob("*.eml"), reverse=True)[:MOST_LISTED]
    return [_head(path.stem, _read(path, headers_only=True)) for path in paths]


def one(folder: str, name: str) -> Caught | None:
    """One mail by its name; None when there is none."""
    path = Path(folder) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = _read(path)
    head = _head(name, message)
    files = tuple(
        (part.get_filename() or part.get_content_type(), len(part.get_payload(decode=True) or b""))
        for part in message.iter_attachments()
    )  # fmt: skip
    return Caught(
        head.name, head.at, head.sender, head.to, head.subject, _body(message, "plain"), _body(message, "html"), files
    )


def _read(path: Path, headers_only: bool = False) -> EmailMessage:
    with path.open("rb") as file:
        content = file.read(64 * 1024 if headers_only else -1)
    if headers_only:
        content = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0] + b"\r\n\r\n"
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def _head(name: str, message: EmailMessage) -> Caught:
    received = message.get("X-Received-At")
    try:
        at = parsedate_to_datetime(str(received)) if received else None
    except ValueError:
        at = None
    to = ", ".join(map(str, message.get_all("X-Envelope-To", [message.get("To", "")])))
    return Caught(name, at, str(message.get("From", "")), to, str(message.get("Subject", "")))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    charset = part.get_content_charset("utf-8")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    try:
        return payload.decode(charset, "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
