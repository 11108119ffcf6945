"""`hotline database start | stop | url | psql`."""

import argparse
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from hotline.database.cluster import DATABASE, ROLE, SUPERUSER
from hotline.database.fault import Fault
from hotline.database.server import Embedded, resolve

CHECKOUT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str]) -> int:
    """Run one command on the database of HOTLINE_HOME (.home); returns the exit code. Raises `Fault`."""
    parser = argparse.ArgumentParser(
        prog="hotline database", description="Cơ sở dữ liệu của thư mục dữ liệu / the database of the data folder"
    )
    parser.add_argument("--superuser", action="store_true", help="bằng tài khoản postgres / as postgres")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="khởi động và để chạy / start it and leave it running")
    commands.add_parser("stop", help="dừng / stop it")
    commands.add_parser("url", help="in DATABASE_URL / print its DATABASE_URL")
    commands.add_parser("psql", help="mở psql; tham số sau đó là của psql / open psql with its own arguments")
    given, rest = parser.parse_known_args(arguments)
    if rest and given.command != "psql":
        parser.error(f"? {' '.join(rest)}")

    home = Path(os.environ.get("HOTLINE_HOME") or CHECKOUT / ".home").expanduser().resolve()
    server = resolve(home)
    url = os.environ.get("DATABASE_URL", "")
    if isinstance(server, Embedded):
        if given.command == "start":
            server.start()
        elif given.command == "stop":
            server.stop()
            return 0
        url = server.url_for(DATABASE, SUPERUSER if given.superuser else ROLE)
        program = server.binaries().program("psql")
    else:
        if given.command == "stop":
            raise Fault(
                "DATABASE_URL trỏ tới một máy chủ không do hotline quản lý; hãy dừng nó theo cách của nó.",
                "DATABASE_URL names a server that hotline does not manage; stop it its own way.",
            )
        server.start()
        program = "psql"
    if given.command == "psql":
        return subprocess.run([program, url, *rest], check=False).returncode
    print(url)
    return 0
