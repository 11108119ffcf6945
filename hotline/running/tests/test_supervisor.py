"""The supervisor with real processes: short Python programs stand for pages and workers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from hotline.database import Embedded
from hotline.database.process import is_running
from hotline.running.supervisor import Child, Supervisor

PROGRAMS = {
    "sleeper": "import time; time.sleep(60)",
    "deaf": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
    "failing": "import sys; sys.exit(3)",
    # As granian does: a worker that lives on when its parent is killed.
    "parent": "import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); "
    "open(sys.argv[1], 'w').write(str(p.pid)); time.sleep(60)",
}


@pytest.fixture
def database() -> Iterator[Embedded]:
    """A small server of its own."""
    place = Path(tempfile.mkdtemp(prefix="hotline-test-"))
    place.chmod(0o711)
    server = Embedded(place / "database")
    yield server
    server.stop()
    shutil.rmtree(place)


class NoDatabase:
    """For tests in which no database matters."""

    url = ""

    def start(self, *, tied_to_us: bool = False) -> bool:
        return False

    def stop(self) -> None:
        """Nothing to stop."""


def child(program: str, *arguments: str) -> Child:
    return Child(program, (sys.executable, "-c", PROGRAMS[program], *arguments), os.environ)


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


def test_a_process_that_ends_is_started_again_after_growing_pauses() -> None:
    failing = child("failing")
    failing.start()
    assert failing.process is not None
    now = 1000.0
    pauses = []
    for _ in range(9):
        failing.process.wait()
        failing.started = now  # it ended as soon as it began
        said = failing.look(now)
        assert said is not None and "failing" in said and "3" in said
        pauses.append(failing.next_start - now)
        assert failing.look(now + pauses[-1] - 0.01) is None and failing.process is None, "not before its pause is over"
        now += pauses[-1]
        failing.look(now)
        assert failing.process is not None
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    failing.process.wait()
    failing.started = now - 61
    failing.look(now)
    assert failing.next_start - now == 0.5, "after a minute of steady running the count begins anew"


def test_what_a_killed_process_leaves_behind_is_ended_before_it_starts_again(tmp_path: Path) -> None:
    parent = child("parent", str(tmp_path / "pid"))
    parent.start()
    until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    worker = int((tmp_path / "pid").read_text())
    assert parent.process is not None
    parent.process.kill()
    parent.process.wait()
    assert is_running(worker)
    parent.look(time.monotonic())
    until(lambda: not is_running(worker))


def test_stop_ends_all_within_seconds_even_the_one_that_does_not_listen() -> None:
    supervisor = Supervisor(NoDatabase(), patience=1.0)
    supervisor.start(child("sleeper"), child("deaf"))
    time.sleep(0.5)
    begin = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - begin < 3.0
    assert all(one.process is not None and one.process.poll() is not None for one in supervisor.children)


def test_a_killed_database_is_back_at_the_same_address_with_what_was_committed(database: Embedded) -> None:
    supervisor = Supervisor(database)
    supervisor.start_database()
    url = database.url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE reports (id int)")
        connection.execute("INSERT INTO reports VALUES (1)")
    assert database.pid is not None
    os.kill(database.pid, signal.SIGKILL)
    until(lambda: not database.is_ready)
    supervisor.look()
    assert database.url == url
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM reports").fetchone() == (1,)
    supervisor.stop()
    assert not database.is_ready


def test_a_database_that_ran_before_us_runs_on_after_us(database: Embedded) -> None:
    database.start()
    supervisor = Supervisor(Embedded(database.place))
    supervisor.start_database()
    supervisor.stop()
    assert database.is_ready


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_kill_9_of_the_supervisor_takes_everything_with_it() -> None:
    place = Path(tempfile.mkdtemp(prefix="hotline-test-"))
    place.chmod(0o711)
    code = f"""
import os, sys
from pathlib import Path
from hotline.database import Embedded
from hotline.running.supervisor import Child, Supervisor
supervisor = Supervisor(Embedded(Path({str(place / "database")!r}), fast=True))
supervisor.start_database()
supervisor.start(Child("sleeper", (sys.executable, "-c", "import time; time.sleep(60)"), os.environ))
print(supervisor.database.pid, supervisor.children[0].process.pid, flush=True)
supervisor.watch()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(word) for word in supervisor.stdout.readline().split()]
        assert all(is_running(pid) for pid in pids)
        supervisor.kill()
    until(lambda: not any(is_running(pid) for pid in pids))
    shutil.rmtree(place)
