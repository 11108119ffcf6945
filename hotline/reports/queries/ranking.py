"""Agencies beside each other: what they hold, answered, answered late, sent back, and what people said of it.

Counted on what happened in the period: an answer in the period it was sent, a return in the period it was made. Ranked by
the share of answers in time, then by fewer returns; what ran out in or before the period and is still owed counts as not in
time, so that nobody rises by not answering. Agencies that owed no answer come last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Avg, Count, F, Q

from hotline.cases.models import Answer, Assignment, Case
from hotline.hotlines.models import Hotline
from hotline.organisation.models import Agency
from hotline.people.rules import Viewer
from hotline.regulation.periods import Period
from hotline.reports.queries import cases_in


@dataclass(frozen=True, slots=True)
class Ranked:
    """One agency. `received`: cases of the period that it holds; `late`: answers sent after the case had become overdue;
    `late_open`: its cases that became overdue before the period ended and are open still; `returned`: how often it sent cases
    back; `stars`: mean of the ratings."""

    agency: Agency
    received: int = 0
    answered: int = 0
    late: int = 0
    late_open: int = 0
    returned: int = 0
    reopened: int = 0
    refused: int = 0
    stars: float | None = None

    @property
    def on_time(self) -> float | None:
        """Per cent in time of what was answered or is overdue without an answer."""
        owed = self.answered + self.late_open
        return 100 * (self.answered - self.late) / owed if owed else None


def ranking(viewer: Viewer, hotline: Hotline, period: Period) -> list[Ranked]:
    """Every agency that did or owes something, the best first. Five questions, bounded by the period and by what is late
    now."""
    cases = Case.objects.visible_to(viewer).filter(hotline=hotline)
    inside = {"case__in": cases}
    returned = Assignment.objects.filter(returned=True, until__gte=period.start, until__lt=period.end, **inside)
    sent = Answer.objects.filter(
        state=Answer.State.SENT, sent_at__gte=period.start, sent_at__lt=period.end, case__agency__isnull=False, **inside
    )
    found: dict[int, dict[str, int | float | None]] = {}

    def put(rows: object, of: str) -> None:
        for row in rows:  # type: ignore[attr-defined]
            found.setdefault(row.pop(of), {}).update(row)

    put(cases_in(viewer, hotline, period).filter(agency__isnull=False).values("agency_id").annotate(received=Count("id")),
        "agency_id")  # fmt: skip
    put(returned.values("agency_id").annotate(returned=Count("id")), "agency_id")
    put(
        sent.values("case__agency_id").annotate(
            answered=Count("id", distinct=True),
            late=Count("id", filter=Q(case__late_at__lt=F("sent_at")), distinct=True),
            reopened=Count("id", filter=Q(case__round__gt=F("round")), distinct=True),
            refused=Count("id", filter=~Q(ground=""), distinct=True),
            stars=Avg("case__ratings__stars", filter=Q(case__ratings__round=F("round"))),
        ),
        "case__agency_id",
    )  # fmt: skip
    late = cases.open().filter(late_at__isnull=False, late_at__lt=period.end, agency__isnull=False)
    put(late.values("agency_id").annotate(late_open=Count("id")), "agency_id")
    agencies = Agency.objects.in_bulk(found)
    return sorted((_ranked(agencies[pk], counts) for pk, counts in found.items()), key=_place)


def _ranked(agency: Agency, counts: Mapping[str, int | float | None]) -> Ranked:
    return Ranked(agency, **counts)  # type: ignore[arg-type]


def _place(row: Ranked) -> tuple[bool, float, int, int, str]:
    return (row.on_time is None, -(row.on_time or 0), row.returned, -row.answered, row.agency.name)
