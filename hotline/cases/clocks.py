"""Clock rows and the regulation's clock values: one to the other, and what a step does to the clocks of a case.

Callers hold the lock on the case row; whoever changes a clock locks its case first, so no two meet on one case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from hotline.calendars.queries import work_calendar, work_calendar_of
from hotline.cases import rules
from hotline.cases.models import Case, Clock, Obligation, Participation
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import regulation_of
from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.lifecycle import ClockState, State
from hotline.regulation.obligations import owed_in
from hotline.regulation.triggers import mode_trigger
from hotline.regulation.working_time import WorkCalendar
from hotline.rows import write as write_rows

_COLUMNS = ("due_at", "paused_at", "resumed_at", "remaining", "breached_at", "met_at", "cancelled_at", "promised")


def rules_of(edition: Regulation, mode: str | None = None) -> dict[str, ClockRule]:
    """The clock rules of an edition by key: its clocks, those of its obligations (of a case answered in `mode` only those
    it can owe ever start), and the promise that rescheduling makes."""
    return {rule.key: rule for rule in (*edition.clocks, *edition.obligation_clocks(mode), rules.PROMISE)}


def rule_of(edition: Edition, key: str) -> ClockRule:
    """The rule of one clock of a case's edition, the promise included. Raises KeyError."""
    return rules_of(regulation_of(edition))[key]


def value_of(row: Clock, rule: ClockRule) -> regulation.Clock:
    """A row as the value the regulation reckons with."""
    return regulation.Clock(
        key=row.key, limit=rule.limit, started_at=row.started_at, round=row.round, state=ClockState(row.state),
        **{name: getattr(row, name) for name in _COLUMNS},
    )


def write(row: Clock, value: regulation.Clock, rule: ClockRule, calendar: WorkCalendar, now: datetime) -> Clock:
    """Put a value into its row (not yet saved) and find the next moment the sweeper has to look at it.

    Where the due moment moved, warnings before `now` are taken as given: nobody is warned of the past.
    """
    moved = row.pk is None or row.due_at != value.due_at
    row.state = str(value.state)
    for name in _COLUMNS:
        setattr(row, name, getattr(value, name))
    if value.state != ClockState.RUNNING:
        row.next_at = None
        return row
    moments = regulation.warnings(value, rule, calendar)
    if moved:
        row.warned = sum(moment <= now for moment in moments)
    row.next_at = moments[row.warned] if row.warned < len(moments) else value.due_at
    return row


class Clocks:
    """All clocks of one locked case: what a step, a promise or the time does to them, then one `save`."""

    def __init__(self, case: Case, edition: Regulation, rows: Iterable[Clock]) -> None:
        self.case = case
        self.edition = edition
        self.rules = rules_of(edition, case.mode)
        self.rows = list(rows)
        self._calendars: dict[int, WorkCalendar] = {}
        for body in (case.hotline, case.agency):
            # Read together with the case: no query of its own.
            if body and type(body).calendar.is_cached(body) and body.calendar:
                self._calendars[body.calendar.pk] = work_calendar_of(body.calendar)
        self._dirty: dict[int, Clock] = {}
        self._owing = {rule.key: rule for rule in edition.obligations}

    def calendar(self, calendar_id: int) -> WorkCalendar:
        """A calendar as a value, read once."""
        if calendar_id not in self._calendars:
            self._calendars[calendar_id] = work_calendar(calendar_id)
        return self._calendars[calendar_id]

    @property
    def holder_calendar_id(self) -> int:
        """The calendar that new clocks count on: the agency's that holds the case, else the hotline's."""
        agency = self.case.agency
        return (agency.calendar_id if agency else None) or self.case.hotline.calendar_id

    @property
    def holder_calendar(self) -> WorkCalendar:
        return self.calendar(self.holder_calendar_id)

    def take(self, step: str, now: datetime) -> None:
        """A step of the lifecycle: what it does to the clocks, after the response mode it chooses by itself, if any."""
        chosen = self.edition.mode_by(step) if not self.case.mode else None
        if chosen is not None:
            self.answer_in(chosen, now)
        self.step(step, now)
        if chosen is not None:
            self.step(mode_trigger(chosen), now)

    def answer_in(self, mode: str, now: datetime) -> None:
        """The case is answered in another mode: what only the old one made owed is lifted, unless it ran out; what both
        make owed runs on as it stands."""
        self.case.mode = mode
        self.rules = rules_of(self.edition, mode)
        for row in self.rows:
            rule = self._owing.get(row.key)
            if rule and row.state != ClockState.BREACHED and not owed_in(rule, self.edition.modes, mode):
                self._put(row, regulation.cancel(value_of(row, self.rules[row.key]), now), now)

    def step(self, step: str, now: datetime, at: datetime | None = None) -> None:
        """Apply a step of the lifecycle, or `expire:<clock>` with its due moment as `at`.

        A running clock keeps the calendar it was started on, whoever holds the case: an agency with other hours takes
        over the due moment as it stands. Otherwise moving a case to an office that works less would win time, and
        "the original clock runs on" (Quy chế 1519; domain 3.3) would be broken by the back door.
        """
        moment = at or now
        written = tuple(self.rules.values())
        # Cooperating agencies each have their own clock of one key, so each is looked at by itself.
        by_calendar: dict[tuple[int, int | None], dict[tuple[str, int], Clock]] = {}
        for row in self.rows:
            if ClockState(row.state) in regulation.UNFINISHED:
                by_calendar.setdefault((row.calendar_id, row.participant_id), {})[row.key, row.round] = row
        for (calendar_id, _), rows in by_calendar.items():
            calendar = self.calendar(calendar_id)
            values = [value_of(row, self.rules[row.key]) for row in rows.values()]
            for value in regulation.apply_step(written, values, step, moment, calendar):
                # What changed comes first and bears the name of an unfinished row; what would start is seen to below.
                if (value.key, value.round) in rows:
                    self._put(rows.pop((value.key, value.round)), value, now)
        everything = [value_of(row, self.rules[row.key]) for row in self.rows]
        for value in regulation.apply_step(written, everything, step, moment, self.holder_calendar):
            if value.state == ClockState.RUNNING and not any(
                row.key == value.key and row.round == value.round and row.state in regulation.UNFINISHED
                for row in self.rows
            ):
                self._start(value, now)

    def promise(self, until: datetime, now: datetime) -> None:
        """The citizen was promised `until`: the clocks the edition moves get it, and one clock keeps the promise itself
        until the answer goes out."""
        for row in self.rows:
            if row.key in self.edition.reschedule.moves:
                self._put(row, regulation.promise(value_of(row, self.rules[row.key]), until), now)
            elif row.key == rules.PROMISE.key:  # the former promise is owed no more; if it was broken, it stays broken
                self._put(row, regulation.cancel(value_of(row, rules.PROMISE), now), now)
        self._promise(until, now)

    def _promise(self, until: datetime, now: datetime) -> None:
        rule = rules.PROMISE
        self._start(
            regulation.Clock(
                key=rule.key, limit=rule.limit, started_at=now, due_at=until, round=self.case.round, promised=True
            ),
            now,
        )

    def run_out(self, now: datetime) -> list[Clock]:
        """Breach every clock that is past its due moment, earliest first, with what its expiry starts; returns them."""
        breached = []
        while past := [r for r in self.rows if regulation.is_past(value_of(r, self.rules[r.key]), now)]:
            row = min(past, key=lambda r: (r.due_at, r.pk or 0))
            self._put(row, regulation.breach(value_of(row, self.rules[row.key])), now)
            self.step(regulation.expiry_of(row.key), now, at=row.due_at)
            breached.append(row)
            if self.rules[row.key].marks_late and self.case.late_at is None:
                self.case.late_at = row.breached_at  # the first breach, and never taken back: trễ hạn stays
        return breached

    def cancel_all(self, now: datetime) -> None:
        """The case has ended: nobody handles it any more. What is owed besides stays owed until it is met, or lifted by a
        step its own rule names: no case is closed over an unwritten letter in silence."""
        for row in self.rows:
            if row.key in self._owing:
                continue
            self._put(row, regulation.cancel(value_of(row, self.rules[row.key]), now), now)

    def give_to(self, agency_id: int) -> None:
        """Whoever holds the case now owes what the agency's clocks say, whenever they began."""
        for row in self.rows:
            if row.state in regulation.UNFINISHED and self.rules[row.key].owner in rules.AGENCY and not row.participant_id:
                row.agency_id = agency_id
                self.touch(row)

    def cooperate(self, part: Participation, key: str, now: datetime) -> None:
        """Another agency was asked for its part: its own clock, from its own receipt, on its own calendar."""
        calendar_id = part.agency.calendar_id or self.case.hotline.calendar_id
        rule, calendar = self.rules[key], self.calendar(calendar_id)
        row = Clock(
            case=self.case, key=key, round=self.case.round, agency_id=part.agency_id, participant=part,
            calendar_id=calendar_id, started_at=now,
        )
        self.rows.append(row)
        self.touch(write(row, regulation.start(rule, now, calendar, self.case.round), rule, calendar, now))

    def end_parts(self, now: datetime, part_id: int | None = None, met: bool = False) -> None:
        """A cooperating agency has done its part (`met`), or owes it no more; without `part_id` none of them does."""
        end = regulation.meet if met else regulation.cancel
        for row in self.rows:
            if row.participant_id and part_id in (None, row.participant_id):
                self._put(row, end(value_of(row, self.rules[row.key]), now), now)

    def owed(self, kind: str | None = None) -> list[Clock]:
        """The clocks of what is still owed (of one kind), the earliest due first."""
        rows = [row for row in self.rows if row.key in self._owing and row.state in regulation.UNFINISHED]
        return sorted((r for r in rows if kind in (None, self._owing[r.key].kind)), key=lambda r: (r.due_at, r.pk or 0))

    def begun(self) -> list[Clock]:
        """The clocks of obligations that begin with this save."""
        return [row for row in self.rows if row._state.adding and row.key in self._owing]

    def met(self) -> list[Clock]:
        """The clocks of obligations that are met with this save."""
        return [row for row in self._dirty.values() if row.key in self._owing and row.state == ClockState.MET]

    def meet(self, row: Clock, now: datetime) -> None:
        """What was owed is done."""
        self._put(row, regulation.meet(value_of(row, self.rules[row.key]), now), now)

    def commit_to(self, until: datetime, now: datetime) -> None:
        """A progress report promises the citizen the result by `until`: one clock keeps the promise, whoever holds the
        case by then. One that was broken already stays broken."""
        kept = next((r for r in self.rows if r.key == rules.PROMISE.key and r.state in regulation.UNFINISHED), None)
        if kept is None:
            self._promise(until, now)
        else:
            self._put(kept, regulation.promise(value_of(kept, rules.PROMISE), until), now)

    def refresh_case(self) -> None:
        """Copy the most pressing duty to the case, where lists order by it."""
        duty = rules.nearest_duty(
            State(self.case.state),
            (value_of(row, self.rules[row.key]) for row in self.rows if not row.participant_id), self.rules,
        )
        self.case.due_at = duty.due_at if duty else None
        self.case.due_clock = duty.key if duty else ""

    def touch(self, row: Clock) -> None:
        """Have `save` write this row."""
        self._dirty[id(row)] = row

    def save(self, by: dict[str, Any] | None = None, evidence: dict[str, Any] | None = None) -> None:
        """Write what changed: one INSERT for new clocks, one UPDATE each for the others. Of an obligation that is met, `by`
        whom and the `evidence` are kept."""
        new = [row for row in self._dirty.values() if row.pk is None]
        # Those that end are written before those that begin: one unfinished clock of a key at a time.
        for row in self._dirty.values():
            if row.pk is not None:
                row.save(update_fields=[*_COLUMNS, "state", "agency", "warned", "next_at"])
        write_rows(*new)
        for row in self._dirty.values():
            if row.participant_id:  # where their list orders by it
                due = row.due_at if row.state in regulation.UNFINISHED else None
                Participation.objects.filter(pk=row.participant_id).update(due_at=due)
        if self._owing:
            self._save_obligations(new, by or {}, evidence or {})
        self._dirty.clear()

    def _save_obligations(self, new: list[Clock], by: dict[str, Any], evidence: dict[str, Any]) -> None:
        """What is owed follows its clock, where lists order by it."""
        for row in self._dirty.values():
            if row.key not in self._owing or row in new:
                continue
            met = {"met_by": by, "evidence": evidence} if row.state == ClockState.MET else {}
            Obligation.objects.filter(clock=row).update(
                due_at=row.due_at, agency=row.agency_id, met_at=row.met_at, lifted_at=row.cancelled_at, **met
            )
        write_rows(*[
            Obligation(
                case=self.case, key=row.key, kind=str(rule.kind), round=row.round, owner=str(rule.owner),
                agency_id=row.agency_id, clock=row, due_at=row.due_at,
            )
            for row in new if (rule := self._owing.get(row.key))
        ])

    def _put(self, row: Clock, value: regulation.Clock, now: datetime) -> None:
        rule = self.rules[row.key]
        if value_of(row, rule) != value:
            self.touch(write(row, value, rule, self.calendar(row.calendar_id), now))

    def _start(self, value: regulation.Clock, now: datetime) -> None:
        rule, calendar_id = self.rules[value.key], self.holder_calendar_id
        agency_id = self.case.agency_id if rule.owner in rules.AGENCY else None
        row = Clock(
            case=self.case, key=value.key, round=value.round, agency_id=agency_id, calendar_id=calendar_id,
            started_at=value.started_at,
        )
        self.rows.append(row)
        self.touch(write(row, value, rule, self.calendar(calendar_id), now))


def clocks_of(case: Case, edition: Regulation) -> Clocks:
    """The clocks of a locked case: one query."""
    return Clocks(case, edition, case.clocks.order_by("id"))
