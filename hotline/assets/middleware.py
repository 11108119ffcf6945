"""Words for the answers that Django leaves empty."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


class WordsMiddleware:
    """A page for 405: whoever reloads after a form, or signs in again in the middle of one, comes to an address that only
    takes forms, and saw a blank screen."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Draw the page where nothing was said."""
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = render_to_string("errors/405.html", request=request)
            response["Content-Length"] = str(len(response.content))  # it said 0 already
        return response
