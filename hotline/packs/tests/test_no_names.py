"""No pack is known to the program: none of their keys, and none of the places they serve, stands anywhere in it."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from hotline.organisation.rules import bare_name, fold

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {".py", ".html", ".txt", ".js", ".css", ".po", ".toml", ".sql", ".json", ".svg", ".md", ".csv"}
SKIPPED = {"tests", "testing", "__pycache__", "node_modules", "vendor"}


def names() -> dict[str, str]:
    """What may not appear, folded: keys of packs and of their hotlines, names of packs and of who runs them → its pack."""
    found: dict[str, str] = {}
    for file in settings.PACKS.glob("*/pack.toml"):
        pack = tomllib.loads(file.read_text("utf-8"))
        said = [pack["key"], pack["name"]["vi"], pack["name"]["en"], *(h["key"] for h in pack["hotlines"])]
        said += [re.sub(r"^.*?(?=(?:tỉnh|thành phố) \w)", "", pack["authority"]["name"]["vi"], flags=re.IGNORECASE)]
        for name in said:
            place = bare_name(fold(re.sub(r"\(.*?\)", "", name)))
            place = re.sub(r"\b(?:19|20)\d\d\b|\b1022\b", "", place).strip()
            if len(place.replace(" ", "")) >= 5:
                found[place] = pack["key"]
    return found


def program() -> list[Path]:
    """Everything that ships inside hotline/, tests left out: they may name packs."""
    return [p for p in sorted(ROOT.rglob("*")) if p.is_file() and p.suffix in TEXTS and SKIPPED.isdisjoint(p.parts)]


@cache
def lines() -> list[tuple[str, str, str]]:
    """Where, the line folded, the line; without the name of the country's only time zone."""
    told = []
    for path in program():
        for n, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), 1):
            if any(c.isalpha() for c in line):
                told.append((f"{path.relative_to(ROOT)}:{n}", fold(line.replace("Asia/Ho_Chi_Minh", "")), line.strip()))
    return told


def test_what_is_looked_for_is_what_the_packs_are_called() -> None:
    assert {"quang nam", "dong thap", "tp hcm", "hai phong", "ho chi minh", "da nang", "0888 247 247"} <= names().keys()


def test_something_is_looked_through() -> None:
    suffixes = {p.suffix for p in program()}
    assert {".py", ".html", ".js", ".po"} <= suffixes and len(program()) > 400


@pytest.mark.parametrize("name", sorted(names()))
def test_the_program_names_no_pack(name: str) -> None:
    words = re.compile(r"\b" + name.replace(" ", r" ?") + r"\b")
    said = [f"{where}: {line[:120]}" for where, folded, line in lines() if words.search(folded)]
    assert not said, "\n".join(said)
