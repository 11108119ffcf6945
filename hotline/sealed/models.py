"""Sealed records, in a schema of their own that the product's ordinary role cannot read (docs/decisions/0006).

The tables are made in SQL by their owner (migration 0001), so Django does not manage them; it reads and writes them only
inside `sealed.wall.inside`. No key leads out of the schema and none leads in: other tables can be emptied, exported and
joined as if these were not there. Names of hotlines and people stand here as they were that day.
"""

from __future__ import annotations

import uuid

from django.db import models

from hotline.sealed.querysets import RecordQuerySet


class Record(models.Model):
    """What is accused. Nothing in this row says who said it."""

    ref = models.CharField(max_length=12, unique=True)  # M-7KQ2M9X: not guessable, tells nothing
    hotline_id = models.BigIntegerField()
    hotline_name = models.CharField(max_length=200)
    channel = models.CharField(max_length=16)
    accused = models.CharField(max_length=500)  # the person or body, as it was said
    matter = models.TextField()
    evidence = models.TextField(
        blank=True
    )  # Luật Tố cáo 25/2018, Điều 25.2: what concrete evidence is offered; "" none
    anonymous = models.BooleanField(default=False)
    protection = models.BooleanField(default=False)  # Điều 50.3: urgent protection was asked for
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    forward_due_at = models.DateTimeField()  # Điều 24.2: five working days
    remind_at = models.DateTimeField(null=True, blank=True)  # before the limit, then at it; null: no more
    state = models.CharField(max_length=16)  # sealed.rules.State
    passed_on = models.TextField(blank=True)  # what was passed on, without the denouncer's identity
    forwarded_to = models.CharField(max_length=300, blank=True)
    forwarded_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    ending = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = RecordQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = '"sealed"."record"'

    def __str__(self) -> str:
        return self.ref


class Denouncer(models.Model):
    """Who said it: apart from what was said, read for itself, for a reason that is kept (Điều 8.3, 47, 56)."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="denouncer")
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=300, blank=True)

    class Meta:
        managed = False
        db_table = '"sealed"."denouncer"'


class Message(models.Model):
    """A message as it was said, signature and all: part of the denouncer's side of the record."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    ours = models.BooleanField(default=False)
    channel = models.CharField(max_length=16)
    source = models.CharField(max_length=100, blank=True)
    external_id = models.CharField(max_length=300)
    message_id = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    raw = models.BinaryField(null=True, blank=True)

    class Meta:
        managed = False
        db_table = '"sealed"."message"'


class Thread(models.Model):
    """A reference the citizen was given before: what they write under it belongs to the record, not to the desk."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="threads")
    code = models.CharField(max_length=24, unique=True)

    class Meta:
        managed = False
        db_table = '"sealed"."thread"'


class File(models.Model):
    """A file, its bytes in the table: no folder an operator walks through holds them."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="files")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    left_behind = models.CharField(max_length=200, blank=True)  # where it lay before, until it is gone from there

    class Meta:
        managed = False
        db_table = '"sealed"."file"'


class Entry(models.Model):
    """A line of the register: who looked at or did what, when and why. Only added to (a trigger refuses the rest)."""

    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="entries")
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=300, blank=True)
    deed = models.CharField(max_length=16)  # sealed.rules.Deed
    why = models.TextField(blank=True)

    class Meta:
        managed = False
        db_table = '"sealed"."entry"'
