"""`hotline run` in an empty folder: what it says, what it refuses, and that what it starts comes back when it is killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from journeys.processes import answers, main_process, until
from journeys.product import ROOT, Product, free_port, temporary_home

pytestmark = pytest.mark.journey


def fresh(home: Path, **environ: str) -> dict[str, str]:
    """An environment as on a new machine, without what the test run itself has put there."""
    clean = {key: value for key, value in os.environ.items() if key != "DATABASE_URL" and not key.startswith("HOTLINE_")}
    return {**clean, "HOTLINE_HOME": str(home), "HOTLINE_PORT": str(free_port()), **environ}


def refused(environ: dict[str, str], *words: str) -> str:
    """What `hotline run` says when it does not start: exit code 1 and two lines, Vietnamese and English."""
    done = subprocess.run(
        [sys.executable, "-m", "hotline", "run", *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 2, done.stderr
    return done.stderr


def test_the_newcomer_sees_addresses_and_sign_ins_and_every_page_of_them_answers(product: Product) -> None:
    said = product.log.read_text()
    for path in ("/", "/console/", "/mail-sink/"):
        assert f"{product.url}{path}" in said
        with urllib.request.urlopen(product.url + path, timeout=10) as page:
            assert page.status == 200
    assert product.password in said
    for private in ("secret", "sign-ins.txt", "run.lock", "database/hotline.password"):
        assert (product.home / private).stat().st_mode & 0o077 == 0, private


def test_a_second_run_on_the_same_home_says_where_the_first_is(product: Product) -> None:
    said = refused({**product.environ, "HOTLINE_PORT": str(free_port())})
    assert f"already running on this data folder ({product.home}) at {product.url}" in said
    assert answers(product)


def test_a_command_by_hand_finds_the_running_installation(product: Product) -> None:
    done = product.hotline("shell", "-c", "from django.conf import settings; print(settings.SITE_URL)")
    assert done.stdout.decode().split()[-1] == product.url, done


@pytest.mark.parametrize("word", ["web", "push", "work", "sweep"])
def test_a_process_killed_by_force_comes_back_and_says_so(product: Product, word: str) -> None:
    until(lambda: main_process(product, word), 10, product)
    before = main_process(product, word)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    until(lambda: f"{word} ended (code -9), starting again" in product.log.read_text(), 5, product)
    until(lambda: main_process(product, word) not in (None, before), 10, product)
    until(lambda: answers(product), 20, product)


def test_a_database_killed_by_force_comes_back_under_running_pages(product: Product) -> None:
    pid = int((product.home / "database/data/postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    until(lambda: "PostgreSQL ended, starting again" in product.log.read_text(), 5, product)
    until(lambda: answers(product), 20, product)


def test_a_port_in_use_is_one_sentence_and_nothing_is_made() -> None:
    with temporary_home() as home:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = refused(fresh(home, HOTLINE_PORT=str(port)))
        assert f"Port {port} is in use by another program" in said
        assert not (home / "database").exists()


@pytest.mark.parametrize(
    ("environ", "words", "expected"),
    [
        ({}, ["no-such-province"], "The pack “no-such-province” cannot be read"),
        ({"HOTLINE_PORT": "eight"}, [], "HOTLINE_PORT=eight is not valid"),
        ({"DATABASE_URL": "postgresql://me@127.0.0.1:1/hotline"}, [], "127.0.0.1:1/hotline (DATABASE_URL) cannot be reached"),
        ({"HOTLINE_DATABASE": "docker"}, [], "HOTLINE_DATABASE=docker is not known"),
    ],
)
def test_what_cannot_be_started_is_one_sentence_and_no_database_is_made(
    environ: dict[str, str], words: list[str], expected: str
) -> None:
    with temporary_home() as home:
        assert expected in refused(fresh(home, **environ), *words)
        assert not (home / "database" / "data").exists()


def test_a_broken_pack_is_named_by_file_and_reason_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("name = [")
    with temporary_home() as home:
        assert "pack.toml" in refused(fresh(home), str(tmp_path))
        assert not (home / "database").exists()
