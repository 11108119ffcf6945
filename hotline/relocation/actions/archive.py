"""An archive as it is read: one row at a time, checked against what its manifest says."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import orjson
from django.db.models import ForeignKey, Model

from hotline.citizens.models import Handle
from hotline.conversations.models import Contact, RawMessage
from hotline.hotlines.models import Hotline
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError, PackInvalid
from hotline.relocation import rules
from hotline.relocation.actions.exporting import last_migrations
from hotline.relocation.queries import carried

_PIECE = 1 << 20
_CHUNK = 1000
_MOST_SHOWN = 20  # of one kind of collision
_SECRET = frozenset({"cases.Case.token", "conversations.Attachment.key"})  # links that open something: only counted


class Archive:
    """One file written by `export_hotline`. Raises PackInvalid when it is none, or was cut off."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = rules.read_manifest(json.loads(self._zip.read(rules.MANIFEST)), path.name)
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            if isinstance(error, PackInvalid):
                raise
            raise PackInvalid(
                [
                    self._fault(
                        "",
                        "không phải tệp do hotline export-hotline xuất ra, hoặc tệp bị cắt ngang",
                        "is not written by hotline export-hotline, or was cut off",
                    )
                ]
            ) from error
        self._here: dict[str, dict[int, int]] | None = None

    def check(self) -> None:
        """Every file of it is there and is what was written. Raises PackInvalid."""
        faults = []
        there = set(self._zip.namelist()) - {rules.MANIFEST}
        for member in self.manifest.members:
            if member.name not in there:
                faults.append(self._fault(member.name, "thiếu trong tệp", "is missing in the archive"))
                continue
            digest = hashlib.sha256()
            try:
                with self._zip.open(member.name) as file:
                    for piece in iter(lambda: file.read(_PIECE), b""):
                        digest.update(piece)
            except zipfile.BadZipFile:
                digest.update(b"broken")
            if digest.hexdigest() != member.sha256:
                faults.append(self._fault(member.name, "không còn nguyên vẹn", "is not what was written"))
        if faults:
            raise PackInvalid(faults)

    def rows(self, label: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, one at a time; none when the archive has no such table."""
        if f"rows/{label}.jsonl" in self._names:
            with self._zip.open(f"rows/{label}.jsonl") as file:
                for line in file:
                    yield orjson.loads(line)

    def read(self, name: str) -> bytes:
        """One file of it."""
        return self._zip.read(name)

    def open(self, name: str) -> IO[bytes]:
        """One file of it, to be read piece by piece."""
        return self._zip.open(name)

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    # -- what stands in the way -----------------------------------------------------------------------------------------

    def other_tables(self) -> list[PackError]:
        """Tables that are not the same here: both homes must run the same version."""
        here = last_migrations()
        ours = {model._meta.app_label for model in carried()} | {label.partition(".")[0] for label in rules.MATCHED}
        return [
            self._fault(
                app, f"bảng ở nơi xuất là {self.manifest.migrations.get(app, '—')}, ở đây là {here.get(app, '—')}; hãy đưa hai "
                "hệ thống về cùng phiên bản rồi xuất lại",
                f"tables there are {self.manifest.migrations.get(app, '—')}, here {here.get(app, '—')}; bring both to the same "
                "version and export again",
            )
            for app in sorted(ours) if self.manifest.migrations.get(app) != here.get(app)
        ]  # fmt: skip

    def collisions(self) -> list[PackError]:
        """Codes, links and keys that are taken here."""
        faults = []
        if Hotline.objects.filter(key=self.manifest.hotline).exists():
            faults.append(self._taken("hotlines.Hotline.key", [self.manifest.hotline]))
        for model in carried():
            for name in _unique(model):
                taken: list[str] = []
                for values in _chunks(row[name] for row in self.rows(model._meta.label)):
                    here = model._base_manager.filter(**{f"{name}__in": values}).values_list(name, flat=True)
                    taken += map(str, here[: _MOST_SHOWN - len(taken)] if len(taken) < _MOST_SHOWN else [])
                if taken and model is not Hotline:
                    faults.append(self._taken(f"{model._meta.label}.{name}", taken))
        if taken := list(self._same_messages()):
            faults.append(self._taken("conversations.Contact.external_id", taken[:_MOST_SHOWN]))
        return faults

    def _same_messages(self) -> Iterator[str]:
        """One message that both homes received: which conversation it belongs to must be decided by somebody first."""
        arrived = (row for row in self.rows(Contact._meta.label) if row["direction"] == Contact.Direction.IN)
        for rows in _chunks((row["channel"], row["source"], row["external_id"]) for row in arrived):
            here = Contact.objects.filter(external_id__in=[key[2] for key in rows])
            known = set(here.values_list("channel", "source", "external_id"))
            yield from (key[2] for key in rows if tuple(key) in known)

    def here_already(self) -> dict[str, dict[int, int]]:
        """Rows of which there is one here that means the same: table → old number → the number here."""
        if self._here is None:
            raw: dict[int, int] = {}
            for rows in _chunks((row["id"], row["sha256"]) for row in self.rows(RawMessage._meta.label)):
                known = dict(RawMessage.objects.filter(sha256__in=[r[1] for r in rows]).values_list("sha256", "id"))
                raw.update({pk: known[digest] for pk, digest in rows if digest in known})
            handles: dict[int, int] = {}
            citizens: dict[int, int] = {}
            keys = ((row["id"], row["citizen_id"], row["kind"], row["value"]) for row in self.rows(Handle._meta.label))
            for found in _chunks(keys):
                rows_here = Handle.objects.filter(value__in=[key[3] for key in found])
                by_value = {(kind, value): (pk, citizen) for pk, kind, value, citizen in
                            rows_here.values_list("id", "kind", "value", "citizen_id")}  # fmt: skip
                for pk, citizen, kind, value in found:
                    if (kind, value) in by_value:
                        handles[pk] = by_value[kind, value][0]
                        citizens.setdefault(citizen, by_value[kind, value][1])
            self._here = {
                "conversations.RawMessage": raw, "citizens.Handle": handles, "citizens.Citizen": citizens,
            }  # fmt: skip
        return self._here

    @cached_property
    def _names(self) -> set[str]:
        return set(self._zip.namelist())

    def _taken(self, key: str, values: list[str]) -> PackError:
        said = str(len(values)) if key in _SECRET else ", ".join(values)
        return self._fault(key, f"đã có ở đây: {said}", f"is taken here: {said}")

    def _fault(self, key: str, vi: str, en: str) -> PackError:
        return PackError(self.path.name, key, Label(vi, en))


def _unique(model: type[Model]) -> list[str]:
    """Columns of which no value may be there twice; but for those that move with their row, or are matched."""
    matched = {"conversations.RawMessage.sha256", "cases.Case.number"}
    return [
        f.attname for f in model._meta.concrete_fields
        if f.unique and not f.primary_key and not isinstance(f, ForeignKey) and f"{model._meta.label}.{f.name}" not in matched
    ]  # fmt: skip


def _chunks(values: Any) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
