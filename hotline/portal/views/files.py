"""Files for citizens: of their own case by its secret link, or a photo of a published answer. Nothing else exists."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from hotline.cases.queries import by_token
from hotline.conversations.models import Attachment
from hotline.conversations.pictures import small_copy
from hotline.portal.doors import private
from hotline.portal.queries import own, published

PUBLIC_SECONDS = 600  # a photo that is withdrawn is gone from browsers soon


@private
@require_safe
def reporters(request: HttpRequest, token: str, key: UUID, small: bool = False) -> HttpResponseBase:
    """GET: a file of the reporter's own case."""
    case = by_token(token)
    attachment = own.own_file(case, key) if case else None
    if attachment is None:
        raise Http404
    return _send(attachment, small)


@require_safe
def public(request: HttpRequest, key: UUID, small: bool = False) -> HttpResponseBase:
    """GET: a photo of an answer that everybody may read."""
    attachment = published.public_file(key)
    if attachment is None:
        raise Http404
    response = _send(attachment, small)
    response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return response


def _send(attachment: Attachment, small: bool) -> HttpResponseBase:
    """Pictures we encoded ourselves are shown; everything else is only ever saved, whatever it says it is."""
    try:
        content = small_copy(attachment.file) if small and attachment.is_image else attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=not attachment.is_image, filename=attachment.name,
        content_type=attachment.content_type if attachment.is_image else "application/octet-stream",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
