"""Two editions side by side: what stayed, what changed, what came and what went, line by line in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from hotline.regulation.edition import Edition
from hotline.regulation.in_words import Section, in_words
from hotline.regulation.labels import Label

Change = Literal["same", "changed", "added", "removed"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of both; None where an edition does not have it."""

    name: Label
    before: Label | None
    after: Label | None

    @property
    def change(self) -> Change:
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "same" if self.before == self.after else "changed"


@dataclass(frozen=True, slots=True)
class Compared:
    """One section of both. A section that only one edition has is added or removed as a whole."""

    key: str
    title: Label
    change: Change
    pairs: tuple[Pair, ...]

    @property
    def different(self) -> bool:
        return any(pair.change != "same" for pair in self.pairs)


def compare(before: Edition, after: Edition) -> list[Compared]:
    """Every section of both editions, in the order of the newer one; what it no longer has comes where it stood."""
    old = {section.key: section for section in in_words(before)}
    new = {section.key: section for section in in_words(after)}
    return [_compared(old.get(key), new.get(key)) for key in _merged(list(old), list(new))]


def differences(before: Edition, after: Edition) -> list[tuple[Label, Pair]]:
    """Only the lines that are not the same, each with the title of its section."""
    return [
        (section.title, pair) for section in compare(before, after) for pair in section.pairs if pair.change != "same"
    ]


def _compared(old: Section | None, new: Section | None) -> Compared:
    section = new or old
    assert section is not None
    before = {line.key: line for line in old.lines} if old else {}
    after = {line.key: line for line in new.lines} if new else {}
    pairs = tuple(
        Pair(
            (after.get(key) or before[key]).name,
            before[key].value if key in before else None,
            after[key].value if key in after else None,
        )
        for key in _merged(list(before), list(after))
    )
    if old is None or new is None:
        return Compared(section.key, section.title, "removed" if new is None else "added", pairs)
    change: Change = "changed" if any(pair.change != "same" for pair in pairs) else "same"
    return Compared(section.key, section.title, change, pairs)


def _merged(old: list[str], new: list[str]) -> Iterator[str]:
    """Both lists in the order of `new`; what only `old` has stands where it stood."""
    for _, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from (key for key in old[i:j] if key not in new)
        yield from new[k:m]
