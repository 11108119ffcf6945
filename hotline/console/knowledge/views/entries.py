"""The sets of questions and answers: read by everybody, written by the editors of the agency that owns them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.console.administration.doors import form_page
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.console.knowledge.forms import EntryForm
from hotline.hotlines.queries import default_hotline
from hotline.knowledge import actions
from hotline.knowledge.models import Entry, Gap, QuestionSet
from hotline.knowledge.queries import listing, one, review_due, versions_of
from hotline.knowledge.rules import EntryState
from hotline.organisation.models import Agency
from hotline.people.rules import Viewer
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role

EDITOR = staff(Role.KNOWLEDGE_EDITOR)
DUE = 100
_FILTERS = {
    "valid": Label("Đang áp dụng", "In force"), "expired": Label("Đã hết hiệu lực", "Expired"),
    **{str(state): state.label for state in EntryState if state != EntryState.APPROVED},
}  # fmt: skip


@staff()
def index(request: HttpRequest) -> HttpResponse:
    """GET: entries the reader may see; `q` finds by words, `agency` and `state` narrow, `before` goes on."""
    hotline, day, viewer = default_hotline(), timezone.localdate(), request.viewer
    text, state, agency = request.GET.get("q", "").strip(), request.GET.get("state", ""), request.GET.get("agency", "")
    state = state if state in _FILTERS else ""
    owners = Agency.objects.filter(pk__in=QuestionSet.objects.filter(hotline=hotline).values("agency_id")).order_by(
        "name"
    )
    found = listing(
        viewer, text=text, agency_id=_whole(agency), state=state, day=day, hotline_id=hotline.pk,
        before=_whole(request.GET.get("before")) or 0,
    )  # fmt: skip
    query = {name: value for name, value in (("q", text), ("state", state), ("agency", agency)) if value}
    lang = language()
    return render(request, "console/knowledge/index.html", {
        "rows": [(entry, standing_of(entry, day, lang)) for entry in found.rows], "query": text, "chosen": state,
        "states": [(key, label.get(lang)) for key, label in _FILTERS.items()], "owners": owners, "agency": agency,
        "older": f"?{urlencode({**query, 'before': found.next})}" if found.next else "", "narrowed": bool(query),
        "may_write": bool(viewer.edits_for),
    })  # fmt: skip


@EDITOR
def review(request: HttpRequest) -> HttpResponse:
    """GET: the reader's own entries that run out, ran out, or are to be read again."""
    day, lang = timezone.localdate(), language()
    rows = [(entry, standing_of(entry, day, lang)) for entry in review_due(request.viewer, day)[:DUE]]
    return render(request, "console/knowledge/review.html", {"rows": rows})


@staff()
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one entry with every version of it."""
    row, day, lang = entry_or_404(request.viewer, pk), timezone.localdate(), language()
    return render(request, "console/knowledge/entry.html", {
        "entry": row, "standing": standing_of(row, day, lang), "versions": versions_of(row),
        "may_write": row.question_set.agency_id in request.viewer.edits_for, "phrasings": row.phrasings.splitlines(),
    })  # fmt: skip


@EDITOR
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the entry as a form. POST: changed; the version before stays."""
    row = entry_or_404(request.viewer, pk)
    if row.question_set.agency_id not in request.viewer.edits_for:
        raise Http404
    form = EntryForm(request.POST or None, hotline=row.hotline, initial=EntryForm.shown(row))
    here = reverse("console:entry", args=[pk])
    return form_page(
        request, form, lambda data: actions.change(
            pk, form.given(), version=data["version"] or 0, actor=request.viewer.actor(row.question_set.agency_id),
            now=timezone.now(),
        ),
        title=_("Sửa mục hỏi – đáp"), to=here, back=here, lead=row.question_set.title,
    )  # fmt: skip


@EDITOR
def new(request: HttpRequest) -> HttpResponse:
    """GET: an empty form; with `gap` the question that nobody could answer. POST: written, and the gap closed."""
    viewer, hotline, day = request.viewer, default_hotline(), timezone.localdate()
    gap = Gap.objects.closable_by(viewer).filter(pk=_whole(request.GET.get("gap")) or 0, state="open").first()
    owner = _owner(viewer, gap)
    blank = EntryForm.blank(day, gap.question, gap.field_id) if gap else EntryForm.blank(day)
    form = EntryForm(request.POST or None, hotline=hotline, initial=blank)
    return form_page(
        request, form, lambda data: actions.write(
            hotline, owner, form.given(), gap_id=gap.pk if gap else None, actor=viewer.actor(owner.pk), now=timezone.now(),
        ),
        title=_("Thêm mục hỏi – đáp"), to=lambda row: reverse("console:entry", args=[row.pk]), lead=owner.name,
        back=reverse("console:gaps") if gap else reverse("console:knowledge"), send=_("Lưu mục này"),
    )  # fmt: skip


def _owner(viewer: Viewer, gap: Gap | None) -> Agency:
    """For which agency it is written: the gap's, else the editor's own. An editor without an agency writes nothing."""
    own = Agency.objects.filter(pk__in=viewer.edits_for).order_by("pk")
    owner = own.filter(pk=gap.agency_id).first() if gap and gap.agency_id else own.first()
    if owner is None:
        raise Http404
    return owner


def entry_or_404(viewer: Viewer, pk: int) -> Entry:
    """The entry if the viewer may see it."""
    row = one(viewer, pk)
    if row is None:
        raise Http404
    return row


def standing_of(row: Entry, day: Any, lang: str) -> tuple[str, str]:
    """Word and tone of how an entry stands today."""
    if row.state != Entry.State.APPROVED:
        return EntryState(row.state).label.get(lang), "calm"
    if row.valid_from > day:
        return _FILTERS_FUTURE.get(lang), "calm"
    if row.valid_to and row.valid_to < day:
        return _FILTERS["expired"].get(lang), "late"
    return _FILTERS["valid"].get(lang), "ok"


_FILTERS_FUTURE = Label("Chưa áp dụng", "Not yet in force")


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
