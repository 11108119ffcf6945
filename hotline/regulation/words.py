"""The words of the regulation: who, where a case is, what is done to it, of which kind, how it ended. Each is stored as its
value and read by people as its label, which an edition may replace by the words its own decision uses.
"""

from enum import StrEnum

from hotline.regulation.labels import Label


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
    SEALED_OFFICER = "sealed_officer"
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
    SET_MODE = "set_mode"
    RAISE_LEVEL = "raise_level"
    DIRECT = "direct"
    REPLY_INTERIM = "reply_interim"
    REPORT_PROGRESS = "report_progress"
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
    """What is brought forward: request, question, suggestion, report, petition."""

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


class ObligationKind(Word):
    """What may be owed on a case besides, or after, handling it."""

    INTERIM_REPLY = "interim_reply"
    FINAL_REPLY = "final_reply"
    LEADERS_REPORT = "leaders_report"
    DIALOGUE = "dialogue"
    SYNTHESIS = "synthesis"
    THANK_YOU_LETTER = "thank_you_letter"
    PROGRESS_REPORT = "progress_report"


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
        Role.SEALED_OFFICER: Label("Cán bộ tiếp nhận tố cáo", "Denunciations officer"),
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
        Step.SET_MODE: Label("Chọn cấp độ phản hồi", "Set the response mode"),
        Step.RAISE_LEVEL: Label("Chuyển lên cấp trên", "Raise to a higher level"),
        Step.DIRECT: Label("Cho ý kiến chỉ đạo", "Give a directive"),
        Step.REPLY_INTERIM: Label("Phản hồi ngay", "Reply at once, before the result"),
        Step.REPORT_PROGRESS: Label("Báo cáo tiến độ", "Report progress"),
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
    ObligationKind: {
        ObligationKind.INTERIM_REPLY: Label("Phản hồi ngay cho người phản ánh", "Reply at once, before the result"),
        ObligationKind.FINAL_REPLY: Label("Phản hồi sau khi có kết quả", "Reply on the result"),
        ObligationKind.LEADERS_REPORT: Label(
            "Báo cáo bằng văn bản xin ý kiến lãnh đạo", "Written report to the leaders"
        ),
        ObligationKind.DIALOGUE: Label("Đối thoại với người dân", "Dialogue with the citizens"),
        ObligationKind.SYNTHESIS: Label("Tổng hợp, đề xuất tiếp thu", "Synthesis and proposal to adopt"),
        ObligationKind.THANK_YOU_LETTER: Label("Thư cảm ơn", "Thank-you letter"),
        ObligationKind.PROGRESS_REPORT: Label("Báo cáo tiến độ xử lý", "Progress report"),
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
