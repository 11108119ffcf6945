"""What the replay reads: the steps of every case, as narrow as they can be; and what was asked of it, with the answer."""

from __future__ import annotations

from django.db import models

from hotline.simulation.querysets import RunQuerySet


class Deed(models.Model):
    """One act on a case that may move a clock. Written from the journal by a trigger (migration 0004), in the same
    transaction, whoever wrote the act: it can be made anew from the journal at any time and decides nothing.

    `deed`: the kind of the act, with a state, mode, level or kind where one kind stands for several words of the replay
    (rules/deeds.py). The others are empty where the act changed nothing of theirs.
    """

    pk = models.CompositePrimaryKey("case_id", "act_id")
    case_id = models.BigIntegerField()
    act_id = models.BigIntegerField()
    at = models.DateTimeField()
    deed = models.CharField(max_length=100)
    agency_id = models.BigIntegerField(null=True)  # who holds the case from now on; 0: nobody; with `part` whose part it is
    until = models.DateTimeField(null=True)  # what was promised to the citizen
    part = models.BigIntegerField(null=True)  # of a cooperating agency: which one it is about


class Run(models.Model):
    """Somebody asked what would have been late; the answer stays as it was that day."""

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Không chạy được"

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    document = models.JSONField()  # the changed edition
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, null=True, related_name="+")  # null: as now
    since = models.DateField()
    until = models.DateField()  # the last day of receipt
    domains = models.JSONField(null=True)  # walled domains whose cases were asked about; null: all
    asked_by = models.JSONField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    seconds = models.FloatField(null=True)
    figures = models.JSONField(default=dict)
    cases = models.BinaryField(default=bytes)  # those that were late or would have been, packed: see rules.findings
    failure = models.TextField(blank=True)

    objects = RunQuerySet.as_manager()
