"""The words of notices to officers, by the act they follow from. `{summary}` is the case, `{what}` a mode, level or duty."""

from __future__ import annotations

from hotline.regulation.labels import Label

NOTICES: dict[str, Label] = {
    "case.assigned": Label("Phiếu mới chuyển đến: {summary}", "New case: {summary}"),
    "case.decided": Label("Điều phối quyết định giao xử lý: {summary}", "Given to you by decision: {summary}"),
    "case.reassigned": Label("Phiếu được giao lại cho đơn vị: {summary}", "Case given to your agency: {summary}"),
    "case.returned": Label("Phiếu bị chuyển trả: {summary}", "Case returned: {summary}"),
    "case.submitted": Label("Trình duyệt trả lời: {summary}", "Answer for approval: {summary}"),
    "case.sent_back": Label("Thủ trưởng trả lại dự thảo: {summary}", "Draft sent back by the head: {summary}"),
    "case.taken_over": Label("Thủ trưởng trực tiếp xử lý: {summary}", "Taken over by the head: {summary}"),
    "case.urged": Label("Đôn đốc xử lý: {summary}", "Please hurry: {summary}"),
    "case.mode_set": Label("Cấp độ phản hồi “{what}”: {summary}", "Response mode “{what}”: {summary}"),
    "case.level_raised": Label("Chuyển lên cấp “{what}”: {summary}", "Raised to “{what}”: {summary}"),
    "case.directed": Label("Có ý kiến chỉ đạo: {summary}", "A directive was given: {summary}"),
    "case.obligation_owed": Label("Phải thực hiện “{what}”: {summary}", "Owed by you, “{what}”: {summary}"),
    "case.obligation_met": Label("Đã xong “{what}”: {summary}", "Done, “{what}”: {summary}"),
    "case.adoption_decided": Label("Lãnh đạo quyết định “{what}”: {summary}", "The leaders decided “{what}”: {summary}"),
    "document.submitted": Label("Văn bản trình ký: {summary}", "A document to sign: {summary}"),
    "document.issued": Label("Xin ý kiến lãnh đạo: {summary}", "Your opinion is asked: {summary}"),
    "dialogue.invited": Label("Mời dự đối thoại: {summary}", "Invited to a dialogue: {summary}"),
    "dialogue.followed_up": Label("Giao việc sau đối thoại: {summary}", "Tasks of a dialogue: {summary}"),
    "dialogue.task_done": Label("Đã thực hiện kết luận đối thoại: {summary}", "A task of a dialogue is done: {summary}"),
    "case.progress_reported": Label("Có báo cáo tiến độ: {summary}", "Progress reported: {summary}"),
    "case.rescheduled": Label("Đã hẹn lại người dân: {summary}", "Rescheduled: {summary}"),
    "case.warned": Label("Sắp đến hạn: {summary}", "Due soon: {summary}"),
    "case.overdue": Label("Trễ hạn (đang chờ xử lý): {summary}", "Overdue: {summary}"),
    "case.followed_up": Label("Người dân bổ sung nội dung: {summary}", "The citizen wrote again: {summary}"),
    "case.rated": Label("Người dân đã đánh giá: {summary}", "Rated by the citizen: {summary}"),
    "case.reopen_asked": Label("Người dân đề nghị xử lý lại: {summary}", "Reopening asked for: {summary}"),
    "case.reopened": Label("Phiếu được mở lại: {summary}", "Case reopened: {summary}"),
    "case.cooperation_asked": Label("Đề nghị phối hợp: {summary}", "Your cooperation is asked: {summary}"),
    "case.cooperation_proposed": Label("Đề xuất đơn vị phối hợp: {summary}", "Cooperation proposed: {summary}"),
    "case.cooperation_declined": Label("Đơn vị từ chối phối hợp: {summary}", "Cooperation declined: {summary}"),
    "case.cooperation_ended": Label("Thôi phối hợp: {summary}", "Cooperation ended: {summary}"),
    "case.contributed": Label("Đã có ý kiến phối hợp: {summary}", "A contribution has come: {summary}"),
    "case.disagreed": Label("Các đơn vị không thống nhất: {summary}", "Agencies disagree: {summary}"),
    "case.disagreement_decided": Label("Đã quyết định nội dung không thống nhất: {summary}", "Disagreement decided: {summary}"),
    "case.repeat_linked": Label("Người dân phản ánh lại việc đã trả lời: {summary}", "Reported again: {summary}"),
    # Nothing of what it is about, not even that it is a denunciation: a bell is read over shoulders (Luật Tố cáo, Điều 8.3).
    "sealed.due_soon": Label("Hồ sơ sắp hết thời hạn chuyển: {summary}", "A record must be passed on soon: {summary}"),
    "sealed.overdue": Label("Hồ sơ đã quá thời hạn chuyển: {summary}", "A record was not passed on in time: {summary}"),
    "case.reminded": Label("Người dân đã hỏi nhiều lần, chưa có trả lời: {summary}", "Asked often, unanswered: {summary}"),
}
