"""Dialogues of leaders with registered citizens: who registered, who is invited, what was concluded, what became of it."""

from __future__ import annotations

from django.db import models

from hotline.dialogues.querysets import DialogueQuerySet


class Dialogue(models.Model):
    """One dialogue, from the appraisal to the last task of its conclusions."""

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    domain = models.CharField(max_length=40, blank=True)  # of its cases, copied: who may read it at all
    state = models.CharField(max_length=12, default="registered")  # dialogues.rules.DialogueState
    subject = models.CharField(max_length=300)
    appraisal = models.TextField()  # thẩm định: why the leaders themselves
    contents = models.TextField(blank=True)  # what was prepared
    starts_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=300, blank=True)
    online = models.CharField(max_length=300, blank=True)  # the address, where it is held online
    chair = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    conclusions = models.TextField(blank=True)
    minutes = models.ForeignKey("documents.Document", models.SET_NULL, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was called off
    registered_at = models.DateTimeField()
    author = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    objects = DialogueQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "starts_at", "id"], name="dialogue_state")]

    def __str__(self) -> str:
        return self.subject


class Registration(models.Model):
    """Somebody who registered: the case they reported, as a person or for an organisation, and what they want to say."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="registrations")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=200, blank=True)
    contents = models.TextField(blank=True)
    contact = models.ForeignKey("conversations.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    attended = models.BooleanField(null=True, blank=True)  # None: not held yet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dialogue", "case"], name="registered_once")]
        ordering = ["id"]


class Attendance(models.Model):
    """An agency asked to be there, under its name of that day."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="agencies")
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200)
    attended = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dialogue", "agency"], name="asked_once")]
        ordering = ["id"]


class Task(models.Model):
    """One conclusion to be carried out: by whom, until when; shown until it is done."""

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="tasks")
    what = models.TextField()
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.JSONField(default=dict)
    result = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["agency", "due_on"], name="task_open", condition=models.Q(done_at__isnull=True))
        ]
