"""A line in the register; the only way anything is shown or changed."""

from __future__ import annotations

from datetime import datetime

from hotline.journal.rules import Actor
from hotline.people.rules import Viewer
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.words import Role
from hotline.sealed.models import Entry, Record
from hotline.sealed.rules import Deed

NOT_YOURS = Label(
    "Chỉ cán bộ tiếp nhận tố cáo được xem, xử lý hồ sơ này.", "Only the denunciations officer deals with this record."
)
WHY_NEEDED = Label(
    "Vui lòng ghi lý do xem; lý do được lưu vào sổ theo dõi.", "Please say why; it is kept in the register."
)


def enter(record: Record | None, deed: Deed, actor: Actor, now: datetime, why: str = "") -> Entry:
    """Append a line. Call inside the wall."""
    return Entry.objects.create(
        record=record, at=now, person_id=actor.id, name=actor.name[:200], post=actor.post[:300], deed=str(deed),
        why=why.strip(),
    )  # fmt: skip


def officer(viewer: Viewer) -> Actor:
    """The viewer as the officer. Raises Refused for everybody else."""
    if not viewer.has(Role.SEALED_OFFICER):
        raise Refused(NOT_YOURS)
    return viewer.actor()


def reason(why: str) -> str:
    """A reason that says something. Raises Refused."""
    if not why.strip():
        raise Refused(WHY_NEEDED)
    return why.strip()


def found(ref: str, viewer: Viewer, *, lock: bool = False) -> Record:
    """The record. Call inside the wall. Raises Record.DoesNotExist for whoever may not see it."""
    rows = Record.objects.visible_to(viewer)
    return (rows.select_for_update() if lock else rows).get(ref=ref.strip().upper())
