"""Response modes (cấp độ phản hồi): how a case is answered, and what that makes owed. Who handles it, and how high it has
come, is another dimension: levels."""

from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One way to answer. `owes` are keys of obligations that only cases in this mode (or another that names them) owe;
    `set_on` are steps that choose the mode by themselves while none is chosen; `description` tells officers when to use it.
    """

    number: int
    key: str
    label: Label
    description: Label | None = None
    owes: tuple[str, ...] = ()
    set_on: tuple[str, ...] = ()
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"number": self.number, "key": self.key, "label": self.label._asdict()}
        if self.description:
            document["description"] = self.description._asdict()
        optional = {"owes": list(self.owes), "set_on": list(self.set_on), "article": self.article}
        return document | {name: value for name, value in optional.items() if value}
