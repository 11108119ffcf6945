"""Which hotline an address names; and what a form sends back about what it had shown."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.hotlines.queries import hotline_id_of
from hotline.refusals import Stale, unchanged
from hotline.testing.cast import Cast


@pytest.mark.parametrize("key", ["", "khong-co", "x" * 5000, "'--", "1022\x00"])
def test_a_wrong_name_still_reaches_the_desk(cast: Cast, key: str) -> None:
    assert hotline_id_of(key) == cast.hotline.pk
    assert hotline_id_of(cast.hotline.key) == cast.hotline.pk


@pytest.mark.parametrize("seen", [{}, {"name": "B"}, 10**20, "A", [["name", "A"]], True])
def test_what_was_not_shown_is_stale_whatever_it_is(seen: Any) -> None:
    """The browser keeps what was shown, so what comes back may be anything."""
    with pytest.raises(Stale):
        unchanged({"name": "A"}, seen)
    unchanged({"name": "A"}, {"name": "A"})
    unchanged({"name": "A"}, None)
