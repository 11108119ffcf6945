"""Record what happened, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from hotline.jobs.actions import defer
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.rows import write


@cache
def _kinds_with_reactions() -> frozenset[str]:
    # Loaded by name on first use: reactions stand above everything and the journal below everything.
    return frozenset(import_string(f"{settings.REACTIONS}.REACTIONS"))


def record(
    kind: str,
    subject: str,
    subject_id: int,
    actor: Actor,
    at: datetime,
    *,
    before: dict | None = None,
    after: dict | None = None,
    note: str = "",
    topics: Iterable[str] = (),
) -> Act:
    """Append one act and, in the same transaction, defer what follows from it (`reactions.py`).

    Must be called inside a transaction; raises RuntimeError otherwise, because an act without its deed is a lie.
    """
    return record_all([draft(kind, subject, subject_id, actor, at, before, after, note, topics)])[0]


def draft(
    kind: str,
    subject: str,
    subject_id: int,
    actor: Actor,
    at: datetime,
    before: dict | None = None,
    after: dict | None = None,
    note: str = "",
    topics: Iterable[str] = (),
) -> Act:
    """An act not yet written, for `record_all`."""
    return Act(
        kind=kind, subject=subject, subject_id=subject_id, actor=actor.journaled(), at=at,
        before=before or {}, after=after or {}, note=note, topics=list(topics),
    )


def record_all(acts: list[Act]) -> list[Act]:
    """Append several acts in one statement (order kept) and defer their reactions."""
    if not connection.in_atomic_block:
        raise RuntimeError("journal.record outside a transaction")
    write(*acts)
    for act in acts:
        if act.kind in _kinds_with_reactions():
            defer("react", act_id=act.pk)
    return acts
