"""A pytest plugin: every test run has its own throw-away PostgreSQL, so several runs on one machine never meet.

It must set the environment before Django's settings are read, which pytest-django does before any conftest.py is loaded;
therefore it is named by `-p` in pyproject.toml. Workers of pytest-xdist inherit the environment and with it the server;
pytest-django gives each its own database there.

`HOTLINE_TEST_DATABASE_URL` or `DATABASE_URL` names another server to use; `HOTLINE_DATABASE=system|wheel` chooses the
source of the throw-away one.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.database import throw_away


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper runs before every plain hook, pytest-django's `tryfirst` one included."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _prepare()
    return (yield)


def _prepare() -> None:
    os.environ["HOTLINE_SECRET_KEY"] = secrets.token_urlsafe(32)
    if url := os.environ.get("HOTLINE_TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = url
    if "DATABASE_URL" in os.environ:
        home = Path(tempfile.mkdtemp(prefix="hotline-home-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
    else:
        server = throw_away()
        atexit.register(server.stop)
        os.environ["DATABASE_URL"] = server.url
        home = server.place / "home"  # cleared up with the server, even after kill -9
        home.mkdir(mode=0o700)
    os.environ["HOTLINE_HOME"] = str(home)
