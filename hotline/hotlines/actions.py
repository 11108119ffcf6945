"""Verbs on hotlines: loading them, their editions, fields and mailboxes as a pack has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from hotline.calendars.models import Calendar
from hotline.hotlines.models import Edition, Field, Hotline, Mailbox
from hotline.hotlines.rules import FieldEntry
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency
from hotline.refusals import Refused
from hotline.regulation import edition as regulation
from hotline.regulation.labels import Label
from hotline.regulation.pack import PackHotline


@transaction.atomic
def load_hotline(given: PackHotline, authority: str) -> Hotline:
    """Make a hotline, or bring it up to date. Its calendar and its agencies must have been loaded before it.

    Its address becomes a mailbox without a server: mail can be piped in; an administrator adds the server to fetch from.
    """
    agencies = dict(Agency.objects.filter(key__in=[given.coordinator, given.desk]).values_list("key", "id"))
    hotline, _ = Hotline.objects.update_or_create(key=given.key, defaults={
        "name": given.name, "short_name": given.short_name, "authority": authority, "code_prefix": given.code_prefix,
        "numbers": [{"number": number, "label": label.vi, "label_en": label.en} for number, label in given.numbers],
        "email": given.email, "website": given.website, "document": dict(given.document),
        "coordinator_id": agencies.get(given.coordinator), "desk_id": agencies.get(given.desk),
        "calendar": Calendar.objects.get(key=given.calendar),
    })
    if given.email:
        Mailbox.objects.get_or_create(address=given.email, defaults={"hotline": hotline})
    return hotline


@transaction.atomic
def load_edition(
    hotline: Hotline, edition: regulation.Edition, *, in_use: bool, actor: Actor, now: datetime
) -> Edition:
    """Make an edition, or change one that no case uses yet.

    Raises Refused when cases were received under it and anything but its last day differs: their due moments were
    promised under its words. A changed regulation is a new edition with its own dates.
    """
    document = edition.to_document()
    row = Edition.objects.select_for_update().filter(hotline=hotline, key=edition.key).first()
    if row is not None and row.document == document:
        return row
    if row is not None and in_use and _settled(row.document) != _settled(document):
        different = sorted(k for k in {*row.document, *document} if row.document.get(k) != document.get(k))
        raise Refused(Label(
            f"Quy chế {row.decision} đã có phiếu áp dụng nên không được sửa ({', '.join(different)}). "
            "Hãy ghi thay đổi thành một bản quy chế mới có ngày hiệu lực riêng.",
            f"Cases were received under edition {row.decision}, so it may not be changed ({', '.join(different)}). "
            "Write the change as a new edition with dates of its own.",
        ))
    before = {k: row.document.get(k) for k in document if row.document.get(k) != document[k]} if row else {}
    row = row or Edition(hotline=hotline, key=edition.key)
    row.decision, row.title = edition.decision, edition.title.vi[:300]
    row.valid_from, row.valid_to, row.document = edition.valid_from, edition.valid_to, document
    row.save()
    after = {k: document[k] for k in before} or {"decision": row.decision, "valid_from": row.valid_from.isoformat()}
    record("edition.changed" if before else "edition.loaded", "edition", row.pk, actor, now, before=before, after=after)
    return row


def _settled(document: Mapping[str, Any]) -> dict[str, Any]:
    """What must not change once used: all but the last day, which a following edition sets."""
    return {k: v for k, v in document.items() if k != "valid_to"}


@transaction.atomic
def load_fields(hotline: Hotline, entries: Iterable[FieldEntry]) -> None:
    """Make fields as a pack has them, in its order; one the pack no longer has is switched off, never deleted."""
    entries = list(entries)
    for parents in (True, False):  # parents first: rows below need their ids
        ids = dict(Field.objects.filter(hotline=hotline).values_list("key", "id"))
        Field.objects.bulk_create(
            [
                Field(
                    hotline=hotline, key=e.key, vi=e.vi, en=e.en, parent_id=ids[e.parent] if e.parent else None,
                    words=list(e.words), urgent_words=list(e.urgent_words), public=e.public, position=n, active=True,
                )
                for n, e in enumerate(entries, 1) if (not e.parent) == parents
            ],
            update_conflicts=True, unique_fields=["hotline", "key"],
            update_fields=["vi", "en", "parent", "words", "urgent_words", "public", "position", "active"],
        )
    Field.objects.filter(hotline=hotline).exclude(key__in=[e.key for e in entries]).update(active=False)
