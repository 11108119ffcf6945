"""What a person was told."""

from __future__ import annotations

from django.db.models import QuerySet

from hotline.notifications.models import Notice

CAP = 100


def notices_of(person_id: int) -> QuerySet[Notice]:
    """Notices of one person, newest first."""
    return Notice.objects.filter(person_id=person_id).select_related("case").order_by("-id")


def unread(person_id: int) -> int:
    """How many are unread, counted to CAP at the most."""
    return len(Notice.objects.filter(person_id=person_id, read_at__isnull=True).values_list("pk")[:CAP])
