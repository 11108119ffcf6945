"""The record of a case tells what was done with its documents and dialogues, to whoever may read those."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hotline.cases.models import Case
from hotline.dialogues import actions as dialogues
from hotline.documents import actions as documents
from hotline.documents.rules import DocumentKind
from hotline.documents.tests.conftest import MONDAY, Office, at, office

__all__ = ["office"]

WRITTEN, RETURNED, OPINION = "Trình ký văn bản", "Nêu rõ cơ quan chủ trì.", "Lãnh đạo cho ý kiến về văn bản"
PREPARED, MINUTES = "Chuẩn bị nội dung, thời gian đối thoại", "Lập biên bản đối thoại"


@pytest.fixture
def told(office: Office) -> Case:
    """A case with a report to the leaders that was sent back once, and a dialogue that the electricity company came to."""
    case = office.in_mode("leaders")
    ha, son, cast = office.actor("ha"), office.actor("son"), office.cast
    row = documents.draft([case], DocumentKind.LEADERS_REPORT, actor=ha, now=MONDAY, addressed_to=cast.person["son"])
    row = documents.change(row.pk, {"body": row.body + "\nXin ý kiến."}, actor=ha, now=at("02/03 09:00"))
    documents.submit(row.pk, actor=ha, now=at("02/03 10:00"))
    documents.send_back(row.pk, RETURNED, actor=ha, now=at("02/03 10:30"))
    documents.issue(row.pk, actor=ha, now=at("02/03 11:00"))
    documents.give_opinion(row.pk, "Đồng ý.", actor=son, now=at("02/03 14:00"))
    talk = dialogues.register([case], "Ngập đường Hùng Vương", "Vượt thẩm quyền sở.", actor=ha, now=at("02/03 15:00"))
    talk = dialogues.prepare(
        talk.pk, contents="Phương án.", starts_at=at("12/03 14:00"), chair=cast.person["son"], place="Phòng họp số 1",
        agencies=[cast.agency["dien-luc"], cast.agency["so-xay-dung"]], actor=ha, now=at("02/03 15:30"),
    )  # fmt: skip
    talk = dialogues.invite(talk.pk, actor=ha, now=at("03/03 08:00"))
    talk = dialogues.hold(talk.pk, "Nạo vét trước mùa mưa.", actor=ha, now=at("12/03 16:00"))
    dialogues.write_minutes(talk.pk, actor=ha, now=at("12/03 17:00"))
    return case


@pytest.mark.parametrize(
    ("who", "reads", "not_told", "why"),
    [
        ("ha", [WRITTEN, RETURNED, OPINION, PREPARED, MINUTES], [], "the office that writes reads how it was written"),
        ("son", [WRITTEN, RETURNED, OPINION, PREPARED, MINUTES], [], "so does whom it is written to"),
        ("van", [WRITTEN, RETURNED, OPINION, PREPARED, MINUTES], [], "and who inspects"),
        (
            "binh",
            [OPINION, MINUTES],
            [WRITTEN, RETURNED, PREPARED],
            "the agency: what was issued, what it was invited to",
        ),
        ("cuong", [OPINION], [WRITTEN, RETURNED, PREPARED, MINUTES], "the desk: what was issued, no dialogues"),
    ],
)
def test_who_reads_what_of_papers(
    told: Case, office: Office, client: Client, who: str, reads: list[str], not_told: list[str], why: str
) -> None:
    client.force_login(office.cast.person[who], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/console/case/{told.code}/").content.decode()
    assert [words for words in reads if words not in page] == [], why
    assert [words for words in not_told if words in page] == [], why


def test_the_journal_by_itself_tells_it_too(told: Case, office: Office, client: Client) -> None:
    client.force_login(office.cast.person["van"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/console/journal/?of=cases").content.decode()
    for words in (WRITTEN, RETURNED, OPINION, PREPARED, MINUTES, "Ngập đường Hùng Vương", told.code):
        assert words in page, words
    assert page.count("Ban hành văn bản") == 1, "told once: on the case; the minutes are not signed yet"


def test_a_case_without_papers_costs_no_question_more(told: Case, office: Office, client: Client) -> None:
    client.force_login(office.cast.person["ha"], backend="django.contrib.auth.backends.ModelBackend")
    bare = office.in_mode("leaders")
    counts = []
    for code in (bare.code, told.code):
        client.get(f"/console/case/{code}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/console/case/{code}/")
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 3, "documents, dialogues, what was done with them"
