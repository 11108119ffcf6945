"""Experts, their rota, what was passed to the standing unit, and every attempt to connect somebody with an expert."""

from __future__ import annotations

from django.db import models

from hotline.experts.querysets import ReferralQuerySet


class Expert(models.Model):
    """Somebody outside the civil service who helps: "đội ngũ bác sĩ đồng hành hỗ trợ".

    `phone` is for connecting only: no page, list, export or journal row shows it.
    """

    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    specialty = models.CharField(max_length=200)
    workplace = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=32)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """One expert on duty from one moment to another."""

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="shifts")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ends_at", "begins_at"], name="shift_time"),
            models.Index(fields=["expert", "begins_at"], name="shift_expert"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("begins_at")), name="shift_ends_later")
        ]


class Referral(models.Model):
    """A conversation that the call-taker passed to the standing unit, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ kết nối"
        CONNECTED = "connected", "Đang kết nối"
        ANSWERED = "answered", "Đã trả lời"
        RETURNED = "returned", "Đã trả về bàn tiếp nhận"

    conversation = models.ForeignKey("conversations.Conversation", models.PROTECT, related_name="referrals")
    agency = models.ForeignKey("organisation.Agency", models.PROTECT, related_name="+")  # the standing unit
    reason = models.CharField(max_length=16)  # why the call-taker could not answer
    question = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    referred_at = models.DateTimeField()
    referred_by = models.JSONField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)  # what the expert said, as it was written down
    expert = models.ForeignKey(Expert, models.PROTECT, null=True, blank=True, related_name="+")  # who said it
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["agency", "referred_at", "id"],
                name="referral_open",
                condition=models.Q(state__in=["waiting", "connected"]),
            ),
            models.Index(
                fields=["agency", "-ended_at", "-id"],
                name="referral_ended",
                condition=models.Q(state__in=["answered", "returned"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                name="one_open_referral",
                condition=models.Q(state__in=["waiting", "connected"]),
            ),
        ]


class Connection(models.Model):
    """One attempt to reach one expert for one referral: asked when, answered how, ended when."""

    class State(models.TextChoices):
        ASKED = "asked", "Đang hỏi"
        ACCEPTED = "accepted", "Đã nhận"
        DECLINED = "declined", "Từ chối"
        NO_ANSWER = "no_answer", "Không trả lời"
        ENDED = "ended", "Đã kết thúc"

    # Goes with the conversation when that turns out to be a denunciation and is taken out whole.
    referral = models.ForeignKey(Referral, models.CASCADE, related_name="connections")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="connections")
    expert_name = models.CharField(max_length=200)  # as it was that day
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    on_duty = models.BooleanField()  # on the rota at that moment
    asked_at = models.DateTimeField()
    asked_by = models.JSONField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], name="one_open_connection", condition=models.Q(state__in=["asked", "accepted"])
            ),
        ]
