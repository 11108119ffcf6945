"""What each role sees of cases: one queryset, used by every page, list, count and file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import OPEN_STATES

if TYPE_CHECKING:
    from hotline.cases.models import Case  # noqa: F401 - named in the string below


# What was only proposed, refused or taken back opens nothing.
UNSEEN_PARTS = ("proposed", "declined", "released")


def parts_of(viewer: Viewer) -> models.QuerySet[Any, Any]:
    """Ids of the cases in which the viewer's agencies cooperate or have cooperated."""
    parts = apps.get_model("cases", "Participation")._base_manager.filter(agency_id__in=viewer.agency_ids)
    return parts.exclude(state__in=UNSEEN_PARTS).values("case_id")


class CaseQuerySet(models.QuerySet["Case"]):
    """Scopes over cases."""

    def visible_to(self, viewer: Viewer) -> CaseQuerySet:
        """Desk, coordinator, leaders, inspectors: all, but those inside a wall only their domain's; an agency's people: what
        their agency leads or is asked to cooperate in; others: nothing."""
        if viewer.sees_all_cases and viewer.domains is None:
            return self
        if viewer.sees_all_cases:
            return self._behind_walls(viewer)
        if viewer.agency_ids:
            return self.filter(models.Q(agency_id__in=viewer.agency_ids) | models.Q(pk__in=parts_of(viewer)))
        return self.none()

    def _behind_walls(self, viewer: Viewer) -> CaseQuerySet:
        """An overseer of walled domains: theirs, and what their own agency holds. Where a pack has domains, every field is
        of one, so a case of none does not occur."""
        theirs = models.Q(domain__in=sorted(viewer.domains or ()))
        if viewer.agency_ids:
            theirs |= models.Q(agency_id__in=viewer.agency_ids) | models.Q(pk__in=parts_of(viewer))
        return self.filter(theirs)

    def held_by(self, viewer: Viewer) -> CaseQuerySet:
        """What their lists hold: as `visible_to`, without the cases another agency leads, which have a list of their own."""
        if viewer.sees_all_cases or not viewer.agency_ids:
            return self.visible_to(viewer)
        return self.filter(agency_id__in=viewer.agency_ids)

    def open(self) -> CaseQuerySet:
        """Cases somebody still owes something on."""
        return self.filter(state__in=[str(s) for s in OPEN_STATES])

    def published(self) -> CaseQuerySet:
        """What anybody may read: public, answered, without the reporter."""
        return self.filter(public=True, answered_at__isnull=False)
