"""What each of granian's workers loads: the pages, ended with the process that started the worker.

Without this a granian killed by force would leave workers behind that go on answering on its port.
"""

import signal

from hotline.database.process import tie_self

tie_self(signal.SIGKILL)

from hotline.wsgi import application  # noqa: E402  tied first: loading takes a second, and the parent may end within it

__all__ = ["application"]
