"""Random walks through the life of a case: whatever is tried in whatever order, some things never break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.cases import actions, rules
from hotline.cases.models import Case
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import CITIZEN, Desk, at
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation.lifecycle import OPEN_STATES, State

PEOPLE = ("cuong", "ha", "binh", "hung", "lan", "quang", "son", "nguoi-la", "citizen")
Try = Callable[[Desk, Case, Actor, datetime], Case]

TRIES: dict[str, Try] = {
    "assign": lambda d, c, a, n: actions.assign(c, d.cast.agency["so-xay-dung"], actor=a, now=n),
    "assign elsewhere": lambda d, c, a, n: actions.assign(c, d.cast.agency["dien-luc"], actor=a, now=n),
    "decide": lambda d, c, a, n: actions.decide(c, d.cast.agency["dien-luc"], actor=a, now=n),
    "reassign": lambda d, c, a, n: actions.reassign(c, d.cast.agency["dien-luc"], actor=a, now=n),
    "accept": lambda d, c, a, n: actions.accept(c, actor=a, now=n),
    "return": lambda d, c, a, n: actions.return_case(c, "không phải của chúng tôi", d.cast.agency["ubnd-ban-thach"],
                                                     actor=a, now=n),
    "ask verification": lambda d, c, a, n: actions.ask_verification(c, "hiện trường", actor=a, now=n),
    "finish verification": lambda d, c, a, n: actions.finish_verification(c, "đúng", actor=a, now=n),
    "reschedule": lambda d, c, a, n: actions.reschedule(c, n + timedelta(days=2), "mưa", actor=a, now=n),
    "draft": lambda d, c, a, n: actions.save_draft(c, "answered", "Đã xem.", actor=a, now=n),
    "submit": lambda d, c, a, n: actions.submit(c, actor=a, now=n),
    "send back": lambda d, c, a, n: actions.send_back(c, "rõ hơn", actor=a, now=n),
    "approve": lambda d, c, a, n: actions.approve(c, actor=a, now=n),
    "take over": lambda d, c, a, n: actions.take_over(c, actor=a, now=n),
    "answer": lambda d, c, a, n: actions.answer(c, "answered", "Xong.", actor=a, now=n),
    "urge": lambda d, c, a, n: actions.urge(c, "gấp", actor=a, now=n),
    "note": lambda d, c, a, n: actions.note(c, "ghi", actor=a, now=n),
    "rate": lambda d, c, a, n: actions.rate(c, 1 + n.minute % 5, actor=a, now=n),
    "ask reopening": lambda d, c, a, n: actions.ask_reopen(c, "chưa xong", actor=a, now=n),
    "reopen": lambda d, c, a, n: actions.reopen(c, d.cast.agency["so-xay-dung"], actor=a, now=n),
    "refuse reopening": lambda d, c, a, n: actions.refuse_reopen(c, "đã xong", actor=a, now=n),
    "settle": lambda d, c, a, n: actions.settle(c, actor=a, now=n),
    "withdraw": lambda d, c, a, n: actions.withdraw(c, "thôi", actor=a, now=n),
}
# The way most cases go, so that walks get far; what is drawn besides wanders off it at any point.
USUAL = [("assign", "cuong"), ("accept", "binh"), ("draft", "binh"), ("submit", "binh"), ("approve", "hung")]
moves = st.tuples(st.sampled_from(sorted(TRIES)), st.sampled_from(PEOPLE), st.integers(1, 60 * 30))
walks = st.lists(moves, min_size=1, max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, len(USUAL)), wander=walks, sweeps=st.booleans())
def test_what_never_breaks(desk: Desk, first: int, wander: list[tuple[str, str, int]], sweeps: bool) -> None:
    now = at("26/02 09:13")
    case = desk.opened(now)
    journal = Act.objects.filter(subject="case", subject_id=case.pk)
    begun: dict[tuple[int, str], datetime] = {}
    for what, who, minutes in [(*step, 20) for step in USUAL[:first]] + wander:
        now += timedelta(minutes=minutes)
        if sweeps:
            sweep_once(now)
        before = Case.objects.get(pk=case.pk)
        told = journal.count()
        try:
            TRIES[what](desk, case, CITIZEN if who == "citizen" else desk.actor(who), now)
            done = True
        except Refused:
            done = False
        after = Case.objects.get(pk=case.pk)
        new = list(journal.order_by("id")[told:])
        by_people = [act for act in new if act.kind not in ("case.overdue", "case.warned")]

        assert after.version - before.version == len(by_people), "one act for every change, and none besides"
        if done:
            assert 1 <= len(by_people) <= 2, "a rating may ask for reopening, nothing else is two steps"
        else:
            assert not new and after.version == before.version, "a refusal writes nothing"
        assert before.late_at in (None, after.late_at), "trễ hạn is never taken back nor moved"
        assert after.reschedules <= 1 and after.returns <= 2
        assert after.bound or after.returns < 2 or after.state == State.AWAITING_DECISION or after.round > 1
        _check_clocks(after, begun, now)


def _check_clocks(case: Case, begun: dict[tuple[int, str], datetime], now: datetime) -> None:
    clocks = list(case.clocks.all())
    unfinished = [c for c in clocks if c.state in ("running", "paused", "breached")]
    for clock in clocks:
        if clock.key in ("focal_person", "reply"):
            # The original clock runs on over every return and reassignment of its round. Only after the work was
            # done does the next agency get a clock of its own: it counts from that agency's receipt (Quy chế 1519).
            first = begun.setdefault((clock.round, clock.key), clock.started_at)
            assert first == clock.started_at or any(
                c.key == clock.key and c.round == clock.round and c.state == "met" for c in clocks
            )
        assert (clock.next_at is not None) == (clock.state == "running")
        assert clock.breached_at is None or clock.breached_at == clock.due_at or clock.promised
    assert any(c.breached_at for c in clocks if c.key != "forward") == (case.late_at is not None)
    assert len({(c.key, c.round) for c in unfinished}) == len(unfinished)
    if case.state not in OPEN_STATES:
        assert case.due_at is None and not any(c.state == "running" for c in clocks if c.key != "forward")
    elif case.state != State.REOPEN_REQUESTED:
        assert case.due_at in {c.due_at for c in unfinished} and case.due_clock in {c.key for c in unfinished}
        theirs = [c for c in unfinished if c.key == case.due_clock]
        assert theirs[0].due_at == case.due_at
    assert case.agency_id is None or rules.HOLDERS[State(case.state)] is not None
