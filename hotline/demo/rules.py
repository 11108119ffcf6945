"""Reports of the demonstration as the pack writes them, and when each step of theirs happened: arithmetic, no clock."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hotline.regulation.limits import Limit, WorkingDays, WorkingHours
from hotline.regulation.working_time import WorkCalendar

_DAY = re.compile(r"\{d(?:([+-]\d+))?\}")

# Working hours after the agency received the case: on time, and late, where the focal person has eight. Another limit
# stretches them: see Pace.
_STEPS: dict[str, tuple[float, float]] = {
    "accept": (0.4, 2.5),
    "verify": (1.1, 4.0),
    "first_return": (1.0, 3.0),
    "second_receipt": (1.5, 4.0),
    "second_return": (2.4, 6.5),
    "reschedule": (2.2, 4.0),
    "withdraw": (4.0, 6.0),
    "take_over": (2.6, 10.0),
    "submit": (3.4, 11.5),
    "approve": (4.6, 14.0),
}
# The last step that brings a case into a state, so that it lies before the present.
_LAST: dict[str, str] = {
    "assigned": "", "in_progress": "accept", "verifying": "verify", "returned": "first_return",
    "awaiting_decision": "second_return", "with_head": "take_over", "awaiting_approval": "submit", "answered": "approve",
    "reopen_requested": "approve", "closed": "approve",
}
_FOCAL_PERSON_OWES = {"assigned", "in_progress", "verifying", "returned", "awaiting_decision", "awaiting_approval"}
_HOURS = 8.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the agency has under this regulation. In working hours: `over` after which its limit has run out whatever
    came between, `within` before which it has not; `slow` and `quick` stretch the hours of late and timely steps."""

    over: float = 9.5
    within: float = 6.6
    slow: float = 1.0
    quick: float = 1.0
    head: float = 40.0  # what the head surely has, once it is with them


def pace_of(limit: Limit, calendar: WorkCalendar, now: datetime, head: Limit | None = None) -> Pace:
    """The pace of an agency with this limit and calendar, its head with that one. Whole days may begin late and end early,
    so they get a margin."""
    pace = _pace(limit, calendar, now)
    if isinstance(head, WorkingHours):
        return dataclasses.replace(pace, head=head.hours * 0.85)
    if isinstance(head, WorkingDays):
        return dataclasses.replace(pace, head=head.days * _working_day(calendar, now) * 0.85)
    return pace


def _pace(limit: Limit, calendar: WorkCalendar, now: datetime) -> Pace:
    if isinstance(limit, WorkingHours):
        part = limit.hours / _HOURS
        return Pace(9.5 * part, 6.6 * part, part, part)
    day = _working_day(calendar, now)
    if isinstance(limit, WorkingDays):
        over = (limit.days + 1) * day
        return Pace(over + 1.5, max(0.6, limit.days - 1.2) * day, (over + 1) / 8.9, max(0.6, limit.days - 0.6) * day / _HOURS)
    part = calendar.elapsed(now - limit.duration, now).total_seconds() / 3600 / _HOURS or 0.25
    return Pace(9.5 * part + day, 5.0 * part, (9.5 * part + day) / 8.9, 0.8 * part)


def _working_day(calendar: WorkCalendar, now: datetime) -> float:
    """The hours of one working day, as the last four weeks had them."""
    days = [(now - timedelta(days=n)).astimezone(calendar.zone).date() for n in range(28)]
    worked = sum(calendar.is_working_day(day) for day in days) or 1
    return calendar.elapsed(now - timedelta(days=28), now).total_seconds() / 3600 / worked


@dataclass(frozen=True, slots=True)
class DemoReport:
    """One report as reports.toml has it; the comments there say what each key means."""

    title: str
    text: str
    kind: str
    field: str
    area: str
    place: str
    reporter: Mapping[str, str]
    channel: str
    hours_ago: float
    state: str
    public: bool = False
    agency: str = ""
    overdue: bool = False
    urgent: bool = False
    incomplete: bool = False
    missing: tuple[str, ...] = ()
    returns: tuple[Mapping[str, str], ...] = ()
    reschedule: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    verification: str = ""
    head_note: str = ""
    outcome: str = ""
    answer: str = ""
    scheduled_days: int = 0
    refused: str = ""
    where_to_go: str = ""
    rating: int = 0
    rating_words: str = ""
    reopen_words: str = ""
    merged_into: str = ""
    reason: str = ""
    hotline: str = ""  # key; the first of the pack where none is named
    at_once: str = ""  # what the call-taker answered at level 1: no case comes of it
    mode: str = ""  # how the case is answered, where the edition knows modes
    raised: str = ""  # why it was raised to the next level


def read_report(table: Mapping[str, Any]) -> DemoReport:
    """A [[reports]] table. Raises TypeError for a key nobody knows or one that is missing."""
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    return DemoReport(**values)


def fill_days(text: str, day: date) -> str:
    """The answer with its days: "{d}" the day it was given, "{d+3}" three days later, as dd/mm/yyyy."""
    return _DAY.sub(lambda found: f"{day + timedelta(days=int(found[1] or 0)):%d/%m/%Y}", text.strip())


@dataclass(frozen=True, slots=True)
class Plan:
    """When the steps of one report happened. `haste` spreads them a little, so that no two cases look alike."""

    received: datetime
    forwarded: datetime
    now: datetime
    late: bool
    haste: float
    calendar: WorkCalendar
    pace: Pace = Pace()

    def at(self, step: str) -> datetime:
        """The moment of a step of the agency: within its working hours."""
        hours = _STEPS[step][self.late] * self.haste * (self.pace.slow if self.late else self.pace.quick)
        return self.calendar.add(self.calendar.next_working(self.forwarded), timedelta(hours=hours))

    def promised(self, report: DemoReport) -> datetime:
        """The afternoon the citizen was promised (hẹn lại)."""
        day = (self.now + timedelta(days=report.reschedule["days"])).astimezone(self.calendar.zone).date()
        return self.calendar.next_working(datetime.combine(day, time(16), self.calendar.zone))

    def rated(self, answered: datetime, closes: datetime | None, recent: bool) -> datetime:
        """When the citizen rated: the evening after, or a few hours ago where that is still open to them."""
        soon = answered + timedelta(hours=26 * self.haste)
        lately = self.now - timedelta(hours=9 * self.haste)
        wanted = max(soon, lately) if recent else soon
        latest = min(self.now - timedelta(minutes=20), closes - timedelta(hours=2) if closes else self.now)
        return max(min(wanted, latest), answered + min(timedelta(hours=1), (self.now - answered) / 3))


def plan(report: DemoReport, number: int, now: datetime, calendar: WorkCalendar, pace: Pace = Pace()) -> Plan:
    """Place a report in the past: about `hours_ago`, moved so far that in working time it stands as its flags say.

    Two hours ago on a Sunday nobody could have accepted it; ninety hours ago, over Tết, eight working hours may not have
    passed yet.
    """
    haste = 0.9 + (number * 7 % 5) * 0.05
    desk = {"phone": 6, "web": 25}.get(report.channel, 18) + number % 7
    delay = timedelta(minutes=min(desk, report.hours_ago * 60 * 0.4))
    received = now - timedelta(hours=report.hours_ago)
    if report.hours_ago > 24 and not 6 <= (hour := received.astimezone(calendar.zone).hour) <= 21:
        received -= timedelta(hours=(hour - 19) % 24)  # some call at night, not half of them
    if report.agency:
        last = "reschedule" if report.reschedule and not report.answer else _LAST.get(report.state, "")
        stretch = pace.slow if report.overdue else pace.quick
        needed = _STEPS[last][report.overdue] * haste * stretch + 0.3 if last else 0.0
        if report.overdue:
            needed = max(needed, pace.over)
        if needed:
            received = min(received, calendar.add(now, timedelta(hours=-needed)) - delay)
        if not report.overdue and not report.reschedule and report.state in _FOCAL_PERSON_OWES:
            received = max(received, calendar.add(now, timedelta(hours=-pace.within)) - delay)
        if not report.overdue and report.state == "with_head":
            hours = _STEPS["take_over"][False] * haste * pace.quick + pace.head
            received = max(received, calendar.add(now, timedelta(hours=-hours)) - delay)
    return Plan(received, received + delay, now, report.overdue, haste, calendar, pace)
