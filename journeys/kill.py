"""kill -9 while reports come in: `python -m journeys.kill [--seconds 30]` prints what was acknowledged and what is there.

Citizens send reports through the form and, like people, try again with the same form when no receipt comes. Every second
or so the database, the pages, the worker or the sweeper is killed. At the end each acknowledged report must be there once,
with one case, one act of opening and one letter.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg

from journeys.product import Product, start
from journeys.reporting import open_form, report_fields

REPORTERS = 4
VICTIMS = ("postgres", "web", "work", "sweep")
SETTLE_SECONDS = 240.0  # jobs of a killed worker are put back within half a minute; on a busy machine letters wait behind


def main() -> int:
    """Run, print the counts, and exit 1 when one of them is wrong."""
    parser = argparse.ArgumentParser(prog="python -m journeys.kill", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hotline-kill-") as folder:
        Path(folder).chmod(0o755)
        product = start(Path(folder) / "home", HOTLINE_REPORTS_PER_HOUR="0", HOTLINE_DEMO="0", HOTLINE_SWEEP_SECONDS="1")
        try:
            counts = run(product, arguments.seconds)
        finally:
            product.stop()
    for name, value in counts.items():
        print(f"{name:<44}{value:>8}")
    wrong = faults(counts)
    print("\n".join(wrong) if wrong else "Nothing lost, nothing doubled.")
    return 1 if wrong else 0


def faults(counts: dict[str, int]) -> list[str]:
    """What the counts prove wrong, in words."""
    sent = counts["acknowledged reports"]
    checks = {
        "an acknowledged report is missing": counts["acknowledged and there"] != sent,
        "a report is there twice": counts["contacts"] != counts["different reports there"],
        "a report has no case, or two": counts["cases"] != counts["contacts"],
        "a case has no act of opening, or two": counts["acts of opening"] != counts["cases"],
        "a letter was not sent": counts["letters sent"] != counts["cases"],
        "a letter reached somebody as two different mails": counts["different mails"] != counts["cases"],
        "nothing was acknowledged": sent == 0,
        "nobody was killed": counts["kills"] == 0,
    }
    return [words for words, wrong in checks.items() if wrong]


def run(product: Product, seconds: float) -> dict[str, int]:
    """Report and kill for some seconds, let it settle, count."""
    url = database_url(product)
    with psycopg.connect(url) as connection:
        fields = [row[0] for row in connection.execute("SELECT id FROM hotlines_field")]
        areas = [row[0] for row in connection.execute("SELECT id FROM organisation_area WHERE served AND kind = 'commune'")]
    acknowledged: set[str] = set()
    stop = threading.Event()
    reporters = [
        threading.Thread(target=_report, args=(product.url, number, fields, areas, acknowledged, stop))
        for number in range(REPORTERS)
    ]
    for reporter in reporters:
        reporter.start()
    kills = _kill_for(product, seconds)
    stop.set()
    for reporter in reporters:
        reporter.join()
    return {"kills": kills, **_count(product, url, acknowledged)}


def database_url(product: Product) -> str:
    """Where the installation keeps its data."""
    return product.hotline("database", "url").stdout.decode().strip()


def _report(
    url: str, number: int, fields: list[int], areas: list[int], acknowledged: set[str], stop: threading.Event
) -> None:
    chooser = random.Random(number)
    place = urlsplit(url)
    while not stop.is_set():
        report = report_fields(chooser, fields, areas)
        while True:  # until there is a receipt: this citizen does not give up
            with suppress(OSError, http.client.HTTPException, ValueError), closing(
                http.client.HTTPConnection(place.hostname or "", place.port, timeout=10)
            ) as connection:
                status, where = open_form(connection)(report)
                if status in (302, 303) and "/receipt/" in where:
                    acknowledged.add(report["submission"])
                    break
                if status < 500:
                    raise SystemExit(f"refused: {status} {where}")
            time.sleep(0.2)


def _kill_for(product: Product, seconds: float) -> int:
    chooser = random.Random(1022)
    until, kills = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        time.sleep(chooser.uniform(1.5, 3.5))
        victim = chooser.choice(VICTIMS)
        for process in _processes(product, victim)[:1]:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
                print(f"killed {victim} ({process.pid})", file=sys.stderr)
    return kills


def _processes(product: Product, name: str) -> list[psutil.Process]:
    """The processes of one part, its own head last: a worker of the pages dies as often as all of them."""
    found = []
    for process in psutil.Process(product.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            words = process.cmdline()
            part = words[-1] if words else ""
            if (name == "postgres" and "postgres" in process.name() and "-D" in words) or part == name:
                found.append(process)
    random.shuffle(found)
    return found


def _count(product: Product, url: str, acknowledged: set[str]) -> dict[str, int]:
    """Wait until the jobs are done, then count what is there and what was sent."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while True:
        try:
            with psycopg.connect(url) as connection:
                counts = _database_counts(connection, acknowledged)
        except psycopg.OperationalError:
            counts = {"waiting": 1}
        if not counts.pop("waiting") or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    mails = [path.read_bytes() for path in sorted((product.home / "mail").glob("*.eml"))]
    ids = [found[1] for mail in mails if (found := re.search(rb"(?im)^Message-ID: *(<[^>]+>)", mail))]
    return {**counts, "different mails": len(set(ids)), "mails handed over (a second time has the same id)": len(ids)}


def _database_counts(connection: psycopg.Connection, acknowledged: set[str]) -> dict[str, int]:
    def one(query: str) -> int:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
        return int(row[0]) if row else 0

    came = "FROM conversations_contact WHERE direction = 'in'"
    there = {row[0] for row in connection.execute(f"SELECT external_id {came}")}  # type: ignore[arg-type]
    waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name IN ('react', 'deliver')"
    return {
        "acknowledged reports": len(acknowledged),
        "acknowledged and there": len(acknowledged & there),
        "contacts": one(f"SELECT count(*) {came}"),
        "different reports there": len(there),
        "cases": one("SELECT count(*) FROM cases_case"),
        "acts of opening": one("SELECT count(*) FROM journal_act WHERE kind = 'case.opened'"),
        "letters sent": one("SELECT count(*) FROM conversations_contact WHERE direction = 'out' AND delivery = 'sent'"),
        "waiting": one(waiting),
    }


if __name__ == "__main__":
    raise SystemExit(main())
