"""Taking a hotline in from an archive: every row under a new number, every code, secret link and word as it was.

Numbers are moved by one distance for each table (`new = old + distance`), so that nothing has to be remembered for a million
rows; what both homes know already (agencies, places, calendars, a citizen's telephone number) is matched by its own name.
All of it is one transaction.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import BinaryField, FileField, ForeignKey, JSONField, Model

from hotline.conversations.models import Contact
from hotline.hotlines.models import Hotline
from hotline.jobs.actions import defer
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.regulation.reading import PackInvalid
from hotline.relocation import rules
from hotline.relocation.actions.archive import Archive
from hotline.relocation.actions.matching import Matching
from hotline.relocation.models import AbsorbedHotline
from hotline.relocation.queries import carried, columns, subject_of
from hotline.routing.queries import forget

BATCH = 1000
_LOCK = 1022_0001  # one archive at a time
_QUEUED = (Contact.Delivery.QUEUED, Contact.Delivery.RETRYING)

Told = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What became of an archive: `changed` False when it had been taken in before."""

    hotline: str
    name: str
    changed: bool
    counts: Mapping[str, int]
    same: Sequence[str] = ()  # agencies taken for one that is here
    new: Sequence[str] = ()  # agencies made


def absorb(
    archive: Archive,
    names: rules.Names,
    *,
    dry_run: bool = False,
    actor: Actor,
    now: datetime,
    told: Told = lambda what, rows: None,
) -> Absorbed:
    """Take a hotline in; the same archive a second time does nothing. `told` hears of each table.

    Raises PackInvalid with everything that stands in the way (a code or key that is taken, an agency that is called
    otherwise here, other tables), before anything is written. Interrupted, it leaves nothing.
    """  # fmt: skip
    manifest = archive.manifest
    files: list[str] = []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            known = AbsorbedHotline.objects.filter(archive=manifest.archive).first()
            if known is not None:
                return Absorbed(manifest.hotline, manifest.name, False, known.counts)
            archive.check()
            matching = Matching(archive, names)
            if faults := [*archive.other_tables(), *matching.conflicts(), *archive.collisions()]:
                raise PackInvalid(list(dict.fromkeys(faults)))
            same, new = matching.agencies()
            if dry_run:
                return Absorbed(manifest.hotline, manifest.name, True, manifest.counts, same, new)
            counts = _Taking(archive, matching, files, told).all(actor, now)
        return Absorbed(manifest.hotline, manifest.name, True, counts, same, new)
    except BaseException:
        for name in files:
            default_storage.delete(name)
        raise


@dataclass
class _Taking:
    archive: Archive
    matching: Matching
    files: list[str]
    told: Told
    distance: dict[str, int] = field(default_factory=dict)
    same: dict[str, dict[int, int]] = field(default_factory=dict)  # rows that are here already: old number → here
    later: list[tuple[type[Model], str, int, int]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def all(self, actor: Actor, now: datetime) -> dict[str, int]:
        """Everything, in the order in which rows need each other."""
        manifest = self.archive.manifest
        for label, ends in manifest.keys.items():
            self.distance[label] = _room(apps.get_model(label), *ends)
        numbers = _case_numbers(self.archive)
        self.matching.match()
        self.same = {**self.matching.maps, **self.archive.here_already()}
        for model in carried():
            self._table(model, numbers)
        self._point()
        first, last = self._journal()
        hotline = Hotline.objects.get(key=manifest.hotline)
        AbsorbedHotline.objects.create(
            archive=uuid.UUID(manifest.archive), hotline=hotline, installation=manifest.installation,
            exported_at=datetime.fromisoformat(manifest.exported_at), absorbed_at=now, absorbed_by=actor.snapshot(),
            counts=self.counts, first_act=first, last_act=last,
        )  # fmt: skip
        said = {"from": manifest.installation, "archive": manifest.archive, "cases": self.counts.get("cases.Case", 0)}
        record("hotline.absorbed", "hotline", hotline.pk, actor, now, after=said)
        transaction.on_commit(forget)
        return self.counts

    # -- rows -----------------------------------------------------------------------------------------------------------

    def _table(self, model: type[Model], numbers: int) -> None:
        label = model._meta.label
        here, count = self.same.get(label, {}), 0
        for batch in _batches(row for row in self.archive.rows(label) if row["id"] not in here):
            made = [self._instance(model, row, numbers) for row in batch]
            model._base_manager.bulk_create(made)
            for one in made:
                self._after(one)
            count += len(batch)
        self.counts[label] = count
        self.told(label, count)

    def _instance(self, model: type[Model], row: dict[str, Any], numbers: int) -> Model:
        label = model._meta.label
        values: dict[str, Any] = {}
        pk = self._number(label, row["id"])
        for column in columns(model):
            value = row.get(column.attname)
            if column.primary_key:
                value = pk
            elif isinstance(column, BinaryField):
                value = self.archive.read(f"raw/{row['sha256']}")
            elif isinstance(column, ForeignKey):
                value = self._pointer(model, column, pk, value)
            elif isinstance(column, JSONField):
                value = value if column.name == "document" else self._refer(value, model)
            elif value is not None:
                value = column.to_python(value)
            values[column.attname] = value
        if label == "cases.Case":
            values["number"] += numbers
        if label == "hotlines.Mailbox":
            values["active"] = False  # until the old home has let go of it: two that fetch would both answer
        if label == "conversations.Contact" and values["direction"] == Contact.Direction.OUT:
            # What we wrote bears the number of an act of the old home: here that number is another act's.
            values["external_id"] = f"{self.archive.manifest.installation}/{values['external_id']}"[:300]
        return model(**values)

    def _after(self, one: Model) -> None:
        for column in columns(type(one)):
            if isinstance(column, FileField):
                name = getattr(one, column.attname).name
                if default_storage.exists(name):
                    default_storage.delete(name)  # left by an absorption that was killed
                with self.archive.open(f"files/{name}") as content:
                    self.files.append(default_storage.save(name, File(content)))
        if isinstance(one, Contact) and one.delivery in _QUEUED and one.direction == Contact.Direction.OUT:
            defer("deliver", contact_id=one.pk)

    def _pointer(self, model: type[Model], column: ForeignKey, pk: int, value: int | None) -> int | None:
        if value is None:
            return None
        to = column.related_model
        assert isinstance(to, type), "models are loaded"
        new = self._number(to._meta.label, value)
        order = carried()
        if to in order and order.index(to) >= order.index(model) and to._meta.label not in self.matching.maps:
            self.later.append((model, column.attname, pk, new))  # it comes after: pointed at when all is there
            return None
        return new

    def _number(self, label: str, old: int) -> int:
        """The number of a row here."""
        if label in self.matching.maps:
            return self.matching.maps[label][old]
        return self.same.get(label, {}).get(old, old + self.distance[label])

    def _point(self) -> None:
        by_column: dict[tuple[type[Model], str], list[tuple[int, int]]] = defaultdict(list)
        for model, attname, pk, new in self.later:
            by_column[model, attname].append((pk, new))
        for (model, attname), pairs in by_column.items():
            for batch in _batches(pairs):
                model._base_manager.bulk_update([model(pk=pk, **{attname: new}) for pk, new in batch], [attname])

    # -- the journal ----------------------------------------------------------------------------------------------------

    def _journal(self) -> tuple[int | None, int | None]:
        """Acts as they were recorded, with their time and actor, marked with where they were recorded; nothing follows
        from them a second time."""
        subjects = {subject_of(model): model for model in carried()}
        numbers: list[int] = []
        count = 0
        for batch in _batches(self.archive.rows("journal.Act")):
            acts = []
            for row in batch:
                model = subjects[row["subject"]]
                acts.append(Act(
                    id=row["id"] + self.distance["journal.Act"], at=datetime.fromisoformat(row["at"]), kind=row["kind"],
                    subject=row["subject"], subject_id=self._number(model._meta.label, row["subject_id"]),
                    actor={**self._refer(row["actor"], model), "installation": self.archive.manifest.installation},
                    before=self._refer(row["before"], model), after=self._refer(row["after"], model), note=row["note"],
                    topics=[],
                ))  # fmt: skip
            Act.objects.bulk_create(acts)
            numbers = [min([*numbers, *(a.pk for a in acts)]), max([*numbers, *(a.pk for a in acts)])]
            count += len(acts)
        self.counts["journal.Act"] = count
        self.told("journal.Act", count)
        return (numbers[0], numbers[1]) if numbers else (None, None)

    def _refer(self, value: Any, model: type[Model]) -> Any:
        """Numbers of rows inside JSON: who acted, and columns that were written down by their name."""
        if isinstance(value, list):
            return [self._refer(one, model) for one in value]
        if not isinstance(value, dict):
            return value
        if {"kind", "id", "name", "post"} <= value.keys():
            return {**value, "id": self._actor(value["kind"], value["id"])}
        return {key: self._referred(key, one, model) for key, one in value.items()}

    def _referred(self, key: str, value: Any, model: type[Model]) -> Any:
        label = _pointer_names(model).get(key)
        if label is None or isinstance(value, bool) or not isinstance(value, int):
            return self._refer(value, model)
        if label in self.matching.maps:
            return self.matching.maps[label].get(value)  # a name nobody brought along: the words beside it say who
        least, greatest = self.archive.manifest.keys.get(label, (0, 0))
        return self._number(label, value) if least <= value <= greatest else None

    def _actor(self, kind: str, old: int | None) -> int | None:
        if old is None:
            return None
        if kind == "person":
            return self.matching.maps["people.Person"].get(old)
        least, greatest = self.archive.manifest.keys["citizens.Citizen"]
        return self._number("citizens.Citizen", old) if kind == "citizen" and least <= old <= greatest else None


def _pointer_names(model: type[Model]) -> dict[str, str]:
    """How acts and other JSON name the rows they speak of: columns of this table first, then of all."""
    names: dict[str, str] = {}
    for one in (*carried(), model):
        for column in one._meta.concrete_fields:
            if isinstance(column, ForeignKey) and isinstance(column.related_model, type):
                names[column.name] = names[column.attname] = column.related_model._meta.label
    return names


def _room(model: type[Model], least: int, greatest: int) -> int:
    """Take numbers from the table's own sequence, as many as come; how far each row moves. Never given back: a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        [sequence] = cursor.fetchone()
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        [first] = cursor.fetchone()
        cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, first + greatest - least])
    return int(first) - least


def _case_numbers(archive: Archive) -> int:
    """How far running numbers move (codes do not): not at all unless one is taken. The sequence goes on behind them."""
    numbers = [row["number"] for row in archive.rows("cases.Case")]
    if not numbers:
        return 0
    case = apps.get_model("cases.Case")
    taken = any(case._base_manager.filter(number__in=batch).exists() for batch in _batches(numbers))
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('case_number')")
        [first] = cursor.fetchone()
        far = first - min(numbers) if taken else 0
        # Behind the old numbers too: a code is made of the number, and no code is given twice.
        cursor.execute("SELECT setval('case_number', %s)", [max(first, max(numbers), max(numbers) + far)])
    return int(far)


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
