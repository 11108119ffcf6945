"""The first page: what Ông/Bà can do here, one look-up, and how the hotline is doing."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import Closed, default_hotline, edition_in_force, hotlines, regulation_of
from hotline.portal.doors import asked_for, page, say
from hotline.portal.forms import LookUpForm
from hotline.portal.queries import figures, published
from hotline.regulation.edition import Edition

RECENT = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """GET: the doors, the look-up, the month's figures, what was settled last."""
    lines = hotlines()
    hotline = asked_for(request, lines) or default_hotline()
    today = timezone.localdate()
    first = today.replace(day=1)
    month = figures.month(hotline.pk, first, today)
    edition, closed = open_edition(hotline.pk, today)
    return page(request, "home.html", {
        "form": LookUpForm(auto_id="look-%s"), "month": month, "total": month.total, "first": first,
        "recent": recently(hotline), "promise": promised(edition) if edition else {}, "links": hotline.document.get("links", {}),
        "edition": edition, "closed": closed, "hotline": hotline,
        "others": [line for line in lines if line.pk != hotline.pk],
    })  # fmt: skip


def open_edition(hotline_id: int, day: date) -> tuple[Edition | None, str]:
    """The regulation of a day; where there is none, the sentence that says when the hotline is open and where to turn."""
    try:
        return regulation_of(edition_in_force(hotline_id, day)), ""
    except Closed as closed:
        return None, say(closed)


def recently(hotline: Hotline) -> list[published.Published]:
    """The last answers that everybody may read, at most a minute old."""
    return cast(list[published.Published], cache.get_or_set(
        f"recent:{hotline.pk}", lambda: published.listing(limit=RECENT, hotline_id=hotline.pk).cases, figures.NOW_SECONDS
    ))  # fmt: skip


def promised(edition: Edition) -> dict[str, object]:
    """What the rules promise, by the role that owes it: the limit of the first clock of the edition that makes it late."""
    owed = [clock for clock in edition.clocks if clock.marks_late]
    return {str(clock.owner): clock.limit.label for clock in reversed(owed)}
