"""What the regulation or the state of things refuses, said in the reader's language."""

from __future__ import annotations

from hotline.regulation.labels import Label


class Refused(Exception):
    """An act that may not happen. Nothing was written. `retry` says whether the same try can succeed later."""

    def __init__(self, label: Label, article: str = "", retry: bool = False) -> None:
        super().__init__(label.vi)
        self.label = label
        self.article = article
        self.retry = retry


class Stale(Refused):
    """Somebody else changed it first; the page must be read again before another try."""

    def __init__(self) -> None:
        super().__init__(
            Label(
                "Nội dung này vừa được người khác cập nhật. Vui lòng xem lại trước khi lưu; nội dung của Ông/Bà chưa được lưu.",
                "Somebody else has just changed this. Please read it again before saving; your input was not saved.",
            ),
            retry=True,
        )
