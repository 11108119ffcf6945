"""What follows from what, on one page: act → who is told, what is written. The journal defers `react` by name.

Every reaction may run twice (a worker killed in the middle is started again) and does its work once: letters carry the
act's number as their own, notices are unique per person and act.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from hotline.cases.actions import pass_on, recalculate, tell_joined, tell_newcomers
from hotline.cases.clocks import rule_of
from hotline.cases.models import Case
from hotline.cases.rules import AGENCY
from hotline.cases.several.queries import asker_of
from hotline.conversations import actions as conversations
from hotline.conversations.models import Contact, Conversation
from hotline.dialogues.models import Dialogue
from hotline.documents.models import Document
from hotline.documents.rules import KINDS as DOCUMENTS
from hotline.documents.rules import DocumentKind
from hotline.hotlines.queries import regulation_of
from hotline.journal.models import Act
from hotline.journal.queries import acts_of
from hotline.notifications import actions as notify
from hotline.notifications.rules import NOTICES
from hotline.people.models import Person
from hotline.people.queries import holders
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OutcomeKind, Role
from hotline.statements.queries import written_once

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
    """The case code and the reporter's own link. What is split off a report is told with all its codes in one letter."""
    if act.after.get("parent"):
        return
    notify.write_to_citizen(_case(act), "opened", "acknowledgement", now, _once(act))


def tell_citizen_who_handles(act: Act, now: datetime) -> None:
    """Which agency, and by when it answers."""
    case = _case(act)
    if case.parent_id and acts_of("case", case.pk).filter(kind="case.opened", at=act.at).exists():
        return  # given to it in the moment it was split off: the one letter about that says so
    notify.write_to_reporters(
        case, "assigned", "notice", now, _once(act), agency=act.after["agency_name"], due_at=case.due_at
    )


def tell_citizen_of_reopening(act: Act, now: datetime) -> None:
    """Taken up again, by whom, by when."""
    case, asked = _case(act), asker_of(act.subject_id, act.pk).code
    told = {"agency": act.after["agency_name"], "due_at": case.due_at, "asked": asked}
    notify.write_to_reporters(case, "reopened", "notice", now, _once(act), **told)


def tell_citizen_new_date(act: Act, now: datetime) -> None:
    """The one reschedule, with its reason (Quyết định 1519: không quá 1 lần)."""
    case = _case(act)
    notify.write_to_reporters(
        case, "rescheduled", "notice", now, _once(act), agency=_agency(case), due_at=case.promised_at, reason=act.note
    )


def tell_citizen_not_reopened(act: Act, now: datetime) -> None:
    """Why not, and what else can be done; to whoever asked, who may have been joined to it."""
    notify.write_to_citizen(asker_of(act.subject_id, act.pk), "reopen_refused", "notice", now, _once(act), reason=act.note)


def tell_citizen_of_split(act: Act, now: datetime) -> None:
    """Every code in one letter, with the agency of each, and what to do about a part that is no case."""
    case = _case(act)
    codes = [act.after["parent"], *act.after["children"]]
    cases = {one.code: one for one in Case.objects.filter(code__in=codes).select_related("agency").defer("search", "content")}
    told = [
        {"code": code, "summary": cases[code].summary, "agency": cases[code].agency, "link": notify.link_to(cases[code])}
        for code in codes
    ]
    notify.write_to_citizen(case, "split", "notice", now, _once(act), cases=told, guidance=act.note)


def tell_citizen_it_was_joined(act: Act, now: datetime) -> None:
    """Handled together with others; whoever was joined to it before comes along and hears the same."""
    notify.write_of_joining(_case(act), act.after.get("brought", ()), now, _once(act))


def pass_on_to_joined(act: Act, now: datetime) -> None:
    """A first reply, a progress report: to everybody who reported the matter."""
    pass_on(act.after["contact"], now=now)


def answer_joined(act: Act, now: datetime) -> None:
    """One answer, as many notices as people who reported the matter."""
    if answer := act.after.get("answer"):
        tell_joined(answer, now=now)


def answer_newcomer(act: Act, now: datetime) -> None:
    """Joined after a letter or the answer went out: they get the last one too."""
    tell_newcomers(act.subject_id, now=now)


def tell_citizen_it_ended(act: Act, now: datetime) -> None:
    """Withdrawn."""
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


def tell_part(act: Act, now: datetime) -> None:
    """The focal people and the head of a cooperating agency."""
    case, day = _case(act), timezone.localdate(now)
    _tell([p for role in AGENCY for p in holders(role, day, act.after["agency"])], act, case, now)


def tell_decider(act: Act, now: datetime) -> None:
    """Agencies do not agree: whom the edition names to decide."""
    case = _case(act)
    rule = regulation_of(case.edition).cooperation
    if rule is not None:
        _tell(_everyone(rule.decided_by, case, now), act, case, now)


def tell_coordinator(act: Act, now: datetime) -> None:
    """The coordinating office."""
    case = _case(act)
    _tell(_everyone(Role.COORDINATOR, case, now), act, case, now)


def tell_desk(act: Act, now: datetime) -> None:
    """Shift leaders: a case came back to the desk."""
    case = _case(act)
    _tell(_everyone(Role.SHIFT_LEADER, case, now), act, case, now)


def tell_next_level(act: Act, now: datetime) -> None:
    """A clock warns or has run out: its owner, and whom the edition names for it."""
    case = _case(act)
    rule = rule_of(case.edition, act.after["clock"])
    people: list[Person] = []
    if part_of := act.after.get("part_of"):  # a cooperating agency's clock: its own people, and whoever else is told
        people += [p for role in AGENCY for p in holders(role, timezone.localdate(now), part_of)]
    for role in {rule.owner, *rule.tells} - (set(AGENCY) if part_of else set()):
        people += _those(role, case, now)
    _tell(people, act, case, now)


def tell_level(act: Act, now: datetime) -> None:
    """A case was raised: the people of the level it came to."""
    case = _case(act)
    _tell(_those(Role(act.after["role"]), case, now), act, case, now)


def tell_who_owes(act: Act, now: datetime) -> None:
    """Something came to be owed: by whom."""
    case = _case(act)
    _tell(_those(rule_of(case.edition, act.after["clock"]).owner, case, now), act, case, now)


# --- due moments -------------------------------------------------------------------------------------------------------
def recompute_due_moments(act: Act, now: datetime) -> None:
    """A calendar changed: what was computed on it is computed anew."""
    recalculate(act.subject_id, now=now)


# --- documents and dialogues -------------------------------------------------------------------------------------------
def tell_leaders(act: Act, now: datetime) -> None:
    """A report asks the leaders: the one it is addressed to, else all who may read it."""
    row = Document.objects.select_related("addressed_to").get(pk=act.subject_id)
    if not DOCUMENTS[DocumentKind(row.kind)].asks_opinion:
        return
    leaders = [row.addressed_to] if row.addressed_to else holders(Role.LEADER, timezone.localdate(now), domain=row.domain)
    _tell_of(list(leaders), act, f"{row.code} · {row.subject}", now)


def tell_signers(act: Act, now: datetime) -> None:
    """A document waits for a signature."""
    row = Document.objects.get(pk=act.subject_id)
    people: list[Person] = []
    for role in DOCUMENTS[DocumentKind(row.kind)].signers:
        agency = row.office_id if role in AGENCY else None
        people += holders(role, timezone.localdate(now), agency, domain=row.domain)
    _tell_of(people, act, row.subject, now)


def tell_invited(act: Act, now: datetime) -> None:
    """The agencies asked to a dialogue or given a task of it, and the leader who chairs."""
    row = Dialogue.objects.select_related("chair").get(pk=act.subject_id)
    day = timezone.localdate(now)
    asked = {*row.agencies.values_list("agency_id", flat=True), *row.tasks.values_list("agency_id", flat=True)}
    people = [p for agency in sorted(asked) for role in AGENCY for p in holders(role, day, agency)]
    _tell_of([*people, *([row.chair] if row.chair else [])], act, row.subject, now)


def tell_office_of_task(act: Act, now: datetime) -> None:
    """A task of a dialogue's conclusions is done."""
    row = Dialogue.objects.get(pk=act.subject_id)
    _tell_of(list(holders(Role.COORDINATOR, timezone.localdate(now), domain=row.domain)), act, row.subject, now)


# --- what is sealed ----------------------------------------------------------------------------------------------------
def tell_officer(act: Act, now: datetime) -> None:
    """A record must be passed on (Luật Tố cáo 2018, Điều 24.2): its reference and its moment, all that is known out here."""
    due_at = timezone.localtime(datetime.fromisoformat(act.after["due_at"]))
    people = list(holders(Role.SEALED_OFFICER, timezone.localdate(now)))
    _tell_of(people, act, f"{act.after['ref']} · {due_at:%H:%M %d/%m/%Y}", now)


# --- reorganisations ---------------------------------------------------------------------------------------------------
def tell_successors(act: Act, now: datetime) -> None:
    """Cases that are not done with came with a decision: the people of each successor, once for all of them."""
    day = timezone.localdate(now)
    for agency_id, count in act.after["cases"].items():
        people = [*holders(Role.FOCAL_PERSON, day, int(agency_id)), *holders(Role.HEAD, day, int(agency_id))]
        text = Label(
            f"{count} phiếu chưa kết thúc của {act.before['name']} chuyển về đơn vị theo {act.note}",
            f"{count} cases of {act.before['name']} that are not closed yet came to your agency by {act.note}",
        )
        notify.tell(people, act_id=act.pk, kind=act.kind, case=None, text=text, now=now)


# --- the simulator -----------------------------------------------------------------------------------------------------
def run_simulation(act: Act, now: datetime) -> None:
    """Somebody asked what would have been late: reckon it."""
    from hotline.simulation.actions import answer  # numpy is loaded by whoever needs it

    answer(act.subject_id, now=now)


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
    "case.mode_set": (tell_agency,),
    "case.level_raised": (tell_level,),
    "case.directed": (tell_holder_and_head, tell_coordinator),
    "case.obligation_owed": (tell_who_owes,),
    "case.obligation_met": (tell_coordinator,),
    "case.interim_replied": (pass_on_to_joined,),
    "case.progress_reported": (tell_coordinator, tell_head, pass_on_to_joined),
    "case.rescheduled": (tell_citizen_new_date, tell_head),
    "case.warned": (tell_next_level,),
    "case.overdue": (tell_next_level,),
    "case.followed_up": (tell_agency,),
    "case.rated": (tell_holder_and_head,),
    "case.reopen_asked": (tell_coordinator, tell_holder_and_head),
    "case.reopened": (tell_agency, tell_citizen_of_reopening),
    "case.reopen_refused": (tell_citizen_not_reopened,),
    "case.withdrawn": (tell_citizen_it_ended,),
    "case.merged": (tell_citizen_it_was_joined,),
    "case.joined": (answer_newcomer,),
    "case.answered": (answer_joined,),
    "case.split": (tell_citizen_of_split,),
    "case.cooperation_asked": (tell_part,),
    "case.cooperation_proposed": (tell_desk, tell_coordinator),
    "case.cooperation_declined": (tell_coordinator, tell_agency),
    "case.cooperation_ended": (tell_part,),
    "case.contributed": (tell_agency,),
    "case.disagreed": (tell_decider, tell_holder_and_head),
    "case.disagreement_decided": (tell_part, tell_holder_and_head),
    "case.repeat_linked": (tell_coordinator, tell_holder_and_head),
    "case.reminded": (tell_holder_and_head,),
    "case.adoption_decided": (tell_coordinator, tell_holder_and_head),
    "document.submitted": (tell_signers,),
    "document.issued": (tell_leaders,),
    "dialogue.invited": (tell_invited,),
    "dialogue.followed_up": (tell_invited,),
    "dialogue.task_done": (tell_office_of_task,),
    "sealed.due_soon": (tell_officer,),
    "sealed.overdue": (tell_officer,),
    "calendar.changed": (recompute_due_moments,),
    "agency.succeeded": (tell_successors,),
    "simulation.asked": (run_simulation,),
}

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=5)


@app.task(name="react", retry=_RETRY)
def react(act_id: int) -> None:
    """Do what follows from one act."""
    act = Act.objects.get(pk=act_id)
    now = timezone.now()
    for reaction in REACTIONS.get(act.kind, ()):
        try:
            reaction(act, now)
        except (Case.DoesNotExist, Conversation.DoesNotExist):
            if not _taken_out(act):
                raise
            return


# 30 s, 2½ min, 12 min, 1 h, 5 h, 26 h: from a hiccup to a mail server that is down over a weekend.
@app.task(name="deliver", retry=RetryStrategy(max_attempts=8, wait=5, exponential_wait=5))
def deliver(contact_id: int) -> None:
    """Send one queued message; a fault that may pass is tried again, for days."""
    if Contact.objects.filter(pk=contact_id).exists():  # else it was taken out meanwhile: nothing more is written there
        conversations.deliver(contact_id, now=timezone.now())


# --- small questions ---------------------------------------------------------------------------------------------------
def _taken_out(act: Act) -> bool:
    """Whether what this act is about was taken out of the ordinary tables before anything followed from it."""
    model = {"case": Case, "conversation": Conversation}.get(act.subject)
    return model is not None and not model._base_manager.filter(pk=act.subject_id).exists()


def _once(act: Act) -> str:
    return f"act-{act.pk}"


@written_once
def _told(*, case: int) -> QuerySet[Case]:
    related = ("agency", "edition", "hotline", "conversation__citizen", "conversation__hotline")
    return Case.objects.select_related(*related).filter(pk=case)


def _case(act: Act) -> Case:
    if found := _told(case=act.subject_id):
        return found[0]
    raise Case.DoesNotExist(act.subject_id)


def _agency(case: Case) -> str:
    return case.agency.name if case.agency else case.hotline.name


def _holders(role: Role, case: Case, now: datetime) -> list[Person]:
    if case.agency_id is None:
        return []
    return list(holders(role, timezone.localdate(now), case.agency_id))


def _those(role: Role, case: Case, now: datetime) -> list[Person]:
    return _holders(role, case, now) if role in (Role.FOCAL_PERSON, Role.HEAD) else _everyone(role, case, now)


def _everyone(role: Role, case: Case, now: datetime) -> list[Person]:
    """Who holds a role and may read the case: nobody hears of what lies behind another wall."""
    return list(holders(role, timezone.localdate(now), domain=case.domain))


def _tell(people: list[Person], act: Act, case: Case, now: datetime) -> None:
    _tell_of(people, act, f"{case.code} · {case.summary}", now, case)


def _tell_of(people: list[Person], act: Act, summary: str, now: datetime, case: Case | None = None) -> None:
    """A notice, also of something that is no case."""
    words = NOTICES[act.kind]
    what = Label(act.after.get("label", ""), act.after.get("label_en", ""))  # of a mode, a level, an obligation
    text = Label(words.vi.format(summary=summary, what=what.vi), words.en.format(summary=summary, what=what.en))
    others = [p for p in people if not (act.actor["kind"] == "person" and act.actor["id"] == p.pk)]
    notify.tell(others, act_id=act.pk, kind=act.kind, case=case, text=text, now=now)
