"""Question-and-answer sets that agencies own, every version of every answer, and the questions nobody could answer."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from hotline.knowledge.querysets import EntryQuerySet, GapQuerySet


class QuestionSet(models.Model):
    """ "bộ câu hỏi và trả lời" of one agency; who owns the set owns its entries."""

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=300)
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="question_sets")
    synonyms = models.JSONField(default=list)  # groups of words that mean the same

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hotline", "key"], name="question_set_key")]

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """A question and the answer that may be given to it, from one day to another."""

    class State(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        APPROVED = "approved", "Đã duyệt"
        RETIRED = "retired", "Ngừng dùng"

    question_set = models.ForeignKey(QuestionSet, models.PROTECT, related_name="entries")
    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    key = models.SlugField(max_length=100)
    field = models.ForeignKey("hotlines.Field", models.PROTECT, null=True, blank=True, related_name="+")
    question = models.CharField(max_length=500)
    answer = models.TextField()
    phrasings = models.TextField(blank=True)  # the same question in other words, one a line
    source = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # the last day
    review_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    public = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    by_hand = models.BooleanField(default=False)  # an officer wrote or changed it: a pack loaded again leaves it alone
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    # What is asked is looked through first: it is short, so it is quick and says more than a word in some answer.
    heading = models.GeneratedField(
        expression=models.Func(
            models.F("question"), models.F("phrasings"), models.Value(""), function="knowledge_search"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=models.Func(
            models.F("question"), models.F("phrasings"), models.F("answer"), function="knowledge_search"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(fields=["hotline", "key"], name="entry_key")]
        indexes = [
            # Written rarely and asked all day: no list of pending words for every search to walk through.
            GinIndex(fields=["heading"], name="entry_heading", fastupdate=False),
            GinIndex(fields=["search"], name="entry_search", fastupdate=False),
            models.Index(fields=["question_set", "state", "-changed_at", "-id"], name="entry_set"),
            models.Index(fields=["hotline", "-uses", "-id"], name="entry_used", condition=models.Q(state="approved")),
            models.Index(fields=["hotline", "-changed_at", "-id"], name="entry_changed"),
            models.Index(fields=["review_on"], name="entry_review", condition=models.Q(state="approved")),
            models.Index(fields=["valid_to"], name="entry_expiry", condition=models.Q(state="approved")),
        ]

    def __str__(self) -> str:
        return self.question


class EntryVersion(models.Model):
    """An entry as it stood after a change; what was told that day can be read again years later."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()  # question, answer, phrasings, source, field, dates, state, public
    at = models.DateTimeField()
    by = models.JSONField()  # snapshot, as in the journal

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_version")]


class Gap(models.Model):
    """A question that could not be answered from the base, however often it was asked. Closed by writing the entry."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa có câu trả lời"
        CLOSED = "closed", "Đã bổ sung"
        DISMISSED = "dismissed", "Không bổ sung"

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    field = models.ForeignKey("hotlines.Field", models.PROTECT, null=True, blank=True, related_name="+")
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    question = models.CharField(max_length=500)
    folded = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="gaps")
    note = models.CharField(max_length=500, blank=True)

    objects = GapQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["folded"], name="gap_folded", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["-count", "-id"], name="gap_open", condition=models.Q(state="open")),
        ]


class Sighting(models.Model):
    """One time a question stayed unanswered: in which conversation, why, and who said so."""

    gap = models.ForeignKey(Gap, models.CASCADE, related_name="sightings")
    conversation = models.ForeignKey("conversations.Conversation", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=16)
    question = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.JSONField()
