"""Questions of the reports, each limited to what the viewer may see and to one period."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from hotline.cases.models import Case
from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import regulation_of
from hotline.people.rules import Viewer
from hotline.regulation.periods import BY_MONTH, Period, ReportingRule


def reporting_of(hotline: Hotline, day: date) -> ReportingRule:
    """How a hotline counts its periods on a day, by the edition in force; calendar months where none is."""
    row = _edition_on(hotline, day)
    return regulation_of(row).reporting if row else BY_MONTH


def period_of(hotline: Hotline, month: date) -> tuple[Period, ReportingRule]:
    """The period of a hotline named after a month, and the rule it is counted by."""
    rule = reporting_of(hotline, month)
    return rule.period(month, timezone.get_default_timezone()), rule


def this_month(hotline: Hotline, now: datetime) -> date:
    """The month after which the period of `now` is named."""
    local = timezone.localtime(now)
    return reporting_of(hotline, local.date()).month_of(local)


def cases_in(viewer: Viewer, hotline: Hotline, period: Period) -> QuerySet[Case]:
    """The cases received in a period that the viewer may see."""
    return Case.objects.visible_to(viewer).filter(
        hotline=hotline, received_at__gte=period.start, received_at__lt=period.end
    )


def _edition_on(hotline: Hotline, day: date) -> Edition | None:
    rows = [row for row in Edition.objects.filter(hotline=hotline) if row.valid_from <= day]
    return max(rows, key=lambda row: row.valid_from, default=None)
