"""Places and agencies, with names and parents that change on a date."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Area(models.Model):
    """A province or commune as it stands since 1/7/2025 (two levels; the district level is abolished)."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "Tỉnh, thành phố"
        COMMUNE = "commune", "Xã, phường, đặc khu"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)  # lower case, no diacritics
    kind = models.CharField(max_length=10, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    served = models.BooleanField(default=False)  # within this installation's authority

    class Meta:
        indexes = [
            models.Index(fields=["served", "kind", "name"], name="area_served"),
            GinIndex(fields=["folded"], name="area_folded", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class AreaAlias(models.Model):
    """An old name. One old commune may lie in several new ones: then the name alone does not find the place."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)
    district = models.CharField(max_length=120, blank=True)
    province = models.CharField(max_length=120, blank=True)
    own = models.BooleanField(default=False)  # this very area was called so; else it is a place that came to it
    valid_to = models.DateField(null=True, blank=True)  # the last day it was the official name
    decision = models.CharField(max_length=200, blank=True)  # given here by a decision: a pack leaves it alone

    class Meta:
        indexes = [GinIndex(fields=["folded"], name="alias_folded", opclasses=["gin_trgm_ops"])]


class AreaSuccession(models.Model):
    """Where the ground of a commune that is no more lies now; several rows when it was split."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="heirs")
    heir = models.ForeignKey(Area, models.PROTECT, related_name="+")
    from_day = models.DateField()
    decision = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "heir"], name="one_succession")]


class Agency(models.Model):
    """A body that handles cases. `name` and `parent` are today's; the dated rows below are the record."""

    class Kind(models.TextChoices):
        OFFICE = "office", "Văn phòng"
        DEPARTMENT = "department", "Sở, ban, ngành"
        COMMUNE = "commune", "UBND xã, phường"
        ADMINISTRATIVE_BODY = "administrative_body", "Cơ quan hành chính"
        PUBLIC_SERVICE_UNIT = "public_service_unit", "Đơn vị sự nghiệp"
        VERTICAL_AGENCY = "vertical_agency", "Cơ quan ngành dọc"
        UTILITY = "utility", "Tổ chức cung cấp dịch vụ công"

    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=24, choices=Kind)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    folded = models.CharField(max_length=200, default="")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # last day of existence
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")  # who took over
    domain = models.CharField(max_length=40, blank=True)  # inside whose wall its people stand; empty: none, they read across

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name


class AgencyName(models.Model):
    """What an agency was called from one date to another."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)


class AgencyParent(models.Model):
    """Whom an agency belonged to from one date to another."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)
