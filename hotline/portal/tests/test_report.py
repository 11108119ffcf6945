"""The report's door: from the form to the receipt, once, with every mistake said and nothing typed lost."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.cases.models import Case
from hotline.conversations.models import Contact, Conversation
from hotline.organisation.models import AreaAlias
from hotline.portal.tests.conftest import NAME, PHONE, filled, picture, words
from hotline.testing.cast import Cast

URL = "/report/"


def test_a_report_becomes_a_case_with_a_receipt(browser: Client, cast: Cast) -> None:
    page = browser.get(URL)
    assert page.status_code == 200
    assert 'enctype="multipart/form-data"' in page.content.decode()
    sent = browser.post(URL, filled(cast) | {"photos": [picture(), picture("red")]})
    case = Case.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, f"/receipt/{case.token}/")
    assert (case.public, case.area, case.kind) == (True, cast.area["20001"], "report")
    assert case.conversation.contacts.get().attachments.count() == 2
    receipt = browser.get(sent["Location"])
    assert case.code in words(receipt.content)
    assert f"{settings.SITE_URL}/case/{case.token}/" in receipt.content.decode()
    assert "<svg" in receipt.content.decode()  # the QR is in the page, not fetched
    assert receipt["Cache-Control"] == "no-store, private"
    assert "noindex" in receipt["X-Robots-Tag"]
    assert 'data-guard-done="report"' in receipt.content.decode()  # the draft in the browser is dropped


def test_sent_twice_is_one_report(browser: Client, cast: Cast) -> None:
    form = filled(cast)
    first, second = (browser.post(URL, form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert (Case.objects.count(), Contact.objects.filter(direction="in").count()) == (1, 1)


def test_what_is_missing_is_said_and_what_was_typed_stays(browser: Client, cast: Cast) -> None:
    answer = browser.post(URL, filled(cast, name="", phone="12", consent=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary"' in page and 'href="#id_phone"' in page
    for sentence in ("Vui lòng ghi họ và tên.", "Số điện thoại chưa đúng", "Cần có sự đồng ý của Ông/Bà"):
        assert page.count(sentence) >= 2  # at the top, and beside the field
    assert "Cống bị tắc từ hôm qua" in page and "12 Lê Lợi" in page
    assert 'aria-invalid="true"' in page
    assert Conversation.objects.count() == 0


def test_photos_have_to_be_chosen_again(browser: Client, cast: Cast) -> None:
    page = browser.post(URL, filled(cast, name="", photos=picture())).content.decode()
    assert "Vui lòng chọn lại ảnh" in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.jpg", b"<html><script>alert(1)</script>", "trang web"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "SVG"),
        ("a.png", b"MZ\x90\x00 not a picture", "không phải ảnh"),
        ("../../etc/passwd", b"root:x:0:0", "không phải ảnh"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 50, ""),
    ],
)
def test_a_file_that_is_no_picture_is_refused(
    browser: Client, cast: Cast, name: str, content: bytes, sentence: str
) -> None:
    answer = browser.post(URL, filled(cast, photos=SimpleUploadedFile(name, content, "image/jpeg")))
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Case.objects.count() == 0


def test_six_photos_are_too_many(browser: Client, cast: Cast) -> None:
    answer = browser.post(URL, filled(cast) | {"photos": [picture() for _ in range(6)]})
    assert answer.status_code == 422 and "tối đa 5 ảnh" in answer.content.decode()


def test_a_request_beyond_all_photos_is_not_read(browser: Client, cast: Cast) -> None:
    answer = browser.post(URL, filled(cast), CONTENT_LENGTH=str(80 * 1024 * 1024))
    assert answer.status_code == 413 and Case.objects.count() == 0


def test_a_program_that_fills_the_trap_gets_nowhere(browser: Client, cast: Cast) -> None:
    assert browser.post(URL, filled(cast, website="http://spam.example")).status_code == 422
    assert Case.objects.count() == 0


def test_another_site_cannot_post_here(cast: Cast) -> None:
    assert Client(enforce_csrf_checks=True).post(URL, filled(cast)).status_code == 403


def test_a_browser_with_the_forms_own_word_can(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(URL)
    form = filled(cast) | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(URL, form).status_code == 303


def test_too_many_are_told_to_wait_with_their_words_kept(browser: Client, cast: Cast, settings) -> None:
    settings.REPORTS_PER_HOUR = 6
    answers = [browser.post(URL, filled(cast)) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 429]  # one telephone has a sixth of what an address has
    page = answers[1].content.decode()
    assert "Ông/Bà đã gửi nhiều phản ánh trong một giờ" in page and "Cống bị tắc" in page
    assert browser.post(URL, filled(cast, phone="0912 345 678")).status_code == 303
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"field": "999999"}, {"field": "-1 OR 1=1"}, {"area": "x"}, {"kind": "nonsense"}, {"submission": "not-a-uuid"},
        {"submission": ""}, {"lat": "nan", "lon": "1"}, {"lat": "91", "lon": "0"}, {"content": "…"}, {"content": "a" * 6000},
        {"phone": "gọi tôi"}, {"email": "a@b\nBcc: x@y.vn"}, {"name": "\u0000"}, {"name": "123"},
    ],
)  # fmt: skip
def test_hostile_values_are_refused_in_words(browser: Client, cast: Cast, changes: dict[str, str]) -> None:
    answer = browser.post(URL, filled(cast, **changes))
    assert answer.status_code == 422, changes
    assert "error-summary" in answer.content.decode()
    assert Case.objects.count() == 0


def test_typed_tags_stay_text(browser: Client, cast: Cast) -> None:
    form = filled(cast, content="<script>alert('xin chào cả nhà')</script> cống tắc rồi", name="<b>Bảy</b>")
    sent = browser.post(URL, form)
    page = browser.get(f"/case/{Case.objects.get().token}/").content.decode()
    assert sent.status_code == 303
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_without_a_clear_field_the_desk_reads_it_first(browser: Client, cast: Cast) -> None:
    sent = browser.post(URL, filled(cast, field="", content="Xin được hỗ trợ một chuyện riêng ở địa phương ạ."))
    conversation = Conversation.objects.get()
    assert sent.status_code == 303 and Case.objects.count() == 0
    receipt = browser.get(sent["Location"])
    assert receipt.status_code == 200 and conversation.ref in words(receipt.content)
    tampered = sent["Location"].replace(conversation.ref, "LH-2222222")
    assert browser.get(tampered).status_code == 404
    assert browser.get(f"/receipt/{conversation.ref}/").status_code == 404


def test_the_receipt_follows_when_the_desk_opens_a_case(browser: Client, cast: Cast, desk) -> None:
    sent = browser.post(URL, filled(cast, field="", content="Xin được hỗ trợ một chuyện riêng ở địa phương ạ."))
    case = desk.opened(conversation=Conversation.objects.get())
    assert browser.get(sent["Location"])["Location"] == f"/case/{case.token}/"


def test_a_report_in_english(browser: Client, cast: Cast) -> None:
    browser.cookies["lang"] = "en"
    page = browser.get(URL).content.decode()
    assert '<html lang="en"' in page
    assert "Too many" not in page
    answer = browser.post(URL, filled(cast))
    assert Case.objects.get().citizen.language == "en" and answer.status_code == 303


def test_the_way_in_costs_few_questions(browser: Client, cast: Cast) -> None:
    browser.post(URL, filled(cast, phone="0912 345 679"))  # tables in memory
    with CaptureQueriesContext(connection) as asked:
        assert browser.post(URL, filled(cast)).status_code == 303
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 24, [q["sql"][:90] for q in asked]


def test_the_form_asks_what_the_edition_asks(browser: Client, cast: Cast) -> None:
    document = cast.edition.document | {"completeness": {"least_letters": 10, "required": {"any": ["name", "content", "place"]}}}
    cast.edition.document = document
    cast.edition.save()
    assert browser.post(URL, filled(cast, place="")).status_code == 422
    assert browser.post(URL, filled(cast, phone="", address="")).status_code == 303


def test_a_commune_is_found_by_its_old_name(browser: Client, cast: Cast) -> None:
    AreaAlias.objects.create(area=cast.area["20001"], name="Phường Tân Thạnh", folded="phuong tan thanh")
    page = browser.get(URL).content.decode()
    assert re.search(r'<option value="\d+" data-also="Tân Thạnh">Phường Bàn Thạch</option>', page)


def test_names_of_others_do_not_reach_the_form(browser: Client, cast: Cast) -> None:
    browser.post(URL, filled(cast))
    page = browser.get(URL).content.decode()
    assert NAME not in page and PHONE not in page
