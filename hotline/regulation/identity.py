"""Whose name an agency does not learn: on the reporter's request, and by itself for what the edition names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind
from hotline.regulation.reading import Reader

HIDDEN = Label("Người phản ánh (đã ẩn danh tính)", "The reporter (identity hidden)")


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """The reporter is hidden from whoever handles the case: by themselves where they ask (`on_request`), without asking
    for these `fields` (keys; a field's parent counts) and `kinds`: reports about neighbours, about officials."""

    on_request: bool = True
    fields: tuple[str, ...] = ()
    kinds: tuple[CaseKind, ...] = ()
    article: str = ""

    def hides(self, kind: str, field_keys: Iterable[str], asked: bool = False) -> bool:
        """Whether the reporter of such a case is hidden. `field_keys`: of its field and of the field above it."""
        return (asked and self.on_request) or kind in self.kinds or not set(self.fields).isdisjoint(field_keys)

    def to_document(self) -> dict[str, Any]:
        return {
            "on_request": self.on_request,
            "fields": list(self.fields),
            "kinds": [kind.value for kind in self.kinds],
            "article": self.article,
        }


# Where an edition says nothing, whoever asks is hidden all the same: nobody is harmed by it, and somebody may be helped.
BY_REQUEST = IdentityRule()


def read_identity(r: Reader) -> IdentityRule:
    """The table [identity]."""
    rule = IdentityRule(
        r.flag("on_request", True), r.texts("fields", []), r.choices("kinds", CaseKind), r.text("article", "")
    )
    r.done()
    return rule
