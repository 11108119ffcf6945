"""What a report must contain to be handled, by channel; what is missing is asked back, not thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Word

ANY_CHANNEL = "any"


class Needed(Word):
    """A thing the reporter must give."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    CONTENT = "content"
    PLACE = "place"
    PHOTO = "photo"

    @property
    def label(self) -> Label:
        return NEEDED_LABELS[self]


NEEDED_LABELS: dict[Needed, Label] = {
    Needed.NAME: Label("họ và tên", "full name"),
    Needed.ADDRESS: Label("địa chỉ liên hệ", "contact address"),
    Needed.PHONE: Label("số điện thoại", "telephone number"),
    Needed.EMAIL: Label("địa chỉ thư điện tử", "e-mail address"),
    Needed.CONTENT: Label("nội dung phản ánh, kiến nghị rõ ràng", "a clear description of the matter"),
    Needed.PLACE: Label("nơi xảy ra sự việc", "where it happened"),
    Needed.PHOTO: Label("ảnh hiện trường", "a photo of the scene"),
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """Required things by channel ("any" for channels not named), and how many letters make content intelligible."""

    required: Mapping[str, tuple[Needed, ...]]
    least_letters: int = 1

    def for_channel(self, channel: str) -> tuple[Needed, ...]:
        return self.required.get(channel, self.required.get(ANY_CHANNEL, ()))

    def to_document(self) -> dict[str, Any]:
        required = {channel: [needed.value for needed in things] for channel, things in self.required.items()}
        return {"least_letters": self.least_letters, "required": required}


def missing(rule: Completeness, channel: str, given: Mapping[str, str]) -> list[Needed]:
    """What the report lacks, in the order it is asked for. Blank is not given; no letters, no content."""
    return [
        needed
        for needed in rule.for_channel(channel)
        if not given.get(needed, "").strip()
        or (needed == Needed.CONTENT and sum(map(str.isalpha, given[needed])) < rule.least_letters)
    ]


def missing_words(things: list[Needed]) -> Label:
    """The missing things as one phrase for the letter that asks for them."""
    return Label(", ".join(thing.label.vi for thing in things), ", ".join(thing.label.en for thing in things))
