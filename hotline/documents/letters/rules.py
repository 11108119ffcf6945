"""Templates as files: the general set of the product, and a pack's own in letters/*.toml. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.documents.rules import PLACEHOLDERS, DocumentKind, placeholders_for, unknown_in, unknown_sentence
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackError, Reader

GENERAL = Path(__file__).parent
PARTS = ("subject", "recipient", "body", "copies", "signing")
TITLE_NEEDED = Label("Hãy đặt tên cho mẫu.", "Give the template a name.")
BODY_NEEDED = Label("Hãy ghi nội dung của mẫu.", "Write what the template says.")
NOT_YOURS = Label(
    "Chỉ quản trị viên, Văn phòng điều phối được sửa mẫu văn bản.", "Only the administrator and the coordinator may."
)


@dataclass(frozen=True, slots=True)
class TemplateGiven:
    """A template as a file gives it; `hotline` "" is every hotline."""

    key: str
    kind: DocumentKind
    title: str
    subject: str
    body: str
    symbol: str = ""
    recipient: str = ""
    copies: str = ""
    signing: str = ""
    hotline: str = ""


def parse_template(
    document: Mapping[str, Any], file: str, *, hotlines: Sequence[str] = (), errors: list[PackError]
) -> TemplateGiven:
    """The template a document describes; every fault is added to `errors` with file, key and reason."""
    r = Reader(document, file, errors=errors)
    kind = r.choice("kind", DocumentKind, DocumentKind.REPLY_LETTER) or DocumentKind.REPLY_LETTER
    given = TemplateGiven(
        key=r.text("key"), kind=kind, title=r.text("title"), symbol=r.text("symbol", ""), subject=r.text("subject"),
        recipient=r.text("recipient", ""), body=r.text("body").strip(), copies=r.text("copies", "").strip(),
        signing=r.text("signing", "").strip(), hotline=r.text("hotline", ""),
    )  # fmt: skip
    r.done()
    for part in PARTS:
        if unknown := unknown_in(getattr(given, part), kind):
            said = unknown_sentence(unknown)
            known = ", ".join(placeholders_for(kind))
            r.fail(part, f"{said.vi} Có: {known}", f"{said.en} There are: {known}")
    if given.hotline and given.hotline not in hotlines:
        r.fail(
            "hotline",
            f"không có tổng đài “{given.hotline}” trong pack.toml",
            f"no hotline “{given.hotline}” in pack.toml",
        )
    return given


def general_templates() -> list[TemplateGiven]:
    """The set that every hotline begins with. Raises ValueError when the product's own files are faulty."""
    errors: list[PackError] = []
    found = [
        parse_template(tomllib.loads(path.read_text(encoding="utf-8")), path.name, errors=errors)
        for path in sorted(GENERAL.glob("*.toml"))
    ]
    if errors:
        raise ValueError("\n".join(error.text("en") for error in errors))
    return found


def with_general(own: Sequence[TemplateGiven], hotline: str) -> list[TemplateGiven]:
    """The templates of one hotline: its own and the pack's, and of the general set those whose key the pack does not use."""
    chosen = {given.key: given for given in general_templates()}
    chosen |= {given.key: given for given in own if not given.hotline}
    chosen |= {given.key: given for given in own if given.hotline == hotline}
    return list(chosen.values())


__all__ = ["PLACEHOLDERS", "TemplateGiven", "general_templates", "parse_template", "with_general"]
