"""What everybody may read: answers, never people."""

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
from hotline.hotlines.models import Field
from hotline.portal.queries import published
from hotline.portal.tests.conftest import ADDRESS, EMAIL, NAME, PHONE, filled, picture, second_line, words


def photo() -> Attachment:
    """A picture an officer took and is about to attach."""
    file = picture("red")
    row = Attachment(key=uuid.uuid4(), name="sau.jpg", content_type="image/jpeg", size=file.size, width=60, height=40)
    row.file.save("x", ContentFile(file.read()), save=False)
    row.save()
    return row


def answered(desk, case: Case, body: str = "Đã nạo vét.", files: tuple = ()) -> Case:
    now = case.received_at + timedelta(minutes=30)
    case = actions.assign(case, desk.cast.agency["so-xay-dung"], actor=desk.actor("cuong"), now=now)
    case = actions.accept(case, actor=desk.actor("binh"), now=now)
    case = actions.save_draft(case, "answered", body, attachments=files, actor=desk.actor("binh"), now=now)
    case = actions.submit(case, actor=desk.actor("binh"), now=now)
    return actions.approve(case, actor=desk.actor("hung"), now=now)


@pytest.fixture
def told(browser: Client, desk) -> Case:
    """A case from the portal whose reporter wrote name, telephone, mail and address into the text, and an officer too."""
    browser.post("/report/", filled(desk.cast, place=ADDRESS) | {"photos": [picture()]})
    case = Case.objects.get()
    mine = case.conversation.contacts.get(direction="in").attachments.get()
    body = f"Kính gửi bà {NAME.upper()}, {ADDRESS}. Đã nạo vét; đã gọi {PHONE} và viết cho {EMAIL}."
    return answered(desk, case, body, (photo(), mine))


def test_nobody_is_named_on_any_public_page(browser: Client, desk, told: Case) -> None:
    pages = ["/", "/published/", f"/published/{told.code}/", "/figures/", "/figures/late/", f"/published/{told.code.lower()}/"]
    for url in pages:
        answer = browser.get(url)
        assert answer.status_code == 200, url
        html = answer.content.decode()
        for secret in (NAME, NAME.upper(), "Trương", PHONE, "0905777888", "+84905777888", EMAIL, "12 Lê Lợi", told.token):
            assert secret not in html, (url, secret)
    assert "•••" in html and "Đã nạo vét" in html and "Sở Xây dựng" in html


def test_officers_photos_are_shown_and_the_reporters_are_not(browser: Client, told: Case) -> None:
    sent = Attachment.objects.get(name="sau.jpg")
    theirs = told.conversation.contacts.get(direction="in").attachments.get()
    html = browser.get(f"/published/{told.code}/").content.decode()
    assert str(sent.key) in html and str(theirs.key) not in html
    for path in ("", "small/"):
        shown = browser.get(f"/files/{sent.key}/{path}")
        assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
        assert shown["X-Content-Type-Options"] == "nosniff" and shown["Cache-Control"].startswith("public")
        assert browser.get(f"/files/{theirs.key}/{path}").status_code == 404
    assert browser.get(f"/files/{uuid.uuid4()}/").status_code == 404


def test_what_was_made_private_is_gone(browser: Client, told: Case) -> None:
    Case.objects.filter(pk=told.pk).update(public=False)
    key = Attachment.objects.get(name="sau.jpg").key
    assert browser.get(f"/published/{told.code}/").status_code == 404
    assert browser.get(f"/files/{key}/").status_code == 404
    assert told.code not in browser.get("/published/").content.decode()


def test_only_answered_public_cases(browser: Client, desk) -> None:
    now = timezone.now() - timedelta(hours=2)
    hidden = [desk.opened(now, public=True), answered(desk, desk.opened(now, public=False))]
    shown = answered(desk, desk.opened(now, public=True, summary="Cống đã thông"))
    html = browser.get("/published/").content.decode()
    assert "Cống đã thông" in html and shown.code in html
    for case in hidden:
        assert browser.get(f"/published/{case.code}/").status_code == 404 and case.code not in html


@pytest.mark.parametrize("code", ["QNM-2026-999999", "x" * 300, "%00", "'--", "..%2f"])
def test_codes_of_nothing(browser: Client, cast, code: str) -> None:
    assert browser.get(f"/published/{code}/").status_code == 404


def test_chosen_by_field_commune_and_lateness(browser: Client, desk) -> None:
    now = timezone.now() - timedelta(hours=2)
    cast = desk.cast
    first = answered(desk, desk.opened(now, public=True, area=cast.area["20002"]))
    second = answered(desk, desk.opened(now, public=True, field=cast.field["thu_tuc"]))
    Case.objects.filter(pk=second.pk).update(late_at=now)

    def codes(query: str) -> list[bool]:
        html = browser.get(f"/published/?{query}").content.decode()
        return [case.code in html for case in (first, second)]

    assert codes("") == [True, True]
    assert codes(f"area={cast.area['20002'].pk}") == [True, False]
    assert codes("field=thu_tuc") == [False, True]
    assert codes("late=1") == [False, True]
    assert codes(f"late=1&area={cast.area['20002'].pk}") == [False, False]
    # What is no choice is no filter, and no error.
    assert codes("area=x&field=%27&late=2&after=%ff") == [True, True]
    assert "trễ hạn" in browser.get("/published/?late=1").content.decode()


def test_every_hotline_of_the_house_is_shown(browser: Client, desk) -> None:
    """Two hotlines, one desk: what either settled is for everybody; who wants one of them chooses it."""
    now, cast = timezone.now() - timedelta(hours=2), desk.cast
    second = second_line(cast)
    ours = answered(desk, desk.opened(now, public=True), files=(photo(),))
    theirs, quiet = (answered(desk, desk.opened(now, public=open_), files=(photo(),)) for open_ in (True, False))
    namesake = Field.objects.create(hotline=second, key="thoat_nuoc", vi="Thoát nước", domain="party")
    Case.objects.filter(pk__in=[theirs.pk, quiet.pk]).update(hotline=second, field=namesake, domain="party")
    table = [  # what is asked, which of (ours, theirs, not public) is shown
        ("", [True, True, False], "all hotlines"),
        (f"hotline={second.key}", [False, True, False], "one of them"),
        (f"hotline={cast.hotline.key}", [True, False, False], "the other"),
        ("hotline=khong-co", [True, True, False], "no such hotline is no filter"),
        ("field=thoat_nuoc", [True, True, False], "a field has its namesakes at every hotline"),
        (f"field=thoat_nuoc&hotline={second.key}", [False, True, False], "both"),
    ]
    for query, shown, why in table:
        html = browser.get(f"/published/?{query}").content.decode()
        assert [case.code in html for case in (ours, theirs, quiet)] == shown, why
    for case, status in ((ours, 200), (theirs, 200), (quiet, 404)):
        assert browser.get(f"/published/{case.code}/").status_code == status
        key = case.answers.get().attachments.get().key
        assert browser.get(f"/files/{key}/").status_code == status
    home = browser.get(f"/?hotline={second.key}").content.decode()
    assert theirs.code in home and ours.code not in home


def test_pages_follow_each_other_without_repeating(desk) -> None:
    start = timezone.now() - timedelta(days=3)
    cases = [answered(desk, desk.opened(start + timedelta(minutes=n // 2), public=True)) for n in range(7)]
    seen, after = [], ""
    while True:
        page = published.listing(after, 3)
        seen += [case.code for case in page.cases]
        if not (after := page.next):
            break
    assert seen == [case.code for case in reversed(cases)]


def test_a_list_costs_the_same_however_long(desk) -> None:
    now = timezone.now() - timedelta(hours=2)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            answered(desk, desk.opened(now, public=True), files=(photo(),))
        with CaptureQueriesContext(connection) as asked:
            published.listing()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5


@pytest.mark.parametrize(
    ("chosen", "index"),
    [
        ({}, "case_published"), ({"area_id": 1}, "case_published_area"), ({"late": True}, "case_published_late"),
        ({"hotline_id": 1}, "case_published_line"),
    ],
)
def test_lists_are_read_by_index(desk, chosen: dict, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    with CaptureQueriesContext(connection) as asked:
        published.listing(**chosen)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked[0]["sql"])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"Index Scan using {index} " in plan and "Seq Scan on cases_case" not in plan, plan


def test_an_answer_taken_up_again_says_so(browser: Client, desk) -> None:
    case = answered(desk, desk.opened(timezone.now() - timedelta(hours=2), public=True))
    browser.post(f"/case/{case.token}/reopen/", {"reason": "Lại tắc"})
    assert "Đang xem xét xử lý lại" in words(browser.get(f"/published/{case.code}/").content)


def test_a_contact_made_by_hand_is_no_way_round(browser: Client, desk, told: Case) -> None:
    """A file of an internal note in the same conversation is no public file, attached to an answer or not."""
    note = Contact.objects.create(
        conversation=told.conversation, direction="in", kind="note", channel="web", external_id="n", at=timezone.now()
    )
    row = photo()
    Attachment.objects.filter(pk=row.pk).update(contact=note)
    assert browser.get(f"/files/{row.key}/").status_code == 404
