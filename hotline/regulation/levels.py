"""The ladder of who handles a case. How it is answered (response modes) is another dimension."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role


@dataclass(frozen=True, slots=True)
class Level:
    """One rung, 1 the nearest to the citizen."""

    number: int
    key: str
    label: Label
    role: Role

    def to_document(self) -> dict[str, Any]:
        return {"number": self.number, "key": self.key, "label": self.label._asdict(), "role": self.role.value}


def level_of(levels: Iterable[Level], roles: Iterable[Role]) -> Level | None:
    """The highest level these roles stand on; None for people outside the ladder."""
    held = set(roles)
    return max((level for level in levels if level.role in held), key=lambda level: level.number, default=None)


def next_level(levels: Sequence[Level], number: int) -> Level | None:
    """The level above `number`: the one told when time runs out; None at the top."""
    return min((level for level in levels if level.number > number), key=lambda level: level.number, default=None)
