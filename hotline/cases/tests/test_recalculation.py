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
    # … and says that the calendar was another one, once.
    explained = Act.objects.get(kind="case.late_explained")
    assert "trễ từ 08:00 thứ Ba, 03/03/2026 theo lịch làm việc khi ấy" in explained.note
    assert "hạn là 17:00 thứ Ba, 03/03/2026. Dấu trễ hạn giữ nguyên." in explained.note
    actions.recalculate(desk.cast.hotline.calendar_id, now=at("03/03 10:30"))
    assert Act.objects.filter(kind="case.late_explained").count() == 1


def test_what_would_be_late_all_the_same_needs_no_explanation(desk: Desk) -> None:
    desk.assigned(at("02/03 08:00"))
    storm(desk, date(2026, 3, 2), "04/03 10:00")
    assert not Act.objects.filter(kind="case.late_explained").exists(), "late on the changed calendar as well"


def test_one_act_of_the_calendar_tells_of_every_case(desk: Desk) -> None:
    first, second = desk.assigned(at("03/03 15:00")), desk.assigned(at("03/03 15:30"))
    assert storm(desk, date(2026, 3, 4), "03/03 16:00") == 2
    act = Act.objects.get(kind="calendar.recalculated")
    assert act.subject_id == desk.cast.hotline.calendar_id and act.after["cases"] == 2
    told = {(code, clock): (old, new) for code, clock, old, new in act.after["moved"]}
    for case in (first, second):
        own = Act.objects.get(kind="case.recalculated", subject_id=case.pk)
        assert {key: told[case.code, key] for key in own.before} == {k: (own.before[k], own.after[k]) for k in own.before}
    assert len(told) == sum(len(a.before) for a in Act.objects.filter(kind="case.recalculated"))


def test_what_is_owed_besides_moves_like_any_clock(desk: Desk) -> None:
    """An obligation's clock is a clock: here one that the edition makes owed with every assignment."""
    from dataclasses import replace

    from hotline.hotlines.queries import regulation_of
    from hotline.regulation.labels import Label as Words
    from hotline.regulation.lifecycle import ObligationKind, Role
    from hotline.regulation.limits import WorkingHours
    from hotline.regulation.obligations import ObligationRule

    rule = ObligationRule(
        key="now", kind=ObligationKind.INTERIM_REPLY, label=Words("Trả lời bước đầu", "Interim reply"), owner=Role.HEAD,
        limit=WorkingHours(8), starts_on=("assign",), meets_on=("reply_interim",),
    )
    edition = desk.cast.edition
    edition.document = replace(regulation_of(edition), obligations=(rule,)).to_document()
    edition.save()
    regulation_of(edition)
    case = desk.assigned(at("03/03 15:00"))
    storm(desk, date(2026, 3, 4), "03/03 16:00")
    assert case.clocks.get(key="now").due_at == at("05/03 15:00")


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


def test_the_late_ones_are_foretold_apart(desk: Desk) -> None:
    case = desk.assigned(at("02/03 08:00"))
    actions.expire(case.clocks.get(key="focal_person").pk, at("03/03 09:00"))

    def change() -> None:
        set_day(desk.cast.hotline.calendar, date(2026, 3, 2), "off", TYPHOON, actor=SYSTEM, now=at("03/03 10:00"))

    *moving, late = actions.foretell(desk.cast.hotline.calendar_id, change)
    assert late.late and (late.old, late.new) == (at("03/03 08:00"), at("03/03 17:00"))
    assert moving and not any(move.late for move in moving)
