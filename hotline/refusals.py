"""What the state of things refuses, said in the reader's language. What the regulation refuses is a `Refused` as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.refusal import Refused

__all__ = ["Refused", "Stale", "unchanged"]


class Stale(Refused):
    """Somebody else changed it first; the page must be read again before another try."""

    def __init__(self) -> None:
        super().__init__(
            Label(
                "Nội dung này vừa được người khác cập nhật; nội dung Ông/Bà vừa nhập chưa được lưu. Xin xem lại rồi lưu.",
                "Somebody else has just changed this; your input was not saved. Please read it again, then save.",
            ),
            retry=True,
        )


def unchanged(before: Mapping[str, Any], seen: Mapping[str, Any] | None) -> None:
    """For rows without a version: what somebody saw when they began must still be there. Raises Stale."""
    if seen is not None and seen != dict(before):  # what was sent back may be no mapping at all
        raise Stale
