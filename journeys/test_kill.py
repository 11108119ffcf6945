"""Reports come in while the database, the pages, the worker and the sweeper are killed: nothing lost, nothing doubled."""

from __future__ import annotations

import pytest

from journeys.kill import faults, run
from journeys.product import start, temporary_home

pytestmark = pytest.mark.journey


def test_nothing_is_lost_and_nothing_doubled_by_kill_9() -> None:
    with temporary_home() as home:
        product = start(home, HOTLINE_REPORTS_PER_HOUR="0", HOTLINE_DEMO="0", HOTLINE_SWEEP_SECONDS="1")
        try:
            counts = run(product, seconds=15)
        finally:
            product.stop()
    assert faults(counts) == [], counts
