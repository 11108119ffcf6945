"""What is done with experts: entered, put on the rota, asked; and with what was passed to the standing unit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from hotline.citizens.rules import normal_phone
from hotline.conversations.actions import add_contact, move, queue_outgoing, topics_of
from hotline.conversations.models import Contact, Conversation
from hotline.experts import rules
from hotline.experts.models import Connection, Expert, Referral, Shift
from hotline.experts.queries import on_duty
from hotline.experts.querysets import STANDING_ROLES
from hotline.hotlines.models import Hotline
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.live.rules import agency_topic
from hotline.organisation.models import Agency
from hotline.people.queries import posts_on
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label

State = Conversation.State
OUTCOME = "expert"  # how a conversation ends that an expert answered

NOT_STANDING = Label(
    "Chỉ người của bộ phận Thường trực được làm việc này.", "Only people of the standing unit may do this."
)
ENDED = Label("Lượt này đã được xử lý xong.", "This has been dealt with already.")
ALREADY = Label("Lượt liên hệ này đang ở bộ phận Thường trực.", "This contact is with the standing unit already.")
OFF_DUTY = Label(
    "Chuyên gia này không trong ca trực. Vui lòng chọn người đang trực.",
    "This expert is not on duty now. Please choose somebody who is.",
)
ASKING = Label(
    "Đang kết nối với một chuyên gia; ghi kết quả trước khi hỏi người khác.",
    "An expert is being asked; record the outcome before asking another.",
)
NOBODY_SPOKE = Label(
    "Cần kết nối với một chuyên gia đã nhận trước khi ghi ý kiến.",
    "An expert must have accepted before their words are written.",
)
WORDS_NEEDED = Label("Vui lòng ghi nội dung.", "Please write what was said.")
BAD_PHONE = Label("Số điện thoại chưa đúng.", "The telephone number is not right.")


# -- passed on, connected, answered ------------------------------------------------------------------------------------


def refer(
    conversation: Conversation, reason: str, question: str, standing: Agency, *, actor: Actor, now: datetime
) -> Referral:
    """Pass a conversation, locked and held by the actor, to the standing unit. It leaves the desk; one that became a case
    stays one. Call inside the caller's transaction. Raises Refused when it is there already."""
    if conversation.referrals.open().exists():
        raise Refused(ALREADY)
    referral = Referral.objects.create(
        conversation=conversation,
        agency=standing,
        reason=reason,
        question=question,
        referred_at=now,
        referred_by=actor.snapshot(),
    )
    before = {"state": conversation.state}
    if conversation.state != State.OPENED:
        conversation.taken_by_id = conversation.taken_at = None
        move(conversation, State.REFERRED, "taken_by", "taken_at")
    record(
        "conversation.referred",
        "conversation",
        conversation.pk,
        actor,
        now,
        before=before,
        after={"state": conversation.state, "to": standing.name, "reason": reason, "referral": referral.pk},
        topics=_topics(conversation, standing.pk),
    )
    return referral


@transaction.atomic
def connect(referral_id: int, expert_id: int, *, version: int, actor: Actor, now: datetime) -> Connection:
    """Ask an expert on duty. Raises Refused (not of the standing unit, another is being asked, off duty), Stale."""
    referral = _open(referral_id, version, actor, now)
    if referral.connections.filter(state__in=["asked", "accepted"]).exists():
        raise Refused(ASKING)
    expert = on_duty(referral.conversation.hotline_id, now).filter(pk=expert_id).first()
    if expert is None:
        raise Refused(OFF_DUTY)
    connection = Connection.objects.create(
        referral=referral, expert=expert, expert_name=expert.name, on_duty=True, asked_at=now, asked_by=actor.snapshot()
    )
    _to(referral, Referral.State.CONNECTED)
    _record(referral, "expert.asked", actor, now, expert=expert.name, connection=connection.pk)
    return connection


@transaction.atomic
def hear(referral_id: int, answer: rules.Answer, *, version: int, actor: Actor, now: datetime) -> Connection:
    """Write down what the expert who was asked did. Declined or no answer: the next one may be asked."""
    referral = _open(referral_id, version, actor, now)
    connection = referral.connections.filter(state=Connection.State.ASKED).first()
    if connection is None:
        raise Refused(ENDED)
    connection.state, connection.answered_at = str(answer), now
    if answer != rules.Answer.ACCEPTED:
        connection.ended_at = now
    connection.save(update_fields=["state", "answered_at", "ended_at"])
    _to(referral, Referral.State.CONNECTED if answer == rules.Answer.ACCEPTED else Referral.State.WAITING)
    _record(referral, f"expert.{answer}", actor, now, expert=connection.expert_name, connection=connection.pk)
    return connection


@transaction.atomic
def finish(referral_id: int, words: str, *, version: int, actor: Actor, now: datetime) -> Referral:
    """Write down what the expert said: the answer at the level of experts. It goes to the citizen on their own channel and
    ends the contact; where a case was opened it is a note to whoever handles the case. Raises Refused, Stale."""
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    referral = _open(referral_id, version, actor, now)
    connection = referral.connections.filter(state=Connection.State.ACCEPTED).first()
    if connection is None:
        raise Refused(NOBODY_SPOKE)
    connection.state, connection.ended_at = Connection.State.ENDED, now
    connection.save(update_fields=["state", "ended_at"])
    referral.note, referral.expert, referral.ended_at = words.strip(), connection.expert, now
    _to(referral, Referral.State.ANSWERED, "note", "expert", "ended_at")
    conversation, of_case = referral.conversation, referral.conversation.state == State.OPENED
    meta = {"outcome": OUTCOME, "level": OUTCOME, "referral": referral.pk, "expert": connection.expert_name}
    if of_case:
        contact = _note(referral, words, actor, now, meta)
    else:
        contact = queue_outgoing(
            conversation,
            kind=Contact.Kind.ANSWER,
            text=words.strip(),
            actor=actor,
            meta=meta,
            now=now,
            external_id=f"expert-{referral.pk}",
        )
    before = {"state": conversation.state}
    if not of_case:
        conversation.outcome = OUTCOME
        move(conversation, State.ANSWERED, "outcome")
    record(
        "conversation.noted" if of_case else "conversation.answered",
        "conversation",
        conversation.pk,
        actor,
        now,
        before=before,
        topics=_topics(conversation, referral.agency_id),
        after={
            "state": conversation.state,
            "outcome": OUTCOME,
            "level": OUTCOME,
            "contact": contact.pk,
            "referral": referral.pk,
            "expert": connection.expert_name,
        },
    )
    return referral


@transaction.atomic
def give_back(referral_id: int, words: str, *, version: int, actor: Actor, now: datetime) -> Referral:
    """Give it back to the desk, with a word why; it takes its old place in the line. Raises Refused, Stale."""
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    referral = _open(referral_id, version, actor, now)
    referral.connections.filter(state__in=["asked", "accepted"]).update(state=Connection.State.ENDED, ended_at=now)
    referral.note, referral.ended_at = words.strip(), now
    _to(referral, Referral.State.RETURNED, "note", "ended_at")
    conversation = referral.conversation
    before = {"state": conversation.state}
    if conversation.state == State.REFERRED:
        move(conversation, State.WAITING)
    _note(referral, words, actor, now, {"referral": referral.pk})
    record(
        "conversation.handed_back",
        "conversation",
        conversation.pk,
        actor,
        now,
        before=before,
        after={"state": conversation.state, "referral": referral.pk},
        topics=_topics(conversation, referral.agency_id),
    )
    return referral


def _note(referral: Referral, words: str, actor: Actor, now: datetime, meta: dict[str, Any]) -> Contact:
    """A note in the thread, read by the staff alone."""
    conversation = referral.conversation
    return add_contact(
        conversation,
        channel=conversation.channel,
        external_id=f"referral-{referral.pk}",
        text=words.strip(),
        author=actor,
        direction=Contact.Direction.OUT,
        kind=Contact.Kind.NOTE,
        meta=meta,
        now=now,
    )


def _open(referral_id: int, version: int, actor: Actor, now: datetime) -> Referral:
    """The referral and its conversation, locked, for somebody of the standing unit it lies with."""
    referral = Referral.objects.select_for_update().get(pk=referral_id)
    _must_stand(actor, referral.agency_id, now)
    if referral.version != version:
        raise Stale
    if referral.state not in (Referral.State.WAITING, Referral.State.CONNECTED):
        raise Refused(ENDED)
    referral.conversation = Conversation.objects.select_for_update().get(pk=referral.conversation_id)
    return referral


def _must_stand(actor: Actor, agency_id: int, now: datetime) -> None:
    """Whoever says to be of the standing unit is asked for the post: at this very agency, today."""
    posts = posts_on(timezone.localdate(now)).filter(
        person_id=actor.id or 0, agency_id=agency_id, role__in=[str(role) for role in STANDING_ROLES]
    )
    if actor.kind != "person" or not posts.exists():
        raise Refused(NOT_STANDING)


def _to(referral: Referral, state: str, *fields: str) -> None:
    referral.state, referral.version = state, referral.version + 1
    referral.save(update_fields=["state", "version", *fields])


def _record(referral: Referral, kind: str, actor: Actor, now: datetime, **after: Any) -> None:
    conversation = referral.conversation
    record(
        kind,
        "conversation",
        conversation.pk,
        actor,
        now,
        after={"referral": referral.pk, **after},
        topics=_topics(conversation, referral.agency_id),
    )


def _topics(conversation: Conversation, standing_id: int) -> list[str]:
    return [*topics_of(conversation), agency_topic(standing_id)]


# -- the pool and its rota ---------------------------------------------------------------------------------------------


@transaction.atomic
def add_expert(
    hotline: Hotline,
    standing: Agency,
    *,
    name: str,
    specialty: str,
    workplace: str = "",
    phone: str,
    actor: Actor,
    now: datetime,
) -> Expert:
    """Enter an expert. The number is kept for connecting and shown nowhere, the journal included. Raises Refused."""
    _must_stand(actor, standing.pk, now)
    number = normal_phone(phone)
    if not number:
        raise Refused(BAD_PHONE)
    expert = Expert.objects.create(
        hotline=hotline, name=name.strip(), specialty=specialty.strip(), workplace=workplace.strip(), phone=number
    )
    record("expert.added", "expert", expert.pk, actor, now, after=_shown(expert))
    return expert


@transaction.atomic
def change_expert(
    expert_id: int,
    standing: Agency,
    *,
    name: str,
    specialty: str,
    workplace: str = "",
    phone: str = "",
    active: bool = True,
    version: int,
    actor: Actor,
    now: datetime,
) -> Expert:
    """Change an expert; an empty `phone` keeps the number there is. Raises Refused, Stale."""
    _must_stand(actor, standing.pk, now)
    expert = Expert.objects.select_for_update().get(pk=expert_id)
    if expert.version != version:
        raise Stale
    if phone and not normal_phone(phone):
        raise Refused(BAD_PHONE)
    before = _shown(expert)
    expert.name, expert.specialty, expert.workplace = name.strip(), specialty.strip(), workplace.strip()
    expert.active, expert.version = active, version + 1
    expert.phone = normal_phone(phone) or expert.phone
    expert.save()
    record("expert.changed", "expert", expert.pk, actor, now, before=before,
           after=_shown(expert) | ({"number": "changed"} if phone else {}))  # fmt: skip
    return expert


def _shown(expert: Expert) -> dict[str, Any]:
    """Everything of an expert but the number."""
    return {"name": expert.name, "specialty": expert.specialty, "workplace": expert.workplace, "active": expert.active}


@transaction.atomic
def add_shift(
    expert_id: int,
    standing: Agency,
    begins_at: datetime,
    ends_at: datetime,
    *,
    rest: timedelta,
    actor: Actor,
    now: datetime,
) -> tuple[Shift, Label | None]:
    """Put an expert on the rota; returns the shift and, where less than `rest` lies between two shifts, the warning, which
    the journal keeps too. Raises Refused for a shift that cannot be."""
    _must_stand(actor, standing.pk, now)
    expert = Expert.objects.select_for_update().get(pk=expert_id)
    near = timedelta(days=2)
    others = [
        rules.Duty(shift.begins_at, shift.ends_at)
        for shift in expert.shifts.filter(begins_at__lt=ends_at + near, ends_at__gt=begins_at - near)
    ]
    duty = rules.Duty(begins_at, ends_at)
    if fault := rules.shift_fault(duty, others):
        raise Refused(fault)
    warning = rules.rest_warning(duty, others, rest)
    shift = Shift.objects.create(expert=expert, begins_at=begins_at, ends_at=ends_at)
    record(
        "expert.rostered",
        "expert",
        expert.pk,
        actor,
        now,
        note=warning.vi if warning else "",
        after={"begins_at": begins_at.isoformat(), "ends_at": ends_at.isoformat(), "shift": shift.pk},
    )
    return shift, warning


@transaction.atomic
def remove_shift(shift_id: int, standing: Agency, *, actor: Actor, now: datetime) -> None:
    """Take a shift that has not ended off the rota; what was is the record. Raises Refused."""
    _must_stand(actor, standing.pk, now)
    shift = Shift.objects.select_for_update().get(pk=shift_id)
    if shift.ends_at <= now:
        raise Refused(Label("Ca trực đã kết thúc, không xóa được.", "A shift that has ended stays on the record."))
    record(
        "expert.off_rota",
        "expert",
        shift.expert_id,
        actor,
        now,
        before={"begins_at": shift.begins_at.isoformat(), "ends_at": shift.ends_at.isoformat()},
    )
    shift.delete()
