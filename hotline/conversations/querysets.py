"""What each role sees of conversations: one queryset, used by every page, list, count and file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from hotline.people.rules import Viewer

if TYPE_CHECKING:
    from hotline.conversations.models import Conversation  # noqa: F401 - named in the base class

AT_DESK = ("waiting", "taken", "incomplete")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Scopes over conversations."""

    def visible_to(self, viewer: Viewer) -> ConversationQuerySet:
        """Desk, coordinator, leaders, inspectors: all; an agency's people: those of the cases it holds; others: nothing."""
        if viewer.sees_all_cases:
            return self
        if viewer.agency_ids:
            # By the name of the relation: cases stand above conversations.
            held = self.model._base_manager.filter(cases__agency_id__in=viewer.agency_ids)
            return self.filter(pk__in=held.values("pk"))
        return self.none()

    def at_desk(self) -> ConversationQuerySet:
        """What the intake desk still has to deal with."""
        return self.filter(state__in=AT_DESK)
