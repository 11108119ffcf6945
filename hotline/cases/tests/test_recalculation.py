"""A day taken out of the calendar moves the due moments of open cases, on record with old and new."""

from __future__ import annotations

from datetime import date

from hotline.calendars.actions import set_day
from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.tests.conftest import Desk, at
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.live.rules import case_topic
from hotline.regulation.labels import Label

TYPHOON = Label("Nghỉ tránh bão", "Typhoon")


def storm(desk: Desk, day: date, now: str) -> int:
    set_day(desk.cast.hotline.calendar, day, "off", TYPHOON, actor=SYSTEM, now=at(now))
    return actions.recalculate(desk.cast.hotline.calendar_id, now=at(now))


def test_a_running_clock_moves_and_the_act_says_from_when_to_when(desk: Desk) -> None:
    case = desk.assigned(at("03/03 15:00"))
    before = case.clocks.get(key="focal_person")
    assert before.due_at == at("04/03 15:00")
    assert storm(desk, date(2026, 3, 4), "03/03 16:00") == 1
    case = Case.objects.get(pk=case.pk)
    after = case.clocks.get(key="focal_person")
    assert after.due_at == case.due_at == at("05/03 15:00")
    assert after.next_at == at("05/03 11:00"), "two working hours before, over the noon break"
    act = Act.objects.get(kind="case.recalculated")
    assert act.subject_id == case.pk and case_topic(case.pk) in act.topics
    assert act.before["focal_person"] == before.due_at.isoformat() != act.after["focal_person"]


def test_run_again_it_finds_nothing(desk: Desk) -> None:
    desk.assigned(at("03/03 15:00"))
    storm(desk, date(2026, 3, 4), "03/03 16:00")
    assert actions.recalculate(desk.cast.hotline.calendar_id, now=at("03/03 16:00")) == 0
    assert Act.objects.filter(kind="case.recalculated").count() == 1


def test_what_is_late_stays_late(desk: Desk) -> None:
    case = desk.assigned(at("02/03 08:00"))
    assert storm(desk, date(2026, 3, 2), "03/03 10:00") == 1, "the coordinator's ten days move"
    case = Case.objects.get(pk=case.pk)
    clock = case.clocks.get(key="focal_person")
    assert (clock.state, clock.due_at) == ("breached", at("03/03 08:00")) and case.late_at == clock.due_at


def test_what_was_promised_or_is_done_does_not_move(desk: Desk) -> None:
    promised = at("05/03 10:00")
    case = desk.accepted(at("03/03 08:00"))
    case = actions.reschedule(case, promised, "Chờ vật tư", actor=desk.actor("binh"), now=at("03/03 10:00"))
    done = desk.submitted(at("03/03 08:00"))
    met = done.clocks.get(key="focal_person").due_at
    storm(desk, date(2026, 3, 4), "03/03 16:00")
    assert case.clocks.get(key="focal_person").due_at == promised
    assert done.clocks.get(key="focal_person").due_at == met
    moved = {act.subject_id: set(act.before) for act in Act.objects.filter(kind="case.recalculated")}
    assert "focal_person" not in moved[case.pk] | moved[done.pk]
    assert "head" in moved[done.pk]


def test_nobodys_form_is_refused_because_a_calendar_changed(desk: Desk) -> None:
    case = desk.assigned(at("03/03 15:00"))
    storm(desk, date(2026, 3, 4), "03/03 16:00")
    actions.accept(case, actor=desk.actor("binh"), now=at("03/03 16:30"), version=case.version)


def test_what_is_foretold_is_what_happens_and_foretelling_changes_nothing(desk: Desk) -> None:
    calendar = desk.cast.hotline.calendar
    case = desk.assigned(at("03/03 15:00"))
    written = Act.objects.count()

    def change() -> None:
        set_day(calendar, date(2026, 3, 4), "off", TYPHOON, actor=SYSTEM, now=at("03/03 16:00"))

    moves = {move.clock.en: (move.old, move.new) for move in actions.foretell(calendar.pk, change)}
    assert moves["Focal person handles and answers"] == (at("04/03 15:00"), at("05/03 15:00"))
    calendar.refresh_from_db()
    assert Act.objects.count() == written and calendar.version == 1 and not calendar.days.filter(date="2026-03-04").exists()

    # Another change made under the same version must not be counted on the calendar that was only imagined.
    set_day(calendar, date(2026, 3, 5), "off", TYPHOON, actor=SYSTEM, now=at("03/03 16:00"))
    actions.recalculate(calendar.pk, now=at("03/03 16:00"))
    assert case.clocks.get(key="focal_person").due_at == at("04/03 15:00")

    change()
    actions.recalculate(calendar.pk, now=at("03/03 16:00"))
    assert case.clocks.get(key="focal_person").due_at == at("06/03 15:00")
