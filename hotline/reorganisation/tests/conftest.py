"""Decisions as files, and cases of the cast that meet them."""

from __future__ import annotations

import pytest

from hotline.cases.tests.conftest import Desk
from hotline.reorganisation import rules
from hotline.testing.cast import Cast


def plan(
    changes: str, effective: str = "2026-02-23", number: str = "12/NQ-HĐND", date: str = "2026-02-10"
) -> rules.Plan:
    """A decision with these changes, in effect on Monday after Tết unless it says another day."""
    text = f'number = "{number}"\ntitle = "Sắp xếp cơ quan, địa bàn"\ndate = {date}\neffective = {effective}\n{changes}'
    return rules.read(text.encode(), "quyet-dinh.toml")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)
