"""Decisions that reorganise agencies and communes: those to come, those applied, and what each moved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from hotline.console.context import language
from hotline.console.doors import staff
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.reorganisation.models import Reorganisation
from hotline.reorganisation.queries import reorganisations
from hotline.reorganisation.rules import lines, totals

READERS = staff(Role.ADMINISTRATOR, Role.COORDINATOR, Role.INSPECTOR)


@READERS
def index(request: HttpRequest) -> HttpResponse:
    """GET: all decisions, those to come first."""
    rows = [(row, _standing(row), totals(row.moved)) for row in reorganisations().defer("document")]
    return render(request, "console/administration/reorganisations.html", {"rows": rows})


@READERS
def reorganisation(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one decision: what ended, what took over, what moved, which names now lie in several places."""
    row = get_object_or_404(Reorganisation, pk=pk)
    return render(
        request,
        "console/administration/reorganisation.html",
        {
            "row": row,
            "standing": _standing(row),
            "problem": Label(row.problem_vi, row.problem_en),
            "summary": lines(row.moved, language())[0] if row.applied_at else "",
            "moved": row.moved,
            "split": [area for area in row.moved.get("areas", []) if len(area["to"]) > 1],
            "by": row.recorded_by.get("name", ""),
        },
    )


def _standing(row: Reorganisation) -> str:
    if row.applied_at:
        return "applied"
    return "refused" if row.problem_vi else "due" if row.effective <= timezone.localdate() else "later"
