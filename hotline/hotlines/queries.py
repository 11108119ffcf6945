"""Questions about hotlines, the regulation in force, and fields of work."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from hotline.hotlines.models import Edition, Field, Hotline
from hotline.hotlines.rules import RoleWords
from hotline.refusals import Refused
from hotline.regulation import edition as regulation
from hotline.regulation.labels import Label
from hotline.regulation.scope import ALL_FIELDS, Scope
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


def hotlines() -> list[Hotline]:
    """Every hotline of this installation, in the order in which the pack has them."""
    return list(Hotline.objects.select_related("calendar__base").order_by("id"))


def hotline_id_of(key: str) -> int:
    """The hotline with a key, else the first: an address may name one, and a wrong one still reaches the desk."""
    asked = key if key.isprintable() else ""  # the database refuses a zero byte
    found = Hotline.objects.filter(key=asked).values_list("pk", flat=True).first() if asked else None
    return found or default_hotline_id()


class Closed(Refused):
    """No regulation covers the day: the hotline takes in nothing new. The sentence says from when, until when, and where to
    turn; what was received in time is answered to its end."""


def edition_in_force(hotline_id: int, day: date) -> Edition:
    """The edition in force on a day: the latest to begin. Raises Closed when no regulation covers that day."""
    row = (
        Edition.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), hotline_id=hotline_id, valid_from__lte=day)
        .order_by("-valid_from").first()
    )
    if row is None:
        raise Closed(_why_closed(hotline_id, day))
    return row


def _why_closed(hotline_id: int, day: date) -> Label:
    """That it opens on a later day, else that it has closed, with the words of the edition nearest to the day."""
    editions = Edition.objects.filter(hotline_id=hotline_id)
    coming = editions.filter(valid_from__gt=day).order_by("valid_from").first()
    ended = editions.filter(valid_to__lt=day).order_by("-valid_to").first()
    if coming is not None:
        said = Label(
            f"Tổng đài tiếp nhận từ ngày {coming.valid_from:%d/%m/%Y}.", f"The hotline opens on {coming.valid_from:%d/%m/%Y}."
        )
    elif ended is not None:
        said = Label(
            f"Tổng đài tiếp nhận từ ngày {ended.valid_from:%d/%m/%Y} đến hết ngày {ended.valid_to:%d/%m/%Y}, "
            "nay đã ngừng tiếp nhận.",
            f"The hotline was open from {ended.valid_from:%d/%m/%Y} to {ended.valid_to:%d/%m/%Y} and takes in nothing new.",
        )
    else:
        return Label(
            f"Không có quy chế nào có hiệu lực vào ngày {day:%d/%m/%Y}.", f"No regulation is in force on {day:%d/%m/%Y}."
        )
    nearest = regulation_of(coming or ended).scope.closed  # type: ignore[arg-type]  # one of them is there
    return Label(f"{said.vi} {nearest.vi}".strip(), f"{said.en} {nearest.en}".strip())


def takes(edition: regulation.Edition, field: Field) -> bool:
    """Whether a field is open under an edition. Asks nothing where the edition takes every field."""
    return not edition.scope.fields or edition.scope.takes(field.key, field.parent.key if field.parent else "")


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


WORDS_SECONDS = 60.0
_words: dict[int | None, tuple[float, date, RoleWords]] = {}


def role_words(first: int | None, day: date) -> RoleWords:
    """What the roles are called on a day, of an installation whose first hotline has the id `first` (None: it has none).
    Remembered for a minute: every page of the console says who is looking."""
    known = _words.get(first)
    if known is None or known[1] != day or time.monotonic() - known[0] > WORDS_SECONDS:
        # The latest to have begun, in force or over: what came in time is still answered under it.
        rows = Edition.objects.filter(valid_from__lte=day).order_by("hotline_id", "-valid_from").distinct("hotline_id")
        lines = tuple(
            (frozenset(filter(None, (row.hotline.coordinator_id, row.hotline.desk_id))), regulation_of(row).words.get("Role", {}))
            for row in rows.select_related("hotline")
        )
        known = _words[first] = (time.monotonic(), day, RoleWords(lines))
    return known[2]


def field_tree(
    hotline: Hotline, active_only: bool = True, scope: Scope = ALL_FIELDS
) -> list[tuple[Field, list[Field]]]:
    """Fields of the first level, each with those below it, in the pack's order; one query. `scope`: of an edition that is
    open for some fields only; a field below another that is not open stands by itself."""
    fields: Iterable[Field] = Field.objects.filter(hotline=hotline).order_by("position", "id")
    fields = [f for f in fields if f.active or not active_only]
    below: dict[int | None, list[Field]] = {}
    for f in fields:
        below.setdefault(f.parent_id, []).append(f)
    tree = [(top, below.get(top.pk, [])) for top in below.get(None, [])]
    if not scope.fields:
        return tree
    opened: list[tuple[Field, list[Field]]] = []
    for top, children in tree:
        if scope.takes(top.key):
            opened.append((top, children))
        else:
            opened += [(child, []) for child in children if scope.takes(child.key)]
    return opened


def fields_of_all() -> list[tuple[Field, list[int]]]:
    """Fields of the first level of every hotline, those of one key as one; with each the ids of its namesakes and of what is
    below them. One query."""
    found: dict[str, tuple[Field, list[int]]] = {}
    keys: dict[int, str] = {}
    rows = list(Field.objects.filter(active=True).order_by("hotline_id", "position", "id"))
    for top in (row for row in rows if row.parent_id is None):
        keys[top.pk] = top.key
        found.setdefault(top.key, (top, []))[1].append(top.pk)
    for row in rows:
        if row.parent_id in keys:
            found[keys[row.parent_id]][1].append(row.pk)
    return list(found.values())


def editions_of(hotline: Hotline) -> QuerySet[Edition]:
    """All editions of a hotline, the latest first."""
    return Edition.objects.filter(hotline=hotline).order_by("-valid_from", "-id")
