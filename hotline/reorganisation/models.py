"""Decisions that reorganise agencies and communes: recorded when they are known, applied on their day, kept for ever."""

from __future__ import annotations

from django.db import models


class Reorganisation(models.Model):
    """One numbered decision. `moved` says what it moved, once it is applied."""

    number = models.CharField(max_length=100, unique=True)
    title = models.CharField(max_length=400)
    decided_on = models.DateField()
    effective = models.DateField()
    document = models.JSONField()
    recorded_at = models.DateTimeField()
    recorded_by = models.JSONField()
    applied_at = models.DateTimeField(null=True, blank=True)
    moved = models.JSONField(default=dict)
    problem_vi = models.TextField(blank=True)  # why its day came and it could not be applied
    problem_en = models.TextField(blank=True)

    class Meta:
        ordering = ["-effective", "-id"]
        indexes = [
            models.Index(
                fields=["effective"], name="reorganisation_pending", condition=models.Q(applied_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.number
