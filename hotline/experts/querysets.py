"""Who sees what was passed to the standing unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from hotline.conversations.models import Conversation
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

if TYPE_CHECKING:
    from hotline.experts.models import Referral  # noqa: F401 - named in the base class

# Who takes over for the standing unit, with a post at it; and who reads beside it.
STANDING_ROLES = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER, Role.FOCAL_PERSON, Role.HEAD})
READERS = frozenset({Role.SHIFT_LEADER, Role.COORDINATOR, Role.LEADER, Role.INSPECTOR})


def stands_for(viewer: Viewer) -> frozenset[int]:
    """Agencies for which this person takes over what is passed on."""
    return frozenset(p.agency_id for p in viewer.posts if p.role in STANDING_ROLES and p.agency_id)


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Scopes over referrals."""

    def visible_to(self, viewer: Viewer) -> ReferralQuerySet:
        """The standing unit's own; shift leaders, the coordinator, leaders and inspectors read all."""
        theirs = models.Q(agency__in=stands_for(viewer))
        if viewer.roles & READERS:
            theirs |= models.Q(conversation__in=Conversation.objects.visible_to(viewer))
        return self.filter(theirs)

    def open(self) -> ReferralQuerySet:
        """What the standing unit still owes."""
        return self.filter(state__in=["waiting", "connected"])
