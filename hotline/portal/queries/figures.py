"""Honest figures: what came in, what was answered, what was late, what is late now. By month, agency and field.

Every question is bounded by one month of an index or by the cases that are late now; answers are counted as they were
sent, so that a reopened case does not improve the month it was first answered in.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from hotline.cases.models import Answer, Case, Clock, Rating
from hotline.cases.rules import cursor_of, read_cursor
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Field, Hotline
from hotline.organisation.models import Agency
from hotline.portal.rules import share
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ClockState
from hotline.reports.queries import period_of

NOW_SECONDS = 60  # how old figures of the current month may be
PAST_SECONDS = 3600  # and of a month that is over: ratings and reopenings still come in
_COUNTED = ("received", "answered", "late", "late_open", "reopened", "stars", "raters")


@dataclass(slots=True)
class Tally:
    """Counts of one agency, field or month. `answered` are answers sent; `late` those of them sent after the case had
    become overdue; `late_open` cases overdue and unanswered at this moment, whenever they came."""

    received: int = 0
    answered: int = 0
    late: int = 0
    late_open: int = 0
    reopened: int = 0
    stars: int = 0
    raters: int = 0

    @property
    def on_time(self) -> float | None:
        """Per cent of the answers that were in time."""
        return share(self.answered - self.late, self.answered)

    @property
    def reopen_rate(self) -> float | None:
        """Per cent of the answers after which the case was taken up again."""
        return share(self.reopened, self.answered)

    @property
    def satisfaction(self) -> float | None:
        """Mean of the stars, 1 to 5."""
        return self.stars / self.raters if self.raters else None

    def add(self, other: Tally) -> None:
        """Put another's counts on top."""
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Month:
    """The figures of one month. Keys of `cells`: (agency id or None for the hotline itself, field id)."""

    first: date
    contacts: int
    cells: dict[tuple[int | None, int], Tally] = field(default_factory=dict)

    @property
    def total(self) -> Tally:
        return _sum(self.cells.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    name: Label
    tally: Tally


@dataclass(frozen=True, slots=True)
class Late:
    """One case that is late now, told without its words: they were not published yet. Of a case behind a wall that nobody
    may publish, the field of the first level alone and no commune. `agency`: the hotline where no agency has it yet."""

    field: Label
    area: str
    agency: str
    received_at: datetime
    late_at: datetime
    promised_at: datetime | None


def month(hotline_id: int, first: date, today: date) -> Month:
    """The figures of a month; at most a minute old for the current one, an hour for others."""
    seconds = NOW_SECONDS if (first.year, first.month) == (today.year, today.month) else PAST_SECONDS
    return cast(Month, cache.get_or_set(f"figures:{hotline_id}:{first:%Y-%m}", lambda: _count(hotline_id, first), seconds))


@dataclass(frozen=True, slots=True)
class LatePage:
    """One page, the longest late first; `next` is the cursor of the following page, empty on the last."""

    cases: list[Late]
    next: str = ""


def late_now(after: str = "", limit: int = 50, *, hotline_id: int | None = None) -> LatePage:
    """One page of the cases of every hotline, or of one, that are overdue at this moment. One query, by index."""
    rows = (
        _late_open(hotline_id).select_related("field__parent", "area", "agency", "hotline")
        .only("late_at", "received_at", "promised_at", "public", "domain", "field__vi", "field__en", "field__public",
              "field__parent__vi", "field__parent__en", "area__name", "agency__name", "hotline__name")
        .order_by("late_at", "id")
    )  # fmt: skip
    start = read_cursor(after)
    if start and start[0] is not None:
        at, pk = start
        rows = rows.filter(Q(late_at__gt=at) | Q(late_at=at, pk__gt=pk), late_at__gte=at)
    found = list(rows[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    return LatePage([_late(case) for case in found], cursor_of(found[-1].late_at, found[-1].pk) if more else "")


def _late(case: Case) -> Late:
    assert case.late_at is not None, "only late cases are listed"
    # Two small fields and a commune may tell whose case it is; behind a wall that is for its supervisor alone.
    walled = bool(case.domain) and not (case.public or case.field.public)
    return Late(
        _label(case.field.parent or case.field if walled else case.field), case.area.name if case.area and not walled else "",
        case.agency.name if case.agency else case.hotline.name, case.received_at, case.late_at, case.promised_at,
    )  # fmt: skip


def by_agency(figures: Month, hotline: Hotline) -> list[Line]:
    """One line an agency, those with most answers first; the hotline's own answers under its name."""
    tallies: dict[int | None, Tally] = defaultdict(Tally)
    for (agency_id, _field), tally in figures.cells.items():
        tallies[agency_id].add(tally)
    names = Agency.objects.in_bulk([pk for pk in tallies if pk])
    own = Label(hotline.short_name, hotline.short_name)
    lines = [Line(Label(names[pk].name, names[pk].name) if pk else own, tally) for pk, tally in tallies.items()]
    return sorted(lines, key=lambda line: (-line.tally.answered, -line.tally.received, line.name.vi))


def by_field(figures: Month, hotline: Hotline) -> list[Line]:
    """One line a field of the first level, in the order of the list."""
    fields = {f.pk: f for f in Field.objects.filter(hotline=hotline)}
    tallies: dict[int, Tally] = defaultdict(Tally)
    for (_agency, field_id), tally in figures.cells.items():
        tallies[fields[field_id].parent_id or field_id].add(tally)
    tops = sorted(tallies, key=lambda pk: (fields[pk].position, pk))
    return [Line(_label(fields[pk]), tallies[pk]) for pk in tops]


def table(figures: Month, hotline: Hotline) -> list[tuple[str, str, Tally]]:
    """Every cell: agency, field, counts; for the file to download."""
    fields = {f.pk: f for f in Field.objects.filter(hotline=hotline)}
    names = Agency.objects.in_bulk([agency_id for agency_id, _ in figures.cells if agency_id])
    rows = [
        (names[agency_id].name if agency_id else hotline.short_name, fields[field_id].vi, tally)
        for (agency_id, field_id), tally in figures.cells.items()
    ]
    return sorted(rows, key=lambda row: row[:2])


def words(hotline: Hotline, first: date) -> Label | None:
    """From when to when a month counts, where it is not the calendar's."""
    period, rule = period_of(hotline, first)
    return None if rule.calendar_month else rule.words(period)


def _count(hotline_id: int, first: date) -> Month:
    start, end = _bounds(hotline_id, first)
    cells: dict[tuple[int | None, int], Tally] = defaultdict(Tally)

    def put(rows: Any, agency: str = "agency", of_field: str = "field") -> None:
        for row in rows:
            tally = cells[row.pop(agency), row.pop(of_field)]
            for name, value in row.items():
                setattr(tally, name, value or 0)

    cases = Case.objects.filter(hotline_id=hotline_id)
    put(cases.filter(received_at__gte=start, received_at__lt=end).values("agency", "field").annotate(received=Count("pk")))
    put(_late_open(hotline_id).values("agency", "field").annotate(late_open=Count("pk")))
    sent = Answer.objects.filter(
        state=Answer.State.SENT, sent_at__gte=start, sent_at__lt=end, case__hotline_id=hotline_id
    )
    put(
        sent.values("case__agency", "case__field").annotate(
            answered=Count("pk"), late=Count("pk", filter=Q(case__late_at__lt=F("sent_at"))),
            reopened=Count("pk", filter=Q(case__round__gt=F("round"))),
        ),
        "case__agency", "case__field",
    )  # fmt: skip
    rated = Rating.objects.filter(
        case__hotline_id=hotline_id, case__answers__state=Answer.State.SENT, case__answers__round=F("round"),
        case__answers__sent_at__gte=start, case__answers__sent_at__lt=end,
    )
    # Named aside: a group and an annotation may not both be called "stars".
    for row in rated.values("case__agency", "case__field").annotate(given=Sum("stars"), people=Count("pk")):
        tally = cells[row["case__agency"], row["case__field"]]
        tally.stars, tally.raters = row["given"], row["people"]
    contacts = Conversation.objects.filter(hotline_id=hotline_id, opened_at__gte=start, opened_at__lt=end).count()
    return Month(first, contacts, dict(cells))


def _late_open(hotline_id: int | None) -> QuerySet[Case]:
    """Open cases of one hotline or of all with a duty that has run out and is still owed. What was late once and has been
    taken up again with new clocks is not late at this moment."""
    broken = Clock.objects.filter(case=OuterRef("pk"), state=str(ClockState.BREACHED))
    rows = Case.objects.open().filter(Exists(broken), late_at__isnull=False)
    return rows if hotline_id is None else rows.filter(hotline_id=hotline_id)


def _bounds(hotline_id: int, first: date) -> tuple[datetime, datetime]:
    """A month as the hotline's regulation counts it: from its first moment to the first of the next."""
    period, _rule = period_of(Hotline.objects.get(pk=hotline_id), first)
    return period.start, period.end


def _sum(tallies: Any) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _label(row: Field) -> Label:
    return Label(row.vi, row.en or row.vi)
