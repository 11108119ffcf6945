"""The reporter's own case, and what they may do with it: rate, add, ask again, withdraw."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST, require_safe

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.queries import by_token
from hotline.channels.web.rate import TooMany, count
from hotline.intake.actions import receive
from hotline.intake.rules import Inbound
from hotline.journal.rules import Actor, citizen_actor
from hotline.portal.doors import address_of, language, page, private, say, status_of, takes_photos
from hotline.portal.forms import MessageForm, RatingForm, ReasonForm
from hotline.portal.queries import own
from hotline.refusals import Refused
from hotline.regulation.lifecycle import State

SOURCE = "case-page"


@private
@require_safe
def case(request: HttpRequest, token: str) -> HttpResponse:
    """GET: progress, dates, answers, conversation."""
    return _page(request, _case(token))


@private
@require_POST
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """POST: the citizen rates the answer; few stars or "not solved" ask for reopening, which is said plainly."""
    found = _case(token)
    form = RatingForm(request.POST, auto_id="rate-%s")
    if not form.is_valid():
        return _page(request, found, rating=form, status=422)
    try:
        rated = actions.rate(
            found.pk, form.cleaned_data["stars"], form.cleaned_data["words"], form.is_resolved(),
            actor=_citizen(found), now=timezone.now(),
        )  # fmt: skip
    except Refused as error:
        form.add_error(None, say(error))
        return _page(request, found, rating=form, kept=form.cleaned_data["words"], status=status_of(error))
    if rated.state == State.REOPEN_REQUESTED:
        said = _(
            "Cảm ơn Ông/Bà đã đánh giá. Vì Ông/Bà chưa hài lòng hoặc việc chưa được giải quyết, phiếu được chuyển đề nghị xử lý"
            " lại; tổng đài sẽ báo kết quả cho Ông/Bà."
        )
    else:
        said = _("Cảm ơn Ông/Bà đã đánh giá.")
    messages.success(request, said)
    return _back(found)


@private
@takes_photos
@require_POST
def message(request: HttpRequest, token: str) -> HttpResponse:
    """POST: words or photos to add; they join the conversation and whoever has the case is told."""
    found = _case(token)
    form = MessageForm(request.POST, request.FILES, auto_id="more-%s")
    if not form.is_valid():
        return _page(request, found, more=form, status=422)
    try:
        _write(request, found, str(form.cleaned_data["once"]), form.cleaned_data["text"], tuple(form.cleaned_data["photos"]))
    except Refused as error:
        form.add_error(None, say(error))
        return _page(request, found, more=form, status=_status(error))
    messages.success(request, _("Đã nhận nội dung bổ sung của Ông/Bà."))
    return _back(found)


@private
@csrf_protect
@require_POST
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """POST: the citizen asks to take the report back. It is a message: the desk withdraws it, and says so."""
    found = _case(token)
    form = ReasonForm(request.POST, auto_id="withdraw-%s", label=_("Lý do rút phản ánh"))
    if not form.is_valid():
        return _page(request, found, withdrawal=form, status=422)
    once = form.cleaned_data["once"]
    try:
        if not found.is_open:
            messages.error(request, _("Phiếu đã có trả lời hoặc đã kết thúc nên không cần rút."))
            return _back(found)
        # Written for officers, so in Vietnamese whatever the reader's language.
        words = f"Đề nghị rút phản ánh, kiến nghị. Lý do: {form.cleaned_data['reason']}"
        _write(request, found, str(once or f"withdraw-{found.pk}-{found.version}"), words)
    except Refused as error:
        form.add_error(None, say(error))
        return _page(request, found, withdrawal=form, status=_status(error))
    messages.success(request, _("Đã nhận đề nghị rút phản ánh. Tổng đài sẽ xác nhận với Ông/Bà."))
    return _back(found)


@private
@require_POST
def reopen(request: HttpRequest, token: str) -> HttpResponse:
    """POST: the citizen asks for the answered case to be handled again, within the edition's window."""
    found = _case(token)
    form = ReasonForm(request.POST, auto_id="again-%s", label=_("Vì sao cần xử lý lại?"))
    if not form.is_valid():
        return _page(request, found, again=form, status=422)
    try:
        actions.ask_reopen(found.pk, form.cleaned_data["reason"], actor=_citizen(found), now=timezone.now())
    except Refused as error:
        form.add_error(None, say(error))
        return _page(request, found, again=form, kept=form.cleaned_data["reason"], status=status_of(error))
    messages.success(request, _("Đã nhận đề nghị xử lý lại. Tổng đài sẽ xem xét và báo kết quả cho Ông/Bà."))
    return _back(found)


# -- parts --------------------------------------------------------------------------------------------------------------


def _case(token: str) -> Case:
    found = by_token(token)
    if found is None:
        raise Http404
    return found


def _citizen(found: Case) -> Actor:
    return citizen_actor(found.citizen_id, found.conversation.reporter_name)


def _back(found: Case) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:case", args=[found.token]), status=303)


def _status(error: Refused) -> int:
    return 429 if isinstance(error, TooMany) else status_of(error)


def _write(request: HttpRequest, found: Case, once: str, text: str, files: tuple = ()) -> None:
    """One message into the conversation of the case. Raises TooMany, Refused."""
    now = timezone.now()
    count(address_of(request), found.conversation.reporter_phone, now)
    receive(
        Inbound(
            hotline_id=found.hotline_id, channel="web", source=SOURCE, external_id=f"{found.pk}-{once}", text=text.strip(),
            code=found.code, language=language(), files=files,
        ),
        now,
    )


def _page(
    request: HttpRequest, found: Case, *, rating: Form | None = None, more: Form | None = None, again: Form | None = None,
    withdrawal: Form | None = None, kept: str = "", status: int = 200,
) -> HttpResponse:
    """The page with the form that could not be taken, or with fresh ones. `kept` are words whose own form is closed now:
    they stand ready to be sent as a message, so that nobody types them twice."""
    now = timezone.now()
    shown = own.own(found, now)
    context: dict[str, Any] = {
        "own": shown, "case": shown.case, "now": now, "wrong": rating or more or again or withdrawal,
        "rating": rating or RatingForm(auto_id="rate-%s"), "kept": kept,
        "more": more or MessageForm(auto_id="more-%s", initial={"once": uuid.uuid4(), "text": kept}),
        "again": again or ReasonForm(auto_id="again-%s", label=_("Vì sao cần xử lý lại?")),
        "withdrawal": withdrawal or ReasonForm(auto_id="withdraw-%s", label=_("Lý do rút phản ánh")),
    }  # fmt: skip
    return page(request, "case.html", context, status)
