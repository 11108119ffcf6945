"""Chủ trì, phối hợp: agencies asked for their part in a case that another one leads and answers.

Nothing here changes the case's version: whoever writes the answer meanwhile is not refused for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from hotline.cases.actions.assigning import exists_on
from hotline.cases.actions.work import Work, on, usable_roles
from hotline.cases.models import Case, Participation
from hotline.cases.rules import BEHIND_THE_WALL
from hotline.cases.several import rules
from hotline.conversations.models import Attachment
from hotline.journal.rules import Actor
from hotline.live.rules import agency_topic
from hotline.organisation.models import Agency
from hotline.organisation.queries import name_on
from hotline.people.rules import AGENCY_ROLES
from hotline.refusals import Refused
from hotline.regulation.cooperation import CooperationRule
from hotline.regulation.labels import Label

States = Participation.State
_ENDED = (States.DECLINED, States.RELEASED)


def ask_to_cooperate(
    case: Case | int, agency: Agency, asked: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Participation:
    """Ask an agency for its part, in words; its own clock begins with this moment. Where the edition lets the leading
    agency propose, its people's asking is a proposal that the desk or the coordinator confirms (`confirm_cooperation`).

    Raises Refused (no cooperation in this edition, the lead itself, asked already, too many), Stale.
    """
    words = _said(asked, rules.SAY_WHAT)
    with on(case, actor, now, version) as work:
        rule = _rule(work)
        proposal = rule.lead_proposes and bool(work.roles & AGENCY_ROLES)
        kind = "case.cooperation_proposed" if proposal else "case.cooperation_asked"
        work.check(kind)
        if agency.pk == work.case.agency_id:
            raise Refused(rules.LEADS)
        if not exists_on(agency, work.today):
            raise Refused(
                Label(
                    f"{agency.name} không còn hoạt động vào ngày {work.today:%d/%m/%Y}.",
                    f"{agency.name} does not exist on {work.today:%d/%m/%Y}.",
                )
            )
        if work.case.domain and agency.domain not in ("", work.case.domain):
            raise Refused(BEHIND_THE_WALL)
        others = work.case.participations.filter(round=work.case.round).exclude(state__in=_ENDED)
        taken = set(others.values_list("agency_id", flat=True))
        if agency.pk in taken:
            raise Refused(rules.ALREADY)
        if len(taken) >= rule.most:
            raise Refused(Label(*(words.format(most=rule.most) for words in rules.TOO_MANY)), rule.article)
        part = Participation.objects.create(
            case=work.case,
            round=work.case.round,
            agency=agency,
            agency_name=name_on(agency, work.today),
            asked=words,
            asked_by=actor.snapshot(),
            asked_at=now,
            state=States.PROPOSED if proposal else States.ASKED,
        )
        if not proposal:
            work.clocks.cooperate(part, rule.clock, now)
        _tell(work, kind, part, words)
    return part


def confirm_cooperation(part_id: int, *, actor: Actor, now: datetime) -> Participation:
    """The desk or the coordinator asks the agency that the lead proposed; from now on its clock runs. Raises Refused."""
    with _part(part_id, actor, now) as (work, part):
        work.check("case.cooperation_asked")
        if part.state != States.PROPOSED:
            raise Refused(rules.NOT_ASKABLE)
        part.state, part.asked_at = States.ASKED, now
        work.clocks.cooperate(part, _rule(work).clock, now)
        _tell(work, "case.cooperation_asked", part, part.asked)
    return part


def end_cooperation(part_id: int, reason: str, *, actor: Actor, now: datetime) -> Participation:
    """The desk or the coordinator wants nothing more of an agency, or refuses a proposal; it owes nothing, and no longer
    reads the case. Raises Refused."""
    words = _said(reason, rules.SAY_WHY)
    with _part(part_id, actor, now) as (work, part):
        work.check("case.cooperation_ended")
        if part.closed_at is not None:
            raise Refused(rules.PART_CLOSED)
        part.state, part.reason, part.closed_at = States.RELEASED, words, now
        work.clocks.end_parts(now, part.pk)
        _tell(work, "case.cooperation_ended", part, words)
    return part


def accept_part(part_id: int, *, actor: Actor, now: datetime) -> Participation:
    """The agency takes its part on. Raises Refused."""
    with _own(part_id, "accept_part", actor, now) as (work, part):
        part.state = States.ACCEPTED
        _tell(work, "case.cooperation_accepted", part)
    return part


def decline_part(part_id: int, reason: str, *, actor: Actor, now: datetime) -> Participation:
    """The agency says why it is not for it to do; it owes nothing any more and no longer reads the case. Raises Refused."""
    words = _said(reason, rules.SAY_WHY)
    with _own(part_id, "decline_part", actor, now) as (work, part):
        part.state, part.reason, part.closed_at = States.DECLINED, words, now
        work.clocks.end_parts(now, part.pk)
        _tell(work, "case.cooperation_declined", part, words)
    return part


def contribute(
    part_id: int, words: str, attachments: Sequence[Attachment] = (), *, actor: Actor, now: datetime
) -> Participation:
    """The agency's contribution, which the lead reads beside its draft; said again, it replaces what was said before, and
    its files come on top. `attachments` must be new. Raises Refused."""
    said = _said(words, rules.SAY_IT)
    with _own(part_id, "contribute", actor, now) as (work, part):
        part.state = States.CONTRIBUTED
        part.contribution, part.contributed_by, part.contributed_at = said, actor.snapshot(), now
        part.attachments.add(*(file for file in attachments if file.contact_id is None))
        work.clocks.end_parts(now, part.pk, met=True)
        _tell(work, "case.contributed", part, said)
    return part


def disagree(part_id: int, reason: str, *, actor: Actor, now: datetime) -> Participation:
    """The cooperating agency, or the lead about its contribution, does not agree (không thống nhất): it goes up to whom
    the edition names, and the citizen is not answered before that. Raises Refused."""
    words = _said(reason, rules.SAY_WHY)
    with _part(part_id, actor, now) as (work, part):
        mine = usable_roles(part.agency_id, actor, now) & AGENCY_ROLES
        if not mine and not work.roles & AGENCY_ROLES:
            raise Refused(rules.NOT_A_PART)
        _open_to(part, "disagree")
        part.state, part.reason = States.DISAGREED, words
        if mine:
            work.clocks.end_parts(now, part.pk, met=True)
        _tell(work, "case.disagreed", part, words, met=bool(mine))
    return part


def decide_disagreement(part_id: int, decision: str, *, actor: Actor, now: datetime) -> Participation:
    """The coordinator (or whom the edition names) decides, in words; it binds both, and is in the journal. Raises Refused."""
    words = _said(decision, rules.SAY_WHY)
    with _part(part_id, actor, now) as (work, part):
        rule = _rule(work)
        if not rules.decides(rule, work.roles):
            who = work.edition.word(rule.decided_by)
            raise Refused(
                Label(rules.ONLY_DECIDER.vi.format(who=who.vi), rules.ONLY_DECIDER.en.format(who=who.en)), rule.article
            )
        if part.state != States.DISAGREED:
            raise Refused(rules.NOTHING_TO_DECIDE)
        part.state = States.CONTRIBUTED if part.contribution else States.ACCEPTED
        part.decision, part.decided_by = words, actor.snapshot()
        _tell(work, "case.disagreement_decided", part, words)
    return part


def check_agreed(work: Work) -> None:
    """Whether the lead may answer: nothing that agencies do not agree on awaits a decision. Raises Refused."""
    if work.edition.cooperation and work.case.participations.filter(state=States.DISAGREED, closed_at=None).exists():
        raise Refused(rules.UNDECIDED)


# -- small questions ---------------------------------------------------------------------------------------------------


@contextmanager
def _part(part_id: int, actor: Actor, now: datetime) -> Iterator[tuple[Work, Participation]]:
    """A part, with its case locked; what the verb did to it is written when it is done. Raises Participation.DoesNotExist."""
    case_id = Participation.objects.values_list("case_id", flat=True).get(pk=part_id)
    with on(case_id, actor, now) as work:
        part = Participation.objects.select_related("agency").get(pk=part_id)
        yield work, part
        part.save(
            update_fields=[
                "state",
                "asked_at",
                "reason",
                "contribution",
                "contributed_by",
                "contributed_at",
                "decision",
                "decided_by",
                "closed_at",
            ]
        )


@contextmanager
def _own(part_id: int, step: str, actor: Actor, now: datetime) -> Iterator[tuple[Work, Participation]]:
    """As `_part`, for the people of the cooperating agency alone, while the step is open to them."""
    with _part(part_id, actor, now) as (work, part):
        if not usable_roles(part.agency_id, actor, now) & AGENCY_ROLES:
            raise Refused(rules.NOT_A_PART)
        _open_to(part, step)
        yield work, part


def _open_to(part: Participation, step: str) -> None:
    stands = part_value(part)
    if step not in rules.own_steps(stands):
        raise Refused(rules.DECIDED if stands.decided and not stands.closed else rules.PART_CLOSED)


def part_value(part: Participation) -> rules.Part:
    """A row as the rules look at it."""
    return rules.Part(part.state, part.closed_at is not None, bool(part.decision))


def _rule(work: Work) -> CooperationRule:
    if work.edition.cooperation is None:
        raise Refused(rules.NO_COOPERATION)
    return work.edition.cooperation


def _said(words: str, otherwise: Label) -> str:
    if not words.strip():
        raise Refused(otherwise)
    return words.strip()


def _tell(work: Work, kind: str, part: Participation, note: str = "", **more: Any) -> None:
    """The act of a part; the cooperating agency's lists hear of it too."""
    work.also(
        kind, note, [agency_topic(part.agency_id)], part=part.pk, agency=part.agency_id, part_agency=part.agency_name, **more
    )


__all__ = [
    "accept_part",
    "ask_to_cooperate",
    "check_agreed",
    "confirm_cooperation",
    "contribute",
    "decide_disagreement",
    "decline_part",
    "disagree",
    "end_cooperation",
    "part_value",
]
