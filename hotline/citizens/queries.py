"""Questions about citizens. Doors ask them only for officers of the desk; an agency sees the reporter on its case."""

from __future__ import annotations

from hotline.citizens.models import Citizen, Handle
from hotline.citizens.rules import normal_email, normal_phone


def by_phone(phone: str) -> Citizen | None:
    """Who this number belongs to, however it is written; None when nobody has used it yet."""
    value = normal_phone(phone)
    return _by_handle(Handle.Kind.PHONE, value) if value else None


def by_email(email: str) -> Citizen | None:
    """Who this address belongs to; None when nobody has used it yet."""
    value = normal_email(email)
    return _by_handle(Handle.Kind.EMAIL, value) if value else None


def _by_handle(kind: str, value: str) -> Citizen | None:
    handle = Handle.objects.filter(kind=kind, value=value).select_related("citizen").first()
    return handle.citizen if handle else None
