"""What each person sees of entries and gaps: one queryset per noun, used by every page, list, count and search."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from hotline.people.rules import OVERSEERS, Viewer

if TYPE_CHECKING:
    from hotline.knowledge.models import Entry, Gap  # noqa: F401 - named in the base classes


class EntryQuerySet(models.QuerySet["Entry"]):
    """Scopes over entries."""

    def visible_to(self, viewer: Viewer) -> EntryQuerySet:
        """Everybody with a post reads what is or was approved; drafts are the owning agency's editors' alone."""
        if not viewer.posts:
            return self.none()
        return self.filter(~Q(state="draft") | Q(question_set__agency__in=viewer.edits_for))

    def editable_by(self, viewer: Viewer) -> EntryQuerySet:
        """The entries of agencies for which this person is knowledge editor."""
        return self.filter(question_set__agency__in=viewer.edits_for)

    def valid_on(self, day: date) -> EntryQuerySet:
        """What may be given on a day: approved, and neither expired nor still to begin. Nothing else is ever offered."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), state="approved", valid_from__lte=day)

    def public_on(self, day: date) -> EntryQuerySet:
        """What citizens may read by themselves."""
        return self.valid_on(day).filter(public=True)


class GapQuerySet(models.QuerySet["Gap"]):
    """Scopes over gaps."""

    def visible_to(self, viewer: Viewer) -> GapQuerySet:
        """Overseers read all, but those inside a wall not the other domain's; an editor, those of their agency and those
        nobody owns yet."""
        if viewer.roles & OVERSEERS and viewer.domains is None:
            return self
        if viewer.roles & OVERSEERS:
            return self.filter(Q(field__isnull=True) | Q(field__domain__in=["", *sorted(viewer.domains or ())]))
        return self.closable_by(viewer)

    def closable_by(self, viewer: Viewer) -> GapQuerySet:
        """The gaps this person may close by writing the entry."""
        if not viewer.edits_for:
            return self.none()
        return self.filter(Q(agency__in=viewer.edits_for) | Q(agency__isnull=True))
