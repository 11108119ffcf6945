"""What both homes may have: the same agency, place, calendar is one row; what only the old home had is made here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import make_password

from hotline.calendars.models import Calendar, CalendarDay
from hotline.hotlines.models import Domain
from hotline.organisation.models import Agency, AgencyName, AgencyParent, Area
from hotline.organisation.rules import fold
from hotline.people.models import Person
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError
from hotline.relocation import rules
from hotline.relocation.actions.archive import Archive
from hotline.relocation.queries import columns

Row = dict[str, Any]


class Matching:
    """The matched tables of one archive; `maps` has old number → number here once `match` has run."""

    def __init__(self, archive: Archive, names: rules.Names) -> None:
        self.archive = archive
        self.names = names
        self.maps: dict[str, dict[int, int]] = {}
        self.rows = {label: list(archive.rows(label)) for label in rules.MATCHED}

    # -- what stands in the way -----------------------------------------------------------------------------------------

    def conflicts(self) -> list[PackError]:
        """Keys that mean something else here, and names of the mapping that nobody has."""
        return [
            *self._unknown_names(),
            *self._calendar_conflicts(),
            *self._agency_conflicts(),
            *self._people_conflicts(),
        ]

    def _unknown_names(self) -> Iterable[PackError]:
        for table, label, key in (
            ("agencies", "organisation.Agency", "key"), ("calendars", "calendars.Calendar", "key"),
            ("people", "people.Person", "username"), ("domains", "hotlines.Domain", "key"),
        ):  # fmt: skip
            there = {row[key] for row in self.rows[label]}
            for name in sorted(getattr(self.names, table).keys() - there):
                yield self._fault(f"[{table}] {name}", "không có trong tệp chuyển đến", "is not in the archive")

    def _calendar_conflicts(self) -> Iterable[PackError]:
        for row in self.rows["calendars.Calendar"]:
            if row["key"] in self.names.calendars:
                continue
            here = Calendar.objects.filter(key=row["key"]).first()
            if here is not None and _hours(row) != _hours_here(here):
                yield self._fault(
                    f"[calendars] {row['key']}",
                    "lịch cùng mã ở đây có giờ hoặc ngày nghỉ khác; hãy ghi mã lịch dùng ở đây",
                    "the calendar of that key has other hours or days here; name the calendar to be used here",
                )

    def _agency_conflicts(self) -> Iterable[PackError]:
        for row in self.rows["organisation.Agency"]:
            if row["key"] in self.names.agencies:
                continue
            here = Agency.objects.filter(key=row["key"]).first()
            if here is not None and fold(here.name) != fold(row["name"]):
                yield self._fault(
                    f"[agencies] {row['key']}",
                    f"ở nơi chuyển đi là “{row['name']}”, ở đây là “{here.name}”; hãy ghi mã của cơ quan ở đây, hoặc một mã mới",
                    f"is “{row['name']}” there and “{here.name}” here; name the key of the agency here, or a new key",
                )

    def _people_conflicts(self) -> Iterable[PackError]:
        for row in self.rows["people.Person"]:
            to = self.names.people.get(row["username"])
            if to is not None and not Person.objects.filter(username=to).exists():
                yield self._fault(
                    f"[people] {row['username']}", f"không có tài khoản “{to}”", f"there is no account “{to}”"
                )

    def _fault(self, key: str, vi: str, en: str) -> PackError:
        return PackError(self.archive.path.name, key, Label(vi, en))

    def agencies(self) -> tuple[list[str], list[str]]:
        """Names of the agencies that are taken for the same as one here, and of those that would be made."""
        here = set(Agency.objects.values_list("key", flat=True))
        same: list[str] = []
        new: list[str] = []
        for row in self.rows["organisation.Agency"]:
            (same if self.names.agencies.get(row["key"], row["key"]) in here else new).append(row["name"])
        return same, new

    # -- matching -------------------------------------------------------------------------------------------------------

    def match(self) -> None:
        """Find or make every matched row. Called inside the transaction, after `conflicts` found nothing."""
        self._calendars()
        self._areas()
        self._agencies()
        self._people()
        self._domains()

    def _calendars(self) -> None:
        ids = self.maps["calendars.Calendar"] = {}
        for row in self.rows["calendars.Calendar"]:  # those that others stand on come first
            key = self.names.calendars.get(row["key"], row["key"])
            here = Calendar.objects.filter(key=key).first()
            if here is None:
                here = _new(Calendar, row, key=key, base_id=ids.get(row["base_id"]))
                here.save()
                CalendarDay.objects.bulk_create([_new(CalendarDay, day, calendar_id=here.pk) for day in row["days"]])
            ids[row["id"]] = here.pk

    def _areas(self) -> None:
        ids = self.maps["organisation.Area"] = {}
        here = dict(Area.objects.values_list("code", "id"))
        for row in self.rows["organisation.Area"]:  # provinces come first
            if row["code"] not in here:
                made = _new(Area, row, parent_id=ids.get(row["parent_id"]))
                made.save()
                here[row["code"]] = made.pk
            ids[row["id"]] = here[row["code"]]
        served = [ids[row["id"]] for row in self.rows["organisation.Area"] if row["served"]]
        Area.objects.filter(pk__in=served, served=False).update(served=True)

    def _agencies(self) -> None:
        ids = self.maps["organisation.Agency"] = {}
        made: list[tuple[Agency, Row]] = []
        for row in self.rows["organisation.Agency"]:
            key = self.names.agencies.get(row["key"], row["key"])
            here = Agency.objects.filter(key=key).first()
            if here is None:
                here = _new(
                    Agency, row, key=key, parent_id=None, successor_id=None,
                    area_id=self.maps["organisation.Area"].get(row["area_id"]),
                    calendar_id=self.maps["calendars.Calendar"].get(row["calendar_id"]),
                )  # fmt: skip
                here.save()
                made.append((here, row))
            ids[row["id"]] = here.pk
        for agency, row in made:
            agency.parent_id, agency.successor_id = ids.get(row["parent_id"]), ids.get(row["successor_id"])
            agency.save(update_fields=["parent", "successor"])
            AgencyName.objects.bulk_create([_new(AgencyName, one, agency_id=agency.pk) for one in row["names"]])
            AgencyParent.objects.bulk_create(
                [
                    _new(AgencyParent, one, agency_id=agency.pk, parent_id=ids.get(one["parent_id"]))
                    for one in row["parents"]
                ]
            )

    def _people(self) -> None:
        """People of the old home are names here: no password, no post, nobody signs in as them."""
        ids = self.maps["people.Person"] = {}
        for row in self.rows["people.Person"]:
            username = self.names.people.get(row["username"])
            if username is None:
                name = rules.name_there(row["username"], self.archive.manifest.installation)
                person, _ = Person.objects.get_or_create(username=name, defaults={
                    "full_name": row["full_name"], "title": row["title"], "is_active": False,
                    "password": make_password(None),
                })  # fmt: skip
            else:
                person = Person.objects.get(username=username)
            ids[row["id"]] = person.pk

    def _domains(self) -> None:
        ids = self.maps["hotlines.Domain"] = {}
        for row in self.rows["hotlines.Domain"]:
            key = self.names.domains.get(row["key"], row["key"])
            here = Domain.objects.filter(key=key).first()
            if here is None:
                here = _new(Domain, row, key=key, supervisor_id=self.maps["organisation.Agency"][row["supervisor_id"]])
                here.save()
            ids[row["id"]] = here.pk


def _new(model: type[Any], row: Row, **given: Any) -> Any:
    """A row of the archive as a new one here, with what points at other rows `given`."""
    values = {
        f.attname: f.to_python(row[f.attname]) if row[f.attname] is not None else None
        for f in columns(model) if not f.primary_key and f.attname in row and not f.is_relation
    }  # fmt: skip
    return model(**{**values, **given})


def _hours(row: Row) -> tuple[Any, ...]:
    days = [(day["date"], day["kind"], day["intervals"]) for day in row["days"]]
    return row["zone"], row["weekly"], sorted(days, key=lambda day: day[0])


def _hours_here(calendar: Calendar) -> tuple[Any, ...]:
    days = [(day.date.isoformat(), day.kind, day.intervals) for day in calendar.days.order_by("date")]
    return calendar.zone, calendar.weekly, days
