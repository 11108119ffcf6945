"""The regulation is told the time: it imports neither Django nor a clock, nor anything else of the house."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1]
MODULES = sorted(FOLDER.glob("*.py"))
CLOCKS = {"now", "utcnow", "today", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}


def offences(source: str) -> list[str]:
    """What in this source reaches outside the regulation or reads a clock."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            top = name.split(".")[0]
            ours = name == "hotline.regulation" or name.startswith("hotline.regulation.")
            if not ours and (top not in sys.stdlib_module_names | {"holidays"} or top in {"time", "os", "random"}):
                found.append(f"imports {name}")
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            found.append(f"reads a clock: {node.attr}")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_a_module_of_the_regulation_is_pure(module: Path) -> None:
    assert offences(module.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import django",
        "from django.utils import timezone",
        "from hotline.cases import models",
        "import time",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import date\nday = date.today",
    ],
)
def test_the_check_sees_what_it_looks_for(source: str) -> None:
    assert offences(source)


def test_importing_all_of_it_loads_no_django() -> None:
    names = ", ".join(f"hotline.regulation.{path.stem}" for path in MODULES if path.stem != "__init__")
    code = f"import sys, {names}; sys.exit('django' in sys.modules or 'holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parents[1], check=False).returncode == 0


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_no_file_is_too_long(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 400
