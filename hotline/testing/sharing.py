"""A pytest plugin: how a test run is shared between the workers of pytest-xdist.

A file's tests stay together, because they share what their fixtures have made. Journeys through the one running installation
stay together and begin first, because they take longest; journeys that have what they need for themselves are files like any.
"""

from __future__ import annotations

from typing import Any

import pytest

ALONE = ("controllers", "imap", "kill", "setup")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first. pytest-django has put what asks no database last, and the longest chain of all began when one worker
    was half done."""
    items.sort(key=lambda item: not item.nodeid.startswith("journeys/"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Group by file, journeys through one installation as one; in the order of the tests."""
    from xdist.scheduler import LoadScopeScheduling

    class Sharing(LoadScopeScheduling):
        """Scopes of this product's tests."""

        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            alone = file.removeprefix("journeys/test_").removesuffix(".py") in ALONE
            return "journeys" if file.startswith("journeys/") and not alone else file

    config.option.loadscopereorder = False
    return Sharing(config, log)
