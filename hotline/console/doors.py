"""How every staff page is entered: signed in, with a post; refusals become a sentence on the page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from hotline.refusals import Refused, Stale
from hotline.regulation.lifecycle import Role

View = Callable[..., HttpResponse]


def staff(*roles: Role) -> Callable[[View], View]:
    """Only people who hold one of these roles today (any post at all when none is named). Others get 404, not 403:
    what is not yours does not exist. Whoever is not signed in is asked to."""

    def wrap(view: View) -> View:
        @wraps(view)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if request.user.password_given:  # somebody else knows it: nothing is opened with it
                return HttpResponseRedirect(reverse("account_change_password"))
            held = request.viewer.roles
            if not held or (roles and not held & set(roles)):
                raise Http404
            return view(request, *args, **kwargs)

        door.roles = frozenset(roles)  # the walk over all doors reads it
        return door

    return wrap


def say(request: HttpRequest, error: Refused) -> str:
    """The refusal in the reader's language, with its article."""
    sentence = error.sentence.get(get_language() or "vi")
    return f"{sentence} ({error.article})" if error.article else sentence


def back_with(request: HttpRequest, error: Refused, to: str) -> HttpResponse:
    """For plain form posts: the refusal as a message on the page it came from; nothing was written."""
    messages.error(request, say(request, error))
    return HttpResponseRedirect(to)


def status_of(error: Refused) -> int:
    """409 when somebody else was faster, 422 when the rules say no."""
    return 409 if isinstance(error, Stale) else 422
