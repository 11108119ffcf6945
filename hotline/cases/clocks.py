"""Clock rows and the regulation's clock values: one to the other, and what a step does to the clocks of a case.

Callers hold the lock on the case row; whoever changes a clock locks its case first, so no two meet on one case.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from hotline.calendars.queries import work_calendar, work_calendar_of
from hotline.cases import rules
from hotline.cases.models import Case, Clock, Participation
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import regulation_of
from hotline.regulation import clocks as regulation
from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.lifecycle import ClockState, State
from hotline.regulation.working_time import WorkCalendar
from hotline.rows import write as write_rows

_COLUMNS = ("due_at", "paused_at", "resumed_at", "remaining", "breached_at", "met_at", "cancelled_at", "promised")


def rules_of(edition: Regulation) -> dict[str, ClockRule]:
    """The clock rules of an edition by key, and the promise that rescheduling makes."""
    return {rule.key: rule for rule in (*edition.clocks, rules.PROMISE)}


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
        self.rules = rules_of(edition)
        self.rows = list(rows)
        self._calendars: dict[int, WorkCalendar] = {}
        for body in (case.hotline, case.agency):
            # Read together with the case: no query of its own.
            if body and type(body).calendar.is_cached(body) and body.calendar:
                self._calendars[body.calendar.pk] = work_calendar_of(body.calendar)
        self._dirty: dict[int, Clock] = {}

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
        """Nothing is owed any more: the case has ended."""
        for row in self.rows:
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

    def save(self) -> None:
        """Write what changed: one INSERT for new clocks, one UPDATE each for the others."""
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
        self._dirty.clear()

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
