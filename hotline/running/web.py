"""`hotline web`: the pages, on granian.

Environment: HOTLINE_BIND (127.0.0.1), HOTLINE_PORT (8022), HOTLINE_WORKERS (2 processes), HOTLINE_THREADS (4 in each;
every thread keeps one database connection).
"""

import multiprocessing
import os
from collections.abc import Sequence

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from hotline.running.environment import PORT, number


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; requests in hand are finished. Raises `Fault` for a setting that makes no sense."""
    if multiprocessing.get_start_method() == "fork":
        import hotline.wsgi  # noqa: F401  loaded once, before granian forks; no database connection is open yet
    Server(
        "hotline.running.pages:application",
        address=os.environ.get("HOTLINE_BIND") or "127.0.0.1",
        port=number(os.environ, "HOTLINE_PORT", PORT),
        interface=Interfaces.WSGI,
        workers=number(os.environ, "HOTLINE_WORKERS", 2, highest=64),
        blocking_threads=number(os.environ, "HOTLINE_THREADS", 4, highest=64),
        blocking_threads_idle_timeout=600,  # a thread that ends takes its database connection with it
        http=HTTPModes.http1,  # the proxy in front of us speaks the rest
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()
    return 0
