"""Templates of letters and reports, the documents written from them, their numbers, and what leaders said of them.

An issued document never changes: the database refuses it (migration 0001), its bytes' SHA-256 stands in the journal.
"""

from __future__ import annotations

import uuid

from django.db import models

from hotline.documents.querysets import DocumentQuerySet


class Template(models.Model):
    """The words a document of a kind begins with; officers' changes survive a pack that is loaded again."""

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    kind = models.CharField(max_length=24)  # documents.rules.DocumentKind
    title = models.CharField(max_length=200)  # what it is called in the list of templates
    symbol = models.CharField(max_length=40, blank=True)  # behind the number: "BC-VP"; empty: from kind and office
    subject = models.CharField(max_length=300)
    recipient = models.CharField(max_length=300, blank=True)
    body = models.TextField()
    copies = models.TextField(blank=True)  # nơi nhận, one a line
    signing = models.CharField(max_length=300, blank=True)  # "TL. CHỦ TỊCH", then the post
    active = models.BooleanField(default=True)
    by_hand = models.BooleanField(default=False)  # an officer wrote or changed it: a pack loaded again leaves it alone
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "key"], name="template_key")]
        ordering = ["kind", "title", "id"]

    def __str__(self) -> str:
        return self.title


def _path(document: Document, filename: str) -> str:
    # A random name: nothing is guessed, and a draft that was rolled back stands in nobody's way.
    return f"documents/{document.year or 0}/{uuid.uuid4().hex}"


class Document(models.Model):
    """One letter or report: written, submitted, sent back or issued under a number."""

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=24)  # documents.rules.DocumentKind
    domain = models.CharField(max_length=40, blank=True)  # of its cases, copied: who may read it at all
    office = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    office_name = models.CharField(max_length=200)  # as it was called that day
    authority = models.CharField(max_length=200, blank=True)  # whose office it is
    heading = models.CharField(max_length=8, default="state")  # regulation.pack.Heading: a State or a Party paper
    state = models.CharField(max_length=12, default="draft")  # documents.rules.DocumentState

    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)  # drawn when it is issued, none left out
    symbol = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=60, blank=True)  # "07/BC-VP"
    issued_on = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=80)
    recipient = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    copies = models.TextField(blank=True)
    signing = models.CharField(max_length=300, blank=True)  # quyền hạn, chức vụ
    signatory = models.CharField(max_length=200, blank=True)  # the name under it, of who issued it
    signed_by = models.JSONField(default=dict)  # snapshot, as in the journal
    addressed_to = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")

    author = models.JSONField(default=dict)
    comment = models.TextField(blank=True)  # why it was sent back
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    pdf = models.FileField(upload_to=_path, max_length=200, blank=True)
    docx = models.FileField(upload_to=_path, max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    docx_sha256 = models.CharField(max_length=64, blank=True)

    cases = models.ManyToManyField("cases.Case", through="About", related_name="documents")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "office", "kind", "year", "number"],
                name="one_number",
                nulls_distinct=False,
                condition=models.Q(number__isnull=False),
            ),
            models.CheckConstraint(
                condition=~models.Q(state="issued") | models.Q(number__isnull=False, issued_at__isnull=False),
                name="issued_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["-written_at", "-id"], name="document_newest"),
            models.Index(fields=["state", "-written_at", "-id"], name="document_state"),
        ]

    def __str__(self) -> str:
        return self.code or self.subject


class About(models.Model):
    """A case a document is about, in its place."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="about")
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "case"], name="about_once")]
        ordering = ["position", "id"]


class Series(models.Model):
    """The last number given in one series; the row is locked while a number is drawn, so none is left out or given twice."""

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    office = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["hotline", "office", "kind", "year"], name="one_series", nulls_distinct=False
            )
        ]


class Opinion(models.Model):
    """What a leader said of a report; of a synthesis also which suggestions are adopted. Said once, never changed."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="opinion")
    words = models.TextField()
    by = models.JSONField()  # snapshot, as in the journal
    at = models.DateTimeField()
    adopted = models.ManyToManyField("cases.Case", blank=True, related_name="+")
