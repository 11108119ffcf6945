"""Cases that are answered when their agency ends: they follow its successor while anything is left of them."""

from __future__ import annotations

import pytest

from hotline.cases import actions as cases
from hotline.cases.models import Assignment, Case, Clock, Obligation
from hotline.cases.tests.conftest import Desk, at
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.organisation.models import Agency
from hotline.portal.queries.own import own
from hotline.reorganisation.actions import reorganise
from hotline.reorganisation.tests.conftest import plan
from hotline.reorganisation.tests.test_applying import DISSOLVE, MONDAY
from hotline.testing.cast import Cast


def owing(case: Case, owner: str, agency: Agency | None) -> Obligation:
    clock = Clock.objects.create(
        case=case, key="letter", agency=agency, calendar=case.hotline.calendar, state="running", started_at=MONDAY,
        due_at=at("27/02 17:00"),
    )  # fmt: skip
    return Obligation.objects.create(
        case=case, key="letter", kind="thank_you_letter", owner=owner, agency=agency, clock=clock, due_at=clock.due_at
    )


@pytest.mark.parametrize(("closed", "owner", "follows", "why"), [
    (False, "", True, "it may still be rated and taken up again"),
    (True, "focal_person", True, "the successor's people must do what is owed"),
    (True, "coordinator", True, "the office still owes a letter on it: it is not done with"),
    (True, "", False, "done with: it keeps the name of its day"),
])  # fmt: skip
def test_an_answered_case_follows_while_anything_is_left_of_it(
    cast: Cast, desk: Desk, closed: bool, owner: str, follows: bool, why: str
) -> None:
    old, new, today = cast.agency["so-xay-dung"], cast.agency["ubnd-ban-thach"], MONDAY.date()
    done = desk.answered()
    if closed:
        cases.settle(done, actor=SYSTEM, now=at("12/06 08:00"))
    if owner:
        owing(done, owner, old if owner == "focal_person" else None)
    reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY)
    done = Case.objects.get(pk=done.pk)
    assert (done.agency == new) is follows, why
    binh = cast.viewer("binh", today)  # her post moved to the successor
    assert (done in Case.objects.visible_to(binh)) is follows
    assert [row.case_id for row in Obligation.objects.owed_by(binh)] == ([done.pk] if owner == "focal_person" else [])
    acts = Act.objects.filter(kind="case.agency_succeeded", subject_id=done.pk).count()
    assert acts == Assignment.objects.filter(case=done).count() - 1 == int(follows)


def test_what_followed_after_its_answer_says_who_answered(cast: Cast, desk: Desk) -> None:
    done = desk.answered()
    reorganise(plan(DISSOLVE), actor=SYSTEM, now=MONDAY)
    page = own(Case.objects.get(pk=done.pk), MONDAY)
    assert [answer.agency for answer in page.answers] == ["Sở Xây dựng"], "by the name of the day it went out"
