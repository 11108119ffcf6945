"""Hotlines of this installation, their dated regulation and their fields."""

from __future__ import annotations

from django.db import models

from hotline.regulation.labels import Label


class Hotline(models.Model):
    """One hotline: a name, numbers, a mailbox, a page, a supervising office."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    authority = models.CharField(max_length=200)
    code_prefix = models.CharField(max_length=8)
    numbers = models.JSONField(default=list)  # [{"number": "0235.1022", "label": "…"}]
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=200, blank=True)
    coordinator = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+", null=True)
    desk = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+", null=True)
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT)
    document = models.JSONField(default=dict)  # the pack's own table, for what pages show

    def __str__(self) -> str:
        return self.short_name


class Edition(models.Model):
    """The regulation in force between two dates, as data. A case keeps the edition it was received under."""

    hotline = models.ForeignKey(Hotline, models.PROTECT, related_name="editions")
    key = models.CharField(max_length=40)
    decision = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    document = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "key"], name="edition_key")]
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return self.decision


class Domain(models.Model):
    """A walled domain of the work: its overseers do not read the other one's cases."""

    key = models.CharField(max_length=40, unique=True)
    vi = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    supervisor = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+")
    heading = models.CharField(max_length=8, default="state")  # regulation.pack.Heading: of the papers its agencies issue
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.vi


class Field(models.Model):
    """A field of work (lĩnh vực); two levels, an open list."""

    hotline = models.ForeignKey(Hotline, models.PROTECT, related_name="fields")
    key = models.SlugField(max_length=60)
    vi = models.CharField(max_length=120)
    en = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    words = models.JSONField(default=list)
    urgent_words = models.JSONField(default=list)
    public = models.BooleanField(default=True)
    domain = models.CharField(max_length=40, blank=True)  # key of the walled domain; empty where the pack has none
    position = models.PositiveIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "key"], name="field_key")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.vi

    @property
    def label(self) -> Label:
        """Its name in the reader's language; a field without an English one keeps the Vietnamese."""
        return Label(self.vi, self.en or self.vi)


class Mailbox(models.Model):
    """A mailbox of a hotline, fetched over IMAP. The password is named, not kept, here: an environment variable."""

    hotline = models.ForeignKey(Hotline, models.PROTECT, related_name="mailboxes")
    address = models.EmailField(unique=True)
    host = models.CharField(max_length=200, blank=True)
    port = models.PositiveIntegerField(default=993)
    tls = models.BooleanField(default=True)
    username = models.CharField(max_length=200, blank=True)
    password_env = models.CharField(max_length=80, blank=True)
    folder = models.CharField(max_length=200, default="INBOX")
    active = models.BooleanField(default=True)
    uidvalidity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(null=True, blank=True)  # null: first connect, what is older is left alone
    failed_uids = models.JSONField(default=dict)  # uid → how often; one bad message never blocks the rest
    checked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.address
