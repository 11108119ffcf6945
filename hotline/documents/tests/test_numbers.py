"""Numbers without gaps, whoever signs at the same moment and whatever is refused in between."""

from __future__ import annotations

from django.db import transaction

from hotline.documents.actions import _draw
from hotline.documents.models import Document
from hotline.testing.cast import Cast
from hotline.testing.committed import at_once

EACH, THREADS = 5, 4


class Refusing(Exception):
    """Something after the number was drawn."""


def test_four_officers_signing_at_once_leave_no_number_out(committed_cast: Cast) -> None:
    hotline, office = committed_cast.hotline, committed_cast.agency["van-phong-ubnd"]
    row = Document(hotline=hotline, office=office, kind="leaders_report")

    def sign(_officer: int) -> list[int]:
        drawn = []
        for _ in range(EACH):
            with transaction.atomic():
                drawn.append(_draw(row, 2026))
            try:
                with transaction.atomic():
                    _draw(row, 2026)
                    raise Refusing
            except Refusing:
                pass  # the number goes back with the rest of what was not done
        return drawn

    drawn = sorted(number for numbers in at_once(THREADS, sign) for number in numbers)
    assert drawn == list(range(1, THREADS * EACH + 1))

    def others(_: int) -> list[int]:
        with transaction.atomic():
            return [
                _draw(row, 2027), _draw(Document(hotline=hotline, kind="leaders_report"), 2026),
                _draw(Document(hotline=hotline, kind="leaders_report"), 2026),
                _draw(Document(hotline=hotline, office=office, kind="minutes"), 2026),
            ]  # fmt: skip

    [found] = at_once(1, others)
    assert found == [1, 1, 2, 1], "from 01 each year; an own series without an office, for each office and kind"
