"""What the steps of a case do to its clocks, on dates one can check by hand. Hours: 07:00–11:30 and 13:30–17:00."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.calendars.models import Calendar
from hotline.cases import actions
from hotline.cases.models import Case, Clock
from hotline.cases.tests.conftest import Desk, at

FRIDAY = at("13/02 16:00")  # one working hour before Tết; the next working day is Monday 23/02


def clock(case: Case, key: str, round: int = 1) -> Clock:
    return case.clocks.filter(key=key, round=round).latest("id")


@pytest.mark.parametrize(
    ("key", "due", "why"),
    [
        ("focal_person", "23/02 16:00", "8 working hours: 1 on Friday, 7 on the first day after Tết"),
        ("reply", "06/03 17:00", "10 working days after the day of receipt, Tết not counted"),
    ],
)
def test_due_over_tet(desk: Desk, key: str, due: str, why: str) -> None:
    assert clock(desk.assigned(FRIDAY), key).due_at == at(due), why


def test_a_night_report_starts_when_the_office_opens(desk: Desk) -> None:
    assert clock(desk.assigned(at("05/03 02:00")), "focal_person").due_at == at("05/03 17:00")


def test_the_head_counts_from_the_heads_own_receipt(desk: Desk) -> None:
    head = clock(desk.submitted(FRIDAY), "head")
    assert head.started_at == FRIDAY + timedelta(minutes=10)
    assert head.due_at == at("02/03 16:10")  # 48 working hours are six days of eight, not two days of the calendar
    assert clock(desk.submitted(FRIDAY), "focal_person").state == "met"


def test_a_return_does_not_stop_the_focal_persons_clock(desk: Desk) -> None:
    case = desk.assigned(at("02/03 08:00"))
    first = clock(case, "focal_person")
    case = actions.return_case(case, "Không phải của sở", desk.cast.agency["dien-luc"], actor=desk.actor("binh"),
                               now=at("02/03 10:00"))
    assert clock(case, "focal_person").state == "running"
    assert case.agency_id is None and case.due_clock == "forward"  # the desk's turn, and the desk's clock
    case = actions.assign(case, desk.cast.agency["dien-luc"], actor=desk.actor("cuong"), now=at("02/03 14:00"))
    runs_on = clock(case, "focal_person")
    assert (runs_on.pk, runs_on.started_at, runs_on.due_at) == (first.pk, first.started_at, first.due_at)
    assert runs_on.agency_id == desk.cast.agency["dien-luc"].pk  # whoever holds it now owes it
    assert (case.due_at, case.due_clock) == (first.due_at, "focal_person")


def test_an_agency_with_other_hours_takes_over_the_due_moment_as_it_stands(desk: Desk) -> None:
    short = Calendar.objects.create(key="short", name="Buổi sáng", weekly=[["08:00-10:00"]] * 5 + [[], []])
    utility = desk.cast.agency["dien-luc"]
    utility.calendar = short
    utility.save()
    case = desk.assigned(at("02/03 08:00"))
    due = clock(case, "focal_person").due_at
    case = actions.reassign(case, utility, actor=desk.actor("ha"), now=at("02/03 09:00"))
    assert clock(case, "focal_person").due_at == due
    case = actions.accept(case, actor=desk.actor("lan"), now=at("02/03 09:30"))
    case = actions.ask_verification(case, "trạm biến áp", actor=desk.actor("lan"), now=at("02/03 09:30"))
    # What begins here counts on the hours of those who work here: 24 hours, two a day, half an hour of them today.
    assert clock(case, "verification").due_at == at("18/03 09:30")


def test_verification_has_its_own_clock_and_the_others_run_on(desk: Desk) -> None:
    case = desk.accepted(at("02/03 08:00"))
    before = clock(case, "focal_person").due_at
    case = actions.ask_verification(case, "hiện trường", actor=desk.actor("binh"), now=at("02/03 10:00"))
    assert clock(case, "verification").due_at == at("05/03 10:00")
    assert (clock(case, "focal_person").state, clock(case, "focal_person").due_at) == ("running", before)
    case = actions.finish_verification(case, "đúng", actor=desk.actor("binh"), now=at("02/03 15:00"))
    again = actions.ask_verification(case, "đo lại", actor=desk.actor("binh"), now=at("02/03 15:30"))
    assert [c.state for c in again.clocks.filter(key="verification").order_by("id")] == ["met", "running"]


def test_others_pause_for_verification_where_the_edition_wants_it(desk: Desk) -> None:
    edition = desk.cast.edition
    edition.document = edition.document | {"verification": {"pauses_others": True, "article": "Điều thử"}}
    edition.save()
    case = desk.accepted(at("02/03 08:00"))  # 8 working hours: due 03/03 08:00
    case = actions.ask_verification(case, "hiện trường", actor=desk.actor("binh"), now=at("02/03 10:00"))
    paused = clock(case, "focal_person")
    assert (paused.state, paused.remaining, paused.next_at) == ("paused", timedelta(hours=6), None)
    assert case.due_clock == "verification"
    case = actions.finish_verification(case, "đúng", actor=desk.actor("binh"), now=at("04/03 07:00"))
    assert (clock(case, "focal_person").state, clock(case, "focal_person").due_at) == ("running", at("04/03 15:00"))


def test_what_is_answered_late_is_late_though_no_sweeper_came(desk: Desk) -> None:
    case = desk.submitted(at("02/03 08:00"))
    assert case.late_at is None
    case = actions.approve(case, actor=desk.actor("hung"), now=at("20/03 08:00"))
    head = clock(case, "head")
    assert (head.state, head.breached_at, head.met_at) == ("met", head.due_at, at("20/03 08:00"))
    assert case.state == "answered" and case.late_at == head.due_at


def test_when_the_focal_persons_time_runs_out_the_heads_begins(desk: Desk) -> None:
    case = desk.accepted(at("02/03 08:00"))
    case = actions.note(case, "đang chờ vật tư", actor=desk.actor("binh"), now=at("03/03 09:00"))
    focal, head = clock(case, "focal_person"), clock(case, "head")
    assert focal.state == "breached" and case.late_at == focal.due_at == at("03/03 08:00")
    assert head.started_at == focal.due_at
    assert (case.due_clock, case.due_at) == ("focal_person", focal.due_at)  # still owed, so it presses most


def test_late_is_for_ever(desk: Desk) -> None:
    case = desk.accepted(at("02/03 08:00"))
    case = actions.note(case, "chậm", actor=desk.actor("binh"), now=at("04/03 09:00"))
    late = case.late_at
    case = actions.take_over(case, actor=desk.actor("hung"), now=at("04/03 10:00"))
    case = actions.answer(case, "answered", "Xong.", actor=desk.actor("hung"), now=at("04/03 11:00"))
    case = actions.ask_reopen(case, "chưa xong", actor=desk.actor("cuong"), now=at("05/03 08:00"))
    case = actions.reopen(case, desk.cast.agency["so-xay-dung"], actor=desk.actor("ha"), now=at("05/03 09:00"))
    assert late is not None and case.late_at == late
    assert clock(case, "focal_person", 2).due_at == at("06/03 09:00")  # a new round, a new clock
    assert clock(case, "focal_person", 1).breached_at == late
    assert case.round == 2 and case.answered_at is None and case.outcome == ""


def test_a_withdrawn_case_owes_nothing(desk: Desk) -> None:
    case = actions.withdraw(desk.accepted(FRIDAY), "đã tự khắc phục", actor=desk.actor("cuong"), now=at("13/02 16:30"))
    assert set(case.clocks.values_list("state", flat=True)) == {"met", "cancelled"}
    assert case.due_at is None and not case.clocks.filter(next_at__isnull=False).exists()
