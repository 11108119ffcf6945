"""What is owed besides handling a case, in words: the steps that answer, raise and report, and the list "Còn nợ". Pure."""

from __future__ import annotations

from collections.abc import Mapping

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Step

# Step, words, key, rank; casework makes buttons of them.
BUTTONS: tuple[tuple[str, Label, str, str], ...] = (
    (Step.DIRECT, Label("Cho ý kiến chỉ đạo", "Give a directive"), "y", "primary"),
    (Step.REPLY_INTERIM, Label("Phản hồi ngay", "Reply for now"), "i", ""),
    (Step.REPORT_PROGRESS, Label("Báo cáo tiến độ", "Report progress"), "b", ""),
    (Step.RAISE_LEVEL, Label("Chuyển lên cấp trên", "Raise"), "v", ""),
    (Step.SET_MODE, Label("Cấp độ phản hồi", "Response mode"), "o", ""),
)
SENDS: Mapping[str, Label] = {
    Step.DIRECT: Label("Gửi ý kiến chỉ đạo", "Send the directive"),
    Step.REPLY_INTERIM: Label("Gửi phản hồi cho người dân", "Send the reply"),
    Step.REPORT_PROGRESS: Label("Gửi báo cáo tiến độ", "Send the report"),
    Step.SET_MODE: Label("Chọn cấp độ phản hồi", "Set this mode"),
}
DONE: Mapping[str, Label] = {
    Step.DIRECT: Label(
        "Ý kiến chỉ đạo đã được báo cho đơn vị và điều phối.", "The agency and the coordinator are told."
    ),
    Step.REPLY_INTERIM: Label("Phản hồi đang được gửi cho người dân.", "The reply is on its way."),
    Step.REPORT_PROGRESS: Label(
        "Đã báo cáo tiến độ; người dân và điều phối được báo.", "The citizen and the coordinator are told."
    ),
    Step.RAISE_LEVEL: Label("Đã chuyển lên cấp trên.", "Raised."),
    Step.SET_MODE: Label("Đã chọn cấp độ phản hồi.", "The response mode is set."),
}
# Acts that say what in their own words.
TOLD = frozenset({"case.mode_set", "case.level_raised", "case.obligation_met", "case.document_drafted",
                  "case.document_issued", "case.adoption_decided"})  # fmt: skip

LEVEL = Label("Cấp xử lý {number}: {label}", "Level {number}: {label}")
MODE = Label("Phản hồi: {label}", "Response: {label}")
MET = Label("xong {at}", "done {at}")
MET_LATE = Label("xong {at}, trễ hạn", "done {at}, late")
LIFTED = Label("không còn phải thực hiện", "no longer owed")
LIFTED_LATE = Label("trễ hạn, không còn phải thực hiện", "late, no longer owed")
DUE = Label("hạn {at}", "due {at}")
TITLE, EVERYBODY = Label("Còn nợ", "Owed"), Label("Còn nợ, mọi đơn vị", "Owed by everybody")
MINE = Label("Của tôi", "Mine")
EMPTY = Label("Không còn nợ việc nào", "Nothing is owed")
EMPTY_TEXT = Label(
    "Phản hồi, báo cáo, đối thoại, thư cảm ơn phải thực hiện theo quy chế sẽ hiện ở đây cho đến khi xong.",
    "Replies, reports, dialogues and letters that the regulation asks for stand here until they are done.",
)
NO_MORE, BACK = Label("Hết danh sách", "End of the list"), Label("Về đầu danh sách", "Back to the top")
