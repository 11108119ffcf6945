"""Who may open which page of the desk, what the pages say, and how many questions they cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hotline.console import context
from hotline.conversations.models import Conversation
from hotline.intake.actions import take
from hotline.testing.cast import PEOPLE, Cast

Letter = Callable[..., Conversation]
SignIn = Callable[[str], Client]

# Desk people work there; coordinator, leaders and inspectors read; for everybody else there is no such page.
WRITERS = {"cuong", "tam"}
READERS = WRITERS | {"ha", "son", "van"}
PAGES = {  # address → who may open it
    "/console/desk/": READERS,
    "/console/desk/waiting/": READERS,
    "/console/desk/mine/": READERS,
    "/console/desk/incomplete/": READERS,
    "/console/desk/web/": WRITERS | {"ha"},  # leaders and inspectors have no list of cases to hand on
    "/console/desk/waiting/?part=list": READERS,
    "/console/desk/{ref}/": READERS,
    "/console/desk/{ref}/?part=talk": READERS,
    "/console/desk/{ref}/agency/": WRITERS,
    "/console/desk/{ref}/special/": WRITERS,
    "/console/desk/{ref}/special/complaint/": WRITERS,
    "/console/desk/new/lanes/": WRITERS,
    "/console/desk/{ref}/special/emergency/": WRITERS,
    "/console/desk/new/": WRITERS,
}
POSTS = ["/console/desk/next/", "/console/desk/new/", "/console/desk/new/citizen/", "/console/desk/{ref}/special/complaint/"] + [
    f"/console/desk/{{ref}}/{step}/" for step in ("take", "release", "answer", "incomplete", "close", "open")
]


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_for_every_role(cast: Cast, signed_in: SignIn, letter: Letter, username: str) -> None:
    ref = letter().ref
    client = signed_in(username)
    got = {page: client.get(page.format(ref=ref)).status_code for page in PAGES}
    assert got == {page: 200 if username in who else 404 for page, who in PAGES.items()}


@pytest.mark.parametrize("username", sorted(set(PEOPLE) - WRITERS))
def test_nobody_else_does_anything(cast: Cast, signed_in: SignIn, letter: Letter, username: str) -> None:
    conversation = letter()
    client = signed_in(username)
    sent = {"version": conversation.version, "words": "Xin chào", "outcome": "guided", "ending": "nuisance"}
    assert {page: client.post(page.format(ref=conversation.ref), sent).status_code for page in POSTS} == dict.fromkeys(POSTS, 404)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.version) == ("waiting", 1)


def test_whoever_is_not_signed_in_is_asked_to(cast: Cast, letter: Letter) -> None:
    answer = Client().get(f"/console/desk/{letter().ref}/")
    assert answer.status_code == 302 and answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("page", ["/console/desk/LH-2222222/", "/console/desk/nothing/", "/console/desk/LH-2222222/special/"])
def test_what_is_not_there(cast: Cast, signed_in: SignIn, page: str) -> None:
    assert signed_in("cuong").get(page).status_code == 404


def test_a_step_is_never_taken_by_a_link(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    client, ref = signed_in("cuong"), letter().ref
    steps = [page.format(ref=ref) for page in POSTS if "special" not in page and page != "/console/desk/new/"]
    answers = [client.get(page) for page in steps]
    assert {answer.status_code for answer in answers} == {405}
    assert all("Xin quay lại trang trước rồi bấm lại nút" in answer.content.decode() for answer in answers), "in words"
    assert answers[0]["Allow"] == "POST" and int(answers[0]["Content-Length"]) == len(answers[0].content)


def test_oldest_first_with_channel_time_and_preview(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    now = timezone.now()
    letter(name="Người Mới", now=now - timedelta(minutes=3))
    letter(name="Người Cũ", now=now - timedelta(minutes=42))
    html = signed_in("cuong").get("/console/desk/").content.decode()
    assert html.index("Người Cũ") < html.index("Người Mới")
    assert 'role="img" aria-label="Thư điện tử"' in html and "42 phút" in html and "Nước ngập trước cổng trường" in html


def test_pages_follow_by_key(cast: Cast, signed_in: SignIn, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    from hotline.console.desk.views import lists

    monkeypatch.setattr(lists, "PAGE", 2)
    refs = [letter().ref for _ in range(5)]
    client, page, seen = signed_in("cuong"), "/console/desk/", []
    while page:
        answer = client.get(page)
        seen += [item.ref for item in answer.context["items"]]
        page = answer.context["older"]
    assert seen == refs


def test_the_live_list_is_the_list_alone(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation = letter()
    html = signed_in("cuong").get(f"/console/desk/waiting/?part=list&on={conversation.ref}").content.decode()
    assert html.strip().startswith('<div id="desk-rows" data-live-topic="desk"')
    assert "<html" not in html and f'data-row="{conversation.pk}"' in html and 'aria-current="true"' in html


def test_the_live_conversation_says_who_has_taken_it(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation = letter()
    take(conversation.pk, actor=cast.actor("tam"), now=timezone.now())
    html = signed_in("cuong").get(f"/console/desk/{conversation.ref}/?part=talk").content.decode()
    assert html.strip().startswith('<div id="desk-live"') and f'data-live-topic="conversation:{conversation.pk}"' in html
    assert "Huỳnh Thị Thanh Tâm đang tiếp nhận" in html and "Tiếp nhận thay" not in html


def test_suggestions_say_why(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation = letter()
    client = signed_in("cuong")
    client.post(f"/console/desk/{conversation.ref}/take/", {"version": 1})
    form = client.get(f"/console/desk/{conversation.ref}/").context["open_form"]
    assert form.initial["field"] == cast.field["thoat_nuoc"].pk and form.why["field"] == "gợi ý vì “ngập”, “cống”"
    assert form.initial["area"] == cast.area["20001"].pk and form.why["area"] == "gợi ý vì “phường Bàn Thạch”"
    assert form.suggestion.agency == cast.agency["so-xay-dung"] and form.why["agency"] == "cơ quan phụ trách lĩnh vực"
    assert form.initial["summary"] == "Nước ngập trước cổng trường"


def test_an_old_name_in_several_communes_is_not_guessed(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    from hotline.organisation.models import AreaAlias

    for code in ("20001", "20002"):
        AreaAlias.objects.create(area=cast.area[code], name="Xã Tam Thanh", folded="xa tam thanh", district="Tam Kỳ")
    conversation = letter(text="Cống ở xã Tam Thanh bị tắc, nước ngập hết đường thôn.", subject="Cống tắc")
    client = signed_in("cuong")
    client.post(f"/console/desk/{conversation.ref}/take/", {"version": 1})
    form = client.get(f"/console/desk/{conversation.ref}/").context["open_form"]
    assert form.initial["area"] is None and "“xã Tam Thanh” nay thuộc 2 xã, phường" in form.why["area"]
    assert [label for label, _ in form.fields["area"].choices[1:]] == ["Có thể là", "Tất cả xã, phường"]


def test_the_agency_follows_field_and_place(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    client, ref = signed_in("cuong"), letter().ref
    html = client.get(f"/console/desk/{ref}/agency/", {"field": cast.field["dien_luc"].pk, "area": ""}).content.decode()
    assert html.strip().startswith('<div id="desk-agency">') and '<option value="" selected>Công ty Điện lực</option>' in html
    for odd in ("", "x", "99999999999999999999", "-1"):
        assert client.get(f"/console/desk/{ref}/agency/", {"field": odd, "area": odd}).status_code == 200


def test_what_the_regulation_misses_is_shown_and_ticked(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation = letter(phone="", address="")
    assert conversation.state == "incomplete"
    client = signed_in("cuong")
    client.post(f"/console/desk/{conversation.ref}/take/", {"version": conversation.version})
    html = client.get(f"/console/desk/{conversation.ref}/").content.decode()
    assert "Còn thiếu theo quy chế:" in html and "<b>số điện thoại</b>" in html and "<b>địa chỉ liên hệ</b>" in html
    assert 'value="phone" checked' in html and 'value="name" checked' not in html


def test_repeats_and_history_of_the_same_citizen(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    client = signed_in("cuong")
    first = letter()
    field = cast.field["thoat_nuoc"].pk
    client.post(f"/console/desk/{first.ref}/take/", {"version": 1})
    client.post(f"/console/desk/{first.ref}/open/", {
        "version": 2, "kind": "report", "field": field, "summary": "Ngập trước cổng trường", "content": "Nước ngập",
        "urgency": "normal", "then": "assign",
    })  # fmt: skip
    second = letter(subject="Vẫn ngập", text="Đường trước cổng trường vẫn ngập, mong sớm xử lý giúp bà con.")
    html = client.get(f"/console/desk/{second.ref}/").content.decode()
    assert "Có thể trùng 1 phiếu đang xử lý" in html and first.cases.get().code in html
    stranger = letter(phone="+84914000111", email="khac@example.vn", name="Người Khác")
    assert "Có thể trùng" not in client.get(f"/console/desk/{stranger.ref}/").content.decode()


# -- cost --------------------------------------------------------------------------------------------------------------

MOST = 12  # beside what every page of the console costs: the session, the person, their posts, the side list


def own_queries(client: Client, page: str) -> int:
    """Statements of a page less those of its frame, which are the same on every page."""
    client.get(page)  # the routing table and the regulation are in memory from now on
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    with CaptureQueriesContext(connection) as frame:
        assert client.get("/console/nav/").status_code == 200
    return len(captured) - len(frame)


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_costs_the_same_however_long(cast: Cast, signed_in: SignIn, letter: Letter, count: int) -> None:
    for _ in range(count):
        letter()
    assert own_queries(signed_in("cuong"), "/console/desk/") <= 3


@pytest.mark.parametrize("count", [1, 12])
def test_a_conversation_costs_the_same_however_long(cast: Cast, signed_in: SignIn, letter: Letter, count: int) -> None:
    conversation = letter()
    for number in range(count):
        letter(text=f"Nhắn thêm lần {number}: nước vẫn còn ngập, xin xử lý sớm.", answers=(), code=conversation.ref)
    for number in range(count):
        letter(subject=f"Việc khác {number}")
    conversation.refresh_from_db()
    assert conversation.contacts.count() >= count + 1
    client = signed_in("cuong")
    client.post(f"/console/desk/{conversation.ref}/take/", {"version": conversation.version})
    assert client.get(f"/console/desk/{conversation.ref}/").context["open_form"]
    assert own_queries(client, f"/console/desk/{conversation.ref}/") <= MOST


def test_the_frame_is_asked_for_once(cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    counted = context.counters
    monkeypatch.setattr(context, "counters", lambda viewer: asked.append(viewer) or counted(viewer))
    client = signed_in("cuong")
    client.get("/console/desk/")
    client.get("/console/desk/waiting/?part=list")  # what is fetched again and again draws no side list
    assert len(asked) == 1


def test_the_side_list_leads_to_every_tab(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    letter()
    answer = signed_in("cuong").get("/console/desk/")
    desk = answer.context["nav"][0]
    assert [(item.label, item.url, item.count, item.active) for item in desk.items] == [
        ("Đang chờ", "/console/desk/", 1, True), ("Của tôi", "/console/desk/mine/", 0, False),
        ("Chưa đủ nội dung", "/console/desk/incomplete/", 0, False), ("Phiếu web mới", "/console/desk/web/", 0, False),
    ]  # fmt: skip


def test_new_portal_cases_lead_to_their_assignment(cast: Cast, signed_in: SignIn) -> None:
    from hotline.intake.actions import report
    from hotline.intake.rules import Report

    case = report(Report(
        hotline_id=cast.hotline.pk, submission="a-form", name="Lê Thị Hoa", phone="+84905123456", address="Tam Kỳ",
        content="Đường dây điện chùng xuống sát mái nhà dân, rất nguy hiểm.", field_id=cast.field["dien_luc"].pk,
    ), timezone.now()).case  # fmt: skip
    html = signed_in("cuong").get("/console/desk/web/").content.decode()
    assert f'href="/console/case/{case.code}/assign/"' in html and f'data-row="{case.pk}"' in html


def test_in_english_too(cast: Cast, signed_in: SignIn, letter: Letter) -> None:
    conversation, client = letter(), signed_in("cuong")
    client.cookies["lang"] = "en"
    html = client.get(f"/console/desk/{conversation.ref}/").content.decode()
    assert "waiting for" in html and "suggested because of “ngập”, “cống”" in html and "đã chờ" not in html
