"""What binds the hotline: its regulation, and how it treats personal data."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hotline.hotlines.queries import Closed, edition_in_force, editions_of, regulation_of
from hotline.portal.doors import of_one, page, say
from hotline.regulation.lifecycle import Step


@require_safe
def regulation(request: HttpRequest) -> HttpResponse:
    """GET: the edition in force of one hotline in words."""
    hotline, choice = of_one(request)
    today = timezone.localdate()
    latest = editions_of(hotline).first()  # between two editions, and after the last: what the rules were
    try:
        edition, closed = regulation_of(edition_in_force(hotline.pk, today)), ""
    except Closed as refused:
        if latest is None:
            raise Http404 from None
        edition, closed = regulation_of(latest), say(refused)
    return page(request, "regulation.html", {
        **choice, "closed": closed,
        "edition": edition, "raising": edition.has(Step.RAISE_LEVEL),
        "clocks": [(rule, edition.word(rule.owner)) for rule in (*edition.clocks, *edition.obligation_clocks())],
        "decided_by": edition.word(edition.returns.decided_by),
        "grounds": edition.grounds_on(today), "needed": edition.completeness.for_channel("web"),
        "kinds": [edition.word(kind) for kind in edition.kinds], "outcomes": [edition.word(o.kind) for o in edition.outcomes],
        "editions": editions_of(hotline),
    })  # fmt: skip


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """GET: what is asked for, who sees it, how long it is kept, and the citizen's rights."""
    return page(request, "privacy.html", {})


@require_safe
@cache_control(max_age=86400)
def robots(request: HttpRequest) -> HttpResponse:
    """GET: secret links and officers' pages are no search results."""
    closed = ("/case/", "/receipt/", "/lookup/", "/console/", "/account/", "/mail-sink/", "/push/", "/preferences/", "/i18n/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
