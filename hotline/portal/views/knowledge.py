"""Questions that agencies have answered already, for everybody to search and read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hotline.knowledge.queries import matching, most_used, published
from hotline.portal.doors import of_one, page

MOST = 20
WORDS = 300  # letters of what is looked for


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """GET: what `q` finds, else what is asked most, of one hotline; only what may be given today and is public."""
    hotline, choice = of_one(request)
    day = timezone.localdate()
    words = request.GET.get("q", "").strip()[:WORDS]
    found = (
        matching(hotline.pk, words, day, public=True, limit=MOST) if words else most_used(hotline.pk, day, limit=MOST)
    )
    return page(request, "knowledge.html", {**choice, "found": found, "words": words})


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """GET: one question and its answer, at an address that can be passed on; expired, it is gone."""
    hotline, choice = of_one(request)
    entry = published(hotline.pk, key, timezone.localdate())
    if entry is None:
        raise Http404
    return page(request, "knowledge_entry.html", {"entry": entry, "of": choice["of"]})
