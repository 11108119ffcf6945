"""Conformance: every duty of the edition, how often it was kept or broken in a period, and the cases behind the counts.

"tiếp nhận, xử lý, trả lời đúng Quy chế": what can be counted from clocks is counted from clocks; what they owe stands on
record whether it was noticed or not, so nothing here depends on anybody's diligence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hotline.cases.models import Answer, Case, Clock
from hotline.conversations.models import Contact
from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import regulation_of
from hotline.people.rules import Viewer
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.lifecycle import ClockState
from hotline.regulation.periods import Period
from hotline.reports import rules
from hotline.reports.queries import cases_in
from hotline.reports.rules import (
    BROKEN,
    DELIVERY,
    GROUNDS,
    KEPT,
    LATE,
    LIFTED,
    OPEN,
    RESCHEDULES,
    RETURNS,
    RUNNING,
    Line,
)

_BREACHED = Q(breached_at__isnull=False)
_CLOCK: dict[str, Q] = {
    KEPT: Q(met_at__isnull=False) & ~_BREACHED,
    LATE: _BREACHED & (Q(met_at__isnull=False) | Q(cancelled_at__isnull=False)),
    OPEN: _BREACHED & Q(met_at__isnull=True, cancelled_at__isnull=True),
    RUNNING: Q(state__in=[str(ClockState.RUNNING), str(ClockState.PAUSED)]) & ~_BREACHED,
    LIFTED: Q(cancelled_at__isnull=False) & ~_BREACHED,
}
_D = Contact.Delivery


def conformance(viewer: Viewer, hotline: Hotline, period: Period) -> list[tuple[Edition, list[Line]]]:
    """The lines of every edition under which cases of the period were received, the latest first: four questions."""
    cases = cases_in(viewer, hotline, period)
    clocks: dict[int, dict[str, dict[str, int]]] = defaultdict(dict)
    counted: Any = Clock.objects.filter(case__in=cases).values("case__edition_id", "key").annotate(
        **{name: Count("id", filter=which) for name, which in _CLOCK.items()}
    )  # fmt: skip
    for row in counted:
        clocks[row["case__edition_id"]][row["key"]] = {name: row[name] for name in _CLOCK}
    received = set(cases.values_list("edition_id", flat=True).distinct())
    editions = Edition.objects.filter(pk__in=received).order_by("-valid_from")
    return [(row, _lines(regulation_of(row), clocks[row.pk], cases.filter(edition=row))) for row in editions]


def behind(
    viewer: Viewer, hotline: Hotline, period: Period, edition: Edition, duty: str, verdict: str,
    after: tuple[datetime, int] | None = None,
) -> QuerySet[Case]:
    """The cases behind one count, the latest received first; `after` is the last one of the page before. Raises KeyError
    for a duty or a verdict that is none."""
    rows = cases_in(viewer, hotline, period).filter(edition=edition)
    names = (LATE, OPEN) if verdict == BROKEN else (verdict,)
    if duty in _RULES:
        wanted = [which for name, which in _RULES[duty](regulation_of(edition)).items() if name in names]
        rows = rows.filter(_any(wanted)) if duty in (RESCHEDULES, RETURNS) else rows.filter(
            Exists(_sent(rows).filter(_any(wanted), case=OuterRef("pk")))
        )  # fmt: skip
    else:
        if duty not in {known.key for known in rules.duties(regulation_of(edition))}:
            raise KeyError(duty)
        rows = rows.filter(Exists(Clock.objects.filter(_any([_CLOCK[n] for n in names]), case=OuterRef("pk"), key=duty)))
    if after is not None:
        rows = rows.filter(Q(received_at__lt=after[0]) | Q(received_at=after[0], pk__lt=after[1]))
    return rows.select_related("field", "agency").order_by("-received_at", "-id")


def _lines(edition: Regulation, clocks: Mapping[str, Mapping[str, int]], cases: QuerySet[Case]) -> list[Line]:
    found: dict[str, Mapping[str, int]] = dict(clocks)
    of_cases = {f"{duty}|{name}": Count("id", filter=which) for duty in (RESCHEDULES, RETURNS)
                for name, which in _RULES[duty](edition).items()}
    of_answers = {f"{duty}|{name}": Count("id", filter=which) for duty in (GROUNDS, DELIVERY)
                  for name, which in _RULES[duty](edition).items()}
    counts = {**cases.aggregate(**of_cases), **_sent(cases).aggregate(**of_answers)}
    for duty in _RULES:
        found[duty] = {name.partition("|")[2]: count for name, count in counts.items() if name.startswith(f"{duty}|")}
    return [Line(duty, **found.get(duty.key, {})) for duty in rules.duties(edition)]


def _sent(cases: QuerySet[Case]) -> QuerySet[Answer]:
    return Answer.objects.filter(state=Answer.State.SENT, case__in=cases)


def _limit(column: str, most: int) -> dict[str, Q]:
    return {KEPT: Q(**{f"{column}__range": (1, most)}), LATE: Q(**{f"{column}__gt": most})}


def _returns(edition: Regulation) -> dict[str, Q]:
    # One more than the limit is what brings a case to the coordinator; beyond that nobody may return it.
    return {KEPT: Q(returns__range=(1, edition.returns.most + 1)), LATE: Q(returns__gt=edition.returns.most + 1)}


def _grounds(edition: Regulation) -> dict[str, Q]:
    refusal = Q(outcome__in=[str(rule.kind) for rule in edition.outcomes if rule.needs_ground])
    return {KEPT: refusal & ~Q(ground=""), LATE: refusal & Q(ground="")}


def _delivery(edition: Regulation) -> dict[str, Q]:
    # What was told in person, or to whoever left no address, was never queued: nothing is waited for.
    return {
        KEPT: Q(contact__delivery__in=[_D.SENT, _D.NONE]) | Q(contact=None),
        OPEN: Q(contact__delivery=_D.FAILED),
        RUNNING: Q(contact__delivery__in=[_D.QUEUED, _D.RETRYING]),
    }


_RULES = {
    RESCHEDULES: lambda edition: _limit("reschedules", edition.reschedule.most),
    RETURNS: _returns,
    GROUNDS: _grounds,
    DELIVERY: _delivery,
}


def _any(conditions: list[Q]) -> Q:
    """Any of these; nothing at all where there is none."""
    return reduce(or_, conditions, Q(pk__in=[]))
