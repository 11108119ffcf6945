"""Defer work in the transaction that causes it (procrastinate on the same PostgreSQL): rollback leaves no job."""

from __future__ import annotations

import json
from typing import Any

from hotline import rows

# procrastinate's own function, called as its `defer` calls it but not from Python: so that the job goes to the database
# together with the rows that cause it, and a report waits for it no more than for them.
_DEFER = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY["
    "ROW(%s, %s, 0, %s, NULL, %s::jsonb, NULL)::procrastinate_job_to_defer_v1])"
)


def defer(task: str, *, queue: str = "default", lock: str | None = None, **arguments: Any) -> None:
    """Queue `task` (a name registered in reactions.py) with JSON arguments; runs after this transaction commits."""
    rows.statement(_DEFER, [queue, task, lock, json.dumps(arguments)])
