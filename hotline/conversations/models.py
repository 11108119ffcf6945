"""Contacts in conversations: every message, call and form. Most never become a case."""

from __future__ import annotations

import uuid

from django.db import models

from hotline.citizens.rules import letters_in
from hotline.conversations.querysets import ConversationQuerySet


class Conversation(models.Model):
    """One thread with one reporter on one channel."""

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        TAKEN = "taken", "Đang tiếp nhận"
        INCOMPLETE = "incomplete", "Chưa đủ nội dung"
        ANSWERED = "answered", "Đã trả lời ngay"
        OPENED = "opened", "Đã mở phiếu"
        REFERRED = "referred", "Chờ bộ phận Thường trực"
        CLOSED = "closed", "Đã kết thúc"

    ref = models.CharField(max_length=12, unique=True)  # LH-7KQ2M9X: short enough to read out, not guessable in order
    hotline = models.ForeignKey("hotlines.Hotline", models.PROTECT)
    domain = models.CharField(max_length=40, blank=True)  # once it is classified: who may read it at all
    channel = models.CharField(max_length=16)
    citizen = models.ForeignKey("citizens.Citizen", models.SET_NULL, null=True, blank=True)
    # As given that day (habit 6), not as the citizen's record says today.
    reporter_name = models.CharField(max_length=200, blank=True)
    reporter_phone = models.CharField(max_length=32, blank=True)
    reporter_email = models.CharField(max_length=254, blank=True)
    reporter_address = models.CharField(max_length=300, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    preview = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=32, blank=True)
    opened_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()
    taken_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["last_contact_at", "id"], name="conversation_waiting",
                         condition=models.Q(state__in=["waiting", "taken", "incomplete"])),
            models.Index(fields=["citizen", "-opened_at"], name="conversation_citizen"),
            models.Index(fields=["-opened_at", "-id"], name="conversation_opened"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def letters_in(self) -> str:
        """The language we write to this citizen in: "vi" or "en"."""
        return letters_in(self.citizen.language) if self.citizen else "vi"


class RawMessage(models.Model):
    """The message exactly as it arrived, kept before anything is understood of it."""

    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    received_at = models.DateTimeField()


class Contact(models.Model):
    """One message in or out."""

    class Direction(models.TextChoices):
        IN = "in", "Đến"
        OUT = "out", "Đi"

    class Kind(models.TextChoices):
        MESSAGE = "message", "Nội dung"
        ACKNOWLEDGEMENT = "acknowledgement", "Xác nhận đã nhận"
        QUESTION = "question", "Hỏi bổ sung"
        ANSWER = "answer", "Trả lời"
        INTERIM = "interim", "Phản hồi trước kết quả"
        NOTICE = "notice", "Thông báo"
        BOUNCE = "bounce", "Thư bị trả lại"
        AUTO_REPLY = "auto_reply", "Trả lời tự động"
        NOTE = "note", "Ghi chú nội bộ"

    class Delivery(models.TextChoices):
        NONE = "none", ""
        QUEUED = "queued", "Đang chờ gửi"
        SENT = "sent", "Đã gửi"
        RETRYING = "retrying", "Gửi chưa được, sẽ gửi lại"
        FAILED = "failed", "Không gửi được"

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="contacts")
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.MESSAGE)
    channel = models.CharField(max_length=16)
    source = models.CharField(max_length=100, blank=True)  # which mailbox, number or page it came through
    external_id = models.CharField(max_length=300)  # the channel's own id: the same message twice is one contact
    message_id = models.CharField(max_length=300, blank=True)  # for threading of mail, in and out
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()  # received, or written
    author = models.JSONField(default=dict)  # snapshot, as in the journal
    missing = models.JSONField(default=list)  # what the edition's completeness rules lack
    meta = models.JSONField(default=dict)
    raw = models.ForeignKey(RawMessage, models.PROTECT, null=True, blank=True)
    delivery = models.CharField(max_length=10, choices=Delivery, default=Delivery.NONE)
    delivery_error = models.TextField(blank=True)
    delivery_tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "source", "external_id"], name="same_message_is_one_contact")
        ]
        indexes = [
            models.Index(fields=["conversation", "id"], name="contact_conversation"),
            models.Index(fields=["message_id"], name="contact_message_id", condition=~models.Q(message_id="")),
        ]


def _attachment_path(attachment: Attachment, filename: str) -> str:
    return f"attachments/{attachment.key.hex[:2]}/{attachment.key.hex}"


class Attachment(models.Model):
    """A file of a contact or of an answer; its address is a random key, never a number."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="attachments")
    file = models.FileField(upload_to=_attachment_path, max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    @property
    def is_image(self) -> bool:
        """Re-encoded by us, safe to show in a page."""
        return self.width is not None


