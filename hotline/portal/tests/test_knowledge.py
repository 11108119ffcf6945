"""The page "Hỏi đáp": what is public and valid today, found with marks or without; and a portal outside its time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from hotline.hotlines.models import Edition
from hotline.hotlines.queries import _remembered
from hotline.knowledge import actions
from hotline.knowledge.models import Entry
from hotline.knowledge.rules import EntryGiven, EntryState
from hotline.portal.tests.conftest import second_line
from hotline.testing.cast import Cast


def entry(cast: Cast, question: str, **changes: Any) -> Entry:
    today = timezone.localdate()
    given = EntryGiven(**{
        "question": question, "answer": f"Trả lời: {question}", "valid_from": today - timedelta(days=1), **changes
    })  # fmt: skip
    return actions.write(
        cast.hotline, cast.agency["so-xay-dung"], given, actor=cast.actor("mai", today), now=timezone.now()
    )


def test_public_valid_entries_are_found_and_nothing_else(cast: Cast, browser: Client) -> None:
    today = timezone.localdate()
    shown = entry(cast, "Cống tắc thì báo ai?")
    hidden = [
        entry(cast, "Cống tắc nội bộ?", public=False), entry(cast, "Cống tắc nháp?", state=EntryState.DRAFT),
        entry(cast, "Cống tắc năm ngoái?", valid_to=today - timedelta(days=1)),
        entry(cast, "Cống tắc tháng sau?", valid_from=today + timedelta(days=1)),
    ]  # fmt: skip
    for url in ("/knowledge/", "/knowledge/?q=cong+tac"):
        page = browser.get(url).content.decode()
        assert shown.question in page and shown.answer in page, "without a script the answer is on the page"
        assert not [row.question for row in hidden if row.question in page]
    assert browser.get(f"/knowledge/{shown.key}/").status_code == 200
    assert {browser.get(f"/knowledge/{row.key}/").status_code for row in hidden} == {404}
    assert "Chưa có câu trả lời sẵn" in browser.get("/knowledge/?q=xyzzy").content.decode()
    assert 'action="/knowledge/"' in browser.get("/report/").content.decode(), "offered before a report is written"


def test_each_hotline_has_its_own_answers_and_its_own_regulation(cast: Cast, browser: Client) -> None:
    """Two numbers at one desk: what one of them answers, and the rules it stands under, are shown under its name."""
    second = second_line(cast)
    first, theirs = entry(cast, "Cống tắc thì báo ai?"), entry(cast, "Góp ý cho chi bộ thế nào?")
    Entry.objects.filter(pk=theirs.pk).update(hotline=second)
    Edition.objects.filter(hotline=second).update(
        document={**cast.edition.document, "decision": "12-QĐ/TU", "title": {"vi": "Quy chế riêng", "en": "Rules of its own"}}
    )
    table = [("", first, theirs, cast.edition.decision), (f"?hotline={second.key}", theirs, first, "12-QĐ/TU"),
             ("?hotline=nobody", first, theirs, cast.edition.decision)]  # fmt: skip
    for of, shown, hidden, decision in table:
        page = browser.get(f"/knowledge/{of}").content.decode()
        assert shown.question in page and hidden.question not in page
        assert browser.get(f"/knowledge/{shown.key}/{of}").status_code == 200
        assert browser.get(f"/knowledge/{hidden.key}/{of}").status_code == 404
        rules = browser.get(f"/regulation/{of}").content.decode()
        assert decision in rules and second.name in rules, "and the other one can be chosen"


def test_a_portal_outside_its_time_says_so_and_still_looks_up(cast: Cast, browser: Client) -> None:
    row: Any = cast.edition
    ended = timezone.localdate() - timedelta(days=1)
    scope = {"closed": {"vi": "Việc mới xin gọi 1900.9095.", "en": "Please call 1900.9095."}}
    document = {**row.document, "valid_to": ended.isoformat(), "scope": scope}
    Edition.objects.filter(pk=row.pk).update(valid_to=ended, document=document)
    _remembered.clear()
    for url, status in (("/", 200), ("/report/", 200), ("/regulation/", 200)):
        answer = browser.get(url)
        assert answer.status_code == status, url
        assert "nay đã ngừng tiếp nhận. Việc mới xin gọi 1900.9095." in answer.content.decode(), url
    assert 'href="/report/" class="door' not in browser.get("/").content.decode()
    assert browser.post("/report/", {"content": "x"}).status_code == 422
    assert browser.get("/lookup/").status_code == 200
    _remembered.clear()
