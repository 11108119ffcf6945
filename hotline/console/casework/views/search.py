"""Search: a code, a telephone number, words with their marks or without."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from hotline.cases import queries
from hotline.console.casework import rules
from hotline.console.casework.views.case import READERS
from hotline.console.casework.views.inbox import list_words, rows_of
from hotline.console.doors import staff


@staff(*READERS)
def search(request: HttpRequest) -> HttpResponse:
    """GET: cases found by `q` among those the reader may see; one exact code leads straight to its case."""
    text = request.GET.get("q", "").strip()[:200]
    now = timezone.localtime()
    page = queries.search(request.viewer, text, request.GET.get("after", ""), now=now)
    if len(page.lines) == 1 and page.lines[0].case.code == text.upper():
        return HttpResponseRedirect(reverse("console:case", args=[page.lines[0].case.code]))
    return render(
        request, "console/casework/search.html",
        {
            **list_words(rules.NOT_FOUND, rules.NOT_FOUND_TEXT), "query": text,
            "may_phone": request.viewer.sees_all_cases, "rows": rows_of(page.lines, now),
            "older": f"?{urlencode({'q': text, 'after': page.next})}" if page.next else "",
            "newer": f"?{urlencode({'q': text})}" if request.GET.get("after") else "",
        },
    )  # fmt: skip
