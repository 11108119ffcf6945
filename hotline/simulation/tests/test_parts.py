"""Cooperating agencies in the replay: what was asked of each, given, refused and passed on, each by its own clock."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest

from hotline.calendars.models import Calendar
from hotline.cases import actions
from hotline.cases.models import Case, Clock, Participation
from hotline.cases.several.tests.conftest import COOPERATING, SEVERAL
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import Desk, at
from hotline.hotlines.queries import regulation_of
from hotline.journal.rules import SYSTEM
from hotline.organisation.models import Agency
from hotline.regulation.edition import Edition
from hotline.regulation.limits import WorkingHours
from hotline.reorganisation.actions import reorganise
from hotline.reorganisation.tests.conftest import plan
from hotline.simulation.queries import simulate
from hotline.simulation.tests.agreement import all_agree
from hotline.testing.cast import Cast

LATER = at("20/04 09:00")
MONDAY = at("02/03 08:00")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """An edition whose cooperating agencies make a case late, one of them with days of its own."""
    document = {**deepcopy(cast.edition.document), **deepcopy(SEVERAL)}
    document["clocks"] = [*document["clocks"], {**deepcopy(COOPERATING), "marks_late": True}]
    cast.edition.document = document
    cast.edition.save()
    nights = Calendar.objects.create(key="dem", name="Ca đêm", base=cast.hotline.calendar, weekly=[["00:00-24:00"]] * 7)
    Agency.objects.filter(key="ubnd-ban-thach").update(calendar=nights)
    return Desk(cast)


def asked(desk: Desk, key: str, case: Case | None = None, hour: int = 10) -> Participation:
    """Sixteen working hours from Monday 10:00."""
    case, agency = case or desk.accepted(MONDAY), Agency.objects.get(key=key)
    return actions.ask_to_cooperate(case, agency, "Cho ý kiến", actor=desk.actor("ha"), now=at(f"02/03 {hour}:00"))


def answered(desk: Desk, part: Participation, day: str = "04/03") -> None:
    """The lead has drafted at once; the head, who has six days, approves in time, whatever the others do."""
    case = actions.save_draft(part.case_id, "answered", "Đã xong.", actor=desk.actor("binh"), now=at("02/03 14:00"))
    case = actions.submit(case, actor=desk.actor("binh"), now=at("02/03 14:05"))
    actions.approve(case, actor=desk.actor("hung"), now=at(f"{day} 15:00"))


def answered_at_once(desk: Desk) -> None:
    answered(desk, asked(desk, "dien-luc"), "02/03")


def given_in_time(desk: Desk) -> None:
    part = asked(desk, "dien-luc")
    actions.contribute(part.pk, "Không có lịch cắt.", actor=desk.actor("lan"), now=at("02/03 11:00"))
    answered(desk, part)


def never_given(desk: Desk) -> None:
    answered(desk, asked(desk, "dien-luc"))


def by_days_of_its_own(desk: Desk) -> None:
    answered(desk, asked(desk, "ubnd-ban-thach"))


def declined(desk: Desk) -> None:
    part = asked(desk, "dien-luc")
    actions.decline_part(part.pk, "Không thuộc phạm vi", actor=desk.actor("lan"), now=at("02/03 11:00"))
    again = asked(desk, "dien-luc", part.case, 11)
    actions.end_cooperation(again.pk, "Không cần nữa", actor=desk.actor("ha"), now=at("02/03 13:45"))
    answered(desk, part)


def disagreed(desk: Desk, who: str) -> None:
    """The agency itself has said its part; where the lead disagrees, the agency still owes it."""
    part = asked(desk, "dien-luc")
    actions.accept_part(part.pk, actor=desk.actor("lan"), now=at("02/03 10:30"))
    actions.disagree(part.pk, "Không thống nhất", actor=desk.actor(who), now=at("02/03 11:00"))
    actions.decide_disagreement(part.pk, "Theo đơn vị chủ trì", actor=desk.actor("ha"), now=at("02/03 11:30"))
    answered(desk, part)


def taken_over(desk: Desk) -> None:
    """Whoever was asked for its part leads the case from then on."""
    part = asked(desk, "dien-luc")
    actions.reassign(part.case_id, desk.cast.agency["dien-luc"], actor=desk.actor("ha"), now=at("02/03 11:00"))


def passed_on(desk: Desk) -> None:
    """The asked agency is merged into another one, which then leads the case itself."""
    part = asked(desk, "dien-luc")
    merged = '[[changes]]\ndo = "merge"\nagencies = ["dien-luc"]\ninto = "ubnd-ban-thach"'
    reorganise(plan(merged), actor=SYSTEM, now=at("03/03 08:00"))
    assert Clock.objects.get(participant=part).state == "running"
    new = Agency.objects.get(key="ubnd-ban-thach")
    actions.reassign(part.case_id, new, actor=desk.actor("ha"), now=at("03/03 09:00"))


LIVES: list[tuple[Callable[[Desk], None], bool, str]] = [
    (given_in_time, False, "an hour after it was asked"),
    (never_given, True, "never, and the answer came on the third day"),
    (answered_at_once, False, "never, but the answer came first: nothing more is wanted of it"),
    (by_days_of_its_own, True, "and ran out on its own calendar"),
    (declined, False, "declined once, let off the second time"),
    (lambda desk: disagreed(desk, "lan"), False, "a disagreement is what it had to say"),
    (lambda desk: disagreed(desk, "binh"), True, "the lead's disagreement is not its part"),
]


@pytest.mark.parametrize(("live", "late", "why"), LIVES, ids=[why for *_, why in LIVES])
def test_what_is_recorded_is_what_is_replayed(desk: Desk, live: Callable[[Desk], None], late: bool, why: str) -> None:
    live(desk)
    sweep_once(LATER)
    assert all_agree(LATER) == int(late), why
    clocks = Clock.objects.filter(participant__isnull=False)
    assert any(clock.breached_at for clock in clocks) is late


@pytest.mark.parametrize("live", [taken_over, passed_on])
def test_whoever_leads_it_owes_no_part_of_it(desk: Desk, live: Callable[[Desk], None]) -> None:
    live(desk)
    sweep_once(LATER)
    assert all_agree(LATER) == 1, "late by the lead's own clocks"
    assert Clock.objects.get(participant__isnull=False).breached_at is None


def with_hours(edition: Edition, hours: int) -> Edition:
    clocks = tuple(
        replace(rule, limit=WorkingHours(hours)) if rule.key == "cooperating" else rule for rule in edition.written_clocks
    )
    return replace(edition, written_clocks=clocks)


def without(edition: Edition) -> Edition:
    clocks = tuple(rule for rule in edition.written_clocks if rule.key != "cooperating")
    return replace(edition, written_clocks=clocks, cooperation=None)


@pytest.mark.parametrize(("change", "late"), [
    (lambda edition: with_hours(edition, 400), 0), (lambda edition: with_hours(edition, 1), 4), (without, 0),
])  # fmt: skip
def test_another_limit_for_cooperating_agencies_is_answered(desk: Desk, change: Callable, late: int) -> None:
    """Three of seven cases were late by a cooperating agency alone; with an hour for it the one that was answered within the
    day too; with fifty days, or without the clock, none."""
    for live, _, _ in LIVES:
        live(desk)
    sweep_once(LATER)
    edition = change(regulation_of(desk.cast.edition))
    all_agree(LATER, edition)
    found = simulate(desk.cast.hotline, edition, MONDAY.date(), LATER.date(), now=LATER)
    _, recorded, then, _ = found.figures["total"]
    assert (recorded, then) == (3, late)
    counted = {key: figures for key, *figures in found.figures["clocks"]}
    assert counted.get("cooperating", [0, 0])[1] == late and "cooperating" not in list(counted)[-1:]
