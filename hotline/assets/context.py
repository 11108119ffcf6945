"""What every page knows: the hotline it belongs to, where push is, and the reader's preferences."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from hotline.hotlines.queries import default_hotline

_SIZES = {"s", "m", "l", "xl"}


def site(request: HttpRequest) -> dict:
    """Template context: hotline, push_url, map_tiles, text_size, high_contrast."""
    size = request.COOKIES.get("text", "m")
    return {
        "hotline": (first := default_hotline()),
        "site_hotline": first,
        "push_url": settings.PUSH_URL,
        "map_tiles": settings.MAP_TILES,
        "text_size": size if size in _SIZES else "m",
        "high_contrast": request.COOKIES.get("contrast") == "high",
    }
