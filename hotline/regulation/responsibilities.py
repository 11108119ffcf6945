"""Who does what under a regulation (trách nhiệm của các cơ quan, đơn vị, tổ chức, cá nhân liên quan), as a matrix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.regulation.reading import Reader


class Part(StrEnum):
    """What a party does in a task."""

    LEADS = "leads"
    DOES = "does"
    COOPERATES = "cooperates"
    SUPERVISES = "supervises"
    INFORMED = "informed"

    @property
    def label(self) -> Label:
        return PART_LABELS[self]


PART_LABELS: dict[Part, Label] = {
    Part.LEADS: Label("Chủ trì", "Leads"),
    Part.DOES: Label("Thực hiện", "Does"),
    Part.COOPERATES: Label("Phối hợp", "Cooperates"),
    Part.SUPERVISES: Label("Kiểm tra, giám sát", "Supervises"),
    Part.INFORMED: Label("Được thông báo", "Is informed"),
}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody named by the regulation who is no role of ours: a department, the lessor of the service, the press."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One task; `parts`: party or role → what it does there."""

    task: Label
    parts: Mapping[str, Part]
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"task": self.task._asdict()}
        for part in Part:
            if keys := [key for key, own in self.parts.items() if own == part]:
                document[part.value] = keys
        return document | ({"article": self.article} if self.article else {})


def read_parties(readers: Iterable[Reader]) -> tuple[Party, ...]:
    """The tables [[parties]]: key, label."""
    parties = []
    for r in readers:
        parties.append(Party(r.text("key"), r.label("label")))
        r.done()
    return tuple(parties)


def read_responsibilities(readers: Iterable[Reader], parties: Iterable[Party]) -> tuple[Responsibility, ...]:
    """The tables [[responsibilities]]: a task, and under each part the parties or roles that do it."""
    known = {*Role, *(party.key for party in parties)}
    return tuple(_responsibility(r, known) for r in readers)


def _responsibility(r: Reader, known: set[str]) -> Responsibility:
    parts: dict[str, Part] = {}
    for part in Part:
        for key in r.texts(part.value, []):
            if key not in known:
                r.fail(part.value, f"không có vai trò hoặc bên liên quan “{key}”", f"there is no role or party “{key}”")
            elif key in parts:
                r.fail(part.value, f"“{key}” được giao hai phần việc", f"“{key}” is given two parts")
            else:
                parts[key] = part
    task = Responsibility(r.label("task"), parts, r.text("article", ""))
    if not parts:
        r.fail("", "chưa giao cho ai", "is given to nobody")
    r.done()
    return task
