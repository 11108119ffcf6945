"""Arrays against the scalar rules: any calendars, any moments, any limits, any lives: the same answers to the microsecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.cases.rules import PROMISE
from hotline.regulation.clocks import ClockRule
from hotline.regulation.cooperation import CooperationRule
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ObligationKind, Role, Step
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, WorkingHours, after, due, left
from hotline.regulation.modes import Mode
from hotline.regulation.obligations import ObligationRule
from hotline.regulation.pack import read_pack
from hotline.regulation.tests.calendars import DAY_AND_NIGHT, QUANG_NAM, WEEK, ZONE, at
from hotline.regulation.working_time import DayException, Interval, NoWorkingTime, WorkCalendar
from hotline.simulation.rules import limits
from hotline.simulation.rules.reference import PART_ASKED, PARTS, Taken, replay_case
from hotline.simulation.rules.replay import NEVER, Parts, Recorded, plan_of, replay
from hotline.simulation.rules.timeline import Timeline, UnsteadyZone, length, micros, moment

WHY = Label("thử", "test")


@st.composite
def hours(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Up to three intervals of a day; some touch, some close the day."""
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    clock = [time(m // 4, m % 4 * 15) if m < 96 else time(0) for m in marks]
    return tuple(Interval(a, b) for a, b in zip(clock[::2], clock[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A week with at least one working day, days off and make-up days around the moments that are drawn."""
    week = [draw(hours() | st.just(())) for _ in range(6)]
    week.insert(draw(st.integers(0, 6)), draw(hours()))
    days = draw(st.sets(st.integers(-10, 60), max_size=12))
    kinds = {date(2026, 2, 9) + timedelta(n): draw(st.none() | hours()) for n in days}
    special = {d: DayException("working" if h else "off", WHY, h) for d, h in kinds.items()}
    zone = draw(st.sampled_from([ZONE, ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")]))
    return WorkCalendar("lich", zone, tuple(week), special)


moments = st.builds(
    lambda days, quarter, extra: at("2026-02-05 00:00") + timedelta(days, quarter * 900, extra),
    st.integers(0, 45), st.integers(0, 96), st.sampled_from([0, 0, 1, -1, 30_000_001]),
)  # fmt: skip
limit_values: st.SearchStrategy[Limit] = st.one_of(
    st.builds(WorkingHours, st.sampled_from([0.25, 1, 8, 24, 48])),
    st.builds(
        WorkingDays, st.integers(1, 12), st.none() | st.sampled_from([time(11), time(16, 30), time(18)]),
        st.sampled_from(["same_day", "next_working_day"]),
    ),
    st.builds(CalendarDays, st.integers(1, 9)),
    st.builds(Minutes, st.sampled_from([5, 90, 2000])),
)  # fmt: skip


def which(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int16)


def values(*at: datetime) -> np.ndarray:
    return np.array([micros(m) for m in at], np.int64)


@settings(max_examples=60, deadline=None)
@given(st.lists(calendars(), min_size=1, max_size=3), st.data())
def test_sums_over_working_time(offices: list[WorkCalendar], data: st.DataObject) -> None:
    line = Timeline(offices)
    numbers = data.draw(st.lists(st.integers(0, len(offices) - 1), min_size=1, max_size=6))
    starts = [data.draw(moments) for _ in numbers]
    others = [data.draw(moments) for _ in numbers]
    works = [timedelta(minutes=data.draw(st.sampled_from([0, 1, 15, 480, 2880, 90_000]))) for _ in numbers]
    told = line.add(which(*numbers), values(*starts), np.array([length(w) for w in works], np.int64))
    assert list(map(moment, told)) == [offices[n].add(s, w) for n, s, w in zip(numbers, starts, works, strict=True)]
    told = line.elapsed(which(*numbers), values(*starts), values(*others))
    assert list(told) == [length(offices[n].elapsed(a, b)) for n, a, b in zip(numbers, starts, others, strict=True)]
    told = line.next_working(which(*numbers), values(*starts))
    assert list(map(moment, told)) == [offices[n].next_working(s) for n, s in zip(numbers, starts, strict=True)]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(calendars(), min_size=1, max_size=2), limit_values, st.lists(moments, min_size=1, max_size=5), st.data()
)
def test_limits(offices: list[WorkCalendar], limit: Limit, starts: list[datetime], data: st.DataObject) -> None:
    line = Timeline(offices)
    numbers = [data.draw(st.integers(0, len(offices) - 1)) for _ in starts]
    dues = [due(limit, s, offices[n]) for n, s in zip(numbers, starts, strict=True)]
    assert list(map(moment, limits.due(limit, which(*numbers), values(*starts), line))) == dues
    stops = [s + (d - s) * share for s, d, share in zip(starts, dues, [0.1, 0.5, 1, 0.9, 0.3], strict=False)]
    rests = [left(limit, s, d, offices[n]) for n, s, d in zip(numbers, stops, dues, strict=True)]
    told = limits.left(limit, which(*numbers), values(*stops), values(*dues), line)
    assert list(told) == list(map(length, rests))
    again = [data.draw(moments) for _ in starts]
    told = limits.after(limit, which(*numbers), values(*again), np.array(list(map(length, rests)), np.int64), line)
    expected = [after(limit, a, r, offices[n]) for n, a, r in zip(numbers, again, rests, strict=True)]
    assert list(map(moment, told)) == expected


# -- whole lives -------------------------------------------------------------------------------------------------------

STEPS = [s for s in Step if s not in (Step.OPEN, Step.EXPIRE)]
KEYS = ["a", "b", "c"]
OWED = ["owed", "letter"]
MODES = ["quick", "written"]
EXTRA = [*(f"mode:{mode}" for mode in MODES), "raise:3", "met:thank_you_letter"]
EDITION = read_pack("quang-nam", years=[]).editions[0]
some_steps = st.lists(st.sampled_from(STEPS), max_size=4).map(tuple)
triggers = st.lists(
    st.sampled_from([Step.OPEN, Step.ASSIGN, Step.SUBMIT, Step.REOPEN, "mode:written", "raise:3",
                     *(f"expire:{key}" for key in [*KEYS, *OWED])]), max_size=3,
).map(tuple)  # fmt: skip


@st.composite
def editions(draw: st.DrawFn) -> Edition:
    """Clocks that start, pause, meet and trigger one another in any way; response modes; what they make owed."""
    clocks = [
        ClockRule(
            key=key, label=WHY, owner=Role.HEAD, limit=draw(limit_values), starts_on=draw(triggers),
            meets_on=draw(some_steps), pauses_on=draw(some_steps), resumes_on=draw(some_steps),
            cancels_on=draw(some_steps), marks_late=draw(st.booleans()),
        )
        for key in KEYS[: draw(st.integers(1, 3))]
    ]  # fmt: skip
    obligations = [
        ObligationRule(
            key=key, kind=draw(st.sampled_from(ObligationKind)), label=WHY, owner=Role.HEAD, limit=draw(limit_values),
            starts_on=draw(triggers), meets_on=draw(some_steps), cancels_on=draw(some_steps),
        )
        for key in OWED[: draw(st.integers(0, 2))]
    ]  # fmt: skip
    modes = [
        Mode(number=n, key=key, label=WHY, set_on=draw(some_steps), owes=tuple(draw(st.sets(st.sampled_from(OWED)))))
        for n, key in enumerate(MODES[: draw(st.sampled_from([0, 2]))], 1)
    ]
    moves = tuple(draw(st.sets(st.sampled_from(KEYS))))
    asked = draw(st.sampled_from([*(clock.key for clock in clocks), *(clock.key for clock in clocks), ""]))
    return replace(
        EDITION, written_clocks=tuple(clocks), obligations=tuple(obligations), modes=tuple(modes),
        cooperation=CooperationRule(clock=asked) if asked else None,
        reschedule=replace(EDITION.reschedule, moves=moves),
    )  # fmt: skip


@st.composite
def lives(draw: st.DrawFn, offices: int, words: tuple[str, ...]) -> tuple[datetime, list[Taken]]:
    """A receipt and what was recorded after it, in order of time: steps of the case, and of agencies asked for a part."""
    received = draw(moments)
    now, steps = received, []
    for _ in range(draw(st.integers(0, 8))):
        now += timedelta(minutes=draw(st.sampled_from([0, 5, 240, 1500, 9000])))
        office = draw(st.sampled_from([-1, 0, 7, 8]))
        if draw(st.booleans()):
            word, part = draw(st.sampled_from([PART_ASKED, *PARTS])), draw(st.sampled_from([101, 102, 102]))
            steps.append(Taken(word, now, draw(st.integers(0, offices - 1)), None, part, max(office, 7)))
            continue
        word = str(draw(st.sampled_from([*STEPS, *(word for word in EXTRA if word in words)])))
        until = (
            now + timedelta(hours=draw(st.integers(1, 100)))
            if word in (Step.RESCHEDULE, Step.REPORT_PROGRESS)
            else None
        )
        steps.append(Taken(word, now, draw(st.integers(0, offices - 1)), until, office=office))
    return received, steps


def recorded(told: list[tuple[datetime, list[Taken]]], words: tuple[str, ...]) -> Recorded:
    """The same lives as arrays."""
    flat = [(number, taken) for number, (_, steps) in enumerate(told) for taken in steps]
    return Recorded(
        values(*(received for received, _ in told)),
        np.array([number for number, _ in flat], np.intp),
        np.array([words.index(t.step) for _, t in flat], np.int16),
        values(*(t.at for _, t in flat)),
        which(*(t.calendar for _, t in flat)),
        np.array([micros(t.until) if t.until else NEVER for _, t in flat], np.int64),
        Parts(
            np.array([t.part - 101 if t.part else -1 for _, t in flat], np.int16),
            np.array([t.office for _, t in flat], np.int64), which(*(t.calendar for _, t in flat)),
        ),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(calendars(), min_size=1, max_size=2), editions(), st.data())
def test_whole_lives(offices: list[WorkCalendar], edition: Edition, data: st.DataObject) -> None:
    plan = plan_of(edition, PROMISE)
    told = data.draw(st.lists(lives(len(offices), plan.words), min_size=1, max_size=4))
    now = max([received for received, _ in told] + [data.draw(moments)]) + timedelta(days=30)
    agree(offices, edition, told, now)


def test_a_step_that_ends_one_agencys_clock_begins_anothers_of_the_same_name() -> None:
    """Asked for its part at midnight, then the case is assigned: the rule ends what runs under its name, and begins."""
    rule = ClockRule(key="a", label=WHY, owner=Role.HEAD, limit=WorkingHours(0.25), starts_on=(Step.ASSIGN,),
                     cancels_on=(Step.ASSIGN,))  # fmt: skip
    edition = replace(EDITION, written_clocks=(rule,), obligations=(), modes=(), cooperation=CooperationRule(clock="a"))
    night = at("2026-02-05 00:00")
    steps = [Taken(PART_ASKED, night, part=101, office=7), Taken(Step.ASSIGN, night)]
    agree([DAY_AND_NIGHT], edition, [(night, steps)], night + timedelta(days=30))


def agree(
    offices: list[WorkCalendar], edition: Edition, told: list[tuple[datetime, list[Taken]]], now: datetime
) -> None:
    """The arrays say of every life what the scalar rules say."""
    plan = plan_of(edition, PROMISE)
    outcome = replay(plan, recorded(told, plan.words), Timeline(offices), micros(now))
    for number, (received, steps) in enumerate(told):
        one = replay_case(edition, PROMISE, offices, received, steps, now)
        assert outcome.late_at[number] == (micros(one.late_at) if one.late_at else NEVER)
        assert outcome.late_rule[number] == (plan.keys.index(one.late_key) if one.late_key else -1)
        for column, key in enumerate(plan.keys):
            own = [clock for clock in one.clocks if clock.key == key]
            assert outcome.begun[column, number] == bool(own), key
            assert outcome.late[column, number] == any(clock.late for clock in own), key


# -- what a timeline refuses ---------------------------------------------------------------------------------------------


def test_a_sum_far_beyond_the_table_makes_it_longer() -> None:
    start = at("2026-02-13 16:00")
    told = Timeline([QUANG_NAM, DAY_AND_NIGHT]).add(which(0, 1), values(start, start), length(timedelta(hours=20_000)))
    assert list(map(moment, told)) == [
        QUANG_NAM.add(start, timedelta(hours=20_000)), DAY_AND_NIGHT.add(start, timedelta(hours=20_000))
    ]  # fmt: skip


def test_no_moments_are_no_moments() -> None:
    line = Timeline([QUANG_NAM])
    assert not len(limits.due(WorkingHours(8), which(), values(), line))
    assert not len(line.next_working(which(), values()))


def test_a_calendar_that_never_works_is_an_error_as_in_the_scalar_rules() -> None:
    never = WorkCalendar("khong-lam", ZONE, ((),) * 7)
    for offices in ([never], [never, QUANG_NAM], [QUANG_NAM, never]):
        with pytest.raises(NoWorkingTime, match="khong-lam"):
            Timeline(offices).add(which(offices.index(never)), values(at("2026-02-13 16:00")), 1)


def test_a_zone_that_changes_its_offset_is_refused_in_a_sentence() -> None:
    with pytest.raises(UnsteadyZone) as refused:
        Timeline([WorkCalendar("paris", ZoneInfo("Europe/Paris"), WEEK)]).next_working(
            which(0), values(at("2026-02-13 16:00"))
        )
    assert "Europe/Paris" in refused.value.sentence.vi
