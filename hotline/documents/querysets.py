"""What each role sees of documents: one queryset, used by every page, list, count and file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models

from hotline.cases.querysets import CaseQuerySet
from hotline.documents.rules import DocumentKind, DocumentState
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

if TYPE_CHECKING:
    from hotline.documents.models import Document  # noqa: F401 - named in the base class

_DRAFTING = frozenset({Role.COORDINATOR, Role.LEADER, Role.INSPECTOR})
# What an agency reads of the coordinator's: about its own work. Syntheses and thanks are between the office and others.
_SHARED = [str(DocumentKind.LEADERS_REPORT), str(DocumentKind.INVITATION), str(DocumentKind.MINUTES),
           str(DocumentKind.REPLY_LETTER)]  # fmt: skip


def reads_drafts(viewer: Viewer, office_id: int | None) -> bool:
    """Whether somebody who may see a document reads how it was written too."""
    return viewer.has(*_DRAFTING) or office_id in viewer.agency_ids


class DocumentQuerySet(models.QuerySet["Document"]):
    """Scopes over documents."""

    def visible_to(self, viewer: Viewer) -> DocumentQuerySet:
        """Coordinator, leaders, inspectors: all; the desk: what is issued; behind walls only their domain's. An agency's
        people: their own, and what is issued about cases they all see and whose reporter is not hidden."""
        seen = models.Q(pk__in=[])
        if viewer.sees_all_cases:
            seen = models.Q() if viewer.has(*_DRAFTING) else models.Q(state=str(DocumentState.ISSUED))
            if viewer.domains is not None:
                seen &= models.Q(domain__in=sorted(viewer.domains))
        if viewer.agency_ids:
            theirs = models.Q(office_id__in=viewer.agency_ids)
            if not (viewer.sees_all_cases and viewer.domains is None):
                seen |= theirs | (
                    models.Q(state=str(DocumentState.ISSUED), kind__in=_SHARED) & self._of_own_cases(viewer)
                )
        return self.filter(seen)

    def _of_own_cases(self, viewer: Viewer) -> models.Q:
        about = apps.get_model("documents", "About")._base_manager.filter(document=models.OuterRef("pk"))
        cases = CaseQuerySet(apps.get_model("cases", "Case")).visible_to(viewer).filter(hide_identity=False)
        foreign = about.exclude(case__in=cases.values("pk"))
        return models.Q(models.Exists(about)) & ~models.Q(models.Exists(foreign))

    def open(self) -> DocumentQuerySet:
        """What is not issued yet."""
        return self.exclude(state=str(DocumentState.ISSUED))
