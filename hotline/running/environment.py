"""What a process is told by its environment, and what fills the gaps on a machine that `bin/run` has set up.

Everything given explicitly wins: `hotline web | push | work | sweep` on several machines are configured by the
environment alone.
"""

import atexit
import json
import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

from hotline.database import Embedded, Fault, resolve

CHECKOUT = Path(__file__).resolve().parents[2]
PORT = 8022
SHARED = ("HOTLINE_SITE_URL", "HOTLINE_PUSH_URL", "HOTLINE_SMTP_HOST", "HOTLINE_SMTP_PORT")


def home_of(environ: MutableMapping[str, str], place: str = "") -> Path:
    """`HOTLINE_HOME`, else `.home` in the checkout: all data of one installation. One installation serves one authority, so
    another `place` than the usual one has a home of its own: `.home-<place>`."""
    usual = CHECKOUT / (f".home-{place}" if place else ".home")
    return Path(environ.get("HOTLINE_HOME") or usual).expanduser().resolve()


def number(environ: MutableMapping[str, str], name: str, default: int, lowest: int = 1, highest: int = 65_535) -> int:
    """A whole number from the environment. Raises `Fault` when it is none or out of range."""
    text = environ.get(name) or str(default)
    if text.isascii() and text.isdigit() and lowest <= int(text) <= highest:
        return int(text)
    raise Fault(
        f"{name}={text} không hợp lệ: cần một số nguyên từ {lowest} đến {highest}.",
        f"{name}={text} is not valid: a whole number from {lowest} to {highest} is needed.",
    )


def make_home(home: Path) -> None:
    """Create the home folder. Raises `Fault` when it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        (home / "mail").mkdir(exist_ok=True, mode=0o700)
        (home / "files").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Fault(
            f"Không ghi được vào thư mục dữ liệu {home} ({error.strerror}); hãy chọn thư mục khác bằng HOTLINE_HOME.",
            f"The data folder {home} cannot be written ({error.strerror}); choose another one with HOTLINE_HOME.",
        ) from None


def secret_key(home: Path) -> str:
    """The key that signs sessions and links: made once for a home, readable by its owner only."""
    path = home / "secret"
    if not path.exists():
        unfinished = home / f"secret.{os.getpid()}"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(unfinished, path)  # fails where another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text().strip()


def remember(home: Path, environ: MutableMapping[str, str]) -> None:
    """Note the addresses in use, for commands given by hand while `hotline run` runs."""
    unfinished = home / "addresses.unfinished"
    unfinished.write_text(json.dumps({name: environ[name] for name in SHARED if name in environ}, indent=1))
    unfinished.rename(home / "addresses.json")


def complete(environ: MutableMapping[str, str]) -> None:
    """Fill what a command given by hand needs from what `bin/run` left in the home: database, key, addresses.

    The embedded database is started for the time of the command where it does not run. Raises `Fault` when there is none.
    """
    home = home_of(environ)
    environ["HOTLINE_HOME"] = str(home)
    if not environ.get("HOTLINE_SECRET_KEY") and home.is_dir():
        environ["HOTLINE_SECRET_KEY"] = secret_key(home)
    if (home / "addresses.json").exists():
        for name, value in json.loads((home / "addresses.json").read_text()).items():
            environ.setdefault(name, value)
    if environ.get("DATABASE_URL"):
        return
    server = resolve(home, environ)
    if not isinstance(server, Embedded) or not server.data.exists():
        raise Fault(
            f"Chưa có cơ sở dữ liệu trong {home}; hãy chạy bin/run một lần, hoặc đặt DATABASE_URL.",
            f"There is no database in {home} yet; run bin/run once, or set DATABASE_URL.",
        )
    if server.start(tied_to_us=True):
        atexit.register(server.stop)
    environ["DATABASE_URL"] = server.url
