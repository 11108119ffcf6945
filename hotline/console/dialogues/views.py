"""Dialogues: the list with the tasks that are left, one with its steps, and the report that a task is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.cases.identity.queries import may_see
from hotline.cases.models import Case
from hotline.console.administration.doors import form_page
from hotline.console.context import language
from hotline.console.dialogues.forms import AddForm, FollowForm, HoldForm, PrepareForm, RegisterForm
from hotline.console.documents.forms import VersionForm, WordsForm
from hotline.console.doors import staff
from hotline.dialogues import actions, queries, rules
from hotline.dialogues.models import Dialogue, Task
from hotline.dialogues.rules import DialogueState
from hotline.documents.models import Document
from hotline.people.rules import AGENCY_ROLES, Viewer
from hotline.regulation.lifecycle import Role

READERS = (Role.COORDINATOR, Role.LEADER, Role.INSPECTOR, *sorted(AGENCY_ROLES))
_NEXT = {"registered": "prepare", "prepared": "invite", "invited": "hold", "held": "follow_up"}  # the way on
TONES = {"done": "ok", "cancelled": "", "invited": "brand", "following": "soon", "held": "soon"}


@staff(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """GET: dialogues that go on and tasks that are left; with `of=ended` those that are over; `before` goes on."""
    ended, lang = request.GET.get("of") == "ended", language()
    before = request.GET.get("before", "")
    page = queries.listing(
        request.viewer, ended=ended, before=int(before) if before.isdigit() and len(before) < 19 else 0
    )
    day = timezone.localdate()
    return render(request, "console/dialogues/index.html", {
        "rows": [line(row, lang) for row in page.rows], "ended": ended, "may_write": request.viewer.has(Role.COORDINATOR),
        "tasks": [] if ended else [(task, task.due_on < day) for task in queries.tasks_left(request.viewer, day)],
        "older": f"?{'of=ended&' if ended else ''}before={page.next}" if page.next else "",
    })  # fmt: skip


def line(row: Dialogue, lang: str) -> dict[str, Any]:
    """A dialogue as a line of a list."""
    return {
        "row": row, "state": DialogueState(row.state).label.get(lang), "tone": TONES.get(row.state, "calm"),
        "url": reverse("console:dialogue", args=[row.pk]),
    }  # fmt: skip


@staff(Role.COORDINATOR)
def new(request: HttpRequest) -> HttpResponse:
    """GET: the appraisal, for the cases of the address. POST: registered."""
    codes = request.GET.getlist("case")
    first = Case.objects.visible_to(request.viewer).filter(code__in=codes).values_list("summary", flat=True).first()
    form = RegisterForm(
        request.POST or None, viewer=request.viewer, initial={"codes": "\n".join(codes), "subject": first or ""}
    )
    return form_page(
        request, form, lambda data: actions.register(
            data["codes"], data["subject"], data["appraisal"], organisation=data["organisation"], contents=data["contents"],
            actor=request.viewer.actor(), now=timezone.now(),
        ),
        title=_("Đăng ký đối thoại"), send=_("Đăng ký đối thoại"), to=lambda row: reverse("console:dialogue", args=[row.pk]),
        back=reverse("console:case", args=[codes[0]]) if first else reverse("console:dialogues"),
    )  # fmt: skip


@staff(*READERS)
def dialogue(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one dialogue: where it stands, who registered, who is invited, what was concluded and what is left to do."""
    row, lang, viewer = dialogue_or_404(request.viewer, pk), language(), request.viewer
    people = queries.registered(row)
    seen = set(Case.objects.visible_to(viewer).filter(pk__in=[p.case_id for p in people]).values_list("pk", flat=True))
    minutes = Document.objects.visible_to(viewer).filter(pk=row.minutes_id).first() if row.minutes_id else None
    steps = [
        step
        for step in rules.steps_for(DialogueState(row.state), viewer.roles)
        if step != "minutes" or not row.minutes_id
    ]
    order: list[DialogueState] = [state for state in rules.STATES if state != DialogueState.CANCELLED]
    reached = order.index(DialogueState(row.state)) if row.state in order else -1
    return render(request, "console/dialogues/dialogue.html", {
        **line(row, lang), "people": [(one, queries.who(one, not may_see(viewer)), one.case_id in seen) for one in people],
        "agencies": row.agencies.all(), "minutes": minutes, "today": timezone.localdate(),
        "tasks": [(task, task.done_at is None and _may_finish(task, viewer)) for task in row.tasks.all()],
        "way": [(state.label.get(lang), n < reached, n == reached) for n, state in enumerate(order)],
        "steps": [(step, rules.STEPS[step].label.get(lang), step == _NEXT.get(row.state)) for step in steps],
    })  # fmt: skip


@staff(Role.COORDINATOR, Role.LEADER)
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """GET: the form of a step. POST: the step; refused, the form comes back with its text."""
    row = dialogue_or_404(request.viewer, pk)
    if step not in rules.STEPS or not rules.STEPS[step].by & request.viewer.roles:
        raise Http404
    here, given = reverse("console:dialogue", args=[pk]), {"actor": request.viewer.actor(), "now": timezone.now()}
    title = rules.STEPS[step].label.get(language())
    form, perform = _form(step, row, request, given)
    lead = {
        "invite": _("Người đăng ký nhận lời mời theo kênh của mình; cơ quan tham dự và người chủ trì được báo."),
        "minutes": _("Biên bản được soạn từ mẫu với thành phần, nội dung và kết luận đã ghi nhận."),
        "follow_up": _("Để trống nếu không còn việc nào: buổi đối thoại hoàn thành."),
    }.get(step, row.subject)
    to: Any = (lambda done: reverse("console:document_step", args=[done.pk, "change"])) if step == "minutes" else here
    done = _("Đã gửi lời mời.") if step == "invite" else _("Đã lưu.")
    return form_page(request, form, perform, title=title, to=to, back=here, lead=lead, send=title, done=done)


def _form(
    step: str, row: Dialogue, request: HttpRequest, given: dict[str, Any]
) -> tuple[forms.Form, Callable[[dict[str, Any]], Any]]:
    """The form of a step and what it does."""
    pk, posted, today = row.pk, request.POST or None, timezone.localdate()
    if step == "add":
        add = AddForm(posted, viewer=request.viewer, initial={"version": row.version})
        return add, lambda d: actions.add(
            pk, d["codes"], organisation=d["organisation"], contents=d["contents"], version=d["version"], **given
        )
    if step == "prepare":
        ready = PrepareForm(posted, row=row, today=today)
        return ready, lambda d: actions.prepare(pk, **ready.given(), version=d["version"], **given)
    if step == "hold":
        return HoldForm(posted, row=row, veiled=not may_see(request.viewer)), lambda d: actions.hold(
            pk,
            d["conclusions"],
            came=[*map(int, d["came"])],
            agencies_came=[*map(int, d["agencies"])],
            version=d["version"],
            **given,
        )
    if step == "follow_up":
        follow = FollowForm(posted, row=row, today=today)
        return follow, lambda d: actions.follow_up(pk, follow.tasks(), version=d["version"], **given)
    if step == "cancel":
        words = WordsForm(posted, label=_("Lý do"), initial={"version": row.version})
        return words, lambda d: actions.cancel(pk, d["words"], version=d["version"], **given)
    deed = {"invite": actions.invite, "minutes": actions.write_minutes}[step]
    return VersionForm(posted, initial={"version": row.version}), lambda d: deed(pk, version=d["version"], **given)


@staff(Role.COORDINATOR, *sorted(AGENCY_ROLES))
def task_done(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: asks for the result. POST: the task is done."""
    task = Task.objects.filter(pk=pk, dialogue__in=Dialogue.objects.visible_to(request.viewer)).first()
    if task is None or not _may_finish(task, request.viewer):
        raise Http404
    here = reverse("console:dialogue", args=[task.dialogue_id])
    form = WordsForm(request.POST or None, label=_("Kết quả thực hiện"))
    return form_page(
        request, form, lambda data: actions.finish_task(
            pk, data["words"], actor=request.viewer.actor(task.agency_id), now=timezone.now()
        ),
        title=_("Hoàn thành việc được giao"), to=here, back=here, lead=task.what,
    )  # fmt: skip


def _may_finish(task: Task, viewer: Viewer) -> bool:
    return viewer.has(Role.COORDINATOR) or task.agency_id in viewer.agency_ids


def dialogue_or_404(viewer: Viewer, pk: int) -> Dialogue:
    """The dialogue if the viewer may see it."""
    row = queries.one(viewer, pk)
    if row is None:
        raise Http404
    return row
