"""How one invented report went, told as deeds at moments: each `yield` waits for a moment, then the real verb is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from hotline.calendars.queries import work_calendar
from hotline.cases import actions as cases
from hotline.cases.models import Case, Obligation
from hotline.conversations.actions import store_files
from hotline.conversations.models import Attachment, Conversation
from hotline.conversations.pictures import make_picture
from hotline.conversations.rules import GivenFile
from hotline.demo.pictures import picture
from hotline.demo.rules import DemoReport, Pace, Plan, fill_days, pace_of, plan
from hotline.hotlines.models import Field, Hotline
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.intake import actions as intake
from hotline.intake.rules import Inbound, Report, TypedIn
from hotline.journal.rules import Actor, citizen_actor
from hotline.organisation.models import Agency, Area
from hotline.people.models import Person
from hotline.people.queries import viewer_of
from hotline.regulation.completeness import Needed
from hotline.regulation.lifecycle import ObligationKind, OutcomeKind, Role, Step, Urgency
from hotline.regulation.limits import WorkingHours
from hotline.regulation.working_time import WorkCalendar

Story = Iterator[datetime]
_WITH_PHOTO = frozenset({"web", "zalo", "email"})


@dataclass
class Stage:
    """Who and what the stories happen among."""

    hotlines: dict[str, Hotline]
    people: dict[tuple[str, Role], list[Person]]
    now: datetime
    agencies: dict[str, Agency] = field(default_factory=lambda: {a.key: a for a in Agency.objects.all()})
    codes: dict[str, int] = field(default_factory=dict)  # title → case, for merging
    actors: dict[tuple[int, int | None], Actor] = field(default_factory=dict)

    def hotline(self, key: str) -> Hotline:
        """A hotline by key, the first of the pack for none. Raises KeyError."""
        return self.hotlines[key or next(iter(self.hotlines))]

    def pace(self, hotline: Hotline, calendar: WorkCalendar) -> Pace:
        """How long an agency has: by the first clock that its focal person owes on assignment, and its head on taking over."""
        clocks = regulation_of(edition_in_force(hotline.pk, self.now.date())).clocks
        owed = (r.limit for r in clocks if Step.ASSIGN in r.starts_on and r.owner in (Role.FOCAL_PERSON, Role.HEAD))
        heads = (r.limit for r in clocks if Step.TAKE_OVER in r.starts_on and r.owner == Role.HEAD)
        return pace_of(next(owed, WorkingHours(8)), calendar, self.now, next(heads, None))

    def actor(self, role: Role, agency: str, turn: int = 0) -> Actor:
        """Somebody with a role at an agency; `turn` picks among several. Raises KeyError when nobody holds it."""
        people = self.people[agency, role]
        person, agency_id = people[turn % len(people)], self.agencies[agency].pk
        key = person.pk, agency_id
        if key not in self.actors:
            self.actors[key] = viewer_of(person, self.now.date()).actor(agency_id)
        return self.actors[key]

    def anybody(self, role: Role, turn: int = 0, domain: str = "") -> Actor:
        """Somebody with a role, at whatever agency; on a case of a walled domain, one who stands within it or outside of
        all. Raises IndexError when nobody does."""
        places = [key for key, held in self.people if held == role]
        places = [key for key in places if self.agencies[key].domain in ("", domain)] if domain else places
        return self.actor(role, sorted(places)[0], turn)


def story(report: DemoReport, number: int, stage: Stage) -> Story:
    """The whole course of one report. Yields the moment of the next deed, then does it."""
    holder = stage.agencies[report.returns[0]["agency"] if report.returns else report.agency] if report.agency else None
    hotline = stage.hotline(report.hotline)
    calendar = work_calendar((holder.calendar_id if holder else None) or hotline.calendar_id)
    times = plan(report, number, stage.now, calendar, stage.pace(hotline, calendar))
    told = _Telling(report, number, stage, times)
    yield times.received
    yield from told.arrives()
    if told.case is None:
        return
    stage.codes[report.title] = told.case
    if report.merged_into:
        yield times.forwarded
        cases.merge(told.case, stage.codes[report.merged_into], reason=report.reason, actor=told.desk, now=times.forwarded)
        return
    if holder is None:
        return
    yield times.forwarded
    told.weigh()
    cases.assign(told.case, holder, actor=told.desk, now=times.forwarded)
    if report.mode:
        cases.set_mode(told.case, report.mode, actor=told.coordinator, now=times.forwarded + timedelta(seconds=30))
    yield from told.returned() if report.returns else told.handled()


@dataclass
class _Telling:
    report: DemoReport
    number: int
    stage: Stage
    times: Plan
    case: int | None = None

    @property
    def hotline(self) -> Hotline:
        return self.stage.hotline(self.report.hotline)

    @property
    def desk(self) -> Actor:
        return self.stage.anybody(Role.CALL_TAKER, self.number)

    @property
    def coordinator(self) -> Actor:
        return self.stage.anybody(Role.COORDINATOR, self.number, self._field().domain)

    def officer(self, role: Role, agency: str | None = None) -> Actor:
        return self.stage.actor(role, agency or self.report.agency, self.number)

    # -- in ------------------------------------------------------------------------------------------------------------

    def arrives(self) -> Story:
        """By its channel, to the desk; a complete one becomes a case, except the two newest that still wait there."""
        report, at = self.report, self.times.received
        if report.channel == "web":
            self._opened(self._web(at))
            return
        conversation = self._typed(at) if report.channel == "phone" else self._sent(at)
        if report.at_once:
            yield at + timedelta(minutes=4)
            intake.answer_at_once(conversation.pk, report.at_once, actor=self.desk, now=at + timedelta(minutes=4))
            return
        if report.incomplete:
            if report.channel == "phone":
                yield at + timedelta(minutes=2)
                intake.mark_incomplete(
                    conversation.pk, [Needed(m) for m in report.missing], actor=self.desk, now=at + timedelta(minutes=2)
                )
            return
        if not report.agency and not report.merged_into and not report.urgent:
            return
        opened = at + (self.times.forwarded - at) * 0.6
        yield opened
        if report.channel != "phone":
            intake.take(conversation.pk, actor=self.desk, now=opened - timedelta(seconds=100))
        area = self._area()
        self._opened(intake.open_case(
            conversation.pk, kind=report.kind, field_id=self._field().pk, area_id=area.pk if area else None,
            place=report.place, lat=self._near(area, "lat"), lon=self._near(area, "lon"), summary=report.title,
            content=report.text.strip(), urgency=Urgency.URGENT if report.urgent else Urgency.NORMAL,
            public=report.public, actor=self.desk, now=opened,
        ))

    def _opened(self, case: Case) -> None:
        self.case = case.pk

    def _web(self, at: datetime) -> Case:
        report, area = self.report, self._area()
        received = intake.report(
            Report(
                hotline_id=self.hotline.pk, submission=f"demo-{self.number}", content=report.text.strip(),
                kind=report.kind, field_id=self._field().pk, area_id=area.pk if area else None, place=report.place,
                lat=self._near(area, "lat"), lon=self._near(area, "lon"), public=report.public,
                files=self._photos(), **self._reporter(),
            ),
            at,
        )
        if received.case is None:
            raise ValueError(f"demo/reports.toml: “{report.title}” is incomplete for the web")
        cases.change(received.case.pk, summary=report.title, actor=self.desk, now=at + timedelta(seconds=40))
        return received.case

    def _typed(self, at: datetime) -> Conversation:
        form = TypedIn(
            hotline_id=self.hotline.pk, typing=f"demo-{self.number}", content=self.report.text.strip(),
            **self._reporter(),
        )
        conversation = intake.type_in(form, actor=self.desk, now=at).conversation
        assert conversation is not None
        return conversation

    def _sent(self, at: datetime) -> Conversation:
        report = self.report
        message_id = f"<demo-{self.number}@example.com>" if report.channel == "email" else ""
        conversation = intake.receive(
            Inbound(
                hotline_id=self.hotline.pk, channel=report.channel, source=self.hotline.email,
                external_id=message_id or f"demo-{self.number}", message_id=message_id, text=report.text.strip(),
                subject=report.title if report.channel == "email" else "", files=self._photos(), **self._reporter(),
            ),
            at,
        ).conversation
        assert conversation is not None
        return conversation

    def _reporter(self) -> dict[str, Any]:
        return {key: self.report.reporter.get(key, "") for key in ("name", "phone", "email", "address")}

    def _field(self) -> Field:
        return Field.objects.get(hotline=self.hotline, key=self.report.field)

    def _area(self) -> Area | None:
        return Area.objects.filter(code=self.report.area).first() if self.report.area else None

    def _near(self, area: Area | None, axis: str) -> float | None:
        """A point somewhere around the commune's centre, within about two kilometres."""
        if area is None or getattr(area, axis) is None:
            return None
        shift = ((self.number * (13 if axis == "lat" else 29)) % 40 - 20) / 1000
        return round(getattr(area, axis) + shift, 5)

    def _photos(self) -> tuple[GivenFile, ...]:
        if self.report.kind != "report" or self.report.channel not in _WITH_PHOTO or self.number % 2:
            return ()
        return (make_picture("hien-truong.jpg", picture(self.report.field, self.number)),)

    def weigh(self) -> None:
        """The portal guesses the urgency from words; the desk knows better."""
        wanted = Urgency.URGENT if self.report.urgent else Urgency.NORMAL
        assert self.case
        guessed = Case.objects.filter(pk=self.case).exclude(urgency=wanted)
        if self.report.channel == "web" and guessed.exists():
            cases.change(self.case, urgency=wanted, actor=self.desk, now=self.times.forwarded)

    # -- handled -------------------------------------------------------------------------------------------------------

    def returned(self) -> Story:
        """Once to the desk; a second time to the coordinator, who has not decided yet."""
        assert self.case
        for n, step in zip(range(len(self.report.returns)), ("first_return", "second_return"), strict=False):
            back = self.report.returns[n]
            if n:
                yield self.times.at("second_receipt")
                agency = self.stage.agencies[back["agency"]]
                cases.assign(self.case, agency, actor=self.desk, now=self.times.at("second_receipt"))
            yield self.times.at(step)
            cases.return_case(
                self.case, back["reason"], self.stage.agencies[back["proposed"]],
                actor=self.officer(Role.FOCAL_PERSON, back["agency"]), now=self.times.at(step),
            )

    def handled(self) -> Story:
        """Accepted and worked on, as far as its state says."""
        report, times, case = self.report, self.times, self.case
        assert case
        if report.state == "assigned":
            return
        focal = self.officer(Role.FOCAL_PERSON)
        yield times.at("accept")
        cases.accept(case, actor=focal, now=times.at("accept"))
        if self._owes_a_first_reply():
            words = "Đơn vị đã tiếp nhận phản ánh của Ông/Bà và đang xử lý; kết quả sẽ được thông báo tiếp."
            cases.reply_interim(case, words, actor=focal, now=times.at("accept") + timedelta(minutes=1))
        if report.raised:
            cases.raise_level(case, report.raised, actor=focal, now=times.at("accept") + timedelta(minutes=2))
        if report.verification:
            yield times.at("verify")
            cases.ask_verification(case, report.verification, actor=focal, now=times.at("verify"))
        if report.reschedule:
            yield times.at("reschedule")
            reason = report.reschedule["reason"]
            cases.reschedule(case, times.promised(report), reason, actor=focal, now=times.at("reschedule"))
        if report.outcome == OutcomeKind.WITHDRAWN:
            yield times.at("withdraw")
            cases.withdraw(case, report.reason, actor=self.desk, now=times.at("withdraw"))
        elif report.state == "with_head":
            yield times.at("take_over")
            head = self.officer(Role.HEAD)
            cases.take_over(case, actor=head, now=times.at("take_over"))
            cases.note(case, report.head_note, actor=head, now=times.at("take_over") + timedelta(minutes=3))
        elif report.answer:
            yield from self._answered(focal)
        elif report.overdue and report.state == "in_progress":
            yield from self._urged()

    def _owes_a_first_reply(self) -> bool:
        return Obligation.objects.filter(case=self.case, kind=ObligationKind.INTERIM_REPLY, met_at__isnull=True).exists()

    def _urged(self) -> Story:
        """The coordinating office asks after what is overdue."""
        assert self.case
        moment = self.times.calendar.add(self.times.now, timedelta(hours=-1.2 * self.times.haste))
        yield moment
        words = "Phiếu đã trễ hạn. Đề nghị đơn vị trả lời người dân trong ngày, nêu rõ lý do chậm."
        cases.urge(self.case, words, actor=self.coordinator, now=moment)

    def _answered(self, focal: Actor) -> Story:
        report, times, case = self.report, self.times, self.case
        assert case
        submitted, approved = times.at("submit"), times.at("approve")
        if report.reschedule:  # kept to the promised day
            promised = times.promised(report)
            submitted, approved = (times.calendar.add(promised, timedelta(hours=-hours)) for hours in (7, 2))
        yield submitted
        day = (approved if report.state != "awaiting_approval" else submitted).date()
        cases.save_draft(
            case, report.outcome, fill_days(report.answer, day), self._ground(case, submitted.date()), report.where_to_go,
            day + timedelta(days=report.scheduled_days) if report.scheduled_days else None, self._proof(),
            actor=focal, now=submitted - timedelta(minutes=4),
        )
        cases.submit(case, actor=focal, now=submitted)
        if report.state == "awaiting_approval":
            return
        yield approved
        answered = cases.approve(case, actor=self.officer(Role.HEAD), now=approved)
        if report.rating:
            yield from self._rated(answered, approved)

    def _ground(self, case: int, day: date) -> str:
        """The ground the report names, or the first in force where that decree is not yet."""
        if not self.report.refused:
            return ""
        edition = regulation_of(Case.objects.select_related("edition").get(pk=case).edition)
        grounds = [ground.key for ground in edition.grounds_on(day)]
        return self.report.refused if self.report.refused in grounds else grounds[0]

    def _proof(self) -> list[Attachment]:
        if self.report.outcome != OutcomeKind.FIXED:
            return []
        file = make_picture("sau-khi-xu-ly.jpg", picture(self.report.field, self.number, mended=True))
        return Attachment.objects.bulk_create(store_files([file]))

    def _rated(self, answered: Case, approved: datetime) -> Story:
        report, assigned = self.report, self.case
        assert assigned
        moment = self.times.rated(approved, answered.reopen_until, recent=report.state == "reopen_requested")
        yield moment
        citizen = citizen_actor(answered.citizen_id, report.reporter.get("name", ""))
        words = " ".join(part for part in (report.rating_words, report.reopen_words) if part)
        rated = cases.rate(
            assigned, report.rating, words, True if report.rating >= 3 else None, actor=citizen, now=moment
        )
        if rated.state == "reopen_requested" and report.state == "closed":
            refused = self.times.calendar.add(moment, timedelta(hours=3))
            yield refused
            reason = "Nội dung trả lời đúng quy định; người dân chưa nêu tình tiết mới so với lần trả lời trước."
            cases.refuse_reopen(assigned, reason, actor=self.coordinator, now=refused)
