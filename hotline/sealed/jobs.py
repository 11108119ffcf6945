"""Deferred work of the sealed lane; its arguments are numbers of rows behind the wall."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hotline.sealed.actions import clear_away, remind
from hotline.sealed.actions.recording import send


@app.task(name="tell_denouncer", retry=RetryStrategy(max_attempts=8, wait=5, exponential_wait=5))
def tell_denouncer(message_id: int) -> None:
    """Send the law's guidance; a fault that may pass is tried again, for days."""
    send(message_id)


@app.periodic(cron="17 * * * *")
@app.task(name="clear_away_sealed", queueing_lock="clear_away_sealed")
def clear_away_sealed(timestamp: int) -> None:
    """Files that were moved behind the wall and left behind by a process that was killed."""
    clear_away()


@app.periodic(cron="* * * * *")
@app.task(name="remind_of_sealed", queueing_lock="remind_of_sealed")
def remind_of_sealed(timestamp: int) -> None:
    """What must be passed on within the law's limit and was not: the officer hears of it, and of nothing else."""
    remind(timezone.now())
