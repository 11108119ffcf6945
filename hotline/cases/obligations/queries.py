"""What is owed: on one case, and by one person on all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from hotline.calendars.queries import work_calendar_of
from hotline.cases import rules
from hotline.cases.clocks import value_of
from hotline.cases.models import Case, Obligation
from hotline.hotlines.queries import regulation_of
from hotline.people.rules import Viewer
from hotline.regulation import clocks as regulation
from hotline.regulation.edition import Edition
from hotline.regulation.explain import Explanation, explain_clock
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role, Standing
from hotline.regulation.obligations import ObligationRule
from hotline.regulation.working_time import WorkCalendar

_CLOCK = ("clock__calendar__base", "agency")


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as people read it. `remaining` is in the limit's own measure, negative when it is over; zero once it
    is met or lifted. `late`: it ran out once, whatever came after."""

    row: Obligation
    rule: ObligationRule
    who: Label
    agency: str  # empty where the role owes it, not an agency's people
    remaining: timedelta
    standing: Standing
    explanation: Explanation
    late: bool

    @property
    def label(self) -> Label:
        return self.rule.label


@dataclass(frozen=True, slots=True)
class OwedPage:
    """One page of a list; `next` is the cursor of the following page, empty on the last."""

    lines: list[Owed]
    next: str = ""


def obligations_of(case: Case) -> list[Obligation]:
    """Every obligation of a case with its clock, in the order they began: owed, met and lifted. One query."""
    return list(case.obligations.select_related(*_CLOCK).order_by("id"))


def owed_on(case: Case, edition: Edition, now: datetime) -> list[Owed]:
    """The obligations of a case for its page; no query where the edition knows none."""
    return [_owed(row, edition, now) for row in obligations_of(case)] if edition.obligations else []


def owed_list(
    viewer: Viewer, after: str = "", limit: int = 50, *, everybody: bool = False, now: datetime | None = None
) -> OwedPage:
    """One page of what the viewer's posts owe, the earliest due first; with `everybody` all that is owed on the cases they
    see. Each `row` has its `case`."""
    rows = Obligation.objects.visible_to(viewer).owed() if everybody else Obligation.objects.owed_by(viewer)
    start = rules.read_cursor(after)
    if start and start[0] is not None:
        at, pk = start
        rows = rows.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=pk), due_at__gte=at)
    found = list(
        rows.select_related(*_CLOCK, "case__edition", "case__agency")
        .defer("case__search", "case__content", "case__edition__document")
        .order_by("due_at", "id")[: limit + 1]
    )
    moment, more, found = now or timezone.now(), len(found) > limit, found[:limit]
    lines = [_owed(row, regulation_of(row.case.edition), moment) for row in found]
    return OwedPage(lines, rules.cursor_of(found[-1].due_at, found[-1].pk) if more else "")


def _owed(row: Obligation, edition: Edition, now: datetime) -> Owed:
    rule = edition.obligation(row.key)
    value, calendar = value_of(row.clock, rule.clock), _calendar(row)
    return Owed(
        row=row,
        rule=rule,
        who=edition.word(Role(row.owner)),
        agency=row.agency.label if row.agency else "",
        remaining=regulation.remaining(value, now, calendar) if row.is_owed else timedelta(),
        standing=regulation.standing(value, rule.clock, now, calendar) if row.is_owed else Standing.ON_TIME,
        explanation=explain_clock(value, calendar),
        late=value.late,
    )


def _calendar(row: Obligation) -> WorkCalendar:
    return work_calendar_of(row.clock.calendar)
