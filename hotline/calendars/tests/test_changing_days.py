"""A changed calendar raises its version, is seen at once, moves due moments, and is on record."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.calendars.actions import load_calendar, remove_day, set_day, set_hours
from hotline.calendars.models import Calendar
from hotline.calendars.queries import days_between, dependents, work_calendar, work_calendar_of
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM, Actor
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.limits import WorkingHours, due
from hotline.regulation.pack import read_pack

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZONE)
TUESDAY_AFTERNOON = datetime(2026, 3, 10, 16, 0, tzinfo=ZONE)
ADMIN = Actor("person", 1, "Phan Quốc Trị", "Quản trị hệ thống")
OFF = Label("Nghỉ bão số 3", "Typhoon")


@pytest.fixture
def pack():
    return read_pack("quang-nam", years=[2026, 2027])


@pytest.fixture
def calendar(db: None, pack) -> Calendar:
    return load_calendar(pack.calendars["quang-nam"], actor=SYSTEM, now=NOW)


def eight_hours_later(calendar: Calendar) -> datetime:
    return due(WorkingHours(8), TUESDAY_AFTERNOON, work_calendar(calendar.pk))


@pytest.mark.parametrize(
    ("change", "moment", "why"),
    [
        (lambda c: None, "2026-03-11T16:00", "eight hours: one day on"),
        (lambda c: set_day(c, date(2026, 3, 11), "off", OFF, actor=ADMIN, now=NOW), "2026-03-12T16:00", "a day off"),
        (lambda c: set_day(c, date(2026, 3, 11), "working", Label("Làm nửa ngày", ""), intervals=["07:00-11:30"],
                           actor=ADMIN, now=NOW), "2026-03-12T09:30", "half a day between: 1 + 4,5, then 2,5 more"),
        (lambda c: set_hours(c, [["08:00-12:00", "13:00-17:00"]] * 5 + [[], []], actor=ADMIN, now=NOW),
         "2026-03-11T16:00", "other hours, as many"),
        (lambda c: set_hours(c, [["00:00-24:00"]] * 7, actor=ADMIN, now=NOW),
         "2026-03-11T00:00", "day and night: the midnight that closes the day"),
    ],
)
def test_a_change_moves_the_due_moment_at_once(calendar, change, moment, why) -> None:
    eight_hours_later(calendar)  # the value is cached now
    change(calendar)
    assert eight_hours_later(calendar).strftime("%Y-%m-%dT%H:%M") == moment, why


def test_every_change_raises_the_version_and_is_on_record(calendar) -> None:
    set_day(calendar, date(2026, 3, 11), "off", OFF, source="CĐ 12/CĐ-UBND", actor=ADMIN, now=NOW)
    set_day(calendar, date(2026, 3, 11), "working", Label("Vẫn làm", ""), actor=ADMIN, now=NOW)
    remove_day(calendar, date(2026, 3, 11), actor=ADMIN, now=NOW)
    calendar.refresh_from_db()
    assert calendar.version == 4
    acts = Act.objects.filter(kind="calendar.changed").order_by("id")
    kinds = [(a.before.get("kind"), a.after.get("kind")) for a in acts]
    assert kinds == [(None, "off"), ("off", "working"), ("working", None)]
    assert all(a.after["date"] == "2026-03-11" and a.actor["name"] == ADMIN.name for a in acts)


def test_a_weekday_made_up_on_saturday(calendar) -> None:
    saturday = date(2026, 3, 14)
    assert not work_calendar(calendar.pk).is_working_day(saturday)
    set_day(calendar, saturday, "working", Label("Làm bù", "Made up"), actor=ADMIN, now=NOW)
    value = work_calendar(calendar.pk)
    assert [str(i) for i in value.intervals_on(saturday)] == ["07:00–11:30", "13:30–17:00"]


@pytest.mark.parametrize(
    ("kind", "reason", "hours"),
    [
        ("off", Label(" ", ""), []), ("holiday", OFF, []), ("working", OFF, ["7h-11h"]),
        ("working", OFF, ["11:30-07:00"]), ("working", OFF, ["07:00-12:00", "11:00-17:00"]),
    ],
)
def test_days_that_make_no_sense_are_refused(calendar, kind, reason, hours) -> None:
    with pytest.raises(Refused):
        set_day(calendar, date(2026, 3, 11), kind, reason, intervals=hours, actor=ADMIN, now=NOW)
    calendar.refresh_from_db()
    assert calendar.version == 1 and not calendar.days.filter(date=date(2026, 3, 11)).exists()


@pytest.mark.parametrize(
    "weekly", [[[]] * 7, [["07:00-11:30"]] * 6, [["07:00-11:30", "11:00-12:00"], *[[]] * 6], [["x"], *[[]] * 6]]
)
def test_weeks_that_make_no_sense_are_refused(calendar, weekly) -> None:
    with pytest.raises(Refused):
        set_hours(calendar, weekly, actor=ADMIN, now=NOW)


def test_removing_what_is_not_there_is_refused(calendar) -> None:
    with pytest.raises(Refused, match="already an ordinary day"):
        remove_day(calendar, date(2026, 3, 11), actor=ADMIN, now=NOW)


def test_rows_say_what_the_pack_says_to_the_minute(db: None, pack) -> None:
    for given in pack.calendars.values():
        row = load_calendar(given, actor=SYSTEM, now=NOW)
        value = work_calendar(row.pk)
        for n in range(365 * 2):
            day = date(2026, 1, 1) + timedelta(days=n)
            assert value.intervals_on(day) == given.calendar.intervals_on(day), (given.key, day)


def test_an_agencys_calendar_takes_its_days_from_its_base(db: None, pack) -> None:
    rows = {key: load_calendar(given, actor=SYSTEM, now=NOW) for key, given in pack.calendars.items()}
    base, own, round_the_clock = rows["quang-nam"], rows["mot-cua"], rows["ngay-dem"]
    wednesday, saturday = date(2026, 3, 11), date(2026, 3, 14)
    assert work_calendar(own.pk).is_working_day(saturday)
    set_day(base, wednesday, "off", OFF, actor=ADMIN, now=NOW)
    set_day(base, saturday, "off", OFF, actor=ADMIN, now=NOW)
    assert not work_calendar(own.pk).is_working_day(wednesday)
    assert work_calendar(round_the_clock.pk).is_working_day(wednesday)
    # Its own day replaces the base's.
    set_day(own, saturday, "working", Label("Trực", "On duty"), intervals=["08:00-10:00"], actor=ADMIN, now=NOW)
    own = Calendar.objects.select_related("base").get(pk=own.pk)
    assert [str(i) for i in work_calendar_of(own).intervals_on(saturday)] == ["08:00–10:00"]
    assert [d.calendar_id for d in days_between(own, wednesday, saturday)] == [base.pk, own.pk]
    assert set(dependents(base.pk)) == {base.pk, own.pk}


def test_an_unchanged_calendar_costs_one_small_query(calendar, django_assert_num_queries) -> None:
    value = work_calendar(calendar.pk)
    with django_assert_num_queries(1):
        assert work_calendar(calendar.pk) is value
    row = Calendar.objects.select_related("base").get(pk=calendar.pk)
    with django_assert_num_queries(0):
        assert work_calendar_of(row) is value


def test_a_pack_loaded_again_keeps_what_people_changed(calendar, pack) -> None:
    tet, new_year = date(2026, 2, 20), date(2026, 1, 1)
    set_day(calendar, date(2026, 3, 11), "off", OFF, actor=ADMIN, now=NOW)
    remove_day(calendar, tet, actor=ADMIN, now=NOW)
    calendar.days.filter(date=new_year).update(reason_vi="ghi sai")  # not by a person: the pack corrects it
    load_calendar(pack.calendars["quang-nam"], actor=SYSTEM, now=NOW)
    value = work_calendar(calendar.pk)
    assert not value.is_working_day(date(2026, 3, 11)), "set here"
    assert value.is_working_day(tet), "removed here"
    assert calendar.days.get(date=new_year).reason_vi == "Tết Dương lịch"
    set_hours(calendar, [["08:00-12:00"]] * 7, actor=ADMIN, now=NOW)
    load_calendar(pack.calendars["quang-nam"], actor=SYSTEM, now=NOW)
    calendar.refresh_from_db()
    assert calendar.weekly == [["08:00-12:00"]] * 7


def test_loading_the_same_changes_nothing(calendar, pack) -> None:
    load_calendar(pack.calendars["quang-nam"], actor=SYSTEM, now=NOW)
    calendar.refresh_from_db()
    assert calendar.version == 1 and not Act.objects.filter(kind="calendar.changed").exists()
