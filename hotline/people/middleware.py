"""Who is looking, on every request; and what a page may load."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from hotline.people.queries import viewer_of
from hotline.people.rules import NOBODY, Viewer


class ViewerMiddleware:
    """Sets `request.viewer`, lazily: pages that ask nothing about people cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the viewer."""

        def viewer() -> Viewer:
            user = request.user
            return viewer_of(user, timezone.localdate()) if user.is_authenticated else NOBODY

        request.viewer = SimpleLazyObject(viewer)  # type: ignore[attr-defined]
        return self.get_response(request)


class LanguageMiddleware:
    """Vietnamese, unless the reader pressed the switch: only its cookie decides.

    A browser's Accept-Language tells where the telephone was bought; an English page for a farmer with a second-hand
    telephone would be our fault.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = frozenset(code for code, _ in settings.LANGUAGES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Draw the whole answer in one language."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.setdefault("Content-Language", language)
        return response


class ContentSecurityMiddleware:
    """Scripts only from ourselves; map tiles and push only from where the operator said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        tiles = _origin(settings.MAP_TILES)
        push = _origin(settings.PUSH_URL)
        self.policy = "; ".join(
            [
                "default-src 'self'",
                "script-src 'self'",
                "style-src 'self' 'unsafe-inline'",  # ribbon positions are custom properties on elements
                f"img-src 'self' data: blob: {tiles}".strip(),
                f"connect-src 'self' {push}".strip(),
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            ]
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the header on everything we answer."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.policy)
        response.setdefault("Permissions-Policy", "camera=(), microphone=(self), geolocation=(self)")
        return response


def _origin(url: str) -> str:
    if "://" not in url:
        return ""
    scheme, rest = url.split("://", 1)
    return f"{scheme}://{rest.split('/', 1)[0]}".replace("{s}", "*")
