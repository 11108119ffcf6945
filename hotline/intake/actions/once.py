"""What every door in has in common: files stored first, one transaction, the same message twice is one contact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from hotline.cases.models import Case
from hotline.conversations.actions import AlreadyHere, at_most_once, drop_files, queue_outgoing, store_files
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.conversations.rules import GivenFile
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.intake.rules import ReceivedKind, ask_for
from hotline.journal.rules import SYSTEM
from hotline.regulation.completeness import Needed, missing


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message. `conversation` and `contact` are None only when it was ignored."""

    kind: ReceivedKind
    conversation: Conversation | None = None
    contact: Contact | None = None
    case: Case | None = None

    def to_json(self) -> dict[str, str | int | None]:
        """The line the mail command prints."""
        return {
            "kind": str(self.kind),
            "conversation": self.conversation.ref if self.conversation else None,
            "contact": self.contact.pk if self.contact else None,
            "case": self.case.code if self.case else None,
        }


def once(
    channel: str, source: str, external_id: str, files: Sequence[GivenFile], write: Callable[[list[Attachment]], Received]
) -> Received:
    """Run `write` with the stored files in one transaction; the same message again gives the first contact back.

    Files go to the store before the transaction, so a contact never names a file that is not there; when nothing comes of
    it they are removed again.
    """
    stored = store_files(files)
    try:
        received = at_most_once(channel, source, external_id, lambda: write(stored))
    except AlreadyHere as first:
        drop_files(stored)
        contact = first.contact
        case = contact.conversation.cases.order_by("id").first()
        return Received(ReceivedKind.DUPLICATE, contact.conversation, contact, case)
    except BaseException:
        drop_files(stored)
        raise
    if received.contact is None:
        drop_files(stored)
    return received


def lacking_in(hotline_id: int, channel: str, given: Mapping[str, str], now: datetime) -> list[Needed]:
    """What the edition of today finds missing. Raises Refused when none is in force."""
    edition = regulation_of(edition_in_force(hotline_id, localdate(now)))
    return missing(edition.completeness, channel, given)


def ask_back(conversation: Conversation, lacking: list[Needed], language: str, now: datetime) -> Contact:
    """Ask the reporter on their own channel for what is missing."""
    return queue_outgoing(
        conversation, kind=Contact.Kind.QUESTION, text=ask_for(lacking, language), actor=SYSTEM,
        meta={"missing": lacking}, now=now,
    )
