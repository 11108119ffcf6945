"""How a case reads to the person who opens it: whose turn it is in one sentence, acts in words, steps as buttons. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from hotline.assets import formats
from hotline.cases.rules import ACT_LABELS
from hotline.console.owing import rules as owing
from hotline.dialogues.rules import ACTS as DIALOGUE_ACTS
from hotline.documents.rules import ACTS as DOCUMENT_ACTS
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, OutcomeKind, State, Step, Urgency

# -- who must do what --------------------------------------------------------------------------------------------------


MUST_BY = Label("phải {what} trước", "must {what} by")
MUST = Label("phải {what}", "must {what}")
ANSWERED = Label("Đã trả lời người dân lúc {at}: {outcome}.", "Answered at {at}: {outcome}.")
MAY_REOPEN = Label("Người dân có thể đề nghị xử lý lại đến {until}.", "The citizen may ask for reopening until {until}.")
CLOSED = Label("Phiếu đã kết thúc {at}: {outcome}.", "Closed {at}: {outcome}.")
OVERDUE = Label("đã quá hạn", "overdue")
MANY = timedelta(hours=100)  # of so many hours nobody asks for the minutes
WAS_LATE = Label("Từng trễ hạn", "Was late")
LATE, UNTIL = Label("trễ hạn", "late"), Label("đến", "until")
RESCHEDULES_LEFT = Label("Hẹn lại · còn {} lần", "Reschedules · {} left")
NO_RESCHEDULE = Label("Hẹn lại · đã hết lượt", "Reschedules · none left")
TIMES_THIS_YEAR = Label("lần thứ {} trong năm", "number {} this year")
ANSWER_STATES: Mapping[str, Label] = {
    "draft": Label("Đang soạn", "Draft"), "submitted": Label("Đã trình thủ trưởng", "With the head"),
    "sent_back": Label("Thủ trưởng trả lại", "Sent back"), "sent": Label("Đã gửi người dân", "Sent"),
}  # fmt: skip
FACTS: Mapping[str, Label] = {
    "received": Label("Tiếp nhận", "Received"), "agency": Label("Đơn vị xử lý", "Agency"),
    "person": Label("Người xử lý", "Handled by"), "promised": Label("Hẹn người dân", "Promised"),
    "public": Label("Công khai", "Public"), "edition": Label("Quy chế", "Regulation"),
    "merged": Label("Gộp vào", "Merged into"), "conversation": Label("Lượt liên hệ", "Conversation"),
}  # fmt: skip


def who_must(agency: str, role: str, person: str) -> str:
    """ "Sở Xây dựng – Nhân sự đầu mối Lê Thị Bình": one person by name where it is one."""
    return f"{agency} – {role}{f' {person}' if person else ''}" if agency else role


def time_left(left: timedelta, overdue: bool, language: str, working: bool) -> str:
    """ "còn 7 giờ 20 phút làm việc"; overdue on a Sunday, before any working minute has passed, is "đã quá hạn"."""
    if overdue and abs(left) < timedelta(minutes=1):
        return OVERDUE.get(language)
    if abs(left) >= MANY:
        left = timedelta(hours=round(left / timedelta(hours=1)))
    return formats.remaining(left, language, working)


# -- what was said -----------------------------------------------------------------------------------------------------

CHANNELS: Mapping[str, Label] = {
    "web": Label("Cổng 1022", "Portal"), "email": Label("Thư điện tử", "E-mail"), "phone": Label("Điện thoại", "Telephone"),
    "walk_in": Label("Đến trực tiếp", "Walk-in"), "sms": Label("Tin nhắn SMS", "SMS"), "zalo": Label("Zalo", "Zalo"),
    "chat": Label("Trò chuyện", "Chat"), "facebook": Label("Facebook", "Facebook"),
}  # fmt: skip
CONTACT_KINDS: Mapping[str, Label] = {
    "acknowledgement": Label("Xác nhận đã nhận", "Acknowledgement"), "question": Label("Hỏi bổ sung", "Question"),
    "answer": Label("Trả lời", "Answer"), "notice": Label("Thông báo", "Notice"),
    "note": Label("Ghi chú nội bộ", "Internal note"),
    "bounce": Label("Thư bị trả lại", "Bounced"), "auto_reply": Label("Trả lời tự động", "Automatic reply"),
}  # fmt: skip
DELIVERIES: Mapping[str, Label] = {
    "queued": Label("đang chờ gửi", "waiting to be sent"), "sent": Label("đã gửi", "sent"),
    "retrying": Label("gửi chưa được, sẽ gửi lại", "not sent yet, will be tried again"),
    "failed": Label("KHÔNG GỬI ĐƯỢC", "COULD NOT BE SENT"), "none": Label("đăng trên trang tra cứu", "on the look-up page"),
}  # fmt: skip


def word(table: Mapping[str, Label], key: str, language: str) -> str:
    """The word for a key; the key itself where the table has none."""
    label = table.get(key)
    return label.get(language) if label else key


NO_NOTICES = Label("Chưa có thông báo nào", "No notices yet")
NO_NOTICES_TEXT = Label(
    "Việc mới giao, nhắc hạn và đôn đốc sẽ hiện ở đây.", "New work, reminders and urgings appear here."
)
NOT_FOUND = Label("Không tìm thấy phiếu nào", "Nothing found")
NOT_FOUND_TEXT = Label(
    "Thử ít từ hơn, hoặc kiểm tra lại mã phiếu.", "Try fewer words, or check the code of the case."
)
NOTHING = Label("Không còn việc nào ở đây", "Nothing left here")
NOTHING_TEXT = Label(
    "Phiếu mới sẽ tự hiện ra, không cần tải lại trang.", "New cases appear by themselves; no need to reload."
)
NOTHING_NARROWED = Label("Không có phiếu nào khớp với bộ lọc", "No case matches the filters")
LIST_WORDS: Mapping[str, Label] = {
    "late_words": Label("Trễ hạn (đang chờ xử lý)", "Overdue"), "was_late_words": WAS_LATE,
    "due_word": Label("hạn", "due"), "answered_word": Label("trả lời", "answered"),
    "no_more": Label("Hết danh sách", "End of the list"), "back_word": Label("Về đầu danh sách", "Back to the top"),
}  # fmt: skip
RETURNED_TIMES = Label("chuyển trả lần {}", "returned {}×")
ROUND = Label("xử lý lần {}", "round {}")
FILTERS: Mapping[str, Label] = {
    "field": Label("Lĩnh vực", "Field"), "area": Label("Xã, phường", "Commune"), "kind": Label("Loại", "Kind"),
    "agency": Label("Cơ quan, đơn vị", "Agency"), "hotline": Label("Tổng đài, đường dây nóng", "Hotline"),
}  # fmt: skip


# -- around a case -----------------------------------------------------------------------------------------------------

PART_STATES: Mapping[str, Label] = {
    "proposed": Label("Đơn vị chủ trì đề xuất", "Proposed by the lead"), "asked": Label("Chờ tiếp nhận", "Asked"),
    "accepted": Label("Đang phối hợp", "Cooperating"), "contributed": Label("Đã có ý kiến", "Contributed"),
    "disagreed": Label("Không thống nhất, chờ quyết định", "Disagrees, to be decided"),
    "declined": Label("Từ chối phối hợp", "Declined"), "released": Label("Thôi phối hợp", "Ended"),
}  # fmt: skip
AROUND: Mapping[str, Label] = {
    "split": Label("Cùng tách từ một phản ánh", "Split from one report"),
    "joined": Label("Những người phản ánh cùng vụ việc", "Others who reported the matter"),
    "repeats": Label("Được phản ánh lại", "Reported again"), "earlier": Label("Phản ánh lại của", "Repeats"),
    "follow_ups": Label("Người dân đã hỏi {} lần", "The citizen has written {}×"),
    "away": Label("cách {} m", "{} m away"), "alike": Label("giống {} %", "{} % alike"),
    "answered_on": Label("đã trả lời ngày {}", "answered on {}"), "received_on": Label("tiếp nhận ngày {}", "received on {}"),
}  # fmt: skip


# -- acts in words -----------------------------------------------------------------------------------------------------

PAPER_ACTS = {**DOCUMENT_ACTS, **DIALOGUE_ACTS}  # beside those on the case itself
_TO_AGENCY = {
    "case.assigned": Label("Chuyển {agency} xử lý", "Assigned to {agency}"),
    "case.decided": Label("Quyết định giao {agency} xử lý", "Decided: {agency} handles it"),
    "case.reassigned": Label("Chuyển sang {agency} xử lý", "Reassigned to {agency}"),
    "case.reopened": Label("Mở lại, giao {agency} xử lý", "Reopened and given to {agency}"),
    "case.agency_succeeded": Label("{agency} kế thừa, tiếp tục xử lý", "{agency} succeeds and carries on"),
}
_TONES = {
    "case.opened": "brand", "case.assigned": "brand", "case.accepted": "ok", "case.answered": "ok",
    "case.returned": "soon", "case.sent_back": "soon", "case.urged": "soon", "case.warned": "soon",
    "case.reopen_asked": "soon", "case.rescheduled": "soon", "case.overdue": "late", "case.withdrawn": "soon",
}  # fmt: skip
_COLUMNS = {
    "state": Label("Trạng thái", "State"), "kind": Label("Loại", "Kind"), "field_id": Label("Lĩnh vực", "Field"),
    "area_id": Label("Địa bàn", "Area"), "place": Label("Nơi xảy ra", "Place"), "summary": Label("Trích yếu", "Summary"),
    "urgency": Label("Mức độ", "Urgency"), "public": Label("Công khai", "Public"), "agency_id": Label("Cơ quan", "Agency"),
    "promised_at": Label("Hẹn với người dân", "Promised date"), "outcome": Label("Kết quả", "Outcome"),
    "focal_person_id": Label("Người xử lý", "Handled by"), "stars": Label("Điểm đánh giá", "Stars"),
}  # fmt: skip
_WORDS = {"state": State, "kind": CaseKind, "urgency": Urgency, "outcome": OutcomeKind}
_PROPOSING = Label("{words}, đề xuất {agency}", "{words}, proposing {agency}")
YES, NO, _NONE = Label("có", "yes"), Label("không", "no"), Label("chưa có", "none")


@dataclass(frozen=True, slots=True)
class Wording:
    """What turns a journal's values into words: the names of rows by column ("field_id" → {3: "Thoát nước"}), the label of
    each clock of the edition, the reader's language and zone."""

    names: Mapping[str, Mapping[int, str]]
    clocks: Mapping[str, Label]
    language: str
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that an act changed, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ActLine:
    """One line of the timeline."""

    at: datetime
    words: str
    actor: str
    note: str
    tone: str
    changes: tuple[Change, ...] = ()


def act_line(
    kind: str, at: datetime, actor: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any], note: str,
    wording: Wording,
) -> ActLine:
    """An act as people read it."""
    said, language = ACT_LABELS.get(kind) or PAPER_ACTS.get(kind), wording.language
    words = said.get(language) if said else kind
    told, label_key = note, "label_en" if language == "en" else "label"
    if kind in _TO_AGENCY and after.get("agency_name"):
        words = _TO_AGENCY[kind].get(language).format(agency=after["agency_name"])
    elif kind == "case.returned" and after.get("proposed_name"):
        words = _PROPOSING.get(language).format(words=words, agency=after["proposed_name"])
    elif kind in DOCUMENT_ACTS:
        words = ": ".join(filter(None, (words, ", ".join(filter(None, map(after.get, (label_key, "number")))))))
    elif kind in owing.TOLD:
        words = f"{words}: {after[label_key]}"
    elif kind in ("case.overdue", "case.warned", "case.obligation_owed"):
        label = wording.clocks.get(after.get("clock", ""))
        words, told = (f"{words}: {label.get(language)}" if label else words), ""
    elif after.get("part_agency"):
        words = f"{words}: {after['part_agency']}"
    elif kind == "case.rated" and after.get("stars"):
        words = f"{words}: {after['stars']}/5"
    return ActLine(at, words, actor_words(actor), told, _TONES.get(kind, ""), changes(before, after, wording))


def actor_words(actor: Mapping[str, Any]) -> str:
    """ "Lê Thị Bình, Nhân sự đầu mối – Sở Xây dựng": who it was, in the post of that day."""
    return ", ".join(part for part in (actor.get("name", ""), actor.get("post", "")) if part)


def changes(before: Mapping[str, Any], after: Mapping[str, Any], wording: Wording) -> tuple[Change, ...]:
    """What an act changed, column by column, as far as it says something to people."""
    return tuple(
        Change(
            label.get(wording.language), value_words(column, before[column], wording),
            value_words(column, after.get(column), wording),
        )
        for column, label in _COLUMNS.items()
        if column in before and before[column] != after.get(column)
    )  # fmt: skip


def value_words(column: str, value: Any, wording: Wording) -> str:
    """A journal's value as words: a state by its label, a row by its name, a moment as people write it."""
    if value is None or value == "":
        return _NONE.get(wording.language)
    if isinstance(value, bool):
        return (YES if value else NO).get(wording.language)
    if column in _WORDS:
        return _WORDS[column](value).label.get(wording.language)
    if column in wording.names:
        return wording.names[column].get(value, f"#{value}")
    if column.endswith("_at"):
        return formats.moment(datetime.fromisoformat(value).astimezone(wording.zone))
    return str(value)


# -- steps as buttons --------------------------------------------------------------------------------------------------

DRAFT, NOTE, CHANGE = "draft", "note", "change"  # what is no step of the lifecycle, by the word of its page
EXTRA_PAGES = {
    "case.drafted": DRAFT, "case.noted": NOTE, "case.changed": CHANGE, "case.cooperation_asked": "cooperate",
    "case.cooperation_proposed": "propose_part", "case.split": "split", "case.repeat_linked": "link_repeat",
    "case.identity_hidden": "hide_identity", "case.reporter_asked": "ask_reporter",
}  # fmt: skip
# Steps of one cooperating agency's part: their buttons stand beside it, not in the bar of the case.
OWN_PART_STEPS = ("accept_part", "contribute", "disagree", "decline_part")
PART_STEPS = (*OWN_PART_STEPS, "confirm_part", "end_part", "decide_part")


@dataclass(frozen=True, slots=True)
class Button:
    """One step the viewer may take now. `at_once`: pressing it does it; the others open their form. `key` is printed on
    it. `rank`: "primary" is what the case waits for, "more" stands apart."""

    step: str
    label: Label
    key: str = ""
    rank: str = ""
    at_once: bool = False
    confirm: Label | None = None


# In the order of the bar. What leads the case on comes first.
_BUTTONS = (
    Button(Step.ACCEPT, Label("Tiếp nhận xử lý", "Accept"), "n", "primary", at_once=True),
    Button(Step.ASSIGN, Label("Chuyển xử lý", "Assign"), "c", "primary"),
    Button(Step.DECIDE, Label("Quyết định đơn vị xử lý", "Decide who handles it"), "q", "primary"),
    Button(Step.APPROVE, Label("Xem và duyệt", "Review and approve"), "r", "primary"),
    Button(Step.ANSWER, Label("Trả lời", "Answer"), "r", "primary"),
    Button(Step.SUBMIT, Label("Soạn trả lời", "Write the answer"), "r", "primary"),
    Button(Step.FINISH_VERIFICATION, Label("Kết thúc xác minh", "Finish verification"), "x", "primary"),
    Button(DRAFT, Label("Soạn dự thảo", "Draft the answer"), "r"),
    Button(Step.REOPEN, Label("Mở lại để xử lý", "Reopen"), "m", "primary"),
    Button(Step.REFUSE_REOPEN, Label("Không xử lý lại", "Refuse reopening"), "k"),
    Button(Step.ANSWER_AT_ONCE, Label("Trả lời ngay", "Answer at once"), "r"),
    Button(Step.SEND_BACK, Label("Yêu cầu làm lại", "Send back"), "l"),
    Button(Step.ASK_VERIFICATION, Label("Xin xác minh", "Ask for verification"), "x"),
    Button(Step.RESCHEDULE, Label("Hẹn lại", "Reschedule"), "h"),
    Button(Step.RETURN, Label("Chuyển trả", "Return"), "t"),
    Button(Step.REASSIGN, Label("Chuyển đơn vị khác", "Reassign"), "c"),
    Button(Step.TAKE_OVER, Label("Thủ trưởng nhận xử lý", "Take over"), "u", at_once=True, confirm=Label(
        "Thủ trưởng trực tiếp xử lý phiếu này?", "Handle this case in person?")),
    *(Button(*each) for each in owing.BUTTONS),
    Button(Step.URGE, Label("Đôn đốc", "Urge"), "d"),
    Button(NOTE, Label("Ghi chú", "Note"), "g"),
    Button("ask_reporter", Label("Hỏi người phản ánh", "Write to the reporter"), "e"),
    Button("cooperate", Label("Đề nghị phối hợp", "Ask another agency"), "p"),
    Button("propose_part", Label("Đề xuất đơn vị phối hợp", "Propose another agency"), "p"),
    Button("accept_part", Label("Nhận phối hợp", "Accept"), "n", "primary", at_once=True),
    Button("contribute", Label("Gửi ý kiến phối hợp", "Contribute"), "r", "primary"),
    Button("disagree", Label("Không thống nhất", "Disagree"), "k"),
    Button("decline_part", Label("Từ chối phối hợp", "Decline"), "t"),
    Button("decide_part", Label("Quyết định", "Decide"), "q", "primary"),
    Button("confirm_part", Label("Đồng ý đề nghị phối hợp", "Ask this agency"), "", at_once=True),
    Button("end_part", Label("Thôi phối hợp", "End cooperation"), "", "more"),
    Button("split", Label("Tách phiếu", "Split"), "", "more"),
    Button("link_repeat", Label("Phản ánh lại", "A repeat"), "", "more"),
    Button("hide_identity", Label("Ẩn danh tính", "Hide identity"), "", "more"),
    Button(CHANGE, Label("Sửa thông tin", "Correct details"), "s", "more"),
    Button(Step.ASK_REOPEN, Label("Đề nghị xử lý lại", "Ask for reopening"), "m", "more"),
    Button(Step.MERGE, Label("Gộp phiếu", "Merge"), "", "more"),
    Button(Step.WITHDRAW, Label("Rút phản ánh", "Withdraw"), "", "more"),
)  # fmt: skip
BUTTONS: Mapping[str, Button] = {str(button.step): button for button in _BUTTONS}


def buttons(steps: Collection[str]) -> list[Button]:
    """The buttons of the steps open to somebody, each with a key of its own and at most one of them primary."""
    shown: list[Button] = []
    keys: set[str] = set()
    led = False
    # Two returns are one button: which of them it is, the edition says. A draft is kept from the answer's own page.
    offered = {str(Step.RETURN) if step == Step.RETURN_AGAIN else str(step) for step in steps}
    if offered & {str(Step.SUBMIT), str(Step.ANSWER), str(Step.APPROVE)}:
        offered.discard(DRAFT)
    for button in (b for b in _BUTTONS if str(b.step) in offered):
        rank = button.rank if not (button.rank == "primary" and led) else ""
        led = led or rank == "primary"
        key = button.key if button.key not in keys else ""
        keys.add(key)
        shown.append(Button(button.step, button.label, key, rank, button.at_once, button.confirm))
    return shown


# What the button under a form says where the step's own words would mislead.
SENDS: Mapping[str, Label] = {
    Step.SUBMIT: Label("Trình thủ trưởng", "Submit to the head"),
    Step.APPROVE: Label("Duyệt và gửi người dân", "Approve and send"),
    Step.ANSWER: Label("Gửi trả lời người dân", "Send the answer"),
    Step.ANSWER_AT_ONCE: Label("Gửi trả lời người dân", "Send the answer"),
    Step.RESCHEDULE: Label("Hẹn lại người dân", "Promise this date"),
    Step.ASK_VERIFICATION: Label("Bắt đầu xác minh", "Begin verification"),
    DRAFT: Label("Lưu dự thảo", "Keep the draft"),
    NOTE: Label("Ghi vào phiếu", "Write it down"),
    CHANGE: Label("Lưu thay đổi", "Save the changes"),
    **owing.SENDS,
}

# What the note on the next page says once it is done.
DONE: Mapping[str, Label] = {
    Step.ACCEPT: Label("Đã tiếp nhận xử lý.", "Accepted."),
    Step.ASSIGN: Label("Đã chuyển đơn vị xử lý.", "Passed to the agency."),
    Step.DECIDE: Label("Đã quyết định đơn vị xử lý.", "The agency is decided."),
    Step.REASSIGN: Label("Đã chuyển sang đơn vị khác.", "Moved to the other agency."),
    Step.REOPEN: Label("Đã mở lại phiếu để xử lý.", "The case is open again."),
    Step.REFUSE_REOPEN: Label("Đã trả lời không xử lý lại.", "Reopening is refused."),
    Step.RETURN: Label("Đã chuyển trả phiếu.", "The case is returned."),
    Step.ASK_VERIFICATION: Label("Đã bắt đầu xác minh.", "Verification has begun."),
    Step.FINISH_VERIFICATION: Label("Đã kết thúc xác minh.", "Verification is finished."),
    Step.RESCHEDULE: Label("Đã hẹn lại; người dân được báo.", "Rescheduled; the citizen is told."),
    Step.SUBMIT: Label("Đã trình thủ trưởng duyệt.", "Submitted to the head."),
    Step.SEND_BACK: Label("Đã trả lại dự thảo để làm lại.", "The draft is sent back."),
    Step.APPROVE: Label("Đã duyệt; câu trả lời đang được gửi cho người dân.", "Approved; the answer is on its way."),
    Step.ANSWER: Label("Câu trả lời đang được gửi cho người dân.", "The answer is on its way."),
    Step.ANSWER_AT_ONCE: Label("Câu trả lời đang được gửi cho người dân.", "The answer is on its way."),
    Step.TAKE_OVER: Label("Thủ trưởng đã nhận xử lý.", "Taken over by the head."),
    Step.URGE: Label("Đã đôn đốc.", "They have been urged."),
    Step.WITHDRAW: Label("Đã rút phản ánh; phiếu kết thúc.", "Withdrawn; the case is closed."),
    Step.MERGE: Label("Đã gộp phiếu.", "Merged."),
    Step.ASK_REOPEN: Label("Đã ghi đề nghị xử lý lại.", "The request is recorded."),
    DRAFT: Label("Đã lưu dự thảo.", "The draft is kept."),
    NOTE: Label("Đã ghi vào phiếu.", "Noted."),
    "cooperate": Label("Đã đề nghị phối hợp.", "The agency is asked."),
    "propose_part": Label("Đã đề xuất; tổng đài hoặc điều phối sẽ quyết định.", "Proposed; the desk or coordinator decides."),
    "accept_part": Label("Đã nhận phối hợp.", "Accepted."),
    "contribute": Label("Đã gửi ý kiến phối hợp cho đơn vị chủ trì.", "Sent to the leading agency."),
    "disagree": Label("Đã báo nội dung không thống nhất để quyết định.", "The disagreement goes up to be decided."),
    "decline_part": Label("Đã từ chối phối hợp.", "Declined."),
    "decide_part": Label("Đã quyết định nội dung không thống nhất.", "The disagreement is decided."),
    "confirm_part": Label("Đã đề nghị đơn vị phối hợp.", "The agency is asked."),
    "end_part": Label("Đã thôi phối hợp.", "The cooperation has ended."),
    "split": Label("Đã tách phiếu; người dân được báo mã các phiếu.", "Split; the citizen is told all codes."),
    "link_repeat": Label("Đã nối với phản ánh trước.", "Linked to the earlier report."),
    "hide_identity": Label("Đã ẩn danh tính người phản ánh.", "The reporter's identity is hidden."),
    "ask_reporter": Label("Đang gửi cho người phản ánh.", "On its way to the reporter."),
    CHANGE: Label("Đã lưu thay đổi.", "The changes are saved."),
    **owing.DONE,
}
