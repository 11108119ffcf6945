"""Making a data folder: complete or not at all."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from hotline.database.account import Account
from hotline.database.binaries import EXTENSIONS, Binaries
from hotline.database.fault import Fault

DATABASE = "hotline"
ROLE = "hotline"
SUPERUSER = "postgres"

SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",  # a checkpoint writes every page anew: the fewer the better under load
    "fsync": "on",
    "synchronous_commit": "on",  # received means stored: an acknowledgement must survive the power going out
    "full_page_writes": "on",
    "jit": "off",  # our questions are short; compiling them costs more than running them
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "log_line_prefix": "'%m [%p] '",
    "log_checkpoints": "off",
    # A statement that fails holds what a citizen wrote, and the log is the operator's to read.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For a folder that is thrown away after the tests: nothing in it need survive.
FAST_SETTINGS = SETTINGS | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
}
HBA = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"


def major_of(data: Path) -> int | None:
    """The PostgreSQL major a data folder belongs to; None when there is no data folder.

    Raises `Fault` when the folder exists but is no PostgreSQL data.
    """
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        if not data.exists():
            return None
    except ValueError:
        pass
    raise Fault(
        f"Thư mục {data} không phải là dữ liệu PostgreSQL nguyên vẹn; hãy khôi phục từ bản sao lưu hoặc dời thư mục đi.",
        f"The folder {data} is not an intact PostgreSQL data folder; restore it from a backup or move it away.",
    )


def make(binaries: Binaries, account: Account, data: Path, fast: bool) -> None:
    """Create `data` with the role, the database and the extensions in it.

    Everything happens in a folder beside it that takes the final name last, so an interrupted creation leaves nothing
    that could be taken for data. The roles are made in single-user mode: no server without passwords ever listens.
    """
    place = data.parent
    for unfinished in place.glob("unfinished-*"):
        shutil.rmtree(unfinished)
    making = Path(tempfile.mkdtemp(prefix="unfinished-", dir=place))
    account.own(making)
    try:
        _run(binaries, account, ["initdb", "--pgdata", str(making), *_initdb_options(binaries)])
        settings(making, fast)
        (making / "postgresql.conf").write_text(
            "# hotline.conf is written anew at every start; put your own settings into local.conf, they win.\n"
            "include 'hotline.conf'\ninclude_if_exists 'local.conf'\n"
        )
        (making / "pg_hba.conf").write_text(HBA)
        passwords = {name: secrets.token_urlsafe(24) for name in (ROLE, SUPERUSER)}
        single = ["postgres", "--single", "-F", "-c", "exit_on_error=on", "-D", str(making), "template1"]
        _run(binaries, account, single, _statements(passwords))
        if not fast:
            _run(binaries, account, ["initdb", "--sync-only", "--pgdata", str(making)])
        for name, password in passwords.items():
            _write_private(place / f"{name}.password", password)
        making.rename(data)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def settings(data: Path, fast: bool) -> None:
    """Write the settings this version of the product wants; an operator's `local.conf` is read after them."""
    lines = (f"{name} = {value}\n" for name, value in (FAST_SETTINGS if fast else SETTINGS).items())
    (data / "hotline.conf").write_text("".join(lines))
    (data / "hotline.conf").chmod(0o644)  # read by the server's account; holds no secret


def password_of(place: Path, role: str) -> str:
    """The password made with the data folder."""
    path = place / f"{role}.password"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise Fault(
            f"Thiếu tệp mật khẩu {path} của cơ sở dữ liệu; hãy khôi phục tệp này từ bản sao lưu.",
            f"The database's password file {path} is missing; restore it from a backup.",
        ) from None


def _initdb_options(binaries: Binaries) -> list[str]:
    # Debian's and Ubuntu's smallest image has C.UTF-8; macOS calls its Unicode character types en_US.UTF-8.
    ctype = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    options = ["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--data-checksums", "--no-sync"]
    options += ["--locale=C", f"--lc-ctype={ctype}", "--no-instructions"]
    if binaries.major >= 17:
        # Built in from 17 on: the same order and case folding on every machine, whatever its C library.
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options


def _statements(passwords: dict[str, str]) -> str:
    """One statement a line, as single-user mode reads them. Extensions go into template1: test databases get them too."""
    lines = [f"CREATE EXTENSION {name}" for name in EXTENSIONS]
    lines += [
        f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords[SUPERUSER]}'",
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{passwords[ROLE]}'",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE} TEMPLATE template1",
    ]
    return "".join(f"{line};\n" for line in lines)


def _run(binaries: Binaries, account: Account, command: list[str], text: str = "") -> None:
    done = subprocess.run(
        [binaries.program(command[0]), *command[1:]],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        **account.for_process(),  # type: ignore[call-overload]
    )
    refused = re.search(r"(?:ERROR|FATAL|PANIC): .*", done.stderr)
    if done.returncode or refused:
        said = refused[0] if refused else (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise Fault(
            f"Không tạo được dữ liệu PostgreSQL ({command[0]}): {said}",
            f"The PostgreSQL data folder could not be made ({command[0]}): {said}",
        )


def _write_private(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
