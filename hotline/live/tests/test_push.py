"""The push server for real: uvicorn on loopback, LISTEN on the real PostgreSQL, a page that reads the stream."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import quote

import pytest
import uvicorn
from django.db import connection, transaction

from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.live.actions import sign_topics
from hotline.testing.cast import FRIDAY_BEFORE_TET
from hotline.testing.committed import at_once, clear


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """The push server on a free port."""
    from hotline.push import application

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="on", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def clean(db: None) -> Iterator[None]:
    """What the acts of these tests commit goes away again."""
    yield
    connection.connection.rollback()
    at_once(1, lambda _: clear())


def happen(*topics: str) -> int:
    """One committed act on these topics; its number."""

    def write(_: int) -> int:
        with transaction.atomic():
            return record("case.noted", "case", 1, SYSTEM, FRIDAY_BEFORE_TET, topics=topics).pk

    return at_once(1, write)[0]


def listen(port: int, *topics: str, after: int | None = None) -> http.client.HTTPConnection:
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Last-Event-ID": str(after)} if after is not None else {}
    page.request("GET", f"/push/?t={quote(sign_topics(topics))}", headers=headers)
    return page


def ready(page: http.client.HTTPConnection) -> http.client.HTTPResponse:
    """Wait until the stream stands."""
    response = page.getresponse()
    assert response.status == 200
    assert response.getheader("Content-Type") == "text/event-stream"
    assert response.readline() == b"retry: 2000\n"
    return response


def next_event(response: http.client.HTTPResponse) -> dict:
    while True:
        line = response.readline()
        if line.startswith(b"data: "):
            return json.loads(line[6:])


def test_an_act_is_heard_within_a_second_and_carries_ids_only(port: int, clean: None) -> None:
    with closing(listen(port, "case:1", "desk")) as page:
        response = ready(page)
        began = time.monotonic()
        number = happen("case:1", "agency:7")
        event = next_event(response)
        assert time.monotonic() - began < 1
        assert event == {"id": number, "topics": ["case:1"]}, "only the topic this page knows, and no word of the act"


def test_other_topics_are_not_heard(port: int, clean: None) -> None:
    with closing(listen(port, "case:2")) as page:
        response = ready(page)
        happen("case:3")
        mine = happen("case:2")
        assert next_event(response)["id"] == mine


def test_what_was_missed_is_replayed(port: int, clean: None) -> None:
    first = happen("case:1")
    second = happen("case:1")
    with closing(listen(port, "case:1", after=first)) as page:
        response = ready(page)
        seen = {next_event(response)["id"]}
        if second not in seen:
            seen.add(next_event(response)["id"])
        assert second in seen


@pytest.mark.parametrize("token", ["", "forged", "eyJhIjoxfQ:1abc:zzz"])
def test_a_forged_token_hears_nothing(port: int, token: str, clean: None) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as page:
        page.request("GET", f"/push/?t={quote(token)}")
        assert page.getresponse().status == 403


def test_other_addresses_do_not_exist(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as page:
        page.request("GET", "/anything/")
        assert page.getresponse().status == 404


def test_after_the_database_hung_up_pages_reconnect_and_miss_nothing(port: int, clean: None) -> None:
    before = happen("case:1")
    with closing(listen(port, "case:1")) as page:
        response = ready(page)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN acts'")
        missed = happen("case:1")
        while response.readline():
            pass  # the server ends the stream when it has the database again: EventSource comes back by itself
    with closing(listen(port, "case:1", after=before)) as page:
        response = ready(page)
        heard = {next_event(response)["id"]}
        while missed not in heard:
            heard.add(next_event(response)["id"])
    assert Act.objects.filter(pk=missed).exists()
