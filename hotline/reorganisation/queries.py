"""Questions about reorganisations."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from hotline.calendars.models import Calendar
from hotline.cases.models import Case
from hotline.hotlines.models import Field
from hotline.organisation.models import Agency, Area
from hotline.people.models import Person
from hotline.reorganisation.models import Reorganisation
from hotline.reorganisation.rules import Known, Plan


def reorganisations() -> QuerySet[Reorganisation]:
    """All of them, those of the latest day first."""
    return Reorganisation.objects.order_by("-effective", "-id")


def due(day: date) -> QuerySet[Reorganisation]:
    """Those whose day has come and that are not applied yet, in the order of their days."""
    return Reorganisation.objects.filter(applied_at__isnull=True, effective__lte=day).order_by("effective", "id")


def known_to(plan: Plan) -> Known:
    """What the installation has of what a plan names."""
    parts = [part for ending in plan.endings for part in ending.parts]
    people = {name for part in parts for name in part.people}
    cases = {code for part in parts for code in part.cases}
    return Known(
        agencies=dict(Agency.objects.values_list("key", "valid_to")),
        areas=set(Area.objects.values_list("code", flat=True)),
        calendars=set(Calendar.objects.values_list("key", flat=True)),
        fields=set(Field.objects.values_list("key", flat=True)),
        people=set(Person.objects.filter(username__in=people).values_list("username", flat=True)),
        cases=set(Case.objects.filter(code__in=cases).values_list("code", flat=True)),
    )
