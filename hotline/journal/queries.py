"""Questions to the journal. Callers must have fetched the subject through its own scoped queryset first."""

from __future__ import annotations

from django.db.models import QuerySet

from hotline.journal.models import Act
from hotline.statements.queries import written_once


def acts_of(subject: str, subject_id: int) -> QuerySet[Act]:
    """All acts on one subject, oldest first."""
    return Act.objects.filter(subject=subject, subject_id=subject_id).order_by("id")


def latest_acts(subject: str, subject_id: int, most: int) -> list[Act]:
    """The latest acts on one subject, at most so many, oldest first."""
    return _latest(subject, most, subject_id=subject_id)[::-1]


@written_once
def _latest(subject: str, most: int, *, subject_id: int) -> QuerySet[Act]:
    return acts_of(subject, subject_id).order_by("-id")[:most]
