"""The database server: somebody else's by `DATABASE_URL`, else an embedded PostgreSQL that needs no installation.

Plain Python without Django: it runs before settings can be read.
"""

from hotline.database.fault import Fault
from hotline.database.server import Embedded, Server, resolve, throw_away

__all__ = ["Embedded", "Fault", "Server", "resolve", "throw_away"]
