"""Notices to officers: what they were told, and whether they have read it."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """One line under the bell of one person."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="notices")
    act_id = models.BigIntegerField()  # the act that caused it: told once
    kind = models.CharField(max_length=64)
    case = models.ForeignKey("cases.Case", models.CASCADE, null=True, blank=True)
    text_vi = models.CharField(max_length=400)
    text_en = models.CharField(max_length=400)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "act_id"], name="told_once")]
        indexes = [models.Index(fields=["person", "-id"], name="notice_person")]
