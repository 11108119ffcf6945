"""Defer work in the transaction that causes it (procrastinate on the same PostgreSQL): rollback leaves no job."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app


def defer(task: str, *, queue: str = "default", lock: str | None = None, **arguments: Any) -> None:
    """Queue `task` (a name registered in reactions.py) with JSON arguments; runs after this transaction commits."""
    app.configure_task(task, queue=queue, lock=lock, allow_unknown=True).defer(**arguments)
