"""The one table of the lifecycle: what may happen, by whom, in words for people."""

from pathlib import Path

import pytest

from hotline.regulation.completeness import Needed
from hotline.regulation.lifecycle import (
    DONE_STATES,
    LABELS,
    OPEN_STATES,
    TRANSITIONS,
    NotAllowed,
    OutcomeKind,
    Role,
    Standing,
    State,
    Step,
    Word,
    allowed,
    next_state,
    state_words,
    steps_for,
    take,
)
from hotline.regulation.lifecycle_doc import lifecycle_page

DOCS = Path(__file__).resolve().parents[3] / "docs"
R, S, T = Role, State, Step

# The table written a second time, by hand, from the regulation: states · step · leads to · who.
ALLOWED: list[tuple[set[State | None], Step, State | None, set[Role]]] = [
    ({None}, T.OPEN, S.RECEIVED, {R.CALL_TAKER, R.SHIFT_LEADER, R.CITIZEN}),
    ({S.RECEIVED}, T.ANSWER_AT_ONCE, S.ANSWERED, {R.CALL_TAKER, R.SHIFT_LEADER}),
    ({S.RECEIVED, S.RETURNED}, T.ASSIGN, S.ASSIGNED, {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR}),
    ({S.AWAITING_DECISION}, T.DECIDE, S.ASSIGNED, {R.COORDINATOR}),
    ({S.ASSIGNED}, T.ACCEPT, S.IN_PROGRESS, {R.FOCAL_PERSON, R.HEAD}),
    ({S.ASSIGNED, S.IN_PROGRESS}, T.RETURN, S.RETURNED, {R.FOCAL_PERSON, R.HEAD}),
    ({S.ASSIGNED, S.IN_PROGRESS}, T.RETURN_AGAIN, S.AWAITING_DECISION, {R.FOCAL_PERSON, R.HEAD}),
    (
        {S.ASSIGNED, S.IN_PROGRESS, S.VERIFYING, S.AWAITING_APPROVAL, S.WITH_HEAD, S.RETURNED},
        T.REASSIGN,
        S.ASSIGNED,
        {R.COORDINATOR},
    ),
    ({S.IN_PROGRESS, S.WITH_HEAD}, T.ASK_VERIFICATION, S.VERIFYING, {R.FOCAL_PERSON, R.HEAD}),
    ({S.VERIFYING}, T.FINISH_VERIFICATION, S.IN_PROGRESS, {R.FOCAL_PERSON, R.HEAD}),
    ({S.IN_PROGRESS, S.VERIFYING, S.WITH_HEAD}, T.RESCHEDULE, None, {R.FOCAL_PERSON, R.HEAD}),
    ({S.IN_PROGRESS}, T.SUBMIT, S.AWAITING_APPROVAL, {R.FOCAL_PERSON}),
    ({S.AWAITING_APPROVAL}, T.SEND_BACK, S.IN_PROGRESS, {R.HEAD}),
    ({S.AWAITING_APPROVAL}, T.APPROVE, S.ANSWERED, {R.HEAD}),
    ({S.ASSIGNED, S.IN_PROGRESS, S.VERIFYING, S.AWAITING_APPROVAL}, T.TAKE_OVER, S.WITH_HEAD, {R.HEAD}),
    ({S.WITH_HEAD}, T.ANSWER, S.ANSWERED, {R.HEAD}),
    ({S.IN_PROGRESS}, T.ANSWER, S.ANSWERED, {R.FOCAL_PERSON, R.HEAD}),
    ({*OPEN_STATES}, T.SET_MODE, None, {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR, R.LEADER}),
    (
        {*OPEN_STATES},
        T.RAISE_LEVEL,
        None,
        {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR, R.FOCAL_PERSON, R.HEAD, R.LEADER, R.SYSTEM},
    ),
    ({*OPEN_STATES}, T.DIRECT, None, {R.LEADER}),
    ({*OPEN_STATES}, T.REPLY_INTERIM, None, {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR, R.FOCAL_PERSON, R.HEAD}),
    (
        {*OPEN_STATES, S.ANSWERED, S.CLOSED} - {S.RECEIVED, S.RETURNED, S.AWAITING_DECISION},
        T.REPORT_PROGRESS,
        None,
        {R.FOCAL_PERSON, R.HEAD},
    ),
    ({*OPEN_STATES}, T.URGE, None, {R.COORDINATOR, R.LEADER}),
    ({*OPEN_STATES}, T.WITHDRAW, S.CLOSED, {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR}),
    ({*OPEN_STATES}, T.MERGE, S.CLOSED, {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR}),
    ({*OPEN_STATES}, T.EXPIRE, None, {R.SYSTEM}),
    ({S.ANSWERED, S.CLOSED}, T.RATE, None, {R.CITIZEN}),
    ({S.ANSWERED, S.CLOSED}, T.ASK_REOPEN, S.REOPEN_REQUESTED, {R.CITIZEN, R.CALL_TAKER, R.SHIFT_LEADER}),
    ({S.REOPEN_REQUESTED}, T.REOPEN, S.ASSIGNED, {R.CALL_TAKER, R.SHIFT_LEADER, R.COORDINATOR}),
    ({S.REOPEN_REQUESTED}, T.REFUSE_REOPEN, S.CLOSED, {R.COORDINATOR}),
    ({S.ANSWERED}, T.SETTLE, S.CLOSED, {R.SYSTEM, R.CITIZEN}),
]


def test_the_table_is_exactly_this() -> None:
    expected = {(at, step): (to or at, by) for states, step, to, by in ALLOWED for at in states}
    assert {key: (row.to, set(row.by)) for key, row in TRANSITIONS.items()} == expected


def test_every_word_has_a_label_in_both_languages() -> None:
    assert set(LABELS) | {Needed} == set(Word.__subclasses__())
    for vocabulary in Word.__subclasses__():
        for member in vocabulary:
            assert member.label.vi.strip(), f"{vocabulary.__name__}.{member.name}"
            assert member.label.en.strip(), f"{vocabulary.__name__}.{member.name}"
    for vocabulary, labels in LABELS.items():
        assert set(labels) == set(vocabulary), f"{vocabulary.__name__}: a label without a word"


def test_words_of_two_vocabularies_with_one_value_keep_their_own_labels() -> None:
    assert (State.ANSWERED.label.vi, OutcomeKind.ANSWERED.label.vi) == ("Đã trả lời", "Đã trả lời, hướng dẫn")


def test_the_words_of_the_regulation() -> None:
    assert Standing.OVERDUE.label.vi == "Trễ hạn (đang chờ xử lý)"
    assert state_words(State.ANSWERED, late=True).vi == "Đã trả lời (trễ hạn)"
    assert state_words(State.IN_PROGRESS, late=True).vi == "Đang xử lý · Trễ hạn (đang chờ xử lý)"
    assert state_words(State.IN_PROGRESS, late=False) == State.IN_PROGRESS.label


def test_every_state_can_be_reached_and_left() -> None:
    reached = {row.to for (at, _), row in TRANSITIONS.items() if at != row.to}
    left = {at for (at, _), row in TRANSITIONS.items() if at != row.to}
    assert reached == set(State)
    assert left - {None} == set(State)


def test_those_who_only_read_take_no_step() -> None:
    for role in (Role.INSPECTOR, Role.TECHNICIAN, Role.ADMINISTRATOR, Role.KNOWLEDGE_EDITOR):
        assert not any(role in row.by for row in TRANSITIONS.values())


def test_steps_for_lists_what_a_person_may_do() -> None:
    always = [Step.RAISE_LEVEL, Step.REPLY_INTERIM, Step.REPORT_PROGRESS]  # where the edition knows them
    head = [Step.SEND_BACK, Step.APPROVE, Step.TAKE_OVER, *always]
    assert steps_for(State.AWAITING_APPROVAL, [Role.HEAD]) == head
    assert steps_for(State.AWAITING_APPROVAL, [Role.FOCAL_PERSON]) == always
    assert steps_for(None, [Role.CITIZEN]) == [Step.OPEN]
    assert not allowed(State.CLOSED, Step.APPROVE, [Role.HEAD])


def test_a_refusal_is_a_sentence_in_both_languages() -> None:
    with pytest.raises(NotAllowed) as wrong_state:
        next_state(State.CLOSED, Step.APPROVE)
    assert wrong_state.value.sentence.vi == "Phiếu đang ở trạng thái “Đã kết thúc” nên không thể “Duyệt và trả lời”."
    with pytest.raises(NotAllowed) as wrong_people:
        take(State.AWAITING_APPROVAL, Step.APPROVE, [Role.FOCAL_PERSON])
    assert wrong_people.value.sentence.en == "Only Head of agency may do “Approve and answer”."
    with pytest.raises(NotAllowed):
        next_state(None, Step.ASSIGN)
    assert take(State.AWAITING_APPROVAL, Step.APPROVE, [Role.HEAD]) == State.ANSWERED


def test_done_and_open_states_share_out_all_states() -> None:
    assert set(State) == DONE_STATES | OPEN_STATES
    assert not DONE_STATES & OPEN_STATES


def test_the_page_of_the_lifecycle_is_not_out_of_date() -> None:
    """If this fails: `hotline lifecycle-doc docs/lifecycle.md`."""
    assert (DOCS / "lifecycle.md").read_text(encoding="utf-8") == lifecycle_page()
