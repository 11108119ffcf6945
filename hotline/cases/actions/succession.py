"""An agency or commune is succeeded: what is not done with follows, as it stands; the rest keeps the name of its day.

Done with is a case that is closed and owes nothing any more. An answered one may still be rated and taken up again, and
what is owed after an answer (a report of progress, a letter) is for the successor's people to do: they must find it.

Not a step of the lifecycle: nobody worked on the case, so its state stays, and so do its clocks. A clock keeps the calendar
it began on, whatever hours the successor keeps: what was promised to the citizen is not moved by a decision on offices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from hotline.cases.models import Assignment, Case, Clock, Obligation, Participation
from hotline.hotlines.models import Field
from hotline.journal.actions import draft, record_all
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.live.rules import case_topic
from hotline.organisation.models import Agency, Area
from hotline.organisation.queries import name_on
from hotline.people.queries import posts_on
from hotline.people.rules import AGENCY_ROLES
from hotline.regulation.clocks import UNFINISHED
from hotline.regulation.lifecycle import ClockState, State

BATCH = 1000
_COLUMNS = ("id", "code", "field", "area")
# (code, keys of the field and the one above it, code of the commune) → the key of the agency that takes the case
Heir = Callable[[str, frozenset[str], str], str]


def at_work(agencies: Iterable[int]) -> set[int]:
    """Those of these agencies that hold, owe or were proposed for anything that `succeed_agency` would move."""
    ids = list(agencies)
    return {
        pk
        for rows in (
            *(cases.filter(agency__in=ids).values_list("agency_id", flat=True) for cases in _not_done_with()),
            Case.objects.open().filter(suggested_agency__in=ids).values_list("suggested_agency_id", flat=True),
            Clock.objects.filter(agency__in=ids, state__in=_unfinished()).values_list("agency_id", flat=True),
            Obligation.objects.filter(agency__in=ids, met_at=None, lifted_at=None).values_list("agency_id", flat=True),
            Participation.objects.filter(agency__in=ids, closed_at=None).values_list("agency_id", flat=True),
        )
        for pk in rows.order_by().distinct()
        if pk is not None
    }


@transaction.atomic
def succeed_agency(
    old: Agency, agencies: Mapping[str, Agency], heir_of: Heir, *, decision: str, actor: Actor, now: datetime
) -> Counter[str]:
    """Give the cases of an agency that are not done with to its successors, with an assignment and an act each.
    How many went to whom.

    `agencies`: the successors by key; a case whose heir is `old` itself, or nobody, stays. Posts must have moved before:
    who works on a case goes on with it where they have come along, else the successor's people find it with nobody's name.
    """
    fields = _fields()
    areas = dict(Area.objects.values_list("id", "code"))
    moved: Counter[str] = Counter()

    def heir(case: Case) -> str:
        return heir_of(case.code, fields[case.field_id], areas.get(case.area_id or 0, ""))

    for cases in _not_done_with():
        for batch in _locked(cases.filter(agency=old).only(*_COLUMNS, "focal_person")):
            known = {case.pk: case for case in batch}
            for key, ids in _by_heir(batch, old, heir).items():
                _hand_over([known[pk] for pk in ids], old, agencies[key], decision, actor, now)
                moved[key] += len(ids)
    _rest(old, agencies, heir, decision, actor, now)
    return moved


def _not_done_with() -> tuple[QuerySet[Case], ...]:
    """Open ones, answered ones, and closed ones that still owe something: three questions, for each has its own index."""
    closed_owing = Obligation.objects.owed().filter(case__state=str(State.CLOSED)).values("case_id")
    return (
        Case.objects.open(),
        Case.objects.filter(state=str(State.ANSWERED)),
        Case.objects.filter(state=str(State.CLOSED), pk__in=closed_owing),
    )


def _hand_over(cases: list[Case], old: Agency, new: Agency, decision: str, actor: Actor, now: datetime) -> None:
    """The same rows that giving a case to another agency writes, for many at once; the clocks run on untouched."""
    day = timezone.localdate(now)
    here = set(
        posts_on(day).filter(agency=new, role__in=[str(r) for r in AGENCY_ROLES]).values_list("person_id", flat=True)
    )
    ids = [case.pk for case in cases]
    left = [case.pk for case in cases if case.focal_person_id and case.focal_person_id not in here]
    was, name = name_on(old, day), name_on(new, day)
    Case.objects.filter(pk__in=ids).update(agency=new, version=F("version") + 1)
    Case.objects.filter(pk__in=left).update(focal_person=None)
    Assignment.objects.filter(case__in=ids, until__isnull=True).update(until=now)
    Assignment.objects.bulk_create(
        [
            Assignment(case=case, agency=new, agency_name=name, at=now, by=actor.snapshot(), note=decision)
            for case in cases
        ]
    )
    _running(ids).filter(agency=old).update(agency=new)
    record_all(
        [
            draft(
                "case.agency_succeeded",
                "case",
                case.pk,
                actor,
                now,
                {"agency_id": old.pk, "agency_name": was},
                {"agency_id": new.pk, "agency_name": name},
                decision,
                [case_topic(case.pk)],
            )
            for case in cases
        ]
    )


def _rest(
    old: Agency,
    agencies: Mapping[str, Agency],
    heir_of: Callable[[Case], str],
    decision: str,
    actor: Actor,
    now: datetime,
) -> None:
    """What else an agency owes or was proposed for: suggestions, its part in cases that others lead, clocks and
    obligations of cases that are with the desk or with another agency by now."""
    open_cases, every = Case.objects.open(), Case.objects.all()
    for cases, write in (
        (
            open_cases.filter(suggested_agency=old),
            lambda ids, new: every.filter(pk__in=ids).update(suggested_agency=new),
        ),
        (
            every.filter(clocks__agency=old, clocks__state__in=_unfinished()),
            lambda ids, new: _running(ids).filter(agency=old).update(agency=new),
        ),
        (
            every.filter(obligations__agency=old, obligations__met_at=None, obligations__lifted_at=None),
            lambda ids, new: Obligation.objects.filter(case__in=ids, agency=old, met_at=None, lifted_at=None).update(
                agency=new
            ),
        ),
    ):
        for key, ids in _by_heir(cases.only(*_COLUMNS).distinct(), old, heir_of).items():
            write(ids, agencies[key])
    working = Participation.objects.filter(agency=old, closed_at=None).exclude(
        state__in=[Participation.State.DECLINED, Participation.State.RELEASED]
    )
    for row in working.select_related("case").order_by("id"):
        heir = heir_of(row.case)
        if heir and heir != old.key:
            _take_part(row, agencies[heir], old, decision, actor, now)


def _take_part(row: Participation, new: Agency, old: Agency, decision: str, actor: Actor, now: datetime) -> None:
    """The successor does the part of the agency; where it leads the case or has a part of its own, one part is enough."""
    others = Participation.objects.filter(case=row.case_id, round=row.round, agency=new).exclude(
        state__in=[Participation.State.DECLINED, Participation.State.RELEASED]
    )
    needless = row.case.agency_id == new.pk or others.exists()
    name = name_on(new, timezone.localdate(now))
    after = {"part": row.pk, "agency_id": new.pk, "agency_name": name, "needless": needless}
    before = {"agency_id": old.pk, "agency_name": row.agency_name}
    if needless:
        row.state, row.closed_at = Participation.State.RELEASED, now
        Clock.objects.filter(participant=row, state__in=_unfinished()).update(
            state=str(ClockState.CANCELLED), cancelled_at=now, next_at=None
        )
    else:
        row.agency, row.agency_name = new, name
        Clock.objects.filter(participant=row).update(agency=new)
    row.save(update_fields=["state", "closed_at", "agency", "agency_name"])
    record_all(
        [
            draft(
                "case.partner_succeeded",
                "case",
                row.case_id,
                actor,
                now,
                before,
                after,
                decision,
                [case_topic(row.case_id)],
            )
        ]
    )


def _by_heir(cases: Iterable[Case], old: Agency, heir_of: Callable[[Case], str]) -> dict[str, list[int]]:
    going: dict[str, list[int]] = {}
    for case in cases:
        heir = heir_of(case)
        if heir and heir != old.key:
            going.setdefault(heir, []).append(case.pk)
    return going


@transaction.atomic
def succeed_area(
    old: Area,
    heir_of: Callable[[float | None, float | None], Area | None],
    *,
    decision: str,
    actor: Actor,
    now: datetime,
) -> tuple[int, int]:
    """Put the open cases of a commune into the one that has its ground now: (moved, those nobody can tell of).

    `heir_of` a point (degrees) is the commune; None: the name alone does not tell, and the case keeps its old commune
    until somebody asks the reporter for the point.
    """
    moved = unclear = 0
    for batch in _locked(Case.objects.open().filter(area=old).only("id", "lat", "lon")):
        going: dict[Area, list[int]] = {}
        for case in batch:
            heir = heir_of(case.lat, case.lon)
            if heir is None:
                unclear += 1
            elif heir.pk != old.pk:
                going.setdefault(heir, []).append(case.pk)
        for heir, ids in going.items():
            Case.objects.filter(pk__in=ids).update(area=heir, version=F("version") + 1)
            record_all([_placed(pk, old, heir, decision, actor, now) for pk in ids])
            moved += len(ids)
    return moved, unclear


def _placed(case_id: int, old: Area, new: Area, decision: str, actor: Actor, now: datetime) -> Act:
    return draft(
        "case.area_succeeded",
        "case",
        case_id,
        actor,
        now,
        {"area_id": old.pk, "area_name": old.name},
        {"area_id": new.pk, "area_name": new.name},
        decision,
        [case_topic(case_id)],
    )


def _fields() -> dict[int, frozenset[str]]:
    """Every field with the keys of itself and of the one above it."""
    rows = Field.objects.values_list("id", "key", "parent__key")
    return {pk: frozenset(filter(None, (key, above))) for pk, key, above in rows}


def _running(case_ids: list[int]) -> QuerySet[Clock]:
    """Clocks of these cases that are not over, but for those of agencies that only have a part in them."""
    return Clock.objects.filter(case__in=case_ids, participant=None, state__in=_unfinished())


def _unfinished() -> list[str]:
    return sorted(str(state) for state in UNFINISHED)


def _locked(cases: QuerySet[Case]) -> Iterator[list[Case]]:
    """Cases in order of their number, locked until the transaction ends, a batch at a time."""
    last = 0
    while batch := list(cases.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))[:BATCH]):
        last = batch[-1].pk
        yield batch
