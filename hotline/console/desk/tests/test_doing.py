"""Every step at the desk: done, refused with the text kept, overtaken; the same form sent twice; two call-takers at once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hotline.cases.models import Case
from hotline.console.desk.tests.conftest import Letter, SignIn, a_call, a_case, acts, at
from hotline.conversations.models import Contact, Conversation
from hotline.intake.actions import take
from hotline.journal.models import Act
from hotline.testing.cast import Cast

# -- take and release --------------------------------------------------------------------------------------------------


def test_take_and_release(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation, client = letter(), signed_in("cuong")
    answer = client.post(at(conversation, "take"), {"version": 1})
    assert (answer.status_code, answer["Location"]) == (302, f"/console/desk/{conversation.ref}/")
    conversation.refresh_from_db()
    assert (conversation.state, conversation.taken_by) == ("taken", cast.person["cuong"])
    client.post(at(conversation, "release"), {"version": conversation.version})
    conversation.refresh_from_db()
    assert (conversation.state, conversation.taken_by) == ("waiting", None)


def test_the_second_call_taker_is_told(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation = letter()
    signed_in("tam").post(at(conversation, "take"), {"version": 1})
    late = signed_in("cuong").post(at(conversation, "take"), {"version": 1})
    assert late.status_code == 409 and "vừa được người khác cập nhật" in late.content.decode()
    conversation.refresh_from_db()
    late = signed_in("cuong").post(at(conversation, "take"), {"version": conversation.version})
    assert late.status_code == 422 and "Huỳnh Thị Thanh Tâm đang tiếp nhận lượt liên hệ này." in late.content.decode()
    conversation.refresh_from_db()
    assert conversation.taken_by == cast.person["tam"]


def test_a_shift_leader_steps_in(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("tam")
    assert "Tiếp nhận thay" in client.get(f"/console/desk/{conversation.ref}/").content.decode()
    assert client.post(at(conversation, "take"), {"version": conversation.version}).status_code == 302
    conversation.refresh_from_db()
    assert conversation.taken_by == cast.person["tam"]


def test_the_next_is_whoever_waited_longest(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    first, second = letter(), letter()
    assert signed_in("cuong").post("/console/desk/next/")["Location"].endswith(f"/{first.ref}/")
    assert signed_in("tam").post("/console/desk/next/")["Location"].endswith(f"/{second.ref}/")
    last = signed_in("cuong").post("/console/desk/next/", follow=True)
    assert last.redirect_chain == [("/console/desk/", 302)] and "Không còn ai đang chờ" in last.content.decode()


# -- answer, ask back, end ---------------------------------------------------------------------------------------------


def test_answer_at_once_goes_out_on_the_channel(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    sent = {"version": conversation.version, "words": "Công ty Môi trường đô thị đang bơm thoát nước.", "outcome": "guided"}
    answer = signed_in("cuong").post(at(conversation, "answer"), sent, follow=True)
    assert answer.redirect_chain == [("/console/desk/", 302)] and f"kết thúc {conversation.ref}" in answer.content.decode()
    conversation.refresh_from_db()
    contact = conversation.contacts.get(direction="out")
    assert (conversation.state, conversation.outcome) == ("answered", "guided")
    assert (contact.kind, contact.delivery, contact.text) == ("answer", "queued", sent["words"])
    assert acts(conversation)[-1] == "conversation.answered"


@pytest.mark.parametrize(
    ("step", "sent", "said"),
    [
        ("answer", {"words": "   ", "outcome": "guided"}, "Vui lòng ghi nội dung trả lời người dân."),
        ("incomplete", {"words": "", "missing": []}, "Vui lòng chọn ít nhất một thông tin cần bổ sung."),
        ("open", {"summary": "Đã gõ trích yếu dài", "content": "Đã gõ"}, "Vui lòng chọn lĩnh vực."),
    ],
)
def test_refused_with_a_sentence(cast: Cast, signed_in: SignIn, taken: Letter, step: str, sent: dict, said: str) -> None:
    conversation = taken()
    answer = signed_in("cuong").post(at(conversation, step), {"version": conversation.version, **sent})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html and sent.get("summary", "") in html
    after = Conversation.objects.get(pk=conversation.pk)
    assert (after.state, after.version) == (conversation.state, conversation.version)
    assert not Case.objects.exists() and not conversation.contacts.filter(direction="out").exists()


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("answer", {"words": "Nội dung gõ dở dang", "outcome": "guided"}),
        ("incomplete", {"words": "Nội dung gõ dở dang", "missing": ["photo"]}),
        ("close", {"words": "Nội dung gõ dở dang", "ending": "nuisance"}),
        ("open", {"kind": "report", "summary": "Nội dung gõ dở dang", "content": "x", "urgency": "normal", "then": ""}),
    ],
)
def test_overtaken_keeps_the_text_and_can_be_sent_again(
    cast: Cast, signed_in: SignIn, taken: Letter, letter: Letter, step: str, sent: dict
) -> None:
    conversation = taken()
    letter(text="Tôi bổ sung: nước đã ngập vào lớp học.", code=conversation.ref)  # the citizen writes meanwhile
    Conversation.objects.filter(pk=conversation.pk).update(version=conversation.version + 1)
    client = signed_in("cuong")
    sent = {**sent, "field": cast.field["thoat_nuoc"].pk} if step == "open" else sent
    answer = client.post(at(conversation, step), {"version": conversation.version, **sent})
    html = answer.content.decode()
    assert answer.status_code == 409 and "vừa được người khác cập nhật" in html and "Nội dung gõ dở dang" in html
    assert "nước đã ngập vào lớp học" in html
    conversation.refresh_from_db()
    assert f'name="version" value="{conversation.version}"' in html
    assert client.post(at(conversation, step), {"version": conversation.version, **sent}).status_code == 302


def test_another_holds_it_meanwhile(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    taken_over = take(conversation.pk, actor=cast.actor("tam"), now=timezone.now())
    sent = {"version": taken_over.version, "words": "Câu trả lời dài đã gõ", "outcome": "guided"}
    answer = signed_in("cuong").post(at(conversation, "answer"), sent)
    html = answer.content.decode()
    assert answer.status_code == 422 and "Huỳnh Thị Thanh Tâm đang tiếp nhận" in html and "Câu trả lời dài đã gõ" in html


def test_what_is_missing_is_asked_back(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    sent = {"version": conversation.version, "missing": ["photo", "place"], "words": "Xin gửi thêm ảnh cống bị tắc."}
    signed_in("cuong").post(at(conversation, "incomplete"), sent)
    conversation.refresh_from_db()
    question = conversation.contacts.get(direction="out")
    assert (conversation.state, conversation.taken_by, question.delivery) == ("incomplete", None, "queued")
    assert "ảnh hiện trường" in question.text and "Xin gửi thêm ảnh cống bị tắc." in question.text
    assert question.meta["missing"] == ["photo", "place"]


def test_end_without_an_answer(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    sent = {"version": conversation.version, "ending": "nuisance", "words": "Gọi nhầm số"}
    signed_in("cuong").post(at(conversation, "close"), sent)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.outcome) == ("closed", "nuisance")
    assert Act.objects.get(kind="conversation.closed").note == "", "beside the conversation, not in the journal"
    assert conversation.contacts.get(direction="out").text == "Gọi nhầm số"
    assert conversation.contacts.get(direction="out").kind == "note"


# -- the case ----------------------------------------------------------------------------------------------------------


def test_open_and_hand_over_in_one_go(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    sent = a_case(cast, conversation.version, note="Gần trường học")
    answer = signed_in("cuong").post(at(conversation, "open"), sent, follow=True)
    case = Case.objects.get()
    assert f"Đã mở phiếu {case.code} và chuyển Sở Xây dựng xử lý." in answer.content.decode()
    assert (case.state, case.agency) == ("assigned", cast.agency["so-xay-dung"])
    assert (case.public, case.place) == (True, "cổng trường tiểu học")
    assert case.assignments.get().note == "Gần trường học"
    kinds = list(Act.objects.filter(subject="case", subject_id=case.pk).order_by("id").values_list("kind", flat=True))
    assert kinds == ["case.opened", "case.assigned"]
    conversation.refresh_from_db()
    assert conversation.state == "opened"


def test_the_chosen_agency_beats_the_suggested(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    chosen = cast.agency["ubnd-ban-thach"]
    signed_in("cuong").post(at(conversation, "open"), a_case(cast, conversation.version, agency=chosen.pk))
    case = Case.objects.get()
    assert (case.agency, case.suggested_agency) == (chosen, cast.agency["so-xay-dung"])


def test_open_only(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    signed_in("cuong").post(at(conversation, "open"), a_case(cast, conversation.version, then=""))
    assert (Case.objects.get().state, Case.objects.get().agency) == ("received", None)


def test_nobody_routed_refuses_the_handing_over_and_opens_nothing(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    sent = a_case(cast, conversation.version, field=cast.field["thu_tuc"].pk)
    answer = signed_in("cuong").post(at(conversation, "open"), sent)
    assert answer.status_code == 422 and "Bảng phân công chưa có đơn vị" in answer.content.decode()
    assert not Case.objects.exists()
    signed_in("cuong").post(at(conversation, "open"), {**sent, "then": ""})
    assert Case.objects.get().state == "received"


def test_the_same_form_twice_opens_one_case(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("cuong")
    sent = a_case(cast, conversation.version)
    assert [client.post(at(conversation, "open"), sent).status_code for _ in range(2)] == [302, 409]
    assert Case.objects.count() == 1


def test_a_letter_with_two_matters_becomes_two_cases(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation, client = taken(), signed_in("cuong")
    client.post(at(conversation, "open"), a_case(cast, conversation.version))
    page = client.get(f"/console/desk/{conversation.ref}/?more=1")
    version = page.context["open_form"].initial["version"]
    client.post(at(conversation, "open"), a_case(cast, version, field=cast.field["dien_luc"].pk, summary="Mất điện cả xóm"))
    assert sorted(conversation.cases.values_list("agency__key", flat=True)) == ["dien-luc", "so-xay-dung"]


def test_without_a_regulation_no_case_and_no_crash(cast: Cast, signed_in: SignIn, taken: Letter) -> None:
    conversation = taken()
    cast.edition.delete()
    client = signed_in("cuong")
    assert "chưa có quy chế đang có hiệu lực" in client.get(f"/console/desk/{conversation.ref}/").content.decode()
    answer = client.post(at(conversation, "open"), a_case(cast, conversation.version))
    assert answer.status_code == 422 and "chưa có quy chế" in answer.content.decode()


# -- typed in for a caller ---------------------------------------------------------------------------------------------


def test_a_call_from_the_first_word_to_the_read_back(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("cuong")
    typing = client.get("/console/desk/new/").context["form"]["typing"].value()
    answer = client.post("/console/desk/new/", a_call(typing=str(typing)))
    conversation = Conversation.objects.get()
    assert answer["Location"] == f"/console/desk/{conversation.ref}/"
    assert (conversation.state, conversation.taken_by, conversation.channel) == ("taken", cast.person["cuong"], "phone")
    assert conversation.reporter_phone == "+84914222333"
    form = client.get(answer["Location"]).context["open_form"]
    names = ("version", "kind", "field", "area", "place", "summary", "content", "urgency")
    sent = {name: form.initial[name] or "" for name in names}
    page = client.post(at(conversation, "open"), {**sent, "then": "assign"}, follow=True).content.decode()
    case = Case.objects.get()
    assert case.agency == cast.agency["so-xay-dung"] and "Đọc lại cho người dân nghe" in page
    assert "Tôi xin đọc lại nội dung" in page and "0914 222 333" in page and " ".join(case.code.split("-")) in page


def test_sent_twice_is_one_contact(cast: Cast, signed_in: SignIn) -> None:
    client, call = signed_in("cuong"), a_call()
    answers = [client.post("/console/desk/new/", call) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert (Conversation.objects.count(), Contact.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"content": " "}, "Vui lòng ghi nội dung người dân trình bày."),
        ({"phone": "không nhớ số"}, "Số điện thoại chưa đúng. Ví dụ: 0905 123 456."),
        ({"email": "an@"}, "Địa chỉ thư điện tử chưa đúng."),
        ({"how": "fax"}, "Hình thức"),
        ({"language": "klingon"}, "Ngôn ngữ của người phản ánh"),
    ],
)
def test_a_wrong_form_comes_back_as_typed(cast: Cast, signed_in: SignIn, wrong: dict, said: str) -> None:
    answer = signed_in("cuong").post("/console/desk/new/", a_call(**wrong))
    html = answer.content.decode()
    assert answer.status_code == 422 and said in html and "Trần Thị Bưởi" in html and not Conversation.objects.exists()


def test_a_walk_in_without_a_number(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("cuong")
    client.post("/console/desk/new/", a_call(how="walk_in", phone=""))
    contact = Contact.objects.get()
    assert (contact.source, contact.missing) == ("walk-in", ["phone"])
    html = client.get(f"/console/desk/{contact.conversation.ref}/").content.decode()
    assert "Đến trực tiếp" in html and "<b>số điện thoại</b>" in html


def test_a_text_message_is_copied_with_the_number_it_came_to(cast: Cast, signed_in: SignIn) -> None:
    """“cuộc gọi hoặc tin nhắn sẽ tự động chuyển đến hệ thống tổng đài”: until a modem delivers it, it is typed as what it is."""
    client = signed_in("cuong")
    client.post("/console/desk/new/", a_call(how="text"))
    contact = Contact.objects.get()
    assert (contact.channel, contact.conversation.channel, contact.missing) == ("sms", "sms", [])
    assert "Tin nhắn SMS" in client.get(f"/console/desk/{contact.conversation.ref}/").content.decode()


@pytest.mark.parametrize(("how", "email", "came", "went"), [
    ("text", "buoi@example.vn", "Tin nhắn SMS", "Trả lời · Thư điện tử"),
    ("", "buoi@example.vn", "Điện thoại", "Trả lời · Thư điện tử"),
    ("walk_in", "", "Đến trực tiếp", "đã nói với người dân"),
])  # fmt: skip
def test_what_carried_our_words_is_said(
    cast: Cast, signed_in: SignIn, how: str, email: str, came: str, went: str
) -> None:
    """A letter to somebody who phoned or sent a text is a letter: nobody may believe that a text message went out."""
    client = signed_in("cuong")
    client.post("/console/desk/new/", a_call(how=how, email=email))
    conversation = Conversation.objects.get()
    client.post(at(conversation, "answer"), {"version": conversation.version, "words": "Đã ghi nhận.", "outcome": "guided"})
    page = client.get(f"/console/desk/{conversation.ref}/").content.decode()
    assert Contact.objects.filter(direction="out").count() == 1
    assert came in page and went in page


def test_an_organisation_that_needs_an_interpreter(cast: Cast, signed_in: SignIn) -> None:
    """Whoever calls back must know before; the desk and the agency's case page say it, in the reader's language."""
    client = signed_in("cuong")
    assert 'value="ko"' in client.get("/console/desk/new/").content.decode()
    client.post("/console/desk/new/", a_call(organisation="on", language="ko"))
    conversation = Conversation.objects.get()
    desk = client.get(f"/console/desk/{conversation.ref}/")
    assert "Cần phiên dịch: tiếng Hàn" in desk.content.decode() and "Tổ chức, doanh nghiệp" in desk.content.decode()
    form = desk.context["open_form"]
    names = ("version", "kind", "field", "area", "place", "summary", "content", "urgency")
    client.post(at(conversation, "open"), {**{name: form.initial[name] or "" for name in names}, "then": "assign"})
    page = signed_in("binh").get(f"/console/case/{Case.objects.get().code}/").content.decode()
    assert "Cần phiên dịch: tiếng Hàn" in page and "Tổ chức, doanh nghiệp" in page


def test_the_number_finds_the_citizen(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("cuong")
    client.post("/console/desk/new/", a_call())
    html = client.post("/console/desk/new/citizen/", {"phone": "+84 914 222 333"}).content.decode()
    assert "Trần Thị Bưởi" in html and 'value="Thôn 3, phường Bàn Thạch"' in html and html.count("hx-swap-oob") == 2
    typed = client.post("/console/desk/new/citizen/", {"phone": "0914222333", "name": "Người khác", "address": "Nơi khác"})
    assert "hx-swap-oob" not in typed.content.decode()  # what was typed stays
    assert "liên hệ lần đầu" in client.post("/console/desk/new/citizen/", {"phone": "0905 000 111"}).content.decode()
    assert "Gõ số điện thoại" in client.post("/console/desk/new/citizen/", {"phone": "091"}).content.decode()


def test_the_number_finds_the_citizen_without_javascript(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in("cuong")
    client.post("/console/desk/new/", a_call())
    call = a_call(name="", address="", content="Đang gõ dở", find="1")
    answer = client.post("/console/desk/new/", call)
    html = answer.content.decode()
    assert answer.status_code == 200 and Conversation.objects.count() == 1
    assert 'value="Trần Thị Bưởi"' in html and "Đang gõ dở" in html and f'value="{call["typing"]}"' in html
    assert "Người dân đã liên hệ trước đây" in html
