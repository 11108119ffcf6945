"""Questions about entries and gaps: what answers these words today, what is to be read again, what is missing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q

from hotline.knowledge.models import Entry, EntryVersion, Gap, QuestionSet, Sighting
from hotline.knowledge.querysets import EntryQuerySet
from hotline.knowledge.rules import REVIEW_AHEAD, GapReason, asked
from hotline.people.rules import Viewer

FRESH_SECONDS = 30.0
WEIGHTS = [0.05, 0.2, 0.8, 1.0]  # of the answer, (none), other phrasings, the question itself
PAGE = 30
COMPARED = 300  # entries ranked against each other
VECTORS = ("heading", "search")  # for the index, not for readers

_synonyms: dict[int, tuple[float, list[list[str]]]] = {}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the last row's id, 0 on the last page."""

    rows: list[Any]
    next: int = 0


def matching(
    hotline_id: int, text: str, day: date, *, public: bool = False, field_ids: tuple[int, ...] = (), limit: int = 5
) -> list[Entry]:
    """The entries that may answer a text today, best first, at most `limit`. Words are found with their marks or without,
    in whichever Unicode form they were typed; never what is expired, still to begin, a draft or retired."""
    rows = Entry.objects.filter(hotline_id=hotline_id)
    rows = rows.public_on(day) if public else rows.valid_on(day)
    return found_in(rows, hotline_id, text, field_ids, limit)


def found_in(
    rows: EntryQuerySet, hotline_id: int, text: str, field_ids: tuple[int, ...] = (), limit: int = 5
) -> list[Entry]:
    """Of these entries the ones the words find, best first. Four questions to the index at the most, each only where the
    one before found nothing: every word in the question, two that stand together in it, then the same in the answers."""
    rows = rows.filter(field__in=field_ids) if field_ids else rows
    question = asked(text, synonyms_of(hotline_id))
    for column in ("heading", "search"):
        for attempt in filter(None, (question.every, question.pairs)):
            query = SearchQuery(attempt, config="simple", search_type="raw")
            # So many at the most are compared with each other: a word that thousands have tells nothing about any of them.
            ids = list(rows.filter(**{column: query}).order_by().values_list("pk", flat=True)[:COMPARED])
            if ids:
                return _ranked(ids, column, query, question.words, limit)
    return []


def _ranked(ids: list[int], column: str, query: SearchQuery, words: str, limit: int) -> list[Entry]:
    every = SearchQuery(words, config="simple", search_type="raw")
    rank = SearchRank(F(column), query, weights=WEIGHTS) + SearchRank(F(column), every, weights=WEIGHTS)
    ranked = Entry.objects.filter(pk__in=ids).annotate(rank=rank).order_by("-rank", "-uses", "id")
    return list(ranked.defer(*VECTORS).select_related("question_set__agency", "field")[:limit])


def synonyms_of(hotline_id: int) -> list[list[str]]:
    """Words that mean the same, as the agencies' sets say; at most half a minute old."""
    known = _synonyms.get(hotline_id)
    if known is None or time.monotonic() - known[0] > FRESH_SECONDS:
        groups = [
            g for s in QuestionSet.objects.filter(hotline_id=hotline_id).values_list("synonyms", flat=True) for g in s
        ]
        known = _synonyms[hotline_id] = (time.monotonic(), groups)
    return known[1]


def forget() -> None:
    """Read synonyms anew on the next question."""
    _synonyms.clear()


# -- lists -------------------------------------------------------------------------------------------------------------


def listing(
    viewer: Viewer,
    *,
    text: str = "",
    agency_id: int | None = None,
    state: str = "",
    day: date,
    hotline_id: int,
    mine: bool = False,
    before: int = 0,
    limit: int = PAGE,
) -> Page:
    """Entries the viewer may see, the latest changed first; with words, the best match first and one page only.
    `state`: a state of entries, or "valid" for what may be given on `day`, or "expired"."""
    rows = Entry.objects.visible_to(viewer).filter(hotline_id=hotline_id)
    rows = rows.editable_by(viewer) if mine else rows
    if agency_id:
        rows = rows.filter(question_set__agency=agency_id)
    if state == "valid":
        rows = rows.valid_on(day)
    elif state == "expired":
        rows = rows.filter(state="approved", valid_to__lt=day)
    elif state:
        rows = rows.filter(state=state)
    if text.strip():
        return Page(found_in(rows, hotline_id, text, limit=limit))
    if before:
        last = Entry.objects.filter(pk=before).values("changed_at", "pk").first()
        if last:
            at = last["changed_at"]
            rows = rows.filter(Q(changed_at__lt=at) | Q(changed_at=at, pk__lt=last["pk"]), changed_at__lte=at)
    rows = rows.defer(*VECTORS).select_related("question_set__agency", "field").order_by("-changed_at", "-id")
    found = list(rows[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else 0)


def most_used(hotline_id: int, day: date, *, field_ids: tuple[int, ...] = (), limit: int = 20) -> list[Entry]:
    """What citizens may read, most asked first."""
    rows = Entry.objects.filter(hotline_id=hotline_id).public_on(day)
    rows = rows.filter(field__in=field_ids) if field_ids else rows
    return list(rows.defer(*VECTORS).select_related("question_set__agency", "field").order_by("-uses", "-id")[:limit])


def published(hotline_id: int, key: str, day: date) -> Entry | None:
    """One entry that citizens may read on a day; None otherwise."""
    rows = Entry.objects.filter(hotline_id=hotline_id, key=key).public_on(day)
    return rows.defer(*VECTORS).select_related("question_set__agency").first()


def review_due(viewer: Viewer, day: date) -> EntryQuerySet:
    """The viewer's own approved entries that run out, ran out, or are to be read again within two weeks."""
    until = day + REVIEW_AHEAD
    return (
        Entry.objects.editable_by(viewer)
        .filter(Q(valid_to__lte=until) | Q(review_on__lte=until), state="approved")
        .defer(*VECTORS)
        .select_related("question_set__agency", "field")
        .order_by("valid_to", "review_on", "id")
    )


def one(viewer: Viewer, pk: int) -> Entry | None:
    """One entry if the viewer may see it; None, and the door answers 404."""
    return (
        Entry.objects.visible_to(viewer)
        .defer(*VECTORS)
        .select_related("question_set__agency", "field", "hotline")
        .filter(pk=pk)
        .first()
    )


def versions_of(entry: Entry) -> list[EntryVersion]:
    """Every version, the latest first. Fetch the entry through its scope first."""
    return list(entry.versions.order_by("-number"))


def gaps(viewer: Viewer, *, after: tuple[int, int] | None = None, limit: int = PAGE) -> list[Gap]:
    """Questions nobody could answer, the most frequent first; `after`: count and id of the last row seen."""
    rows = Gap.objects.visible_to(viewer).filter(state="open").select_related("field", "agency")
    if after is not None:
        rows = rows.filter(Q(count__lt=after[0]) | Q(count=after[0], pk__lt=after[1]))
    return list(rows.order_by("-count", "-id")[: limit + 1])


def gap_reasons(rows: list[Gap], lang: str) -> dict[int, list[str]]:
    """Why each of these questions stayed unanswered, with how often: "Không có trong bộ hỏi – đáp: 3". One query."""
    counts = (
        Sighting.objects.filter(gap__in=[row.pk for row in rows])
        .values("gap_id", "reason")
        .annotate(times=Count("pk"))
        .order_by("gap_id", "-times", "reason")
    )
    found: dict[int, list[str]] = {}
    for row in counts:
        found.setdefault(row["gap_id"], []).append(f"{GapReason(row['reason']).label.get(lang)}: {row['times']}")
    return found
