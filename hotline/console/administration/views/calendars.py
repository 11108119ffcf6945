"""Working calendars: hours of the week, days off and make-up days by year; what a change moves is said before it is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.calendars import actions
from hotline.calendars.models import Calendar, CalendarDay
from hotline.calendars.queries import days_between, work_calendar
from hotline.cases.actions import foretell
from hotline.console.administration.doors import deed, form_page
from hotline.console.administration.forms.calendars import CalendarForm, DayForm, HoursForm, NewCalendarForm
from hotline.console.administration.rules import months_of
from hotline.console.context import language
from hotline.console.doors import say, staff, status_of
from hotline.organisation.models import Agency
from hotline.refusals import Refused
from hotline.regulation.labels import WEEKDAYS, Label
from hotline.regulation.lifecycle import Role

ADMIN = staff(Role.ADMINISTRATOR)
YEARS = range(2015, 2101)
SHOWN = 100  # moved due moments; the rest are counted


@staff()
def index(request: HttpRequest) -> HttpResponse:
    """GET: every calendar, and who works by it."""
    users: dict[int, list[Agency]] = {}
    for agency in Agency.objects.filter(calendar__isnull=False, valid_to__isnull=True).order_by("name"):
        users.setdefault(agency.calendar_id or 0, []).append(agency)
    rows = sorted(Calendar.objects.select_related("base"), key=lambda c: (c.base_id is not None, c.pk))
    return render(
        request,
        "console/administration/calendars.html",
        {"rows": [(c, _week(c), users.get(c.pk, [])) for c in rows], "may": _may(request)},
    )


@staff()
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """GET: a year of a calendar; `year` turns the page."""
    row = get_object_or_404(Calendar.objects.select_related("base"), key=key)
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and int(asked) in YEARS else today.year
    return render(
        request,
        "console/administration/calendar.html",
        {
            "calendar": row,
            "year": year,
            "today": today,
            "week": _week(row),
            "may": _may(request),
            "months": months_of(year, work_calendar(row.pk)),
            "days": _runs(days_between(row, date(year, 1, 1), date(year, 12, 31))),
            "weekdays": [name.get(language()) for name in WEEKDAYS],
            "agencies": Agency.objects.filter(calendar=row, valid_to__isnull=True).order_by("name"),
        },
    )


@ADMIN
def new(request: HttpRequest) -> HttpResponse:
    """A calendar for agencies with hours of their own."""
    return form_page(
        request,
        NewCalendarForm(request.POST or None),
        lambda given: actions.make_calendar(given["key"], given["name"], given["base"], **deed(request)),
        title=_("Thêm lịch làm việc"),
        back=reverse("console:calendars"),
        send=_("Thêm lịch"),
        done=_("Đã thêm lịch."),
        to=lambda made: reverse("console:calendar_hours", args=[made.key]),
        lead=_(
            "Lịch mới lấy ngày nghỉ từ lịch chung; giờ làm việc sửa ở bước sau, rồi chọn lịch tại trang của cơ quan."
        ),
    )


@ADMIN
def hours(request: HttpRequest, key: str) -> HttpResponse:
    """The hours of the week."""
    row = get_object_or_404(Calendar, key=key)
    form = HoursForm(request.POST or None, calendar=row, language=language())

    def change() -> object:
        return actions.set_hours(row, form.weekly, version=form.cleaned_data["version"], **deed(request))

    return _foretold(request, row, form, change, title=_("Giờ làm việc trong tuần"), lead=row.name, to=_page(row))


@ADMIN
def day(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """Days off or worked, from one date on; the form begins with what the calendar has."""
    row = get_object_or_404(Calendar.objects.select_related("base"), key=key)
    first = _date(day)
    there = next(iter(days_between(row, first, first)), None)
    form = DayForm(request.POST or None, calendar=row, initial=_initial(first, there))

    def change() -> object:
        given = form.cleaned_data
        return actions.set_days(
            row,
            given["first"],
            given["last"],
            given["kind"],
            Label(given["reason_vi"], given["reason_en"]),
            tet=given["tet"],
            intervals=given["intervals"],
            source=given["source"],
            version=given["version"],
            **deed(request),
        )

    lead = (
        _("Ngày này lấy từ “%(base)s”; lưu ở đây chỉ đổi cho “%(name)s”.")
        % {"base": there.calendar.name, "name": row.name}
        if there and there.calendar_id != row.pk
        else row.name
    )
    return _foretold(
        request,
        row,
        form,
        change,
        title=_("Ngày nghỉ, ngày làm bù"),
        lead=lead,
        to=f"{_page(row)}?year={first.year}",
        remove=reverse("console:calendar_day_remove", args=[row.key, day])
        if there and there.calendar_id == row.pk
        else "",
    )


@ADMIN
def remove_day(request: HttpRequest, key: str, day: str) -> HttpResponse:
    """Make a date an ordinary day of its week again: GET says what that moves, POST does it."""
    row = get_object_or_404(Calendar, key=key)
    when = _date(day)
    if not row.days.filter(date=when).exists():
        return HttpResponseRedirect(_page(row))
    form = CalendarForm(request.POST or None, calendar=row)

    def change() -> object:
        version = form.cleaned_data["version"] if form.is_bound and form.is_valid() else None
        return actions.remove_day(row, when, version=version, **deed(request))

    return _foretold(
        request,
        row,
        form,
        change,
        title=_("Trả ngày %(day)s về lịch tuần") % {"day": f"{when:%d/%m/%Y}"},
        lead=row.name,
        to=f"{_page(row)}?year={when.year}",
        at_once=True,
    )


def _foretold(
    request: HttpRequest,
    row: Calendar,
    form: CalendarForm,
    change: Callable[[], object],
    *,
    title: str,
    lead: str,
    to: str,
    remove: str = "",
    at_once: bool = False,
) -> HttpResponse:
    """The form; then the due moments that the change would move; then, agreed, the change itself. The moves are made by
    the reaction to the calendar's act, one act a case. `at_once`: there is nothing to fill in, so it begins with the moves.
    """
    refusal, status = "", 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" or at_once:
        try:
            if request.POST.get("agreed"):
                return form_page(
                    request,
                    form,
                    lambda _given: change(),
                    title=title,
                    to=to,
                    back=to,
                    done=_("Đã lưu lịch. Thời hạn của các phiếu bị ảnh hưởng được tính lại ngay sau đây."),
                )
            moves = foretell(row.pk, change)
            moving = [move for move in moves if not move.late]
        except Refused as refused:
            refusal, status = say(request, refused), status_of(refused)
        else:
            return render(
                request,
                "console/administration/calendar_moves.html",
                {
                    "title": title,
                    "lead": lead,
                    "back": to,
                    "moves": moving[:SHOWN],
                    "count": len(moving),
                    "cases": len({move.code for move in moving}),
                    "more": max(len(moving) - SHOWN, 0),
                    "late": len({move.code for move in moves if move.late}),
                    "given": _given(request, row),
                },
            )
    return render(
        request,
        "console/administration/form.html",
        {
            "form": form,
            "title": title,
            "lead": lead,
            "back": to,
            "refusal": refusal,
            "remove": remove,
            "send": _("Xem ảnh hưởng rồi lưu"),
        },
        status=status,
    )


def _given(request: HttpRequest, row: Calendar) -> list[tuple[str, str]]:
    """What was filled in, to be sent again with the consent."""
    sent = [(name, str(value)) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"]
    return sent or [("version", str(row.version))]


def _initial(first: date, there: CalendarDay | None) -> dict:
    if there is None:
        return {"first": first, "kind": CalendarDay.Kind.OFF if first.weekday() < 5 else CalendarDay.Kind.WORKING}
    return {
        "first": first,
        **{name: getattr(there, name) for name in ("kind", "reason_vi", "reason_en", "tet", "intervals", "source")},
    }


def _week(row: Calendar) -> list[tuple[str, list[str]]]:
    """Days of the same hours together: ("thứ Hai – thứ Sáu", hours)."""
    names = [name.get(language()) for name in WEEKDAYS]
    out: list[tuple[int, int, list[str]]] = []
    for number, of_day in enumerate(row.weekly):
        if out and out[-1][2] == of_day:
            out[-1] = (out[-1][0], number, of_day)
        else:
            out.append((number, number, of_day))
    return [(names[a] if a == b else f"{names[a]} – {names[b]}", of_day) for a, b, of_day in out]


def _runs(days: list[CalendarDay]) -> list[tuple[date, date, CalendarDay]]:
    """Days in a row that say the same, told once: (first, last, the first of them)."""
    out: list[tuple[date, date, CalendarDay]] = []
    for day in days:
        if out and day.date - out[-1][1] == timedelta(1) and _says(day) == _says(out[-1][2]):
            out[-1] = (out[-1][0], day.date, out[-1][2])
        else:
            out.append((day.date, day.date, day))
    return out


def _says(day: CalendarDay) -> tuple:
    return day.kind, day.reason_vi, day.tet, day.intervals, day.source, day.calendar_id


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if found.year not in YEARS:
        raise Http404
    return found


def _may(request: HttpRequest) -> bool:
    return request.viewer.has(Role.ADMINISTRATOR)


def _page(row: Calendar) -> str:
    return reverse("console:calendar", args=[row.key])
