"""The life of a case, as one table you can read aloud: in this state, this step, by these people, leads there.

The words come with it: every role, state, step, kind and outcome has a Vietnamese and an English label here, which an
edition may replace by the words its own decision uses.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from hotline.regulation.labels import Label
from hotline.regulation.refusal import Refused


class Word(StrEnum):
    """A word of the regulation: stored as its value, read by people as its label."""

    @property
    def label(self) -> Label:
        return LABELS[type(self)][self.value]


class Role(Word):
    """A post a person holds, plus the two actors who hold none."""

    CALL_TAKER = "call_taker"
    SHIFT_LEADER = "shift_leader"
    COORDINATOR = "coordinator"
    FOCAL_PERSON = "focal_person"
    HEAD = "head"
    LEADER = "leader"
    INSPECTOR = "inspector"
    KNOWLEDGE_EDITOR = "knowledge_editor"
    ADMINISTRATOR = "administrator"
    TECHNICIAN = "technician"
    CITIZEN = "citizen"
    SYSTEM = "system"


class State(Word):
    """Where a case is. Being late is no state: it is orthogonal (Standing) and never goes away."""

    RECEIVED = "received"
    RETURNED = "returned"
    AWAITING_DECISION = "awaiting_decision"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    AWAITING_APPROVAL = "awaiting_approval"
    WITH_HEAD = "with_head"
    ANSWERED = "answered"
    REOPEN_REQUESTED = "reopen_requested"
    CLOSED = "closed"


class Step(Word):
    """What somebody does to a case. One step = one action = one act in the journal."""

    OPEN = "open"
    ANSWER_AT_ONCE = "answer_at_once"
    ASSIGN = "assign"
    DECIDE = "decide"
    ACCEPT = "accept"
    RETURN = "return"
    RETURN_AGAIN = "return_again"
    REASSIGN = "reassign"
    ASK_VERIFICATION = "ask_verification"
    FINISH_VERIFICATION = "finish_verification"
    RESCHEDULE = "reschedule"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    TAKE_OVER = "take_over"
    ANSWER = "answer"
    URGE = "urge"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    RATE = "rate"
    ASK_REOPEN = "ask_reopen"
    REOPEN = "reopen"
    REFUSE_REOPEN = "refuse_reopen"
    SETTLE = "settle"
    EXPIRE = "expire"


class CaseKind(Word):
    """What is brought forward: the five words of Quảng Nam's rules."""

    REQUEST = "request"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    REPORT = "report"
    PETITION = "petition"


class OutcomeKind(Word):
    """How a case ended. "Answered" is not "fixed": a promise does not count as done."""

    ANSWERED = "answered"
    SCHEDULED = "scheduled"
    FIXED = "fixed"
    CANNOT = "cannot"
    NOT_COMPETENT = "not_competent"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Urgency(Word):
    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class ClockState(Word):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    CANCELLED = "cancelled"


class Standing(Word):
    """How a case stands against its clocks, whatever its state."""

    ON_TIME = "on_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


# One table per vocabulary: a StrEnum member equals its bare value, and State and OutcomeKind both say "answered".
LABELS: dict[type[Word], dict[str, Label]] = {
    Role: {
        Role.CALL_TAKER: Label("Tổng đài viên", "Call-taker"),
        Role.SHIFT_LEADER: Label("Trưởng ca", "Shift leader"),
        Role.COORDINATOR: Label("Văn phòng UBND điều phối", "Coordinator (People's Committee Office)"),
        Role.FOCAL_PERSON: Label("Nhân sự đầu mối", "Focal person"),
        Role.HEAD: Label("Thủ trưởng cơ quan, đơn vị", "Head of agency"),
        Role.LEADER: Label("Lãnh đạo tỉnh", "Provincial leader"),
        Role.INSPECTOR: Label("Ủy ban Kiểm tra (giám sát)", "Inspector"),
        Role.KNOWLEDGE_EDITOR: Label("Người biên tập bộ hỏi – đáp", "Knowledge editor"),
        Role.ADMINISTRATOR: Label("Quản trị hệ thống", "Administrator"),
        Role.TECHNICIAN: Label("Kỹ thuật viên đơn vị cho thuê dịch vụ", "Vendor's technician"),
        Role.CITIZEN: Label("Người dân, doanh nghiệp", "Citizen or business"),
        Role.SYSTEM: Label("Hệ thống", "System"),
    },
    State: {
        State.RECEIVED: Label("Mới tiếp nhận", "Received"),
        State.RETURNED: Label("Bị chuyển trả", "Returned"),
        State.AWAITING_DECISION: Label("Chờ điều phối quyết định", "Awaiting the coordinator's decision"),
        State.ASSIGNED: Label("Đã chuyển, chờ tiếp nhận", "Assigned, awaiting acceptance"),
        State.IN_PROGRESS: Label("Đang xử lý", "In progress"),
        State.VERIFYING: Label("Đang xác minh, kiểm tra", "Under verification"),
        State.AWAITING_APPROVAL: Label("Chờ thủ trưởng duyệt", "Awaiting the head's approval"),
        State.WITH_HEAD: Label("Thủ trưởng trực tiếp xử lý", "Handled by the head in person"),
        State.ANSWERED: Label("Đã trả lời", "Answered"),
        State.REOPEN_REQUESTED: Label("Đề nghị xử lý lại", "Reopening requested"),
        State.CLOSED: Label("Đã kết thúc", "Closed"),
    },
    Step: {
        Step.OPEN: Label("Lập phiếu", "Open a case"),
        Step.ANSWER_AT_ONCE: Label("Trả lời ngay", "Answer at once"),
        Step.ASSIGN: Label("Chuyển xử lý", "Assign"),
        Step.DECIDE: Label("Quyết định đơn vị xử lý", "Decide who handles it"),
        Step.ACCEPT: Label("Tiếp nhận xử lý", "Accept"),
        Step.RETURN: Label("Chuyển trả", "Return"),
        Step.RETURN_AGAIN: Label("Chuyển trả lần nữa", "Return again"),
        Step.REASSIGN: Label("Chuyển đơn vị khác xử lý", "Reassign"),
        Step.ASK_VERIFICATION: Label("Đề nghị xác minh, kiểm tra", "Ask for verification"),
        Step.FINISH_VERIFICATION: Label("Kết thúc xác minh, kiểm tra", "Finish verification"),
        Step.RESCHEDULE: Label("Hẹn lại", "Reschedule"),
        Step.SUBMIT: Label("Trình thủ trưởng", "Submit to the head"),
        Step.SEND_BACK: Label("Yêu cầu làm lại", "Send back"),
        Step.APPROVE: Label("Duyệt và trả lời", "Approve and answer"),
        Step.TAKE_OVER: Label("Thủ trưởng nhận xử lý", "Take over"),
        Step.ANSWER: Label("Trả lời", "Answer"),
        Step.URGE: Label("Đôn đốc", "Urge"),
        Step.WITHDRAW: Label("Rút phản ánh, kiến nghị", "Withdraw"),
        Step.MERGE: Label("Gộp vào phiếu khác", "Merge into another case"),
        Step.RATE: Label("Đánh giá", "Rate"),
        Step.ASK_REOPEN: Label("Đề nghị xử lý lại", "Ask for reopening"),
        Step.REOPEN: Label("Mở lại để xử lý", "Reopen"),
        Step.REFUSE_REOPEN: Label("Không chấp nhận xử lý lại", "Refuse reopening"),
        Step.SETTLE: Label("Kết thúc phiếu", "Close the case"),
        Step.EXPIRE: Label("Hết thời hạn", "Time runs out"),
    },
    CaseKind: {
        CaseKind.REQUEST: Label("Yêu cầu", "Request"),
        CaseKind.QUESTION: Label("Thắc mắc", "Question"),
        CaseKind.SUGGESTION: Label("Góp ý", "Suggestion"),
        CaseKind.REPORT: Label("Phản ánh", "Report"),
        CaseKind.PETITION: Label("Kiến nghị", "Petition"),
    },
    OutcomeKind: {
        OutcomeKind.ANSWERED: Label("Đã trả lời, hướng dẫn", "Answered"),
        OutcomeKind.SCHEDULED: Label("Đã đưa vào kế hoạch", "Scheduled"),
        OutcomeKind.FIXED: Label("Đã khắc phục xong", "Fixed"),
        OutcomeKind.CANNOT: Label("Không thể giải quyết", "Cannot be done"),
        OutcomeKind.NOT_COMPETENT: Label("Không thuộc thẩm quyền", "Not within competence"),
        OutcomeKind.MERGED: Label("Đã gộp vào phiếu khác", "Merged into another case"),
        OutcomeKind.WITHDRAWN: Label("Người phản ánh đã rút", "Withdrawn by the reporter"),
    },
    Urgency: {
        Urgency.NORMAL: Label("Bình thường", "Normal"),
        Urgency.URGENT: Label("Khẩn", "Urgent"),
        Urgency.EMERGENCY: Label("Khẩn cấp", "Emergency"),
    },
    ClockState: {
        ClockState.RUNNING: Label("Đang tính", "Running"),
        ClockState.PAUSED: Label("Tạm dừng", "Paused"),
        ClockState.MET: Label("Đã hoàn thành", "Met"),
        ClockState.BREACHED: Label("Trễ hạn", "Overdue"),
        ClockState.CANCELLED: Label("Không còn tính", "Cancelled"),
    },
    Standing: {
        Standing.ON_TIME: Label("Trong hạn", "On time"),
        Standing.DUE_SOON: Label("Sắp đến hạn", "Due soon"),
        # Quyết định 1519/QĐ-UBND: "sẽ được cập nhật ở trạng thái trễ hạn (đang chờ xử lý) vào hệ thống phần mềm".
        Standing.OVERDUE: Label("Trễ hạn (đang chờ xử lý)", "Overdue (awaiting handling)"),
    },
}

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
