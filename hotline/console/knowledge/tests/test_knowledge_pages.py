"""The pages of questions and answers: written and read by whom it is theirs; at the desk one press answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotline.conversations.models import Contact, Conversation
from hotline.experts.queries import forget
from hotline.intake.actions import receive, take
from hotline.intake.rules import Inbound
from hotline.knowledge import actions
from hotline.knowledge.models import Entry, Gap
from hotline.knowledge.rules import EntryGiven, EntryState, GapReason
from hotline.testing.cast import Cast

SignIn = Callable[[str], Client]


@pytest.fixture
def signed_in(cast: Cast) -> SignIn:
    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(cast.person[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    forget()
    return sign_in


def entry(cast: Cast, **changes: Any) -> Entry:
    given = EntryGiven(**{
        "question": "Đường ngập thì báo ai?", "answer": "Gọi đội thoát nước trực 24/24 giờ.", "field": "thoat_nuoc",
        "valid_from": timezone.localdate(), "source": "QĐ 1519", **changes,
    })  # fmt: skip
    return actions.write(
        cast.hotline,
        cast.agency["so-xay-dung"],
        given,
        actor=cast.actor("mai", timezone.localdate()),
        now=timezone.now(),
    )


def taken(cast: Cast, text: str = "Đường trước nhà ngập thì báo ai, số tôi 0905 123 456?") -> Conversation:
    now = timezone.now()
    letter = receive(Inbound(
        cast.hotline.pk, "email", "m", f"<{uuid.uuid4()}@x.vn>", text, subject=text, name="Nguyễn Văn An", email="an@example.vn",
        phone="+84905123456", address="12 Trần Phú",
    ), now).conversation  # fmt: skip
    assert letter is not None
    return take(letter.pk, actor=cast.actor("cuong", timezone.localdate()), now=now)


def form(**changes: Any) -> dict[str, Any]:
    return {
        "version": "", "question": "Ngập thì báo ai?", "answer": "Gọi 0235.1022.", "phrasings": "Nước vào nhà\nCống tắc",
        "source": "QĐ 1519", "state": "approved", "valid_from": f"{timezone.localdate():%d/%m/%Y}", "field": "", "public": "on",
        **changes,
    }  # fmt: skip


def test_the_editor_writes_changes_and_reads_every_version(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("mai")
    answer = client.post("/console/knowledge/new/", form(field=cast.field["thoat_nuoc"].pk))
    row = Entry.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/console/knowledge/{row.pk}/")
    assert (row.question_set.agency, row.phrasings, row.field) == (
        cast.agency["so-xay-dung"], "Nước vào nhà\nCống tắc", cast.field["thoat_nuoc"],
    )  # fmt: skip
    assert client.post(f"/console/knowledge/{row.pk}/change/", form(version=1, answer="Gọi 1022.")).status_code == 302
    stale = client.post(f"/console/knowledge/{row.pk}/change/", form(version=1, answer="Câu của người thứ hai"))
    assert stale.status_code == 409 and "Câu của người thứ hai" in stale.content.decode()
    page = client.get(f"/console/knowledge/{row.pk}/").content.decode()
    assert "Gọi 1022." in page and "Gọi 0235.1022." in page and "Phiên bản 1" in page


def test_others_read_and_drafts_are_not_theirs(cast: Cast, signed_in: SignIn) -> None:
    row, draft = entry(cast), entry(cast, question="Bản nháp mật hiệu", state=EntryState.DRAFT)
    for who in ("binh", "cuong", "lan", "admin"):
        client = signed_in(who)
        page = client.get("/console/knowledge/").content.decode()
        assert row.question in page and draft.question not in page and "Thêm mục" not in page
        assert client.get(f"/console/knowledge/{draft.pk}/").status_code == 404
        assert client.get(f"/console/knowledge/{row.pk}/change/").status_code == 404
        assert "ngập" in client.get("/console/knowledge/?q=duong+ngap").content.decode()
    assert draft.question in signed_in("mai").get("/console/knowledge/").content.decode()
    assert signed_in("nguoi-la").get("/console/knowledge/").status_code == 404


def test_the_list_takes_few_queries_whatever_its_length(
    cast: Cast, signed_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        entry(cast, question=f"Câu hỏi {number} về ngập?")
    client = signed_in("cuong")
    client.get("/console/knowledge/")
    with django_assert_max_num_queries(12):
        assert client.get("/console/knowledge/").status_code == 200


def test_at_the_desk_one_press_answers_and_ends(cast: Cast, signed_in: SignIn) -> None:
    row, letter, client = entry(cast), taken(cast), signed_in("cuong")
    at = f"/console/desk/{letter.ref}/knowledge/"
    part = client.get(at, headers={"HX-Request": "true"}).content.decode()
    assert row.answer in part and "<html" not in part
    whole = client.get(at, {"words": "duong ngap"}).content.decode()
    assert row.answer in whole and "<html" in whole, "without a script the whole page comes"
    assert 'hx-trigger="load"' in client.get(f"/console/desk/{letter.ref}/").content.decode()
    sent = client.post(f"{at}give/", {"version": letter.version, "entry": row.pk, "entry_version": 1})
    assert sent.status_code == 302
    letter.refresh_from_db()
    contact = Contact.objects.get(conversation=letter, kind="answer")
    assert (letter.state, contact.text, contact.meta["entry"]) == ("answered", row.answer, row.pk)


def test_an_entry_that_expired_while_the_page_was_open_is_not_given(cast: Cast, signed_in: SignIn) -> None:
    row, letter = entry(cast), taken(cast)
    yesterday = timezone.localdate() - timedelta(days=1)
    Entry.objects.filter(pk=row.pk).update(valid_from=yesterday, valid_to=yesterday)
    sent = signed_in("cuong").post(
        f"/console/desk/{letter.ref}/knowledge/give/", {"version": letter.version, "entry": row.pk, "entry_version": 1}
    )
    assert sent.status_code == 422 and "không còn hiệu lực" in sent.content.decode()
    assert not Contact.objects.filter(conversation=letter, kind="answer").exists()


def test_what_cannot_be_answered_becomes_a_gap_that_the_editor_closes(cast: Cast, signed_in: SignIn) -> None:
    letter, client = taken(cast), signed_in("cuong")
    at = f"/console/desk/{letter.ref}/knowledge/"
    assert "0905" not in client.get(at, headers={"HX-Request": "true"}).content.decode(), (
        "the question without the number"
    )
    none = client.post(f"{at}pass/", {"version": letter.version, "question": " ", "reason": "not_in_base"})
    assert none.status_code == 422 and "ghi câu hỏi" in none.content.decode()
    sent = {"version": letter.version, "question": "Đường ngập thì báo ai?", "reason": "not_in_base"}
    assert client.post(f"{at}pass/", sent).status_code == 302
    gap, editor = Gap.objects.get(), signed_in("mai")
    page = editor.get("/console/knowledge/gaps/").content.decode()
    assert gap.question in page and "Không có trong bộ hỏi – đáp: 1" in page
    written = editor.get(f"/console/knowledge/new/?gap={gap.pk}").content.decode()
    assert gap.question in written
    editor.post(f"/console/knowledge/new/?gap={gap.pk}", form(question=gap.question))
    gap.refresh_from_db()
    assert (gap.state, gap.entry) == ("closed", Entry.objects.get())
    assert gap.question not in editor.get("/console/knowledge/gaps/").content.decode()


def test_a_gap_without_an_entry_needs_a_reason(cast: Cast, signed_in: SignIn) -> None:
    letter = taken(cast)
    gap = actions.signal_gap(
        letter, "Giá vàng hôm nay?", GapReason.NOT_IN_BASE, field=None, agency=None,
        actor=cast.actor("cuong", timezone.localdate()), now=timezone.now(),
    )  # fmt: skip
    client = signed_in("mai")
    assert client.post(f"/console/knowledge/gaps/{gap.pk}/dismiss/", {"note": ""}).status_code == 422
    assert client.post(f"/console/knowledge/gaps/{gap.pk}/dismiss/", {"note": "Ngoài phạm vi."}).status_code == 302
    gap.refresh_from_db()
    assert (gap.state, gap.note) == ("dismissed", "Ngoài phạm vi.")


def test_while_a_call_is_typed_in_entries_are_offered(cast: Cast, signed_in: SignIn) -> None:
    row = entry(cast)
    part = (
        signed_in("cuong")
        .post("/console/desk/new/knowledge/", {"content": "dạ đường ngập thì báo ai"})
        .content.decode()
    )
    assert row.answer in part and "Trả lời bằng mục này" not in part


def test_what_is_to_be_read_again_is_listed_for_its_owner(cast: Cast, signed_in: SignIn) -> None:
    entry(cast, question="Sắp hết hạn?", valid_to=timezone.localdate() + timedelta(days=5))
    entry(cast, question="Còn lâu?", valid_to=timezone.localdate() + timedelta(days=90))
    page = signed_in("mai").get("/console/knowledge/review/").content.decode()
    assert "Sắp hết hạn?" in page and "Còn lâu?" not in page
