"""The sealed desk: the call-taker writes once, the officer reads with a reason, the inspection gets no identity."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from hotline.conversations.models import Conversation
from hotline.intake.actions import receive
from hotline.intake.rules import Inbound
from hotline.sealed.jobs import tell_denouncer
from hotline.sealed.models import Entry, Message, Record
from hotline.sealed.wall import inside
from hotline.testing.cast import PEOPLE, Cast

SignIn = Callable[[str], Client]
SECRET = "Mật hiệu hoa quỳnh: nhận tiền để cấp phép"


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    def client_of(username: str) -> Client:
        client = Client()
        client.force_login(cast.person[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


def a_call(**changes: object) -> dict[str, object]:
    return {
        "typing": str(uuid.uuid4()), "accused": "Ông A, trưởng phòng", "matter": f"{SECRET}. Tôi là Phan Thị Kín.",
        "evidence": "Ảnh chụp biên nhận", "name": "Phan Thị Kín", "phone": "0905 881 882", "address": "7 Lê Lợi",
        "email": "", "save": "1", **changes,
    }  # fmt: skip


@pytest.fixture
def ref(sign_in: SignIn) -> str:
    """A denunciation by telephone."""
    answer = sign_in("cuong").post("/console/sealed/new/", a_call())
    assert answer.status_code == 302
    with inside():
        return Record.objects.get().ref


def deeds() -> list[tuple[str, str, str]]:
    with inside():
        return [(e.deed, e.name, e.why) for e in Entry.objects.order_by("id")]


def test_the_call_taker_writes_reads_out_and_never_reads_again(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("cuong")
    page = client.post("/console/sealed/new/", a_call(), follow=True).content.decode()
    with inside():
        record = Record.objects.get()
    assert record.ref in page and "không phải là hình thức tố cáo" in page and "bảo vệ khẩn cấp" in page
    assert SECRET not in page and "Ông A" not in page
    assert client.get(f"/console/sealed/{record.ref}/").status_code == 404
    assert client.post(f"/console/sealed/{record.ref}/", {"why": "tò mò"}).status_code == 404
    assert "Kín" not in record.matter and "[đã lược]" in record.matter, "who said it stands elsewhere"
    assert not Conversation.objects.exists(), "never in the ordinary tables at all"


def test_what_was_typed_on_the_call_page_comes_along(sign_in: SignIn) -> None:
    typed = {"phone": "0905 881 882", "name": "Phan Thị Kín", "address": "", "content": SECRET}
    page = sign_in("cuong").post("/console/sealed/new/", typed)
    assert page.status_code == 200 and SECRET in page.content.decode() and "Phan Thị Kín" in page.content.decode()
    with inside():
        assert not Record.objects.exists()


def test_pressed_twice_it_is_one_record(sign_in: SignIn) -> None:
    client, call = sign_in("cuong"), a_call()
    for _ in range(2):
        assert client.post("/console/sealed/new/", call).status_code == 302
    with inside():
        assert (Record.objects.count(), Message.objects.count()) == (1, 1)


def test_a_letter_is_moved_from_the_desk(cast: Cast, sign_in: SignIn) -> None:
    inbound = Inbound(
        hotline_id=cast.hotline.pk, channel="email", source="1022@quangnam.example", external_id="<1@example.vn>",
        subject="Tố cáo", text=f"{SECRET}. Tôi là Phan Thị Kín, xin giấu tên.", name="Phan Thị Kín", phone="+84905881882",
        email="kin@example.vn", address="7 Lê Lợi",
    )  # fmt: skip
    row = receive(inbound, timezone.now()).conversation
    assert row is not None
    client = sign_in("cuong")
    form = client.get(f"/console/desk/{row.ref}/sealed/").context["form"]
    assert SECRET in form.initial["matter"] and form.initial["tell"] is True
    sent = {"accused": "Ông A", "matter": form.initial["matter"], "evidence": "", "version": row.version, "tell": "on"}
    assert client.post(f"/console/desk/{row.ref}/sealed/", {**sent, "accused": ""}).status_code == 422
    assert client.post(f"/console/desk/{row.ref}/sealed/", {**sent, "version": 99}).status_code == 409
    assert client.post(f"/console/desk/{row.ref}/sealed/", sent)["Location"] == "/console/sealed/told/"
    assert client.get(f"/console/desk/{row.ref}/").status_code == 404
    with inside():
        told = Message.objects.get(external_id__startswith="told-").pk
    tell_denouncer(told)
    [letter] = mail.outbox
    assert letter.to == ["kin@example.vn"] and "Điều 22" in letter.body
    assert "tố cáo" not in letter.subject and SECRET not in letter.body and "Phan" not in letter.body


def test_the_officer_says_why_before_anything_is_shown(sign_in: SignIn, ref: str) -> None:
    client, at = sign_in("nga"), f"/console/sealed/{ref}/"
    cover = client.get(at).content.decode()
    assert SECRET not in cover and "Ông A" not in cover and "Kín" not in cover
    assert client.post(at, {"why": "  "}).status_code == 422
    page = client.post(at, {"why": "Xem xét chuyển thanh tra"})
    assert page["Cache-Control"] == "no-store, private"
    assert SECRET in page.content.decode() and "Kín" not in page.content.decode()
    who = client.post(f"{at}identity/", {"why": "Bà Kín xin bảo vệ"}).content.decode()
    assert "Phan Thị Kín" in who and "0905 881 882" in who
    client.get("/console/sealed/")
    assert [(deed, why) for deed, name, why in deeds() if name == "Vũ Thúy Nga"] == [
        ("read", "Xem xét chuyển thanh tra"), ("identified", "Bà Kín xin bảo vệ"), ("listed", "")]  # fmt: skip


def test_what_is_passed_on_may_not_say_who(sign_in: SignIn, ref: str) -> None:
    client, at = sign_in("nga"), f"/console/sealed/{ref}/"
    forms = client.post(at, {"why": "Chuyển"}).context["step_forms"]
    assert set(forms) == {"forward", "close"}
    begun = forms["forward"].initial
    told = client.post(f"{at}forward/", {**begun, "passed_on": f"{begun['passed_on']} (bà KÍN, 0905.881.882)"})
    assert told.status_code == 422 and "còn cho biết danh tính" in told.content.decode()
    assert client.post(f"{at}sheet/").status_code == 404, "nothing was passed on yet"
    assert client.post(f"{at}forward/", begun).status_code == 302
    sheet = client.post(f"{at}sheet/").content.decode()
    assert SECRET in sheet and "Kín" not in sheet and "881" not in sheet
    with inside():
        assert Record.objects.get().state == "forwarded"
    assert client.post(f"{at}forward/", begun).status_code == 302, "somebody else was faster: told on the cover"
    assert client.post(f"{at}acknowledge/", {"version": 2, "words": "12/TTT"}).status_code == 302
    assert client.post(f"{at}close/", {"version": 3, "words": "Thanh tra đã kết luận"}).status_code == 302
    assert [deed for deed, _, _ in deeds()][-3:] == ["printed", "acknowledged", "closed"]
    with inside():
        assert Record.objects.get().state == "closed"


def test_the_inspector_learns_how_many_and_not_a_word_more(sign_in: SignIn, ref: str) -> None:
    page = sign_in("van").get("/console/sealed/count/").content.decode()
    assert "<b>1</b>" in page and ref not in page and SECRET not in page
    assert ("counted", "Đinh Thị Vân", "") in deeds()


def test_by_queryset_nobody_but_the_officer_has_a_single_record(cast: Cast, ref: str) -> None:
    viewers = {who: cast.viewer(who) for who in PEOPLE}
    with inside():
        seen = {who: Record.objects.visible_to(viewer).count() for who, viewer in viewers.items()}
    assert seen == dict.fromkeys(PEOPLE, 0) | {"nga": 1}


@pytest.mark.parametrize("statement", [
    "UPDATE sealed.entry SET name = 'x'", "DELETE FROM sealed.entry", "TRUNCATE sealed.entry CASCADE",
])  # fmt: skip
def test_the_register_can_only_grow(sign_in: SignIn, ref: str, statement: str) -> None:
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), inside():
        connection.cursor().execute(statement)
    assert ("recorded", "Trần Văn Cường", "") in deeds()


@pytest.mark.parametrize("query", ["hoa quỳnh", "Phan Thị Kín", "0905881882"])
@pytest.mark.parametrize("who", ["cuong", "ha", "son", "van", "nga"])
def test_no_search_finds_it(sign_in: SignIn, ref: str, who: str, query: str) -> None:
    answer = sign_in(who).get("/console/search/", {"q": query})
    assert (
        answer.status_code in (200, 404)
        and SECRET not in answer.content.decode()
        and ref not in answer.content.decode()
    )


def test_no_public_page_and_no_look_up_knows_it(cast: Cast, ref: str) -> None:
    client = Client()
    for page in ("/", "/published/", "/figures/"):
        said = client.get(page).content.decode()
        assert SECRET not in said and ref not in said
    looked = client.post("/look-up/", {"code": ref, "phone": "0905 881 882"})
    assert looked.status_code in (404, 422) and SECRET not in looked.content.decode()
