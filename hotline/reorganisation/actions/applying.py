"""What a decision does, step by step, inside the transaction of whoever applies it.

The order matters: communes first, so that cases stand where they will be looked for; then officers, so that whoever works
on a case is at the successor when it comes; then cases, routes and what else an agency owns.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from hotline.calendars.models import Calendar
from hotline.cases.actions import at_work, succeed_agency, succeed_area
from hotline.cases.models import Case
from hotline.hotlines.actions import follow_agency as hotlines_follow
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.live.rules import agency_topic
from hotline.organisation import actions as organisation
from hotline.organisation.models import Agency, Area
from hotline.organisation.queries import agencies_on
from hotline.people.actions import follow_agency as people_follow
from hotline.people.models import Post
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.reorganisation import rules
from hotline.reorganisation.rules import OWNED, Ending, Plan, Posts
from hotline.routing.actions import follow_agency as routes_follow
from hotline.routing.actions import follow_areas as routes_follow_areas
from hotline.routing.models import Route
from hotline.routing.queries import forget
from hotline.routing.rules import Place, nearest_area


class Applying:
    """One plan at one moment; `all` does it and says what moved, as the row keeps it."""

    def __init__(self, plan: Plan, actor: Actor, now: datetime) -> None:
        self.plan = plan
        self.deed: dict[str, Any] = {"actor": actor, "now": now}
        self.dated: dict[str, Any] = {"from_day": plan.effective, "decision": plan.decision, **self.deed}
        self.agencies: dict[str, Agency] = {}
        self.busy: dict[str, set[int]] = {}
        self.moved: dict[str, Any] = {
            "founded": [],
            "renamed": [],
            "placed": [],
            "ended": [],
            "areas_founded": [],
            "areas_renamed": [],
            "areas": [],
        }

    def all(self) -> dict[str, Any]:
        """Everything the decision says."""
        self._areas_founded()
        self._founded()
        self._areas()
        self._renamed()
        self.agencies = {a.key: a for a in Agency.objects.all()}
        self.busy = self._busy()
        for ending in self.plan.endings:
            self._close(ending)
        for ending in self.plan.endings:
            self._ended(ending)
        self._placed()
        forget()  # whoever asks in this transaction; others read anew when it is committed
        return self.moved

    # -- communes -------------------------------------------------------------------------------------------------------

    def _areas_founded(self) -> None:
        for entry in self.plan.areas:
            organisation.create_area(entry, decision=self.plan.decision, **self.deed)
            self.moved["areas_founded"].append({"code": entry.code, "name": entry.name})

    def _areas(self) -> None:
        codes = {code for ending in self.plan.area_endings for code in (ending.area, *ending.into)}
        areas = {a.code: a for a in Area.objects.select_related("parent").filter(code__in=codes)}
        heirs = {areas[e.area]: [areas[code] for code in e.into] for e in self.plan.area_endings}
        organisation.succeed_areas(heirs, **self.dated)
        names = {renaming.area: renaming.name for renaming in self.plan.area_renamings}
        for renaming in self.plan.area_renamings:
            area = Area.objects.get(code=renaming.area)
            centre = (renaming.lat, renaming.lon) if renaming.lat is not None and renaming.lon is not None else None
            organisation.rename_area(area, renaming.name, centre=centre, **self.dated)
            if area.name != renaming.name:
                self.moved["areas_renamed"].append({"code": area.code, "before": area.name, "after": renaming.name})
        routes_follow_areas(heirs, **self.deed)
        fresh = {
            a.code: a for a in Area.objects.filter(code__in=codes)
        }  # under their new names, with their new centres
        busy = set(
            Case.objects.open().filter(area__in=areas.values()).order_by().values_list("area_id", flat=True).distinct()
        )
        for ending in self.plan.area_endings:
            old, to = areas[ending.area], [fresh[code] for code in ending.into]
            moved = unclear = 0
            if old.pk in busy:
                moved, unclear = succeed_area(old, _by_point(to), decision=self.plan.decision, **self.deed)
            self.moved["areas"].append(
                {
                    "code": old.code,
                    "name": old.name,
                    "to": [{"code": a.code, "name": names.get(a.code, a.name)} for a in to],
                    "cases": moved,
                    "unclear": unclear,
                }
            )

    # -- agencies -------------------------------------------------------------------------------------------------------

    def _founded(self) -> None:
        for entry in rules.parents_first(self.plan.agencies):
            made = organisation.create_agency(
                entry.key,
                entry.kind,
                entry.name,
                entry.short_name,
                parent=Agency.objects.filter(key=entry.parent).first() if entry.parent else None,
                area=Area.objects.get(code=entry.area_code) if entry.area_code else None,
                **self.dated,
            )
            if entry.calendar:
                organisation.use_calendar(made, Calendar.objects.get(key=entry.calendar), **self.deed)
            self.moved["founded"].append({"key": made.key, "name": made.name})

    def _renamed(self) -> None:
        for renaming in self.plan.renamings:
            agency = Agency.objects.get(key=renaming.agency)
            organisation.rename_agency(agency, renaming.name, renaming.short_name, **self.dated)
            self.moved["renamed"].append({"key": agency.key, "before": agency.name, "after": renaming.name})

    def _placed(self) -> None:
        for moving in self.plan.movings:
            agency = Agency.objects.get(key=moving.agency)
            parent = Agency.objects.get(key=moving.parent) if moving.parent else None
            self._place(agency, parent)

    def _place(self, agency: Agency, parent: Agency | None) -> None:
        organisation.move_agency(agency, parent, **self.dated)
        self.moved["placed"].append({"key": agency.key, "name": agency.name, "to": parent.name if parent else ""})

    def _close(self, ending: Ending) -> None:
        """Ends and successors stand before anything follows them."""
        if not ending.goes_on:
            self.agencies[ending.agency] = organisation.close_agency(
                self.agencies[ending.agency],
                self.plan.effective - timedelta(days=1),
                self.agencies.get(ending.into),
                decision=self.plan.decision,
                **self.deed,
            )

    def _busy(self) -> dict[str, set[int]]:
        """Which of the agencies that end have something: a reform ends hundreds, most of them with nothing open."""
        ids = [self.agencies[ending.agency].pk for ending in self.plan.endings]
        held = {"agency__in": ids}
        return {
            "cases": at_work(ids),
            "posts": set(Post.objects.filter(**held).values_list("agency_id", flat=True)),
            "routes": set(Route.objects.filter(**held).values_list("agency_id", flat=True)),
            "children": set(Agency.objects.filter(parent__in=ids).values_list("parent_id", flat=True)),
        }  # fmt: skip

    def _ended(self, ending: Ending) -> None:
        old, plan = self.agencies[ending.agency], self.plan
        posts, cases = 0, Counter[str]()
        if old.pk in self.busy["posts"]:
            posts = people_follow(old, self.agencies, self._person_heir(ending), decision=plan.decision, **self.deed)
        if old.pk in self.busy["cases"]:
            cases = succeed_agency(old, self.agencies, ending.heir_of, decision=plan.decision, **self.deed)
        if (
            not ending.into
            and old.pk in self.busy["cases"]
            and (left := Case.objects.open().filter(agency=old).count())
        ):
            raise Refused(
                Label(
                    f"{old.name} còn {left} phiếu đang xử lý; hãy ghi cơ quan kế thừa (successor) vào tệp.",
                    f"{old.name} still has {left} open cases; name its successor in the file.",
                )
            )
        heirs = [
            (self.agencies[part.to], part.fields, part.areas) for part in ending.parts if part.fields or part.areas
        ]
        rest = self.agencies.get(ending.into)
        routes = routes_follow(old, heirs, rest, **self.deed) if old.pk in self.busy["routes"] else 0
        hotlines = owned = 0
        if rest is not None and not ending.goes_on:
            hotlines = hotlines_follow(old, rest, decision=plan.decision, **self.deed)
            owned = self._owned(old, rest)
        if not ending.goes_on and old.pk in self.busy["children"]:
            self._children(old, rest)
        to = list(dict.fromkeys((*(part.to for part in ending.parts), *filter(None, [ending.into]))))
        self.moved["ended"].append(
            {
                "key": old.key,
                "name": old.name,
                "do": str(ending.do),
                "goes_on": ending.goes_on,
                "posts": posts,
                "routes": routes,
                "hotlines": hotlines,
                "owned": owned,
                "to": [
                    {"key": key, "name": self.agencies[key].name, "cases": cases[key]} for key in to if key != old.key
                ],
            }
        )
        record(
            "agency.succeeded",
            "agency",
            old.pk,
            self.deed["actor"],
            self.deed["now"],
            note=plan.decision,
            before={"agency": old.key, "name": old.name},
            after={"cases": {str(self.agencies[key].pk): count for key, count in cases.items()}, "posts": posts},
            topics=[agency_topic(agency.pk) for agency in (old, *(self.agencies[key] for key in to))],
        )

    def _owned(self, old: Agency, rest: Agency) -> int:
        """What else is the agency's today becomes its successor's."""
        count = 0
        for path, which in OWNED.items():
            label, _, name = path.rpartition(".")
            count += apps.get_model(label)._base_manager.filter(**{name: old}, **which).update(**{name: rest})
        return count

    def _person_heir(self, ending: Ending) -> Any:
        if ending.posts == Posts.END:
            named = {name: part.to for part in ending.parts for name in part.people}
            # An agency that goes on keeps its people; only those named go.
            return lambda username: named.get(username, ending.agency if ending.goes_on else "")
        return ending.heir_of_person

    def _children(self, old: Agency, rest: Agency | None) -> None:
        """Units below an agency that ends belong to its successor, else to whom it belonged to itself."""
        elsewhere = {moving.agency for moving in self.plan.movings} | {
            e.agency for e in self.plan.endings if not e.goes_on
        }
        day = max(self.plan.effective, timezone.localdate(self.deed["now"]))
        for child in agencies_on(day).filter(parent=old).exclude(key__in=elsewhere).order_by("key"):
            parent = rest if rest is not None and rest.pk != child.pk else old.parent
            self._place(child, parent)


def _by_point(to: list[Area]) -> Any:
    """One heir takes all; of several the nearest to the point; without a point nobody can tell."""
    if len(to) == 1:
        return lambda lat, lon: to[0]
    places, areas = [Place(a.pk, a.name, lat=a.lat, lon=a.lon) for a in to], {a.pk: a for a in to}

    def heir(lat: float | None, lon: float | None) -> Area | None:
        found = nearest_area(lat, lon, places).area if lat is not None and lon is not None else None
        return areas[found] if found is not None else None

    return heir
