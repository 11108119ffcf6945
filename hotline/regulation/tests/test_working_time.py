"""Working time, first in dated cases with their reason, then against counting every minute by hand."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.regulation.labels import Label
from hotline.regulation.tests.calendars import DAY_AND_NIGHT, OFFICE, QUANG_NAM, WEEK, ZONE, at
from hotline.regulation.working_time import DayException, Interval, NoWorkingTime, WorkCalendar

NOTHING = Label("thử", "test")

ADDITIONS = [
    ("2026-02-13 16:00", 8, "2026-02-23 16:00", "one hour before Tết, seven after it"),
    ("2026-02-13 17:30", 8, "2026-02-23 17:00", "sent after work on the Friday before Tết: all eight hours after it"),
    ("2026-03-02 07:00", 8, "2026-03-02 17:00", "a whole day ends at closing, not next morning"),
    ("2026-03-02 07:00", 4.5, "2026-03-02 11:30", "due exactly at the end of the morning stays there"),
    ("2026-03-02 11:30", 1, "2026-03-02 14:30", "at the end of the morning counting goes on after lunch"),
    ("2026-03-02 12:10", 1, "2026-03-02 14:30", "received over lunch starts after lunch"),
    ("2026-03-03 02:00", 8, "2026-03-03 17:00", "received at two in the morning starts when the office opens"),
    ("2026-03-07 10:00", 1, "2026-03-09 08:00", "received on a Saturday starts on Monday"),
    ("2026-03-06 16:59", 1, "2026-03-09 07:59", "one minute on Friday, fifty-nine on Monday"),
    ("2026-02-16 09:00", 2, "2026-02-23 09:00", "received in the middle of Tết"),
    ("2026-08-21 16:00", 8, "2026-08-22 16:00", "the make-up Saturday is worked"),
    ("2026-08-22 08:00", 8, "2026-08-24 08:00", "sent on the make-up Saturday"),
    ("2026-08-28 16:00", 8, "2026-09-03 16:00", "over the exchanged Monday and National Day"),
    ("2026-03-02 07:00", 48, "2026-03-09 17:00", "48 working hours are six working days, not two days"),
    ("2026-03-02 07:00", 0, "2026-03-02 07:00", "no work at all is due at once"),
]


@pytest.mark.parametrize(("start", "hours", "due", "why"), ADDITIONS)
def test_due(start: str, hours: float, due: str, why: str) -> None:
    assert QUANG_NAM.add(at(start), timedelta(hours=hours)) == at(due), why


NEXT = [
    ("2026-03-02 09:15", "2026-03-02 09:15", "work is going on"),
    ("2026-03-02 11:30", "2026-03-02 13:30", "the end of the morning is already lunch"),
    ("2026-03-02 17:00", "2026-03-03 07:00", "closing time is already the evening"),
    ("2026-02-13 17:00", "2026-02-23 07:00", "closing time before Tết"),
    ("2026-02-14 08:00", "2026-02-23 07:00", "the first morning of Tết"),
]


@pytest.mark.parametrize(("moment", "following", "why"), NEXT)
def test_next_working(moment: str, following: str, why: str) -> None:
    assert QUANG_NAM.next_working(at(moment)) == at(following), why


def test_a_round_the_clock_office_loses_no_minute_at_midnight() -> None:
    assert DAY_AND_NIGHT.add(at("2026-03-02 23:30"), timedelta(hours=1)) == at("2026-03-03 00:30")
    assert DAY_AND_NIGHT.elapsed(at("2026-03-01 00:00"), at("2026-03-31 00:00")) == timedelta(days=30)
    assert DAY_AND_NIGHT.add(at("2026-03-02 22:00"), timedelta(hours=2)) == at("2026-03-03 00:00")


def test_a_moment_may_come_in_any_zone_and_goes_out_in_the_offices() -> None:
    start = datetime(2026, 2, 13, 9, 0, tzinfo=UTC)  # 16:00 in Việt Nam
    due = QUANG_NAM.add(start, timedelta(hours=8))
    assert due.isoformat() == "2026-02-23T16:00:00+07:00"
    assert QUANG_NAM.add(start.astimezone(timezone(timedelta(hours=-11))), timedelta(hours=8)) == due


@pytest.mark.parametrize("call", ["add", "is_working", "next_working"])
def test_a_moment_without_a_zone_is_refused(call: str) -> None:
    arguments = [timedelta(hours=1)] if call == "add" else []
    with pytest.raises(ValueError, match="no time zone"):
        getattr(QUANG_NAM, call)(datetime(2026, 3, 2, 8), *arguments)  # noqa: DTZ001 the point of the test


def test_far_future_grows_by_itself() -> None:
    due = QUANG_NAM.add(at("2026-03-02 07:00"), timedelta(hours=8 * 261 * 60))
    assert due.year > 2080
    assert QUANG_NAM.elapsed(at("2026-03-02 07:00"), due) == timedelta(hours=8 * 261 * 60)


def test_far_past_too() -> None:
    QUANG_NAM.add(at("2026-03-02 07:00"), timedelta(hours=1))
    assert QUANG_NAM.elapsed(at("1990-01-01 07:00"), at("1990-01-01 17:00")) == timedelta(hours=8)
    assert QUANG_NAM.add(at("2026-03-02 08:00"), timedelta(hours=-1)) == at("2026-03-02 07:00")
    assert QUANG_NAM.add(at("2026-03-02 08:00"), timedelta(hours=-2)) == at("2026-02-27 16:00")


def test_a_calendar_without_working_time_says_so() -> None:
    empty = WorkCalendar("empty", ZONE, ((),) * 7)
    with pytest.raises(NoWorkingTime, match="empty has no working time left"):
        empty.add(at("2026-03-02 07:00"), timedelta(minutes=1))
    with pytest.raises(NoWorkingTime):
        empty.next_working(at("2026-03-02 07:00"))
    one_day = WorkCalendar("one", ZONE, ((),) * 7, {date(2030, 1, 5): DayException("working", NOTHING, OFFICE)})
    assert one_day.add(at("2026-03-02 07:00"), timedelta(hours=8)) == at("2030-01-05 17:00")
    with pytest.raises(NoWorkingTime):
        one_day.add(at("2026-03-02 07:00"), timedelta(hours=9))


def test_a_make_up_saturday_has_the_hours_of_the_day_it_replaces() -> None:
    friday = (Interval(time(7), time(11)),)
    saturday, exchanged = date(2026, 3, 7), date(2026, 3, 13)
    for replaces, hours in [(exchanged, friday), (None, OFFICE)]:
        days = {saturday: DayException("working", NOTHING, replaces=replaces)}
        calendar = WorkCalendar("c", ZONE, (OFFICE,) * 4 + (friday, (), ()), days)
        assert calendar.intervals_on(saturday) == hours


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="two intervals"):
        Interval(time(22), time(6))
    with pytest.raises(ValueError, match="overlap"):
        WorkCalendar("c", ZONE, ((OFFICE[1], OFFICE[0]),) + ((),) * 6)
    with pytest.raises(ValueError, match="seven days"):
        WorkCalendar("c", ZONE, WEEK[:5])
    with pytest.raises(ValueError, match="no working hours"):
        DayException("off", NOTHING, OFFICE)
    assert Interval.parse("13:30–24:00").length == timedelta(hours=10, minutes=30)


def test_hours_are_read_on_the_wall_clock_of_the_office() -> None:
    paris = WorkCalendar("paris", ZoneInfo("Europe/Paris"), WEEK)
    start = datetime(2026, 3, 27, 16, 0, tzinfo=paris.zone)  # the Friday before the clocks change
    assert paris.add(start, timedelta(hours=8)).isoformat() == "2026-03-30T16:00:00+02:00"


# -- against a count of every minute ---------------------------------------------------------------------------------

FIRST = date(2026, 2, 1)
WINDOW = 75  # days in which everything happens


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> tuple[Interval, ...]:
    marks = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Interval(_clock(a), _clock(b)) for a, b in pairs)


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    weekly = tuple(draw(st.one_of(st.just(OFFICE), st.just(()), hours_of_a_day())) for _ in range(7))
    weekly = (*weekly[:6], weekly[6] or (Interval(time(8), time(12)),))  # some work every week
    days: dict[date, DayException] = {}
    for offset in draw(st.sets(st.integers(0, WINDOW), max_size=25)):
        hours = draw(hours_of_a_day())
        day = FIRST + timedelta(offset)
        days[day] = DayException("working", NOTHING, hours) if hours else DayException("off", NOTHING)
    return WorkCalendar("random", ZONE, weekly, days)


def _minutes(calendar: WorkCalendar) -> list[bool]:
    worked = [False] * (WINDOW * 1440)
    for offset in range(WINDOW):
        for interval in calendar.intervals_on(FIRST + timedelta(offset)):
            start, end = (mark // 60_000_000 for mark in interval.span)
            worked[offset * 1440 + start : offset * 1440 + end] = [True] * (end - start)
    return worked


def _moment(minute: int) -> datetime:
    return datetime.combine(FIRST, time(), ZONE) + timedelta(minutes=minute)


@settings(max_examples=150, deadline=None)
@given(calendars(), st.integers(0, 10 * 1440), st.integers(1, 40 * 60))
def test_add_counts_every_minute(calendar: WorkCalendar, start: int, work: int) -> None:
    left = work
    for minute, worked in enumerate(_minutes(calendar)):
        if minute >= start and worked:
            left -= 1
            if left == 0:
                assert calendar.add(_moment(start), timedelta(minutes=work)) == _moment(minute + 1)
                return
    assert calendar.add(_moment(start), timedelta(minutes=work)) > _moment(WINDOW * 1440)


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, WINDOW * 1440 - 1), st.integers(0, WINDOW * 1440 - 1))
def test_elapsed_and_next_working_count_every_minute(calendar: WorkCalendar, a: int, b: int) -> None:
    worked = _minutes(calendar)
    low, high = sorted((a, b))
    count = timedelta(minutes=sum(worked[low:high]))
    assert calendar.elapsed(_moment(low), _moment(high)) == count
    assert calendar.elapsed(_moment(high), _moment(low)) == -count
    assert calendar.is_working(_moment(a)) == worked[a]
    following = next((minute for minute in range(a, len(worked)) if worked[minute]), None)
    if following is not None:
        assert calendar.next_working(_moment(a)) == _moment(following)


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(0, 40 * 86_400_000_000), st.integers(1, 90 * 3_600_000_000))
def test_add_is_exact_to_the_microsecond(calendar: WorkCalendar, start_us: int, work_us: int) -> None:
    """The due moment is the first by which the work has passed; going back the same work gives the last such start."""
    start, work, tick = _moment(0) + timedelta(0, 0, start_us), timedelta(0, 0, work_us), timedelta(0, 0, 1)
    due = calendar.add(start, work)
    assert calendar.elapsed(start, due) == work
    assert calendar.elapsed(start, due - tick) == work - tick
    back = calendar.add(due, -work)
    assert calendar.elapsed(back, due) == work
    assert calendar.elapsed(back + tick, due) == work - tick
    assert back >= start


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(0, 40), st.integers(1, 15))
def test_working_days_count_every_day(calendar: WorkCalendar, offset: int, count: int) -> None:
    day = FIRST + timedelta(offset)
    expected, left = day, count
    while left:
        expected += timedelta(1)
        left -= calendar.is_working_day(expected)
    assert calendar.working_day_after(day, count) == expected
    assert calendar.closing(expected) == calendar.add(
        datetime.combine(expected, time(), ZONE), _work(calendar, expected)
    )


def _work(calendar: WorkCalendar, day: date) -> timedelta:
    return sum((interval.length for interval in calendar.intervals_on(day)), timedelta())


def test_a_due_moment_takes_microseconds_to_compute() -> None:
    """At most 10 µs an evaluation on a quiet machine; ten times that here, so that only another algorithm fails."""
    from timeit import repeat

    start, work = at("2026-02-13 16:00"), timedelta(hours=8)
    seconds = min(repeat(lambda: QUANG_NAM.add(start, work), number=2000, repeat=5)) / 2000
    assert seconds < 100e-6
