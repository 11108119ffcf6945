"""How much came from where in this hour: the only thing the portal's door remembers."""

from __future__ import annotations

from django.db import models


class Tally(models.Model):
    """Reports of one hour by one sender; `sender` is a keyed digest, no address and no telephone number."""

    sender = models.CharField(max_length=40)
    hour = models.BigIntegerField()  # hours since 1970
    reports = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sender", "hour"], name="one_tally_an_hour")]
        indexes = [models.Index(fields=["hour"], name="tally_hour")]

    def __str__(self) -> str:
        return f"{self.sender} {self.hour}: {self.reports}"
