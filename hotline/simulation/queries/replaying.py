"""The recorded cases as arrays, read in chunks straight from the table of deeds; and what a changed edition makes of them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any, cast

import numpy as np
import psycopg
from django.db import connection
from django.utils import timezone
from numpy.typing import NDArray

from hotline.calendars.queries import work_calendar
from hotline.cases.rules import PROMISE
from hotline.hotlines.models import Hotline
from hotline.organisation.models import Agency
from hotline.refusals import Refused
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.working_time import WorkCalendar
from hotline.simulation.rules.deeds import numbered
from hotline.simulation.rules.figures import Facts, Tally
from hotline.simulation.rules.reference import PART_ASKED
from hotline.simulation.rules.replay import NEVER, Parts, Plan, Recorded, plan_of, replay
from hotline.simulation.rules.timeline import Timeline, micros

CHUNK = 50_000  # numbers of cases read at a time: some 20 MB of arrays
_ARRAY_HEADER = 20  # bytes before the first element of a one-dimensional array in PostgreSQL's binary form
_NEVER = NEVER // 4  # a moment of the database has fewer bits to spare

_BOUNDS = """
SELECT min(id), max(id) FROM cases_case WHERE hotline_id = %s AND received_at >= %s AND received_at < %s
"""
_CASES = """
SELECT array_agg(id), array_agg(received_at), array_agg(coalesce(agency_id, 0)), array_agg(field_id),
       array_agg((late_at IS NOT NULL)::int::int2)
FROM (SELECT id, received_at, agency_id, field_id, late_at FROM cases_case
      WHERE id >= %s AND id < %s AND hotline_id = %s AND received_at >= %s AND received_at < %s
        AND (%s::text[] IS NULL OR domain = ANY (%s::text[])) ORDER BY id) AS cases
"""
_DEEDS = """
SELECT array_agg(case_id), array_agg(at), array_agg(word), array_agg(agency), array_agg(until)
FROM (SELECT case_id, at, coalesce(array_position(%s::text[], deed::text), 0)::int2 AS word,
             coalesce(agency_id, -1) AS agency, coalesce(until, '-infinity') AS until
      FROM simulation_deed WHERE case_id >= %s AND case_id <= %s AND part IS NULL ORDER BY case_id, act_id) AS deeds
"""
# The same with what cooperating agencies did, for an edition that gives them a clock.
_DEEDS_AND_PARTS = """
SELECT array_agg(case_id), array_agg(at), array_agg(word), array_agg(agency), array_agg(until), array_agg(part)
FROM (SELECT case_id, at, coalesce(array_position(%s::text[], deed::text), 0)::int2 AS word,
             coalesce(agency_id, -1) AS agency, coalesce(until, '-infinity') AS until, coalesce(part, 0) AS part
      FROM simulation_deed WHERE case_id >= %s AND case_id <= %s ORDER BY case_id, act_id) AS deeds
"""


@dataclass(frozen=True, slots=True)
class Offices:
    """Who counts on which calendar: number 0 is the hotline's; `of_agency` by the agency's id."""

    calendars: tuple[WorkCalendar, ...]
    of_agency: NDArray[np.int16]


@dataclass(slots=True)
class Simulation:
    """What came of it, and what it took in seconds."""

    figures: dict[str, Any] = field(default_factory=dict)
    cases: bytes = b""
    seconds: float = 0.0
    reading: float = 0.0


def topic(run_id: int) -> str:
    """What the page of a run listens to."""
    return f"simulation:{run_id}"


def hotline_of(edition: Edition) -> Hotline:
    """The hotline an edition is for: that of its key, or the only one there is. Raises Refused."""
    everyone = list(Hotline.objects.select_related("calendar").order_by("id"))
    found = next((hotline for hotline in everyone if hotline.key == edition.hotline), None)
    if found is None and len(everyone) == 1:
        found = everyone[0]
    if found is None:
        raise Refused(
            Label(
                f"Không có tổng đài “{edition.hotline}” trong hệ thống này.",
                f"There is no hotline “{edition.hotline}” in this installation.",
            )
        )
    return found


def offices_of(hotline: Hotline, replaced: Mapping[str, WorkCalendar]) -> Offices:
    """The calendars of the hotline and of the agencies that keep their own, as they are now; `replaced` by key, and ""
    for the hotline's own."""
    calendars = [replaced.get("") or replaced.get(hotline.calendar.key) or work_calendar(hotline.calendar_id)]
    numbers = {hotline.calendar_id: 0}
    rows = list(Agency.objects.filter(calendar__isnull=False).values_list("id", "calendar_id", "calendar__key"))
    of_agency = np.zeros(max((pk for pk, _, _ in rows), default=0) + 1, np.int16)
    for pk, calendar_id, key in rows:
        if calendar_id not in numbers:
            numbers[calendar_id] = len(calendars)
            calendars.append(replaced.get(key) or work_calendar(calendar_id))
        of_agency[pk] = numbers[calendar_id]
    return Offices(tuple(calendars), of_agency)


def simulate(
    hotline: Hotline,
    edition: Edition,
    since: date,
    until: date,
    *,
    now: datetime,
    replaced: Mapping[str, WorkCalendar] | None = None,
    domains: Sequence[str] | None = None,
    chunk: int = CHUNK,
) -> Simulation:
    """Replay the cases of a hotline received from `since` to `until` (both days included) under an edition, as of `now`.

    What people did is taken as recorded; clocks, due moments and what ran out are reckoned anew. `replaced`: calendars to
    count on instead, see `offices_of`; `domains`: only the cases of these walled domains. Raises Refused (days in the
    wrong order, a zone that changes its offset), NoWorkingTime.
    """
    if until < since:
        raise Refused(Label("Ngày cuối phải từ ngày đầu trở đi.", "The last day must not be before the first."))
    began = time.perf_counter()
    result = Simulation()
    plan = plan_of(edition, PROMISE)
    offices = offices_of(hotline, replaced or {})
    timeline = Timeline(offices.calendars)
    tally = Tally(plan.keys)
    for facts, recorded in _chunks(hotline.pk, since, until, domains, plan, offices, chunk, result):
        tally.add(facts, replay(plan, recorded, timeline, micros(now)))
    result.figures, result.cases = tally.figures(), tally.packed()
    result.seconds = time.perf_counter() - began
    return result


def _chunks(
    hotline_id: int,
    since: date,
    until: date,
    domains: Sequence[str] | None,
    plan: Plan,
    offices: Offices,
    size: int,
    result: Simulation,
) -> Iterator[tuple[Facts, Recorded]]:
    """The cases with their deeds, by number, `size` numbers at a time."""
    first, end = _midnight(since), _midnight(until + timedelta(1))
    with connection.cursor() as cursor:
        cursor.execute(_BOUNDS, [hotline_id, first, end])
        low, high = cursor.fetchone()
    walls = None if domains is None else list(domains)
    deeds, words = numbered(plan.words)
    word_of = np.array([-1, *words], np.int16)
    columns: tuple[str, ...] = ("i8", "i8", "i2", "i8", "i8")
    statement = _DEEDS
    if plan.cooperation >= 0:
        columns, statement = (*columns, "i8"), _DEEDS_AND_PARTS
    for begin in range(low or 0, (high or 0) + 1 if low else 0, size):
        began = time.perf_counter()
        case, received, agency, about, late = _arrays(
            _CASES, [begin, begin + size, hotline_id, first, end, walls, walls], ("i8", "i8", "i8", "i8", "i2")
        )
        if len(case):
            told = _arrays(statement, [deeds, int(case[0]), int(case[-1])], columns)
            facts = Facts(case, agency, about, late.astype(bool))
            recorded = _recorded(case, received, told, word_of, offices, plan.words.index(PART_ASKED))
            result.reading += time.perf_counter() - began
            yield facts, recorded


def _recorded(
    case: NDArray[np.int64],
    received: NDArray[np.int64],
    told: list[NDArray[np.int64]],
    word_of: NDArray[np.int16],
    offices: Offices,
    asked: int,
) -> Recorded:
    """Deeds of these cases alone, each with the calendar of whoever holds the case after it. `asked`: the number of the word
    that an agency is asked for its part, the first of those about parts, which are the last of all."""
    place = np.searchsorted(case, told[0])
    ours = case[np.minimum(place, len(case) - 1)] == told[0]
    place, (at, word, agency, until) = place[ours].astype(np.intp), (column[ours] for column in told[1:5])
    word, parts, holder = word_of[word], None, agency
    # An agency without a calendar of its own, and nobody, work by the hotline's.
    own = offices.of_agency[np.where((agency >= 0) & (agency < len(offices.of_agency)), agency, 0)]
    if len(told) > 5 and (part := told[5][ours]).any():
        slot = _slots(place, part, word == asked)
        # Of a part nobody was asked for, or that an older act does not name, nothing moves a clock.
        word = np.where((slot < 0) & (word >= asked), -1, word).astype(np.int16)
        holder = np.where(part > 0, -1, agency)
        parts = Parts(slot, np.where((part > 0) & (word < 0), -1, agency), own)
    first = np.searchsorted(place, place, "left")
    last = np.maximum.accumulate(np.where(holder >= 0, np.arange(len(place)), -1)) if len(place) else first
    which = np.where(last >= first, own[np.maximum(last, 0)] if len(place) else 0, 0).astype(np.int16)
    return Recorded(received, place, word, at, which, np.where(until > -_NEVER, until, NEVER), parts)


def _slots(place: NDArray[np.intp], part: NDArray[np.int64], asked: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The parts of each case numbered 0 and up, of those that were ever asked for; -1 for all other deeds."""
    slot = np.full(len(place), -1, np.int16)
    about = np.flatnonzero(part > 0)
    pairs, which = np.unique(np.stack((place[about], part[about])), axis=1, return_inverse=True)
    known = np.zeros(pairs.shape[1], bool)
    known[which.ravel()[asked[about]]] = True
    upto = np.cumsum(known)
    before = (upto - known)[np.searchsorted(pairs[0], pairs[0], "left")]  # those of earlier cases
    slot[about] = np.where(known, upto - 1 - before, -1)[which.ravel()]
    return slot


def _arrays(sql: str, values: list[Any], kinds: tuple[str, ...]) -> list[NDArray[np.int64]]:
    """One row of aggregated columns as arrays: PostgreSQL's binary form is read where it lies, no value made one by one."""
    connection.ensure_connection()
    with psycopg.Cursor(cast("psycopg.Connection[Any]", connection.connection)) as cursor:
        cursor.execute(cast("Any", sql), values, binary=True)
        answer = cursor.pgresult
        assert answer is not None
        return [_array(answer.get_value(0, number), kind) for number, kind in enumerate(kinds)]


def _array(raw: bytes | None, kind: str) -> NDArray[np.int64]:
    if raw is None:
        return np.zeros(0, np.int64)
    count = int.from_bytes(raw[12:16], "big")
    rows = np.frombuffer(raw, np.dtype([("length", ">i4"), ("value", f">{kind}")]), count, _ARRAY_HEADER)
    return rows["value"].astype(np.int64)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock_time()))
