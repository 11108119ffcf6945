"""Questions to the journal. Callers must have fetched the subject through its own scoped queryset first."""

from __future__ import annotations

from django.db.models import QuerySet

from hotline.journal.models import Act


def acts_of(subject: str, subject_id: int) -> QuerySet[Act]:
    """All acts on one subject, oldest first."""
    return Act.objects.filter(subject=subject, subject_id=subject_id).order_by("id")
