"""The first page of each role, and the side list by itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from hotline.cases.rules import tabs_for
from hotline.console.doors import staff
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

# Whoever holds several posts begins with the one that presses most.
FIRST_PAGES = (
    (Role.CALL_TAKER, "console:desk"),
    (Role.SHIFT_LEADER, "console:desk"),
    (Role.ADMINISTRATOR, "console:people"),
    (Role.TECHNICIAN, "console:operations"),
    (Role.SEALED_OFFICER, "console:sealed"),
)


@staff()
def home(request: HttpRequest) -> HttpResponse:
    """GET: on to the first page of this person."""
    return HttpResponseRedirect(first_page(request.viewer))


def first_page(viewer: Viewer) -> str:
    """Where a person's day begins: the desk, the list that is theirs to work off, or the pages they look after."""
    if viewer.sees_all_cases and not viewer.has(Role.CALL_TAKER, Role.SHIFT_LEADER):
        return reverse("console:inbox", args=[first_list(viewer)])
    if viewer.agency_ids:
        return reverse("console:inbox", args=[first_list(viewer)])
    page = next((page for role, page in FIRST_PAGES if viewer.has(role)), "console:notices")
    return reverse(page)


def first_list(viewer: Viewer) -> str:
    """The first of a person's own lists; those who only read begin with everything."""
    readers = {Role.LEADER, Role.INSPECTOR}
    if viewer.roles & readers and not viewer.roles - readers:
        return "all"
    return tabs_for(viewer.roles)[0].key


@staff()
def nav(request: HttpRequest) -> HttpResponse:
    """GET: the side list with fresh counters; `at` is the path of the page it stands beside."""
    return render(request, "console/nav.html")
