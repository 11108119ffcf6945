"""`bin/bench`: how fast it is, as ratios in one run on one machine.

A durable database (fsync on) in a temporary home, two web workers, the load generator on the same cores. The table says
what was measured how; the peers' figures beside it were measured on a machine of the same size.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from contextlib import closing
from pathlib import Path

from journeys.product import ROOT, free_port
from journeys.reporting import open_form, report_fields

CONNECTIONS = 8
SECONDS = 10.0
READS = 400
PEERS = {
    "create": "Signalen 15/s · Request Tracker 3,8/s · django-helpdesk 52/s",
    "list": "Signalen 405 ms (5,3 k rows) · Request Tracker 240 ms (230) · django-helpdesk 1.300 ms (3,1 k)",
    "case": "Signalen 100 ms · Request Tracker 247 ms · django-helpdesk 1.180 ms",
    "mail": "Request Tracker mail gateway 4/s",
}


def main() -> int:
    """Measure at each size and print the table."""
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 200_000], help="sizes to measure at, ascending")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="length of each measurement of writing")
    arguments = parser.parse_args()
    rows: list[tuple[str, list[str], str]] = []
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        Path(folder).chmod(0o755)  # the database's own account walks through it
        environ = _environ(Path(folder))
        _hotline(environ, "database", "start")
        environ["DATABASE_URL"] = _hotline(environ, "database", "url").strip()
        try:
            results = _measure_all(environ, sorted(arguments.cases), arguments.seconds)
        finally:
            environ.pop("DATABASE_URL")
            _hotline(environ, "database", "stop")
    for key, label, peer in _ROWS:
        rows.append((label, [results[size].get(key, "") for size in results], PEERS.get(peer, "")))
    _print(list(results), rows)
    return 0


_ROWS = [
    ("http", "create over HTTP, 8 connections, 2 web workers [/s]", "create"),
    ("http_p99", "… p99 [ms]", ""),
    ("process1", "create in-process, 1 process [/s]", "create"),
    ("process2", "create in-process, 2 processes [/s]", ""),
    ("list", "inbox list of 50, p50 / p95 [ms]", "list"),
    ("case", "case page, p50 / p95 [ms]", "case"),
    ("deadline", "deadline evaluations [/s]", ""),
    ("mail", "mail taken in, 1 process [/s]", "mail"),
    ("simulate", "simulate N cases from the database; a million in memory", ""),
]


def _environ(home: Path) -> dict[str, str]:
    port = free_port()
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "HOTLINE_HOME", "HOTLINE_SECRET_KEY")}
    return {
        **clean, "HOTLINE_HOME": str(home / "home"), "HOTLINE_PORT": str(port), "HOTLINE_WORKERS": "2",
        "HOTLINE_SECRET_KEY": "bench-" + uuid.uuid4().hex, "HOTLINE_REPORTS_PER_HOUR": "0", "HOTLINE_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "hotline.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def _hotline(environ: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "hotline", *words], cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"hotline {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _measure_all(environ: dict[str, str], sizes: list[int], seconds: float) -> dict[int, dict[str, str]]:
    _hotline(environ, "migrate", "-v0")
    _hotline(environ, "load_pack", "quang-nam")
    _hotline(environ, "demo")
    results: dict[int, dict[str, str]] = {}
    have = 0
    for size in sizes:
        began = time.monotonic()
        _hotline(environ, "demo", "--cases", str(size - have))
        have = size
        print(f"{_number(size)} cases generated in {time.monotonic() - began:.0f} s", flush=True)
        _worker(environ, "settle")
        results[size] = _measure(environ, seconds)
        for key, value in results[size].items():
            print(f"  {key}: {value}", flush=True)
    return results


def _measure(environ: dict[str, str], seconds: float) -> dict[str, str]:
    facts = json.loads(_worker(environ, "facts"))
    port = int(environ["HOTLINE_PORT"])
    result: dict[str, str] = {}
    web = subprocess.Popen([sys.executable, "-m", "hotline", "web"], cwd=ROOT, env=environ)
    try:
        _wait_for(port)
        lists = ["/console/inbox/all/", *(f"/console/inbox/all/?agency={agency}" for agency in facts["agencies"])]
        result["list"] = _reads(port, facts["session"], lists)
        result["case"] = _reads(port, facts["session"], [f"/console/case/{code}/" for code in facts["codes"]])
        rate, p99 = _create_over_http(port, facts, seconds)
        result["http"], result["http_p99"] = f"{rate:.0f}", f"{p99:.0f}"
    finally:
        web.terminate()
        web.wait(20)
    for key, count in (("process1", 1), ("process2", 2)):
        result[key] = f"{_in_processes(environ, 'create', count, seconds):.0f}"
    result["mail"] = f"{_in_processes(environ, 'mail', 1, seconds):.0f}"
    result["simulate"] = _worker(environ, "simulate").strip()
    result["deadline"] = _number(int(_in_processes(environ, "deadline", 1, 3)))
    return result


def _in_processes(environ: dict[str, str], what: str, count: int, seconds: float) -> float:
    command = [sys.executable, "-m", "journeys.bench_work", what, str(seconds)]
    running = [subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return sum(float(process.communicate()[0]) for process in running)


def _worker(environ: dict[str, str], what: str) -> str:
    command = [sys.executable, "-m", "journeys.bench_work", what, "0"]
    return subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True, check=True).stdout


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/")
                connection.getresponse().read()
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the pages do not answer")


def _reads(port: int, session: str, paths: list[str]) -> str:
    """p50 / p95 of READS requests one after another, after a short warm-up of both workers."""
    chooser = random.Random(1022)
    times = []
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        for number in range(READS + 40):
            path = chooser.choice(paths)
            began = time.perf_counter()
            connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{path} answered {response.status}: {body[:300]!r}")
            if number >= 40:
                times.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(times):.1f} / {statistics.quantiles(times, n=20)[18]:.1f}"


def _create_over_http(port: int, facts: dict, seconds: float) -> tuple[float, float]:
    """Reports a second through the portal's form, from CONNECTIONS connections; and the p99 in ms."""
    times: list[float] = []
    errors: list[str] = []
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_reporter, args=(port, facts, number, until, times, errors)) for number in range(CONNECTIONS)
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise SystemExit(f"{len(errors)} reports failed, the first: {errors[0]}")
    return len(times) / (time.monotonic() - began), statistics.quantiles(times, n=100)[98] * 1000


def _reporter(port: int, facts: dict, number: int, until: float, times: list[float], errors: list[str]) -> None:
    chooser = random.Random(number)
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        send = open_form(connection)
        while time.monotonic() < until:
            began = time.perf_counter()
            status, where = send(report_fields(chooser, facts["fields"], facts["areas"]))
            if status not in (302, 303) or "/receipt/" not in where:
                errors.append(f"{status} {where}")
                return
            times.append(time.perf_counter() - began)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _print(sizes: list[int], rows: list[tuple[str, list[str], str]]) -> None:
    head = ["", *(f"{_number(size)} cases" for size in sizes), "peers (2 cores, see docs/benchmarks.md)"]
    table = [head, *([label, *values, peer] for label, values, peer in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(head))]
    print()
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    raise SystemExit(main())
