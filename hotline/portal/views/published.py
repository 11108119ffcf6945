"""What was settled, for everybody to read."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from hotline.hotlines.queries import default_hotline, field_tree
from hotline.organisation.queries import areas_served
from hotline.portal.doors import page
from hotline.portal.queries import published


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """GET: one page of published cases, by field, commune, and whether they were late. What is no choice is no filter."""
    hotline = default_hotline()
    tree = field_tree(hotline)
    areas = list(areas_served())
    below = {str(top.pk): [top.pk, *(f.pk for f in children)] for top, children in tree}
    known = {str(area.pk): area for area in areas}
    field, area = request.GET.get("field", ""), request.GET.get("area", "")
    late = request.GET.get("late") == "1"
    chosen = {"field": field if field in below else "", "area": area if area in known else "", "late": "1" if late else ""}
    after = request.GET.get("after", "")
    found = published.listing(
        hotline.pk, after, fields=below.get(field, ()), area_id=known[area].pk if area in known else None, late=late
    )
    query = {name: value for name, value in chosen.items() if value}
    here = reverse("portal:published")
    older = f"{here}?{urlencode({**query, 'after': found.next})}" if found.next else ""
    newer = f"{here}?{urlencode(query)}" if after else ""
    return page(request, "published.html", {
        "found": found, "fields": [top for top, _ in tree], "areas": areas, "chosen": chosen, "older": older,
        "newest": newer, "filtered": bool(query),
    })  # fmt: skip


@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """GET: one published case."""
    found = published.one(default_hotline().pk, code)
    if found is None:
        raise Http404
    return page(request, "published_case.html", {"found": found, "case": found.case})
