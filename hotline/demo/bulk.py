"""Generated cases by the hundred thousand, for measuring: whole lives under the real regulation, written with COPY.

Nothing here goes through the verbs, which would take an hour; states, clocks and due moments come from the same pure
functions, so the sweeper finds nothing to correct and every page can show every case.
"""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from hotline.calendars.queries import work_calendar
from hotline.cases.models import Answer, Case
from hotline.citizens.models import Citizen
from hotline.conversations.models import Contact, Conversation
from hotline.demo.lives import Course
from hotline.demo.writing import COLUMNS, Rows, World, Writer, as_json
from hotline.hotlines.models import Field
from hotline.hotlines.queries import default_hotline, regulation_of
from hotline.organisation.models import Agency, Area
from hotline.people.models import Person
from hotline.people.queries import posts_on
from hotline.regulation.lifecycle import Role

YEARS = 3
BATCH = 4000
_OWN_IDS = {Citizen: 1, Conversation: 1, Contact: 3, Case: 1, Answer: 1}  # at most so many rows a case


def generate(count: int, *, folder: Path, now: datetime, seed: int, say: Callable[[str], Any]) -> float:
    """Write `count` cases received over the last three years, about 93 % of them answered or closed.

    `folder`: a pack's demo folder, for the words and people. The same seed gives the same cases but for their secret
    links. In batches, each a transaction; ends with VACUUM ANALYZE. Returns seconds. Raises OSError without reports.
    """
    started = time.monotonic()
    world = _world(folder, now)
    writer = Writer(world, random.Random(seed), {}, iter(()))
    # One batch is stored while the next is made up: the server and we are busy at the same time.
    with ThreadPoolExecutor(1) as store:
        storing: Future[None] | None = None
        for first in range(0, count, BATCH):
            size = min(BATCH, count - first)
            rows = _batch(writer, [_received(writer.dice, now, (first + n) / count) for n in range(size)])
            if storing:
                storing.result()
            storing = store.submit(_store, rows)
            if (first // BATCH) % 5 == 4:
                say(f"  {first + size} / {count} phiếu, {time.monotonic() - started:.0f} giây")
        if storing:
            storing.result()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) " + ", ".join(table._meta.db_table for table in COLUMNS))
    return time.monotonic() - started


def _world(folder: Path, now: datetime) -> World:
    hotline = default_hotline()
    edition = hotline.editions.order_by("valid_from")[0]
    agencies = list(Agency.objects.filter(valid_to__isnull=True).exclude(kind="office").order_by("id"))
    people: dict[tuple[int | None, Role], list[Person]] = {}
    for post in posts_on(now.date()).select_related("person").order_by("id"):
        people.setdefault((post.agency_id, Role(post.role)), []).append(post.person)
    reports = tomllib.loads((folder / "reports.toml").read_text("utf-8"))["reports"]
    return World(
        hotline, edition, Course(regulation_of(edition), work_calendar(hotline.calendar_id), now), now,
        fields=list(Field.objects.filter(hotline=hotline, active=True).order_by("id")),
        areas=list(Area.objects.filter(served=True).order_by("id")),
        agencies=agencies, staffed=[a for a in agencies if (a.pk, Role.FOCAL_PERSON) in people],
        people=people, desk=[p for (_, role), held in people.items() if role == Role.CALL_TAKER for p in held],
        texts=[t for t in reports if not t.get("incomplete")], answers=[t["answer"] for t in reports if t.get("answer")],
    )


def _received(dice: random.Random, now: datetime, share: float) -> datetime:
    """A moment of the last three years, earlier ones first, mostly by day."""
    moment = now - timedelta(days=365 * YEARS * (1 - share))
    by_day = moment + timedelta(hours=dice.gauss(0, 4))
    return min(by_day, now - timedelta(minutes=dice.randrange(1, 240)))


def _batch(writer: Writer, moments: Sequence[datetime]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('case_number', nextval('case_number') + %s)", [len(moments)])
        last = cursor.fetchone()[0]
    writer.numbers = iter(range(last - len(moments), last))
    writer.ids = {table: _reserve(table, len(moments) * most) for table, most in _OWN_IDS.items()}
    writer.rows = {table: [] for table in COLUMNS}
    for moment in moments:
        writer.write(moment)
    return writer.rows


def _store(rows: Rows) -> None:
    """Write one batch, all or nothing, in a thread and so on a connection of its own."""
    try:
        with transaction.atomic():
            for table, values in rows.items():
                _copy(table, COLUMNS[table], values)
    finally:
        connection.close()


def _reserve(table: type[models.Model], count: int) -> Iterator[int]:
    """The next `count` numbers of a table's sequence, ours alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table._meta.db_table])
        [sequence] = cursor.fetchone()
        cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, count])
        [last] = cursor.fetchone()
    return iter(range(last - count, last))


def _copy(table: type[models.Model], columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """COPY rows; a column that is not named and may not be null gets the model's own default."""
    unnamed = [f for f in table._meta.concrete_fields
               if f.column not in columns and not (f.generated or f.primary_key or f.null)]
    defaults = tuple(as_json(v) if isinstance(v, dict) else v for v in (f.get_default() for f in unnamed))
    names = ", ".join(f'"{name}"' for name in (*columns, *(f.column for f in unnamed)))
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table._meta.db_table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row((*row, *defaults))
