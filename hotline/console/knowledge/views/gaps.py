"""Questions that nobody could answer, for those who write answers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.administration.doors import form_page
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.console.knowledge.forms import DismissForm
from hotline.knowledge import actions
from hotline.knowledge.models import Gap
from hotline.knowledge.queries import PAGE, gap_reasons, gaps
from hotline.people.rules import OVERSEERS
from hotline.regulation.lifecycle import Role


@staff(Role.KNOWLEDGE_EDITOR, *OVERSEERS)
def index(request: HttpRequest) -> HttpResponse:
    """GET: open questions, the most frequent first; `after` (count-id) goes on."""
    viewer = request.viewer
    count, _dash, pk = request.GET.get("after", "").partition("-")
    after = (int(count), int(pk)) if count.isdigit() and pk.isdigit() and len(count + pk) < 28 else None
    rows = gaps(viewer, after=after)
    older = f"?after={rows[PAGE - 1].count}-{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    rows = rows[:PAGE]
    reasons = gap_reasons(rows, language())
    own = set(Gap.objects.closable_by(viewer).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    return render(request, "console/knowledge/gaps.html", {
        "rows": [(row, reasons.get(row.pk, []), row.pk in own) for row in rows], "older": older,
    })  # fmt: skip


@staff(Role.KNOWLEDGE_EDITOR)
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: asks why. POST: the question gets no entry; the reason stays."""
    viewer = request.viewer
    gap = Gap.objects.closable_by(viewer).filter(pk=pk, state="open").first()
    if gap is None:
        raise Http404
    here = reverse("console:gaps")
    return form_page(
        request, DismissForm(request.POST or None), lambda data: actions.dismiss_gap(
            pk, data["note"], actor=viewer.actor(gap.agency_id or min(viewer.edits_for)), now=timezone.now()
        ),
        title=_("Không bổ sung câu trả lời"), to=here, back=here, lead=gap.question, send=_("Ghi nhận"),
    )  # fmt: skip
