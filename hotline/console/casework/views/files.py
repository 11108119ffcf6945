"""Files of a case or conversation, to those who may read it. Pictures we encoded are shown; everything else is saved."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from hotline.cases.identity.queries import readable_file
from hotline.cases.models import Answer, Case, Participation
from hotline.console.casework.views.case import READERS
from hotline.console.doors import staff
from hotline.conversations.models import Attachment, Conversation
from hotline.people.rules import Viewer


@staff(*READERS)
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """GET: one file."""
    attachment = readable(request.viewer, key)
    name = readable_file(request.viewer, attachment) if attachment else None
    if attachment is None or name is None:
        raise Http404
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=not attachment.is_image, filename=name,
        content_type=attachment.content_type if attachment.is_image else "application/octet-stream",
    )  # fmt: skip
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response  # type: ignore[return-value]  # an HttpResponse in all but its type


def readable(viewer: Viewer, key: UUID) -> Attachment | None:
    """The file if it belongs to a conversation, an answer or a contribution that the viewer may read."""
    conversations = Conversation.objects.visible_to(viewer)
    answers = Answer.attachments.through.objects.filter(answer__case__in=Case.objects.visible_to(viewer))
    parts = Participation.attachments.through.objects.filter(participation__case__in=Case.objects.visible_to(viewer))
    own = Q(contact__conversation__in=conversations) | Q(pk__in=answers.values("attachment_id"))
    own |= Q(pk__in=parts.values("attachment_id"))
    return Attachment.objects.filter(own, key=key).select_related("contact").first()
