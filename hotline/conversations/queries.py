"""Questions about conversations, limited to what the asker may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.conversations.querysets import ConversationQuerySet
from hotline.people.rules import Viewer
from hotline.statements.queries import written_once

COUNTED_UP_TO = 1000  # beyond, a counter says "1000+": no counter scans a table
TABS = ("all", "waiting", "mine", "incomplete")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the cursor of the following page, empty on the last."""

    rows: list[Conversation]
    next: str = ""


def cursor_of(at: datetime, pk: int) -> str:
    """Where a page ended: time and id, so that rows that come or go meanwhile neither repeat nor hide others."""
    return f"{at.isoformat()}~{pk}"


def read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """The time and id of a cursor; None when it is none (a page number from nowhere begins at the start)."""
    at, _, pk = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(pk)) if moment.tzinfo and pk.isascii() and pk.isdigit() and len(pk) < 19 else None


def waiting(viewer: Viewer, tab: str = "all", after: str = "", limit: int = 50) -> Page:
    """The desk's list: who has waited longest comes first. Two queries with the people who took them joined."""
    rows = (
        _tab(viewer, tab)
        .select_related("taken_by", "hotline")
        .order_by("last_contact_at", "id")
    )
    if start := read_cursor(after):
        at, pk = start
        rows = rows.filter(Q(last_contact_at__gt=at) | Q(last_contact_at=at, id__gt=pk), last_contact_at__gte=at)
    found = list(rows[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return Page(found, cursor_of(found[-1].last_contact_at, found[-1].pk) if more else "")


def counted(viewer: Viewer) -> dict[str, QuerySet[Conversation]]:
    """The desk's lists by key, to be counted together with other lists."""
    return {tab: _tab(viewer, tab) for tab in ("waiting", "mine", "incomplete")}


def counters(viewer: Viewer) -> dict[str, int]:
    """How many wait, are taken by me, are incomplete; each stops counting at COUNTED_UP_TO."""
    return {tab: _tab(viewer, tab).order_by()[:COUNTED_UP_TO].count() for tab in ("waiting", "mine", "incomplete")}


def by_ref(viewer: Viewer, ref: str) -> Conversation | None:
    """The conversation with a reference if the viewer may see it; None otherwise, and the door answers 404."""
    return (
        Conversation.objects.visible_to(viewer)
        .select_related("hotline", "citizen", "taken_by")
        .filter(ref=ref.strip().upper())
        .first()
    )


def contacts_of(conversation: Conversation) -> list[Contact]:
    """All contacts of a conversation, oldest first, with their files. Fetch the conversation through its scope first."""
    contacts = _contacts(conversation=conversation.pk)
    files: dict[int | None, list[Attachment]] = {}
    for file in _files(conversation=conversation.pk):
        files.setdefault(file.contact_id, []).append(file)
    for contact in contacts:
        contact.conversation = conversation
        put_files(contact, files.get(contact.pk, []))
    return contacts


def put_files(owner: Model, files: list[Attachment]) -> None:
    """Tell a contact or an answer its files, as `prefetch_related` does: `owner.attachments.all()` asks nothing more."""
    known = Attachment.objects.all()
    known._result_cache, known._prefetch_done = files, True  # type: ignore[attr-defined]
    owner._prefetched_objects_cache = {"attachments": known}  # type: ignore[attr-defined]


@written_once
def _contacts(*, conversation: int) -> QuerySet[Contact]:
    return Contact.objects.filter(conversation=conversation).order_by("id")


@written_once
def _files(*, conversation: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(contact__conversation=conversation).order_by("id")


def joined_by(message_ids: list[str], refs: list[str]) -> Conversation | None:
    """The conversation a message answers: by the ids of messages it refers to, else by a reference it carries.

    For the intake itself, so without a viewer. The latest message referred to decides.
    """
    if message_ids:
        contact = (
            Contact.objects.filter(message_id__in=[m for m in message_ids if m])
            .select_related("conversation").order_by("-id").first()
        )
        if contact:
            return contact.conversation
    return Conversation.objects.filter(ref__in=refs).order_by("-last_contact_at").first() if refs else None


def same_message(channel: str, source: str, external_id: str) -> Contact | None:
    """The contact this message already is; None when it is new."""
    return (
        Contact.objects.filter(channel=channel, source=source, external_id=external_id)
        .select_related("conversation").first()
    )


def _tab(viewer: Viewer, tab: str) -> ConversationQuerySet:
    rows = Conversation.objects.visible_to(viewer).at_desk()
    match tab:
        case "waiting":
            return rows.filter(state=Conversation.State.WAITING)
        case "incomplete":
            return rows.filter(state=Conversation.State.INCOMPLETE)
        case "mine":
            return rows.filter(state=Conversation.State.TAKEN, taken_by=viewer.person_id)
        case _:
            return rows
