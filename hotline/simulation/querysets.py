"""Which simulations somebody sees: those about cases on their side of a wall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from hotline.people.rules import Viewer
from hotline.simulation.rules.asking import ASKING

if TYPE_CHECKING:
    from hotline.simulation.models import Run  # noqa: F401 - named in the string below


class RunQuerySet(models.QuerySet["Run"]):
    """Scopes over runs."""

    def visible_to(self, viewer: Viewer) -> RunQuerySet:
        """Who weighs regulations sees all of them; an overseer of walled domains those asked about these domains alone."""
        if not viewer.has(*ASKING):
            return self.none()
        walls = domains_of(viewer)
        return self if walls is None else self.filter(domains__contained_by=sorted(walls))


def domains_of(viewer: Viewer) -> frozenset[str] | None:
    """The walled domains whose cases somebody may ask about; None: all. An administrator sees figures, not cases."""
    return viewer.domains if viewer.sees_all_cases else None
