"""Matters that are no ordinary case: complaints guided, danger connected at once, and the questions that tell them apart."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hotline.cases.models import Case
from hotline.console.desk.tests.conftest import Letter, SignIn, a_call, a_case, at
from hotline.conversations.models import Conversation
from hotline.journal.models import Act
from hotline.testing.cast import Cast

# -- special matters ---------------------------------------------------------------------------------------------------


def test_guided_at_once_and_nothing_forwarded(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("cuong")
    page = client.get(at(conversation, "special/complaint"))
    words = page.context["matter_form"]["words"].value()
    assert all(one in words for one in ["90 ngày", "Điều 8 Luật Khiếu nại", "Nơi nhận"])
    client.post(at(conversation, "special/complaint"), {"version": conversation.version, "words": words})
    conversation.refresh_from_db()
    assert (conversation.state, conversation.outcome) == ("answered", "complaint_guided")
    told = conversation.contacts.get(direction="out")
    assert (told.text, told.meta["outcome"]) == (words, "complaint_guided") and told.at
    assert not Case.objects.exists()


def test_who_knows_the_day_is_told_the_last_day(signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("cuong")
    sent = {"version": conversation.version, "known_on": "2026-01-05", "words": "cũ", "again": "1"}
    words = client.post(at(conversation, "special/complaint"), sent).context["matter_form"]["words"].value()
    assert "ngày cuối cùng là 05/04/2026" in words and not conversation.contacts.filter(direction="out").exists()
    again = client.get(at(conversation, "special/complaint"), {"known_on": "31/02"}).context["matter_form"]["words"].value()
    assert "ngày cuối cùng" not in again


def test_a_complaint_mixed_with_a_report_is_told_apart_from_it(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    """Luật Tiếp công dân, Điều 25.3: the complaint is guided, the drain becomes a case, and neither waits for the other."""
    conversation, client = taken(), signed_in("cuong")
    page = client.get(at(conversation, "special/complaint"), {"rest": "1"})
    words = page.context["matter_form"]["words"].value()
    assert page.context["matter_form"].initial["rest"] is True
    sent = {"version": conversation.version, "words": words, "rest": "on"}
    assert client.post(at(conversation, "special/complaint"), sent)["Location"] == f"/console/desk/{conversation.ref}/"
    conversation.refresh_from_db()
    assert conversation.state == "taken" and Act.objects.latest("id").kind == "conversation.guided"
    client.post(at(conversation, "open"), a_case(cast, conversation.version))
    assert Case.objects.get().conversation == conversation


def test_guidance_without_words_is_refused_and_overtaken_keeps_them(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("cuong")
    assert client.post(at(conversation, "special/complaint"), {"version": conversation.version, "words": ""}).status_code == 422
    late = client.post(at(conversation, "special/complaint"), {"version": 99, "words": "Lời hướng dẫn đã sửa"})
    assert late.status_code == 409 and "Lời hướng dẫn đã sửa" in late.content.decode()
    assert client.post(at(conversation, "special/other"), {"version": 1}).status_code == 404


def test_emergency_in_a_letter_is_answered_with_the_number(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(text="Nhà bên cạnh đang cháy lớn, xin cứu giúp!"), signed_in("cuong")
    page = client.get(at(conversation, "special/emergency")).content.decode()
    assert all(f'value="{number}"' in page for number in ("111", "112", "113", "114", "115"))
    assert client.post(at(conversation, "special/emergency"), {"version": conversation.version}).status_code == 422
    client.post(at(conversation, "special/emergency"), {"version": conversation.version, "number": "114"})
    conversation.refresh_from_db()
    assert (conversation.state, conversation.outcome) == ("answered", "emergency")
    assert "gọi ngay 114 (cứu hỏa, cứu nạn)" in conversation.contacts.get(direction="out").text


# -- the questions before the case ---------------------------------------------------------------------------------------


def asked(client: Client, conversation: Conversation, say: str, **sent: str) -> Any:
    """The strip after these answers, on a page without any script: the form comes along."""
    return client.post(at(conversation, "special"), {"say": say, **sent})


@pytest.mark.parametrize(("say", "shown"), [
    ("", "Có ai đang gặp nguy hiểm không"),
    ("-danger", "một người cụ thể vi phạm pháp luật"),
    ("danger", "Nối máy rồi bấm số đã nối"),
    ("-danger.accuses.evidence.-rest", "Ghi theo quy trình riêng"),
    ("-danger.-accuses.reviews.rest", "special/complaint/?rest=1"),
    ("-danger.-accuses.-reviews.answered", "Dùng lời mẫu"),
    ("-danger.-accuses.-reviews.-answered.several", "Mở phiếu cho từng việc"),
    ("-danger.-accuses.-reviews.-answered.-several.many", "có thể trùng"),
    ("-danger.-accuses.-reviews.-answered.-several.-many", "Tiếp nhận bình thường"),
])  # fmt: skip
def test_each_answer_leads_on(signed_in: SignIn, taken: Letter, say: str, shown: str) -> None:
    """The reporter's name is known, so nobody asks whether they give one."""
    conversation, client = taken(), signed_in("cuong")
    whole = asked(client, conversation, say, words="Đang gõ dở").content.decode()
    assert shown in whole and "Đang gõ dở" in whole, "nothing typed is lost"
    part = client.get(at(conversation, "special"), {"part": "lanes", "say": say}).content.decode()
    assert shown in part and "<html" not in part
    assert not Act.objects.filter(kind="conversation.guided").exists()


def test_ready_words_stand_below_what_was_typed(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("cuong")
    page = asked(client, conversation, "answered", use="repeated", words="Chào bà.")
    words = page.context["sent"].data["words"]
    assert words.startswith("Chào bà.\n\nViệc Ông/Bà nêu đã được trả lời") and page.context["sent"].data["outcome"] == "repeated"
    assert "họ tên, địa chỉ" in asked(client, conversation, "", use="anonymous").context["sent"].data["words"]


def test_somebody_in_danger_is_connected_by_one_press(cast: Cast, signed_in: SignIn) -> None:
    client, call = signed_in("cuong"), a_call(content="", name="", address="", phone="")
    page = client.post("/console/desk/new/", {**call, "say": "danger"}).content.decode()
    assert all(f'name="emergency" value="{number}"' in page for number in ("113", "114", "115", "112", "111"))
    for _ in range(2):
        assert client.post("/console/desk/new/", {**call, "emergency": "114"})["Location"] == "/console/desk/"
    [conversation] = Conversation.objects.all()
    assert (conversation.state, conversation.outcome, conversation.channel) == ("closed", "emergency", "phone")
    assert "114" in conversation.contacts.get(kind="note").text
    assert client.post("/console/desk/new/", {**call, "emergency": "999"}).status_code == 422


def test_what_was_typed_comes_along_through_the_questions(signed_in: SignIn) -> None:
    client, call = signed_in("cuong"), a_call(content="Ông A nhận tiền")
    page = client.post("/console/desk/new/", {**call, "say": "-danger.accuses"})
    form = page.context["form"]
    assert (form.initial["content"], form.initial["phone"]) == ("Ông A nhận tiền", "0914 222 333")
    assert str(form.initial["typing"]) == call["typing"], "still the same contact"
    assert not Conversation.objects.exists()


def test_a_complaint_by_telephone_needs_no_words_of_its_own(signed_in: SignIn) -> None:
    client = signed_in("cuong")
    answer = client.post("/console/desk/new/", {**a_call(content=""), "guide": "complaint"})
    conversation = Conversation.objects.get()
    assert answer["Location"] == f"/console/desk/{conversation.ref}/special/complaint/"


def test_emergency_on_the_telephone_is_only_noted(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("cuong")
    client.post("/console/desk/new/", a_call(content="Có tai nạn giao thông ở ngã tư, nhiều người bị thương nặng."))
    conversation = Conversation.objects.get()
    sent = {"version": conversation.version, "number": "115", "words": "Ngã tư Nam Ngãi"}
    client.post(at(conversation, "special/emergency"), sent)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.outcome) == ("closed", "emergency")
    said = conversation.contacts.get(kind="note").text
    assert said == "Đã nối, hướng dẫn gọi 115 (cấp cứu y tế). Ngã tư Nam Ngãi"
    assert not Case.objects.exists()
