"""Hotlines that came from another installation."""

from __future__ import annotations

from django.db import models


class AbsorbedHotline(models.Model):
    """One archive that was taken in; `first_act` to `last_act` are the journal rows that came with it."""

    archive = models.UUIDField(unique=True)
    hotline = models.OneToOneField("hotlines.Hotline", models.PROTECT, related_name="+")
    installation = models.CharField(max_length=200)
    exported_at = models.DateTimeField()
    absorbed_at = models.DateTimeField()
    absorbed_by = models.JSONField()
    counts = models.JSONField()
    first_act = models.BigIntegerField(null=True, blank=True)
    last_act = models.BigIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.hotline_id} ← {self.installation}"
