"""What each role sees of dialogues: one queryset, used by every page and list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from hotline.dialogues.rules import SEEN
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

if TYPE_CHECKING:
    from hotline.dialogues.models import Dialogue  # noqa: F401 - named in the base class

_WATCHING = frozenset({Role.COORDINATOR, Role.LEADER, Role.INSPECTOR})


def reads_preparations(viewer: Viewer) -> bool:
    """Whether somebody who may see a dialogue reads how it was prepared too."""
    return viewer.has(*_WATCHING)


class DialogueQuerySet(models.QuerySet["Dialogue"]):
    """Scopes over dialogues."""

    def visible_to(self, viewer: Viewer) -> DialogueQuerySet:
        """Coordinator, leaders, inspectors: all, behind walls only their domain's; an agency's people: those they are invited
        to or have a task of; others: nothing."""
        seen = models.Q(pk__in=[])
        if viewer.has(*_WATCHING):
            seen = models.Q() if viewer.domains is None else models.Q(domain__in=sorted(viewer.domains))
        if viewer.agency_ids:
            theirs = models.Q(agencies__agency_id__in=viewer.agency_ids) | models.Q(
                tasks__agency_id__in=viewer.agency_ids
            )
            asked = self.model._base_manager.filter(theirs, state__in=[str(state) for state in SEEN])
            seen |= models.Q(pk__in=asked.values("pk"))
        return self.filter(seen)
