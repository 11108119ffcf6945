"""What every citizen's page has in common: its frame, its privacy, the reader's language and where they ask from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from hotline.channels.web.photos import MOST_PHOTOS
from hotline.conversations.pictures import MOST_BYTES
from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import default_hotline, hotlines
from hotline.portal.rules import client_address
from hotline.refusals import Refused, Stale

_GZIP = GZipMiddleware(lambda request: HttpResponse())
View = Callable[..., HttpResponseBase]
MOST_POSTED = MOST_PHOTOS * MOST_BYTES + 2 * 1024 * 1024  # bytes of one request: all photos and the words


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page in the citizen's frame."""
    links = [
        ("knowledge", _("Hỏi đáp")), ("published", _("Việc đã giải quyết")), ("figures", _("Số liệu")),
        ("regulation", _("Quy chế")),
    ]  # fmt: skip
    here = (request.resolver_match.url_name if request.resolver_match else "") or ""
    nav = [{"label": _("Gửi phản ánh"), "url": reverse("portal:report"), "active": here == "report"}] if here != "home" else []
    nav += [
        {"label": label, "url": reverse(f"portal:{name}"), "active": here.startswith(name)}
        for name, label in links
    ]
    response = render(request, f"portal/{template}", {"site_nav": nav, **context}, status=status)
    # Compressed here and not for every response: photos are small already. Django pads the length and masks the form's
    # word anew each time, so that nothing can be guessed from the size (BREACH).
    return cast(HttpResponse, _GZIP.process_response(request, response))


def private(view: View) -> View:
    """For pages behind a secret link: kept by nobody, found by no search engine, named to no other site.

    "same-origin" and not "no-referrer": browsers would then post forms from "null", which the forgery check refuses.
    """

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"
        return response

    return door


def takes_photos(view: View) -> View:
    """For forms with photos: a request larger than all photos together is turned away before a byte of it is read."""
    checked = csrf_protect(view)  # reads the form, so it comes after the size

    @csrf_exempt
    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MOST_POSTED:
            reason = _("Các ảnh gửi kèm quá lớn. Vui lòng gửi tối đa 5 ảnh, mỗi ảnh không quá 10 MB.")
            response = render(request, "errors/413.html", {"reason": reason}, status=413)
            response["Connection"] = "close"
            return response
        return checked(request, *args, **kwargs)

    return door


def asked_for(request: HttpRequest, lines: Iterable[Hotline]) -> Hotline | None:
    """The hotline an address names (`?hotline=key`); None when it names none, or one that is not here."""
    return next((line for line in lines if line.key == request.GET.get("hotline")), None)


def of_one(request: HttpRequest) -> tuple[Hotline, dict[str, Any]]:
    """The hotline a page is about, the first one where the address names none, and what the choice of another is drawn from
    (parts/by_hotline.html). `of`: the hotline as part of an address, empty where there is one only."""
    lines = hotlines()
    hotline = asked_for(request, lines) or default_hotline()
    several = len(lines) > 1
    return hotline, {
        "lines": lines if several else [], "must": True, "chosen": {"hotline": hotline.key},
        "of": f"hotline={hotline.key}" if several else "",
    }  # fmt: skip


def language() -> str:
    """ "vi" or "en": of the page being made."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


def say(error: Refused) -> str:
    """A refusal in the reader's language, with its article."""
    sentence = error.sentence.get(language())
    return f"{sentence} ({error.article})" if error.article else sentence


def status_of(error: Refused) -> int:
    """409 when somebody else was faster, 422 when the rules say no."""
    return 409 if isinstance(error, Stale) else 422


def address_of(request: HttpRequest) -> str:
    """Where on the network the request comes from; limits are counted by it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)
