"""What each of granian's workers loads: the pages, ended with the process that started the worker.

Without this a granian killed by force would leave workers behind that go on answering on its port.
"""

import gc
import signal

from hotline.database.process import tie_self

tie_self(signal.SIGKILL)

from hotline.wsgi import application  # noqa: E402  tied first: loading takes a second, and the parent may end within it

# What is loaded stays for good and a page is made of many short-lived objects: looking through them all every few hundred,
# as Python would, is a twentieth of the time a page takes.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

__all__ = ["application"]
