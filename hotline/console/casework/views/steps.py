"""Steps of a case: each is a page of its own that works without JavaScript; GET asks, POST does."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.cases.models import Case
from hotline.cases.queries import CasePage
from hotline.cases.queries import known as makes_sense
from hotline.cases.rules import EXTRA
from hotline.console.casework import rules
from hotline.console.casework.forms import FORMS, AnswerForm, StepForm
from hotline.console.casework.views.case import READERS, context, page_or_404, steps_of
from hotline.console.casework.views.home import first_page
from hotline.console.context import language
from hotline.console.doors import say, staff, status_of
from hotline.people.rules import Viewer
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import TRANSITIONS, Step


@staff(*READERS)
def step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """GET: the form of a step. POST: the step; refused (422) or overtaken (409), the form comes back with its text."""
    now = timezone.now()
    page = page_or_404(request.viewer, code, now)
    if not ever_open(step, page, request.viewer):
        raise Http404
    form = FORMS[step](
        request.POST or None, request.FILES or None, case=page.case, viewer=request.viewer, now=now,
        given=request.GET.get("part", ""),
    )
    if request.method != "POST":
        return _shown(request, page, step, form)
    if not form.is_valid():
        return _shown(request, page, step, form, 422)
    try:
        done = form.perform(form.actor(), now)
    except Refused as refused:
        return _refused(request, step, form, refused, code)
    messages.success(request, f"{done.code}: {rules.DONE[step].get(language())}")
    return HttpResponseRedirect(_onward(request.viewer, done))


def ever_open(step: str, page: CasePage, viewer: Viewer) -> bool:
    """Whether these roles may take this step in some state: to everybody else its page does not exist."""
    if step not in FORMS:
        return False
    if step in rules.PART_STEPS:
        return may_ever(step, page, viewer)
    roles = viewer.roles_at(page.case.agency_id)
    act = next((kind for kind, slug in rules.EXTRA_PAGES.items() if slug == step), None)
    if act:
        return bool(EXTRA[act][0] & roles) and makes_sense(act, page.edition, page.case)
    by_edition = page.edition.rising.by if step == Step.RAISE_LEVEL else roles
    known = step in set(Step) and page.edition.has(Step(step)) and bool(roles & {*by_edition})
    return known and any(taken == step and to.by & roles for (_, taken), to in TRANSITIONS.items())


def may_ever(step: str, page: CasePage, viewer: Viewer) -> bool:
    """Whether a step of some cooperating agency's part is theirs: of their own agency, or theirs to lead and decide."""
    if step in rules.OWN_PART_STEPS and any(part.row.agency_id in viewer.agency_ids for part in page.parts):
        return True
    return any(step in part.steps for part in page.parts)


def _shown(
    request: HttpRequest, page: CasePage, step: str, form: StepForm, status: int = 200, refusal: str = "",
    overtaken: bool = False,
) -> HttpResponse:
    button = rules.BUTTONS[step]
    offered = steps_of(page, request.viewer)
    kept = isinstance(form, AnswerForm)
    return render(
        request, "console/casework/step.html",
        {
            **context(request, page), "step": step, "form": form, "button": button, "title": button.label.get(language()),
            "send": rules.SENDS.get(step, button.label).get(language()),
            "refusal": refusal, "overtaken": overtaken, "is_answer": kept, "also": _also(step, offered) if kept else [],
            "guard": f"case-{page.case.pk}-{'answer' if kept else step}",
        },
        status=status,
    )  # fmt: skip


def _also(step: str, offered: set[str]) -> list[tuple[str, Label]]:
    """What else the answer's form may be sent to: kept as a draft, handed to the head."""
    return [(s, rules.SENDS[s]) for s in (rules.DRAFT, Step.SUBMIT) if s != step and s in offered]


def _refused(request: HttpRequest, step: str, form: StepForm, refused: Refused, code: str) -> HttpResponse:
    """The sentence above the form, the text in it, and the version as it is now: reviewed, it can be sent again."""
    page = page_or_404(request.viewer, code)
    form.seen_again(page.case.version)
    if isinstance(form, AnswerForm) and not isinstance(refused, Stale):
        # The draft and its photos were kept; the page shows them as they are now.
        form = _reread(request, step, page, form)
    return _shown(
        request, page, step, form, status_of(refused), say(request, refused), overtaken=isinstance(refused, Stale)
    )


def _reread(request: HttpRequest, step: str, page: CasePage, sent: AnswerForm) -> AnswerForm:
    form = FORMS[step](sent.data, case=page.case, viewer=request.viewer, now=timezone.now())
    assert isinstance(form, AnswerForm)
    if form.attached:
        form.data.setlist("keep", [str(f.key) for f in form.attached])
    return form


def _onward(viewer: Viewer, done: Case) -> str:
    """Back to the case; where it left the viewer's hands (returned, moved), to their list."""
    if Case.objects.visible_to(viewer).filter(pk=done.pk).exists():
        return reverse("console:case", args=[done.code])
    return first_page(viewer)
