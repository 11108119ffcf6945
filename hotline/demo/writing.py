"""A generated case as rows of every table it touches, in the order of the columns named here."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import models
from django.utils import timezone

from hotline.cases.models import Answer, Assignment, Case, Clock, Rating
from hotline.cases.rules import ACT_OF, case_code
from hotline.citizens.models import Citizen, Handle
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.rules import REFS, ref_of
from hotline.demo.lives import Course, Life
from hotline.demo.rules import fill_days
from hotline.hotlines.models import Edition, Field, Hotline
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.organisation.models import Agency, Area
from hotline.organisation.rules import fold
from hotline.people.models import Person
from hotline.regulation.clocks import Clock as ClockValue
from hotline.regulation.lifecycle import OutcomeKind, Role, State, Step

COLUMNS: dict[type[models.Model], tuple[str, ...]] = {
    Citizen: ("id", "name", "folded", "address", "created_at"),
    Handle: ("citizen_id", "kind", "value"),
    Conversation: ("id", "ref", "hotline_id", "channel", "citizen_id", "reporter_name", "reporter_phone", "reporter_email",
                   "reporter_address", "subject", "preview", "state", "opened_at", "last_contact_at", "taken_by_id",
                   "taken_at"),
    Contact: ("id", "conversation_id", "direction", "kind", "channel", "source", "external_id", "subject", "text", "at",
              "author", "delivery", "delivered_at"),
    Case: ("id", "number", "code", "token", "hotline_id", "edition_id", "conversation_id", "citizen_id", "kind",
           "field_id", "area_id", "place", "lat", "lon", "summary", "content", "urgency", "public", "state",
           "agency_id", "suggested_agency_id", "focal_person_id", "due_at", "due_clock", "late_at", "returns",
           "received_at", "assigned_at", "answered_at", "closed_at", "reopen_until", "outcome", "stars", "version"),
    Clock: ("case_id", "key", "agency_id", "calendar_id", "state", "started_at", "due_at", "breached_at",
            "met_at", "cancelled_at", "warned", "next_at"),
    Assignment: ("case_id", "agency_id", "agency_name", "at", "until", "by", "returned", "return_reason",
                 "proposed_agency_id"),
    Answer: ("id", "case_id", "state", "outcome", "body", "author", "approved_by", "written_at", "sent_at",
             "contact_id"),
    Rating: ("case_id", "stars", "words", "resolved", "at"),
    Act: ("at", "kind", "subject", "subject_id", "actor", "before", "after", "note"),
}
_FAMILY, _MIDDLE, _GIVEN = (words.split() for words in (
    "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Trương Đoàn Mai Cao Châu",
    "Văn Thị Hữu Ngọc Minh Thanh Đình Quang Thu Hoàng Xuân Kim Công Bảo",
    "An Bình Châu Dũng Giang Hà Hạnh Hiếu Hoa Hùng Khoa Lan Linh Long Mai Nam Nga Phúc Phương Quân Sơn Thảo Vy",
))
_STREETS = ("Phan Châu Trinh", "Hùng Vương", "Trần Hưng Đạo", "Lê Lợi", "Nguyễn Hoàng", "Phan Bội Châu",
            "Trưng Nữ Vương", "Huỳnh Thúc Kháng", "Tôn Đức Thắng", "Nguyễn Chí Thanh", "Trần Cao Vân", "Bạch Đằng")
_CHANNELS, _CHANNEL_WEIGHTS = ("web", "phone", "email"), (25, 60, 15)
_OUTCOMES = (OutcomeKind.ANSWERED, OutcomeKind.FIXED, OutcomeKind.SCHEDULED, OutcomeKind.CANNOT)
_OUTCOME_WEIGHTS = (60, 25, 10, 5)
_NOT_OURS = "Nội dung không thuộc nhiệm vụ được giao của đơn vị."
_SPREAD = 20_857_469_153  # odd, so that multiplying by it visits every reference once


def as_json(value: Any) -> str:
    """JSON as COPY takes it."""
    return orjson.dumps(value).decode()


@dataclass
class World:
    """Everything a generated case may refer to, read once."""

    hotline: Hotline
    edition: Edition
    course: Course
    now: datetime
    fields: list[Field]
    areas: list[Area]
    agencies: list[Agency]
    staffed: list[Agency]  # those with officers of their own
    people: dict[tuple[int | None, Role], list[Person]]
    desk: list[Person]
    texts: list[dict[str, Any]]
    answers: list[str]
    snapshots: dict[int, str] = field(default_factory=dict)

    def actor(self, person: Person | None, role: Role, agency: Agency | None = None) -> str:
        """The journal's snapshot of somebody, as JSON; the system for nobody."""
        if person is None:
            return _SYSTEM
        if person.pk not in self.snapshots:
            post = self.course.edition.word(role).vi + (f" – {agency.name}" if agency else "")
            self.snapshots[person.pk] = as_json(
                {"kind": "person", "id": person.pk, "name": person.full_name, "post": post}
            )
        return self.snapshots[person.pk]


_SYSTEM = as_json(SYSTEM.snapshot())
Rows = dict[type[models.Model], list[Sequence[Any]]]


@dataclass
class Writer:
    """Turns lives into rows; `ids` hands out the reserved numbers of each table."""

    world: World
    dice: random.Random
    ids: dict[type[models.Model], Iterator[int]]
    numbers: Iterator[int]
    rows: Rows = field(default_factory=lambda: {table: [] for table in COLUMNS})
    citizens: list[tuple[int, str, str, str]] = field(default_factory=list)

    def write(self, received: datetime) -> None:
        """One case received at a moment, with all that belongs to it."""
        world, dice = self.world, self.dice
        life = world.course.live(dice, received)
        telling = dice.choice(world.texts)
        area = dice.choice(world.areas)
        agency = dice.choice(world.staffed if dice.random() < 0.6 else world.agencies)
        channel = dice.choices(_CHANNELS, _CHANNEL_WEIGHTS)[0]
        citizen_id, name, phone, email = self._citizen(received, area)
        desk = dice.choice(world.desk)
        case = _Told(
            next(self.ids[Case]), next(self.ids[Conversation]), life, agency, dice.choice(world.agencies), channel,
            as_json({"kind": "citizen", "id": citizen_id, "name": name, "post": ""}), world.actor(desk, Role.CALL_TAKER),
            _one(world.people.get((agency.pk, Role.FOCAL_PERSON)), dice),
            _one(world.people.get((agency.pk, Role.HEAD)), dice),
        )
        place = f"Số {dice.randrange(1, 400)} {dice.choice(_STREETS)}, {area.name}"
        summary, text = f"{telling['title']} ({place})"[:300], f"{telling['text'].strip()}\n{place}."
        self.rows[Conversation].append((
            case.conversation, ref_of(case.conversation * _SPREAD % REFS), world.hotline.pk, channel, citizen_id, name,
            phone, email, area.name, telling["title"], text[:160].replace("\n", " "), "opened", received, received,
            desk.pk, received,
        ))
        self._contact(case, "in", "message", text, received, case.citizen)
        if email:
            self._contact(case, "out", "acknowledgement", "Tổng đài 1022 đã tiếp nhận phản ánh, kiến nghị của Ông/Bà.",
                          received + timedelta(seconds=3), _SYSTEM, sent=True)
        outcome, focal = self._answer(case, bool(email)), case.focal
        holds = life.state not in (State.RECEIVED, State.RETURNED, State.AWAITING_DECISION)
        number = next(self.numbers)
        code = case_code(world.hotline.code_prefix, timezone.localtime(received), number)
        lat, lon = (v + dice.uniform(-0.02, 0.02) if v else None for v in (area.lat, area.lon))
        self.rows[Case].append((
            case.id, number, code, secrets.token_urlsafe(24), world.hotline.pk, world.edition.pk, case.conversation,
            citizen_id, telling["kind"], dice.choice(world.fields).pk, area.pk, place, lat, lon, summary, text,
            "urgent" if telling.get("urgent") else "normal", telling["public"], str(life.state),
            case.holder.pk if holds else None, agency.pk, focal.pk if holds and focal and life.when(Step.ACCEPT) else None,
            life.due_at, life.due_clock, life.late_at, case.returns, received, life.when(Step.ASSIGN), life.answered_at,
            life.closed_at, life.reopen_until, outcome, life.stars, len(life.deeds) + 1,
        ))
        for clock in life.clocks.values():
            self._clock(case, clock, holds)
        self._journal(case, code)
        if life.stars and life.when(Step.RATE):
            self.rows[Rating].append((case.id, life.stars, "", True, life.when(Step.RATE)))

    def _citizen(self, at: datetime, area: Area) -> tuple[int, str, str, str]:
        """A new citizen in two of five cases, else one who reported before."""
        dice = self.dice
        if self.citizens and dice.random() > 0.4:
            return dice.choice(self.citizens)
        pk = next(self.ids[Citizen])
        name = f"{dice.choice(_FAMILY)} {dice.choice(_MIDDLE)} {dice.choice(_GIVEN)}"
        phone, email = f"+8432{pk % 10**7:07d}", f"nguoidan.{pk}@example.com" if dice.random() < 0.35 else ""
        self.rows[Citizen].append((pk, name, fold(name), area.name, at))
        self.rows[Handle].append((pk, "phone", phone))
        if email:
            self.rows[Handle].append((pk, "email", email))
        known = (pk, name, phone, email)
        self.citizens.append(known)
        return known

    def _contact(
        self, case: _Told, direction: str, kind: str, text: str, at: datetime, author: str, sent: bool = False
    ) -> int:
        pk = next(self.ids[Contact])
        self.rows[Contact].append((
            pk, case.conversation, direction, kind, case.channel, "generated" if direction == "in" else "",
            f"generated-{pk}", "", text, at, author, "sent" if sent else "none", at + timedelta(seconds=4) if sent else None,
        ))
        return pk

    def _answer(self, case: _Told, reachable: bool) -> str:
        """The answer drafted, submitted or sent; returns the outcome when it was sent."""
        submitted, approved = case.life.when(Step.SUBMIT), case.life.answered_at
        if submitted is None:
            return ""
        outcome = self.dice.choices(_OUTCOMES, _OUTCOME_WEIGHTS)[0]
        body = fill_days(self.dice.choice(self.world.answers), (approved or submitted).date())
        author = self.world.actor(case.focal, Role.FOCAL_PERSON, case.agency)
        head = self.world.actor(case.head, Role.HEAD, case.agency)
        case.contact = self._contact(case, "out", "answer", body, approved, head, reachable) if approved else None
        case.answer = next(self.ids[Answer])
        self.rows[Answer].append((
            case.answer, case.id, "sent" if approved else "submitted", str(outcome), body, author,
            head if approved else "{}", submitted - timedelta(minutes=3), approved, case.contact,
        ))
        case.outcome = str(outcome)
        return str(outcome) if approved else ""

    def _clock(self, case: _Told, clock: ClockValue, holds: bool) -> None:
        rule = self.world.course.rules[clock.key]
        warned, next_at = self.world.course.next_look(clock)
        held = case.holder.pk if holds and rule.owner in (Role.FOCAL_PERSON, Role.HEAD) else None
        self.rows[Clock].append((
            case.id, clock.key, held, self.world.hotline.calendar_id, str(clock.state), clock.started_at, clock.due_at,
            clock.breached_at, clock.met_at, clock.cancelled_at, warned, next_at,
        ))

    # -- journal -------------------------------------------------------------------------------------------------------

    def _journal(self, case: _Told, code: str) -> None:
        life = case.life
        acts: list[tuple[datetime, str, str, dict[str, Any], str]] = [(
            life.received, "case.opened", case.citizen if case.channel == "web" else case.desk,
            {"code": code, "kind": "", "conversation": case.conversation, "received_at": life.received.isoformat()}, "",
        )]
        self.rows[Act].append((
            life.received, "conversation.typed_in" if case.channel == "phone" else "conversation.received", "conversation",
            case.conversation, case.desk if case.channel == "phone" else case.citizen, "{}", "{}", "",
        ))
        for breached in life.breaches:
            rule = self.world.course.rules[breached.key]
            told = {"clock": breached.key, "round": 1, "due_at": breached.due_at.isoformat(), "late": rule.marks_late}
            acts.append((breached.due_at, "case.overdue", _SYSTEM, told, rule.label.vi))
        for deed in life.deeds:
            actor, after, note = self._deed(case, deed.step)
            acts.append((deed.at, ACT_OF[deed.step], actor, {"state": str(deed.after), **after}, note))
            self._assignment(case, deed.step, deed.at)
        self._end_assignment(case)
        for at, kind, actor, after, note in sorted(acts, key=lambda act: act[0]):
            self.rows[Act].append((at, kind, "case", case.id, actor, "{}", as_json(after), note))

    def _deed(self, case: _Told, step: Step) -> tuple[str, dict[str, Any], str]:
        """Who took a step, what the act says of it, and the note."""
        world = self.world
        if step == Step.ASSIGN:
            return case.desk, {"agency_name": case.next_holder.name, "agency_id": case.next_holder.pk}, ""
        if step in (Step.RATE, Step.ASK_REOPEN):
            return case.citizen, {"stars": case.life.stars} if step == Step.RATE else {}, ""
        if step == Step.SETTLE:
            return case.citizen if case.life.stars else _SYSTEM, {}, ""
        if step in (Step.APPROVE, Step.TAKE_OVER):
            after = {"answer": case.answer, "contact": case.contact, "outcome": case.outcome} if case.answer else {}
            return world.actor(case.head, Role.HEAD, case.agency), after, ""
        if step in (Step.RETURN, Step.RETURN_AGAIN):
            after = {"agency_name": case.holder.name, "proposed_agency": case.other.pk, "proposed_name": case.other.name}
            return world.actor(case.focal, Role.FOCAL_PERSON, case.agency), after, _NOT_OURS
        return world.actor(case.focal, Role.FOCAL_PERSON, case.agency), {}, ""

    def _assignment(self, case: _Told, step: Step, at: datetime) -> None:
        if step == Step.ASSIGN:
            case.holder = case.next_holder
            case.since = at
        elif step in (Step.RETURN, Step.RETURN_AGAIN):
            self.rows[Assignment].append((
                case.id, case.holder.pk, case.holder.name, case.since, at, case.desk, True, _NOT_OURS, case.other.pk,
            ))
            case.since, case.next_holder = None, case.other

    def _end_assignment(self, case: _Told) -> None:
        if case.since is not None:
            self.rows[Assignment].append((
                case.id, case.holder.pk, case.holder.name, case.since, None, case.desk, False, "", None,
            ))


@dataclass(slots=True)
class _Told:
    """One case while its rows are made."""

    id: int
    conversation: int
    life: Life
    agency: Agency
    other: Agency  # where a return proposes it should go
    channel: str
    citizen: str
    desk: str
    focal: Person | None
    head: Person | None
    answer: int | None = None
    contact: int | None = None
    outcome: str = ""
    since: datetime | None = None
    holder: Agency = field(init=False)
    next_holder: Agency = field(init=False)

    def __post_init__(self) -> None:
        self.holder = self.next_holder = self.agency

    @property
    def returns(self) -> int:
        return sum(deed.step in (Step.RETURN, Step.RETURN_AGAIN) for deed in self.life.deeds)


def _one(people: list[Person] | None, dice: random.Random) -> Person | None:
    return dice.choice(people) if people else None
