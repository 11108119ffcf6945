"""The mail server of `bin/run`: takes every message and delivers none. The page /mail-sink/ shows what would be sent."""

import asyncio
import os
import secrets
import socket
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Stores each message as one file in `folder`; names sort by time of receipt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer 250 only when the message is safely on disk."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
        await asyncio.to_thread(self.store, name, envelope, now)
        return f"250 stored as {name}"

    def store(self, name: str, envelope: Envelope, now: datetime) -> None:
        """Write the message with the envelope on top, under its final name only when it is complete."""
        head = [f"X-Envelope-From: {envelope.mail_from or '<>'}"]
        head += [f"X-Envelope-To: {recipient}" for recipient in envelope.rcpt_tos]
        head += [f"X-Received-At: {format_datetime(now)}"]
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        unfinished = self.folder / f".{name}.unfinished"
        with unfinished.open("wb") as file:
            file.write("\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n" + content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self.folder / f"{name}.eml")


async def serve(folder: Path, listening: socket.socket) -> None:
    """Take mail on a listening socket for ever."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(Sink(folder), enable_SMTPUTF8=True, data_size_limit=50_000_000, ident="hotline", loop=loop)

    server = await loop.create_server(session, sock=listening)
    async with server:
        await server.serve_forever()


def main(arguments: list[str]) -> int:
    """`python -m hotline.running.mail_sink FOLDER DESCRIPTOR`: the socket is opened by the supervisor and inherited."""
    folder, descriptor = arguments
    asyncio.run(serve(Path(folder), socket.socket(fileno=int(descriptor))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
