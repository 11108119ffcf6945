"""The wall between two domains: every address of the staff's door × both sides, and not a word goes through.

"điện thoại viên sẽ phân loại thông tin theo 2 lĩnh vực cơ bản … để chuyển về đúng địa chỉ"; who supervises both reads both.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.queries import case_page, counters, search
from hotline.console.context import topics_of
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Domain
from hotline.intake.actions import open_case, receive, report
from hotline.intake.rules import Inbound, Report
from hotline.journal.models import Act
from hotline.live.rules import OVERSIGHT
from hotline.notifications.models import Notice
from hotline.organisation.models import Agency
from hotline.people.actions import give_post
from hotline.people.models import Person, Post
from hotline.people.queries import viewer_of
from hotline.people.rules import Viewer
from hotline.reactions import react
from hotline.refusals import Refused
from hotline.regulation.lifecycle import Role
from hotline.routing.queries import forget
from hotline.testing.cast import DAY_ONE, Cast
from hotline.testing.tests.test_doors import DOORS

INSIDE = {"party": {"tham", "thanh"}, "state": {"ha", "son"}}  # coordinator and leader of each domain
ACROSS = {"cuong", "tam", "kiem"}  # the desk classifies, the commission supervises
WORDS = {"party": "Mật hiệu hoa sen chi bộ", "state": "Mật hiệu hoa lúa cống"}


@dataclass
class Walls:
    """Two domains, a case in each, everybody with their posts."""

    cast: Cast
    case: dict[str, Case]

    def viewer(self, username: str) -> Viewer:
        return viewer_of(self.cast.person[username], timezone.localdate())

    def page(self, username: str, url: str) -> str:
        """What they get, whatever its status."""
        client = Client()
        client.force_login(self.cast.person[username], backend="django.contrib.auth.backends.ModelBackend")
        answer = client.get(url, follow=True)
        return "" if answer.streaming else answer.content.decode()


@pytest.fixture
def walls(cast: Cast, settings: pytest.FixtureRequest) -> Walls:
    settings.REPORTS_PER_HOUR = 0  # type: ignore[attr-defined]
    forget()
    office = cast.agency["van-phong-ubnd"]
    party = Agency.objects.create(key="van-phong-cap-uy", kind="office", name="Văn phòng Cấp ủy", domain="party")
    commission = Agency.objects.create(key="uy-ban-kiem-tra", kind="administrative_body", name="Ủy ban Kiểm tra", parent=party)
    board = Agency.objects.create(key="ban-to-chuc", kind="administrative_body", name="Ban Tổ chức", domain="party")
    cast.agency |= {"van-phong-cap-uy": party, "uy-ban-kiem-tra": commission, "ban-to-chuc": board}
    Agency.objects.filter(pk__in=[office.pk, cast.agency["so-xay-dung"].pk]).update(domain="state")
    for agency in cast.agency.values():
        agency.refresh_from_db()
    Domain.objects.create(key="state", vi="Quản lý Nhà nước", en="State management", supervisor=office, position=1)
    Domain.objects.create(key="party", vi="Xây dựng Đảng", en="Party building", supervisor=party, position=2)
    cast.hotline.fields.update(domain="state")
    cast.field["xay_dung_dang"] = cast.hotline.fields.create(
        key="xay_dung_dang", vi="Xây dựng Đảng", en="Party", words=["chi bộ"], domain="party", public=False
    )
    Post.objects.filter(person=cast.person["son"]).update(agency=office)
    for username, role, agency in (("tham", Role.COORDINATOR, party), ("thanh", Role.LEADER, party),
                                   ("kiem", Role.INSPECTOR, commission), ("bang", Role.FOCAL_PERSON, board)):
        cast.person[username] = Person.objects.create(username=username, full_name=username.title())
        Post.objects.create(person=cast.person[username], role=str(role), agency=agency, valid_from=DAY_ONE)
    forget()
    cases = {"party": _reported(cast, "party", "xay_dung_dang"), "state": _reported(cast, "state", "thoat_nuoc")}
    return Walls(cast, cases)


def _reported(cast: Cast, domain: str, field: str) -> Case:
    now = timezone.now()
    case = report(Report(
        hotline_id=cast.hotline.pk, submission=str(uuid.uuid4()), name=f"Người {domain}", phone="+84905123456", public=False,
        email="", address="12 Trần Phú", place="Tổ 4", content=f"{WORDS[domain]}: xin xem giúp.",
        field_id=cast.field[field].pk, area_id=cast.area["20001"].pk,
    ), now).case
    assert case is not None and case.domain == domain == Conversation.objects.get(pk=case.conversation_id).domain
    return case


def other(domain: str) -> str:
    return "state" if domain == "party" else "party"


def test_one_queryset_for_each_noun(walls: Walls) -> None:
    for domain, people in INSIDE.items():
        for username in people:
            viewer = walls.viewer(username)
            assert [c.domain for c in Case.objects.visible_to(viewer)] == [domain], username
            assert {c.domain for c in Conversation.objects.visible_to(viewer)} == {domain}, username
            assert case_page(viewer, walls.case[domain].code) and not case_page(viewer, walls.case[other(domain)].code)
            assert not search(viewer, WORDS[other(domain)]).lines and search(viewer, WORDS[domain]).lines
            assert not search(viewer, walls.case[other(domain)].code).lines
    for username in ACROSS:
        assert Case.objects.visible_to(walls.viewer(username)).count() == 2, username
        assert Conversation.objects.visible_to(walls.viewer(username)).count() == 2


def test_counters_count_one_side(walls: Walls) -> None:
    for people in INSIDE.values():
        for username in people:
            for key, count in counters(walls.viewer(username)).items():
                assert count <= 1, (username, key, "of the other domain nothing is counted")
    assert counters(walls.viewer("tam"))["received"] == 2


def test_live_topics_are_of_ones_own_side(walls: Walls) -> None:
    assert f"{OVERSIGHT}:party" in topics_of(walls.viewer("tham")) and OVERSIGHT not in topics_of(walls.viewer("tham"))
    assert OVERSIGHT in topics_of(walls.viewer("kiem"))
    sent = Act.objects.get(kind="case.opened", subject_id=walls.case["party"].pk)
    assert f"{OVERSIGHT}:state" not in sent.topics and f"{OVERSIGHT}:party" in sent.topics


@pytest.mark.parametrize("username", ["ha", "tham"])
def test_no_address_says_a_word_of_the_other_side(walls: Walls, username: str) -> None:
    """Every staff address that needs no row, every list, and what is built with the other case's code."""
    mine = "party" if username in INSIDE["party"] else "state"
    theirs = walls.case[other(mine)]
    secret = (WORDS[other(mine)], theirs.code, f"Người {other(mine)}")
    plain = [reverse(f"console:{name}") for space, name, blanks in DOORS if space == "console" and not blanks]
    tabs = ("all", "open", "received", "overdue", "soon", "decide", "reopen", "answered")
    lists = [reverse("console:inbox", args=[tab]) for tab in tabs]
    lists += [f"{reverse('console:search')}?q={word}" for word in (theirs.code, "Mật hiệu", "0905123456")]
    lists += [reverse("console:desk_conversation", args=[theirs.conversation.ref])]
    built = [reverse(f"console:{name}", args=[theirs.code]) for name in ("case", "case_print")]
    built += [reverse("console:step", args=[theirs.code, step]) for step in ("note", "change", "assign", "urge")]
    for url in (*plain, *lists, *built):
        said = walls.page(username, url)
        for words in secret if "search" not in url else secret[2:]:
            assert words not in said.replace(f'value="{words}"', ""), (username, url, words)
    own = walls.page(username, reverse("console:case", args=[walls.case[mine].code]))
    assert WORDS[mine] in own, "what is theirs they read"


def test_nobody_is_told_of_the_other_side(walls: Walls) -> None:
    now, cuong = timezone.now(), walls.cast.actor("cuong", timezone.localdate())
    board = walls.cast.agency["ban-to-chuc"]
    case = actions.assign(walls.case["party"].pk, board, actor=cuong, now=now)
    focal = walls.viewer("bang").actor(board.pk)
    actions.return_case(case.pk, "Việc của Văn phòng.", walls.cast.agency["van-phong-cap-uy"], actor=focal, now=now)
    for pk in Act.objects.filter(subject="case").values_list("pk", flat=True):
        react(pk)
    told = set(Notice.objects.filter(case=case).values_list("person__username", flat=True))
    assert "tham" in told and not told & INSIDE["state"]


def test_an_agency_of_the_other_side_is_not_given_the_case(walls: Walls) -> None:
    now, cuong = timezone.now(), walls.cast.actor("cuong", timezone.localdate())
    with pytest.raises(Refused, match="another domain"):
        actions.assign(walls.case["party"].pk, walls.cast.agency["so-xay-dung"], actor=cuong, now=now)
    # One outside of all walls (điện lực) may be asked by both.
    assert actions.assign(walls.case["party"].pk, walls.cast.agency["dien-luc"], actor=cuong, now=now).agency_id


def test_through_the_wall_only_with_a_reason_and_then_it_is_seen_on_the_other_side(walls: Walls) -> None:
    now, ha = timezone.now(), walls.cast.actor("ha", timezone.localdate())
    field, case = walls.cast.field["xay_dung_dang"], walls.case["state"]
    with pytest.raises(Refused, match="reason"):
        actions.change(case.pk, field=field, actor=ha, now=now)
    with pytest.raises(Refused, match="reason"):
        actions.change_domain(case.pk, field, " ", actor=ha, now=now)
    moved = actions.change_domain(case.pk, field, "Là việc của chi bộ.", actor=ha, now=now)
    assert moved.domain == "party" and not Case.objects.visible_to(walls.viewer("ha")).exists()
    assert Case.objects.visible_to(walls.viewer("tham")).count() == 2
    assert Conversation.objects.get(pk=case.conversation_id).domain == "party", "the thread goes with it"
    act = Act.objects.get(kind="case.domain_changed")
    assert act.note == "Là việc của chi bộ." and {f"{OVERSIGHT}:party", f"{OVERSIGHT}:state"} <= set(act.topics)


def test_what_an_agency_inside_the_wall_holds_is_returned_first(walls: Walls) -> None:
    now, cuong = timezone.now(), walls.cast.actor("cuong", timezone.localdate())
    case = actions.assign(walls.case["state"].pk, walls.cast.agency["so-xay-dung"], actor=cuong, now=now)
    with pytest.raises(Refused, match="return it first"):
        actions.change_domain(case.pk, walls.cast.field["xay_dung_dang"], "Nhầm.", actor=cuong, now=now)


def test_a_letter_is_everybodys_until_it_is_classified(walls: Walls) -> None:
    now, cuong = timezone.now(), walls.cast.actor("cuong", timezone.localdate())
    letter = receive(Inbound(
        hotline_id=walls.cast.hotline.pk, channel="email", source="1022@x.example", external_id="<9@example.vn>",
        subject="Hai việc",
        text="Cống nghẹt trước nhà, và chi bộ không sinh hoạt.", name="Ông Hai", phone="+84905777888", email="hai@example.vn",
        address="Tổ 1",
    ), now).conversation
    assert letter is not None and letter.domain == ""
    assert all(Conversation.objects.visible_to(walls.viewer(u)).filter(pk=letter.pk).exists() for u in ("ha", "tham"))
    first = open_case(letter.pk, kind="report", field_id=walls.cast.field["xay_dung_dang"].pk,
                      content="Chi bộ không sinh hoạt đã ba tháng nay.", actor=cuong, now=now)
    second = open_case(letter.pk, kind="report", field_id=walls.cast.field["thoat_nuoc"].pk,
                       content="Cống trước nhà nghẹt, nước tràn.", actor=cuong, now=now)
    assert not Conversation.objects.visible_to(walls.viewer("ha")).filter(pk=letter.pk).exists()
    page = case_page(walls.viewer("ha"), second.code)
    assert page is not None and not page.contacts, "the letter tells of the other matter too: only the case is theirs"
    inside = case_page(walls.viewer("tham"), first.code)
    assert inside is not None and inside.contacts


def test_an_overseer_stands_on_one_side(walls: Walls) -> None:
    """Where there are walls, a post that would read across all of them is not given without an agency."""
    person = Person.objects.create(username="moi", full_name="Người Mới")
    with pytest.raises(Refused, match="agency"):
        give_post(person, Role.LEADER, None, valid_from=DAY_ONE, actor=walls.cast.actor("admin"), now=timezone.now())
