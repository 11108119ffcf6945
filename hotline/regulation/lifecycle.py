"""The life of a case, as one table you can read aloud: in this state, this step, by these people, leads there."""

from collections.abc import Collection
from typing import NamedTuple

from hotline.regulation.labels import Label
from hotline.regulation.refusal import Refused
from hotline.regulation.words import (
    LABELS,
    CaseKind,
    ClockState,
    ObligationKind,
    OutcomeKind,
    Role,
    Standing,
    State,
    Step,
    Urgency,
    Word,
)

DONE_STATES = frozenset({State.ANSWERED, State.CLOSED})
OPEN_STATES = frozenset(State) - DONE_STATES


class Transition(NamedTuple):
    """Where a step leads, and who may take it."""

    to: State
    by: frozenset[Role]


class NotAllowed(Refused):
    """The step cannot be taken: wrong state, or not by these roles."""

    def __init__(self, state: State | None, step: Step, sentence: Label) -> None:
        super().__init__(sentence)
        self.state, self.step = state, step


def _table() -> dict[tuple[State | None, Step], Transition]:
    r, s, t = Role, State, Step
    desk = {r.CALL_TAKER, r.SHIFT_LEADER}
    desk_or_coordinator = desk | {r.COORDINATOR}
    agency = {r.FOCAL_PERSON, r.HEAD}
    same = None
    at_agency = [s.ASSIGNED, s.IN_PROGRESS, s.VERIFYING, s.AWAITING_APPROVAL]
    rows: list[tuple[Collection[State | None], Step, State | None, set[Role]]] = [
        # from these states                        this step              leads to             by
        ([None], t.OPEN, s.RECEIVED, desk | {r.CITIZEN}),
        ([s.RECEIVED], t.ANSWER_AT_ONCE, s.ANSWERED, desk),
        ([s.RECEIVED, s.RETURNED], t.ASSIGN, s.ASSIGNED, desk_or_coordinator),
        ([s.AWAITING_DECISION], t.DECIDE, s.ASSIGNED, {r.COORDINATOR}),
        ([s.ASSIGNED], t.ACCEPT, s.IN_PROGRESS, agency),
        ([s.ASSIGNED, s.IN_PROGRESS], t.RETURN, s.RETURNED, agency),
        ([s.ASSIGNED, s.IN_PROGRESS], t.RETURN_AGAIN, s.AWAITING_DECISION, agency),
        ([*at_agency, s.WITH_HEAD, s.RETURNED], t.REASSIGN, s.ASSIGNED, {r.COORDINATOR}),
        ([s.IN_PROGRESS, s.WITH_HEAD], t.ASK_VERIFICATION, s.VERIFYING, agency),
        ([s.VERIFYING], t.FINISH_VERIFICATION, s.IN_PROGRESS, agency),
        ([s.IN_PROGRESS, s.VERIFYING, s.WITH_HEAD], t.RESCHEDULE, same, agency),
        ([s.IN_PROGRESS], t.SUBMIT, s.AWAITING_APPROVAL, {r.FOCAL_PERSON}),
        ([s.AWAITING_APPROVAL], t.SEND_BACK, s.IN_PROGRESS, {r.HEAD}),
        ([s.AWAITING_APPROVAL], t.APPROVE, s.ANSWERED, {r.HEAD}),
        (at_agency, t.TAKE_OVER, s.WITH_HEAD, {r.HEAD}),
        ([s.WITH_HEAD], t.ANSWER, s.ANSWERED, {r.HEAD}),
        # A focal person answers without the head only where the edition asks for no approval: Edition.may_answer.
        ([s.IN_PROGRESS], t.ANSWER, s.ANSWERED, agency),
        # How a case is answered, and how high it has come, are two dimensions beside its state. Which editions know them,
        # and who may raise, the edition says: Edition.allowed.
        (OPEN_STATES, t.SET_MODE, same, desk_or_coordinator | {r.LEADER}),
        (OPEN_STATES, t.RAISE_LEVEL, same, desk_or_coordinator | agency | {r.LEADER, r.SYSTEM}),
        (OPEN_STATES, t.DIRECT, same, {r.LEADER}),
        (OPEN_STATES, t.REPLY_INTERIM, same, desk_or_coordinator | agency),
        # A progress report that is owed is owed after the answer too.
        ([*at_agency, s.WITH_HEAD, s.REOPEN_REQUESTED, *DONE_STATES], t.REPORT_PROGRESS, same, agency),
        (OPEN_STATES, t.URGE, same, {r.COORDINATOR, r.LEADER}),
        (OPEN_STATES, t.WITHDRAW, s.CLOSED, desk_or_coordinator),
        (OPEN_STATES, t.MERGE, s.CLOSED, desk_or_coordinator),
        (DONE_STATES, t.RATE, same, {r.CITIZEN}),
        (DONE_STATES, t.ASK_REOPEN, s.REOPEN_REQUESTED, desk | {r.CITIZEN}),
        ([s.REOPEN_REQUESTED], t.REOPEN, s.ASSIGNED, desk_or_coordinator),
        ([s.REOPEN_REQUESTED], t.REFUSE_REOPEN, s.CLOSED, {r.COORDINATOR}),
        ([s.ANSWERED], t.SETTLE, s.CLOSED, {r.SYSTEM, r.CITIZEN}),
        (OPEN_STATES, t.EXPIRE, same, {r.SYSTEM}),
    ]
    order: dict[State | None, int] = {state: number for number, state in enumerate([None, *State])}
    table: dict[tuple[State | None, Step], Transition] = {}
    for states, step, to, by in rows:
        for state in sorted(states, key=order.__getitem__):
            landing = to or state
            assert landing is not None, "a step that keeps the state needs one to keep"
            table[state, step] = Transition(landing, frozenset(by))
    return table


TRANSITIONS: dict[tuple[State | None, Step], Transition] = _table()


def allowed(state: State | None, step: Step, roles: Collection[Role]) -> bool:
    """Whether somebody holding these roles may take the step in this state (None: there is no case yet)."""
    transition = TRANSITIONS.get((state, step))
    return transition is not None and not transition.by.isdisjoint(roles)


def steps_for(state: State | None, roles: Collection[Role]) -> list[Step]:
    """The steps open to these roles in this state, in the order of the table."""
    return [step for (at, step), to in TRANSITIONS.items() if at == state and not to.by.isdisjoint(roles)]


def next_state(state: State | None, step: Step) -> State:
    """Where the step leads. Raises NotAllowed when the table has no such row."""
    transition = TRANSITIONS.get((state, step))
    if transition is None:
        raise NotAllowed(state, step, _wrong_state(state, step))
    return transition.to


def take(state: State | None, step: Step, roles: Collection[Role]) -> State:
    """Where the step leads when these roles take it. Raises NotAllowed for the wrong state or the wrong people."""
    to = next_state(state, step)
    if not allowed(state, step, roles):
        raise NotAllowed(state, step, _wrong_people(step, TRANSITIONS[state, step].by))
    return to


def state_words(state: State, late: bool) -> Label:
    """The state as people read it; a case answered late says so for ever."""
    label = state.label
    if not late:
        return label
    if state in DONE_STATES:
        return Label(f"{label.vi} (trễ hạn)", f"{label.en} (late)")
    overdue = Standing.OVERDUE.label
    return Label(f"{label.vi} · {overdue.vi}", f"{label.en} · {overdue.en}")


def _wrong_state(state: State | None, step: Step) -> Label:
    what = step.label
    if state is None:
        return Label(
            f"Chưa có phiếu nên không thể “{what.vi}”.", f"There is no case yet, so “{what.en}” is not possible."
        )
    where = state.label
    return Label(
        f"Phiếu đang ở trạng thái “{where.vi}” nên không thể “{what.vi}”.",
        f"The case is “{where.en}”, so “{what.en}” is not possible.",
    )


def _wrong_people(step: Step, by: frozenset[Role]) -> Label:
    what, who = step.label, [role.label for role in Role if role in by]
    return Label(
        f"Chỉ {' hoặc '.join(label.vi for label in who)} được thực hiện “{what.vi}”.",
        f"Only {' or '.join(label.en for label in who)} may do “{what.en}”.",
    )


__all__ = [
    "DONE_STATES",
    "LABELS",
    "OPEN_STATES",
    "TRANSITIONS",
    "CaseKind",
    "ClockState",
    "NotAllowed",
    "ObligationKind",
    "OutcomeKind",
    "Role",
    "Standing",
    "State",
    "Step",
    "Transition",
    "Urgency",
    "Word",
    "allowed",
    "next_state",
    "state_words",
    "steps_for",
    "take",
]
