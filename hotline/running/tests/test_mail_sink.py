"""The mail sink, over a real connection."""

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A running sink: its folder and its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        folder = tmp_path / "mail"
        process = subprocess.Popen(
            [sys.executable, "-m", "hotline.running.mail_sink", str(folder), str(listening.fileno())],
            pass_fds=[listening.fileno()],
        )
    yield folder, port
    process.terminate()
    process.wait()


def test_a_message_is_stored_whole_with_its_envelope(sink: tuple[Path, int]) -> None:
    folder, port = sink
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "1022@quangnam.example", "lan@example.vn", "Phiếu QNM-2026-000001"
    message.set_content("Kính gửi bà Lan,\n.dòng bắt đầu bằng dấu chấm\nĐã khắc phục.")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.send_message(message, "bounce+1@quangnam.example", ["lan@example.vn", "hai@example.vn"])
        server.send_message(message)
    first, second = sorted(folder.glob("*.eml"))
    stored = BytesParser(policy=default).parsebytes(first.read_bytes())
    assert stored["X-Envelope-From"] == "bounce+1@quangnam.example"
    assert stored.get_all("X-Envelope-To") == ["lan@example.vn", "hai@example.vn"]
    assert stored["Subject"] == "Phiếu QNM-2026-000001"
    assert stored.get_body().get_content().splitlines() == [
        "Kính gửi bà Lan,", ".dòng bắt đầu bằng dấu chấm", "Đã khắc phục.",
    ]  # fmt: skip
    assert first.name < second.name
    assert sorted(folder.iterdir()) == [first, second], "nothing unfinished is left"
    assert folder.stat().st_mode & 0o077 == 0, "letters to citizens are nobody else's"


def test_a_connection_broken_in_the_middle_stores_nothing(sink: tuple[Path, int]) -> None:
    folder, port = sink
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        server.ehlo()
        server.mail("a@example.vn")
        server.rcpt("b@example.vn")
        server.putcmd("DATA")
        server.getreply()
        server.send(b"Subject: half a mes")
        server.sock.close()
        server.sock = None
    time.sleep(0.2)
    assert list(folder.iterdir()) == []
