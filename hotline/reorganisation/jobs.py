"""Decisions take effect on their day."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from hotline.reorganisation.actions import apply_due


@app.periodic(cron="2 * * * *")  # every hour: whatever zone the clock of the machine has, midnight is not missed
@app.task(name="apply_reorganisations", queueing_lock="apply_reorganisations")
def apply_reorganisations(timestamp: int) -> None:
    """The action, told the time."""
    apply_due(now=timezone.now())
