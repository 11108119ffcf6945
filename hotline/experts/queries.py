"""Questions about experts: who is on duty, what waits for the standing unit, which hotlines have one. No answer of these
carries a telephone number."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from hotline.experts.models import Connection, Expert, Referral, Shift
from hotline.experts.querysets import READERS, ReferralQuerySet, stands_for
from hotline.experts.rules import Duty, rest_warning
from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.organisation.models import Agency
from hotline.organisation.queries import agency_at
from hotline.people.rules import Viewer
from hotline.refusals import Refused
from hotline.regulation.experts import ExpertsRule
from hotline.regulation.labels import Label

FRESH_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing unit of a hotline, and what its edition says of experts."""

    agency: Agency
    rule: ExpertsRule


def standing_of(hotline_id: int, day: date) -> Standing | None:
    """The standing unit on a day; None where the edition names no experts, or its agency does not exist that day."""
    try:
        rule = regulation_of(edition_in_force(hotline_id, day)).experts
    except Refused:
        return None
    agency = agency_at(rule.standing, day) if rule else None
    return Standing(agency, rule) if rule and agency else None


def last_standing_day(today: date) -> date:
    """Today, or the last day on which an edition named experts, where all of those have ended."""
    rows = Edition.objects.filter(document__has_key="experts", valid_from__lte=today)
    ends = list(rows.values_list("valid_to", flat=True))
    return min(today, max(end or today for end in ends)) if ends else today


_named: tuple[float, frozenset[int]] | None = None


def standing_ids() -> frozenset[int]:
    """Ids of all agencies that an edition of this installation names as standing unit; at most half a minute old, for the
    side list asks on every page."""
    global _named
    if _named is None or time.monotonic() - _named[0] > FRESH_SECONDS:
        rules = Edition.objects.filter(document__has_key="experts").values_list(
            "document__experts__standing", flat=True
        )
        keys = set(rules)
        ids = Agency.objects.filter(key__in=keys).values_list("pk", flat=True) if keys else ()
        _named = (time.monotonic(), frozenset(ids))
    return _named[1]


def may_stand(viewer: Viewer) -> bool:
    """Whether this person works for a standing unit, or reads about one. Asks nothing while the answer is fresh."""
    units = standing_ids()
    return bool(units and (viewer.roles & READERS or stands_for(viewer) & units))


def forget() -> None:
    """Ask anew which agencies are standing units."""
    global _named
    _named = None


def on_duty(hotline_id: int, now: datetime) -> QuerySet[Expert]:
    """Experts whose shift has begun and not ended; without their numbers."""
    shifts = Shift.objects.filter(begins_at__lte=now, ends_at__gt=now)
    experts = Expert.objects.filter(hotline_id=hotline_id, active=True, pk__in=shifts.values("expert_id"))
    return experts.defer("phone").order_by("specialty", "name", "id")


def pool(hotline_id: int) -> QuerySet[Expert]:
    """Every expert, active ones first; without their numbers."""
    return Expert.objects.filter(hotline_id=hotline_id).defer("phone").order_by("-active", "specialty", "name", "id")


@dataclass(frozen=True, slots=True)
class Rostered:
    """A shift as the rota shows it."""

    shift: Shift
    now: bool
    past: bool
    warning: Label | None


def rota(hotline_id: int, begins: datetime, ends: datetime, now: datetime, rest: timedelta) -> list[Rostered]:
    """The shifts that touch a span of time, in order, each with its warning of too little rest. Two queries."""
    near = timedelta(days=2)
    rows = list(
        Shift.objects.filter(expert__hotline_id=hotline_id, begins_at__lt=ends + near, ends_at__gt=begins - near)
        .select_related("expert")
        .defer("expert__phone")
        .order_by("begins_at", "expert__name", "id")
    )
    return [
        Rostered(row, row.begins_at <= now < row.ends_at, row.ends_at <= now,
                 rest_warning(_duty(row), _others(row, rows), rest))
        for row in rows if row.begins_at < ends and row.ends_at > begins
    ]  # fmt: skip


def _duty(shift: Shift) -> Duty:
    return Duty(shift.begins_at, shift.ends_at)


def _others(shift: Shift, rows: Iterable[Shift]) -> list[Duty]:
    return [_duty(other) for other in rows if other.expert_id == shift.expert_id and other.pk != shift.pk]


def waiting(viewer: Viewer, limit: int = 50) -> list[Referral]:
    """What the standing unit owes, who has waited longest first."""
    return list(referrals(viewer).open().order_by("referred_at", "id")[:limit])


def referrals(viewer: Viewer) -> ReferralQuerySet:
    """The viewer's referrals with what a list shows."""
    return Referral.objects.visible_to(viewer).select_related("conversation__hotline", "agency")


def one(viewer: Viewer, pk: int) -> Referral | None:
    """One referral if the viewer may see it; None, and the door answers 404."""
    return referrals(viewer).filter(pk=pk).first()


def connections_of(referral: Referral) -> list[Connection]:
    """Every attempt, the first first. Fetch the referral through its scope first."""
    return list(referral.connections.order_by("id"))


def hotline_of(viewer: Viewer, day: date) -> tuple[Hotline, Standing] | None:
    """The hotline whose standing unit this person stands for, or may read about; None where there is none."""
    for hotline in Hotline.objects.select_related("calendar").order_by("id"):
        standing = standing_of(hotline.pk, day)
        if standing is not None:
            return hotline, standing
    return None
