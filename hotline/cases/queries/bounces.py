"""Who sends cases back (chuyển trả, đùn đẩy), for rankings: one question, by an index that holds only returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from hotline.cases.models import Assignment


@dataclass(frozen=True, slots=True)
class Bounces:
    """How often one agency sent a case back in a period."""

    agency_id: int
    agency_name: str
    returned: int


def bounces(since: datetime, until: datetime) -> list[Bounces]:
    """Returns by agency with `since` ≤ moment < `until`, most first. An agency that sent nothing back is not named."""
    rows = (
        Assignment.objects.filter(returned=True, until__gte=since, until__lt=until)
        .values("agency_id", "agency__name")
        .annotate(times=Count("id"))
        .order_by("-times", "agency__name")
    )
    return [Bounces(row["agency_id"], row["agency__name"], row["times"]) for row in rows]
