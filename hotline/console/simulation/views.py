"""The simulator: ask, watch it reckon, read what would have been late, and see the cases behind every number."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hotline.cases.models import Case
from hotline.console.administration.doors import deed
from hotline.console.administration.forms.base import edition_name, several_hotlines
from hotline.console.context import language
from hotline.console.doors import say, staff, status_of
from hotline.console.simulation.forms import AskForm
from hotline.hotlines.models import Edition, Field
from hotline.hotlines.queries import regulation_of
from hotline.live.actions import sign_topics
from hotline.organisation.models import Agency
from hotline.refusals import Refused
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.edition import parse_edition
from hotline.simulation.actions import ask
from hotline.simulation.models import Run
from hotline.simulation.queries import NOBODY, clock_labels, named, topic
from hotline.simulation.querysets import domains_of
from hotline.simulation.rules.asking import ASKING, amount, limits_of
from hotline.simulation.rules.figures import CHANGES, Wanted, select, unpack

ASKER = staff(*ASKING)
LATEST = 20  # runs on the first page
SHOWN = 20  # lines of a table before "all"
PAGE = 50


@ASKER
def index(request: HttpRequest) -> HttpResponse:
    """GET: what was asked lately, and the form, for the edition in force or the one named by `edition`. POST asks."""
    rows = list(Edition.objects.select_related("hotline").order_by("hotline_id", "-valid_from", "-id"))
    if not rows:
        raise Http404
    today = timezone.localdate()
    given = request.POST if request.method == "POST" else request.GET
    chosen = next((row for row in rows if str(row.pk) == given.get("edition")), None)
    row = chosen or next((row for row in rows if row.valid_from <= today), rows[0])
    form = AskForm(_whole(request, row), request.FILES or None, language=language(), row=row, today=today)
    refusal, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                asked = _ask(request, form)
            except Refused as refused:
                refusal, status = say(request, refused), status_of(refused)
            else:
                return HttpResponseRedirect(reverse("console:simulation", args=[asked.pk]))
    several = several_hotlines()
    runs = Run.objects.visible_to(request.viewer).defer("document", "cases").order_by("-id")[:LATEST]
    return render(
        request,
        "console/simulation/index.html",
        {
            "form": form,
            "name": edition_name(row, several),
            "others": [(each, edition_name(each, several)) for each in rows if each.pk != row.pk],
            "runs": runs,
            "refusal": refusal,
        },
        status=status,
    )


def _whole(request: HttpRequest, row: Edition) -> Any:
    """What was sent; a limit that is not named stays as the edition has it."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    for rule in limits_of(regulation_of(row)):
        data.setdefault(f"limit_{rule.key}", f"{amount(rule.limit):g}")
    return data


def _ask(request: HttpRequest, form: AskForm) -> Run:
    given = form.cleaned_data
    return ask(
        form.row.hotline,
        form.asked,
        form.title,
        given["since"],
        given["until"],
        calendar=given["calendar"],
        domains=domains_of(request.viewer),
        **deed(request),
    )


@ASKER
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: what came of it, or that it is being reckoned; `part`: only the part that changes."""
    row = get_object_or_404(
        Run.objects.visible_to(request.viewer).select_related("hotline", "calendar").defer("cases"), pk=pk
    )
    edition = _edition(row)
    context: dict[str, Any] = {
        "run": row,
        "edition": edition,
        "topic": topic(row.pk),
        "token": sign_topics([topic(row.pk)]),
        "all": request.GET.get("all"),
    }
    if row.state == Run.State.DONE:
        found = named(row.figures, edition, language())
        context |= {
            "total": _figures(found["total"]),
            "agencies": _table(found["agencies"], whole=bool(context["all"])),
            "fields": _table(found["fields"], whole=bool(context["all"])),
            "clocks": [(c["name"], *c["figures"], place) for place, c in enumerate(found["clocks"])],
        }
    template = "console/simulation/_run.html" if request.GET.get("part") else "console/simulation/run.html"
    return render(request, template, context)


@ASKER
def cases(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the cases behind a number: `change` (new, gone, both), `agency`, `field`, `clock`; `after` turns the page."""
    row = get_object_or_404(Run.objects.visible_to(request.viewer).filter(state=Run.State.DONE), pk=pk)
    asked = {name: request.GET[name] for name in ("change", "agency", "field", "clock") if request.GET.get(name)}
    edition = _edition(row)
    found = select(unpack(bytes(row.cases)), _wanted(asked))
    after = request.GET.get("after", "")
    begin = int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0
    page = found[begin : begin + PAGE]
    labels, keys = clock_labels(edition), [key for key, *_ in row.figures["clocks"]]
    visible = Case.objects.visible_to(request.viewer).select_related("agency", "field").defer("search", "content")
    rows = {case.pk: case for case in visible.filter(pk__in=page["case"].tolist())}
    by_bits = {bits: name for name, bits in CHANGES.items()}
    lines = [
        (rows[line["case"]], by_bits[int(line["late"])], labels[keys[line["clock"]]] if line["clock"] >= 0 else None)
        for line in page
        if line["case"] in rows
    ]
    page_of = reverse("console:simulation_cases", args=[row.pk])
    return render(
        request,
        "console/simulation/cases.html",
        {
            "run": row,
            "lines": lines,
            "count": len(found),
            "about": _about(asked, labels, keys),
            "newer": f"{page_of}?{urlencode(asked | {'after': max(begin - PAGE, 0)})}" if begin else "",
            "older": f"{page_of}?{urlencode(asked | {'after': begin + PAGE})}" if begin + PAGE < len(found) else "",
        },
    )


def _edition(row: Run) -> Regulation:
    return parse_edition(row.document, f"simulation {row.pk}")


def _wanted(asked: dict[str, str]) -> Wanted:
    numbers = {name: asked[name] for name in ("agency", "field", "clock") if name in asked}
    if any(not (n.isascii() and n.isdigit() and len(n) < 10) for n in numbers.values()):
        raise Http404
    return Wanted(asked.get("change", ""), **{name: int(value) for name, value in numbers.items()})


def _about(asked: dict[str, str], labels: dict[str, Any], keys: list[str]) -> list[str]:
    """What the list is limited to, in words."""
    changes = {
        "new": _("chỉ trễ theo phương án"),
        "gone": _("chỉ trễ theo thực tế"),
        "both": _("trễ cả hai"),
    }
    said = [changes[asked["change"]]] if asked.get("change") in changes else []
    if "agency" in asked:
        name = Agency.objects.filter(pk=int(asked["agency"])).values_list("name", flat=True).first()
        said.append(name or NOBODY.get(language()))
    if "field" in asked and (field := Field.objects.filter(pk=int(asked["field"])).first()):
        said.append((field.en or field.vi) if language() == "en" else field.vi)
    if "clock" in asked and int(asked["clock"]) < len(keys):
        said.append(labels[keys[int(asked["clock"])]].get(language()))
    return said


def _figures(row: list[int]) -> dict[str, Any]:
    """Counts and shares: of how many, late as recorded, late then, more and fewer."""
    count, late, would, both = row

    def share(part: int) -> str:
        return f"{100 * part / count:.1f} %".replace(".", "," if language() == "vi" else ".") if count else ""

    return {
        "count": count,
        "late": late,
        "late_share": share(late),
        "would": would,
        "would_share": share(would),
        "more": would - both,
        "fewer": late - both,
        "difference": would - late,
    }


def _table(rows: list[dict[str, Any]], *, whole: bool) -> list[tuple[int, str, dict[str, Any]]]:
    """The rows whose figures move most first; without `whole` the first of those where anything is late."""
    found = [(row["id"], row["name"], _figures(row["figures"])) for row in rows]
    ordered = sorted(found, key=lambda row: (-abs(row[2]["difference"]), -row[2]["would"], -row[2]["count"]))
    return ordered if whole else [row for row in ordered if row[2]["late"] or row[2]["would"]][:SHOWN]
