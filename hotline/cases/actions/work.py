"""The skeleton every verb stands on: lock the case, decide, write, raise the version, record one act, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from hotline.cases import rules
from hotline.cases.clocks import Clocks, clocks_of
from hotline.cases.models import Case, Clock
from hotline.hotlines.queries import regulation_of
from hotline.journal.actions import draft, record_all
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM, Actor
from hotline.live.rules import DESK, OVERSIGHT, agency_topic, case_topic, conversation_topic
from hotline.people.queries import posts_on
from hotline.people.rules import AGENCY_ROLES
from hotline.refusals import Refused, Stale
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.labels import Label
from hotline.regulation.levels import level_of
from hotline.regulation.lifecycle import NotAllowed, Role, State, Step

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
        self.roles = _usable_roles(case, actor, now)
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
        roles, states = rules.EXTRA[kind]
        if not roles & self.roles or (states is not None and self._was not in states):
            what = rules.ACT_LABELS[kind]
            raise Refused(
                Label(
                    f"Ông/Bà không thể “{what.vi}” khi phiếu ở trạng thái “{self._was.label.vi}”.",
                    f"You cannot do “{what.en}” while the case is “{self._was.label.en}”.",
                )
            )
        self.kind = kind

    def rise_to(self, role: Role) -> None:
        """The case has come to this role's level of the edition's ladder; it never goes down again."""
        level = level_of(self.edition.levels, [role])
        if level is not None:
            self.case.level = max(self.case.level, level.number)

    def finish(self) -> None:
        """Write the case, its clocks and the acts."""
        case = self.case
        if self._step is not None:
            self.clocks.take(self._step, self.now)
            for trigger in self.triggers:
                self.clocks.step(trigger, self.now)
            if case.state == State.CLOSED:
                self.clocks.cancel_all(self.now)
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
        acts += [self._clock_act("case.obligation_owed", row) for row in begun]
        if self.kind:
            told = [name for name in changed if name not in _SILENT]
            acts.append(
                draft(
                    self.kind, "case", case.pk, self.actor, self.now, {name: _plain(self._before[name]) for name in told},
                    {**{name: _plain(columns[name]) for name in told}, **self.after}, self.note, self.topics(),
                )
            )
        if acts:
            record_all(acts)

    def topics(self) -> list[str]:
        """Who listens: the case, its conversation, the agencies that hold or held it, the desk when it is its turn."""
        agencies = {self._before["agency_id"], self.case.agency_id} - {None}
        desk = {self._was, State(self.case.state)} & rules.DESK_STATES
        return [
            case_topic(self.case.pk), conversation_topic(self.case.conversation_id), OVERSIGHT,
            *([DESK] if desk else []), *sorted(agency_topic(agency) for agency in agencies),
        ]

    def remind(self, row: Clock) -> None:
        """One reminder of a clock goes out with this work."""
        self._reminders.append(row)

    def _said(self, row: Clock) -> dict[str, Any]:
        rule = self.clocks.rules[row.key]
        return {"obligation": row.key, "label": rule.label.vi, "label_en": rule.label.en, "late": row.breached_at is not None}

    def _clock_act(self, kind: str, row: Clock) -> Act:
        rule = self.clocks.rules[row.key]
        return draft(
            kind, "case", self.case.pk, SYSTEM, self.now, None,
            {"clock": row.key, "round": row.round, "due_at": row.due_at.isoformat(), "late": rule.marks_late},
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


def lock(case_id: int) -> Case:
    """The case row, locked until the transaction ends, with what every verb needs of its surroundings."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("edition", "conversation", "hotline__calendar__base", "agency__calendar__base")
        .defer("search", "edition__document", "hotline__document")
        .get(pk=case_id)
    )


def _usable_roles(case: Case, actor: Actor, now: datetime) -> frozenset[Role]:
    """What the actor may be on this case. Roles at an agency are asked of the posts again, inside the lock, and count
    only where that agency holds the case: an actor made for another agency, or yesterday, opens nothing."""
    claimed = frozenset(Role(role) for role in actor.roles)
    if actor.kind != "person" or actor.id is None or case.agency_id is None or not claimed & AGENCY_ROLES:
        return claimed - AGENCY_ROLES
    held = posts_on(timezone.localdate(now)).filter(
        person_id=actor.id, agency_id=case.agency_id, role__in=[str(role) for role in AGENCY_ROLES]
    )
    own = {Role(role) for role in held.values_list("role", flat=True)}
    return (claimed - AGENCY_ROLES) | (claimed & own)


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
