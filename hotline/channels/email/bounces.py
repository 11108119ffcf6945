"""What a bounce tells: which of our mails did not arrive, for whom, and whether trying again is of use."""

import re
from dataclasses import dataclass

from hotline.channels.email.mime import Mail


@dataclass(frozen=True, slots=True)
class BounceInfo:
    """`recipient` in lower case; `status` as RFC 3463 ("5.1.1") or ""; empty values mean the bounce does not say.

    `action` is failed, delayed or delivered. `permanent`: the address is wrong, do not try again.
    """

    recipient: str
    original_message_id: str
    status: str
    action: str
    permanent: bool
    diagnostic: str


_ADDRESS = r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"'@]{1,190}"
_RECIPIENT = re.compile(rf"^(?:Final|Original)-Recipient\s*:\s*(?:[\w-]+\s*;)?\s*<?({_ADDRESS})", re.I | re.M)
_STATUS = re.compile(r"^Status\s*:\s*([245]\.\d{1,3}\.\d{1,3})", re.I | re.M)
_ACTION = re.compile(r"^Action\s*:\s*([a-z]+)", re.I | re.M)
_DIAGNOSTIC = re.compile(r"^Diagnostic-Code\s*:\s*(?:[\w-]+\s*;)?\s*(.+(?:\n[ \t].+)*)", re.I | re.M)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.#-])([45])\d\d(?=[\s-](?:[#\"A-Za-z<(]|[45]\.))")
_IN_TEXT = re.compile(rf"^[ \t]*<?({_ADDRESS})>?:?[ \t]*$|<({_ADDRESS})>", re.M)
_RETURNED_ID = re.compile(r"^\s*>?\s*Message-ID\s*:\s*(<[^<>\s]{1,490}>)", re.I | re.M)
_DELAYED = re.compile(
    r"\b(?:delayed|will (?:keep trying|be retried)|temporar(?:y|ily)|has not yet been delivered|tạm thời|bị trì hoãn)",
    re.I,
)


def read_bounce(mail: Mail, own_addresses: frozenset[str] = frozenset()) -> BounceInfo:
    """From the machine part when there is one, else from X-Failed-Recipients and the words of the notice."""
    fields = mail.report.fields if mail.report else ""
    text = mail.text[:20_000]
    diagnostic = match[1] if (match := _DIAGNOSTIC.search(fields)) else ""
    status = _first(_STATUS, fields) or _first(_ENHANCED, diagnostic) or _first(_ENHANCED, text)
    if not status and (code := _CODE.search(diagnostic or text)):
        status = f"{code[1]}.0.0"
    action = _first(_ACTION, fields).lower()
    if action not in ("failed", "delayed"):
        settled = action in ("delivered", "relayed", "expanded")
        waiting = status.startswith("4") or (not status and _DELAYED.search(f"{mail.subject}\n{text}"))
        action = "delivered" if settled else "delayed" if waiting else "failed"
    original = mail.report.original_message_id if mail.report else ""
    return BounceInfo(
        recipient=_recipient(mail, fields, text, own_addresses),
        original_message_id=original or _first(_RETURNED_ID, text) or mail.in_reply_to or "".join(mail.references[-1:]),
        status=status,
        action=action,
        permanent=action == "failed" and not status.startswith("4"),
        diagnostic=" ".join(diagnostic.split())[:500],
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    return match[1] if (match := pattern.search(text)) else ""


def _recipient(mail: Mail, fields: str, text: str, own_addresses: frozenset[str]) -> str:
    failed = re.search(_ADDRESS, mail.header("x-failed-recipients") or "")
    named = _first(_RECIPIENT, fields) or (failed[0] if failed else "")
    if named:
        return named.lower()
    for match in _IN_TEXT.finditer(text):
        address = (match[1] or match[2]).lower()
        if address not in own_addresses and address != mail.from_address:
            return address
    return ""
