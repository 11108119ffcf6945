"""Whether a decision fits the installation it is given to."""

from __future__ import annotations

from collections.abc import Collection

from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError
from hotline.reorganisation.rules.plan import Known, Plan


def check(plan: Plan, known: Known, file: str) -> list[PackError]:
    """What in a plan does not fit the installation: keys that are not there, agencies that have ended already."""
    faults: list[PackError] = []
    new_agencies, new_areas = {a.key for a in plan.agencies}, {a.code for a in plan.areas}
    areas = {*known.areas, *new_areas}

    def there(key: str, where: Collection[str], at: str, what: Label) -> None:
        if key and key not in where:
            reason = Label(f"không có {what.vi} “{key}” trong hệ thống này", f"there is no {what.en} “{key}” here")
            faults.append(PackError(file, at, reason))

    def agency(key: str, at: str, must_stand: bool = True) -> None:
        there(key, {*known.agencies, *new_agencies}, at, _AGENCY)
        ended = known.agencies.get(key)
        if must_stand and ended is not None and ended < plan.effective:
            reason = Label(
                f"cơ quan “{key}” đã kết thúc ngày {ended:%d/%m/%Y}", f"the agency “{key}” ended on {ended:%d/%m/%Y}"
            )
            faults.append(PackError(file, at, reason))

    for entry in plan.agencies:
        if entry.key in known.agencies:
            reason = Label(f"đã có cơ quan “{entry.key}”", f"there is an agency “{entry.key}” already")
            faults.append(PackError(file, "agencies.key", reason))
        agency(entry.parent, "agencies.parent")
        there(entry.area_code, areas, "agencies.area", _COMMUNE)
        there(entry.calendar, known.calendars, "agencies.calendar", Label("lịch", "calendar"))
    for place in plan.areas:
        if place.code in known.areas:
            reason = Label(f"đã có địa bàn mã “{place.code}”", f"there is an area “{place.code}” already")
            faults.append(PackError(file, "areas.code", reason))
        there(place.province_code, areas, "areas.province", _COMMUNE)
    for renaming in plan.renamings:
        agency(renaming.agency, "changes.agency")
    for moving in plan.movings:
        agency(moving.agency, "changes.agency")
        agency(moving.parent, "changes.parent")
    for ending in plan.endings:
        agency(ending.agency, "changes.agency")
        agency(ending.into, "changes.into")
        for part in ending.parts:
            agency(part.to, "changes.parts.to")
            for keys, where, at, what in (
                (part.fields, known.fields, "fields", Label("lĩnh vực", "field")),
                (part.areas, areas, "areas", _COMMUNE),
                (part.people, known.people, "people", Label("tài khoản", "account")),
                (part.cases, known.cases, "cases", Label("phiếu", "case")),
            ):
                for key in sorted(keys):
                    there(key, where, f"changes.parts.{at}", what)
    for area_renaming in plan.area_renamings:
        there(area_renaming.area, known.areas, "changes.area", _COMMUNE)
    for area_ending in plan.area_endings:
        there(area_ending.area, known.areas, "changes.area", _COMMUNE)
        for code in area_ending.into:
            there(code, areas, "changes.into", _COMMUNE)
    return list(dict.fromkeys(faults))


_AGENCY, _COMMUNE = Label("cơ quan", "agency"), Label("địa bàn", "area")
