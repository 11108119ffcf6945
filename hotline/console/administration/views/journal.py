"""The journal by itself. Inspectors read acts on cases, their documents and dialogues; administrators acts on reference
data, never on content."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hotline.calendars.models import Calendar
from hotline.cases.models import Case
from hotline.cases.rules import ACT_LABELS
from hotline.console.administration.rules import REFERENCE_ACTS, REFERENCE_SUBJECTS, plain_changes
from hotline.console.casework.rules import PAPER_ACTS
from hotline.console.casework.views.papers import ON_CASE
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.dialogues.models import Dialogue
from hotline.documents.models import Document
from hotline.experts.models import Expert
from hotline.hotlines.models import Edition, Field, Mailbox
from hotline.journal.models import Act
from hotline.knowledge.models import Entry
from hotline.organisation.models import Agency
from hotline.people.models import Person
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role
from hotline.routing.models import Route

PAGE = 50
WORK_ACTS = {**ACT_LABELS, **PAPER_ACTS}
_WORK: dict[str, tuple[Any, str, str]] = {
    "case": (Case, "code", "console:case"),
    "document": (Document, "subject", "console:document"),
    "dialogue": (Dialogue, "subject", "console:dialogue"),
}


@staff(Role.INSPECTOR, Role.ADMINISTRATOR)
def journal(request: HttpRequest) -> HttpResponse:
    """GET: acts, the latest first; `of` chooses cases or reference data for whoever may read both, `before` goes on."""
    kinds = _readable(request.viewer)
    of = request.GET.get("of", "")
    of = of if of in kinds else kinds[0]
    asked = request.GET.get("before", "")
    acts = Act.objects.filter(subject__in=[*_WORK] if of == "cases" else REFERENCE_SUBJECTS)
    if of == "cases":  # what stands on the case under the same name is told once
        acts = acts.exclude(kind__in=ON_CASE)
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        acts = acts.filter(pk__lt=int(asked))
    rows = list(acts.order_by("-id")[: PAGE + 1])
    older = f"?of={of}&before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    rows = rows[:PAGE]
    return render(
        request,
        "console/administration/journal.html",
        {
            "rows": _cases(request.viewer, rows) if of == "cases" else _reference(rows),
            "of": of,
            "kinds": kinds,
            "older": older,
            "newer": f"{reverse('console:journal')}?of={of}" if asked else "",
        },
    )


def _readable(viewer: Viewer) -> list[str]:
    return (["cases"] if viewer.has(Role.INSPECTOR) else []) + (["reference"] if viewer.has(Role.ADMINISTRATOR) else [])


def _cases(viewer: Viewer, acts: list[Act]) -> list[dict]:
    """Acts on cases, documents and dialogues: the code leads to where the whole of it is told."""
    seen: dict[tuple[str, int], tuple[str, str]] = {}  # what the act is about → its name, its page
    for subject, (model, column, page) in _WORK.items():
        ids = {act.subject_id for act in acts if act.subject == subject}
        rows = model.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", column) if ids else ()
        for pk, name in rows:
            seen[subject, pk] = name, reverse(page, args=[name if subject == "case" else pk])
    return [
        {
            "act": act,
            "words": WORK_ACTS[act.kind].get(language()) if act.kind in WORK_ACTS else act.kind,
            "code": known[0],
            "url": known[1],
            "plain": act.subject != "case",
            "note": act.note,
        }
        for act in acts
        if (known := seen.get((act.subject, act.subject_id)))
    ]


def _reference(acts: list[Act]) -> list[dict]:
    """Acts on people, agencies, fields, routes, calendars: what was before, what is after."""
    names = {subject: _names(subject, {a.subject_id for a in acts if a.subject == subject}) for subject in _NAMED}
    return [
        {
            "act": act,
            "words": REFERENCE_ACTS[act.kind].get(language()) if act.kind in REFERENCE_ACTS else act.kind,
            "note": act.note,
            "changes": plain_changes(act.before, act.after),
            "subject": names.get(act.subject, {}).get(act.subject_id)
            or act.after.get("key")
            or act.before.get("field", ""),
        }
        for act in acts
    ]


# What people know a row by; whoever it was then stands in the act itself.
_NAMED: dict[str, tuple[type[Model], str]] = {
    "person": (Person, "full_name"),
    "agency": (Agency, "name"),
    "field": (Field, "vi"),
    "route": (Route, "field__vi"),
    "mailbox": (Mailbox, "address"),
    "calendar": (Calendar, "name"),
    "edition": (Edition, "decision"),
    "knowledge": (Entry, "question"),
    "expert": (Expert, "name"),
}


def _names(subject: str, ids: set[int]) -> dict[int, str]:
    model, column = _NAMED[subject]
    return dict(model._default_manager.filter(pk__in=ids).values_list("pk", column)) if ids else {}
