"""The administrator's pages: where a page of a list ended, what a browser calls itself."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

_BROWSERS = (("Edg/", "Edge"), ("CocCoc/", "Cốc Cốc"), ("coc_coc", "Cốc Cốc"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str) -> str:
    """"Chrome · Windows": what a person recognises of a browser's long name; its beginning when nothing is known."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return " · ".join(filter(None, (browser, system))) or user_agent[:60] or "?"


def cursor_of(*key: str | int) -> str:
    """Where a page of a list ended, as one word for an address."""
    return urlsafe_b64encode(json.dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, int] | None:
    """The name and id of a cursor; None for none, or for something somebody made up: the list begins at its start."""
    try:
        name, pk = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        return None
    return (name, pk) if isinstance(name, str) and isinstance(pk, int) and 0 <= pk < 2**63 else None
