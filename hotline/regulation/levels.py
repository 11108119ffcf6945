"""The ladder of who handles a case. How it is answered (response modes) is another dimension."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.regulation.refusal import Refused


@dataclass(frozen=True, slots=True)
class Level:
    """One rung, 1 the nearest to the citizen."""

    number: int
    key: str
    label: Label
    role: Role

    def to_document(self) -> dict[str, Any]:
        return {"number": self.number, "key": self.key, "label": self.label._asdict(), "role": self.role.value}


@dataclass(frozen=True, slots=True)
class RisingRule:
    """Who may raise a case to a higher level, always with a reason; nobody where the edition is silent. A case reopened
    `reopened_at_least` times rises by itself (0: never), and so does one asked about again after its answer, with
    `repeat_raises`."""

    by: tuple[Role, ...] = ()
    reopened_at_least: int = 0
    repeat_raises: bool = False
    article: str = ""

    def allows(self, roles: Collection[Role]) -> bool:
        """Whether these roles may raise. The system may, for what the edition makes rise by itself."""
        return not {*self.by, Role.SYSTEM}.isdisjoint(roles) and self != NO_RISING

    def by_reopening(self, reopenings: int) -> bool:
        """Whether a case reopened this often rises by itself."""
        return 0 < self.reopened_at_least <= reopenings

    def to_document(self) -> dict[str, Any]:
        document = {
            "by": [role.value for role in self.by], "reopened_at_least": self.reopened_at_least,
            "repeat_raises": self.repeat_raises, "article": self.article,
        }  # fmt: skip
        return {name: value for name, value in document.items() if value}


NO_RISING = RisingRule()


def higher(levels: Iterable[Level], number: int) -> list[Level]:
    """The levels above `number`, the nearest first."""
    return sorted((level for level in levels if level.number > number), key=lambda level: level.number)


def check_rise(levels: Iterable[Level], number: int, to: int | None, reason: str) -> Level:
    """The level a case at `number` is raised to: the next, or the one named by `to`. Raises Refused without a reason, at
    the top, and for a level that is not above."""
    above = higher(levels, number)
    if not above:
        raise Refused(Label("Phiếu đã ở cấp cao nhất.", "The case is at the top level already."))
    if not reason.strip():
        raise Refused(Label("Hãy nêu lý do chuyển lên cấp trên.", "Give the reason for raising the case."))
    found = above[0] if to is None else next((level for level in above if level.number == to), None)
    if found is None:
        raise Refused(Label(
            f"Cấp {to} không ở trên cấp hiện tại của phiếu ({number}).",
            f"Level {to} is not above the case's present level ({number}).",
        ))  # fmt: skip
    return found


def level_of(levels: Iterable[Level], roles: Iterable[Role]) -> Level | None:
    """The highest level these roles stand on; None for people outside the ladder."""
    held = set(roles)
    return max((level for level in levels if level.role in held), key=lambda level: level.number, default=None)


def next_level(levels: Sequence[Level], number: int) -> Level | None:
    """The level above `number`: the one told when time runs out; None at the top."""
    return min((level for level in levels if level.number > number), key=lambda level: level.number, default=None)
