"""A pytest plugin: how a test run is shared between the workers of pytest-xdist.

A file's tests stay together, because they share what their fixtures have made. All journeys stay together: they share one
running installation and one browser, and begin first, because they take longest.
"""

from __future__ import annotations

from typing import Any

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Group by file, the journeys as one; in the order of `testpaths`, where the journeys come first."""
    from xdist.scheduler import LoadScopeScheduling

    class Sharing(LoadScopeScheduling):
        """Scopes of this product's tests."""

        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "journeys" if file.startswith("journeys/") else file

    config.option.loadscopereorder = False
    return Sharing(config, log)
