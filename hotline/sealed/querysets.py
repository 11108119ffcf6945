"""Who sees sealed records: those who hold the post for it, and nobody else, whatever else they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from hotline.people.rules import Viewer
from hotline.regulation.words import Role

if TYPE_CHECKING:
    from hotline.sealed.models import Record  # noqa: F401 - named in the base class


class RecordQuerySet(models.QuerySet["Record"]):
    """Scopes over records. The wall in the database stands behind every one of them."""

    def visible_to(self, viewer: Viewer) -> RecordQuerySet:
        """The denunciations officer: all. Leaders, inspectors, coordinator, desk, administrators, the vendor: none."""
        return self if viewer.has(Role.SEALED_OFFICER) else self.none()
