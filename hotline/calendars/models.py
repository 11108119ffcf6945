"""Working calendars as editable rows: weekly hours, days off, make-up working days."""

from __future__ import annotations

from django.db import models


class Calendar(models.Model):
    """A working calendar. An agency's calendar takes its days from `base` and may have hours of its own."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=40, default="Asia/Ho_Chi_Minh")
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    weekly = models.JSONField()  # seven lists of "07:00-11:30", Monday first
    version = models.PositiveIntegerField(default=1)  # every change of hours or days raises it: cached values go stale

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """One day that differs from the week: a day off or a make-up working day (Bộ luật Lao động, Art 111.3, 112)."""

    class Kind(models.TextChoices):
        OFF = "off", "Ngày nghỉ"
        WORKING = "working", "Ngày làm bù"

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind)
    reason_vi = models.CharField(max_length=200)
    reason_en = models.CharField(max_length=200, blank=True)
    tet = models.BooleanField(default=False)
    intervals = models.JSONField(null=True, blank=True)  # null on a working day: the hours of a Monday
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="one_kind_of_day")]
        ordering = ["date"]
