"""A real IMAP server that somebody else wrote: Dovecot, in a temporary folder, on loopback, for one test run."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from journeys.product import free_port

PASSWORD = "hop-thu-thu-nghiem"
CONFIG = """
base_dir = {base}/run
state_dir = {base}/run
log_path = {base}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
mail_location = maildir:{base}/mail/%n
first_valid_uid = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """Running; any user name signs in with PASSWORD and has a mailbox of its own."""

    port: int
    base: Path

    def deliver(self, user: str, *messages: bytes, flags: str = "") -> None:
        """Put messages into somebody's INBOX, as a mail server does."""
        with imaplib.IMAP4("127.0.0.1", self.port) as imap:
            imap.login(user, PASSWORD)
            for message in messages:
                status, data = imap.append("INBOX", flags, None, message.replace(b"\n", b"\r\n"))  # type: ignore[arg-type]
                assert status == "OK", data

    def count(self, user: str) -> int:
        """How many messages the INBOX has."""
        with imaplib.IMAP4("127.0.0.1", self.port) as imap:
            imap.login(user, PASSWORD)
            return int(imap.select("INBOX", readonly=True)[1][0] or 0)


def installed() -> str | None:
    """Where Dovecot is, if it is."""
    return shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)


@contextmanager
def running() -> Iterator[Dovecot]:
    """Start Dovecot; stop it and clear up afterwards."""
    program = installed()
    assert program, "Dovecot is not installed (Debian: dovecot-imapd); bin/test installs it as root"
    base = Path(tempfile.mkdtemp(prefix="hl-imap-"))
    root = os.getuid() == 0
    owner = pwd.getpwnam("dovecot" if root else getpass.getuser())
    base.chmod(0o755)
    (base / "mail").mkdir(mode=0o700)
    shutil.chown(base / "mail", owner.pw_uid, owner.pw_gid)
    port = free_port()
    config = base / "dovecot.conf"
    config.write_text(
        CONFIG.format(
            base=base, port=port, password=PASSWORD, uid=owner.pw_uid, gid=owner.pw_gid,
            login_user="dovenull" if root else owner.pw_name, internal_user=owner.pw_name,
            internal_group=grp.getgrgid(owner.pw_gid).gr_name,
        )
    )
    process = subprocess.Popen([program, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        server = Dovecot(port, base)
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(base, ignore_errors=True)


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        try:
            server.count("probe")
            return
        except (OSError, imaplib.IMAP4.error):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    log = server.base / "log"
    raise AssertionError(f"Dovecot did not start: {log.read_text() if log.exists() else process.stderr}")
