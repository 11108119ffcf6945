"""Verbs on calendars. Every change raises the version, so that cached values go stale in every process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from hotline.calendars.models import Calendar, CalendarDay
from hotline.calendars.queries import exception_of
from hotline.calendars.rules import hours_text, parse_hours, work_calendar
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.refusals import Refused, Stale
from hotline.regulation.calendar_document import PackCalendar
from hotline.regulation.labels import Label
from hotline.regulation.working_time import DayException


@transaction.atomic
def set_day(
    calendar: Calendar, day: date, kind: str, reason: Label, *, tet: bool = False, intervals: Sequence[str] = (),
    source: str = "", version: int | None = None, actor: Actor, now: datetime,
) -> CalendarDay:
    """Make a date a day off ("off") or a working day ("working"), in place of what it was.

    `intervals` like "07:00-11:30"; none on a working day: the hours of the first weekday with hours.
    Raises Refused without a reason, for a kind that does not exist, or for hours that are none; Stale when the calendar
    changed since `version`.
    """
    calendar = _locked(calendar, version)
    if kind not in CalendarDay.Kind.values or not reason.vi.strip():
        raise Refused(Label(
            "Ngày nghỉ, ngày làm bù cần có loại ngày và lý do.", "A day off or a make-up day needs a kind and a reason."
        ))
    hours = _hours(intervals) if kind == CalendarDay.Kind.WORKING and intervals else None
    old = calendar.days.filter(date=day).first()
    row, _ = CalendarDay.objects.update_or_create(calendar=calendar, date=day, defaults={
        "kind": kind, "reason_vi": reason.vi, "reason_en": reason.en, "tet": tet, "intervals": hours, "source": source,
    })
    _changed(calendar, actor, now, before=_document(old), after=_document(row))
    return row


@transaction.atomic
def set_days(
    calendar: Calendar, first: date, last: date, kind: str, reason: Label, *, tet: bool = False,
    intervals: Sequence[str] = (), source: str = "", version: int | None = None, actor: Actor, now: datetime,
) -> int:
    """The same for several days in a row, both ends included: a Tết is one decision. How many days; raises as above."""
    days = (last - first).days + 1
    if not 1 <= days <= 31:
        raise Refused(Label("Ngày cuối phải từ ngày đầu trở đi, không quá 31 ngày.", "The days must be 1 to 31 in a row."))
    calendar = _locked(calendar, version)
    for number in range(days):
        set_day(calendar, first + timedelta(number), kind, reason, tet=tet, intervals=intervals, source=source,
                actor=actor, now=now)
    return days


@transaction.atomic
def remove_day(
    calendar: Calendar, day: date, *, version: int | None = None, actor: Actor, now: datetime
) -> None:
    """Make a date an ordinary day of its week again. Raises Refused when it already is, Stale as above."""
    calendar = _locked(calendar, version)
    row = calendar.days.filter(date=day).first()
    if row is None:
        raise Refused(Label(
            f"Ngày {day:%d/%m/%Y} không có gì khác với lịch tuần.", f"{day:%d/%m/%Y} is already an ordinary day."
        ))
    before = _document(row)
    row.delete()
    _changed(calendar, actor, now, before=before, after={"date": day.isoformat(), "kind": None})


@transaction.atomic
def set_hours(
    calendar: Calendar, weekly: Sequence[Sequence[str]], *, version: int | None = None, actor: Actor, now: datetime
) -> Calendar:
    """Set the hours of the week, seven lists of "07:00-11:30", Monday first. Raises Refused when they are none, Stale as
    above."""
    calendar = _locked(calendar, version)
    hours = [_hours(day) for day in weekly]
    if len(hours) != 7:
        raise Refused(Label("Lịch tuần cần đủ bảy ngày.", "A week has seven days."))
    if not any(hours):
        raise Refused(Label("Lịch làm việc cần ít nhất một khoảng giờ.", "A calendar needs at least one working hour."))
    before = {"weekly": calendar.weekly}
    calendar.weekly = hours
    calendar.save(update_fields=["weekly"])
    _changed(calendar, actor, now, before=before, after={"weekly": hours})
    return calendar


@transaction.atomic
def make_calendar(key: str, name: str, base: Calendar, *, actor: Actor, now: datetime) -> Calendar:
    """Make a calendar for agencies with hours of their own: it takes its days from `base` and begins with its hours.

    Raises Refused without a name, for a key that is taken, or a base that has a base itself.
    """
    key, name = key.strip(), name.strip()
    if not key or not name:
        raise Refused(Label("Lịch cần có mã và tên.", "A calendar needs a key and a name."))
    if base.base_id is not None:
        raise Refused(Label("Lịch riêng phải dựa trên một lịch chung.", "A calendar of its own stands on a common one."))
    if Calendar.objects.filter(key=key).exists():
        raise Refused(Label(f"Đã có lịch với mã “{key}”.", f"There is a calendar “{key}” already."))
    calendar = Calendar.objects.create(key=key, name=name, zone=base.zone, base=base, weekly=base.weekly)
    record("calendar.made", "calendar", calendar.pk, actor, now, after={"key": key, "name": name, "base": base.key})
    return calendar


@transaction.atomic
def load_calendar(given: PackCalendar, *, actor: Actor, now: datetime) -> Calendar:
    """Make a calendar as a pack has it, or bring it up to date; a date or hours that a person changed here stay.

    Its base must have been loaded before it.
    """
    base = Calendar.objects.get(key=given.base) if given.base else None
    weekly = [hours_text(hours) for hours in given.calendar.weekly]
    values = {"name": given.name, "zone": str(given.calendar.zone), "weekly": weekly, "base": base}
    days = {day: _settled(given, day, exception) for day, exception in given.own_days.items()}
    calendar = Calendar.objects.select_for_update().filter(key=given.key).first()
    if calendar is None:
        calendar = Calendar.objects.create(key=given.key, **values)
        CalendarDay.objects.bulk_create(_row(calendar, day, exception) for day, exception in days.items())
        record("calendar.seeded", "calendar", calendar.pk, actor, now, after={"key": given.key, "days": len(days)})
        return calendar

    by_hand = _changed_by_hand(calendar)
    if "weekly" in by_hand:
        values["weekly"] = calendar.weekly
    rows = {row.date: row for row in calendar.days.all()}
    stale = [row for day, row in rows.items() if day not in by_hand and days.get(day) != exception_of(row)]
    kept = rows.keys() - {row.date for row in stale}
    fresh = [_row(calendar, day, days[day]) for day in sorted(days.keys() - kept - by_hand)]
    changed = {name for name, value in values.items() if getattr(calendar, name) != value}
    if stale or fresh or changed:
        before = {name: str(getattr(calendar, name)) for name in changed} | {"days": [_document(row) for row in stale]}
        CalendarDay.objects.filter(pk__in=[row.pk for row in stale]).delete()
        CalendarDay.objects.bulk_create(fresh)
        for name in changed:
            setattr(calendar, name, values[name])
        calendar.save()
        _changed(calendar, actor, now, before=before,
                 after={name: str(values[name]) for name in changed} | {"days": [_document(row) for row in fresh]})
    return calendar


def _locked(calendar: Calendar, version: int | None) -> Calendar:
    locked = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if version is not None and locked.version != version:
        raise Stale
    return locked


def _settled(given: PackCalendar, day: date, exception: DayException) -> DayException:
    """A make-up day as rows keep it: with the hours of the weekday it replaces written out."""
    if exception.kind == "working" and exception.intervals is None and exception.replaces is not None:
        exception = replace(exception, intervals=given.calendar.intervals_on(day))
    return replace(exception, replaces=None)


def _changed(calendar: Calendar, actor: Actor, now: datetime, before: dict, after: dict) -> None:
    calendar.version += 1
    calendar.save(update_fields=["version"])
    record("calendar.changed", "calendar", calendar.pk, actor, now, before=before, after=after)


def _changed_by_hand(calendar: Calendar) -> set[date | str]:
    """Dates, and "weekly", that people changed in this installation: the journal knows."""
    acts = Act.objects.filter(
        subject="calendar", subject_id=calendar.pk, kind="calendar.changed", actor__kind="person"
    ).values_list("after", flat=True)
    return {date.fromisoformat(after["date"]) if "date" in after else "weekly" for after in acts}


def _row(calendar: Calendar, day: date, exception: DayException) -> CalendarDay:
    return CalendarDay(
        calendar=calendar, date=day, kind=exception.kind, reason_vi=exception.reason.vi, reason_en=exception.reason.en,
        tet=exception.tet, intervals=hours_text(exception.intervals) if exception.intervals else None,
        source=exception.source,
    )


def _document(day: CalendarDay | None) -> dict:
    if day is None:
        return {}
    return {"date": day.date.isoformat(), "kind": day.kind, "reason": day.reason_vi, "tet": day.tet,
            "intervals": day.intervals}


def _hours(texts: Sequence[str]) -> list[str]:
    """The hours of one day as rows keep them. Raises Refused when they are no hours or overlap."""
    try:
        hours = hours_text(parse_hours(texts))
        work_calendar("", "UTC", [hours] * 7, {})
    except ValueError as error:
        overlap = Label("các khoảng giờ chồng nhau", "they overlap")
        reason = error.args[0] if isinstance(error.args[0], Label) else overlap
        raise Refused(Label(
            f"Giờ làm việc chưa đúng: {reason.vi}.", f"Those hours are not right: {reason.en}."
        )) from error
    return hours
