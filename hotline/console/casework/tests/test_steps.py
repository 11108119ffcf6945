"""Every step through its page: done, refused with its sentence and the text kept, overtaken by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Answer, Case
from hotline.cases.several.tests.conftest import with_several
from hotline.console.casework.forms import FORMS
from hotline.console.owing.tests.test_owing import HAPPY as OWING
from hotline.journal.models import Act

NEXT_WEEK = f"{timezone.localdate() + timedelta(days=7):%d/%m/%Y}"
LATER = {"day": NEXT_WEEK, "clock": "16:00", "words": "Chờ vật tư"}
ANSWER = {"outcome": "answered", "body": "Đã thông cống lúc 14:00."}

# state before, step, who, what is sent ("@key" is an agency), state after, act
HAPPY = [
    ("received", "assign", "cuong", {"agency": "@so-xay-dung", "words": "Xử lý sớm"}, "assigned", "case.assigned"),
    ("received", "answer_at_once", "cuong", {"words": "Đơn vị đã có lịch."}, "answered", "case.answered"),
    ("returned", "assign", "tam", {"agency": "@ubnd-ban-thach"}, "assigned", "case.assigned"),
    ("awaiting_decision", "decide", "ha", {"agency": "@so-xay-dung"}, "assigned", "case.decided"),
    ("in_progress", "reassign", "ha", {"agency": "@dien-luc"}, "assigned", "case.reassigned"),
    ("assigned", "accept", "binh", {}, "in_progress", "case.accepted"),
    ("assigned", "return", "binh", {"words": "Đường của phường", "agency": "@ubnd-ban-thach"}, "returned", "case.returned"),
    ("in_progress", "ask_verification", "binh", {"words": "Đo mực nước"}, "verifying", "case.verification_asked"),
    ("verifying", "finish_verification", "duc", {"words": "Cống gãy"}, "in_progress", "case.verification_finished"),
    ("in_progress", "reschedule", "binh", LATER, "in_progress", "case.rescheduled"),
    ("in_progress", "draft", "binh", ANSWER, "in_progress", "case.drafted"),
    ("in_progress", "submit", "binh", ANSWER, "awaiting_approval", "case.submitted"),
    ("awaiting_approval", "send_back", "hung", {"words": "Nêu rõ thời gian"}, "in_progress", "case.sent_back"),
    ("awaiting_approval", "approve", "hung", ANSWER, "answered", "case.answered"),
    ("in_progress", "take_over", "hung", {}, "with_head", "case.taken_over"),
    ("with_head", "answer", "hung", ANSWER, "answered", "case.answered"),
    ("assigned", "urge", "ha", {"words": "Dân chờ đã lâu"}, "assigned", "case.urged"),
    ("assigned", "urge", "son", {"words": "Khẩn trương"}, "assigned", "case.urged"),
    ("in_progress", "note", "duc", {"words": "Đã gọi cho phường"}, "in_progress", "case.noted"),
    ("in_progress", "ask_reporter", "binh", {"words": "Ngập từ mấy giờ?"}, "in_progress", "case.reporter_asked"),
    ("assigned", "hide_identity", "cuong", {"words": "Người dân yêu cầu"}, "assigned", "case.identity_hidden"),
    ("received", "withdraw", "cuong", {"words": "Người dân đề nghị rút"}, "closed", "case.withdrawn"),
    ("answered", "ask_reopen", "cuong", {"words": "Vẫn còn ngập"}, "reopen_requested", "case.reopen_asked"),
    ("reopen_requested", "reopen", "ha", {"agency": "@so-xay-dung"}, "assigned", "case.reopened"),
    ("reopen_requested", "refuse_reopen", "ha", {"words": "Đã khắc phục xong"}, "closed", "case.reopen_refused"),
]  # fmt: skip


# Steps of cooperation in their order: who, what is sent; "part" is the part of the agency that was asked.
COOPERATION = [
    ("binh", "propose_part", {"agency": "@dien-luc", "words": "Cho lịch cắt điện"}, "case.cooperation_proposed"),
    ("cuong", "confirm_part", {}, "case.cooperation_asked"),
    ("lan", "accept_part", {}, "case.cooperation_accepted"),
    ("lan", "disagree", {"words": "Không thuộc ngành điện"}, "case.disagreed"),
    ("ha", "decide_part", {"words": "Điện lực cho ý kiến"}, "case.disagreement_decided"),
    ("quang", "contribute", {"words": "Cắt điện đến 17:00."}, "case.contributed"),
    ("cuong", "end_part", {"words": "Đã đủ"}, "case.cooperation_ended"),
    ("ha", "cooperate", {"agency": "@dien-luc", "words": "Xem lại"}, "case.cooperation_asked"),
    ("lan", "decline_part", {"words": "Đã trả lời"}, "case.cooperation_declined"),
]
SEVERAL = {step for _, step, *_ in COOPERATION}


def test_cooperation_through_its_pages(casework, browse):
    with_several(casework.cast)
    case = casework.at("in_progress")
    for who, step, sent, act in COOPERATION:
        part = case.participations.order_by("-id").values_list("pk", flat=True).first()
        url = page(case, step)
        client = browse(who)
        shown = client.get(url, {"part": part} if part else {})
        assert shown.status_code == 200, (step, shown.status_code)
        answer = client.post(url, {**filled(casework, sent, case), **({"part": part} if part else {})})
        assert answer.status_code == 302, (step, answer.content.decode()[:2000])
        assert Act.objects.filter(subject="case", subject_id=case.pk).order_by("-id").first().kind == act
        listed = browse("lan").get(reverse("console:cooperation")).content.decode()
        owed = ("case.cooperation_asked", "case.cooperation_accepted", "case.disagreement_decided")
        assert (case.code in listed) == (act in owed), step
    assert browse("binh").get(page(case, "submit")).status_code == 200


def test_splitting_through_its_page(casework, browse):
    case, client = casework.at("received"), browse("cuong")
    assert client.get(page(case, "split")).status_code == 200
    half = {"field1": casework.cast.field["dien_luc"].pk, "summary1": "", "content1": "", "version": case.version}
    refused = client.post(page(case, "split"), half)
    assert refused.status_code == 422 and "Nội dung tách thứ 1" in refused.content.decode()
    sent = {**half, "summary1": "Mất điện tổ 4", "content1": "Mất điện từ tối.", "agency1": casework.cast.agency["dien-luc"].pk}
    assert client.post(page(case, "split"), sent).status_code == 302
    child = Case.objects.get(parent=case)
    assert (child.state, child.received_at) == ("assigned", case.received_at)
    shown = client.get(reverse("console:case", args=[case.code])).content.decode()
    assert child.code in shown and "Cùng tách từ một phản ánh" in shown


def test_a_repeat_and_a_join_from_the_page(casework, browse):
    with_several(casework.cast)
    old, client = casework.at("answered"), browse("cuong")
    other, again = casework.opened(), casework.opened()
    Case.objects.filter(pk=again.pk).update(citizen=old.citizen)
    alone = client.get(page(other, "link_repeat")).content.decode()
    assert "Không thấy phản ánh đã trả lời nào" in alone and "form-end" in alone and "ctrl+enter" not in alone, "no button"
    shown = client.get(reverse("console:case", args=[again.code])).content.decode()
    assert "Đã phản ánh lần trước, đã trả lời ngày" in shown and "Có thể cùng một vụ việc" in shown and other.code in shown
    assert client.post(page(again, "link_repeat"), {"earlier": old.pk, "version": again.version}).status_code == 302
    again.refresh_from_db(fields=["repeat_of", "version"])
    assert again.repeat_of == old
    assert client.post(page(again, "merge"), {"into": other.code, "version": again.version}).status_code == 302, "one press"
    shown = client.get(reverse("console:case", args=[other.code])).content.decode()
    assert "Những người phản ánh cùng vụ việc" in shown and again.code in shown


def page(case: Case, step: str) -> str:
    return reverse("console:step", args=[case.code, step])


def filled(casework, sent: dict, case: Case) -> dict:
    values = {k: casework.cast.agency[v[1:]].pk if v.startswith("@") else v for k, v in sent.items()}
    return {**values, "version": case.version}


def changed(case: Case) -> dict:
    """The correction form as it stands, with another place."""
    return {"summary": case.summary, "kind": "report", "field": case.field_id, "area": case.area_id, "urgency": "urgent",
            "place": "Trước 52 Hùng Vương", "version": case.version}  # fmt: skip


@pytest.mark.parametrize(("state", "step", "who", "sent", "after", "act"), HAPPY)
def test_done(casework, browse, state, step, who, sent, after, act):
    """The page shows its form, the form does it, one act says so, and the browser goes on to a page it may see."""
    case = casework.at(state)
    client = browse(who)
    assert client.get(page(case, step)).status_code == 200
    answer = client.post(page(case, step), filled(casework, sent, case))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    case.refresh_from_db(fields=["state"])
    assert case.state == after
    latest = Act.objects.filter(subject="case", subject_id=case.pk).order_by("-id").first()
    assert (latest.kind, latest.actor["name"]) == (act, casework.cast.person[who].full_name)
    assert client.get(answer["Location"]).status_code == 200


def test_details_are_corrected(casework, browse):
    case = casework.at("received")
    assert browse("cuong").post(page(case, "change"), changed(case)).status_code == 302
    case.refresh_from_db(fields=["place", "urgency", "area"])
    assert (case.place, case.urgency, case.area.name) == ("Trước 52 Hùng Vương", "urgent", "Phường Bàn Thạch")


def test_two_cases_become_one(casework, browse):
    case, lead = casework.at("received"), casework.at("in_progress")
    answer = browse("ha").post(page(case, "merge"), {"into": lead.code.lower(), "words": "", "version": case.version})
    assert answer.status_code == 302
    case.refresh_from_db(fields=["merged_into", "state"])
    assert (case.merged_into_id, case.state) == (lead.pk, "closed")


def test_every_form_has_been_tried():
    tried = {step for _, step, *_ in (*HAPPY, *OWING)} | {"change", "merge", "split", "link_repeat", *SEVERAL}
    tried |= {"report_progress"}  # with its photo: console/owing
    assert tried == {str(step) for step in FORMS}


@pytest.mark.parametrize(
    ("state", "step", "who", "sent", "says"),
    [
        ("in_progress", "accept", "binh", {}, "Phiếu đang ở trạng thái “Đang xử lý”"),
        ("in_progress", "submit", "binh", {"outcome": "fixed", "body": "Đã sửa xong."}, "cần ít nhất một ảnh"),
        ("in_progress", "submit", "binh", {"outcome": "scheduled", "body": "Sẽ làm."}, "cần ngày dự kiến"),
        ("in_progress", "submit", "binh", {"outcome": "cannot", "body": "Không làm được."}, "cần một căn cứ"),
        ("in_progress", "answer", "binh", {"outcome": "answered", "body": "Đã trả lời."}, "phải được thủ trưởng duyệt"),
        ("in_progress", "reschedule", "binh", {"day": "01/01/2020", "clock": "16:00", "words": "Chờ"}, "ở sau hiện tại"),
        ("assigned", "reassign", "ha", {"agency": "@so-xay-dung"}, "chọn"),
        ("received", "merge", "ha", {"into": "QNM-2026-999999"}, "Không tìm thấy phiếu"),
        ("received", "urge", "ha", {"words": " "}, "bắt buộc"),
    ],
)
def test_refused(casework, browse, state, step, who, sent, says):
    """422, the sentence, the words still in the form, and nothing happened to the case."""
    case = casework.at(state)
    answer = browse(who).post(page(case, step), filled(casework, sent, case))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert says in said or (says == "chọn" and "is-wrong" in said)
    for words in (sent.get("body"), sent.get("words")):
        assert not (words or "").strip() or words in said
    case.refresh_from_db(fields=["state"])
    assert case.state == state


def test_the_second_reschedule_is_refused_with_its_article(casework, browse):
    """Quy chế 1519: số lần hẹn không quá 1 lần."""
    case = casework.at("in_progress")
    assert browse("binh").post(page(case, "reschedule"), filled(casework, LATER, case)).status_code == 302
    case.refresh_from_db(fields=["version"])
    assert "không quá 1 lần" in browse("binh").get(page(case, "reschedule")).content.decode()
    second = browse("binh").post(page(case, "reschedule"), filled(casework, {**LATER, "words": "Mưa tiếp"}, case))
    said = second.content.decode()
    assert second.status_code == 422
    assert "không quá 1 lần" in said
    assert "Quyết định số 1519/QĐ-UBND" in said
    assert "Mưa tiếp" in said


def test_the_third_hand_decides_after_two_returns(casework, browse):
    """The second return goes to the coordinator; what the coordinator decided cannot be returned."""
    case = casework.at("returned")
    case = actions.assign(case.pk, casework.cast.agency["so-xay-dung"], actor=casework.actor("cuong"), now=casework.now)
    again = {"words": "Vẫn không phải của Sở", "agency": "@ubnd-ban-thach"}
    assert browse("binh").post(page(case, "return"), filled(casework, again, case)).status_code == 302
    case.refresh_from_db()
    assert case.state == "awaiting_decision"
    shown = browse("ha").get(page(case, "decide")).content.decode()
    assert f'value="{casework.cast.agency["ubnd-ban-thach"].pk}" selected' in shown, "what was proposed is filled in"
    assert browse("ha").post(page(case, "decide"), filled(casework, {"agency": "@so-xay-dung"}, case)).status_code == 302
    case.refresh_from_db()
    third = browse("binh").post(page(case, "return"), filled(casework, again, case))
    assert third.status_code == 422
    assert "không được chuyển trả nữa" in third.content.decode()


@pytest.mark.parametrize(("state", "step", "who", "sent"), [row[:4] for row in HAPPY])
def test_overtaken(casework, browse, state, step, who, sent):
    """Somebody else was faster: 409, the sentence, who it was, the words kept, and the new version to send again with."""
    case = casework.at(state)
    actions.note(case.pk, "Xin chờ", actor=casework.actor("tam"), now=timezone.now())
    answer = browse(who).post(page(case, step), filled(casework, sent, case))
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "vừa được người khác cập nhật" in said
    assert "Huỳnh Thị Thanh Tâm" in said
    assert f'name="version" value="{case.version + 1}"' in said
    for words in (sent.get("body"), sent.get("words")):
        assert not words or words in said
    case.refresh_from_db(fields=["state"])
    assert case.state == state
    again = browse(who).post(page(case, step), {**filled(casework, sent, case), "version": case.version + 1})
    assert again.status_code == 302, "read again, it can be sent again"


def test_a_refused_answer_is_kept_as_a_draft(casework, browse):
    case = casework.at("in_progress")
    sent = {"outcome": "fixed", "body": "Đã thay nắp cống.", "version": case.version}
    assert browse("binh").post(page(case, "submit"), sent).status_code == 422
    draft = Answer.objects.get(case=case)
    assert (draft.body, draft.state) == ("Đã thay nắp cống.", "draft")
    assert "Đã thay nắp cống." in browse("duc").get(page(case, "submit")).content.decode()


def test_the_head_may_edit_while_approving(casework, browse):
    case = casework.at("awaiting_approval")
    sent = {"outcome": "answered", "body": "Đã thông cống, hết ngập lúc 15:00.", "version": case.version}
    assert browse("hung").post(page(case, "approve"), sent).status_code == 302
    answer = Answer.objects.get(case=case)
    assert (answer.body, answer.state, answer.approved_by["name"]) == (sent["body"], "sent", "Nguyễn Hữu Hùng")


def test_a_returned_case_leaves_the_agency(casework, browse):
    """What was just returned is another's: the browser goes on to the list, and the case is 404."""
    case = casework.at("assigned")
    sent = filled(casework, {"words": "Không thuộc thẩm quyền", "agency": "@ubnd-ban-thach"}, case)
    client = browse("binh")
    assert client.post(page(case, "return"), sent)["Location"] == reverse("console:inbox", args=["answer"])
    assert client.get(reverse("console:case", args=[case.code])).status_code == 404
