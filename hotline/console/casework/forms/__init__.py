"""One form for each step, by the word of its page. Every form carries the version that was read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hotline.cases import actions
from hotline.console.casework.forms.agencies import AgencyField, ReturnForm, assign_form
from hotline.console.casework.forms.answer import AnswerForm, answer_form
from hotline.console.casework.forms.base import StepForm, at_once_form, words_form
from hotline.console.casework.forms.case import ChangeForm, MergeForm, RescheduleForm
from hotline.console.casework.forms.owing import InterimForm, ModeForm, ProgressForm, RaiseForm
from hotline.console.casework.forms.parts import AskForm, ContributeForm, part_form, part_words_form
from hotline.console.casework.forms.several import RepeatForm, SplitForm
from hotline.regulation.lifecycle import Step

__all__ = ["FORMS", "AgencyField", "AnswerForm", "StepForm"]

FORMS: dict[str, type[StepForm]] = {
    Step.ASSIGN: assign_form(actions.assign),
    Step.DECIDE: assign_form(actions.decide, _("Quyết định này là cuối cùng: đơn vị được giao không chuyển trả nữa.")),
    Step.REASSIGN: assign_form(actions.reassign, _("Các thời hạn đang chạy được giữ nguyên khi chuyển đơn vị khác.")),
    Step.REOPEN: assign_form(actions.reopen, _("Phiếu bắt đầu một lượt xử lý mới với thời hạn mới.")),
    Step.ACCEPT: at_once_form(actions.accept),
    Step.TAKE_OVER: at_once_form(actions.take_over),
    Step.RETURN: ReturnForm,
    Step.ASK_VERIFICATION: words_form(actions.ask_verification, _("Nội dung cần xác minh, kiểm tra")),
    Step.FINISH_VERIFICATION: words_form(actions.finish_verification, _("Kết quả xác minh, kiểm tra")),
    Step.RESCHEDULE: RescheduleForm,
    Step.SUBMIT: answer_form(Step.SUBMIT),
    Step.ANSWER: answer_form(Step.ANSWER),
    Step.APPROVE: answer_form(Step.APPROVE),
    "draft": answer_form(""),
    Step.SEND_BACK: words_form(actions.send_back, _("Yêu cầu làm lại")),
    Step.ANSWER_AT_ONCE: words_form(actions.answer_at_once, _("Nội dung trả lời người dân")),
    Step.SET_MODE: ModeForm,
    Step.RAISE_LEVEL: RaiseForm,
    Step.DIRECT: words_form(actions.direct, _("Ý kiến chỉ đạo"), _("Đơn vị xử lý và cơ quan điều phối được báo.")),
    Step.REPLY_INTERIM: InterimForm,
    Step.REPORT_PROGRESS: ProgressForm,
    Step.URGE: words_form(actions.urge, _("Nội dung đôn đốc")),
    "note": words_form(actions.note, _("Ghi chú nội bộ"), _("Chỉ cán bộ đọc được; người dân không thấy ghi chú này.")),
    "change": ChangeForm,
    Step.WITHDRAW: words_form(
        actions.withdraw, _("Lý do rút phản ánh, kiến nghị"), _("Phiếu sẽ kết thúc và người dân được báo.")),
    Step.MERGE: MergeForm,
    Step.ASK_REOPEN: words_form(actions.ask_reopen, _("Lý do đề nghị xử lý lại")),
    "cooperate": AskForm,
    "propose_part": AskForm,
    "confirm_part": part_form(actions.confirm_cooperation),
    "end_part": part_words_form(actions.end_cooperation, _("Lý do thôi phối hợp")),
    "accept_part": part_form(actions.accept_part),
    "decline_part": part_words_form(actions.decline_part, _("Lý do từ chối phối hợp")),
    "contribute": ContributeForm,
    "disagree": part_words_form(actions.disagree, _("Nội dung không thống nhất")),
    "decide_part": part_words_form(actions.decide_disagreement, _("Quyết định (cuối cùng, các đơn vị phải thực hiện)")),
    "split": SplitForm,
    "link_repeat": RepeatForm,
    "hide_identity": words_form(
        actions.hide_identity, _("Lý do, theo yêu cầu của ai"),
        _("Đơn vị xử lý sẽ không thấy họ tên, điện thoại, địa chỉ, thư điện tử của người phản ánh.")),
    "ask_reporter": words_form(
        actions.ask_reporter, _("Nội dung gửi người phản ánh"),
        _("Tổng đài gửi qua kênh của người phản ánh và nhận lại trả lời; không cần biết họ là ai.")),
    Step.REFUSE_REOPEN: words_form(actions.refuse_reopen, _("Lý do không xử lý lại"), _("Lý do này được gửi cho người dân.")),
}  # fmt: skip
