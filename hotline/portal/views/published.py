"""What was settled, for everybody to read."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hotline.hotlines.queries import fields_of_all, hotlines
from hotline.organisation.queries import areas_served
from hotline.portal.doors import asked_for, page
from hotline.portal.queries import published


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """GET: one page of published cases, by hotline, field, commune, and whether they were late. What is no choice is no
    filter."""
    lines, fields, areas = hotlines(), fields_of_all(), list(areas_served())
    below = {top.key: ids for top, ids in fields}
    known = {str(area.pk): area for area in areas}
    line = asked_for(request, lines)
    field, area = request.GET.get("field", ""), request.GET.get("area", "")
    late = request.GET.get("late") == "1"
    chosen = {
        "hotline": line.key if line else "", "field": field if field in below else "", "area": area if area in known else "",
        "late": "1" if late else "",
    }  # fmt: skip
    after = request.GET.get("after", "")
    found = published.listing(
        after, hotline_id=line.pk if line else None, fields=below.get(field, ()),
        area_id=known[area].pk if area in known else None, late=late,
    )  # fmt: skip
    query = {name: value for name, value in chosen.items() if value}
    here = reverse("portal:published")
    older = f"{here}?{urlencode({**query, 'after': found.next})}" if found.next else ""
    newer = f"{here}?{urlencode(query)}" if after else ""
    return page(request, "published.html", {
        "found": found, "fields": [top for top, _ in fields], "areas": areas, "chosen": chosen, "older": older,
        "newest": newer, "filtered": bool(query), "lines": lines if len(lines) > 1 else [],
    })  # fmt: skip


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """GET: one published case."""
    found = published.one(code)
    if found is None:
        raise Http404
    return page(request, "published_case.html", {"found": found, "case": found.case})
