"""What a hotline is open for: some fields only, or all; and what is said to whoever asks for something else or too late."""

from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.reading import Reader

UNSAID = Label("", "")
OTHER_FIELD = Label(
    "Tổng đài hiện chưa tiếp nhận lĩnh vực này.",
    "The hotline does not take this field at present.",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """`fields`: keys of the fields received, those below them included; none: every field of the pack. `elsewhere`: where
    people turn for the rest. `closed`: where they turn before the edition begins and after it has ended."""

    fields: tuple[str, ...] = ()
    elsewhere: Label = UNSAID
    closed: Label = UNSAID

    def takes(self, field: str, parent: str = "") -> bool:
        """Whether reports of a field are received; `parent` is the key of the field above it."""
        return not self.fields or field in self.fields or parent in self.fields

    @property
    def refusal(self) -> Label:
        """What is said about a field that is not received: no, and where to go."""
        vi, en = (f"{OTHER_FIELD.get(lang)} {self.elsewhere.get(lang)}".strip() for lang in ("vi", "en"))
        return Label(vi, en)

    def to_document(self) -> dict[str, Any]:
        table = {"fields": list(self.fields)} if self.fields else {}
        labels = {name: getattr(self, name) for name in ("elsewhere", "closed")}
        return table | {name: {"vi": label.vi, "en": label.en} for name, label in labels.items() if label.vi}


ALL_FIELDS = Scope()


def read_scope(r: Reader) -> Scope:
    """The table [scope]."""
    labels = {name: r.label(name) if name in r.table else UNSAID for name in ("elsewhere", "closed")}
    r.known |= labels.keys()
    fields = r.texts("fields", [])
    if fields and not labels["elsewhere"].vi and "elsewhere" not in r.table:
        r.fail(
            "elsewhere", "phải nói người dân hỏi việc khác thì đến đâu", "must say where people turn for other matters"
        )
    r.done()
    return Scope(fields, labels["elsewhere"], labels["closed"])
