"""Verbs on calendars. Every change raises the version, so that cached values go stale in every process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from hotline.calendars.models import Calendar, CalendarDay
from hotline.calendars.queries import entry_of
from hotline.calendars.rules import DayEntry, format_interval, parse_hours, work_calendar
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.working_time import Interval


@transaction.atomic
def set_day(calendar: Calendar, day: DayEntry, *, actor: Actor, now: datetime) -> CalendarDay:
    """Make a date a day off or a working day, in place of what it was.

    Raises Refused without a reason, for a kind that does not exist, or for hours that are none.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if day.kind not in CalendarDay.Kind.values or not day.reason.vi.strip():
        raise Refused(Label(
            "Ngày nghỉ, ngày làm bù cần có loại ngày và lý do.", "A day off or a make-up day needs a kind and a reason."
        ))
    old = calendar.days.filter(date=day.date).first()
    hours = _hours(day.intervals) if day.kind == CalendarDay.Kind.WORKING and day.intervals else None
    row, _ = CalendarDay.objects.update_or_create(calendar=calendar, date=day.date, defaults={
        "kind": day.kind, "reason_vi": day.reason.vi, "reason_en": day.reason.en, "tet": day.tet,
        "intervals": hours, "source": day.source,
    })
    _changed(calendar, actor, now, before=_document(old), after=_document(row))
    return row


@transaction.atomic
def remove_day(calendar: Calendar, day: date, *, actor: Actor, now: datetime) -> None:
    """Make a date an ordinary day of its week again. Raises Refused when it already is."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    row = calendar.days.filter(date=day).first()
    if row is None:
        raise Refused(Label(
            f"Ngày {day:%d/%m/%Y} không có gì khác với lịch tuần.", f"{day:%d/%m/%Y} is already an ordinary day."
        ))
    before = _document(row)
    row.delete()
    _changed(calendar, actor, now, before=before, after={"date": day.isoformat(), "kind": None})


@transaction.atomic
def set_hours(calendar: Calendar, weekly: Sequence[Sequence[str]], *, actor: Actor, now: datetime) -> Calendar:
    """Set the hours of the week, seven lists of "07:00-11:30", Monday first. Raises Refused when they are none."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    try:
        hours = [[format_interval(i) for i in parse_hours(day)] for day in weekly]
        work_calendar(calendar.key, calendar.zone, hours, [])
    except ValueError as error:
        raise _refusal(error) from error
    if not any(hours):
        raise Refused(Label("Lịch làm việc cần ít nhất một khoảng giờ.", "A calendar needs at least one working hour."))
    before = {"weekly": calendar.weekly}
    calendar.weekly = hours
    calendar.save(update_fields=["weekly"])
    _changed(calendar, actor, now, before=before, after={"weekly": hours})
    return calendar


@transaction.atomic
def load_calendar(
    key: str, name: str, zone: str, weekly: Sequence[Sequence[str]], days: Iterable[DayEntry],
    *, base: Calendar | None = None, actor: Actor, now: datetime,
) -> Calendar:
    """Make a calendar as a pack has it, or bring it up to date; a date or hours that a person changed here stay."""
    calendar = Calendar.objects.select_for_update().filter(key=key).first()
    given = {d.date: d for d in days}
    if calendar is None:
        calendar = Calendar.objects.create(key=key, name=name, zone=zone, base=base, weekly=list(map(list, weekly)))
        CalendarDay.objects.bulk_create(_row(calendar, d) for d in given.values())
        record("calendar.seeded", "calendar", calendar.pk, actor, now, after={"key": key, "days": len(given)})
        return calendar

    by_hand = _changed_by_hand(calendar)
    rows = {d.date: d for d in calendar.days.all()}
    stale = [d for d in rows.values() if d.date not in by_hand and _differs(given.get(d.date), d)]
    fresh = [d for d in given.values() if d.date not in by_hand and _differs(d, rows.get(d.date))]
    before = {"name": calendar.name, "zone": calendar.zone, "weekly": calendar.weekly,
              "base": calendar.base.key if calendar.base else None}
    kept = calendar.weekly if "weekly" in by_hand else list(map(list, weekly))
    after = {"name": name, "zone": zone, "weekly": kept, "base": base.key if base else None}
    if stale or fresh or before != after:
        CalendarDay.objects.filter(pk__in=[d.pk for d in stale]).delete()
        CalendarDay.objects.bulk_create(_row(calendar, d) for d in fresh)
        calendar.name, calendar.zone, calendar.weekly, calendar.base = name, zone, kept, base
        calendar.save()
        _changed(calendar, actor, now, before=before | {"days": [_document(d) for d in stale]},
                 after=after | {"days": [_document(_row(calendar, d)) for d in fresh]})
    return calendar


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


def _row(calendar: Calendar, day: DayEntry) -> CalendarDay:
    return CalendarDay(
        calendar=calendar, date=day.date, kind=day.kind, reason_vi=day.reason.vi, reason_en=day.reason.en, tet=day.tet,
        intervals=list(day.intervals) if day.intervals else None, source=day.source,
    )


def _differs(entry: DayEntry | None, row: CalendarDay | None) -> bool:
    return entry is None or row is None or entry_of(row) != entry


def _document(day: CalendarDay | None) -> dict:
    if day is None:
        return {}
    return {"date": day.date.isoformat(), "kind": day.kind, "reason": day.reason_vi, "tet": day.tet,
            "intervals": day.intervals}


def _hours(texts: Sequence[str]) -> list[str]:
    try:
        hours = parse_hours(texts)
        work_calendar("", "UTC", [_texts(hours)] * 7, [])
        return _texts(hours)
    except ValueError as error:
        raise _refusal(error) from error


def _refusal(error: ValueError) -> Refused:
    reason = error.args[0]
    if isinstance(reason, Label):
        return Refused(Label(f"Giờ làm việc chưa đúng: {reason.vi}.", f"Those hours are not right: {reason.en}."))
    return Refused(Label(
        "Giờ làm việc chưa đúng: các khoảng giờ chồng nhau hoặc không theo thứ tự.",
        "Those hours are not right: they overlap or are out of order.",
    ))


def _texts(hours: Iterable[Interval]) -> list[str]:
    return [format_interval(i) for i in hours]
