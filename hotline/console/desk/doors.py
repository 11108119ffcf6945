"""What the doors of the desk and of the lanes beside it share."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404
from django.utils import timezone

from hotline.conversations.models import Conversation
from hotline.conversations.queries import by_ref
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.people.rules import Viewer
from hotline.refusals import Refused
from hotline.regulation.lanes import Lanes
from hotline.regulation.lanes_by_law import BY_LAW


def conversation_or_404(viewer: Viewer, ref: str) -> Conversation:
    """The conversation if the viewer may see it."""
    row = by_ref(viewer, ref)
    if row is None:
        raise Http404
    return row


def lanes_now(hotline_id: int, now: datetime) -> Lanes:
    """The ways beside the ordinary one as the edition of today has them; without an edition the law's own: somebody in
    danger does not wait for a regulation."""
    try:
        return regulation_of(edition_in_force(hotline_id, timezone.localdate(now))).lanes
    except Refused:
        return BY_LAW
