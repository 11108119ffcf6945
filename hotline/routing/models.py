"""Which agency handles what where: field × area → agency."""

from __future__ import annotations

from django.db import models


class Route(models.Model):
    """One row of the routing table. `area` empty: everywhere; `own_commune`: the commune's own People's Committee."""

    field = models.ForeignKey("hotlines.Field", models.CASCADE, related_name="routes")
    area = models.ForeignKey("organisation.Area", models.CASCADE, null=True, blank=True)
    own_commune = models.BooleanField(default=False)
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True)
    priority = models.SmallIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["field", "area"], name="route_field_area")]
