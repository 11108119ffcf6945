"""`hotline work`: run deferred jobs until told to stop, through databases that come and go."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from typing import cast

from hotline.jobs.rules import DEAD_SECONDS, HEARTBEAT_SECONDS

log = logging.getLogger(__name__)
GRACE_SECONDS = 4  # jobs in hand may finish
# Then we go, database or no database, before the supervisor loses patience (running/supervisor.py); what was in hand is
# put back by `reap`.
HURRY_SECONDS = 6


def main(arguments: Sequence[str] = ()) -> int:
    """Run the worker (HOTLINE_CONCURRENCY jobs at once, default 4). SIGTERM and SIGINT end it within seconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    import psycopg
    from procrastinate.exceptions import ConnectorException

    stopping = threading.Event()
    pause = 1.0
    while not stopping.is_set():
        for number in (signal.SIGTERM, signal.SIGINT):  # each life's event loop takes them, and drops them at its end
            signal.signal(number, lambda *_: stopping.set())
        started = time.monotonic()
        try:
            asyncio.run(_work(stopping))
        except (ConnectorException, psycopg.Error, OSError) as error:
            pause = 1.0 if time.monotonic() - started > 60 else min(pause * 2, 30.0)
            log.error("the database is out of reach (%s); the worker tries again in %.0f s", error, pause)
            stopping.wait(pause)
    return 0


async def _work(stopping: threading.Event) -> None:
    """One life of the worker, until a signal or until the database goes away."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    assert me is not None

    def stop() -> None:
        if not stopping.is_set():
            stopping.set()
            # Whatever hangs (a database that is gone, a mail server that is silent), nobody waits for us for ever.
            hurry = threading.Timer(HURRY_SECONDS, os._exit, (1,))
            hurry.daemon = True
            hurry.start()
            me.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        with app.replace_connector(cast(DjangoConnector, app.connector).get_worker_connector()):
            async with app.open_async():
                await app.run_worker_async(
                    name=f"worker-{os.getpid()}",
                    concurrency=int(os.environ.get("HOTLINE_CONCURRENCY", "4")),
                    fetch_job_polling_interval=1.0,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=DEAD_SECONDS,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise
