"""Pages of what is owed: the steps through their forms, the section of a case, the list of each role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Case, Clock, Obligation
from hotline.cases.tests.test_obligations import UNIT, WRITTEN
from hotline.console.casework.tests.conftest import Casework, browse, casework
from hotline.console.owing import views
from hotline.conversations.tests.test_pictures import drawn
from hotline.hotlines.models import Edition
from hotline.journal.models import Act

__all__ = ["browse", "casework"]

Browse = Callable[[str], Client]
NEXT_WEEK = f"{timezone.localdate() + timedelta(days=7):%d/%m/%Y}"


@pytest.fixture
def owing(casework: Casework) -> Casework:
    edition = casework.cast.edition
    assert isinstance(edition, Edition)
    edition.document = {**edition.document, **WRITTEN, "clocks": [*edition.document["clocks"], UNIT]}
    edition.save()
    return casework


# state before, step, who, what is sent, act
HAPPY = [
    ("in_progress", "set_mode", "ha", {"mode": "two_replies", "words": "Cần trả lời sớm"}, "case.mode_set"),
    ("in_progress", "raise_level", "binh", {"to": "3", "words": "Vượt thẩm quyền"}, "case.level_raised"),
    ("in_progress", "direct", "son", {"words": "Sở Xây dựng chủ trì."}, "case.directed"),
    ("in_progress", "reply_interim", "binh", {"words": "Đã cử người xuống."}, "case.interim_replied"),
    ("answered", "raise_level", "binh", {"to": "3", "words": "x"}, None),
]


@pytest.mark.parametrize(("state", "step", "who", "sent", "act"), HAPPY)
def test_a_step_through_its_page(
    owing: Casework, browse: Browse, state: str, step: str, who: str, sent: dict, act: str
):
    case = owing.at(state)
    client, page = browse(who), reverse("console:step", args=[case.code, step])
    assert client.get(page).status_code == 200
    answer = client.post(page, {**sent, "version": case.version})
    if act is None:
        assert answer.status_code == 422
        return
    assert answer.status_code == 302, answer.content.decode()[:2000]
    latest = Act.objects.filter(subject="case", subject_id=case.pk, actor__kind="person").order_by("-id").first()
    assert (latest.kind, latest.actor["name"]) == (act, owing.cast.person[who].full_name)
    assert client.get(answer["Location"]).status_code == 200


def owe_progress(case: Case) -> None:
    """As the sweeper would, once the unit's five working days are over."""
    clock = Clock.objects.get(case=case, key="unit")
    clock.due_at = clock.next_at = timezone.now() - timedelta(minutes=1)
    clock.save()
    assert actions.expire(clock.pk, timezone.now()) == 1


def test_a_progress_report_needs_its_photo_and_its_date(owing: Casework, browse: Browse):
    case = owing.at("in_progress")
    owe_progress(case)
    case.refresh_from_db(fields=["version"])
    client, page = browse("binh"), reverse("console:step", args=[case.code, "report_progress"])
    sent = {"words": "Đang đào hố ga.", "committed_for": "", "version": case.version}
    assert client.post(page, sent).status_code == 422, "the date is asked for by the form"
    sent["committed_for"] = NEXT_WEEK
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "cần ít nhất một ảnh" in refused.content.decode() and "Đang đào hố ga." in refused.content.decode()
    photo = SimpleUploadedFile("ho-ga.jpg", drawn(), "image/jpeg")
    assert client.post(page, {**sent, "photos": photo}).status_code == 302
    assert not Obligation.objects.owed().exists()
    public = Client().get(reverse("portal:case", args=[case.token]))
    assert NEXT_WEEK in public.content.decode(), "the citizen reads the promised day"


def test_the_case_says_what_is_owed_and_by_whom_for_one_query(owing: Casework, browse: Browse):
    case = owing.at("in_progress")
    address, client = reverse("console:case", args=[case.code]), browse("ha")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content.decode()
        bare = len(queries)
    assert 'id="owed"' not in page, "nothing was ever owed: no empty section"
    actions.set_mode(case, "two_replies", actor=owing.actor("ha"), now=timezone.now())
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content.decode()
        assert len(queries) == bare, "the question was asked before, and is asked once"
        assert sum("cases_obligation" in query["sql"] for query in queries) == 2, (
            "the section, and the counters beside it"
        )
    for words in ("Còn nợ", "Phản hồi ngay", "Phản hồi kết quả", "Chuyển thủ trưởng", "Cấp xử lý 2: Nhân sự đầu mối"):
        assert words in page, words


def test_everybody_has_the_list_of_what_they_owe(owing: Casework, browse: Browse):
    case = owing.at("in_progress")
    actions.set_mode(case, "leaders", actor=owing.actor("ha"), now=timezone.now())
    address = reverse("console:owed")
    expected = {
        "binh": ["Phản hồi ngay"],
        "hung": ["Phản hồi kết quả"],
        "ha": ["Báo cáo lãnh đạo"],
        "lan": [],
        "van": [],
    }
    for who, owed in expected.items():
        page = browse(who).get(address).content.decode()
        rows = page.split('id="rows"', 1)[1]
        assert [
            words for words in ("Phản hồi ngay", "Phản hồi kết quả", "Báo cáo lãnh đạo") if words in rows
        ] == owed, who
    everything = browse("van").get(f"{address}?of=everybody").content.decode()
    assert all(words in everything for words in ("Phản hồi ngay", "Phản hồi kết quả", "Báo cáo lãnh đạo"))
    assert browse("binh").get(f"{address}?of=everybody").status_code == 404
    assert reverse("console:owed") in browse("binh").get(reverse("console:nav")).content.decode(), (
        "a line in the side list"
    )


def test_pages_of_the_list_follow_each_other(owing: Casework, browse: Browse, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(views, "A_PAGE", 2)
    for _ in range(3):
        actions.set_mode(owing.at("in_progress"), "leaders", actor=owing.actor("ha"), now=timezone.now())
    client, address, seen = browse("ha"), reverse("console:owed"), []
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        assert sum("cases_obligation" in query["sql"] for query in queries) == 2, "the list, and the counters beside it"
    while address:
        answer = client.get(address)
        seen += [line.code for line in answer.context["rows"]]
        address = answer.context["older"]
    assert len(seen) == len(set(seen)) == 3
