"""Casework that no edition changes: whose turn it is, what an answer must contain, the words of acts and lists."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from hotline.cases.obligations import rules as owed
from hotline.cases.several import rules as several
from hotline.regulation.clocks import PROMISE_KEY, Clock, ClockRule
from hotline.regulation.edition import Edition, OutcomeRule, RefusalGround
from hotline.regulation.labels import Label
from hotline.regulation.levels import higher
from hotline.regulation.lifecycle import ClockState, ObligationKind, OutcomeKind, Role, State, Step
from hotline.regulation.limits import Minutes
from hotline.regulation.refusal import Refused
from hotline.regulation.returns import step_for_return

DESK = (Role.CALL_TAKER, Role.SHIFT_LEADER)
AGENCY = (Role.FOCAL_PERSON, Role.HEAD)

# Whose turn it is; the first is who is named on the page. Nobody owes anything on a case that is done.
HOLDERS: dict[State, tuple[Role, ...]] = {
    State.RECEIVED: DESK,
    State.RETURNED: (*DESK, Role.COORDINATOR),
    State.AWAITING_DECISION: (Role.COORDINATOR,),
    State.ASSIGNED: (Role.FOCAL_PERSON,),
    State.IN_PROGRESS: (Role.FOCAL_PERSON,),
    State.VERIFYING: (Role.FOCAL_PERSON,),
    State.AWAITING_APPROVAL: (Role.HEAD,),
    State.WITH_HEAD: (Role.HEAD,),
    State.ANSWERED: (),
    State.REOPEN_REQUESTED: (Role.COORDINATOR, *DESK),
    State.CLOSED: (),
}
DESK_STATES = frozenset(state for state, roles in HOLDERS.items() if Role.CALL_TAKER in roles)

# What they owe, in the words of "who must do what by when".
DUTIES: dict[State, Label] = {
    State.RECEIVED: Label("chuyển đến đơn vị xử lý hoặc trả lời ngay", "pass it to an agency or answer at once"),
    State.RETURNED: Label("chuyển đến đơn vị khác", "pass it to another agency"),
    State.AWAITING_DECISION: Label("quyết định đơn vị xử lý", "decide who handles it"),
    State.ASSIGNED: Label("tiếp nhận xử lý", "accept it"),
    State.IN_PROGRESS: Label("xử lý và trình trả lời", "handle it and submit an answer"),
    State.VERIFYING: Label("xác minh, kiểm tra", "verify on the spot"),
    State.AWAITING_APPROVAL: Label("duyệt câu trả lời", "approve the answer"),
    State.WITH_HEAD: Label("xử lý và trả lời", "handle and answer it"),
    State.REOPEN_REQUESTED: Label("quyết định việc xử lý lại", "decide on the reopening"),
}

# What was promised to the citizen on rescheduling (hẹn lại) runs as a clock of its own until the answer goes out,
# whoever holds the case by then: a broken promise is *trễ hạn* like any other.
PROMISE = ClockRule(
    key=PROMISE_KEY,
    label=Label("Hẹn với người dân", "Promise to the citizen"),
    owner=Role.HEAD,
    limit=Minutes(1),  # never computed: the date that was promised is the due moment
    starts_on=(),
    meets_on=(Step.APPROVE, Step.ANSWER),
    cancels_on=(Step.WITHDRAW, Step.MERGE),
    tells=(Role.FOCAL_PERSON, Role.COORDINATOR),
)

# Acts that are no step of the lifecycle: who may do them, in which states (None: in all).
EXTRA: dict[str, tuple[frozenset[Role], frozenset[State] | None]] = {
    "case.noted": (frozenset({*DESK, *AGENCY, Role.COORDINATOR, Role.LEADER}), None),
    "case.changed": (frozenset({*DESK, Role.COORDINATOR}), frozenset(HOLDERS) - {State.ANSWERED, State.CLOSED}),
    "case.domain_changed": (
        frozenset({*DESK, Role.COORDINATOR}), frozenset(HOLDERS) - {State.ANSWERED, State.CLOSED}
    ),
    "case.drafted": (
        frozenset(AGENCY),
        frozenset({State.IN_PROGRESS, State.VERIFYING, State.AWAITING_APPROVAL, State.WITH_HEAD}),
    ),
    **several.EXTRA,
    # The deed itself is another noun's (a letter issued, a dialogue held), which says who may do it.
    "case.obligation_met": (frozenset({*DESK, *AGENCY, Role.COORDINATOR, Role.LEADER, Role.SYSTEM}), None),
}

ACT_OF: dict[Step, str] = {
    Step.OPEN: "case.opened",
    Step.ANSWER_AT_ONCE: "case.answered",
    Step.ASSIGN: "case.assigned",
    Step.DECIDE: "case.decided",
    Step.ACCEPT: "case.accepted",
    Step.RETURN: "case.returned",
    Step.RETURN_AGAIN: "case.returned",
    Step.REASSIGN: "case.reassigned",
    Step.ASK_VERIFICATION: "case.verification_asked",
    Step.FINISH_VERIFICATION: "case.verification_finished",
    Step.RESCHEDULE: "case.rescheduled",
    Step.SUBMIT: "case.submitted",
    Step.SEND_BACK: "case.sent_back",
    Step.APPROVE: "case.answered",
    Step.TAKE_OVER: "case.taken_over",
    Step.ANSWER: "case.answered",
    Step.SET_MODE: "case.mode_set",
    Step.RAISE_LEVEL: "case.level_raised",
    Step.DIRECT: "case.directed",
    Step.REPLY_INTERIM: "case.interim_replied",
    Step.REPORT_PROGRESS: "case.progress_reported",
    Step.URGE: "case.urged",
    Step.WITHDRAW: "case.withdrawn",
    Step.MERGE: "case.merged",
    Step.RATE: "case.rated",
    Step.ASK_REOPEN: "case.reopen_asked",
    Step.REOPEN: "case.reopened",
    Step.REFUSE_REOPEN: "case.reopen_refused",
    Step.SETTLE: "case.settled",
    Step.EXPIRE: "case.overdue",
}

ACT_LABELS: dict[str, Label] = {
    "case.opened": Label("Lập phiếu", "Case opened"),
    "case.assigned": Label("Chuyển xử lý", "Assigned"),
    "case.accepted": Label("Tiếp nhận xử lý", "Accepted"),
    "case.returned": Label("Chuyển trả", "Returned"),
    "case.decided": Label("Quyết định đơn vị xử lý", "Handler decided"),
    "case.reassigned": Label("Chuyển đơn vị khác xử lý", "Reassigned"),
    "case.urged": Label("Đôn đốc", "Urged"),
    **owed.ACT_LABELS,
    "case.verification_asked": Label("Đề nghị xác minh, kiểm tra", "Verification asked for"),
    "case.verification_finished": Label("Kết thúc xác minh, kiểm tra", "Verification finished"),
    "case.rescheduled": Label("Hẹn lại người dân", "Rescheduled"),
    "case.drafted": Label("Soạn dự thảo trả lời", "Answer drafted"),
    "case.submitted": Label("Trình thủ trưởng", "Submitted to the head"),
    "case.sent_back": Label("Yêu cầu làm lại", "Sent back"),
    "case.taken_over": Label("Thủ trưởng nhận xử lý", "Taken over by the head"),
    "case.answered": Label("Trả lời người dân", "Answered"),
    "case.rated": Label("Người dân đánh giá", "Rated"),
    "case.reopen_asked": Label("Đề nghị xử lý lại", "Reopening asked for"),
    "case.reopened": Label("Mở lại để xử lý", "Reopened"),
    "case.reopen_refused": Label("Không chấp nhận xử lý lại", "Reopening refused"),
    "case.withdrawn": Label("Rút phản ánh, kiến nghị", "Withdrawn"),
    "case.merged": Label("Gộp vào phiếu khác", "Merged"),
    "case.settled": Label("Kết thúc phiếu", "Closed"),
    "case.warned": Label("Nhắc sắp đến hạn", "Due soon"),
    "case.overdue": Label("Trễ hạn (đang chờ xử lý)", "Overdue (awaiting handling)"),
    "case.recalculated": Label("Tính lại thời hạn theo lịch làm việc", "Due moments recalculated on a changed calendar"),
    "case.late_explained": Label("Trễ hạn theo lịch cũ, giữ nguyên", "Late on the calendar as it was, and stays so"),
    "case.agency_succeeded": Label("Chuyển cơ quan kế thừa", "Passed to the successor agency"),
    "case.partner_succeeded": Label("Cơ quan phối hợp được kế thừa", "A cooperating agency is succeeded"),
    "case.area_succeeded": Label("Chuyển địa bàn theo sắp xếp", "Commune changed by reorganisation"),
    "case.noted": Label("Ghi chú nội bộ", "Internal note"),
    "case.changed": Label("Cập nhật thông tin phiếu", "Details changed"),
    "case.domain_changed": Label("Chuyển lĩnh vực cơ bản", "Moved to another domain"),
    "case.phone_shown": Label("Xem số điện thoại người phản ánh", "The reporter's number was shown"),
    "case.followed_up": Label("Người dân bổ sung nội dung", "The citizen wrote again"),
    "case.document_drafted": Label("Soạn văn bản", "Document written"),
    "case.document_issued": Label("Ban hành văn bản", "Document issued"),
    "case.adoption_decided": Label("Ý kiến về góp ý, hiến kế", "Decision on the suggestion"),
    "case.dialogue_registered": Label("Đăng ký đối thoại với lãnh đạo", "Registered for a dialogue with the leaders"),
    "case.dialogue_invited": Label("Mời dự đối thoại", "Invited to the dialogue"),
    "case.dialogue_held": Label("Đã tổ chức đối thoại", "Dialogue held"),
    "case.dialogue_cancelled": Label("Không tổ chức đối thoại", "Dialogue called off"),
    **several.ACT_LABELS,
}

# What the reporter is told of the case's life; the rest is between officers.
MILESTONES: dict[str, Label] = {
    "case.opened": Label("Đã tiếp nhận", "Received"),
    "case.assigned": Label("Đã chuyển đơn vị xử lý", "Passed to the agency in charge"),
    "case.decided": Label("Đã chuyển đơn vị xử lý", "Passed to the agency in charge"),
    "case.reassigned": Label("Đã chuyển đơn vị khác xử lý", "Passed to another agency"),
    "case.agency_succeeded": Label("Cơ quan kế thừa tiếp tục xử lý", "The successor agency carries on"),
    "case.accepted": Label("Đơn vị đã tiếp nhận xử lý", "The agency has taken it up"),
    "case.verification_asked": Label("Đang xác minh, kiểm tra", "Being verified on the spot"),
    "case.rescheduled": Label("Hẹn trả lời", "A new date was promised"),
    **owed.MILESTONES,
    "case.overdue": Label("Trễ hạn (đang chờ xử lý)", "Overdue (awaiting handling)"),
    "case.answered": Label("Đã trả lời", "Answered"),
    "case.reopen_asked": Label("Đã đề nghị xử lý lại", "Reopening asked for"),
    "case.reopened": Label("Đã mở lại để xử lý", "Taken up again"),
    "case.reopen_refused": Label("Không xử lý lại", "Not taken up again"),
    "case.withdrawn": Label("Đã rút", "Withdrawn"),
    "case.merged": Label("Đã gộp vào phiếu khác", "Merged into another case"),
    "case.settled": Label("Đã kết thúc", "Closed"),
    **several.MILESTONES,
}

OTHER_DOMAIN = Label(
    "Lĩnh vực này thuộc lĩnh vực cơ bản khác: hãy nêu lý do chuyển.",
    "This field is of another domain: give the reason for moving it.",
)
DOMAIN_NEEDS_REASON = Label(
    "Hãy nêu lý do chuyển sang lĩnh vực cơ bản khác.", "Give the reason for moving the case to another domain."
)
BEHIND_THE_WALL = Label(
    "Cơ quan này thuộc lĩnh vực cơ bản khác với phiếu; hãy chuyển lĩnh vực cơ bản của phiếu trước.",
    "This agency belongs to another domain than the case; move the case to that domain first.",
)

NOT_YOUR_AGENCY = Label(
    "Phiếu này không do cơ quan, đơn vị của Ông/Bà xử lý.", "This case is not held by your agency."
)


def case_code(prefix: str, received_at: datetime, number: int) -> str:
    """"ABC-2026-004217": the hotline, the year it was received in, the running number."""
    return f"{prefix}-{received_at.year}-{number:06d}"


def nearest_duty(state: State, clocks: Iterable[Clock], rules: Mapping[str, ClockRule]) -> Clock | None:
    """The clock that presses most on a case: the earliest due among those of whoever holds it, else among all.

    A breached clock still presses until the work is done, so it comes before those that still run. A paused clock
    presses nobody, and a case that is done has nobody who holds it: what is still owed on it is on a list of its own.
    """
    if not HOLDERS[state]:
        return None
    pressing = [c for c in clocks if c.state in (ClockState.RUNNING, ClockState.BREACHED)]
    theirs = [c for c in pressing if c.key == PROMISE.key or rules[c.key].owner in HOLDERS[state]]
    return min(theirs or pressing, key=lambda c: c.due_at, default=None)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a case's row says that opens or closes a step, besides its state."""

    state: State
    bound: bool
    returns: int
    reschedules: int
    answered_at: datetime | None
    reopen_until: datetime | None
    merged: bool
    level: int = 1
    owes: frozenset[str] = frozenset()  # kinds of what is owed besides


def owing(what: Label) -> Label:
    """What must be done where the most pressing thing is an obligation: "hoàn thành: Phản hồi ngay"."""
    return Label(f"hoàn thành “{what.vi}”", f"see to “{what.en}”")


def open_steps(edition: Edition, case: Facts, roles: Collection[Role], now: datetime) -> list[Step]:
    """The steps these roles may take now: what the lifecycle allows, without what would be refused anyway.

    Of the two kinds of return only the one that is next is named.
    """
    closed: set[Step] = {Step.OPEN, Step.EXPIRE, Step.RETURN, Step.RETURN_AGAIN}
    with suppress(Refused):
        closed.discard(step_for_return(edition.returns, case.returns, case.bound))
    if case.reschedules >= edition.reschedule.most:
        closed.add(Step.RESCHEDULE)
    if case.answered_at is None or case.merged or case.reopen_until is None or now > case.reopen_until:
        closed.add(Step.ASK_REOPEN)
    if not higher(edition.levels, case.level):
        closed.add(Step.RAISE_LEVEL)
    if not HOLDERS[case.state] and ObligationKind.PROGRESS_REPORT not in case.owes:
        closed.add(Step.REPORT_PROGRESS)
    return [step for step in edition.steps_for(case.state, roles) if step not in closed]


def open_extras(state: State, roles: Collection[Role]) -> list[str]:
    """The acts beside the lifecycle that these roles may do in this state."""
    return [
        kind for kind, (by, states) in EXTRA.items()
        if not by.isdisjoint(roles) and (states is None or state in states)
    ]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answer says, before it is a row."""

    outcome: OutcomeKind
    body: str
    ground: str = ""
    where_to_go: str = ""
    scheduled_for: date | None = None


def check_answer(
    draft: Draft, rule: OutcomeRule, grounds: Collection[RefusalGround], today: date, *, photo: bool, confirmed: bool
) -> None:
    """Whether an answer may go to the head or the citizen under the edition's `rule` for its outcome and the `grounds`
    of the day. `photo`: a picture is attached; `confirmed`: the citizen has said that it is resolved.

    Raises Refused, saying what is missing.
    """
    if draft.outcome in (OutcomeKind.MERGED, OutcomeKind.WITHDRAWN):
        raise Refused(Label("Hãy chọn một kết quả trả lời khác.", "Choose another outcome for an answer."))
    if not draft.body.strip():
        raise Refused(Label("Nội dung trả lời còn trống.", "The answer is empty."))
    outcome = draft.outcome.label
    if rule.needs_proof and not (photo or confirmed):
        raise Refused(
            Label(
                f"Kết quả “{outcome.vi}” cần ít nhất một ảnh sau khi xử lý hoặc xác nhận của người dân.",
                f"“{outcome.en}” needs at least one photo of the result or the citizen's confirmation.",
            )
        )
    if rule.needs_date and (draft.scheduled_for is None or draft.scheduled_for < today):
        raise Refused(
            Label(
                f"Kết quả “{outcome.vi}” cần ngày dự kiến thực hiện, không ở trong quá khứ.",
                f"“{outcome.en}” needs the date it will be done, not in the past.",
            )
        )
    if rule.needs_ground and draft.ground not in {ground.key for ground in grounds}:
        raise Refused(
            Label(
                "Từ chối giải quyết cần một căn cứ trong danh mục của quy chế.",
                "Refusing needs a ground from the regulation's list.",
            )
        )
    # Whoever is refused is told where to go, whatever the ground: a refusal is no dead end.
    if rule.needs_ground and not draft.where_to_go.strip():
        raise Refused(
            Label(
                "Hãy ghi rõ người dân cần liên hệ nơi nào để được giải quyết.",
                "Say where the citizen can go with the matter.",
            )
        )


def answer_text(draft: Draft, ground: Label | None) -> str:
    """The answer as the citizen reads it: the body, then the date, the ground and where to go, if any."""
    parts = [draft.body.strip()]
    if draft.scheduled_for:
        parts.append(f"Dự kiến thực hiện: ngày {draft.scheduled_for:%d/%m/%Y}.")
    if ground:
        parts.append(f"Căn cứ: {ground.vi}.")
    if draft.where_to_go.strip():
        parts.append(f"Nơi tiếp nhận, giải quyết: {draft.where_to_go.strip()}")
    return "\n\n".join(parts)


def cursor_of(at: datetime | None, pk: int) -> str:
    """Where a page of a list ended, as one word for an address. None: among what is due at no moment."""
    return urlsafe_b64encode(f"{at.isoformat() if at else ''}~{pk}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime | None, int] | None:
    """The moment and id of a cursor; None for none, or for something somebody made up: the list begins at its start."""
    try:
        at, _, pk = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition("~")
        moment = datetime.fromisoformat(at) if at else None
        number = int(pk)
    except ValueError:
        return None
    timely = moment is None or moment.tzinfo is not None
    return (moment, number) if timely and 0 <= number < 2**63 else None


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of cases. `newest`: by receipt, latest first; else by due moment, most pressing first. `late`: only those
    that were ever late; `soon`: only those whose most pressing clock has come to its first warning."""

    key: str
    label: Label
    states: frozenset[State]
    newest: bool = False
    late: bool = False
    soon: bool = False


_OPEN = frozenset(state for state, roles in HOLDERS.items() if roles)
ALL_OPEN = Tab("open", Label("Đang xử lý", "Open"), _OPEN)
SOON = Tab("soon", Label("Sắp đến hạn", "Due soon"), _OPEN, soon=True)
OVERDUE = Tab("overdue", Label("Trễ hạn", "Overdue"), _OPEN, late=True)
DONE = Tab("done", Label("Đã trả lời, kết thúc", "Answered and closed"), frozenset(HOLDERS) - _OPEN, newest=True)
EVERY = Tab("all", Label("Tất cả", "All"), frozenset(HOLDERS), newest=True)
_DESK_TABS = (
    Tab("received", Label("Chờ chuyển xử lý", "To be assigned"), frozenset({State.RECEIVED})),
    Tab("returned", Label("Bị chuyển trả", "Returned"), frozenset({State.RETURNED})),
    Tab("reopen", Label("Đề nghị xử lý lại", "Reopening requested"), frozenset({State.REOPEN_REQUESTED})),
)
_TABS: dict[Role, tuple[Tab, ...]] = {
    Role.HEAD: (
        Tab("approve", Label("Chờ tôi duyệt", "To approve"), frozenset({State.AWAITING_APPROVAL, State.WITH_HEAD})),
    ),
    Role.FOCAL_PERSON: (
        Tab("answer", Label("Phải trả lời", "To answer"), frozenset({State.ASSIGNED, State.IN_PROGRESS})),
        Tab("verifying", Label("Chờ xác minh", "Under verification"), frozenset({State.VERIFYING})),
        Tab("submitted", Label("Đã trình thủ trưởng", "With the head"), frozenset({State.AWAITING_APPROVAL, State.WITH_HEAD})),
    ),
    Role.COORDINATOR: (
        Tab("decide", Label("Chờ quyết định", "To decide"), frozenset({State.AWAITING_DECISION})),
        *_DESK_TABS[1:],
    ),
    Role.CALL_TAKER: _DESK_TABS,
    Role.SHIFT_LEADER: _DESK_TABS,
}


def tabs_for(roles: Collection[Role]) -> tuple[Tab, ...]:
    """The lists these roles work with, each once: their own turn first, then everything they may see."""
    own = [tab for role, tabs in _TABS.items() if role in roles for tab in tabs]
    return tuple({tab.key: tab for tab in (*own[:1], SOON, OVERDUE, *own[1:], ALL_OPEN, DONE, EVERY)}.values())
