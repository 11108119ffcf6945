"""What the pages say, and at what cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hotline.cases import actions
from hotline.journal.models import Act
from hotline.notifications.models import Notice


def queries(client, url: str) -> int:
    client.get(url)  # calendars, editions and templates are read once a process
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    asked = [q["sql"] for q in counted if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) < 40
    return len(asked)


@pytest.mark.parametrize("who", ["binh", "hung", "ha", "cuong", "son"])
def test_a_list_costs_eight_questions(casework, browse, who):
    """Session, person, posts, hotline, regulation, all counters together, rows, their clocks; however many rows."""
    for _ in range(3):
        casework.at("in_progress")
    url = reverse("console:inbox", args=["all" if who == "son" else "open"])
    few = queries(browse(who), url)
    for _ in range(6):
        casework.at("assigned")
    assert queries(browse(who), url) == few <= 8


def test_a_case_costs_the_same_however_long_its_story(casework, browse):
    case = casework.at("in_progress")
    url, client = reverse("console:case", args=[case.code]), browse("binh")
    short = queries(client, url)
    for number in range(20):
        actions.note(case.pk, f"Ghi chú {number}", actor=casework.actor("binh"), now=casework.now)
    assert queries(client, url) == short <= 20


def test_the_first_sentence_says_who_must_do_what_by_when(casework, browse):
    case = casework.at("in_progress")
    said = browse("hung").get(reverse("console:case", args=[case.code])).content.decode()
    sentence = said.split('class="duty-say">', 1)[1].split("</p>", 1)[0]
    case.refresh_from_db(fields=["due_at"])
    assert "Sở Xây dựng – Nhân sự đầu mối Lê Thị Bình" in sentence
    assert "phải xử lý và trình trả lời trước" in sentence
    assert f"{timezone.localtime(case.due_at):%H:%M}" in sentence and f"{timezone.localtime(case.due_at):%d/%m/%Y}" in sentence
    assert "làm việc" in sentence, "how much working time is left"


def test_the_story_is_told_in_words(casework, browse):
    case = casework.at("answered")
    said = browse("binh").get(reverse("console:case", args=[case.code])).content.decode()
    for words in ("Lập phiếu", "Chuyển Sở Xây dựng xử lý", "Tiếp nhận xử lý", "Trình thủ trưởng", "Trả lời người dân",
                  "Nguyễn Hữu Hùng, Thủ trưởng cơ quan, đơn vị – Sở Xây dựng", "đang chờ gửi", "Đã thông cống."):  # fmt: skip
        assert words in said, words


def test_the_story_in_english(casework, browse):
    client = browse("binh")
    client.cookies["lang"] = "en"
    said = client.get(reverse("console:case", args=[casework.at("answered").code])).content.decode()
    for words in ("Case opened", "Assigned to Sở Xây dựng", "Submitted to the head", "waiting to be sent"):
        assert words in said, words


def test_an_agency_sees_the_number_only_after_asking(casework, browse):
    """Masked until somebody has it shown, and then the journal says who."""
    case = casework.at("in_progress")
    url, client = reverse("console:case", args=[case.code]), browse("binh")
    assert "0905 123 318" not in client.get(url).content.decode()
    shown = client.post(reverse("console:case_phone", args=[case.code]))
    assert "0905 123 318" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    act = Act.objects.get(subject="case", subject_id=case.pk, kind="case.phone_shown")
    assert act.actor["name"] == "Lê Thị Bình"
    assert "0905 123 318" not in client.get(url).content.decode(), "the next page hides it again"
    assert "0905 123 318" in browse("cuong").get(url).content.decode(), "the desk calls people back"
    assert client.get(reverse("console:case_phone", args=[case.code])).status_code == 405


def test_overdue_stays_overdue_in_every_list(casework, browse):
    case = casework.opened("Cống vỡ", ago=timedelta(days=60))
    casework.now -= timedelta(days=60)
    actions.assign(case.pk, casework.cast.agency["so-xay-dung"], actor=casework.actor("cuong"), now=casework.now)
    actions.note(case.pk, "x", actor=casework.actor("tam"), now=timezone.now())
    client = browse("binh")
    listed = client.get(reverse("console:inbox", args=["overdue"])).content.decode()
    assert case.code in listed and "Trễ hạn (đang chờ xử lý)" in listed and "quá hạn" in listed
    assert "Trễ hạn (đang chờ xử lý)" in client.get(reverse("console:case", args=[case.code])).content.decode()


def test_filters_are_in_the_address(casework, browse):
    case = casework.at("in_progress")
    here = reverse("console:inbox", args=["open"])
    client = browse("ha")
    own, other = casework.cast.field["thoat_nuoc"].pk, casework.cast.field["dien_luc"].pk
    agency = casework.cast.agency["so-xay-dung"].pk
    for query, found in [
        (f"field={own}", True), (f"field={other}", False), (f"field={own}&field={other}", True),
        ("kind=report", True), ("kind=question", False), (f"agency={agency}", True), ("agency=0", False),
        (f"area={casework.cast.area['20002'].pk}", False), (f"field={own}&kind=report&agency={agency}", True),
        ("field=abc&kind=nothing", True),
    ]:  # fmt: skip
        said = client.get(f"{here}?{query}").content.decode()
        assert (case.code in said) is found, query
    chosen = client.get(f"{here}?field={own}&kind=report").content.decode()
    assert "Bỏ lọc Thoát nước" in chosen and f"field={own}&amp;kind=report&amp;part=list" in chosen
    assert "Điện lực" in client.get(f"{here}?filter=open").content.decode()
    assert 'name="agency"' not in browse("binh").get(f"{here}?filter=open").content.decode()


def test_rows_alone_for_the_live_list(casework, browse):
    case = casework.at("in_progress")
    said = browse("binh").get(reverse("console:inbox", args=["open"]) + "?part=list").content.decode()
    assert said.lstrip().startswith('<div id="rows"') and case.code in said and "<html" not in said
    body = browse("binh").get(reverse("console:case", args=[case.code]) + "?part=body").content.decode()
    assert body.lstrip().startswith('<div id="case"') and "<html" not in body


def test_pages_follow_each_other(casework, browse, monkeypatch):
    cases = [casework.at("assigned") for _ in range(3)]
    monkeypatch.setattr("hotline.console.casework.views.inbox.A_PAGE", 2)
    client, here = browse("binh"), reverse("console:inbox", args=["open"])
    first = client.get(here).content.decode()
    older = first.split('rel="next" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    second = client.get(older).content.decode()
    assert [c.code in first for c in cases] == [True, True, False]
    assert [c.code in second for c in cases] == [False, False, True]


def test_an_exact_code_opens_its_case(casework, browse):
    case = casework.at("in_progress")
    answer = browse("binh").get(reverse("console:search"), {"q": case.code.lower()})
    assert answer["Location"] == reverse("console:case", args=[case.code])


@pytest.mark.parametrize("text", ["ngap nuoc", "Ngập nước", "phan chau trinh"])
def test_words_are_found_with_and_without_marks(casework, browse, text):
    case = casework.at("in_progress")
    assert case.code in browse("binh").get(reverse("console:search"), {"q": text}).content.decode()


def test_the_bell(casework, browse):
    case = casework.at("in_progress")
    person = casework.cast.person["binh"]
    for number in range(3):
        Notice.objects.create(person=person, act_id=number, kind="case.urged", case=case, at=timezone.now(),
                              text_vi=f"Đôn đốc {number}", text_en="Please hurry")  # fmt: skip
    client = browse("binh")
    assert 'class="count" aria-hidden="true">3<' in client.get(reverse("console:notices")).content.decode()
    first = Notice.objects.order_by("id").first()
    assert client.post(reverse("console:notice", args=[first.pk]))["Location"] == reverse("console:case", args=[case.code])
    assert Notice.objects.filter(read_at__isnull=True).count() == 2
    assert browse("lan").post(reverse("console:notice", args=[first.pk])).status_code == 404
    client.post(reverse("console:notices"), {"up_to": Notice.objects.order_by("-id").first().pk})
    assert not Notice.objects.filter(read_at__isnull=True).exists()


def test_the_technician_reads_no_content(casework, browse):
    casework.at("in_progress")
    said = browse("ky-thuat").get(reverse("console:operations")).content.decode()
    assert "Tình trạng hệ thống" in said and "Nguyễn Thị Sáu" not in said and "Ngập" not in said


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("binh", "/console/inbox/answer/"), ("hung", "/console/inbox/approve/"), ("ha", "/console/inbox/decide/"),
        ("son", "/console/inbox/all/"), ("van", "/console/inbox/all/"), ("ky-thuat", "/console/operations/"),
        ("cuong", "/console/desk/"), ("mai", "/console/notices/"),
    ],
)  # fmt: skip
def test_everybody_begins_where_their_work_is(casework, browse, who, first):
    assert browse(who).get(reverse("console:home"))["Location"] == first
