"""Who gets in where: every address of the house × everybody of the cast × what is theirs and what is another agency's.

The tables of doors.py are the answer expected of each; a new address without a line in them fails. What is not yours is
404, whoever is not signed in is asked to sign in (302), and nothing is ever written for those who may not.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from hotline.calendars.models import Calendar
from hotline.cases import actions
from hotline.cases.models import Case
from hotline.console.casework.rules import BUTTONS
from hotline.console.sealed.actions import move
from hotline.conversations.models import Attachment, Contact
from hotline.dialogues.actions import register
from hotline.dialogues.models import Dialogue
from hotline.documents.actions import draft
from hotline.documents.letters.actions import load_templates
from hotline.documents.letters.rules import general_templates
from hotline.documents.models import Document, Template
from hotline.documents.rules import DocumentKind
from hotline.hotlines.models import Mailbox
from hotline.hotlines.queries import regulation_of
from hotline.intake.actions import receive, report
from hotline.intake.rules import Inbound, Report
from hotline.journal.models import Act
from hotline.knowledge.actions import signal_gap, write
from hotline.knowledge.models import Entry, Gap
from hotline.knowledge.rules import EntryGiven, GapReason
from hotline.notifications.models import Notice
from hotline.people.models import Post
from hotline.reactions import react
from hotline.reorganisation.models import Reorganisation
from hotline.routing.models import Route
from hotline.routing.queries import forget
from hotline.simulation import actions as simulation
from hotline.simulation.models import Run
from hotline.testing.cast import Cast
from hotline.testing.tests.doors import (
    ACCOUNT_DOORS,
    AGENCIES,
    BLIND,
    CASE_DOORS,
    FOCAL,
    HEADS,
    NOBODY,
    OVERSEERS,
    PORTAL_DOORS,
    SAMPLE,
    SECRET_DOORS,
    STAFF,
    STAFF_DOORS,
    STEPS,
    TABS,
    TWINS,
    holders,
)

# -- the world they walk through -------------------------------------------------------------------------------------------


@dataclass
class World:
    """Two cases in work at two agencies, an answered public one, a letter at the desk, and a row of everything."""

    cast: Cast
    case: dict[str, Case]  # by agency
    file: dict[str, Attachment]
    published: Case
    letter: str
    notice: Notice
    sealed: str  # the reference of a denunciation
    entry: Entry
    gap: Gap

    @cached_property
    def some(self) -> dict[type[Model], int]:
        """The key of a row of each of these."""
        nouns = (Route, Reorganisation, Mailbox, Run, Document, Dialogue, Template)
        keys: dict[type[Model], int] = {noun: noun._default_manager.values_list("pk", flat=True)[0] for noun in nouns}
        keys[Post] = Post.objects.values_list("pk", flat=True).get(person=self.cast.person["binh"])
        return keys

    @cached_property
    def calendar(self) -> str:
        return Calendar.objects.values_list("key", flat=True).get(base=None)


SECRETS = {  # of the case of an agency: (its text, the reporter's name, number as stored, as written)
    "so-xay-dung": ("Mật hiệu hoa sữa", "Trương Thị Bí Ẩn", "905771881", "0905 771 881"),
    "dien-luc": ("Mật hiệu hoa gạo", "Lương Văn Kín Đáo", "905662772", "0905 662 772"),
}
PUBLISHED = ("Ổ gà trước chợ đã vá", "Đoàn Thị Công Khai", "905553663", "0905 553 663")
LETTER = ("Mật hiệu hoa mưa", "Cao Văn Thư Tín", "905444554", "0905 444 554")
# Nobody gets to see a word of it by opening an address: not even the officer, who is asked why first.
SEALED = ("Mật hiệu hoa quỳnh", "Phan Thị Kín", "905881882", "0905 881 882")


def _report(cast: Cast, words: tuple[str, ...], field: str) -> Report:
    """A report from the portal, complete and to be published."""
    text, name, number, _ = words
    return Report(
        hotline_id=cast.hotline.pk, submission=str(uuid.uuid4()), name=name, phone=f"+84{number}", public=True,
        email=f"{number}@example.vn", address="12 Trần Phú, phường Bàn Thạch", place="Trước 41 Phan Châu Trinh",
        content=f"{text}: xin cơ quan kiểm tra giúp bà con tổ 4.", field_id=cast.field[field].pk,
        area_id=cast.area["20001"].pk,
    )  # fmt: skip


def _letter(cast: Cast, words: tuple[str, ...]) -> Inbound:
    text, name, number, _ = words
    return Inbound(
        hotline_id=cast.hotline.pk, channel="email", source="1022@quangnam.example", external_id="<1@example.vn>",
        subject=text, text=f"{text}: xin cơ quan kiểm tra giúp bà con tổ 4.", name=name, phone=f"+84{number}",
        email=f"{number}@example.vn", address="12 Trần Phú, phường Bàn Thạch",
    )  # fmt: skip


@pytest.fixture
def world(cast: Cast, settings: pytest.FixtureRequest, tmp_path: object) -> World:
    """Everything came the usual way: a report or a letter, then acts of the people whose work it is."""
    settings.MEDIA_ROOT, settings.REPORTS_PER_HOUR = tmp_path, 0  # type: ignore[attr-defined]
    forget()
    now, day = timezone.now(), timezone.localdate()
    by = {name: cast.actor(name, day) for name in STAFF}

    def in_work(words: tuple[str, ...], agency: str, field: str, focal: str) -> Case:
        case = report(_report(cast, words, field), now).case
        assert case is not None
        case = actions.assign(case.pk, cast.agency[agency], actor=by["cuong"], now=now)
        return actions.accept(case.pk, actor=by[focal], now=now)

    cases = {
        "so-xay-dung": in_work(SECRETS["so-xay-dung"], "so-xay-dung", "thoat_nuoc", "binh"),
        "dien-luc": in_work(SECRETS["dien-luc"], "dien-luc", "dien_luc", "lan"),
    }
    done = in_work(PUBLISHED, "so-xay-dung", "thoat_nuoc", "binh")
    actions.save_draft(done.pk, "answered", "Đã vá xong ổ gà.", actor=by["binh"], now=now)
    actions.submit(done.pk, actor=by["binh"], now=now)
    done = actions.approve(done.pk, actor=by["hung"], now=now)
    accusing = receive(replace(_letter(cast, SEALED), external_id="<2@example.vn>"), now).conversation
    assert accusing is not None
    sealed = move(accusing.pk, accused="Ông A", matter=f"{SEALED[0]}: nhận tiền", actor=by["cuong"], now=now)
    letter = receive(_letter(cast, LETTER), now).conversation
    assert letter is not None and letter.state == "waiting"
    files = {}
    for agency, case in cases.items():
        contact = Contact.objects.filter(conversation=case.conversation_id).first()
        files[agency] = Attachment(contact=contact, name="anh.txt", size=4, content_type="text/plain")
        files[agency].file.save("x", ContentFile(b"tep!"), save=True)
    for pk in Act.objects.filter(subject="case").values_list("pk", flat=True):
        react(pk)  # what the worker does: people are told
    notice = Notice.objects.filter(person=cast.person["binh"]).first()
    assert notice is not None, "the focal person was told of the case"
    Mailbox.objects.create(hotline=cast.hotline, address="hop@example.vn")
    Reorganisation.objects.create(
        number="1/NQ-HĐND", title="Sắp xếp", decided_on=day, effective=day, document={}, recorded_at=now, recorded_by={}
    )
    asked = simulation.ask(cast.hotline, regulation_of(cast.edition), "Thử", day, day, actor=by["son"], now=now)
    simulation.answer(asked.pk, now=now)
    entry = write(
        cast.hotline, cast.agency["so-xay-dung"], EntryGiven("Ai vá ổ gà?", "Sở Xây dựng.", day), actor=by["mai"], now=now
    )  # type: ignore[arg-type]
    load_templates(cast.hotline, general_templates(), actor=by["admin"], now=now)
    draft([cases["so-xay-dung"]], DocumentKind.LEADERS_REPORT, actor=by["ha"], now=now)
    register([cases["so-xay-dung"]], "Thoát nước", "Nhiều hộ dân", actor=by["ha"], now=now)
    gap = signal_gap(
        letter, "Ai trồng hoa?", GapReason.NOT_IN_BASE, field=None, agency=cast.agency["so-xay-dung"], actor=by["cuong"], now=now
    )
    return World(cast, cases, files, done, letter.ref, notice, sealed, entry, gap)


def rows(world: World, name: str) -> dict[str, object]:
    """Values for the blanks of a staff address, of rows that exist."""
    cast = world.cast
    pk = {
        "field": cast.field["dien_luc"].pk, "route": world.some[Route], "reorganisation": world.some[Reorganisation],
        "mailbox": world.some[Mailbox], "edition": cast.edition.pk, "notice": world.notice.pk,
        "entry": world.entry.pk, "entry_change": world.entry.pk, "gap_dismiss": world.gap.pk,
        **dict.fromkeys(["simulation", "simulation_cases"], world.some[Run]),
    }  # fmt: skip
    for noun, model in (("document", Document), ("dialogue", Dialogue), ("template", Template)):
        of_noun = (noun, f"{noun}_step", f"{noun}_file")
        pk |= dict.fromkeys(of_noun, world.some[model])
    walled = name.startswith("sealed_") and name != "sealed_move"
    behind = {"ref": world.sealed, "step": "forward", "key": uuid.UUID(int=1)} if walled else {}
    behind |= {"document_step": {"step": "change"}, "dialogue_step": {"step": "prepare"}}.get(name, {})
    return {
        "pk": pk.get(name.removesuffix("_remove"), cast.person["binh"].pk), "session": 1, "day": "2026-03-04",
        "post": world.some[Post], "tab": "waiting", "key": world.calendar if name.startswith("calendar") else "so-xay-dung",
        "ref": world.letter, "step": "take", "form": "docx", "matter": "emergency",
        "edition": cast.edition.pk, "duty": "forward", "verdict": "running", **behind,
    }  # fmt: skip


# -- every address there is --------------------------------------------------------------------------------------------------


Door = tuple[str, str, frozenset[str]]


def doors(patterns: list | None = None, space: str = "", above: frozenset[str] = frozenset()) -> Iterator[Door]:
    """(namespace, name, blanks to fill) of every address, from the resolver itself."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        blanks = above | pattern.pattern.regex.groupindex.keys()
        if isinstance(pattern, URLResolver):
            yield from doors(pattern.url_patterns, pattern.namespace or space, blanks)
        else:
            yield space, str(pattern.name), blanks


DOORS = list(doors())


def test_every_address_has_its_line_in_the_tables() -> None:
    found = {space: {name for where, name, _ in DOORS if where == space} for space in ("", "console", "portal")}
    assert {space for space, _, _ in DOORS} == set(found), "a new namespace needs a table"
    assert found["console"] == {*STAFF_DOORS, *CASE_DOORS, "step", "inbox"}
    assert found[""] == set(ACCOUNT_DOORS)
    assert found["portal"] == {*PORTAL_DOORS, *SECRET_DOORS}
    assert set(BUTTONS) <= set(STEPS), "a new step of a case needs a line"


def walk(world: World, who: str | None) -> Iterator[tuple[str, int]]:
    """Every address with what `who` must get from it."""
    for space, name, blanks in DOORS:
        if space == "console" and name in STAFF_DOORS:
            if who in TWINS:
                continue
            may, status = STAFF_DOORS[name]
            values = rows(world, name)
            url = reverse(f"console:{name}", kwargs={k: values[k] for k in blanks})
            yield url, _expected(who, may, status)
        elif who not in SAMPLE:
            continue
        elif space == "":
            yield reverse(name, kwargs=dict.fromkeys(blanks, 1)), ACCOUNT_DOORS[name][who is NOBODY]
        elif space == "portal" and name in PORTAL_DOORS:
            values = {"code": world.published.code, "month": f"{timezone.localdate():%Y-%m}", "name": "x.eml",
                      "key": next(iter(world.file.values())).key}  # fmt: skip
            values["key"] = world.entry.key if name == "knowledge_entry" else values["key"]
            yield reverse(f"portal:{name}", kwargs={k: values[k] for k in blanks}), PORTAL_DOORS[name]
    for agency, case in world.case.items():
        for name, (may, status) in CASE_DOORS.items():
            argument = world.file[agency].key if name == "file" else case.code
            yield reverse(f"console:{name}", args=[argument]), _expected(who, holders(may, agency), status)
        # Every step of a case they see, once for those who see all; of what is not there to them, two.
        sees = who in holders(CASE_DOORS["case"][0], agency) and not (who in OVERSEERS and agency == "dien-luc")
        for step, may in STEPS.items() if sees else [("note", STEPS["note"]), ("accept", STEPS["accept"])]:
            yield reverse("console:step", args=[case.code, step]), _expected(who, holders(may, agency), 200)
    for tab, may in TABS.items():
        yield reverse("console:inbox", args=[tab]), _expected(who, may, 200)


def _expected(who: str | None, may: set[str], status: int) -> int:
    return 302 if who is NOBODY else status if who in may else 404


def client_of(world: World, who: str | None) -> Client:
    """A browser in which they have signed in."""
    client = Client()
    if who is not NOBODY:
        client.force_login(world.cast.person[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(answer: HttpResponse) -> str:
    """What came, whatever its status."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return content.decode(errors="replace")  # printed papers are no text


def written() -> int:
    """Rows written since the test began, undone ones too; sessions and the counters of rate limits are not content."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables "
            "WHERE relname NOT IN ('counters', 'django_session', 'usersessions_usersession')"
        )
        return int(cursor.fetchone()[0] or 0)


def must_not_see(who: str | None) -> list[str]:
    """The words that may stand in none of the pages they get without a secret link."""
    hidden = list(SEALED) + ([*PUBLISHED[1:]] if who in BLIND or who is NOBODY else [])
    hidden += LETTER if who not in OVERSEERS else ()
    for agency, words in SECRETS.items():
        if who not in OVERSEERS | FOCAL[agency] | HEADS[agency]:
            hidden += words
    return hidden


@pytest.mark.parametrize(
    "people", [sorted(OVERSEERS), sorted(AGENCIES), [*sorted(BLIND), NOBODY]], ids=["overseers", "agencies", "blind"]
)
def test_each_door_opens_to_those_whose_it_is(world: World, people: list[str | None]) -> None:
    """One world for several people: nothing they may not do changes it, and those who may only look."""
    wrong = [f"{who or 'nobody'}: {what}" for who in people for what in faults(world, who)]
    assert not wrong, "\n".join(wrong)


def faults(world: World, who: str | None) -> list[str]:
    """Everything that is not as the tables say when `who` tries every door."""
    client, hidden, wrong = client_of(world, who), must_not_see(who), []
    client.get("/")  # the session itself is written once
    for url, expected in walk(world, who):
        shut = expected in (404, 302) and url.startswith("/console/") and url != reverse("console:home")
        before = written() if shut else 0
        answer = client.get(url)
        if answer.status_code != expected:
            wrong.append(f"GET {url}: {answer.status_code} instead of {expected}")
        if expected == 302 and who is NOBODY and url.startswith("/console/"):
            assert answer["Location"].startswith(reverse("account_login")), url
        seen = body(answer)
        wrong += [f"GET {url} shows “{word}”" for word in hidden if word in seen]
        if shut:
            posted = client.post(url)
            if posted.status_code != expected:
                wrong.append(f"POST {url}: {posted.status_code} instead of {expected}")
            wrong += [f"POST {url} shows “{word}”" for word in hidden if word in body(posted)]
            if written() != before and not (url.startswith("/console/notices/") and who == "binh"):
                wrong.append(f"{url} wrote something")
    return wrong


@pytest.mark.parametrize("who", [NOBODY, "binh"])
def test_a_secret_link_opens_its_own_case_and_no_other(world: World, who: str | None) -> None:
    client, (own, foreign) = client_of(world, who), world.case.values()
    key = {case.pk: world.file[agency].key for agency, case in world.case.items()}
    client.get("/")

    def address(name: str, token: str, file: uuid.UUID) -> str:
        return reverse(f"portal:{name}", kwargs={"token": token, **({"key": file} if "file" in name else {})})

    for name, status in SECRET_DOORS.items():
        answer = client.get(address(name, own.token, key[own.pk]))
        assert answer.status_code == status, name
        assert not [word for word in SECRETS["dien-luc"] if word in body(answer)], name
        wrong = [address(name, token, key[own.pk]) for token in ("x" * len(own.token), own.token[:-1], own.code, own.token + "~")]
        if "file" in name:
            wrong += [address(name, own.token, key[foreign.pk]), address(name, foreign.token, key[own.pk])]
        before = written()
        for url in wrong:
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code in (404, 405), (url, answer.status_code)
                assert not [word for words in SECRETS.values() for word in words if word in body(answer)], url
        if status == 405:  # the right link, an empty form: said what is missing, nothing done
            assert client.post(address(name, own.token, key[own.pk])).status_code == 422, name
        assert written() == before, name
    assert client.get(reverse("portal:published_case", args=[own.code])).status_code == 404, "not answered, not public"


def test_looking_up_needs_code_and_number_of_the_same_case(world: World) -> None:
    own, foreign = world.case.values()
    for code, phone in ((own.code, SECRETS["dien-luc"][3]), (own.code, ""), ("", SECRETS["so-xay-dung"][3]),
                        (foreign.code, SECRETS["so-xay-dung"][3])):  # fmt: skip
        answer = Client().post(reverse("portal:lookup"), {"code": code, "phone": phone})
        assert answer.status_code == 422
        assert SECRETS["so-xay-dung"][0] not in body(answer) and own.token not in body(answer)
    right = Client().post(reverse("portal:lookup"), {"code": own.code, "phone": SECRETS["so-xay-dung"][3]})
    assert (right.status_code, right["Location"]) == (303, reverse("portal:case", args=[own.token]))
