"""The skeleton every verb stands on: lock the case, decide, write, raise the version, record one act, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from hotline.cases import rules
from hotline.cases.clocks import Clocks, clocks_of
from hotline.cases.models import Case, Clock, Participation
from hotline.hotlines.queries import regulation_of
from hotline.journal.actions import draft, record_all
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import DESK, agency_topic, case_topic, conversation_topic, oversight
from hotline.people.models import Post
from hotline.people.queries import posts_on
from hotline.people.rules import AGENCY_ROLES
from hotline.refusals import Refused, Stale
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.labels import Label
from hotline.regulation.levels import level_of
from hotline.regulation.lifecycle import DONE_STATES, NotAllowed, Role, State, Step
from hotline.statements.queries import written_once

# Bookkeeping that every act moves; the journal tells of what people decided.
_SILENT = frozenset({"version", "due_at", "due_clock", "late_at"})


class Work:
    """A locked case in the hands of one actor at one moment."""

    def __init__(self, case: Case, actor: Actor, now: datetime) -> None:
        self.case = case
        self.actor = actor
        self.now = now
        self.edition: Regulation = regulation_of(case.edition)
        self.clocks: Clocks = clocks_of(case, self.edition)
        self.roles = usable_roles(case.agency_id, actor, now)
        self.kind = ""
        self.note = ""
        self.after: dict[str, Any] = {}  # what the act says besides the columns that changed
        self.triggers: list[str] = []  # what happens with the step besides: "mode:written", "raise:4"
        self.evidence: dict[str, Any] = {}  # what shows that what is owed was met by this
        self._step: Step | None = None
        self._before = _columns(case)
        self._was = State(case.state)
        self.overdue = self.clocks.run_out(now)
        self._reminders: list[Clock] = []
        self._more: list[Act] = []

    @property
    def today(self) -> date:
        """The day in the hotline's zone."""
        return timezone.localdate(self.now)

    def take(self, step: Step) -> None:
        """Take a step of the lifecycle. Raises NotAllowed for the wrong state or the wrong people."""
        self.case.state = str(self.edition.take(self._was, step, self.roles))
        self.kind = rules.ACT_OF[step]
        self._step = step

    def do(self, kind: str) -> None:
        """Do something that is no step of the lifecycle (a note, a draft, a correction)."""
        self.check(kind)
        self.kind = kind

    def check(self, kind: str) -> None:
        """Whether these people may do it now, where the case stands. Raises Refused."""
        roles, states = rules.EXTRA[kind]
        if not roles & self.roles or (states is not None and self._was not in states):
            what = rules.ACT_LABELS[kind]
            raise Refused(
                Label(
                    f"Ông/Bà không thể “{what.vi}” khi phiếu ở trạng thái “{self._was.label.vi}”.",
                    f"You cannot do “{what.en}” while the case is “{self._was.label.en}”.",
                )
            )

    def also(
        self, kind: str, note: str = "", topics: Iterable[str] = (), actor: Actor | None = None, **after: Any
    ) -> None:
        """An act of its own beside the verb's: the case's version stays, so nobody's open form is refused by it."""
        told = [*self.topics(), *topics]
        self._more.append(draft(kind, "case", self.case.pk, actor or self.actor, self.now, None, after, note, told))

    def rise_to(self, role: Role) -> None:
        """The case has come to this role's level of the edition's ladder; it never goes down again."""
        level = level_of(self.edition.levels, [role])
        if level is not None:
            self.case.level = max(self.case.level, level.number)

    def forget_changes(self, *columns: str) -> None:
        """What these columns are now is how they always were, as far as the journal tells."""
        self._before |= {name: value for name, value in _columns(self.case).items() if name in columns}

    def finish(self) -> None:
        """Write the case, its clocks and the acts."""
        case = self.case
        if self._step is not None:
            self.clocks.take(self._step, self.now)
            for trigger in self.triggers:
                self.clocks.step(trigger, self.now)
            if case.state == State.CLOSED:
                self.clocks.cancel_all(self.now)
            if case.state in DONE_STATES and self.edition.cooperation and self._was not in DONE_STATES:
                # What the others had to say was said until now; the answer is the lead's alone.
                self.clocks.end_parts(self.now)
                Participation.objects.filter(case=case, closed_at__isnull=True).update(closed_at=self.now)
        self.clocks.refresh_case()
        if self.kind:
            case.version += 1
        columns = _columns(case)
        changed = [name for name, value in columns.items() if value != self._before[name]]
        if changed:
            case.save(update_fields=changed)
        begun, met = self.clocks.begun(), self.clocks.met()
        self.clocks.save(self.actor.snapshot(), {"act": self.kind, **self.evidence})
        if met and self.kind and self.kind != "case.obligation_met":
            self.after["met"] = [self._said(row) for row in met]
        acts = [self._clock_act("case.overdue", row) for row in self.overdue]
        acts += [self._clock_act("case.warned", row) for row in self._reminders]
        acts += [self._clock_act("case.obligation_owed", row, **self._said(row)) for row in begun]
        if self.kind:
            told = [name for name in changed if name not in _SILENT]
            acts.append(
                draft(
                    self.kind, "case", case.pk, self.actor, self.now, {name: _plain(self._before[name]) for name in told},
                    {**{name: _plain(columns[name]) for name in told}, **self.after}, self.note, self.topics(),
                )
            )
        acts += self._more
        if acts:
            record_all(acts)

    def topics(self) -> list[str]:
        """Who listens: the case, its conversation, the agencies that hold or held it, the desk when it is its turn."""
        agencies = {self._before["agency_id"], self.case.agency_id} - {None}
        desk = {self._was, State(self.case.state)} & rules.DESK_STATES
        return [
            case_topic(self.case.pk), conversation_topic(self.case.conversation_id), *self._oversight(),
            *([DESK] if desk else []), *sorted(agency_topic(agency) for agency in agencies),
        ]

    def _oversight(self) -> list[str]:
        """Both sides of the wall when the case goes through it."""
        return sorted({*oversight(self._before["domain"]), *oversight(self.case.domain)})

    def remind(self, row: Clock) -> None:
        """One reminder of a clock goes out with this work."""
        self._reminders.append(row)

    def _said(self, row: Clock) -> dict[str, Any]:
        rule = self.clocks.rules[row.key]
        return {"obligation": row.key, "label": rule.label.vi, "label_en": rule.label.en, "late": row.breached_at is not None}

    def _clock_act(self, kind: str, row: Clock, **more: Any) -> Act:
        rule = self.clocks.rules[row.key]
        return draft(
            kind, "case", self.case.pk, SYSTEM, self.now, None,
            {**more, "clock": row.key, "round": row.round, "due_at": row.due_at.isoformat(), "late": rule.marks_late,
             **({"part_of": row.agency_id} if row.participant_id else {})},
            rule.label.vi, self.topics(),
        )


@contextmanager
def on(case: Case | int, actor: Actor, now: datetime, version: int | None = None) -> Iterator[Work]:
    """Lock a case for one verb; on leaving, everything the verb did is written together with its act.

    Clocks that ran out before `now` are breached first, whether or not the sweeper has come by: what is done late is
    late. Whatever refuses inside (lifecycle, edition, the verb itself), nothing is written.
    Raises Stale when the case changed since `version`, Refused, Case.DoesNotExist.
    """
    with transaction.atomic():
        locked = lock(case if isinstance(case, int) else case.pk)
        if version is not None and locked.version != version:
            raise Stale
        work = Work(locked, actor, now)
        try:
            yield work
        except NotAllowed as wrong:
            if actor.roles & AGENCY_ROLES and not work.roles & AGENCY_ROLES:
                raise Refused(rules.NOT_YOUR_AGENCY) from wrong
            raise
        work.finish()


@written_once
def _locked(*, case: int) -> QuerySet[Case]:
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("edition", "conversation", "hotline__calendar__base", "agency__calendar__base")
        .defer("search", "edition__document", "hotline__document").filter(pk=case)
    )  # fmt: skip


def lock(case_id: int) -> Case:
    """The case row, locked until the transaction ends, with what every verb needs of its surroundings.
    Raises Case.DoesNotExist."""
    if found := _locked(case=case_id):
        return found[0]
    raise Case.DoesNotExist(case_id)


def usable_roles(agency_id: int | None, actor: Actor, now: datetime) -> frozenset[Role]:
    """What the actor may be on a case held by this agency. Roles at an agency are asked of the posts again, inside the
    lock, and count only there: an actor made for another agency, or yesterday, opens nothing."""
    claimed = frozenset(Role(role) for role in actor.roles)
    if actor.kind != "person" or actor.id is None or agency_id is None or not claimed & AGENCY_ROLES:
        return claimed - AGENCY_ROLES
    own = {Role(role) for (role,) in _held(day=timezone.localdate(now), person=actor.id, agency=agency_id)}
    return (claimed - AGENCY_ROLES) | (claimed & own)


@written_once
def _held(*, day: date, person: int, agency: int) -> QuerySet[Post, tuple[str]]:
    held = posts_on(day).filter(person=person, agency=agency, role__in=sorted(str(role) for role in AGENCY_ROLES))
    return held.values_list("role")


def _columns(case: Case) -> dict[str, Any]:
    deferred = case.get_deferred_fields()
    return {
        field.attname: getattr(case, field.attname)
        for field in case._meta.concrete_fields
        if not field.generated and not field.primary_key and field.attname not in deferred
    }


def _plain(value: Any) -> Any:
    """A column as JSON keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.pk if isinstance(value, Model) else value
