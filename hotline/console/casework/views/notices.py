"""What a person was told: the bell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from hotline.cases.models import Case
from hotline.console.casework import rules
from hotline.console.context import language
from hotline.console.doors import staff
from hotline.live.actions import sign_topics
from hotline.live.rules import person_topic
from hotline.notifications.actions import mark_read
from hotline.notifications.queries import notices_of

A_PAGE = 50


@staff()
def notices(request: HttpRequest) -> HttpResponse:
    """GET: what I was told, latest first. POST: all of it is read, up to the one named `up_to`."""
    person = request.viewer.person_id
    if request.method == "POST":
        up_to = request.POST.get("up_to", "")
        mark_read(person, timezone.now(), int(up_to) if up_to.isascii() and up_to.isdigit() else None)
        return HttpResponseRedirect(reverse("console:notices"))
    before = request.GET.get("before", "")
    rows = notices_of(person).defer("case__search", "case__content")
    if before.isascii() and before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    listed = list(rows[: A_PAGE + 1])
    lang = language()
    shown = [(n, n.text_en if lang == "en" else n.text_vi) for n in listed[:A_PAGE]]
    older = f"?before={shown[-1][0].pk}" if len(listed) > A_PAGE else ""
    part = request.GET.get("part") == "list"
    return render(
        request, "console/_notices.html" if part else "console/notices.html",
        {
            "shown": shown, "older": older, "newer": "?" if before else "", "now": timezone.localtime(),
            "no_notices": rules.NO_NOTICES.get(lang), "no_notices_text": rules.NO_NOTICES_TEXT.get(lang),
            "live_topic": person_topic(person), "live_topics": sign_topics([person_topic(person)]),
            "live_src": f"{reverse('console:notices')}?part=list",
        },
    )  # fmt: skip


@staff()
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: this one is read; on to its case while it is still the reader's to see, or to the list of what is sealed."""
    notice = get_object_or_404(notices_of(request.viewer.person_id), pk=pk)
    if request.method == "POST" and notice.read_at is None:
        notices_of(request.viewer.person_id).filter(pk=pk).update(read_at=timezone.now())
    if notice.case and Case.objects.visible_to(request.viewer).filter(pk=notice.case.pk).exists():
        return HttpResponseRedirect(reverse("console:case", args=[notice.case.code]))
    sealed = notice.kind.startswith("sealed.")
    return HttpResponseRedirect(reverse("console:sealed" if sealed else "console:notices"))
