"""Clocks as values, on the real edition of Quảng Nam: several at once, each from its own receipt, late for ever."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.regulation import clocks as c
from hotline.regulation.clocks import Clock, ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ClockState, Role, Standing, Step
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, WorkingHours
from hotline.regulation.pack import read_pack
from hotline.regulation.tests.calendars import DAY_AND_NIGHT, DAYS, QUANG_NAM, TET, WEEK, ZONE, at
from hotline.regulation.verification import VerificationRule
from hotline.regulation.working_time import DayException, WorkCalendar

RULE = ClockRule(
    key="focal_person",
    label=Label("Đầu mối", "Focal"),
    owner=Role.FOCAL_PERSON,
    limit=WorkingHours(8),
    starts_on=(Step.ASSIGN,),
    meets_on=(Step.SUBMIT,),
    warn_before=(WorkingHours(2),),
)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return read_pack("quang-nam", years=()).editions[0]


def running(start: str = "2026-03-02 08:00") -> Clock:
    return c.start(RULE, at(start), QUANG_NAM)


class Story:
    """The clocks of one case, step after step."""

    def __init__(self, edition: Edition) -> None:
        self.rules = edition.clocks
        self.clocks: list[Clock] = []

    def step(self, step: str, when: str) -> "Story":
        return self.at(step, at(when))

    def at(self, step: str, now: datetime) -> "Story":
        new = c.apply_step(self.rules, self.clocks, step, now, QUANG_NAM)
        changed = {(clock.key, clock.started_at) for clock in new}
        self.clocks = [clock for clock in self.clocks if (clock.key, clock.started_at) not in changed] + new
        return self

    def run_out(self, key: str) -> "Story":
        clock = self[key]
        self.clocks[self.clocks.index(clock)] = c.breach(clock)
        return self.at(c.expiry_of(key), clock.due_at)

    def __getitem__(self, key: str) -> Clock:
        return [clock for clock in self.clocks if clock.key == key][-1]

    def states(self) -> dict[str, str]:
        return {clock.key: clock.state.value for clock in self.clocks}


def test_met_in_time_on_the_very_last_moment() -> None:
    clock = running()
    met = c.meet(clock, clock.due_at)
    assert (met.state, met.late, met.met_at) == (ClockState.MET, False, clock.due_at)


def test_met_late_stays_late_even_when_no_sweeper_looked() -> None:
    clock = running()
    met = c.meet(clock, clock.due_at + timedelta(0, 0, 1))
    assert (met.state, met.late, met.breached_at) == (ClockState.MET, True, clock.due_at)


def test_a_breach_is_never_undone() -> None:
    breached = c.breach(running())
    now = breached.due_at + timedelta(hours=1)
    assert c.pause(breached, now, QUANG_NAM) == breached
    assert c.resume(breached, now, QUANG_NAM) == breached
    assert c.promise(breached, now + timedelta(days=9)) == breached
    assert c.recompute(breached, DAY_AND_NIGHT) == breached
    assert c.meet(breached, now).late
    assert c.cancel(breached, now).late


def test_a_finished_clock_stays_finished() -> None:
    met = c.meet(running(), at("2026-03-02 09:00"))
    later = at("2026-03-09 09:00")
    assert c.meet(met, later) == c.cancel(met, later) == c.breach(met) == c.recompute(met, DAY_AND_NIGHT) == met
    assert c.remaining(met, later, QUANG_NAM) == timedelta()
    assert c.standing(met, RULE, later, QUANG_NAM) == Standing.ON_TIME


def test_hold_time_is_taken_out_not_added_to_receipt() -> None:
    clock = running("2026-03-02 08:00")  # due on Tuesday at 08:00
    paused = c.pause(clock, at("2026-03-02 10:00"), QUANG_NAM)
    assert paused.remaining == timedelta(hours=6)
    assert c.remaining(paused, at("2026-03-20 10:00"), QUANG_NAM) == timedelta(hours=6)
    resumed = c.resume(paused, at("2026-03-04 13:30"), QUANG_NAM)
    assert resumed.started_at == clock.started_at
    assert resumed.due_at == at("2026-03-05 09:30")


def test_a_pause_over_a_night_costs_and_gives_nothing() -> None:
    clock = running("2026-03-02 08:00")
    paused = c.pause(clock, at("2026-03-02 17:00"), QUANG_NAM)
    assert c.resume(paused, at("2026-03-03 02:00"), QUANG_NAM).due_at == clock.due_at


def test_pausing_too_late_saves_nobody() -> None:
    clock = running()
    assert c.pause(clock, clock.due_at + timedelta(minutes=1), QUANG_NAM).state == ClockState.BREACHED


@pytest.mark.parametrize(
    ("limit", "resumed", "due"),
    [
        (WorkingDays(3), "2026-03-05 10:00", "2026-03-10 17:00"),
        (CalendarDays(3), "2026-03-05 10:00", "2026-03-08 06:00"),
        (Minutes(600), "2026-03-02 23:00", "2026-03-03 05:00"),
    ],
)
def test_each_limit_pauses_in_its_own_measure(limit: Limit, resumed: str, due: str) -> None:
    clock = c.start(replace(RULE, limit=limit), at("2026-03-02 08:00"), QUANG_NAM)
    paused = c.pause(clock, at("2026-03-02 12:00"), QUANG_NAM)
    assert c.resume(paused, at(resumed), QUANG_NAM).due_at == at(due)


def test_a_changed_holiday_table_moves_running_clocks_only() -> None:
    clock = running("2026-03-02 08:00")
    storm = DAYS | {at("2026-03-03 00:00").date(): DayException("off", Label("Nghỉ bão", "Storm"))}
    changed = WorkCalendar("quang-nam", ZONE, WEEK, storm)
    assert c.recompute(clock, changed).due_at == at("2026-03-04 08:00")
    promised = c.promise(clock, at("2026-03-20 17:00"))
    assert c.recompute(promised, changed) == promised
    paused = c.pause(clock, at("2026-03-02 10:00"), QUANG_NAM)
    assert c.recompute(paused, changed) == paused
    resumed = c.resume(paused, at("2026-03-02 15:00"), QUANG_NAM)
    assert resumed.due_at == at("2026-03-03 11:00")
    assert c.recompute(resumed, changed).due_at == at("2026-03-04 11:00")


def test_warnings_come_in_working_time() -> None:
    """Never at midnight or on a Sunday: two working hours before Monday 08:00 is Friday 16:00."""
    clock = running("2026-03-06 08:00")
    assert clock.due_at == at("2026-03-09 08:00")
    assert c.warnings(clock, RULE, QUANG_NAM) == [at("2026-03-06 16:00")]
    assert c.standing(clock, RULE, at("2026-03-06 15:59"), QUANG_NAM) == Standing.ON_TIME
    assert c.standing(clock, RULE, at("2026-03-06 16:00"), QUANG_NAM) == Standing.DUE_SOON
    assert c.standing(clock, RULE, clock.due_at, QUANG_NAM) == Standing.DUE_SOON
    assert c.standing(clock, RULE, clock.due_at + timedelta(0, 0, 1), QUANG_NAM) == Standing.OVERDUE


def test_a_lead_longer_than_the_clock_warns_nobody_and_minutes_run_on_the_wall() -> None:
    rule = replace(RULE, limit=Minutes(5), warn_before=(Minutes(2), Minutes(30)))
    clock = c.start(rule, at("2026-02-17 02:00"), QUANG_NAM)
    assert c.warnings(clock, rule, QUANG_NAM) == [at("2026-02-17 02:03")]


# -- the clocks of Decision 1519 -------------------------------------------------------------------------------------


def test_a_report_answered_in_time(edition: Edition) -> None:
    story = Story(edition).step(Step.OPEN, "2026-02-13 15:41").step(Step.ASSIGN, "2026-02-13 16:00")
    assert story["focal_person"].due_at == at("2026-02-23 16:00")
    assert story.states() == {"forward": "met", "reply": "running", "focal_person": "running"}
    story.step(Step.ACCEPT, "2026-02-13 16:20").step(Step.SUBMIT, "2026-02-23 09:00")
    assert story["head"].started_at == at("2026-02-23 09:00"), "the head's clock counts from the head's own receipt"
    assert story["head"].due_at == at("2026-03-03 09:00"), "48 working hours are six working days"
    story.step(Step.APPROVE, "2026-02-24 10:00")
    assert set(story.states().values()) == {"met"}
    assert not c.ever_late(edition.clocks, story.clocks, at("2027-01-01 00:00"))


def test_the_heads_clock_starts_when_the_focal_persons_runs_out(edition: Edition) -> None:
    story = Story(edition).step(Step.OPEN, "2026-02-13 15:41").step(Step.ASSIGN, "2026-02-13 16:00")
    story.run_out("focal_person")
    assert story["head"].started_at == at("2026-02-23 16:00"), "from the due moment, however late the sweeper came"
    now = at("2026-02-24 08:00")
    assert c.case_standing(edition.clocks, story.clocks, now, QUANG_NAM) == Standing.OVERDUE
    story.step(Step.SUBMIT, "2026-02-24 09:00")
    assert story["head"].started_at == at("2026-02-23 16:00"), "submitting late gives the head no new 48 hours"
    story.step(Step.APPROVE, "2026-02-24 10:00")
    assert story["focal_person"].late, "answered after trễ hạn shows late for ever"
    assert c.ever_late(edition.clocks, story.clocks, at("2027-01-01 00:00"))
    assert c.case_standing(edition.clocks, story.clocks, now, QUANG_NAM) == Standing.ON_TIME


def test_return_and_reassignment_do_not_restart_the_clock(edition: Edition) -> None:
    story = Story(edition).step(Step.OPEN, "2026-03-02 07:30").step(Step.ASSIGN, "2026-03-02 08:00")
    first = story["focal_person"]
    story.step(Step.RETURN, "2026-03-02 10:00")
    assert story["forward"].state == ClockState.RUNNING, "the desk owes forwarding again"
    story.step(Step.ASSIGN, "2026-03-02 14:00")
    story.step(Step.RETURN_AGAIN, "2026-03-02 15:00").step(Step.DECIDE, "2026-03-02 16:00")
    story.step(Step.REASSIGN, "2026-03-02 16:30")
    assert story["focal_person"] == first


def test_verification_has_its_own_clock_and_the_others_run_on(edition: Edition) -> None:
    story = Story(edition).step(Step.ASSIGN, "2026-03-02 08:00").step(Step.SUBMIT, "2026-03-02 09:00")
    story.step(Step.SEND_BACK, "2026-03-02 10:00").step(Step.ASK_VERIFICATION, "2026-03-02 11:00")
    assert story["verification"].due_at == at("2026-03-05 11:00"), "24 working hours are three days"
    assert story["head"].state == ClockState.RUNNING
    assert story["head"].due_at == at("2026-03-10 09:00")
    story.step(Step.FINISH_VERIFICATION, "2026-03-03 11:00").step(Step.ASK_VERIFICATION, "2026-03-04 08:00")
    assert [clock.state for clock in story.clocks if clock.key == "verification"] == [
        ClockState.MET,
        ClockState.RUNNING,
    ]


def test_an_edition_may_let_the_others_wait_for_verification(edition: Edition) -> None:
    waiting = replace(edition, verification=VerificationRule(pauses_others=True))
    story = Story(waiting).step(Step.ASSIGN, "2026-03-02 08:00").step(Step.ASK_VERIFICATION, "2026-03-02 10:00")
    assert story["focal_person"].state == ClockState.PAUSED
    assert story["verification"].state == ClockState.RUNNING
    story.step(Step.FINISH_VERIFICATION, "2026-03-04 07:00")
    assert story["focal_person"].due_at == at("2026-03-04 15:00")


def test_reopening_starts_a_new_round(edition: Edition) -> None:
    story = Story(edition).step(Step.OPEN, "2026-03-02 07:30").step(Step.ASSIGN, "2026-03-02 08:00")
    story.step(Step.SUBMIT, "2026-03-02 09:00").step(Step.APPROVE, "2026-03-02 10:00")
    story.step(Step.REOPEN, "2026-03-09 08:00")
    assert (story["focal_person"].round, story["focal_person"].due_at) == (2, at("2026-03-10 08:00"))
    assert story["reply"].round == 2
    story.step(Step.SUBMIT, "2026-03-09 09:00")
    assert story["head"].round == 2, "what starts later in the round belongs to it"


def test_nothing_runs_after_the_end(edition: Edition) -> None:
    for step in (Step.WITHDRAW, Step.MERGE):
        story = Story(edition).step(Step.OPEN, "2026-03-02 07:30").step(Step.ASSIGN, "2026-03-02 08:00")
        story.step(Step.ASK_VERIFICATION, "2026-03-02 09:00").step(step, "2026-03-02 10:00")
        assert not any(clock.unfinished for clock in story.clocks)
    answered = Story(edition).step(Step.OPEN, "2026-03-02 07:30").step(Step.ANSWER_AT_ONCE, "2026-03-02 07:35")
    assert set(answered.states().values()) == {"met"}


def test_nothing_happens_to_clocks_a_step_does_not_concern(edition: Edition) -> None:
    story = Story(edition).step(Step.OPEN, "2026-03-02 07:30").step(Step.ASSIGN, "2026-03-02 08:00")
    assert c.apply_step(edition.clocks, story.clocks, Step.ACCEPT, at("2026-03-02 09:00"), QUANG_NAM) == []


def test_the_desks_lateness_does_not_mark_the_case(edition: Edition) -> None:
    story = Story(edition).step(Step.OPEN, "2026-03-02 07:30")
    assert story["forward"].due_at == at("2026-03-09 17:00")
    assert c.case_standing(edition.clocks, story.clocks, at("2026-03-10 08:00"), QUANG_NAM) == Standing.ON_TIME


def test_tet_is_named_where_the_tests_say_tet() -> None:
    assert DAYS[at("2026-02-17 00:00").date()].reason == TET
