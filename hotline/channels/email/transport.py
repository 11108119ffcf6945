"""Send one message of a conversation by SMTP, in the reporter's own thread."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from django.conf import settings
from django.urls import reverse

from hotline.cases.models import Case
from hotline.channels.email.attachments import Attachment
from hotline.channels.email.reply import build_reply
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.rules import SendingFailed
from hotline.notifications.letters import compose

THREAD = 20  # so many earlier messages are named in References
_AUTO = {
    Contact.Kind.ACKNOWLEDGEMENT: "auto-replied",
    Contact.Kind.QUESTION: "auto-generated",
    Contact.Kind.NOTICE: "auto-generated",
}


def own_domain(address: str) -> str:
    """The domain of a hotline's mailbox: our Message-IDs end in it."""
    return address.rpartition("@")[2].lower() or "localhost.invalid"


def deliver(contact: Contact) -> str:
    """Send it; returns the Message-ID, which depends on the contact alone: sent twice, it is the same mail.

    Raises SendingFailed: permanent when the address is refused for good, else passing (server down, greylisting).
    """
    conversation = contact.conversation
    hotline = conversation.hotline
    earlier = _earlier(contact)
    subject, text = _letter(contact)
    try:
        message = build_reply(
            key=f"contact-{contact.pk}",
            domain=own_domain(hotline.email),
            loop=hotline.key,
            from_address=hotline.email,
            from_name=hotline.name,
            to_address=conversation.reporter_email,
            to_name=conversation.reporter_name,
            subject=subject,
            code=_code(contact, conversation),
            text=text,
            now=contact.at,
            in_reply_to=earlier[-1] if earlier else "",
            references=earlier,
            auto=_AUTO.get(Contact.Kind(contact.kind), ""),  # type: ignore[arg-type]
            attachments=[
                Attachment(file.name, file.content_type, file.file.read())
                for file in contact.attachments.order_by("id")
            ],
        )
    except ValueError as error:
        raise SendingFailed(str(error), permanent=True) from error
    _send(message.as_bytes(), hotline.email, conversation.reporter_email)
    return str(message["Message-ID"])


def _send(message: bytes, sender: str, recipient: str) -> None:
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT) as smtp:
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            smtp.sendmail(sender, [recipient], message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise SendingFailed(_said(code, reason), permanent=500 <= code < 600) from error
    except smtplib.SMTPResponseException as error:
        # A 5xx to the message itself is final; a refused sign-in or sender is the operator's to mend, so it is tried again.
        final = isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
        raise SendingFailed(_said(error.smtp_code, error.smtp_error), permanent=final) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendingFailed(
            f"Chưa kết nối được máy chủ thư ({error}). Hệ thống sẽ gửi lại.", permanent=False
        ) from error


def _said(code: int, reason: bytes | str) -> str:
    words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    return f"Máy chủ thư trả lời {code}: {words[:300]}"


def _earlier(contact: Contact) -> list[str]:
    """Message-IDs of the thread so far, oldest first."""
    newest = (
        Contact.objects.filter(conversation=contact.conversation_id, pk__lt=contact.pk)
        .exclude(message_id="")
        .order_by("-pk")
        .values_list("message_id", flat=True)[:THREAD]
    )
    return list(reversed(newest))


def _letter(contact: Contact) -> tuple[str, str]:
    """Letters come whole; an answer to a case or what a call-taker typed is put into the hotline's form, with its code."""
    if contact.meta.get("whole"):
        return contact.subject, contact.text
    conversation = contact.conversation
    context: dict[str, Any] = {"ref": conversation.ref, "name": conversation.reporter_name, "body": contact.text}
    letter = "question" if contact.kind == Contact.Kind.QUESTION else "at_once"
    if (case := _case(contact)) is not None:
        letter = "interim" if contact.kind == Contact.Kind.INTERIM else "answer"
        lead = case.merged_into or case  # who was joined reads who answered and until when, under their own code
        context |= {
            "case": case,
            "agency": lead.agency.name if lead.agency else case.hotline.name,
            "reopen_until": lead.reopen_until,
            "link": settings.SITE_URL + reverse("portal:case", args=[case.token]),
        }
    return compose(letter, conversation.letters_in, conversation.hotline, **context)


def _case(contact: Contact) -> Case | None:
    if contact.kind not in (Contact.Kind.ANSWER, Contact.Kind.INTERIM) or "case" not in contact.meta:
        return None
    rows = Case.objects.select_related("agency", "hotline", "merged_into__agency")
    return rows.defer("search", "merged_into__search").get(pk=contact.meta["case"])


def _code(contact: Contact, conversation: Conversation) -> str:
    """What the subject must carry so that an answer finds its way back."""
    case = _case(contact)
    return case.code if case else contact.meta.get("code") or conversation.ref
