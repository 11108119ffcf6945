"""Generated lives obey the regulation: allowed steps in order, clocks as the steps leave them, nothing for the sweeper."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotline.demo.lives import Course, Life
from hotline.regulation.clocks import is_past
from hotline.regulation.lifecycle import DONE_STATES, TRANSITIONS, ClockState, State, Step
from hotline.regulation.pack import read_pack

PACK = read_pack("quang-nam", years=range(2023, 2028))
NOW = datetime(2026, 3, 11, 10, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
COURSE = Course(PACK.editions[0], PACK.calendar(), NOW)


def lives(count: int = 3000) -> list[Life]:
    dice = random.Random(1022)
    return [COURSE.live(dice, NOW - timedelta(days=1095 * (1 - n / count), minutes=1)) for n in range(count)]


def test_every_step_is_one_the_lifecycle_allows_and_none_is_in_the_future() -> None:
    for life in lives():
        state, last = State.RECEIVED, life.received
        for deed in life.deeds:
            assert deed.before == state and TRANSITIONS[state, deed.step].to == deed.after
            assert last <= deed.at <= NOW
            state, last = deed.after, deed.at
        assert state == life.state
        assert (life.answered_at is not None) == any(d.step == Step.APPROVE for d in life.deeds)
        assert (life.closed_at is not None) == (life.state == State.CLOSED)


def test_no_clock_is_left_for_the_sweeper_to_find() -> None:
    for life in lives():
        for clock in life.clocks.values():
            assert not is_past(clock, NOW)
            _, next_at = COURSE.next_look(clock)
            assert next_at is None or next_at > NOW
            assert (next_at is not None) == (clock.state == ClockState.RUNNING)
            assert clock.met_at is None or clock.breached_at is None or clock.met_at > clock.due_at
        if life.state in DONE_STATES:
            assert life.due_at is None and not any(c.unfinished for c in life.clocks.values())
        late = [b.due_at for b in life.breaches if COURSE.rules[b.key].marks_late]
        assert life.late_at == (late[0] if late else None)


def test_about_seven_in_a_hundred_are_open_in_every_state() -> None:
    states = Counter(life.state for life in lives(6000))
    share = sum(n for state, n in states.items() if state not in DONE_STATES) / 6000
    assert 0.05 < share < 0.09
    assert set(states) >= set(State)
    assert 0.03 < sum(1 for life in lives() if life.late_at) / 3000 < 0.4
