"""Push: a small raw ASGI application. Server-sent events that carry ids only; the page re-fetches what it may see.

A page brings a token signed by the pages (`live.actions.sign_topics`); acts arrive over LISTEN and are replayed from the
journal after `Last-Event-ID`, so that a phone that slept misses nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402  settings must be ready first
from django.core.signing import BadSignature  # noqa: E402

from hotline.live.actions import read_topics  # noqa: E402

log = logging.getLogger("hotline.push")
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

HEARTBEAT_SECONDS = 20  # a dead telephone is noticed, a proxy does not close the line
REPLAY_LIMIT = 300  # after a long sleep the page reloads its lists anyway
REPLAY_SLACK = 100  # ids are drawn before commit: an act with a smaller id may have appeared after a larger one
REPLAY_REACH = 20_000  # how far back the journal is read at the most
QUEUE_LIMIT = 500  # a client that does not read is dropped; it reconnects and replays


class Listeners:
    """Connected pages by topic. One LISTEN connection feeds them all."""

    def __init__(self) -> None:
        self.by_topic: dict[str, set[asyncio.Queue[tuple[int, str] | None]]] = {}
        self.task: asyncio.Task[None] | None = None

    def join(self, topics: frozenset[str]) -> asyncio.Queue[tuple[int, str] | None]:
        """A queue that receives (act id, data) for these topics."""
        queue: asyncio.Queue[tuple[int, str] | None] = asyncio.Queue(QUEUE_LIMIT)
        for topic in topics:
            self.by_topic.setdefault(topic, set()).add(queue)
        return queue

    def leave(self, topics: frozenset[str], queue: asyncio.Queue[tuple[int, str] | None]) -> None:
        """Forget a page that went away."""
        for topic in topics:
            members = self.by_topic.get(topic)
            if members is not None:
                members.discard(queue)
                if not members:
                    del self.by_topic[topic]

    def publish(self, payload: str) -> None:
        """Hand one act to every page that listens to one of its topics, once each, with only the topics it knows."""
        act = json.loads(payload)
        heard: dict[asyncio.Queue[tuple[int, str] | None], list[str]] = {}
        for topic in act["topics"]:
            for queue in self.by_topic.get(topic, ()):
                heard.setdefault(queue, []).append(topic)
        for queue, topics in heard.items():
            try:
                queue.put_nowait((act["id"], json.dumps({"id": act["id"], "topics": topics})))
            except asyncio.QueueFull:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)

    async def listen_for_ever(self) -> None:
        """Keep one LISTEN connection; when the database comes back, tell every page to look again."""
        pause = 0.5
        while True:
            try:
                async with await connect() as connection:
                    await connection.execute("LISTEN acts")
                    if pause > 0.5:
                        self.everybody_reconnects()  # they replay what was missed
                    pause = 0.5
                    async for notification in connection.notifies():
                        self.publish(notification.payload)
            except (psycopg.Error, OSError) as error:
                pause = min(pause * 2, 10.0)
                log.error("push lost the database (%s); trying again in %.0f s", error, pause)
                await asyncio.sleep(pause)

    def everybody_reconnects(self) -> None:
        """End every stream; EventSource reconnects by itself with Last-Event-ID."""
        for queue in {q for members in self.by_topic.values() for q in members}:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)


listeners = Listeners()
_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    # The signed token is the only authority and the events are ids: pages on another port of ours may read them.
    (b"access-control-allow-origin", b"*"),
]


async def connect() -> psycopg.AsyncConnection:
    """A connection of the pages' own database settings."""
    database = settings.DATABASES["default"]
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    parts = {libpq: database[key] for key, libpq in known.items() if database.get(key)}
    return await psycopg.AsyncConnection.connect(**parts, **database.get("OPTIONS", {}), autocommit=True)


async def missed(topics: frozenset[str], after: int) -> list[tuple[int, str]]:
    """Acts on these topics after an id (with some slack: looking twice is harmless), oldest first, a bounded number."""
    async with await connect() as connection:
        rows = await (
            await connection.execute(
                "SELECT id, topics FROM journal_act "
                "WHERE id > greatest(%s, (SELECT coalesce(max(id), 0) FROM journal_act) - %s) "
                "AND topics && %s::varchar[] ORDER BY id LIMIT %s",
                (after - REPLAY_SLACK, REPLAY_REACH, sorted(topics), REPLAY_LIMIT),
            )
        ).fetchall()
    return [(i, json.dumps({"id": i, "topics": [t for t in on if t in topics]})) for i, on in rows]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """ASGI: GET /push/?t=<token>[&t=…][&after=<id>] streams events; everything else is 404."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _stream(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            listeners.task = asyncio.create_task(listeners.listen_for_ever())
            await send({"type": "lifespan.startup.complete"})
        else:
            if listeners.task:
                listeners.task.cancel()
            listeners.everybody_reconnects()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    headers = dict(scope["headers"])
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if scope["path"] != "/push/" or scope["method"] != "GET":
        return await _refuse(send, 404)
    try:
        topics = frozenset[str]().union(*(read_topics(token) for token in query.get("t", [""])))
    except BadSignature:
        return await _refuse(send, 403)
    after = headers.get(b"last-event-id", query.get("after", [""])[0].encode()).decode("latin-1")
    queue = listeners.join(topics)  # before the replay: nothing falls between
    reader = asyncio.create_task(_until_gone(receive, queue))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await _write(send, b"retry: 2000\n\n")
        seen = int(after) if after.isdigit() else 0
        if seen:
            for number, data in await missed(topics, seen):
                await _write(send, _event(number, data))
        while True:
            try:
                item = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                await _write(send, b": \n\n")
                continue
            if item is None:
                break
            await _write(send, _event(*item))
        await send({"type": "http.response.body", "body": b""})
    except (psycopg.Error, OSError) as error:
        log.warning("a stream ended: %s", error)  # the browser reconnects by itself
    finally:
        reader.cancel()
        listeners.leave(topics, queue)


async def _until_gone(receive: Receive, queue: asyncio.Queue[tuple[int, str] | None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(None)


def _event(number: int, data: str) -> bytes:
    return f"id: {number}\ndata: {data}\n\n".encode()


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b""})
