"""Reading size and contrast for people without JavaScript: the same buttons post here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

CHOICES = {"text": ("s", "m", "l", "xl"), "contrast": ("normal", "high")}
_YEAR = 365 * 24 * 3600


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Keeps `text` and `contrast` in cookies for a year and returns to `next`; unknown values are left alone."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, allowed in CHOICES.items():
        if (value := request.POST.get(name)) in allowed:
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    return response
