"""A pytest plugin: how a test run is shared between the workers of pytest-xdist.

A file's tests stay together, because they share what their fixtures have made. Journeys through the one running installation
stay together and begin first, because they take longest; journeys that have what they need for themselves are files like any.

Two workers keep two processors busy but for a quarter of the time, in which they wait: for a process to be killed and come
back, for a server of mail, for a new database. A third one does nothing but such tests, beside the others.
"""

from __future__ import annotations

from typing import Any

import pytest

ALONE = ("controllers", "imap", "kill", "setup")
WAITING = {
    *(f"journeys/test_{name}.py" for name in ALONE),
    "hotline/database/tests/test_server.py",
    "hotline/running/tests/test_supervisor.py",
}


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

        def _assign_work_unit(self, node: Any) -> None:
            if len(self.nodes) > 2:
                own = [scope for scope in self.workqueue if (scope in WAITING) == self._waits(node)]
                if own:
                    self.workqueue.move_to_end(own[0], last=False)
            super()._assign_work_unit(node)

        def _reschedule(self, node: Any) -> None:
            if self._waits(node) and not WAITING & self.workqueue.keys():
                if not node.shutting_down:
                    node.shutdown()
                return
            super()._reschedule(node)

        def _waits(self, node: Any) -> bool:
            return len(self.nodes) > 2 and node is self.nodes[2]

    config.option.loadscopereorder = False
    return Sharing(config, log)
