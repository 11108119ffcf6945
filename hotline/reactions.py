"""What follows from what, on one page: act → who is told, what is written. The journal defers `react` by name.

Every reaction may run twice (a worker killed in the middle is started again) and does its work once: letters carry the
act's number as their own, notices are unique per person and act.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hotline.cases.actions import recalculate
from hotline.cases.clocks import rule_of
from hotline.cases.models import Case
from hotline.conversations import actions as conversations
from hotline.conversations.models import Conversation
from hotline.journal.models import Act
from hotline.notifications import actions as notify
from hotline.people.models import Person
from hotline.people.queries import holders
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OutcomeKind, Role

Reaction = Callable[[Act, datetime], None]


# --- letters to the citizen --------------------------------------------------------------------------------------------
def acknowledge_conversation(act: Act, now: datetime) -> None:
    """A message that became no case yet: say that it arrived and how to add to it."""
    conversation = Conversation.objects.select_related("hotline", "citizen").get(pk=act.subject_id)
    if conversation.channel in ("email", "web") and act.after.get("answer", True):  # never to what a machine wrote
        notify.write_in_conversation(
            conversation, "received", "acknowledgement", now, _once(act), at=conversation.opened_at
        )


def acknowledge_case(act: Act, now: datetime) -> None:
    """The case code and the reporter's own link."""
    notify.write_to_citizen(_case(act), "opened", "acknowledgement", now, _once(act))


def tell_citizen_who_handles(act: Act, now: datetime) -> None:
    """Which agency, and by when it answers."""
    case = _case(act)
    notify.write_to_citizen(
        case, "assigned", "notice", now, _once(act), agency=act.after["agency_name"], due_at=case.due_at
    )


def tell_citizen_of_reopening(act: Act, now: datetime) -> None:
    """Taken up again, by whom, by when."""
    case = _case(act)
    notify.write_to_citizen(
        case, "reopened", "notice", now, _once(act), agency=act.after["agency_name"], due_at=case.due_at
    )


def tell_citizen_new_date(act: Act, now: datetime) -> None:
    """The one reschedule, with its reason (Quyết định 1519: không quá 1 lần)."""
    case = _case(act)
    notify.write_to_citizen(
        case, "rescheduled", "notice", now, _once(act), agency=_agency(case), due_at=case.promised_at, reason=act.note
    )


def tell_citizen_not_reopened(act: Act, now: datetime) -> None:
    """Why not, and what else can be done."""
    notify.write_to_citizen(_case(act), "reopen_refused", "notice", now, _once(act), reason=act.note)


def tell_citizen_it_ended(act: Act, now: datetime) -> None:
    """Withdrawn or merged."""
    case = _case(act)
    outcome = OutcomeKind(case.outcome).label.vi.lower()
    notify.write_to_citizen(case, "closed", "notice", now, _once(act), outcome=outcome, reason=act.note)


# --- notices to officers -----------------------------------------------------------------------------------------------
def tell_agency(act: Act, now: datetime) -> None:
    """The agency's focal people."""
    case = _case(act)
    _tell(_holders(Role.FOCAL_PERSON, case, now), act, case, now)


def tell_holder_and_head(act: Act, now: datetime) -> None:
    """Whoever works on it, and the head."""
    case = _case(act)
    _tell(_holders(Role.FOCAL_PERSON, case, now) + _holders(Role.HEAD, case, now), act, case, now)


def tell_head(act: Act, now: datetime) -> None:
    """The agency's head."""
    case = _case(act)
    _tell(_holders(Role.HEAD, case, now), act, case, now)


def tell_coordinator(act: Act, now: datetime) -> None:
    """The coordinating office."""
    case = _case(act)
    _tell(_everyone(Role.COORDINATOR, now), act, case, now)


def tell_desk(act: Act, now: datetime) -> None:
    """Shift leaders: a case came back to the desk."""
    case = _case(act)
    _tell(_everyone(Role.SHIFT_LEADER, now), act, case, now)


def tell_next_level(act: Act, now: datetime) -> None:
    """A clock warns or has run out: its owner, and whom the edition names for it."""
    case = _case(act)
    rule = rule_of(case.edition, act.after["clock"])
    people: list[Person] = []
    for role in {rule.owner, *rule.tells}:
        people += _holders(role, case, now) if role in (Role.FOCAL_PERSON, Role.HEAD) else _everyone(role, now)
    _tell(people, act, case, now)


# --- due moments -------------------------------------------------------------------------------------------------------
def recompute_due_moments(act: Act, now: datetime) -> None:
    """A calendar changed: what was computed on it is computed anew."""
    recalculate(act.subject_id, now=now)


# --- the page ----------------------------------------------------------------------------------------------------------
REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "conversation.received": (acknowledge_conversation,),
    "case.opened": (acknowledge_case,),
    "case.assigned": (tell_agency, tell_citizen_who_handles),
    "case.decided": (tell_agency, tell_citizen_who_handles),
    "case.reassigned": (tell_agency, tell_citizen_who_handles),
    "case.returned": (tell_desk, tell_coordinator),
    "case.submitted": (tell_head,),
    "case.sent_back": (tell_agency,),
    "case.taken_over": (tell_agency,),
    "case.urged": (tell_holder_and_head,),
    "case.rescheduled": (tell_citizen_new_date, tell_head),
    "case.warned": (tell_next_level,),
    "case.overdue": (tell_next_level,),
    "case.followed_up": (tell_agency,),
    "case.rated": (tell_holder_and_head,),
    "case.reopen_asked": (tell_coordinator, tell_holder_and_head),
    "case.reopened": (tell_agency, tell_citizen_of_reopening),
    "case.reopen_refused": (tell_citizen_not_reopened,),
    "case.withdrawn": (tell_citizen_it_ended,),
    "case.merged": (tell_citizen_it_ended,),
    "calendar.changed": (recompute_due_moments,),
}

NOTICES: dict[str, Label] = {
    "case.assigned": Label("Phiếu mới chuyển đến: {summary}", "New case: {summary}"),
    "case.decided": Label("Điều phối quyết định giao xử lý: {summary}", "Given to you by decision: {summary}"),
    "case.reassigned": Label("Phiếu được giao lại cho đơn vị: {summary}", "Case given to your agency: {summary}"),
    "case.returned": Label("Phiếu bị chuyển trả: {summary}", "Case returned: {summary}"),
    "case.submitted": Label("Trình duyệt trả lời: {summary}", "Answer for approval: {summary}"),
    "case.sent_back": Label("Thủ trưởng trả lại dự thảo: {summary}", "Draft sent back by the head: {summary}"),
    "case.taken_over": Label("Thủ trưởng trực tiếp xử lý: {summary}", "Taken over by the head: {summary}"),
    "case.urged": Label("Đôn đốc xử lý: {summary}", "Please hurry: {summary}"),
    "case.rescheduled": Label("Đã hẹn lại người dân: {summary}", "Rescheduled: {summary}"),
    "case.warned": Label("Sắp đến hạn: {summary}", "Due soon: {summary}"),
    "case.overdue": Label("Trễ hạn (đang chờ xử lý): {summary}", "Overdue: {summary}"),
    "case.followed_up": Label("Người dân bổ sung nội dung: {summary}", "The citizen wrote again: {summary}"),
    "case.rated": Label("Người dân đã đánh giá: {summary}", "Rated by the citizen: {summary}"),
    "case.reopen_asked": Label("Người dân đề nghị xử lý lại: {summary}", "Reopening asked for: {summary}"),
    "case.reopened": Label("Phiếu được mở lại: {summary}", "Case reopened: {summary}"),
}

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=5)


@app.task(name="react", retry=_RETRY)
def react(act_id: int) -> None:
    """Do what follows from one act."""
    act = Act.objects.get(pk=act_id)
    now = timezone.now()
    for reaction in REACTIONS.get(act.kind, ()):
        reaction(act, now)


# 30 s, 2½ min, 12 min, 1 h, 5 h, 26 h: from a hiccup to a mail server that is down over a weekend.
@app.task(name="deliver", retry=RetryStrategy(max_attempts=8, wait=5, exponential_wait=5))
def deliver(contact_id: int) -> None:
    """Send one queued message; a fault that may pass is tried again, for days."""
    conversations.deliver(contact_id, now=timezone.now())


# --- small questions ---------------------------------------------------------------------------------------------------
def _once(act: Act) -> str:
    return f"act-{act.pk}"


def _case(act: Act) -> Case:
    related = ("agency", "edition", "hotline", "conversation__citizen", "conversation__hotline")
    return Case.objects.select_related(*related).get(pk=act.subject_id)


def _agency(case: Case) -> str:
    return case.agency.name if case.agency else case.hotline.name


def _holders(role: Role, case: Case, now: datetime) -> list[Person]:
    if case.agency_id is None:
        return []
    return list(holders(role, timezone.localdate(now), case.agency_id))


def _everyone(role: Role, now: datetime) -> list[Person]:
    return list(holders(role, timezone.localdate(now)))


def _tell(people: list[Person], act: Act, case: Case, now: datetime) -> None:
    words = NOTICES[act.kind]
    summary = f"{case.code} · {case.summary}"
    text = Label(words.vi.format(summary=summary), words.en.format(summary=summary))
    others = [p for p in people if not (act.actor["kind"] == "person" and act.actor["id"] == p.pk)]
    notify.tell(others, act_id=act.pk, kind=act.kind, case=case, text=text, now=now)
