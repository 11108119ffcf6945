"""`hotline push`: live updates, on uvicorn.

Environment: HOTLINE_BIND (127.0.0.1), HOTLINE_PUSH_PORT (8023). HOTLINE_PUSH_URL tells the pages where browsers find it.
"""

import os
from collections.abc import Sequence

import uvicorn

from hotline.running.environment import PORT, number


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT. Raises `Fault` for a setting that makes no sense."""
    uvicorn.run(
        "hotline.push:application",
        host=os.environ.get("HOTLINE_BIND") or "127.0.0.1",
        port=number(os.environ, "HOTLINE_PUSH_PORT", PORT + 1),
        lifespan="on",
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=3,  # streams never end by themselves; browsers come back and replay
    )
    return 0
