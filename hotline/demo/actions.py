"""Make the demonstration: people, then reports played through the real verbs in the order in which they happened."""

from __future__ import annotations

import csv
import heapq
import itertools
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from hotline.cases.actions import expire, settle, warn
from hotline.cases.models import Case, Clock
from hotline.conversations.actions import mark_sent
from hotline.conversations.models import Contact
from hotline.demo.consulting import consulting
from hotline.demo.papers import papers
from hotline.demo.rules import read_report
from hotline.demo.stories import Stage, Story, story
from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import default_hotline, role_words
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.notifications.models import Notice
from hotline.organisation.models import Agency
from hotline.people.actions import create_person, give_post
from hotline.people.models import Person
from hotline.reactions import REACTIONS
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role, State

MADE = "demo.made"
SIGN_INS = "sign-ins.txt"
_EASY = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else: the password is typed from a screen


@dataclass(frozen=True, slots=True)
class Made:
    """What there is now; `changed` False when the demonstration was there already."""

    changed: bool
    people: int = 0
    cases: int = 0


@transaction.atomic
def make_demo(
    folder: Path, *, now: datetime, password: str = "", force: bool = False, as_of: datetime | None = None
) -> Made:
    """Make the people and reports of a pack's `demo` folder, all or nothing; a second time does nothing.

    With `as_of` it stands as of that moment instead of now ([demo] of pack.toml: a pack whose regulation has ended); what
    fell due between then and now has run out like anything nobody did.

    Everybody signs in with one password, drawn once for this installation and written to HOTLINE_HOME/sign-ins.txt.
    Raises Refused when real people or cases are here already, unless `force`; OSError or KeyError when the files are
    missing or name somebody who is not there.
    """
    if Act.objects.filter(subject="demo", kind=MADE).exists():
        return Made(False, Person.objects.count(), Case.objects.count())
    if not force and (Person.objects.exists() or Case.objects.exists()):
        raise Refused(Label(
            "Hệ thống này đã có người dùng hoặc phiếu thật; dữ liệu giới thiệu chỉ dành cho hệ thống trống (--force để vẫn nạp).",
            "Real people or cases are here already; demo data is for an empty installation (--force to load it anyway).",
        ))
    hotlines = {hotline.key: hotline for hotline in Hotline.objects.select_related("calendar__base").order_by("id")}
    hotline, told = default_hotline(), as_of or now
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reports = [read_report(t) for t in tomllib.loads((folder / "reports.toml").read_text("utf-8"))["reports"]]
    people = _people(rows, password or _password(), told, now)
    before = Act.objects.order_by("-id").values_list("id", flat=True).first() or 0
    stage = Stage(hotlines, people, told)
    stories = [story(report, number, stage) for number, report in enumerate(reports)]
    _play([*stories, *papers(folder, stage), *consulting(folder, stage)], stage, now)
    _nothing_left_to_send(before)
    record(MADE, "demo", hotline.pk, SYSTEM, now, after={"people": len(rows), "reports": len(reports)})
    return Made(True, len(rows), Case.objects.count())


# --- people -----------------------------------------------------------------------------------------------------------


def _people(rows: list[dict[str, str]], password: str, told: datetime, now: datetime) -> dict[tuple[str, Role], list[Person]]:
    agencies = {a.key: a for a in Agency.objects.all()}
    held: dict[tuple[str, Role], list[Person]] = {}
    # One password for all, so it is hashed once: thirty honest hashes take as many seconds on a small machine.
    hashed = make_password(password)
    since = (told - timedelta(days=3 * 365)).date()
    for row in rows:
        person = create_person(
            row["username"], row["full_name"], email=row["email"], title=row["title"], actor=SYSTEM, now=now
        )
        role = Role(row["role"])
        give_post(person, role, agencies[row["agency"]], valid_from=since, actor=SYSTEM, now=now)
        held.setdefault((row["agency"], role), []).append(person)
    Person.objects.filter(username__in=[row["username"] for row in rows]).update(password=hashed)
    words = role_words(default_hotline().pk, told.date())
    _write_sign_ins(rows, password, {role: words.of(role).vi for role in Role})
    return held


def _password() -> str:
    """The password of this installation's sign-ins, drawn once."""
    path = settings.HOME / SIGN_INS
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        if ": " in line and line.startswith("Mật khẩu"):
            return line.rpartition(": ")[2].strip()
    return "-".join("".join(secrets.choice(_EASY) for _ in range(4)) for _ in range(3))


def _write_sign_ins(rows: list[dict[str, str]], password: str, words: Mapping[str, str]) -> None:
    """HOTLINE_HOME/sign-ins.txt, for the owner's eyes only."""
    first_of_role = {row["role"]: row for row in reversed(rows)}
    widest = max(len(row["username"]) for row in rows)
    lines = [f"Mật khẩu chung / one password for all: {password}", ""]
    for role, row in sorted(first_of_role.items(), key=lambda pair: list(Role).index(Role(pair[0]))):
        lines.append(f"  {row['username']:<{widest}}  {words[role]} – {row['full_name']}")
    others = len(rows) - len(first_of_role)
    lines += ["", f"  … và {others} người khác (demo/people.csv) / and {others} more"]
    settings.HOME.mkdir(parents=True, exist_ok=True)
    path = settings.HOME / SIGN_INS
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", "utf-8")


# --- time -------------------------------------------------------------------------------------------------------------


def _play(stories: Iterable[Story], stage: Stage, now: datetime) -> None:
    """Every deed of every story in the order of time; clocks run out, and what follows from acts follows, in between and
    from then until `now`."""
    order = itertools.count()
    waiting: list[tuple[datetime, int, Story]] = []
    reacted = Act.objects.order_by("-id").values_list("id", flat=True).first() or 0

    def wait(next_deed: Story) -> None:
        moment = next(next_deed, None)
        if moment is not None:
            heapq.heappush(waiting, (moment, next(order), next_deed))

    for told in stories:
        wait(told)
    while waiting:
        moment, _, deed = heapq.heappop(waiting)
        reacted = _let_time_pass(moment, reacted)
        wait(deed)
        reacted = _react(reacted)
    reacted = _let_time_pass(now, reacted)
    for case in Case.objects.filter(state=str(State.ANSWERED), reopen_until__lt=now).order_by("reopen_until"):
        assert case.reopen_until is not None
        settle(case.pk, now=case.reopen_until + timedelta(seconds=20))
    _react(reacted)
    Notice.objects.filter(at__lt=stage.now - timedelta(hours=20)).update(read_at=stage.now - timedelta(hours=12))


def _let_time_pass(until: datetime, reacted: int) -> int:
    """What the sweeper would have done by then, seconds after each moment came."""
    while (clock := Clock.objects.filter(next_at__lt=until - timedelta(seconds=8)).order_by("next_at", "id").first()):
        assert clock.next_at is not None
        seen = clock.next_at + timedelta(seconds=5 + clock.pk % 3)
        (expire if clock.next_at >= clock.due_at else warn)(clock.pk, seen)
        reacted = _react(reacted)
    return reacted


def _react(after: int) -> int:
    """What follows from the acts since, at their own time; letters are taken as sent. Returns the last act seen."""
    for act in Act.objects.filter(pk__gt=after).order_by("id"):
        after = act.pk
        for reaction in REACTIONS.get(act.kind, ()):
            reaction(act, act.at + timedelta(seconds=2))
    for contact in Contact.objects.filter(delivery=Contact.Delivery.QUEUED):
        mark_sent(contact.pk, message_id=f"<demo-out-{contact.pk}@example.com>", now=contact.at + timedelta(seconds=6))
    return after


def _nothing_left_to_send(before: int) -> None:
    """Letters and notices of the past are written already: no worker may write them again, dated today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND ("
            " task_name = 'react' AND (args->>'act_id')::bigint > %s OR task_name = 'deliver' AND"
            " (args->>'contact_id')::bigint IN (SELECT id FROM conversations_contact WHERE delivery = 'sent'))",
            [before],
        )
