"""What kind of mail this is, whether it may be answered, and to which conversation it belongs."""

import re
from collections.abc import Collection
from enum import StrEnum

from hotline.channels.email.mime import Mail


class MailKind(StrEnum):
    """Only a human's mail opens a conversation and may be answered; the others are kept and shown."""

    HUMAN = "human"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST_MAIL = "list_mail"
    OWN_LOOP = "own_loop"


KIND_LABELS = {
    MailKind.HUMAN: ("Thư của người gửi", "A person's mail"),
    MailKind.BOUNCE: ("Thư báo không gửi được", "Bounce"),
    MailKind.AUTO_REPLY: ("Thư trả lời tự động", "Automatic reply"),
    MailKind.LIST_MAIL: ("Thư từ danh sách gửi chung", "Mailing list"),
    MailKind.OWN_LOOP: ("Thư của chính hệ thống quay lại", "Our own mail coming back"),
}

_DAEMON = re.compile(
    r"^(?:mailer[-_.]?daemon|postmaster|mail[-_.]?delivery[-_.]?(?:sub)?system|microsoftexchange[0-9a-f]{20,})@"
)
_NO_REPLY = re.compile(
    r"^(?:[a-z0-9._-]{0,40}[._-])?(?:no|do[-_.]?not)[-_.]?reply(?:[._+-][a-z0-9._+-]{0,60})?@"
    r"|^(?:khong|ko)[-_.]?tra[-_.]?loi@"
)
# Only at the start of the subject: "Re: Out of office" and "Hỏi về thư trả lời tự động" are written by people.
_BOUNCE_SUBJECT = re.compile(
    r"^\s*(?:undeliver(?:able|ed)\b|mail delivery (?:failed|failure|subsystem|problem)"
    r"|delivery (?:status notification|failure|has failed)|delayed mail|failure notice"
    r"|warning: (?:message|could not send)"
    r"|returned mail\b|mail system error"
    r"|message (?:undeliverable|delayed)|(?:thư )?không (?:thể )?(?:gửi|phát|chuyển)(?: thư)? được|không thể gửi"
    r"|gửi thư (?:thất bại|không thành công)|thông báo trạng thái gửi|unzustellbar|non remis|échec de la remise"
    r"|undelivrable|onbestelbaar|no se (?:puede|pudo) entregar|não (?:é|foi) possível entregar"
    r"|недоставленное|не удалось доставить|未送达|无法送达|退信|系统退信|配信不能|배달되지 않음|전송 실패)",
    re.I,
)
_BOUNCE_EVIDENCE = re.compile(
    r"\b[245]\.\d{1,3}\.\d{1,3}\b|\b(?:SMTP|55[0-4]|421|45[0-2])\b|remote server|user unknown"
    r"|mailbox (?:full|unavailable)|recipient address|hộp thư (?:đã )?đầy|hộp thư không tồn tại"
    r"|final-recipient|diagnostic-code",
    re.I,
)
_AUTO_SUBJECT = re.compile(
    r"^\s*\[?(?:auto(?:matic)?[- ]?(?:reply|response|responder)|out[- ]of[- ](?:the )?office(?: autoreply)?"
    r"|(?:thư )?(?:trả lời|phản hồi) tự động|tự động (?:trả lời|phản hồi)|tra loi tu dong"
    r"|(?:thông báo )?vắng mặt(?: tại văn phòng)?"
    r"|abwesenheitsnotiz|automatische antwort|réponse automatique|respuesta automática|resposta automática"
    r"|risposta automatica"
    r"|automatisch antwoord|автоответ|автоматический ответ|自动回复|自動回覆|自動応答|자동 회신)"
    r"\]?\s*(?:$|[:：\-–—(\[])",
    re.I,
)
_READ_SUBJECT = re.compile(r"^\s*(?:read|đã đọc|not read|chưa đọc|gelesen|lu)\s*:", re.I)
_OWN_ID = "hl."
_LIST_HEADERS = ("list-post", "list-unsubscribe", "mailing-list", "x-mailing-list")
_SILENCED = re.compile(r"\b(?:all|oof|autoreply)\b", re.I)


def classify(mail: Mail, own_addresses: Collection[str], own_message_ids_domain: str) -> MailKind:
    """The kind of `mail`, from the surest sign to the weakest.

    `own_addresses` are the hotline's addresses in lower case; `own_message_ids_domain` ends our Message-IDs.
    A report on delivery comes first: our own server's bounce carries a Message-ID of our domain, yet is no loop.
    """
    if _is_report(mail):
        return MailKind.BOUNCE
    if _is_own(mail, own_addresses, own_message_ids_domain):
        return MailKind.OWN_LOOP
    if mail.report is not None:
        return MailKind.AUTO_REPLY  # a read receipt or another machine report
    if _DAEMON.match(mail.from_address):
        return MailKind.BOUNCE
    if _is_automatic(mail):
        return MailKind.AUTO_REPLY
    if mail.header("return-path") in ("<>", "") or _reads_like_bounce(mail):
        return MailKind.BOUNCE  # RFC 5321 4.5.5: the empty sender belongs to notices about delivery
    if _is_list(mail, own_addresses):
        return MailKind.LIST_MAIL
    return MailKind.HUMAN


def may_answer(kind: MailKind) -> bool:
    """Whether this mail may get any answer, the acknowledgement included."""
    return kind is MailKind.HUMAN


def asks_no_answer(mail: Mail) -> bool:
    """A report sent through a machine (no-reply address, suppressed answers): a case, but no acknowledgement."""
    suppressed = mail.header("x-auto-response-suppress") or ""
    address = mail.reply_to or mail.from_address
    return not address or bool(_SILENCED.search(suppressed)) or bool(_NO_REPLY.match(address))


def _is_report(mail: Mail) -> bool:
    failed = mail.header("x-failed-recipients") is not None
    return failed or (mail.report is not None and mail.report.kind.startswith("delivery"))


def own_message_id(key: str, domain: str) -> str:
    """The Message-ID of our mail with this key: the same key gives the same mail, sent twice it counts once."""
    return f"<{_OWN_ID}{re.sub(r'[^A-Za-z0-9._-]', '-', key)}@{domain.lower()}>"


def loop_mark(loop: str, domain: str) -> str:
    """The value of X-Hotline-Loop: whose mail it is, as other provinces run the same program."""
    return f"{loop} {domain.lower()}".strip()


def _is_own(mail: Mail, own_addresses: Collection[str], domain: str) -> bool:
    """Domain alone proves nothing: officers and even citizens have their addresses where the hotline has its own."""
    domain = domain.lower()
    number = mail.message_id.lower()
    mark = mail.header("x-hotline-loop")
    ours = mark is not None and (not domain or mark.lower().endswith(f" {domain}"))
    return (
        ours
        or mail.from_address in own_addresses
        or (number.startswith(f"<{_OWN_ID}") and number.endswith(f"@{domain}>"))
    )


def _is_automatic(mail: Mail) -> bool:
    """RFC 3834, and what vacation programs wrote before and beside it."""
    submitted = (mail.header("auto-submitted") or "no").split(";")[0].strip().lower()
    if submitted not in ("no", ""):
        return True
    for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder"):
        if (value := mail.header(name)) is not None and value.strip().lower() not in ("no", "false", "0"):
            return True
    if (mail.header("precedence") or "").strip().lower().replace("-", "_") in ("auto_reply", "auto_response"):
        return True
    if _AUTO_SUBJECT.match(mail.subject) or mail.header("x-ms-exchange-inbox-rules-loop") is not None:
        return True
    suppressed = mail.header("x-auto-response-suppress") or ""
    return bool(_SILENCED.search(suppressed) and _READ_SUBJECT.match(mail.subject))


def _reads_like_bounce(mail: Mail) -> bool:
    """A typical subject is not enough ("Không gửi được hồ sơ" is a citizen's): the text must speak of delivery too."""
    return bool(_BOUNCE_SUBJECT.match(mail.subject) and _BOUNCE_EVIDENCE.search(mail.text[:20_000]))


def _is_list(mail: Mail, own_addresses: Collection[str]) -> bool:
    list_id = mail.header("list-id")
    if list_id is not None:
        # The hotline's own address may be a group of its provider: its members are not "a list" to us.
        name = list_id.rsplit("<", 1)[-1].strip("> ").lower()
        if name in {address.replace("@", ".") for address in own_addresses}:
            return False
    marked = any(mail.header(name) is not None for name in _LIST_HEADERS)
    bulk = (mail.header("precedence") or "").strip().lower() in ("bulk", "list", "junk")
    return list_id is not None or marked or bulk


def thread_keys(mail: Mail) -> tuple[str, ...]:
    """Message-IDs this mail answers, the nearest first."""
    return tuple(dict.fromkeys([key for key in (mail.in_reply_to, *reversed(mail.references)) if key]))


_DASHES = str.maketrans("‐‑‒–—−", "------")


def find_code(subject: str, prefixes: Collection[str]) -> str | None:
    """The first case code (`ABC-2026-004217`) or conversation reference (`LH-7KQ2M9X`) in `subject`, in capitals.

    Only whole words count; a reference without a digit must stand in square brackets, as we write it.
    """
    if not prefixes:
        return None
    names = "|".join(re.escape(prefix.upper()) for prefix in sorted(prefixes, key=len, reverse=True))
    pattern = rf"(?<![\w-])(?:{names})-(?:\d{{4}}-\d{{3,9}}|[0-9A-Z]{{6,12}})(?![\w-])"
    plain = subject.translate(_DASHES).upper()
    for match in re.finditer(pattern, plain):
        bracketed = plain[match.start() - 1 : match.start()] == "[" and plain[match.end() : match.end() + 1] == "]"
        if bracketed or any(char.isdigit() for char in match[0].partition("-")[2]):
            return match[0]
    return None
