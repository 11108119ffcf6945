"""Processes that must not outlive the one that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def tied(death: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: on Linux the kernel sends `death` to the child when we die, even by kill -9.

    Start such children from the main thread: the kernel watches the thread, not the process.
    """
    parent = os.getpid()

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death)
            if os.getppid() != parent:  # we died before the line above
                os._exit(1)

    return tie


def is_running(pid: int) -> bool:
    """Whether the process exists; one that has ended but was not yet waited for does not count."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:  # ended between the two questions, or a system without /proc
        return not Path("/proc/self").exists()


def works_in(pid: int, folder: Path) -> bool:
    """Whether a running process has `folder` as its working directory, as a PostgreSQL server has its data folder.

    Process numbers are used again: after a restart of the machine the number in a stale file may be anybody's.
    """
    if not is_running(pid):
        return False
    if not Path("/proc/self").exists():
        return True
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except (PermissionError, FileNotFoundError):  # somebody else's, or just ended
        return False


def tie_self(death: signal.Signals) -> None:
    """Ask for `death` when the process that started us ends, from inside the child."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, death)
