"""The database server behind one home: found, started, used, and stopped by whoever started it."""

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedWriter
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from hotline.database import cluster
from hotline.database.account import Account, server_account
from hotline.database.binaries import Binaries, choose, readable_copy
from hotline.database.external import External
from hotline.database.fault import Fault
from hotline.database.process import is_running, tied, works_in

LONGEST_SOCKET = 100  # bytes; the kernel's limit is 107 on Linux and 103 on macOS
SOCKET_FILE = ".s.PGSQL.5432"
OTHER_PLACE = Path("/var/lib/hotline-1022")
START_SECONDS = 300  # replaying the log after a crash takes its time
LET_GO_SECONDS = 15
STOP_SECONDS = 60
BIG_LOG = 20_000_000  # bytes


class Server(Protocol):
    """What the rest of the product needs to know of a database server."""

    def start(self, *, tied_to_us: bool = False) -> bool:
        """Make it ready; True when this call started it. Raises `Fault`."""

    def stop(self) -> None:
        """Stop it if it is ours to stop."""

    @property
    def url(self) -> str:
        """The DATABASE_URL of the running server."""


def resolve(home: Path, environ: Mapping[str, str] = os.environ) -> Server:
    """The server for `home`: `DATABASE_URL` if given, else an embedded one that keeps its data in `home`."""
    if url := environ.get("DATABASE_URL"):
        return External(url)
    return Embedded(home / "database", environ)


@dataclass
class Embedded:
    """A PostgreSQL of our own. `place` holds its data, its passwords, its log and, if the path is short, its socket."""

    place: Path
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    fast: bool = False
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def data(self) -> Path:
        # Resolved: the account the server runs as may not be able to walk the way we do (see _make_place).
        return self.place.resolve() / "data"

    def start(self, *, tied_to_us: bool = False) -> bool:
        """Make the server ready and return True when this call started it.

        With `tied_to_us` it ends when the calling process does, whatever ends that; without, it runs until `stop`.
        Raises `Fault`, and then nothing half-made is left.
        """
        account = server_account()
        _make_place(self.place, account)
        with self._locked():
            if self._state() == "stopping":
                self._wait_until_gone(STOP_SECONDS)
            if self._state() == "ready":
                return False
            major = cluster.major_of(self.data)
            binaries = choose(self.environ, major, self.data)
            binaries = readable_copy(binaries, account, self.place.resolve())
            if major is None:
                cluster.make(binaries, account, self.data, self.fast)
            else:
                cluster.settings(self.data, self.fast)
            self._launch(binaries, account, tied_to_us)
            try:
                self._build_wall()
            except BaseException:
                self.stop()
                raise
        return True

    def _build_wall(self) -> None:
        """The roles of what is sealed: made with a new folder, added to an older one at its next start."""
        import psycopg  # only here, as in external.py

        from hotline.database import wall

        with psycopg.connect(self.url_for("postgres", cluster.SUPERUSER), autocommit=True) as connection:
            wall.keep_ordinary(connection, cluster.ROLE)
            wall.build(connection, cluster.ROLE)

    def stop(self) -> None:
        """Ask the server to end its sessions and stop; returns when it has. A server that is not running is fine."""
        pid = self._pid()
        if pid is not None:
            os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
            self._wait_until_gone(STOP_SECONDS)
        if self._process is not None:
            self._process.wait()
            self._process = None

    @property
    def is_ready(self) -> bool:
        return self._state() == "ready"

    @property
    def pid(self) -> int | None:
        """The process number of the running server."""
        return self._pid()

    @property
    def url(self) -> str:
        return self.url_for(cluster.DATABASE)

    def url_for(self, database: str, role: str = cluster.ROLE) -> str:
        """The connection string for a database of the running server, over its socket or 127.0.0.1."""
        notes = self._notes()
        if len(notes) < 6:
            raise Fault(
                "Cơ sở dữ liệu chưa chạy; hãy chạy bin/run hoặc hotline database start.",
                "The database is not running; start it with bin/run or hotline database start.",
            )
        password = quote(cluster.password_of(self.place, role), safe="")
        port, folder = notes[3], notes[4]
        if folder:
            return f"postgresql://{role}:{password}@/{database}?host={quote(folder, safe='')}&port={port}"
        return f"postgresql://{role}:{password}@127.0.0.1:{port}/{database}"

    def binaries(self) -> Binaries:
        """The programs that fit this data folder (for psql, pg_dump)."""
        return choose(self.environ, cluster.major_of(self.data), self.data)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One start at a time on one place; the kernel frees the lock of a process that dies."""
        with (self.place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _notes(self) -> list[str]:
        """postmaster.pid: process, folder, start, port, socket folder, listen address, memory key, state."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _pid(self) -> int | None:
        notes = self._notes()
        pid = abs(int(notes[0])) if notes and notes[0].lstrip("-").isdigit() else None
        return pid if pid is not None and works_in(pid, self.data) else None

    def _state(self) -> str:
        """ready, starting, stopping; "" when no server runs here."""
        notes = self._notes()
        if self._pid() is None:
            return ""
        return notes[7].strip() if len(notes) > 7 else "starting"

    def _launch(self, binaries: Binaries, account: Account, tied_to_us: bool) -> None:
        self._disown_stale_pid()
        deadline = time.monotonic() + START_SECONDS
        let_go = time.monotonic() + LET_GO_SECONDS
        while True:
            if self._process is not None:
                self._process.poll()  # one of ours that was killed keeps its number until it is asked after
            log = self._open_log()
            begin = log.tell()
            process = subprocess.Popen(
                [binaries.program("postgres"), "-D", str(self.data), *self._address(account)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C is for us; the server is stopped last, when nobody needs it any more
                preexec_fn=tied(signal.SIGINT) if tied_to_us else None,
                **account.for_process(),  # type: ignore[call-overload]
            )
            log.close()
            while process.poll() is None and time.monotonic() < deadline:
                if self._state() == "ready":
                    self._process = process
                    return
                time.sleep(0.005)
            process.kill()
            process.wait()
            with (self.place / "log").open(errors="replace") as file:
                file.seek(begin)
                said = [line for line in file if "FATAL" in line or "PANIC" in line or "ERROR" in line]
            # A server that was killed, and its sessions, take a moment to end and let go of its folder and memory.
            held = any("shared memory block" in line or "already exists" in line for line in said)
            if held and time.monotonic() < let_go:
                time.sleep(0.1)
                continue
            reason = said[-1].partition(":  ")[2].strip() if said else "-"
            raise Fault(
                f"PostgreSQL không khởi động được ({reason}); xem {self.place / 'log'}.",
                f"PostgreSQL did not start ({reason}); see {self.place / 'log'}.",
            )

    def _address(self, account: Account) -> list[str]:
        """Listen on a socket in a private folder; on 127.0.0.1 where the path is too long for one."""
        folder = (self.place / "socket").resolve()
        if len(os.fsencode(folder / SOCKET_FILE)) <= LONGEST_SOCKET:
            folder.mkdir(mode=0o700, exist_ok=True)
            account.own(folder)
            return ["-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=", "-c", "port=5432"]
        port = self._free_port()
        return ["-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1", "-c", f"port={port}"]

    def _free_port(self) -> int:
        """The port of the last time while it is free: a restarted server is found again by those who know its address."""
        note = self.place / "port"
        for wished in (int(note.read_text()) if note.exists() else 0, 0):
            try:
                # As PostgreSQL does, this minds a listener but not the last connections of a server that has ended.
                with socket.create_server(("127.0.0.1", wished)) as free:
                    port = int(free.getsockname()[1])
            except OSError:
                continue
            note.write_text(str(port))
            return port
        raise Fault("Máy này không còn cổng TCP trống nào.", "This machine has no free TCP port left.")

    def _disown_stale_pid(self) -> None:
        """Free a stale postmaster.pid whose process number now belongs to some other program; the socket's only repeats it.

        PostgreSQL itself clears a file whose process is gone; one whose number is in use again would stop it for good.
        Only the number is replaced, by one no system gives out: the memory key below it still guards against sessions
        of the old server that have not ended yet.
        """
        notes = self._notes()
        if notes and notes[0].isdigit() and is_running(int(notes[0])) and not works_in(int(notes[0]), self.data):
            notes[0] = str(2**22 + 1)
            (self.data / "postmaster.pid").write_text("\n".join(notes) + "\n")
        (self.place / "socket" / f"{SOCKET_FILE}.lock").unlink(missing_ok=True)

    def _wait_until_gone(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while (pid := self._pid()) is not None:
            if self._process is not None:
                self._process.poll()  # our own child stays a zombie until it is asked after
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGQUIT)  # at once; the next start replays the log, nothing committed is lost
                deadline += seconds
            time.sleep(0.01)

    def _open_log(self) -> BufferedWriter:
        path = self.place / "log"
        if path.exists() and path.stat().st_size > BIG_LOG:
            path.replace(self.place / "log.1")
        log = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        log.seek(0, os.SEEK_END)
        return log


def throw_away(environ: Mapping[str, str] = os.environ) -> Embedded:
    """A fresh, fast, unsafe server for tests, started. Its folder goes with it, even when we are killed."""
    place = Path(tempfile.mkdtemp(prefix="hotline-"))
    server = Embedded(place, environ, fast=True)
    try:
        server.start(tied_to_us=True)
    except BaseException:
        subprocess.run(["rm", "-rf", str(place)], check=True)
        raise
    # Waits for the end of its input, which the kernel closes when we end in whatever way, then clears up.
    script = (
        'cat >/dev/null; while [ -e "$2/data/postmaster.pid" ] && kill -QUIT "$1"; do sleep 0.05; done; rm -rf -- "$2"'
    )
    subprocess.Popen(
        ["sh", "-c", script, "clear-up", str(server.pid), str(place)],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return server


def _make_place(place: Path, account: Account) -> None:
    """Make the folder the server's files live in, reachable by its account and closed to others' listing.

    Where root's home is closed to the account PostgreSQL must run as, the data goes below /var/lib and `place` becomes a
    link to it: no permission of a folder that is not ours is touched.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists() and not account.can_enter(place.parent):
        _open_for(place.parent, account)
    if not place.exists() and not account.can_enter(place.parent):
        other = OTHER_PLACE / secrets.token_hex(4)
        other.mkdir(parents=True)
        place.symlink_to(other)
        OTHER_PLACE.chmod(0o711)
    place.mkdir(exist_ok=True)
    if place.stat().st_uid == os.geteuid():
        place.chmod(0o711 if account.dropped else 0o700)  # whatever the umask is


def _open_for(home: Path, account: Account) -> None:
    """Let the server's account walk through our own home folder (x, not r), if that is all that was in the way."""
    if account.dropped and home.stat().st_uid == os.geteuid() and account.can_enter(home.parent):
        home.chmod(home.stat().st_mode | 0o011)
