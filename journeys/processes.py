"""Looking at a running installation from outside: its processes, and whether its pages answer."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from journeys.product import Product


def answers(product: Product) -> bool:
    try:
        with urllib.request.urlopen(product.url, timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, OSError):
        return False


def until(condition: Callable[[], object], seconds: float, product: Product) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, product.tail()
        time.sleep(0.1)


def descendants(pid: int) -> dict[int, str]:
    """Process numbers below `pid` with their command lines."""
    found: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found[int(entry.name)] = f"{parent} {line}"
    below: dict[int, str] = {}
    wave = {pid}
    while wave:
        wave = {number for number, text in found.items() if int(text.split()[0]) in wave and number not in below}
        below |= {number: found[number].partition(" ")[2] for number in wave}
    return below


def main_process(product: Product, word: str) -> int | None:
    """The supervised process of a name; None while it waits to be started again."""
    for number, line in sorted(descendants(product.process.pid).items()):
        if line.endswith(f"-m hotline {word}"):
            return number
    return None
