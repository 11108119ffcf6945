"""Three ways to the same answer: what the clocks recorded, the scalar replay of each case, the arrays."""

from __future__ import annotations

from datetime import date, datetime

from hotline.calendars.queries import work_calendar
from hotline.cases.models import Case
from hotline.cases.rules import PROMISE
from hotline.hotlines.queries import regulation_of
from hotline.organisation.models import Agency
from hotline.regulation.edition import Edition
from hotline.regulation.working_time import WorkCalendar
from hotline.simulation.models import Deed
from hotline.simulation.queries import simulate
from hotline.simulation.rules.deeds import numbered
from hotline.simulation.rules.figures import CHANGED, RECORDED, rows_of, unpack
from hotline.simulation.rules.reference import Replayed, Taken, replay_case
from hotline.simulation.rules.replay import plan_of


def replayed(case: Case, edition: Edition, now: datetime) -> Replayed:
    """One case by the scalar rules, its deeds read through the ORM."""
    plan = plan_of(edition, PROMISE)
    words = dict(zip(*numbered(plan.words), strict=True))
    calendars: list[WorkCalendar] = [work_calendar(case.hotline.calendar_id)]
    numbers = {case.hotline.calendar_id: 0}
    holder, steps = 0, []
    for deed in Deed.objects.filter(case_id=case.pk).order_by("act_id"):
        calendar = holder
        if deed.agency_id is not None:
            agency = Agency.objects.filter(pk=deed.agency_id).first()
            calendar_id = (agency and agency.calendar_id) or case.hotline.calendar_id
            if calendar_id not in numbers:
                numbers[calendar_id] = len(calendars)
                calendars.append(work_calendar(calendar_id))
            calendar = numbers[calendar_id]
            holder = holder if deed.part else calendar
        word = plan.words[words[deed.deed]] if deed.deed in words else ""
        office = -1 if deed.agency_id is None else deed.agency_id
        steps.append(Taken(word, deed.at, calendar, deed.until, deed.part or 0, office))
    return replay_case(edition, PROMISE, calendars, case.received_at, steps, now)


def all_agree(now: datetime, edition: Edition | None = None, since: date = date(2015, 1, 1)) -> int:
    """Every case: the arrays say what the scalar rules say, and under its own edition both say what is recorded. How many
    were late. The sweeper must have come by at `now`."""
    late = 0
    for hotline in {case.hotline for case in Case.objects.select_related("hotline")}:
        cases = list(Case.objects.filter(hotline=hotline).select_related("hotline", "edition").order_by("id"))
        told = edition or regulation_of(cases[0].edition)
        found = {
            row["case"]: row
            for row in rows_of(unpack(simulate(hotline, told, since, now.date(), now=now, chunk=7).cases))
        }
        for case in cases:
            one = replayed(case, told, now)
            bits = found[case.pk]["late"] if case.pk in found else 0
            assert bool(bits & CHANGED) == (one.late_at is not None), case.code
            assert bool(bits & RECORDED) == (case.late_at is not None), case.code
            if edition is None and regulation_of(case.edition) == told:
                assert one.late_at == case.late_at, (case.code, one.late_at, case.late_at, one.late_key)
                recorded = {(c.key, c.started_at, c.due_at, c.breached_at) for c in case.clocks.all()}
                assert {(c.key, c.started_at, c.due_at, c.breached_at) for c in one.clocks} == recorded, case.code
            late += case.late_at is not None
    return late
