"""`hotline work`: run deferred jobs until told to stop, through databases that come and go."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from typing import cast

log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Run the worker (HOTLINE_CONCURRENCY jobs at once, default 4). SIGTERM and SIGINT end it cleanly."""
    import django

    django.setup()
    import psycopg
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector
    from procrastinate.exceptions import ConnectorException

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    pause = 1.0
    while not stopping.is_set():
        started = time.monotonic()
        try:
            connector = cast(DjangoConnector, app.connector).get_worker_connector()
            with app.replace_connector(connector):
                app.run_worker(
                    name=f"worker-{os.getpid()}",
                    concurrency=int(os.environ.get("HOTLINE_CONCURRENCY", "4")),
                    fetch_job_polling_interval=1.0,
                    shutdown_graceful_timeout=20,
                    delete_jobs="successful",
                )
            return 0  # the worker only ends by itself when a signal asked it to
        except (ConnectorException, psycopg.Error, OSError) as error:
            pause = 1.0 if time.monotonic() - started > 60 else min(pause * 2, 30.0)
            log.error("the database is out of reach (%s); the worker tries again in %.0f s", error, pause)
            stopping.wait(pause)
    return 0
