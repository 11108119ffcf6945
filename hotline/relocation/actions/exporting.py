"""Writing a hotline into one archive: table by table, a few thousand rows at a time, the manifest last.

The archive is a ZIP of JSON lines, attachments and messages as they arrived. It holds citizens' data: only its owner may
read it. What was denounced under seal is never in it (`relocation.rules.LEFT_OUT`).
"""

from __future__ import annotations

import hashlib
import os
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import orjson
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BinaryField, FileField, Max, Min, Model, QuerySet

from hotline.calendars.models import CalendarDay
from hotline.hotlines.models import Domain, Hotline
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency, AgencyName, AgencyParent, Area
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.relocation import rules
from hotline.relocation.queries import abroad, carried, columns, matched_rows, rows_of, subject_of

CHUNK = 2000
_PIECE = 1 << 20

Told = Callable[[str, int], None]


def export_hotline(
    key: str, file: Path, *, actor: Actor, now: datetime, told: Told = lambda what, rows: None
) -> rules.Manifest:
    """Write a hotline with everything that belongs to it into `file`, as it is at this moment; `told` hears of each table.

    Raises Refused when there is no such hotline or an attachment's file is missing, OSError when the disk refuses. The
    file appears whole or not at all.
    """
    part = file.with_name(f"{file.name}.part")
    try:
        with _one_moment(), _private(part) as out:
            hotline = Hotline.objects.filter(key=key).first()
            if hotline is None:
                known = ", ".join(Hotline.objects.order_by("id").values_list("key", flat=True))
                raise Refused(
                    Label(f"Không có tổng đài “{key}” (có: {known}).", f"No hotline “{key}” (there are: {known}).")
                )
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                manifest = _Writing(archive, hotline, now, told).all()
            out.flush()
            os.fsync(out.fileno())
            record("hotline.exported", "hotline", hotline.pk, actor, now,
                   after={"archive": manifest.archive, "rows": sum(manifest.counts.values())})  # fmt: skip
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return manifest


@contextmanager
def _one_moment() -> Iterator[None]:
    """All tables as they stand at one moment, whatever others write meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def _private(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        yield out


@dataclass
class _Writing:
    archive: zipfile.ZipFile
    hotline: Hotline
    now: datetime
    told: Told
    members: list[rules.Member] = field(default_factory=list)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)

    def all(self) -> rules.Manifest:
        """Everything, the manifest last."""
        for name, rows in _matched(self.hotline).items():
            self._lines(name, rows)
        for model in carried():
            self._table(model)
        self._acts()
        manifest = rules.Manifest(
            archive=str(uuid.uuid4()), format=rules.FORMAT, migrations=last_migrations(), hotline=self.hotline.key,
            installation=urlsplit(settings.SITE_URL).hostname or "", name=self.hotline.name,
            code_prefix=self.hotline.code_prefix, exported_at=self.now.isoformat(), members=tuple(self.members),
            keys=self.keys, acts_left_out=self._acts_left_out(), cut=self.cut,
        )  # fmt: skip
        self.archive.writestr(rules.MANIFEST, orjson.dumps(manifest.document(), option=orjson.OPT_INDENT_2))
        return manifest

    def _table(self, model: type[Model]) -> None:
        label = model._meta.label
        rows = rows_of(model, self.hotline)
        fields = columns(model)
        outside: dict[str, set[int]] = {}
        for pointer, ids in abroad(model, self.hotline):
            outside[pointer.attname] = ids
            self.cut[f"{label}.{pointer.name}"] = len(ids)
        binary = next((f for f in fields if isinstance(f, BinaryField)), None)
        written = [f.attname for f in fields if f is not binary]
        self.keys[label] = _ends(rows)
        self._lines(label, (_cut(row, outside) for row in _stream(rows, written)))
        if binary is not None:
            # Only its digest names what arrived; the bytes are a file of their own.
            for digest, content in rows.order_by("pk").values_list("sha256", binary.attname).iterator(chunk_size=20):
                self._file(f"raw/{digest}", [bytes(content)])
        for file in (f for f in fields if isinstance(f, FileField)):
            for name in rows.order_by("pk").values_list(file.attname, flat=True).iterator(chunk_size=CHUNK):
                self._attachment(name)

    def _acts(self) -> None:
        """The journal of everything that goes along."""
        acts = [
            Act.objects.filter(subject=subject_of(model), subject_id__in=rows_of(model, self.hotline).values("pk"))
            for model in carried()
        ]
        ends = [ends for ends in map(_ends, acts) if ends != (0, 0)]
        self.keys["journal.Act"] = (min((e[0] for e in ends), default=0), max((e[1] for e in ends), default=0))
        names = [f.attname for f in columns(Act)]
        self._lines("journal.Act", (row for some in acts for row in _stream(some, names)))

    def _acts_left_out(self) -> dict[str, int]:
        """Acts of the installation about things that stay: how many of each, so that nobody wonders."""
        going = {subject_of(model) for model in carried()}
        return dict(Counter(Act.objects.exclude(subject__in=going).values_list("subject", flat=True).iterator()))

    def _lines(self, label: str, rows: Iterable[dict[str, Any]]) -> None:
        count = 0

        def pieces() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                yield orjson.dumps(row, default=rules.plain) + b"\n"

        self._file(f"rows/{label}.jsonl", pieces(), lambda: count)
        self.told(label, count)

    def _attachment(self, name: str) -> None:
        try:
            with default_storage.open(name) as file:
                self._file(f"files/{name}", iter(lambda: file.read(_PIECE), b""))
        except FileNotFoundError as error:
            raise Refused(
                Label(
                    f"Thiếu tệp đính kèm {name}: hãy khôi phục tệp từ bản sao lưu rồi xuất lại.",
                    f"The attachment {name} is missing: restore it from the backup, then export again.",
                )
            ) from error

    def _file(self, name: str, pieces: Iterable[bytes], rows: Callable[[], int] = lambda: 0) -> None:
        digest, size = hashlib.sha256(), 0
        with self.archive.open(name, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                out.write(piece)
        self.members.append(rules.Member(name, digest.hexdigest(), size, rows()))


def last_migrations() -> dict[str, str]:
    """The last migration of each folder: two installations with other tables do not understand each other."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("hotline.")}
    applied = MigrationRecorder.Migration.objects.filter(app__in=ours).order_by("app", "name")
    return {row.app: row.name for row in applied}


def _ends(rows: QuerySet[Any]) -> tuple[int, int]:
    """The least and the greatest number; (0, 0) of none."""
    ends = rows.order_by().aggregate(least=Min("pk"), greatest=Max("pk"))
    return ends["least"] or 0, ends["greatest"] or 0


def _stream(rows: QuerySet[Any], names: list[str]) -> Iterator[dict[str, Any]]:
    for values in rows.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK):
        yield dict(zip(names, values, strict=True))


def _cut(row: dict[str, Any], outside: dict[str, set[int]]) -> dict[str, Any]:
    for name, ids in outside.items():
        if row["id"] in ids:
            row[name] = None
    return row


def _matched(hotline: Hotline) -> dict[str, list[dict[str, Any]]]:
    """What both homes may have, with everything needed to find it there or to make it. Few rows: they fit in memory."""
    agencies = _with_chain(set(matched_rows("organisation.Agency", hotline)))
    domains = list(
        Domain.objects.filter(key__in=hotline.fields.exclude(domain="").values("domain")).select_related("supervisor")
    )
    agencies = _with_chain(agencies | {domain.supervisor for domain in domains})
    areas = set(matched_rows("organisation.Area", hotline)) | {a.area for a in agencies if a.area}
    areas |= set(Area.objects.filter(served=True))
    areas |= {a.parent for a in areas if a.parent}
    calendars = set(matched_rows("calendars.Calendar", hotline)) | {a.calendar for a in agencies if a.calendar}
    calendars |= {c.base for c in calendars if c.base}
    days = CalendarDay.objects.filter(calendar__in=calendars).order_by("date")
    names = AgencyName.objects.filter(agency__in=agencies).order_by("id")
    parents = AgencyParent.objects.filter(agency__in=agencies).order_by("id")
    people = matched_rows("people.Person", hotline)
    return {
        "calendars.Calendar": [
            {**_row(one), "days": [_row(day) for day in days if day.calendar_id == one.pk]}
            for one in sorted(calendars, key=lambda c: (c.base_id is not None, c.pk))
        ],
        "organisation.Area": [_row(one) for one in sorted(areas, key=lambda a: (a.parent_id is not None, a.pk))],
        "organisation.Agency": [
            {
                **_row(one),
                "names": [_row(name) for name in names if name.agency_id == one.pk],
                "parents": [_row(row) for row in parents if row.agency_id == one.pk],
            }
            for one in sorted(agencies, key=lambda a: a.pk)
        ],
        # Nobody's password, address or telephone number: only who it was that wrote on a case.
        "people.Person": [
            {"id": p.pk, "username": p.username, "full_name": p.full_name, "title": p.title} for p in people.order_by("pk")
        ],
        "hotlines.Domain": [_row(one) for one in domains],
    }  # fmt: skip


def _with_chain(agencies: set[Agency]) -> set[Agency]:
    """Agencies with those they belonged to and those that succeeded them."""
    found, level = set(agencies), set(agencies)
    while level:
        ids = {pk for a in level for pk in (a.parent_id, a.successor_id) if pk}
        ids |= set(
            AgencyParent.objects.filter(agency__in=level, parent__isnull=False).values_list("parent_id", flat=True)
        )
        level = set(Agency.objects.filter(pk__in=ids)) - found
        found |= level
    return found


def _row(one: Model) -> dict[str, Any]:
    return {f.attname: getattr(one, f.attname) for f in columns(type(one))}
