"""Keeping processes running: start, watch, start again with growing pauses, stop together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from hotline.database import Embedded, Fault, Server
from hotline.database.process import tied

LOOK_SECONDS = 0.1
STOP_SECONDS = 8.0
FIRST_PAUSE = 0.5  # seconds before the first restart; doubles up to
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # a process that ran this long starts again with the first pause


@dataclass
class Child:
    """One supervised process: how to start it, and what became of it."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    descriptors: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)
    started: float = field(default=0.0, init=False)
    next_start: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that a Ctrl-C reaches us alone and we stop all in order."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            pass_fds=tuple(self.descriptors),
            start_new_session=True,
            # When we die without having asked anybody, the database goes too: there is nothing left to finish with, and
            # whoever waited for it would stand in the way of the next start.
            preexec_fn=tied(signal.SIGKILL),
        )

    def look(self, now: float) -> str | None:
        """What to say about it, if anything; starts it again when its pause is over."""
        if self.process is None:
            if now >= self.next_start:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.kill()  # what it left behind: granian's workers would go on answering on the port
        if now - self.started > STEADY_SECONDS:
            self.pause = FIRST_PAUSE
        self.next_start = now + self.pause
        said = (
            f"{self.name} đã dừng (mã {code}), chạy lại sau {self.pause:g} giây / "
            f"{self.name} ended (code {code}), starting again in {self.pause:g} s"
        )
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.process = None
        return said

    def terminate(self) -> None:
        """Ask it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End it and everything it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return  # all of it has ended
            self.process.wait()


@dataclass
class Supervisor:
    """Runs the children and the database they need until told to stop. `stopping` is set by SIGINT, SIGTERM, SIGHUP."""

    database: Server
    children: list[Child] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    patience: float = STOP_SECONDS  # seconds a child has for ending by itself
    _database_is_ours: bool = False

    def listen_to_signals(self) -> None:
        """From now on a signal ends `run` in order instead of ending us at once. A second one hurries."""

        def stop(number: int, frame: FrameType | None) -> None:
            if self.stopping.is_set():
                for child in self.children:
                    child.kill()
            self.stopping.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)

    def start_database(self) -> None:
        """Make the database ready. Raises `Fault`."""
        self._database_is_ours = self.database.start(tied_to_us=True) or self._database_is_ours

    def start(self, *children: Child) -> None:
        """Start and from now on watch these."""
        for child in children:
            self.children.append(child)
            child.start()

    def look(self) -> None:
        """One look at everything; starts again what has ended and says so."""
        if isinstance(self.database, Embedded) and not self.database.is_ready:
            say("PostgreSQL đã dừng, chạy lại / PostgreSQL ended, starting again")
            try:
                self.start_database()
            except Fault as fault:
                say(f"{fault.vietnamese} / {fault.english}")
        for child in self.children:
            if said := child.look(time.monotonic()):
                say(said)

    def watch(self) -> None:
        """Look until told to stop."""
        while not self.stopping.wait(LOOK_SECONDS):
            self.look()

    def stop(self) -> None:
        """Stop the children, all at once, then the database if we started it; takes seconds at the most."""
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + self.patience
        while any(child.process and child.process.poll() is None for child in self.children):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        for child in self.children:
            if child.process and child.process.poll() is None:
                say(f"{child.name} không dừng kịp, bị ngắt / {child.name} did not end in time and is ended by force")
            child.kill()
        if self._database_is_ours:
            self.database.stop()


def say(sentence: str) -> None:
    """Tell the person at the terminal, at once."""
    print(sentence, flush=True)
