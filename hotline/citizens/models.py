"""People and organisations who report, and how they can be reached."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Citizen(models.Model):
    """A person or organisation who contacted us. The words they gave on a report stay on that report."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Cá nhân"
        ORGANISATION = "organisation", "Tổ chức, doanh nghiệp"

    kind = models.CharField(max_length=14, choices=Kind, default=Kind.INDIVIDUAL)
    name = models.CharField(max_length=200, blank=True)
    folded = models.CharField(max_length=200, default="", blank=True)
    address = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, default="vi")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [GinIndex(fields=["folded"], name="citizen_folded", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name or "Người dân"


class Handle(models.Model):
    """One way to reach a citizen: a telephone number (E.164) or an e-mail address (lower case)."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Điện thoại"
        EMAIL = "email", "Thư điện tử"

    citizen = models.ForeignKey(Citizen, models.CASCADE, related_name="handles")
    kind = models.CharField(max_length=8, choices=Kind)
    value = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="one_citizen_per_handle")]
