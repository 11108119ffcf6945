"""Compiles the English catalogues (locale/*/LC_MESSAGES/*.po) into the .mo files gettext reads; no msgfmt is needed.

Vietnamese is the language of the message ids, so only the other language has a catalogue.
"""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path

_FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)?\s*(".*")$')


class BadCatalogue(ValueError):
    """A .po file that cannot be read; the message names file, line and reason."""


def compile_all(root: Path) -> list[Path]:
    """Writes the .mo beside every .po under `root` that is newer than it; returns those written."""
    written = []
    places = ("locale", "*/locale", "*/*/locale")  # the package, a noun, a channel; never node_modules
    for source in sorted(path for place in places for path in root.glob(f"{place}/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            fresh = target.with_suffix(".mo.new")
            fresh.write_bytes(compiled(source))
            fresh.replace(target)
            written.append(target)
    return written


def compiled(source: Path) -> bytes:
    """The .mo bytes of one .po. Untranslated and fuzzy entries are left out: the reader then sees Vietnamese."""
    pairs: dict[str, str] = {}
    for entry in _entries(source):
        if not entry["fuzzy"] and any(entry["strings"]):
            key = entry["id"] + (f"\0{entry['plural']}" if entry["plural"] else "")
            pairs[f"{entry['context']}\x04{key}" if entry["context"] else key] = "\0".join(entry["strings"])
    keys = sorted(pairs)
    ids = [key.encode() for key in keys]
    strings = [pairs[key].encode() for key in keys]
    start = 28 + 16 * len(keys)
    table, data = [], b""
    for texts in (ids, strings):
        for text in texts:
            table += [len(text), start + len(data)]
            data += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + struct.pack(f"<{len(table)}I", *table) + data


def _entries(source: Path) -> list[dict]:
    entries: list[dict] = []
    field, fuzzy = "", False
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            fuzzy = (fuzzy or "fuzzy" in line) if line.startswith("#,") else fuzzy
            field = "" if not line else field
            continue
        match = _FIELD.match(line)
        if not match or not (match[1] or field):
            raise BadCatalogue(
                f"{source.name}, line {number}: expected msgid, msgstr or a quoted text, found {line[:40]!r}"
            )
        if match[1]:
            if match[1] == "msgctxt" or (match[1] == "msgid" and field != "msgctxt"):
                entries.append({"context": "", "id": "", "plural": "", "strings": [], "fuzzy": fuzzy})
                fuzzy = False
            field = match[1]
            if field.startswith("msgstr"):
                entries[-1]["strings"].append("")
        _add(entries[-1], field, ast.literal_eval(match[2]))
    return entries


def _add(entry: dict, field: str, text: str) -> None:
    if field.startswith("msgstr"):
        entry["strings"][-1] += text
    else:
        entry[{"msgctxt": "context", "msgid": "id", "msgid_plural": "plural"}[field]] += text
