"""Who handles a case: given, accepted, returned, decided, moved."""

from __future__ import annotations

from datetime import date, datetime

from hotline.cases import rules
from hotline.cases.actions.work import Work, on
from hotline.cases.models import Assignment, Case, Participation
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency
from hotline.organisation.queries import name_on
from hotline.refusals import Refused
from hotline.regulation import returns
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role, Step


def assign(
    case: Case | int, agency: Agency, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Give a received or returned case to an agency; its focal person's clock starts, or runs on after a return.

    Raises Refused, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.ASSIGN)
        hand_to(work, agency, note)
    return work.case


def decide(
    case: Case | int, agency: Agency, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """The coordinator decides who handles a case returned too often; where the edition says so, the decision binds.

    Raises Refused, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.DECIDE)
        work.case.bound = True
        hand_to(work, agency, note)
    return work.case


def reassign(
    case: Case | int, agency: Agency, *, note: str = "", actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Take a case from one agency and give it to another. The clocks that run go with it, as they stand.

    Raises Refused (also when it is the agency that holds it already), Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.REASSIGN)
        if work.case.agency_id == agency.pk:
            raise Refused(
                Label(f"{agency.name} đang xử lý phiếu này.", f"{agency.name} is already handling this case.")
            )
        _let_go(work)
        hand_to(work, agency, note)
    return work.case


def accept(case: Case | int, *, actor: Actor, now: datetime, version: int | None = None) -> Case:
    """Somebody of the agency takes the case into their own hands. Raises Refused, Stale."""
    with on(case, actor, now, version) as work:
        work.take(Step.ACCEPT)
        work.case.focal_person_id = actor.id
    return work.case


def return_case(
    case: Case | int,
    reason: str,
    proposed_agency: Agency | None,
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Not ours: back to the desk with the reason and the agency proposed instead. Past the edition's limit it goes to
    the coordinator, whose decision can no longer be returned. The focal person's clock runs on all the while.

    Raises Refused (no reason, no proposal, proposing oneself, a decision that binds), Stale."""
    if not reason.strip():
        raise Refused(Label("Hãy nêu lý do chuyển trả.", "Give the reason for returning it."))
    with on(case, actor, now, version) as work:
        held = work.case
        work.take(returns.step_for_return(work.edition.returns, held.returns, held.bound))
        if proposed_agency is None or proposed_agency.pk == held.agency_id:
            raise Refused(
                Label("Hãy đề xuất cơ quan, đơn vị khác xử lý.", "Propose another agency that should handle it.")
            )
        held.returns += 1
        work.note = reason.strip()
        work.after = {
            "agency_name": held.agency.name if held.agency else "",
            "proposed_agency": proposed_agency.pk,
            "proposed_name": proposed_agency.name,
        }
        _let_go(work, returned=True, return_reason=reason.strip(), proposed_agency=proposed_agency)
        held.agency = held.focal_person = None
    return work.case


def hand_to(work: Work, agency: Agency, note: str) -> None:
    """Write who holds the case from now on. Raises Refused when the agency does not exist on this day."""
    if not exists_on(agency, work.today):
        raise Refused(
            Label(
                f"{agency.name} không còn hoạt động vào ngày {work.today:%d/%m/%Y}.",
                f"{agency.name} does not exist on {work.today:%d/%m/%Y}.",
            )
        )
    case = work.case
    if case.domain and agency.domain not in ("", case.domain):
        raise Refused(rules.BEHIND_THE_WALL)
    name = name_on(agency, work.today)
    case.agency, case.focal_person, case.assigned_at = agency, None, work.now
    work.rise_to(Role.FOCAL_PERSON)
    work.clocks.give_to(agency.pk)
    if work.edition.cooperation:  # whoever leads it no longer cooperates in it
        for part in case.participations.filter(agency=agency, closed_at=None):
            part.state, part.closed_at = Participation.State.RELEASED, work.now
            part.save(update_fields=["state", "closed_at"])
            work.clocks.end_parts(work.now, part.pk)
    Assignment.objects.create(
        case=case, agency=agency, agency_name=name, at=work.now, by=work.actor.snapshot(), note=note.strip()
    )
    work.note = note.strip()
    work.after = {"agency_name": name}


def _let_go(work: Work, **fields: object) -> None:
    """End the assignment that stands."""
    Assignment.objects.filter(case=work.case, until__isnull=True).update(until=work.now, **fields)


def exists_on(agency: Agency, day: date) -> bool:
    """Whether an agency exists on a day."""
    return (agency.valid_from is None or agency.valid_from <= day) and (agency.valid_to is None or agency.valid_to >= day)
