"""The product as a newcomer starts it: `hotline run` in a home of its own, with the mail it would have sent."""

from __future__ import annotations

import email
import email.policy
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 120.0


@dataclass
class Product:
    """A running installation. `password` is that of every demo person."""

    url: str
    home: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def password(self) -> str:
        """The demo password as printed for the newcomer."""
        text = (self.home / "sign-ins.txt").read_text()
        found = re.search(r"(?:Mật khẩu|password)[^:\n]*:\s*(\S+)", text, re.I)
        if not found:
            raise AssertionError(f"no password in sign-ins.txt:\n{text}")
        return found[1]

    def hotline(self, *words: str, stdin: bytes = b"", **environ: str) -> subprocess.CompletedProcess[bytes]:
        """Run a `hotline` command against this installation, as its operator would."""
        return subprocess.run(
            [sys.executable, "-m", "hotline", *words], input=stdin, capture_output=True, cwd=ROOT,
            env={**self.environ, **environ}, timeout=120, check=False,
        )

    def mails(self, to: str) -> list[EmailMessage]:
        """What was sent to an address so far, oldest first."""
        found = []
        for path in sorted((self.home / "mail").glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to.lower() in str(message["X-Envelope-To"]).lower():
                found.append(message)
        return found

    def wait_for_mail(self, to: str, words: str, seconds: float = 20.0) -> EmailMessage:
        """The first mail to an address whose subject or text has these words."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.mails(to):
                if words in str(message["Subject"]) or words in text_of(message):
                    return message
            time.sleep(0.1)
        subjects = [str(m["Subject"]) for m in self.mails(to)]
        raise AssertionError(f"no mail to {to} with {words!r} in {seconds:.0f} s; there are {subjects}\n{self.tail()}")

    def tail(self, lines: int = 40) -> str:
        """The end of what the processes printed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    return part.get_content() if part else ""


def free_port() -> int:
    """A port nobody uses, with its neighbour free for push."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as one:
            port = one.getsockname()[1]
            try:
                socket.create_server(("127.0.0.1", port + 1)).close()
            except OSError:
                continue
            return port


@contextmanager
def temporary_home() -> Iterator[Path]:
    """An empty home, removed afterwards. pytest's own folders are closed to the account PostgreSQL runs as under root."""
    home = Path(tempfile.mkdtemp(prefix="hotline-journey-"))
    home.chmod(0o711)
    try:
        yield home
    finally:
        shutil.rmtree(home)


def start(home: Path, pack: str = "quang-nam", **environ: str) -> Product:
    """Start an installation and wait until its pages answer."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "HOTLINE_HOME", "HOTLINE_SECRET_KEY")}
    whole = {**clean, "HOTLINE_HOME": str(home), "HOTLINE_PORT": str(port), "PYTHONUNBUFFERED": "1", **environ}
    log = home / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline", "run", pack], cwd=ROOT, env=whole, stdout=output, stderr=output
        )
    product = Product(f"http://127.0.0.1:{port}", home, whole, process, log)
    deadline = time.monotonic() + READY_SECONDS
    while "Ctrl-C" not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            product.stop()
            raise AssertionError(f"the product did not start:\n{product.tail(80)}")
        time.sleep(0.1)
    urllib.request.urlopen(product.url, timeout=10).close()
    return product
