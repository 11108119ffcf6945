"""What each person sees of what is owed: on the cases they see, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

from hotline.cases.querysets import CaseQuerySet
from hotline.people.rules import AGENCY_ROLES, Viewer

if TYPE_CHECKING:
    from hotline.cases.models import Obligation  # noqa: F401 - named in the string below


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Scopes over what is owed on cases."""

    def visible_to(self, viewer: Viewer) -> ObligationQuerySet:
        """What is owed on the cases the viewer sees."""
        if viewer.sees_all_cases and viewer.domains is None:
            return self  # every case is theirs: nothing to ask of it
        return self.filter(case__in=CaseQuerySet(apps.get_model("cases", "Case")).visible_to(viewer))

    def owed(self) -> ObligationQuerySet:
        """What is still to be done: neither met nor lifted."""
        return self.filter(met_at__isnull=True, lifted_at__isnull=True)

    def owed_by(self, viewer: Viewer) -> ObligationQuerySet:
        """What the viewer's own posts owe: at an agency what that agency owes, elsewhere what the role does."""
        mine = models.Q(pk__in=[])
        for post in viewer.posts:
            own = {"agency_id": post.agency_id} if post.role in AGENCY_ROLES else {}
            mine |= models.Q(owner=str(post.role), **own)
        return self.visible_to(viewer).owed().filter(mine)
