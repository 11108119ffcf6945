"""Questions about hotlines, the regulation in force, and fields of work."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from hotline.hotlines.models import Edition, Field, Hotline
from hotline.refusals import Refused
from hotline.regulation import edition as regulation
from hotline.regulation.labels import Label
from hotline.statements.queries import written_once


@written_once
def _first() -> QuerySet[Hotline]:
    return Hotline.objects.select_related("calendar__base").order_by("id")[:1]


def default_hotline() -> Hotline:
    """The hotline of an installation that has one: the first loaded. Raises Refused before a pack is loaded."""
    row = next(iter(_first()), None)
    if row is None:
        raise Refused(Label(
            "Hệ thống chưa nạp gói tỉnh nào; chạy “hotline load_pack <thư mục gói>” trước.",
            "No pack is loaded yet; run “hotline load_pack <pack folder>” first.",
        ))
    return row


def default_hotline_id() -> int:
    """The key of `default_hotline`, asked without the ORM: for the way in. Raises Refused before a pack is loaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM hotlines_hotline")
        [key] = cursor.fetchone()
    return key if key is not None else default_hotline().pk


def edition_in_force(hotline_id: int, day: date) -> Edition:
    """The edition in force on a day: the latest to begin. Raises Refused when no regulation covers that day."""
    row = (
        Edition.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), hotline_id=hotline_id, valid_from__lte=day)
        .order_by("-valid_from").first()
    )
    if row is None:
        raise Refused(Label(
            f"Không có quy chế nào có hiệu lực vào ngày {day:%d/%m/%Y}.", f"No regulation is in force on {day:%d/%m/%Y}."
        ))
    return row


REMEMBERED_SECONDS = 5.0
_remembered: dict[int, tuple[float, date, Edition]] = {}


def edition_remembered(hotline_id: int, day: date) -> Edition:
    """`edition_in_force` with its hotline and calendars, remembered for five seconds: for the way in, where it is a seventh
    of the work. Editions are loaded days before the day they begin; another day is asked for anew."""
    known = _remembered.get(hotline_id)
    if known is None or known[1] != day or time.monotonic() - known[0] > REMEMBERED_SECONDS:
        edition = edition_in_force(hotline_id, day)
        edition.hotline = Hotline.objects.select_related("calendar__base").get(pk=hotline_id)
        known = _remembered[hotline_id] = (time.monotonic(), day, edition)
    return known[2]


# pk → the document it was read from, and the regulation. An edition no case uses may still change: documents are compared,
# which costs a hundredth of reading one. One that came without its document, through a case, is in use and settled.
_read: dict[int, tuple[dict, regulation.Edition]] = {}


def regulation_of(row: Edition) -> regulation.Edition:
    """The regulation of a row as a value, read once per process; `row` may have its document deferred."""
    known = _read.get(row.pk)
    if known is None or ("document" not in row.get_deferred_fields() and known[0] != row.document):
        known = _read[row.pk] = (row.document, regulation.parse_edition(row.document, f"editions/{row.key}"))
    return known[1]


def field_tree(hotline: Hotline, active_only: bool = True) -> list[tuple[Field, list[Field]]]:
    """Fields of the first level, each with those below it, in the pack's order; one query."""
    fields: Iterable[Field] = Field.objects.filter(hotline=hotline).order_by("position", "id")
    fields = [f for f in fields if f.active or not active_only]
    below: dict[int | None, list[Field]] = {}
    for f in fields:
        below.setdefault(f.parent_id, []).append(f)
    return [(top, below.get(top.pk, [])) for top in below.get(None, [])]


def editions_of(hotline: Hotline) -> QuerySet[Edition]:
    """All editions of a hotline, the latest first."""
    return Edition.objects.filter(hotline=hotline).order_by("-valid_from", "-id")
