"""Agencies take the names and parents of the day when a dated change begins."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from hotline.organisation.actions import follow_dates


@app.periodic(cron="1 * * * *")  # every hour: whatever zone the clock of the machine has, midnight is not missed
@app.task(name="follow_dates", queueing_lock="follow_dates")
def follow_dates_hourly(timestamp: int) -> None:
    """The action, told today's date."""
    with transaction.atomic():
        follow_dates(timezone.localdate())
