"""What is done with templates: loaded from files, changed by officers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from hotline.documents.letters.rules import BODY_NEEDED, NOT_YOURS, PARTS, TITLE_NEEDED, TemplateGiven
from hotline.documents.models import Template
from hotline.documents.rules import DocumentKind, unknown_in, unknown_sentence
from hotline.hotlines.models import Hotline
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.refusals import Refused, Stale
from hotline.regulation.lifecycle import Role

EDITORS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
CHANGEABLE = ("title", "symbol", *PARTS, "active")


@transaction.atomic
def load_templates(hotline: Hotline, given: Iterable[TemplateGiven], *, actor: Actor, now: datetime) -> int:
    """Make a hotline's templates what the files say; returns how many changed. What an officer wrote or changed stays as they
    left it; a template no file has any more is no longer offered."""
    rows = {row.key: row for row in Template.objects.select_for_update().filter(hotline=hotline)}
    changed, keys = 0, set()
    for one in given:
        keys.add(one.key)
        row = rows.get(one.key) or Template(hotline=hotline, key=one.key, version=0)
        values = {
            "kind": str(one.kind), "title": one.title[:200], "symbol": one.symbol[:40], "subject": one.subject[:300],
            "recipient": one.recipient[:300], "body": one.body, "copies": one.copies, "signing": one.signing[:300],
            "active": True,
        }  # fmt: skip
        if row.by_hand or (row.pk and _values(row, values) == values):
            continue
        changed += _write(row, values, "template.loaded", actor, now)
    for key, row in rows.items():
        if key not in keys and row.active and not row.by_hand:
            changed += _write(row, {"active": False}, "template.changed", actor, now)
    return changed


def change_template(
    template_id: int, changes: Mapping[str, Any], *, actor: Actor, now: datetime, version: int | None = None
) -> Template:
    """An officer's own words; a placeholder that does not exist is refused before anything is written. Raises Refused, Stale."""
    if strange := changes.keys() - set(CHANGEABLE):
        raise TypeError(f"change_template() cannot set {', '.join(sorted(strange))}")
    with transaction.atomic():
        row = Template.objects.select_for_update().get(pk=template_id)
        if version is not None and row.version != version:
            raise Stale
        if not EDITORS & actor.roles:
            raise Refused(NOT_YOURS)
        if "title" in changes and not str(changes["title"]).strip():
            raise Refused(TITLE_NEEDED)
        if "body" in changes and not str(changes["body"]).strip():
            raise Refused(BODY_NEEDED)
        unknown = [name for part in PARTS for name in unknown_in(str(changes.get(part, "")), DocumentKind(row.kind))]
        if unknown:
            raise Refused(unknown_sentence(dict.fromkeys(unknown)))
        row.by_hand = True
        _write(row, changes, "template.changed", actor, now)
        return row


def _values(row: Template, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _write(row: Template, values: Mapping[str, Any], kind: str, actor: Actor, now: datetime) -> int:
    before = _values(row, values) if row.pk else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.changed_at = row.version + 1, now
    row.save()
    after = {name: value for name, value in values.items() if before.get(name) != value}
    record(kind, "template", row.pk, actor, now, before={name: before[name] for name in after if name in before},
           after={"key": row.key, **after})  # fmt: skip
    return 1
