"""What was loaded from packs."""

from __future__ import annotations

from django.db import models


class LoadedPack(models.Model):
    """A folder of a pack as it was last loaded; the same digest again means there is nothing to do."""

    key = models.CharField(max_length=60, unique=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
