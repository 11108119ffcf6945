"""The demonstration, played whole: every state as flagged, once only, never on top of real work."""

from __future__ import annotations

import stat
import tomllib
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from hotline.cases.models import Answer, Case, Clock
from hotline.cases.sweeping import sweep_once
from hotline.conversations.models import Contact, Conversation
from hotline.demo.actions import SIGN_INS, make_demo
from hotline.demo.bulk import generate
from hotline.dialogues.models import Dialogue
from hotline.documents.models import Document, Opinion
from hotline.experts.models import Expert, Referral, Shift
from hotline.experts.queries import on_duty
from hotline.hotlines.models import Hotline
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.knowledge.models import Gap
from hotline.organisation.models import Agency
from hotline.packs.actions import load_pack
from hotline.people.actions import create_person, give_post
from hotline.people.models import Person
from hotline.refusals import Refused
from hotline.regulation.lifecycle import DONE_STATES, OutcomeKind, Role, State
from hotline.regulation.pack import read_pack
from hotline.simulation.tests.agreement import all_agree
from hotline.testing.committed import at_once, clear
from hotline.testing.packs import copy_of

FOLDER = settings.PACKS / "quang-nam" / "demo"
PACKS = sorted(folder.parents[1].name for folder in settings.PACKS.glob("*/demo/reports.toml"))


@pytest.fixture
def home(tmp_path, settings):
    settings.HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    return tmp_path


@pytest.mark.parametrize("pack", PACKS)
def test_the_demonstration_stands_as_its_data_say(db: None, home, pack: str) -> None:
    as_of, folder = read_pack(pack).demo_as_of, settings.PACKS / pack / "demo"
    now = as_of or timezone.now()
    people = (folder / "people.csv").read_text("utf-8").splitlines()[1:]
    reports = tomllib.loads((folder / "reports.toml").read_text("utf-8"))["reports"]
    load_pack(copy_of(pack, home / "packs"), now=now)
    made = make_demo(folder, now=now, as_of=as_of)
    assert (made.changed, made.people) == (True, len(people))

    cases = {case.summary: case for case in Case.objects.select_related("agency").defer("search")}
    for report in reports:
        if report["title"] not in cases:
            assert report["state"] == "received", "only what is not passed on yet, or was answered at once, is no case"
            continue
        case = cases[report["title"]]
        sent = case.state in {*DONE_STATES, State.REOPEN_REQUESTED}
        got = case.state, bool(case.late_at), case.outcome, case.urgency == "urgent", case.stars
        wanted = (report["state"], report.get("overdue", False), report.get("outcome", "") if sent else "",
                  report.get("urgent", False), report.get("rating"))
        assert got == wanted, report["title"]
        if case.agency:
            assert case.agency.key == report["agency"]
    assert {case.state for case in cases.values()} == set(State)
    waiting = Counter(Conversation.objects.exclude(state="opened").values_list("state", flat=True))
    wanted = Counter({"waiting": 2, "incomplete": 2, "answered": sum("at_once" in report for report in reports)})
    asked = _told(folder, "experts.toml", "referrals")
    wanted += Counter(_AT_STANDING[one.get("state", "waiting")] for one in asked)
    assert waiting == +wanted
    _has_papers_and_experts(folder, asked, now)

    _is_history(now)
    _signs_in(home, [people[0].partition(",")[0], people[-1].partition(",")[0]])
    before = Act.objects.count()
    assert make_demo(folder, now=now + timedelta(hours=1)).changed is False
    assert Act.objects.count() == before

    # Replayed under its own edition every case is as late as it is recorded, by the arrays and by the scalar rules alike.
    assert all_agree(now) == sum(case.late_at is not None for case in Case.objects.all())


# What a call that was passed to the standing unit looks like at the desk.
_AT_STANDING = {"waiting": "referred", "connected": "referred", "answered": "answered"}


def _told(folder, file: str, table: str) -> list[dict]:
    return tomllib.loads((folder / file).read_text("utf-8")).get(table, []) if (folder / file).exists() else []


def _has_papers_and_experts(folder, asked: list[dict], now) -> None:
    """Documents, dialogues, the pool and what waits for it stand as they are told; each question is a gap of the base."""
    papers = _told(folder, "papers.toml", "documents")
    made = Counter(Document.objects.values_list("kind", "state"))
    assert made == Counter((one["kind"], one.get("state", "draft")) for one in papers)
    assert Opinion.objects.count() == sum("opinion" in one for one in papers)
    talks = _told(folder, "papers.toml", "dialogues")
    assert Counter(Dialogue.objects.values_list("state", flat=True)) == Counter(t.get("state", "invited") for t in talks)
    assert not Dialogue.objects.filter(starts_at__lt=now).exists()
    made = Counter(Referral.objects.values_list("state", flat=True))
    assert made == Counter(one.get("state", "waiting") for one in asked) and Gap.objects.count() == len(asked)
    pool = _told(folder, "experts.toml", "experts")
    assert (Expert.objects.count(), Shift.objects.count()) == (len(pool), sum(len(one["shifts"]) for one in pool))
    if pool:
        assert on_duty(Hotline.objects.order_by("id")[0].pk, now).exists(), "somebody is on duty at the moment that is told"


def _is_history(now) -> None:
    """Nothing happens later than now, nothing is left to send or to sweep, and proofs are there."""
    assert not Act.objects.filter(at__gt=now).exclude(kind="demo.made").exists()
    assert not Contact.objects.filter(delivery="queued").exists()
    assert not sweep_once(now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)
    for answer in Answer.objects.filter(outcome=OutcomeKind.FIXED):
        assert answer.attachments.filter(width__isnull=False).exists()
    numbers = list(Case.objects.order_by("number").values_list("received_at", flat=True))
    assert all(earlier <= later + timedelta(hours=1) for earlier, later in pairwise(numbers))


def _signs_in(home, usernames: list[str]) -> None:
    path = home / SIGN_INS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8")
    password = text.splitlines()[0].rpartition(": ")[2]
    assert len(password) >= 12
    for username in usernames:
        assert username in text
        assert Person.objects.get(username=username).check_password(password)
    assert password not in str(list(Act.objects.filter(subject="person").values_list("after", "note")))


def test_real_people_are_not_mixed_with_invented_ones(db: None, home) -> None:
    create_person("that", "Người Thật", actor=SYSTEM, now=timezone.now())
    with pytest.raises(Refused, match="empty installation"):
        make_demo(FOLDER, now=timezone.now())
    assert Person.objects.count() == 1 and not (home / SIGN_INS).exists()


@pytest.fixture
def committed(db: None, home):
    """Batches are stored on a connection of their own, so what they refer to must be committed; cleared afterwards."""
    yield lambda work: at_once(1, lambda _: work())
    connection.connection.rollback()
    at_once(1, lambda _: clear())


def test_generated_cases_are_whole(committed) -> None:
    committed(_generate_and_look)


def _generate_and_look() -> None:
    now = timezone.localtime()
    load_pack("quang-nam", now=now)
    _three_people(now)
    generate(400, folder=FOLDER, now=now, seed=7, say=lambda line: None)
    assert Case.objects.count() == 400 == Case.objects.filter(conversation__contacts__direction="in").count()
    assert not Case.objects.filter(clocks=None).exists()
    assert not sweep_once(now), "the sweeper must find nothing to correct"
    done = Case.objects.filter(state__in=[str(s) for s in DONE_STATES])
    assert done.filter(answers__state="sent", answered_at__isnull=False).distinct().count() == done.count() > 340
    assert not done.filter(due_at__isnull=False).exists()
    assert not Clock.objects.filter(state="running").exclude(next_at__gt=now).exists()
    told = Act.objects.filter(subject="case", kind="case.opened").values_list("subject_id", flat=True)
    assert sorted(told) == sorted(Case.objects.values_list("pk", flat=True))
    assert Case.objects.filter(search="đường").exists(), "the search column is filled"
    generate(20, folder=FOLDER, now=now, seed=7, say=lambda line: None)
    assert Case.objects.count() == 420, "the same seed once more does not collide"


def _three_people(now) -> None:
    for n, (key, role) in enumerate([("hotline_1022", Role.CALL_TAKER), ("construction", Role.FOCAL_PERSON),
                                     ("construction", Role.HEAD)]):
        person = create_person(f"nguoi{n}", f"Người {n}", actor=SYSTEM, now=now)
        give_post(person, role, Agency.objects.get(key=key), valid_from=now.date(), actor=SYSTEM, now=now)
