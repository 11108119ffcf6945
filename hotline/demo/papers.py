"""Documents and dialogues of the demonstration, told like reports: each `yield` waits for a moment, then the real verb is
called. `demo/papers.toml` says what; docs/how-to-write-a-pack.md what each key means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from hotline.calendars.queries import work_calendar
from hotline.cases.models import Case
from hotline.demo.stories import Stage, Story
from hotline.dialogues import actions as dialogues
from hotline.documents import actions as documents
from hotline.documents.rules import MISSING, DocumentKind
from hotline.journal.rules import Actor
from hotline.people.models import Person
from hotline.regulation.lifecycle import Role

FILE = "papers.toml"


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """A [[documents]] table. `missing` is written over what nobody knew; `opinion` is the leader's, of a report."""

    case: str  # title of the report it is about
    kind: str
    hours_ago: float  # working hours until now, from when it was begun
    state: str = "draft"  # draft, submitted, returned, issued
    missing: str = ""
    reason: str = ""  # why it was sent back
    opinion: str = ""
    adopted: bool = False  # with the opinion on a synthesis: the suggestion is adopted


@dataclass(frozen=True, slots=True)
class DemoDialogue:
    """A [[dialogues]] table: from the appraisal to the invitations."""

    case: str
    hours_ago: float
    appraisal: str
    contents: str
    place: str
    in_days: int
    agencies: tuple[str, ...] = ()
    state: str = "invited"  # registered, prepared, invited


class _Working:
    """The moments of one story within working hours; what does not fit before now happened a moment ago."""

    def __init__(self, stage: Stage, hours_ago: float) -> None:
        self.stage, self.calendar = stage, work_calendar(stage.hotline("").calendar_id)
        self.latest = stage.now - timedelta(minutes=2)
        self.at = min(self.calendar.add(stage.now, timedelta(hours=-hours_ago)), self.latest)

    def after(self, hours: float) -> datetime:
        """So many working hours later."""
        self.at = min(self.calendar.add(self.at, timedelta(hours=hours)), self.latest)
        return self.at

    def case(self, title: str) -> Iterator[datetime]:
        """Waits until the report is a case: nothing is written about it before. Raises KeyError when it never is one."""
        yield self.at
        while title not in self.stage.codes:
            if self.at == self.latest:
                raise KeyError(f"demo/{FILE}: {title}")
            yield self.after(0.5)


def papers(folder: Path, stage: Stage) -> Iterator[Story]:
    """The stories of a pack's papers.toml; none where there is no such file. Raises TypeError for a key nobody knows."""
    path = folder / FILE
    said: dict[str, list[dict[str, Any]]] = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    for table in said.get("documents", ()):
        yield _document(DemoDocument(**table), stage)
    for table in said.get("dialogues", ()):
        yield _dialogue(DemoDialogue(**{**table, "agencies": tuple(table.get("agencies", ()))}), stage)


def _document(told: DemoDocument, stage: Stage) -> Story:
    clock = _Working(stage, told.hours_ago)
    yield from clock.case(told.case)
    at = clock.at
    case = Case.objects.get(pk=stage.codes[told.case])
    writer, leader = stage.anybody(Role.COORDINATOR, 0, case.domain), _leader(stage, case.domain)
    kind = DocumentKind(told.kind)
    reported = kind in (DocumentKind.LEADERS_REPORT, DocumentKind.SYNTHESIS)
    row = documents.draft([case], kind, actor=writer, now=at, addressed_to=leader if reported else None)
    if told.state == "draft":
        return
    yield (at := clock.after(0.4))
    if MISSING in row.body:
        documents.change(row.pk, {"body": row.body.replace(MISSING, told.missing)}, actor=writer, now=at)
    documents.submit(row.pk, actor=writer, now=at)
    if told.state == "submitted":
        return
    yield (at := clock.after(0.8))
    if told.state == "returned":
        documents.send_back(row.pk, told.reason, actor=writer, now=at)
        return
    documents.issue(row.pk, actor=writer, now=at)
    if told.opinion:
        yield (at := clock.after(0.5))
        adopted = [case.pk] if told.adopted else []
        documents.give_opinion(row.pk, told.opinion, adopted, actor=_actor(stage, leader), now=at)


def _dialogue(told: DemoDialogue, stage: Stage) -> Story:
    clock = _Working(stage, told.hours_ago)
    yield from clock.case(told.case)
    at = clock.at
    case = Case.objects.get(pk=stage.codes[told.case])
    office, leader = stage.anybody(Role.COORDINATOR, 0, case.domain), _leader(stage, case.domain)
    row = dialogues.register([case], told.case, told.appraisal, actor=office, now=at)
    if told.state == "registered":
        return
    yield (at := clock.after(1))
    day = timezone.localdate(stage.now) + timedelta(days=told.in_days)
    starts = clock.calendar.next_working(timezone.make_aware(datetime.combine(day, time(14))))
    row = dialogues.prepare(
        row.pk, contents=told.contents, starts_at=starts, chair=leader,
        place=told.place, agencies=[stage.agencies[key] for key in told.agencies], actor=office, now=at,
    )  # fmt: skip
    if told.state == "prepared":
        return
    yield (at := clock.after(0.6))
    dialogues.invite(row.pk, actor=office, now=at)


def _leader(stage: Stage, domain: str) -> Person:
    """A leader who oversees the domain."""
    held = [(agency, people) for (agency, role), people in sorted(stage.people.items()) if role == Role.LEADER]
    return next(people[0] for agency, people in held if stage.agencies[agency].domain in ("", domain))


def _actor(stage: Stage, person: Person) -> Actor:
    agency = next(key for (key, role), people in stage.people.items() if role == Role.LEADER and person in people)
    return stage.actor(Role.LEADER, agency)
