"""Calendars as values, cached for as long as their rows do not change."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.db import connection

from hotline.calendars import rules
from hotline.calendars.models import Calendar, CalendarDay
from hotline.regulation.labels import Label
from hotline.regulation.working_time import DayException, WorkCalendar

_VERSIONS = (
    "SELECT c.version, c.base_id, b.version FROM calendars_calendar c"
    " LEFT JOIN calendars_calendar b ON b.id = c.base_id WHERE c.id = %s"
)


def work_calendar(calendar_id: int) -> WorkCalendar:
    """The calendar as a value: one small query to see whether it changed, no more while it did not.

    Raises Calendar.DoesNotExist.
    """
    with connection.cursor() as cursor:  # asked on every step of every case: the ORM would take four times as long
        cursor.execute(_VERSIONS, [calendar_id])
        row = cursor.fetchone()
    if row is None:
        raise Calendar.DoesNotExist(f"calendar {calendar_id}")
    return _cached(calendar_id, *row)


def work_calendar_of(calendar: Calendar) -> WorkCalendar:
    """The same for a row just read with `select_related("base")`: no query while the cache holds it."""
    base = calendar.base
    return _cached(calendar.pk, calendar.version, base.pk if base else None, base.version if base else None)


def work_calendar_at(calendar_id: int, version: int, base_id: int | None, base_version: int | None) -> WorkCalendar:
    """The same for columns read with other rows: no query while the cache holds it."""
    return _cached(calendar_id, version, base_id, base_version)


@lru_cache(maxsize=256)
def _cached(calendar_id: int, version: int, base_id: int | None, base_version: int | None) -> WorkCalendar:
    # The versions are part of the key: whoever changes a calendar raises its version, in every process at once.
    return unsettled_calendar(calendar_id)


def unsettled_calendar(calendar_id: int) -> WorkCalendar:
    """The calendar as this transaction sees it, not remembered: what may be rolled back must not be found by others."""
    row = Calendar.objects.get(pk=calendar_id)
    days = CalendarDay.objects.filter(calendar__in=[i for i in (row.base_id, calendar_id) if i])
    own_last = sorted(days, key=lambda d: d.calendar_id == calendar_id)
    return rules.work_calendar(row.key, row.zone, row.weekly, {d.date: exception_of(d) for d in own_last})


def exception_of(day: CalendarDay) -> DayException:
    """A row as the value the regulation takes."""
    working = day.kind == CalendarDay.Kind.WORKING
    hours = rules.parse_hours(day.intervals) if working and day.intervals else None
    reason = Label(day.reason_vi, day.reason_en or day.reason_vi)
    return DayException("working" if working else "off", reason, hours, day.tet, source=day.source)


def days_between(calendar: Calendar, first: date, last: date) -> list[CalendarDay]:
    """Days that depart from the week, both ends included, an agency's own in place of its base's; by date."""
    rows = CalendarDay.objects.filter(
        calendar__in=[i for i in (calendar.base_id, calendar.pk) if i], date__range=(first, last)
    ).select_related("calendar")
    by_date = {d.date: d for d in sorted(rows, key=lambda d: d.calendar_id == calendar.pk)}
    return sorted(by_date.values(), key=lambda d: d.date)


def dependents(calendar_id: int) -> list[int]:
    """The calendar itself and those that take their days from it: whose due moments a change may move."""
    return [calendar_id, *Calendar.objects.filter(base_id=calendar_id).values_list("id", flat=True)]
