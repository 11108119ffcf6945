"""The reporter's own page: everything that is theirs, nothing that is the house's, and each thing they may do."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.conversations.models import Attachment, Contact
from hotline.journal.models import Act
from hotline.portal.tests.conftest import filled, picture, words

STAFF = ("Trần Văn Cường", "Lê Thị Bình", "Nguyễn Hữu Hùng", "Phạm Thu Hà")


def page(browser: Client, case: Case) -> str:
    answer = browser.get(f"/case/{case.token}/")
    assert answer.status_code == 200
    return answer.content.decode()


def attach(contact: Contact | None, name: str, picture: bool = False) -> Attachment:
    row = Attachment(
        key=uuid.uuid4(), contact=contact, name=name, content_type="text/html", size=5, width=8 if picture else None,
        height=8 if picture else None,
    )
    row.file.save("x", ContentFile(b"<b>!</b>"), save=False)
    row.save()
    return row


def test_every_state_has_a_page_without_officers_names(browser: Client, desk) -> None:
    now = timezone.now() - timedelta(minutes=5)
    for make in (desk.opened, desk.assigned, desk.accepted, desk.submitted, desk.answered):
        html = page(browser, make(now))
        assert not [name for name in STAFF if name in html]
    assert "Sở Xây dựng" in html


def test_the_page_says_who_must_answer_by_when(browser: Client, desk) -> None:
    case = desk.assigned(timezone.now())
    text = words(page(browser, case).encode())
    assert "Sở Xây dựng" in text and "xử lý và trả lời trước" in text
    assert f"{timezone.localtime(case.due_at):%H:%M}" in text and "còn 8 giờ làm việc" in text
    assert "Vì sao là lúc này?" in text and "Quyết định số 1519" in text


def test_late_is_said_as_it_is(browser: Client, desk) -> None:
    case = desk.accepted()  # in February: its eight hours are long over, whether or not the sweeper has come
    text = words(page(browser, case).encode())
    assert "Trễ hạn (đang chờ xử lý)" in text and "nay đã quá hạn" in text


def test_what_is_internal_stays_inside(browser: Client, desk) -> None:
    now = timezone.now()
    case = desk.accepted(now)
    actions.note(case, "Chủ nhà này hay gọi", actor=desk.actor("binh"), now=now)
    actions.save_draft(case, "answered", "Dự thảo chưa ai duyệt", actor=desk.actor("binh"), now=now)
    for kind, said in [("note", "ghi chú của tổng đài"), ("bounce", "thư trả lại"), ("auto_reply", "tôi đi vắng")]:
        Contact.objects.create(
            conversation=case.conversation, direction="in", kind=kind, channel="web", external_id=kind, text=said, at=now
        )
    html = page(browser, case)
    for hidden in ("Chủ nhà này hay gọi", "Dự thảo chưa ai duyệt", "ghi chú của tổng đài", "thư trả lại", "tôi đi vắng"):
        assert hidden not in html


@pytest.mark.parametrize("path", ["", "rate/", "message/", "reopen/", "withdraw/", "files/6f1c1b1e-6f1c-4b1e-8f1c-6f1c1b1e6f1c/"])
@pytest.mark.parametrize("token", ["x", "a" * 43, "..%2f..%2f", "QNM-2026-000001", "%00"])
def test_a_link_that_is_none_opens_nothing(browser: Client, cast, path: str, token: str) -> None:
    url = f"/case/{token}/{path}"
    method = browser.post if path.split("/")[0] in ("rate", "message", "reopen", "withdraw") else browser.get
    assert method(url).status_code == 404


def test_nobody_keeps_the_page(browser: Client, desk) -> None:
    answer = browser.get(f"/case/{desk.opened().token}/")
    assert answer["Cache-Control"] == "no-store, private"
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_the_answer_is_read_and_rated(browser: Client, desk) -> None:
    case = desk.answered(timezone.now() - timedelta(hours=1))
    html = page(browser, case)
    assert "Đã kiểm tra và nạo vét." in html and f"/case/{case.token}/rate/" in html
    rated = browser.post(f"/case/{case.token}/rate/", {"stars": "5", "resolved": "yes", "words": "Cảm ơn"}, follow=True)
    assert "Cảm ơn Ông/Bà đã đánh giá." in rated.content.decode()
    case.refresh_from_db()
    assert (case.stars, case.state) == (5, "closed")
    again = browser.post(f"/case/{case.token}/rate/", {"stars": "1"})
    assert again.status_code == 422 and "đã được đánh giá" in again.content.decode()


@pytest.mark.parametrize("form", [{"stars": "2"}, {"stars": "5", "resolved": "no"}])
def test_an_unhappy_rating_asks_for_reopening_and_says_so(browser: Client, desk, form: dict) -> None:
    case = desk.answered(timezone.now() - timedelta(hours=1))
    answer = browser.post(f"/case/{case.token}/rate/", form, follow=True)
    assert "phiếu được chuyển đề nghị xử lý lại" in words(answer.content)
    case.refresh_from_db()
    assert case.state == "reopen_requested"


@pytest.mark.parametrize("stars", ["", "0", "6", "x", "-1", "1e9", "９"])
def test_stars_that_are_none(browser: Client, desk, stars: str) -> None:
    case = desk.answered(timezone.now() - timedelta(hours=1))
    answer = browser.post(f"/case/{case.token}/rate/", {"stars": stars, "words": "chữ tôi đã gõ"})
    assert answer.status_code == 422 and "chữ tôi đã gõ" in answer.content.decode()
    assert not case.ratings.exists()


def test_reopening_is_asked_for_with_a_reason(browser: Client, desk) -> None:
    case = desk.answered(timezone.now() - timedelta(hours=1))
    assert browser.post(f"/case/{case.token}/reopen/", {"reason": " "}).status_code == 422
    answer = browser.post(f"/case/{case.token}/reopen/", {"reason": "Nước lại tràn"}, follow=True)
    assert "Đã nhận đề nghị xử lý lại" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "reopen_requested"


def test_after_the_window_it_is_refused_with_the_date(browser: Client, desk) -> None:
    case = desk.answered()  # in February
    assert "/reopen/" not in page(browser, case)
    answer = browser.post(f"/case/{case.token}/reopen/", {"reason": "Nước lại tràn"})
    assert answer.status_code == 422 and "Chỉ được đề nghị xử lý lại trong" in answer.content.decode()
    assert "Nước lại tràn" in answer.content.decode()


def test_something_to_add_joins_the_conversation_once(browser: Client, desk) -> None:
    case = desk.accepted(timezone.now())
    once = str(uuid.uuid4())
    for _ in range(2):
        form = {"once": once, "text": "Nước đã rút nhưng cống còn tắc", "photos": [picture()]}
        answer = browser.post(f"/case/{case.token}/message/", form, follow=True)
    assert "Đã nhận nội dung bổ sung" in answer.content.decode()
    contact = case.conversation.contacts.get(source="case-page")
    assert contact.text == "Nước đã rút nhưng cống còn tắc" and contact.attachments.count() == 1
    assert Act.objects.filter(kind="case.followed_up", subject_id=case.pk).count() == 1
    assert "Nước đã rút nhưng cống còn tắc" in page(browser, case)


@pytest.mark.parametrize("form", [{}, {"once": "x", "text": "a"}, {"once": str(uuid.uuid4()), "text": "  "},
                                  {"once": str(uuid.uuid4()), "text": "a" * 3001}])  # fmt: skip
def test_nothing_to_add(browser: Client, desk, form: dict) -> None:
    case = desk.accepted(timezone.now())
    assert browser.post(f"/case/{case.token}/message/", form).status_code == 422
    assert not case.conversation.contacts.exists()


def test_adding_has_a_limit_too(browser: Client, desk, settings) -> None:
    settings.REPORTS_PER_HOUR = 6
    case = desk.accepted(timezone.now())
    url = f"/case/{case.token}/message/"
    said = [browser.post(url, {"once": str(uuid.uuid4()), "text": f"lần {n}"}).status_code for n in range(2)]
    assert said == [303, 429]


def test_withdrawal_is_a_message_for_the_desk(browser: Client, desk) -> None:
    case = desk.assigned(timezone.now())
    answer = browser.post(f"/case/{case.token}/withdraw/", {"once": str(uuid.uuid4()), "reason": "Đã tự sửa"}, follow=True)
    assert "Đã nhận đề nghị rút phản ánh" in answer.content.decode()
    assert case.conversation.contacts.get().text == "Đề nghị rút phản ánh, kiến nghị. Lý do: Đã tự sửa"
    case.refresh_from_db()
    assert case.state == "assigned"  # only the desk ends it
    done = desk.answered(timezone.now() - timedelta(hours=1))
    refused = browser.post(f"/case/{done.token}/withdraw/", {"reason": "thôi"}, follow=True)
    assert "không cần rút" in refused.content.decode() and not done.conversation.contacts.filter(direction="in").exists()


def test_files_of_ones_own_case_and_no_others(browser: Client, desk) -> None:
    browser.post("/report/", filled(desk.cast) | {"photos": [picture()]})
    mine = Case.objects.get()
    other = desk.answered(timezone.now() - timedelta(hours=1))
    photo = mine.conversation.contacts.get(direction="in").attachments.get()
    shown = browser.get(f"/case/{mine.token}/files/{photo.key}/")
    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg" and shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Cache-Control"] == "no-store, private" and "inline" in shown["Content-Disposition"]
    small = browser.get(f"/case/{mine.token}/files/{photo.key}/small/")
    assert small.status_code == 200 and b"".join(small.streaming_content)[:2] == b"\xff\xd8"
    assert browser.get(f"/case/{other.token}/files/{photo.key}/").status_code == 404
    assert browser.get(f"/files/{photo.key}/").status_code == 404


def test_what_is_no_picture_is_only_saved(browser: Client, desk) -> None:
    case = desk.opened()
    contact = Contact.objects.create(
        conversation=case.conversation, direction="in", channel="email", external_id="m", text="kèm tệp", at=case.received_at
    )
    page = attach(contact, "trang.html")
    sent = browser.get(f"/case/{case.token}/files/{page.key}/")
    assert sent["Content-Type"] == "application/octet-stream" and sent["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent["Content-Security-Policy"] and sent["X-Content-Type-Options"] == "nosniff"
    note = Contact.objects.create(
        conversation=case.conversation, direction="in", kind="note", channel="web", external_id="n", at=case.received_at
    )
    assert browser.get(f"/case/{case.token}/files/{attach(note, 'noi-bo.pdf').key}/").status_code == 404
    assert browser.get(f"/case/{case.token}/files/{attach(None, 'du-thao.pdf').key}/").status_code == 404


def test_the_page_costs_the_same_however_long_the_conversation(browser: Client, desk) -> None:
    case = desk.answered(timezone.now() - timedelta(hours=1))
    page(browser, case)
    counts = []
    for more in (1, 30):
        for n in range(more):
            contact = Contact.objects.create(
                conversation=case.conversation, direction="in", channel="web", external_id=f"{more}-{n}", text="…",
                at=timezone.now(),
            )
            attach(contact, "a.jpg", picture=True)
        with CaptureQueriesContext(connection) as asked:
            page(browser, case)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_a_page_in_english(browser: Client, desk) -> None:
    browser.cookies["lang"] = "en"
    html = page(browser, desk.assigned(timezone.now()))
    assert '<html lang="en"' in html and "Passed to the agency in charge" in html and "of working time left" in html
