"""What each role sees of cases: one queryset, used by every page, list, count and file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import OPEN_STATES

if TYPE_CHECKING:
    from hotline.cases.models import Case  # noqa: F401 - named in the string below


class CaseQuerySet(models.QuerySet["Case"]):
    """Scopes over cases."""

    def visible_to(self, viewer: Viewer) -> CaseQuerySet:
        """Desk, coordinator, leaders, inspectors: all; an agency's people: what their agency holds; others: nothing."""
        if viewer.sees_all_cases:
            return self
        if viewer.agency_ids:
            return self.filter(agency_id__in=viewer.agency_ids)
        return self.none()

    def open(self) -> CaseQuerySet:
        """Cases somebody still owes something on."""
        return self.filter(state__in=[str(s) for s in OPEN_STATES])

    def published(self) -> CaseQuerySet:
        """What anybody may read: public, answered, without the reporter."""
        return self.filter(public=True, answered_at__isnull=False)
