"""Sign topics for a page, and read them back in the push server."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing

_SALT = "live.topics"


def sign_topics(topics: Iterable[str]) -> str:
    """A token a page carries; whoever holds it may hear these topics (ids only) for twelve hours."""
    return signing.dumps(sorted(set(topics)), salt=_SALT, compress=True)


def read_topics(token: str) -> frozenset[str]:
    """Topics of a token; raises django.core.signing.BadSignature (final) when forged or expired."""
    return frozenset(signing.loads(token, salt=_SALT, max_age=12 * 3600))
