"""What each role sees of conversations: one queryset, used by every page, list, count and file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

from hotline.people.rules import Viewer

if TYPE_CHECKING:
    from hotline.conversations.models import Conversation  # noqa: F401 - named in the base class

AT_DESK = ("waiting", "taken", "incomplete")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Scopes over conversations."""

    def visible_to(self, viewer: Viewer) -> ConversationQuerySet:
        """Desk, coordinator, leaders, inspectors: all, but those inside a wall only their domain's; an agency's people: those
        of the cases it leads or cooperates in; others: nothing."""
        if viewer.sees_all_cases and viewer.domains is None:
            return self
        # An overseer inside a wall: what is not classified yet, and what is of their domain.
        theirs = models.Q(domain__in=["", *sorted(viewer.domains or ())]) if viewer.sees_all_cases else models.Q()
        if viewer.sees_all_cases and not viewer.agency_ids:
            return self.filter(theirs)
        if viewer.agency_ids:
            # By the name of the relation: cases stand above conversations.
            held = self.model._base_manager.filter(cases__agency_id__in=viewer.agency_ids)
            parts = apps.get_model("cases", "Participation")._base_manager.filter(agency_id__in=viewer.agency_ids)
            parts = parts.exclude(state__in=("proposed", "declined", "released"))
            theirs |= models.Q(pk__in=held.values("pk")) | models.Q(pk__in=parts.values("case__conversation_id"))
            return self.filter(theirs)
        return self.none()

    def at_desk(self) -> ConversationQuerySet:
        """What the intake desk still has to deal with."""
        return self.filter(state__in=AT_DESK)
