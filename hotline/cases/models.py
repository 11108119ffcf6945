"""Cases (phiếu phản ánh, kiến nghị), their clocks, answers and ratings. Tables decide nothing."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from hotline.cases.obligations.querysets import ObligationQuerySet
from hotline.cases.querysets import CaseQuerySet
from hotline.regulation.clocks import UNFINISHED
from hotline.regulation.lifecycle import OPEN_STATES, State

_OPEN = sorted(str(s) for s in OPEN_STATES)
_UNFINISHED = sorted(str(s) for s in UNFINISHED)
_OWED = models.Q(met_at__isnull=True, lifted_at__isnull=True)


class Case(models.Model):
    """One report under regulation: who must do what before when."""

    number = models.BigIntegerField(unique=True)
    code = models.CharField(max_length=24, unique=True)  # ABC-2026-004217
    token = models.CharField(max_length=43, unique=True)  # the secret link of the reporter
    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT)
    edition = models.ForeignKey("hotlines.Edition", models.PROTECT)
    conversation = models.ForeignKey("conversations.Conversation", models.PROTECT, related_name="cases")
    citizen = models.ForeignKey("citizens.Citizen", models.SET_NULL, null=True, blank=True)

    domain = models.CharField(max_length=40, blank=True)  # of its field, copied: who may read it at all
    kind = models.CharField(max_length=24)  # regulation.lifecycle.CaseKind
    field = models.ForeignKey("hotlines.Field", models.PROTECT)
    area = models.ForeignKey("organisation.Area", models.PROTECT, null=True, blank=True)
    place = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    summary = models.CharField(max_length=300)
    content = models.TextField()
    urgency = models.CharField(max_length=12, default="normal")
    public = models.BooleanField(default=False)

    state = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(default=1)  # who: how high it has come on the edition's ladder
    mode = models.CharField(max_length=40, blank=True)  # how it is answered: the key of the edition's response mode
    round = models.PositiveSmallIntegerField(default=1)  # reopening begins the next
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    suggested_agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    suggested_why = models.CharField(max_length=300, blank=True)
    focal_person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    bound = models.BooleanField(default=False)  # the coordinator decided: may not be returned again

    # The nearest running duty, copied from its clock so that lists order and count without joining.
    due_at = models.DateTimeField(null=True, blank=True)
    due_clock = models.CharField(max_length=40, blank=True)
    late_at = models.DateTimeField(null=True, blank=True)  # first breach; never cleared: trễ hạn stays on the record
    promised_at = models.DateTimeField(null=True, blank=True)  # what the citizen was told last
    reschedules = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)

    received_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopen_until = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    # Rare on the way in, so their indexes hold only the rows that have them.
    parent = models.ForeignKey(  # split from it (Luật Tiếp công dân, Điều 25)
        "self", models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats", db_index=False)
    hide_identity = models.BooleanField(default=False)  # whoever handles it does not learn who reported it
    follow_ups = models.PositiveSmallIntegerField(default=0)  # messages of the reporter while it is open
    stars = models.PositiveSmallIntegerField(null=True, blank=True)

    version = models.PositiveIntegerField(default=1)  # the second saver of two is told
    search = models.GeneratedField(
        expression=models.Func(
            models.F("code"), models.F("summary"), models.F("content"), models.F("place"), function="case_search"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["agency", "due_at", "id"], name="case_inbox", condition=models.Q(state__in=_OPEN)),
            models.Index(fields=["due_at", "id"], name="case_due", condition=models.Q(state__in=_OPEN)),
            models.Index(fields=["state", "due_at", "id"], name="case_state", condition=models.Q(state__in=_OPEN)),
            models.Index(fields=["late_at", "id"], name="case_late_open",
                         condition=models.Q(state__in=_OPEN, late_at__isnull=False)),
            models.Index(fields=["agency", "-received_at", "-id"], name="case_agency_newest"),
            models.Index(fields=["-received_at", "-id"], name="case_newest"),
            # Behind a wall: the same two orders, for one domain. Empty where the pack has none, and then so are these.
            models.Index(fields=["domain", "due_at", "id"], name="case_domain_due",
                         condition=models.Q(state__in=_OPEN) & ~models.Q(domain="")),
            models.Index(fields=["domain", "-received_at", "-id"], name="case_domain_newest", condition=~models.Q(domain="")),
            models.Index(fields=["-answered_at", "-id"], name="case_published",
                         condition=models.Q(public=True, answered_at__isnull=False)),
            # Written when an answer goes out, not on the way in: what everybody may read, by place, field and lateness.
            models.Index(fields=["area", "-answered_at", "-id"], name="case_published_area",
                         condition=models.Q(public=True, answered_at__isnull=False)),
            models.Index(fields=["field", "-answered_at", "-id"], name="case_published_field",
                         condition=models.Q(public=True, answered_at__isnull=False)),
            models.Index(fields=["hotline", "-answered_at", "-id"], name="case_published_line",
                         condition=models.Q(public=True, answered_at__isnull=False)),
            models.Index(fields=["-answered_at", "-id"], name="case_published_late",
                         condition=models.Q(public=True, answered_at__isnull=False, late_at__isnull=False)),
            models.Index(fields=["citizen", "-received_at"], name="case_citizen"),
            models.Index(fields=["reopen_until"], name="case_settle", condition=models.Q(state=str(State.ANSWERED))),
            GinIndex(fields=["search"], name="case_search"),
            models.Index(fields=["parent"], name="case_parent", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["repeat_of"], name="case_repeat_of", condition=models.Q(repeat_of__isnull=False)),
            # What may be about the same matter: by commune, and for what has a point by a strip of latitude.
            models.Index(fields=["field", "area", "-received_at"], name="case_matter", condition=models.Q(state__in=_OPEN)),
            models.Index(fields=["field", "lat"], name="case_near", condition=models.Q(state__in=_OPEN, lat__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        """Somebody still owes something."""
        return self.state in OPEN_STATES


class Clock(models.Model):
    """A promise about the future as a row; the sweeper claims `next_at` with a conditional update."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    key = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")
    participant = models.ForeignKey(
        "Participation", models.PROTECT, null=True, blank=True, related_name="clocks", db_index=False
    )
    calendar = models.ForeignKey("calendars.Calendar", models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)  # regulation.lifecycle.ClockState
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    resumed_at = models.DateTimeField(null=True, blank=True)
    remaining = models.DurationField(null=True, blank=True)  # what was left when last paused, in the limit's own measure
    breached_at = models.DateTimeField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    promised = models.BooleanField(default=False)  # the due moment was promised to the citizen (hẹn lại), not computed
    warned = models.PositiveSmallIntegerField(default=0)  # how many of the edition's warnings are out
    next_at = models.DateTimeField(null=True, blank=True)  # next warning or the breach; null: nothing to come

    class Meta:
        constraints = [
            # A second verification in one round is a second clock; two that count at once would be a mistake. Cooperating
            # agencies each have their own.
            models.UniqueConstraint(fields=["case", "key", "round", "participant"], name="one_unfinished_clock",
                                    condition=models.Q(state__in=_UNFINISHED), nulls_distinct=False)
        ]
        indexes = [models.Index(fields=["next_at", "id"], name="clock_next", condition=models.Q(next_at__isnull=False))]


class Obligation(models.Model):
    """Something owed on a case besides handling it: two replies, a report, a letter. Owed until it is met, also after the
    answer; its clock runs and is breached like any other. What lists order and narrow by is copied from the clock."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="obligations", db_index=False)
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=24)  # regulation.lifecycle.ObligationKind
    round = models.PositiveSmallIntegerField(default=1)
    owner = models.CharField(max_length=24)  # regulation.lifecycle.Role: who owes it
    agency = models.ForeignKey(
        "organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    clock = models.OneToOneField(Clock, models.CASCADE, related_name="obligation")
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True, blank=True)
    met_by = models.JSONField(default=dict)  # snapshot, as in the journal
    lifted_at = models.DateTimeField(null=True, blank=True)  # no longer owed, without having been met
    evidence = models.JSONField(default=dict)  # what shows that it was met: the step, the contact, the document

    objects = ObligationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="obligation_case"),
            models.Index(fields=["due_at", "id"], name="obligation_due", condition=_OWED),
            models.Index(fields=["owner", "due_at", "id"], name="obligation_owner", condition=_OWED),
            models.Index(fields=["agency", "owner", "due_at", "id"], name="obligation_agency", condition=_OWED),
        ]

    @property
    def is_owed(self) -> bool:
        """Neither met nor lifted."""
        return self.met_at is None and self.lifted_at is None


class Assignment(models.Model):
    """One agency holding the case for a time; a return keeps its reason and proposal (bounces are counted here)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200)  # as it was called that day
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    returned = models.BooleanField(default=False)
    return_reason = models.TextField(blank=True)
    proposed_agency = models.ForeignKey("organisation.Agency", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="assignment_case"),
            models.Index(fields=["until", "agency"], name="assignment_returned", condition=models.Q(returned=True)),
        ]


class Participation(models.Model):
    """One agency asked for its part (phối hợp) in a case that another agency leads (chủ trì)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Đơn vị chủ trì đề xuất"
        ASKED = "asked", "Chờ tiếp nhận"
        ACCEPTED = "accepted", "Đang phối hợp"
        CONTRIBUTED = "contributed", "Đã có ý kiến phối hợp"
        DISAGREED = "disagreed", "Không thống nhất, chờ quyết định"
        DECLINED = "declined", "Từ chối phối hợp"
        RELEASED = "released", "Thôi phối hợp"

    case = models.ForeignKey(Case, models.CASCADE, related_name="participations")
    round = models.PositiveSmallIntegerField(default=1)
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200)  # as it was called that day
    asked = models.TextField()  # what is asked of it
    asked_by = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    due_at = models.DateTimeField(null=True, blank=True)  # copied from its clock, for lists
    reason = models.TextField(blank=True)  # why declined, or what is not agreed
    contribution = models.TextField(blank=True)
    contributed_by = models.JSONField(default=dict)
    contributed_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)  # of a disagreement; it binds
    decided_by = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True, blank=True)  # nothing may be added any more
    attachments = models.ManyToManyField("conversations.Attachment", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "agency"], name="one_participation",
                                    condition=~models.Q(state__in=["declined", "released"])),
        ]
        indexes = [
            models.Index(fields=["agency", "case"], name="participation_seen",
                         condition=~models.Q(state__in=["proposed", "declined", "released"])),
            models.Index(fields=["agency", "due_at", "id"], name="participation_due",
                         condition=models.Q(state__in=["asked", "accepted"], closed_at__isnull=True)),
        ]


class Answer(models.Model):
    """An answer on its way: drafted, submitted to the head, sent back, sent."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã trình thủ trưởng"
        SENT_BACK = "sent_back", "Thủ trưởng trả lại"
        SENT = "sent", "Đã gửi người dân"

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    outcome = models.CharField(max_length=16)  # regulation.lifecycle.OutcomeKind
    body = models.TextField()
    ground = models.CharField(max_length=60, blank=True)  # refusal ground of the edition
    where_to_go = models.TextField(blank=True)
    scheduled_for = models.DateField(null=True, blank=True)  # outcome "scheduled": when it will be done
    author = models.JSONField(default=dict)
    comment = models.TextField(blank=True)  # the head's words when sending back
    approved_by = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    contact = models.ForeignKey("conversations.Contact", models.PROTECT, null=True, blank=True, related_name="+")
    attachments = models.ManyToManyField("conversations.Attachment", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "id"], name="answer_case"),
            models.Index(fields=["sent_at"], name="answer_sent", condition=models.Q(sent_at__isnull=False)),
        ]


class Rating(models.Model):
    """What the citizen said of an answer, once a round."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField(default=1)
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(blank=True)
    resolved = models.BooleanField(null=True, blank=True)  # None: not said
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="one_rating_a_round"),
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="stars_1_to_5"),
        ]
