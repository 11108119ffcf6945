"""What the state of things refuses, said in the reader's language. What the regulation refuses is a `Refused` as well."""

from __future__ import annotations

from hotline.regulation.labels import Label
from hotline.regulation.refusal import Refused

__all__ = ["Refused", "Stale"]


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
