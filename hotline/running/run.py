"""`hotline run [pack]`: everything on this machine, in one terminal."""

import fcntl
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from hotline.database import Fault, resolve
from hotline.regulation.pack import default_pack, find_pack, read_pack
from hotline.regulation.reading import PackInvalid
from hotline.running.environment import CHECKOUT, PORT, home_of, make_home, number, remember, secret_key
from hotline.running.mailboxes import fetched_here
from hotline.running.supervisor import Child, Supervisor, say

ANSWER_SECONDS = 60.0


def main(arguments: Sequence[str]) -> int:
    """Start database, pages, push, worker, sweeper, mail sink, and where a mailbox is configured the fetcher of mail; stop
    them on Ctrl-C or SIGTERM.

    Environment: HOTLINE_HOME (.home; .home-<pack> for another than the usual pack), HOTLINE_PORT (8022, push one above),
    HOTLINE_BIND (127.0.0.1), DATABASE_URL, HOTLINE_PACKS (packs/), HOTLINE_DEMO (1; 0 leaves an empty database empty), and
    the passwords that mailboxes name.
    Raises `Fault`.
    """
    began = time.monotonic()
    os.umask(0o077)  # what citizens sent is nobody else's on this machine
    environ = dict(os.environ)
    home = home_of(environ, _place(arguments, environ))
    pack = _pack(arguments, environ, new=not (home / "database" / "data").exists())
    port = number(environ, "HOTLINE_PORT", PORT, highest=65_534)
    bind = environ.get("HOTLINE_BIND") or "127.0.0.1"
    make_home(home)
    lock = _alone(home)
    _must_be_free(bind, port)
    host = _reached_at(bind)
    lock.write(f"http://{host}:{port}")
    lock.flush()

    environ["HOTLINE_HOME"] = str(home)
    environ["HOTLINE_PORT"] = str(port)
    environ.setdefault("HOTLINE_SITE_URL", f"http://{host}:{port}")
    environ.setdefault("HOTLINE_SECRET_KEY", secret_key(home))
    push_port = _free_port(bind, number(environ, "HOTLINE_PUSH_PORT", port + 1))
    environ["HOTLINE_PUSH_PORT"] = str(push_port)
    environ.setdefault("HOTLINE_PUSH_URL", f"http://{host}:{push_port}/push/")
    sink = None
    if not environ.get("HOTLINE_SMTP_HOST"):  # a real mail server is given: then nothing is caught
        sink = socket.create_server(("127.0.0.1", 0))
        environ["HOTLINE_SMTP_HOST"], environ["HOTLINE_SMTP_PORT"] = "127.0.0.1", str(sink.getsockname()[1])
        environ["HOTLINE_MAIL_SINK"] = str(home / "mail")

    supervisor = Supervisor(resolve(home, environ))
    supervisor.listen_to_signals()
    try:
        supervisor.start_database()
        environ["DATABASE_URL"] = supervisor.database.url
        remember(home, environ)
        if not _prepare(pack, environ, supervisor):
            return 0 if supervisor.stopping.is_set() else 1
        # The pages first: on a small machine five interpreters loading at once would keep people waiting.
        supervisor.start(_child(environ, "web"))
        if sink is not None:
            command = (sys.executable, "-m", "hotline.running.mail_sink", str(home / "mail"), str(sink.fileno()))
            supervisor.start(Child("mail-sink", command, environ, descriptors=(sink.fileno(),)))
        if _answers(f"http://{host}:{port}/", supervisor):
            supervisor.start(*(_child(environ, name) for name in ("push", "work", "sweep")))
            fetched = fetched_here(supervisor.database.url, environ)
            if fetched:
                supervisor.start(_child(environ, "mail", "fetch"))
            _welcome(home, environ, fetched, time.monotonic() - began)
        supervisor.watch()
        say("Đang dừng … / Stopping …")
    finally:
        supervisor.stop()
        lock.close()
    return 0


def _packs(environ: dict[str, str]) -> Path:
    return Path(environ.get("HOTLINE_PACKS") or CHECKOUT / "packs")


def _place(arguments: Sequence[str], environ: dict[str, str]) -> str:
    """The name of a pack that is asked for and is not the usual one."""
    name = Path(arguments[0]).name if arguments else ""
    return "" if not name or name == default_pack(_packs(environ)) else name


def _pack(arguments: Sequence[str], environ: dict[str, str], new: bool) -> str:
    """The pack to load. It is read before anything is made for it; later starts leave that to the loading itself."""
    packs = _packs(environ)
    pack = arguments[0] if arguments else default_pack(packs)
    try:
        if new:
            read_pack(pack, packs=packs)
        else:
            find_pack(pack, packs)
    except PackInvalid as invalid:
        vietnamese, english = ("; ".join(error.text(lang) for error in invalid.errors) for lang in ("vi", "en"))
        raise Fault(
            f"Gói tỉnh “{pack}” không đọc được: {vietnamese}.", f"The pack “{pack}” cannot be read: {english}."
        ) from None
    return pack


def _alone(home: Path) -> TextIO:
    """Hold the home for this run; the kernel lets go of it when we end, in whatever way."""
    lock = (home / "run.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        where = lock.read() or "?"
        raise Fault(
            f"Hotline đang chạy với thư mục dữ liệu này ({home}) tại {where}; hãy dùng nó, hoặc dừng nó bằng Ctrl-C trước.",
            f"Hotline is already running on this data folder ({home}) at {where}; use it, or stop it with Ctrl-C first.",
        ) from None
    lock.truncate(0)
    return lock


def _must_be_free(bind: str, port: int) -> None:
    if not _is_free(bind, port):
        raise Fault(
            f"Cổng {port} đang được một chương trình khác sử dụng; hãy dừng chương trình đó hoặc đặt HOTLINE_PORT=cổng khác.",
            f"Port {port} is in use by another program; stop that program or set HOTLINE_PORT to another port.",
        )


def _reached_at(bind: str) -> str:
    """The address browsers on this machine use; "every address" is none."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
    return f"[{host}]" if ":" in host else host


def _listen(bind: str, port: int) -> socket.socket:
    return socket.create_server((bind, port), family=socket.AF_INET6 if ":" in bind else socket.AF_INET)


def _is_free(bind: str, port: int) -> bool:
    try:
        _listen(bind, port).close()
    except OSError:
        return False
    return True


def _free_port(bind: str, wished: int) -> int:
    """The wished port, or any free one: browsers are told which by the pages."""
    if _is_free(bind, wished):
        return wished
    with _listen(bind, 0) as free:
        return int(free.getsockname()[1])


def _child(environ: dict[str, str], *words: str) -> Child:
    return Child(" ".join(words), (sys.executable, "-m", "hotline", *words), environ)


def _prepare(pack: str, environ: dict[str, str], supervisor: Supervisor) -> bool:
    """Tables, pack and demo data, in a process of their own so that we stay small. False when it failed or we must stop."""
    child = Child("prepare", (sys.executable, "-m", "hotline.running.prepare", pack), environ)
    child.start()
    assert child.process is not None
    while (code := child.process.poll()) is None:
        if supervisor.stopping.wait(0.02):
            child.terminate()
            child.process.wait()
            return False
    return code == 0


def _answers(url: str, supervisor: Supervisor) -> bool:
    """Wait until the pages answer; False when told to stop. Raises `Fault` when they never do."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while not supervisor.stopping.wait(0.02):
        try:
            urllib.request.urlopen(url, timeout=ANSWER_SECONDS).close()
            return True
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return True
            supervisor.stopping.wait(1.0)  # up, but not well: what is wrong is in the lines above
        except OSError:
            pass  # not listening yet
        supervisor.look()
        if time.monotonic() > deadline:
            raise Fault(
                "Trang web không trả lời; xem các dòng ở trên.", "The pages do not answer; see the lines above."
            )
    return False


def _welcome(home: Path, environ: dict[str, str], fetched: Sequence[str], seconds: float) -> None:
    site = environ["HOTLINE_SITE_URL"]
    say(f"""
Hotline 1022 — sẵn sàng sau {seconds:.1f} giây / ready in {seconds:.1f} s
  Người dân / citizens      {site}/
  Cán bộ / staff            {site}/console/
  Thư sẽ gửi / mail caught  {site}/mail-sink/
  Dữ liệu / data            {home}""")
    if fetched:
        say(f"  Hộp thư đến / mail fetched {', '.join(fetched)}")
    if (home / "database").is_symlink():
        say(
            f"  Cơ sở dữ liệu / database  {(home / 'database').resolve()}\n"
            "                            (PostgreSQL không chạy bằng root và tài khoản của nó không vào được thư mục trên / "
            "PostgreSQL does not run as root, and its account may not enter the folder above)"
        )
    say("")
    sign_ins = home / "sign-ins.txt"
    if sign_ins.exists():
        say(sign_ins.read_text())
    say("Ctrl-C để dừng / to stop")
