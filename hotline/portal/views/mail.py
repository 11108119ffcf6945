"""/mail-sink/: on a trial installation, what would have been sent. Elsewhere these pages do not exist."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from hotline.portal.doors import page, private
from hotline.portal.queries import mail


@private
@require_safe
def sink(request: HttpRequest) -> HttpResponse:
    """GET: the latest mails."""
    return page(request, "mails.html", {"mails": mail.caught(_folder())})


@private
@require_safe
def one(request: HttpRequest, name: str) -> HttpResponse:
    """GET: one mail as text, its HTML in a frame where nothing runs."""
    return page(request, "mail.html", {"mail": _one(name)})


@private
@xframe_options_sameorigin
@require_safe
def html(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the HTML of one mail, without scripts, forms, links out or anything loaded from elsewhere."""
    response = HttpResponse(_one(name).html)
    response["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
    )
    return response


def _folder() -> str:
    if not settings.MAIL_SINK:
        raise Http404
    return settings.MAIL_SINK


def _one(name: str) -> mail.Caught:
    found = mail.one(_folder(), name)
    if found is None:
        raise Http404
    return found
