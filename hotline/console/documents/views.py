"""Documents: the list, one with its preview and steps, its files, and the templates they are written from."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.cases.models import Case
from hotline.console.administration.doors import form_page
from hotline.console.context import language
from hotline.console.documents.forms import AdoptForm, ChangeForm, NewForm, TemplateForm, VersionForm, WordsForm
from hotline.console.doors import staff
from hotline.documents import actions, queries, rules
from hotline.documents.letters.actions import change_template
from hotline.documents.models import Document, Template
from hotline.documents.rules import DocumentKind, DocumentState
from hotline.hotlines.queries import default_hotline
from hotline.people.rules import AGENCY_ROLES, OVERSEERS, Viewer
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role

READERS = OVERSEERS | AGENCY_ROLES
WRITERS = (Role.COORDINATOR, *sorted(AGENCY_ROLES))
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
TONES = {"issued": "ok", "submitted": "brand", "returned": "soon"}


@staff(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """GET: documents the reader may see, the latest first; `state` and `kind` narrow, `before` goes on."""
    lang = language()
    state = request.GET.get("state", "") if request.GET.get("state", "") in list(DocumentState) else ""
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in list(DocumentKind) else ""
    page = queries.listing(request.viewer, state=state, kind=kind, before=_whole(request.GET.get("before")) or 0)
    narrowed = "".join(f"{name}={value}&" for name, value in (("state", state), ("kind", kind)) if value)
    return render(request, "console/documents/index.html", {
        "rows": [line(row, lang) for row in page.rows], "states": [(s, s.label.get(lang)) for s in DocumentState],
        "kinds": [(k, k.label.get(lang)) for k in DocumentKind], "state": state, "kind": kind,
        "older": f"?{narrowed}before={page.next}" if page.next else "", "may_write": bool(request.viewer.roles & {*WRITERS}),
    })  # fmt: skip


def line(row: Document, lang: str) -> dict[str, Any]:
    """A document as a line of a list."""
    state = DocumentState(row.state)
    return {
        "row": row, "kind": DocumentKind(row.kind).label.get(lang), "state": state.label.get(lang),
        "tone": TONES.get(row.state, ""), "url": reverse("console:document", args=[row.pk]),
    }  # fmt: skip


@staff(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """GET: which cases (`case`, several), which kind. POST: a draft with what is known filled in, and on to writing it."""
    viewer, now = request.viewer, timezone.now()
    codes = request.GET.getlist("case")
    first = Case.objects.visible_to(viewer).filter(code__in=codes).values_list("hotline_id", flat=True).first()
    form = NewForm(
        request.POST or None, viewer=viewer, day=timezone.localdate(now),
        templates=queries.templates(first or default_hotline().pk),
        initial={"codes": "\n".join(codes), "kind": request.GET.get("kind", "")},
    )  # fmt: skip
    back = reverse("console:case", args=[codes[0]]) if codes and first else reverse("console:documents")
    return form_page(
        request, form, lambda data: actions.draft(
            data["codes"], DocumentKind(data["kind"]), template=data["template"], addressed_to=data["leader"],
            actor=_actor(viewer, data["codes"]), now=now,
        ),
        title=_("Soạn văn bản"), back=back, send=_("Soạn từ mẫu"), done=_("Đã soạn; xin xem lại nội dung đã điền sẵn."),
        to=lambda row: reverse("console:document_step", args=[row.pk, "change"]),
    )  # fmt: skip


@staff(*READERS)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one document as it lies on paper, what may be done with it, its cases and the leader's answer."""
    row, lang = document_or_404(request.viewer, pk), language()
    cases = queries.cases_of(row)
    seen = set(
        Case.objects.visible_to(request.viewer).filter(pk__in=[c.pk for c in cases]).values_list("pk", flat=True)
    )
    opinion = getattr(row, "opinion", None)
    adopted = set(opinion.adopted.values_list("pk", flat=True)) if opinion else set()
    steps = offered(row, request.viewer)
    return render(request, "console/documents/document.html", {
        **line(row, lang), "sheet": queries.sheet_of(row), "opinion": opinion, "is_synthesis": row.kind == DocumentKind.SYNTHESIS,
        "cases": [(case, case.pk in seen, case.pk in adopted) for case in cases],
        "steps": [(step, STEPS[step].get(lang), n == 0) for n, step in enumerate(steps)],
    })  # fmt: skip


STEPS = {
    "issue": Label("Ký, ban hành", "Sign and issue"), "submit": Label("Trình ký", "Submit for signature"),
    "opine": Label("Cho ý kiến", "Give an opinion"), "thanks": Label("Soạn thư cảm ơn", "Write the thanks"),
    "return": Label("Trả lại để sửa", "Send back"), "change": Label("Sửa", "Change"),
}  # fmt: skip


def offered(row: Document, viewer: Viewer) -> list[str]:
    """The steps this viewer may take with it now."""
    found = [step for step in STEPS if ever(step, row, viewer) and DocumentState(row.state) in rules.FROM.get(step, ())]
    opinion = getattr(row, "opinion", None)
    if opinion is not None and "opine" in found:
        found.remove("opine")
    return [*found, *(["thanks"] if opinion is not None and ever("thanks", row, viewer) else [])]


def ever(step: str, row: Document, viewer: Viewer) -> bool:
    """Whether a step is theirs at all: to everybody else its page does not exist."""
    kind = DocumentKind(row.kind)
    if step == "thanks":
        return kind == DocumentKind.SYNTHESIS and viewer.has(Role.COORDINATOR)
    return step in STEPS and rules.may(step, kind, viewer.roles_at(row.office_id))


@staff(*READERS)
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """GET: the form of a step. POST: the step; refused, the form comes back with its text."""
    row = document_or_404(request.viewer, pk)
    if not ever(step, row, request.viewer):
        raise Http404
    here, now = reverse("console:document", args=[pk]), timezone.now()
    actor = _actor(request.viewer, queries.cases_of(row))
    form: forms.Form
    given: dict[str, Any] = {"actor": actor, "now": now}
    posted = request.POST or None
    if step == "change":
        form = ChangeForm(posted, initial=ChangeForm.shown(row))
        return form_page(
            request, form, lambda data: actions.change(pk, form.given(), version=data["version"], **given),
            title=_("Sửa văn bản"), to=here, back=here, lead=row.comment, template="console/documents/change.html",
            context={"left": rules.MISSING in f"{row.subject}{row.recipient}{row.body}"},
        )  # fmt: skip
    title = STEPS[step].get(language())
    if step in ("return", "opine"):
        form = _words_form(step, row, posted)
        return form_page(request, form, lambda data: _worded(step, row, data, given), title=title, to=here, back=here,
                         lead=row.subject, send=title)  # fmt: skip
    if step == "thanks":
        return form_page(
            request, VersionForm(posted), lambda data: actions.draft_thanks(pk, **given), title=title, back=here, send=title,
            to=f"{reverse('console:documents')}?kind={DocumentKind.THANK_YOU_LETTER}",
            lead=_("Soạn một thư cảm ơn cho mỗi người góp ý chưa có thư; mỗi thư được ký rồi gửi theo kênh của người đó."),
        )  # fmt: skip
    deed = {"submit": actions.submit, "issue": actions.issue}[step]
    lead = (
        _("Văn bản được cấp số, ghi ngày và tên người ký, sau đó không sửa được nữa.")
        if step == "issue"
        else row.subject
    )
    return form_page(
        request, VersionForm(posted, initial={"version": row.version}),
        lambda data: deed(pk, version=data["version"], **given), title=title, to=here, back=here, lead=lead, send=title,
        done=_("Đã ban hành.") if step == "issue" else _("Đã trình ký."),
    )  # fmt: skip


def _words_form(step: str, row: Document, posted: Any) -> WordsForm:
    first = {"version": row.version}
    if step == "opine" and row.kind == DocumentKind.SYNTHESIS:
        cases = queries.cases_of(row)
        return AdoptForm(posted, initial=first, cases=cases, label=_("Ý kiến của lãnh đạo"))
    return WordsForm(posted, initial=first, label=_("Ý kiến của lãnh đạo") if step == "opine" else _("Cần sửa gì"))


def _worded(step: str, row: Document, data: dict[str, Any], given: dict[str, Any]) -> Any:
    if step == "return":
        return actions.send_back(row.pk, data["words"], version=data["version"], **given)
    return actions.give_opinion(
        row.pk, data["words"], map(int, data.get("adopted", [])), version=data["version"], **given
    )


@staff(*READERS)
def file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """GET: the PDF or the Word document, to those who may read it."""
    row = document_or_404(request.viewer, pk)
    if form not in TYPES:
        raise Http404
    try:
        content = queries.printed(row, form)
    except FileNotFoundError:
        raise Http404 from None
    name = (row.code or f"du-thao-{row.pk}").replace("/", "-")
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = (
        f"attachment; filename=\"van-ban-{row.pk}.{form}\"; filename*=UTF-8''{quote(name)}.{form}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def document_or_404(viewer: Viewer, pk: int) -> Document:
    """The document if the viewer may see it."""
    row = queries.one(viewer, pk)
    if row is None:
        raise Http404
    return row


# -- templates ---------------------------------------------------------------------------------------------------------

EDITORS = staff(Role.ADMINISTRATOR, Role.COORDINATOR)


@EDITORS
def templates(request: HttpRequest) -> HttpResponse:
    """GET: every template, by kind."""
    rows = Template.objects.select_related("hotline").defer("hotline__document").order_by("hotline_id", "kind", "title")
    lang = language()
    grouped = [
        (hotline, [(row, DocumentKind(row.kind).label.get(lang)) for row in those])
        for hotline, those in groupby(rows, key=attrgetter("hotline"))
    ]
    return render(request, "console/documents/templates.html", {"rows": grouped, "several": len(grouped) > 1})


@EDITORS
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one template as a form, with the placeholders that exist. POST: changed; loading a pack leaves it alone then."""
    row = get_object_or_404(Template, pk=pk)
    here = reverse("console:templates")
    form = TemplateForm(request.POST or None, initial=TemplateForm.shown(row))
    lang = language()
    known = rules.placeholders_for(DocumentKind(row.kind)).items()
    return form_page(
        request, form, lambda data: change_template(
            pk, form.given(), version=data["version"], actor=request.viewer.actor(), now=timezone.now()
        ),
        title=row.title, to=here, back=here, lead=DocumentKind(row.kind).label.get(lang),
        template="console/documents/template.html",
        context={"placeholders": [("{{ " + name + " }}", label.get(lang)) for name, label in known]},
    )  # fmt: skip


# -- small steps -------------------------------------------------------------------------------------------------------


def _actor(viewer: Viewer, cases: list[Case]) -> Any:
    """Who acts: as whatever they are where the cases are held."""
    return viewer.actor(next((c.agency_id for c in cases if c.agency_id in viewer.agency_ids), None))


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
