"""Reading: the list, the cover, the content, the identity, a file; each leaves its line first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from hotline.people.rules import Viewer
from hotline.refusals import Refused
from hotline.regulation.words import Role
from hotline.sealed.actions.register import NOT_YOURS, enter, found, officer, reason
from hotline.sealed.models import Denouncer, Entry, File, Message, Record
from hotline.sealed.rules import Deed, State
from hotline.sealed.wall import inside

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of covers; `before` continues it, None on the last. `late` counts what is not passed on in time."""

    rows: list[Record]
    before: int | None
    late: int


@dataclass(frozen=True, slots=True)
class Content:
    """What is accused, and the names of the files; nothing of who said it."""

    record: Record
    files: list[File]


@dataclass(frozen=True, slots=True)
class Identified:
    """Who said it, and their own words."""

    record: Record
    denouncer: Denouncer
    messages: list[Message]


# What stands on the cover: nothing of the matter, nothing of the people.
_COVER = (
    "id", "ref", "hotline_id", "hotline_name", "channel", "received_at", "recorded_at", "forward_due_at", "state",
    "forwarded_to", "forwarded_at", "acknowledged_at", "closed_at", "anonymous", "protection", "version",
)  # fmt: skip


def listed(viewer: Viewer, now: datetime, *, state: str = "", before: int | None = None) -> Page:
    """Covers, the latest first; `before` is the id the page before ended with. Raises Refused for who is no officer."""
    actor = officer(viewer)
    with inside():
        rows = Record.objects.visible_to(viewer).only(*_COVER)
        late = rows.filter(state=State.RECORDED, forward_due_at__lt=now).order_by().count()
        if state:
            rows = rows.filter(state=state)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        page = list(rows.order_by("-id")[: PAGE + 1])
        enter(None, Deed.LISTED, actor, now)
    more = len(page) > PAGE
    return Page(page[:PAGE], page[PAGE - 1].pk if more else None, late)


def cover(ref: str, viewer: Viewer) -> Record:
    """The outside of a record. Raises Refused, Record.DoesNotExist."""
    officer(viewer)
    with inside():
        return Record.objects.visible_to(viewer).only(*_COVER).get(ref=ref.strip().upper())


def register_of(record: Record, viewer: Viewer) -> list[Entry]:
    """Who looked at it or did something, oldest first. Raises Refused."""
    officer(viewer)
    with inside():
        return list(Entry.objects.filter(record=record.pk).order_by("id"))


def read(ref: str, why: str, *, viewer: Viewer, now: datetime) -> Content:
    """What is accused. Raises Refused (not the officer, no reason), Record.DoesNotExist."""
    actor, why = officer(viewer), reason(why)
    with inside():
        record = found(ref, viewer)
        enter(record, Deed.READ, actor, now, why)
        return Content(record, list(record.files.defer("content").order_by("id")))


def printed(ref: str, *, viewer: Viewer, now: datetime) -> Content:
    """What was passed on, for the sheet that goes with it. Raises Refused, Record.DoesNotExist."""
    actor = officer(viewer)
    with inside():
        record = found(ref, viewer)
        enter(record, Deed.PRINTED, actor, now)
        return Content(record, list(record.files.defer("content").order_by("id")))


def identify(ref: str, why: str, *, viewer: Viewer, now: datetime) -> Identified:
    """Who said it. Raises Refused (not the officer, no reason), Record.DoesNotExist."""
    actor, why = officer(viewer), reason(why)
    with inside():
        record = found(ref, viewer)
        enter(record, Deed.IDENTIFIED, actor, now, why)
        return Identified(record, record.denouncer, list(record.messages.defer("raw").order_by("at", "id")))


def open_file(ref: str, key: uuid.UUID, *, viewer: Viewer, now: datetime) -> File:
    """A file with its bytes. Raises Refused, Record.DoesNotExist, File.DoesNotExist."""
    actor = officer(viewer)
    with inside():
        record = found(ref, viewer)
        file = record.files.get(key=key)
        enter(record, Deed.FILE, actor, now, file.name)
        return file


@dataclass(frozen=True, slots=True)
class Figures:
    """Bare numbers: no hotline, no day, no name."""

    recorded: int
    forwarded: int
    late: int


def counted(viewer: Viewer, now: datetime) -> Figures:
    """How many there are, how many were passed on, how many are late; for the inspector and the officer.

    Raises Refused for everybody else. Asking is a look, so it stands in the register.
    """
    if not viewer.has(Role.INSPECTOR, Role.SEALED_OFFICER):
        raise Refused(NOT_YOURS)
    with inside():
        found = Record.objects.aggregate(
            recorded=Count("id"),
            forwarded=Count("id", filter=Q(forwarded_at__isnull=False)),
            late=Count("id", filter=Q(state=State.RECORDED, forward_due_at__lt=now)),
        )
        enter(None, Deed.COUNTED, viewer.actor(), now)
    return Figures(**found)
