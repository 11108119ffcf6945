"""Which cases may be about one and the same matter: open ones to be joined, answered ones that come again.

Only ever suggestions, most alike first; a person decides. Both begin with an index and read a handful of rows: the field
with a strip of latitude or with the commune, and the cases of one citizen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Left

from hotline.cases.models import Case
from hotline.people.rules import Viewer
from hotline.regulation.joining import JoiningRule, RepeatRule, box, metres
from hotline.regulation.lifecycle import OPEN_STATES

READ_AT_MOST = 60  # candidates of one commune and field, the latest first: a flood has more reports than anybody reads
WORDS = 400  # letters of the text that are compared
_OPEN = sorted(str(state) for state in OPEN_STATES)
_SHOWN = (
    "code",
    "summary",
    "state",
    "received_at",
    "answered_at",
    "place",
    "lat",
    "lon",
    "area_id",
    "merged_into_id",
    "level",
    "late_at",
    "agency_id",
    "citizen_id",
    "field_id",
    "hide_identity",
)


@dataclass(frozen=True, slots=True)
class Alike:
    """One case that may be about the same matter. `away` in metres, None where one of the two has no point; `percent`: how
    much of the words is the same."""

    case: Case
    away: int | None
    percent: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What is compared: of a case, or of a report that is none yet. `case_id`: itself, to be left out."""

    field_id: int
    words: str
    area_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    case_id: int | None = None
    citizen_id: int | None = None


def matter_of(case: Case) -> Matter:
    """A case as what is compared."""
    return Matter(
        case.field_id, f"{case.summary} {case.content}", case.area_id, case.lat, case.lon, case.pk, case.citizen_id
    )


def joinable(viewer: Viewer, matter: Matter, rule: JoiningRule, now: datetime, limit: int = 5) -> list[Alike]:
    """Open cases that may be about the same matter: same field, near enough, recent enough, with similar words. Those that
    were joined to another are told by that one. Two questions at the most: what has a point, what has a commune."""
    since = now - timedelta(days=rule.days)
    rows = (
        Case.objects.visible_to(viewer)
        .filter(
            state__in=_OPEN,
            field=matter.field_id,
            received_at__gte=since,
            received_at__lte=now + timedelta(days=rule.days),
        )
        .exclude(pk=matter.case_id or 0)
    )
    found: dict[int, Alike] = {}
    for candidates in _near(rows, matter, rule):
        for case in _alike(candidates, matter.words, rule.alike):
            away = _away(matter, case)
            if away is None or away <= rule.radius:
                found[case.pk] = Alike(case, away, round(case.alike * 100))  # type: ignore[attr-defined]
    return sorted(found.values(), key=lambda one: (-one.percent, one.away or 0))[:limit]


def answered_before(viewer: Viewer, matter: Matter, rule: RepeatRule, now: datetime, limit: int = 3) -> list[Alike]:
    """Answered cases of the same citizen, and those their reports were joined to, that this may repeat. The lead is shown:
    it is what was answered. One question, by the citizen."""
    if matter.citizen_id is None:
        return []
    since = now - timedelta(days=rule.days)
    rows = (
        Case.objects.visible_to(viewer)
        .filter(Q(answered_at__gte=since) | Q(merged_into__answered_at__gte=since))
        .filter(citizen=matter.citizen_id, field=matter.field_id)
        .exclude(pk=matter.case_id or 0)
        .select_related("merged_into")
        .defer("search", "merged_into__search")
    )
    compared = _compared(rows, matter.words).order_by("-received_at")[:READ_AT_MOST]
    found = {(case.merged_into or case).pk: Alike(case.merged_into or case, None, round(case.alike * 100))  # type: ignore[attr-defined]
             for case in compared if case.alike * 100 >= rule.alike}  # type: ignore[attr-defined]  # fmt: skip
    return sorted(found.values(), key=lambda one: -one.percent)[:limit]


def _near(rows: QuerySet[Case], matter: Matter, rule: JoiningRule) -> list[QuerySet[Case]]:
    """The candidates by place: in the square around the point, and of the same commune where one of the two has none."""
    kinds: list[QuerySet[Case]] = []
    if matter.lat is not None and matter.lon is not None:
        south, north, west, east = box(matter.lat, matter.lon, rule.radius)
        kinds.append(rows.filter(lat__isnull=False, lat__gte=south, lat__lte=north, lon__gte=west, lon__lte=east))
    if matter.area_id is not None:
        same = rows.filter(area=matter.area_id)
        kinds.append(same if matter.lat is None else same.filter(lat__isnull=True))
    return kinds


def _alike(rows: QuerySet[Case], words: str, percent: int) -> list[Case]:
    latest = _compared(rows.order_by("-received_at"), words).only(*_SHOWN)[:READ_AT_MOST]
    return [case for case in latest if case.alike * 100 >= percent]  # type: ignore[attr-defined]


def _compared(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    """With `alike`, 0 to 1: how much of the folded words is the same (pg_trgm), whichever of the two says more."""
    theirs = Func(
        Left(Concat(F("summary"), Value(" "), F("content"), output_field=TextField()), WORDS), function="vi_fold"
    )
    ours = Func(Value(words[:WORDS]), function="vi_fold")
    return rows.annotate(alike=Func(ours, theirs, function="similarity", output_field=FloatField()))


def _away(matter: Matter, case: Case) -> int | None:
    if matter.lat is None or matter.lon is None or case.lat is None or case.lon is None:
        return None
    return round(metres(matter.lat, matter.lon, case.lat, case.lon))
