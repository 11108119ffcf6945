"""`bin/setup` where something is missing, and where nothing is: the installation itself is what the tests run in."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from journeys.product import ROOT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing installed: the scripts and the lock files."""
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def setup(checkout: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bin/setup"], cwd=checkout, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )


def test_without_a_python_it_is_one_sentence_and_nothing_is_made(checkout: Path) -> None:
    done = setup(checkout, HOTLINE_PYTHON="python-nowhere")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Cần Python 3.11 trở lên nhưng máy này chưa có; hãy cài đặt (ví dụ: apt install python3) rồi chạy lại.",
        "Python 3.11 or newer is needed and was not found; install it (for example: apt install python3) and run this again.",
    ]
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_none(checkout: Path) -> None:
    old = checkout / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n")  # what a Python 3.10 answers to our question
    old.chmod(0o755)
    done = setup(checkout, HOTLINE_PYTHON=str(old))
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_an_installation_that_fails_is_not_taken_for_done(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text("django==5.2.19 --hash=sha256:" + "0" * 64 + "\n")
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(checkout), "PIP_CONFIG_FILE": os.devnull}
    done = setup(checkout, **nowhere)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("The packages of requirements.lock could not be installed")
    assert (checkout / ".venv").exists() and not (checkout / ".venv" / "stamp").exists(), "the next call begins anew"


def test_a_warm_call_costs_next_to_nothing() -> None:
    if not (ROOT / ".venv" / "stamp").exists():
        pytest.fail("the tests are to be run by bin/test, which calls bin/setup")
    took = []
    for _ in range(10):
        begin = _of_children()
        subprocess.run(["bin/setup", "--dev"], cwd=ROOT, check=True)
        took.append(_of_children() - begin)
    assert min(took) < 0.05, took


def _of_children() -> float:
    """Processor time of the processes we started and that have ended: what a call costs, whoever else computes here."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
