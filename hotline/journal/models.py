"""The journal: one row per act, appended and never changed (triggers in migration 0002 enforce it)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Act(models.Model):
    """Something that happened: `noun.happened`, by whom, when, what it was before and after."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    subject = models.CharField(max_length=24)
    subject_id = models.BigIntegerField()
    actor = models.JSONField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    note = models.TextField(default="", blank=True)
    topics = ArrayField(models.CharField(max_length=48), default=list)

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="act_subject")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}:{self.subject_id}"
