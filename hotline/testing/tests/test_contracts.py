"""Every import contract fails on a deliberate violation: a contract that cannot fail holds nothing up.

The package's sources are copied, one bad import is planted, and import-linter is run on the copy as CI runs it.
"""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [
    names
    for layer in next(contract for contract in CONTRACTS if contract["id"] == "one-way")["layers"]
    if (names := [name.strip() for name in layer.replace("|", ":").split(":") if "(" not in name])
]

# contract, file, the import planted there, what the report must name
NO = "is not allowed to import"
VIOLATIONS = [
    ("one-way", "regulation/clocks.py", "import hotline.cases.models", f"hotline.regulation {NO} hotline.cases"),
    ("one-way", "portal/urls.py", "import hotline.console.urls", f"hotline.portal {NO} hotline.console"),
    ("one-way", "kitchen/__init__.py", "import django", "hotline.kitchen"),
    ("pure", "regulation/clocks.py", "from django.utils import timezone", f"hotline.regulation {NO} django"),
    ("pure", "regulation/working_time.py", "import time", f"hotline.regulation {NO} time"),
    ("pure", "people/rules.py", "from hotline.people import models", f"hotline.people.rules {NO} django"),
    ("pure", "channels/email/rules.py", "import socket", f"hotline.channels.email.rules {NO} socket"),
    ("models", "cases/models.py", "from hotline.cases import actions", f"hotline.cases.models {NO} hotline.cases.actions"),
    ("channels", "channels/email/inbound.py", "import hotline.channels.web", f"channels.email {NO} hotline.channels.web"),
    ("doors", "reactions.py", "import hotline.console.pages.views", "hotline.reactions -> hotline.console.pages.views"),
    ("sealed", "intake/queries.py", "import hotline.sealed.models", "hotline.intake.queries -> hotline.sealed.models"),
    ("sealed", "reactions.py", "from hotline.sealed.actions import read", "hotline.reactions -> hotline.sealed.actions"),
    ("launcher", "database/server.py", "import django", f"hotline.database {NO} django"),
    ("launcher", "running/supervisor.py", "import hotline.settings", f"hotline.running.supervisor {NO} hotline.settings"),
]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package's Python files beside the contracts."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(
        ROOT / "hotline", folder / "hotline",
        ignore=lambda where, names: {
            name for name in names
            if name in ("node_modules", "built", "__pycache__", "migrations", "templates", "static")
            or not (name.endswith(".py") or (Path(where) / name).is_dir())
        },
    )  # fmt: skip
    shutil.copy(ROOT / "pyproject.toml", folder)
    # A door to walk through, whatever the doors of the day are called.
    (folder / "hotline" / "console" / "pages").mkdir(exist_ok=True)
    (folder / "hotline" / "console" / "pages" / "__init__.py").touch()
    (folder / "hotline" / "console" / "pages" / "views.py").touch()
    return folder


def lint(folder: Path, *contracts: str) -> tuple[int, str]:
    """Exit code and report of import-linter on the copy, spaces folded (it wraps its lines)."""
    code = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command; lint_imports_command()"
    chosen = [word for name in contracts for word in ("--contract", name)]
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, "--no-cache", "--config", "pyproject.toml", *chosen],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.fixture
def planted(sources: Path) -> Iterator["Plants"]:
    """A way to add lines to files of the copy; they are taken out again afterwards."""
    plants = Plants(sources / "hotline")
    yield plants
    plants.pull_out()


class Plants:
    """Bad imports in the copy."""

    def __init__(self, package: Path) -> None:
        self.package = package
        self.before: dict[Path, str | None] = {}

    def add(self, file: str, line: str) -> None:
        """Append a line to a file of the copy, which is made if there is none."""
        path = self.package / file
        path.parent.mkdir(exist_ok=True)
        self.before.setdefault(path, path.read_text() if path.exists() else None)
        path.write_text((self.before[path] or "") + f"\n{line}\n")

    def pull_out(self) -> None:
        """Leave the copy as it was."""
        for path, text in self.before.items():
            if text is None:
                path.unlink()
                path.parent.rmdir()
            else:
                path.write_text(text)


def test_the_copy_without_a_violation_keeps_every_contract(sources: Path) -> None:
    code, report = lint(sources)
    assert code == 0, report
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in report


@pytest.mark.parametrize(("contract", "file", "line", "expected"), VIOLATIONS)
def test_a_violation_breaks_its_contract(
    sources: Path, planted: Plants, contract: str, file: str, line: str, expected: str
) -> None:
    planted.add(file, line)
    code, report = lint(sources, contract)
    assert code != 0, report
    assert expected in report


def test_every_contract_has_its_violation() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {violation[0] for violation in VIOLATIONS}


def test_no_layer_may_import_the_one_above_it(sources: Path, planted: Plants) -> None:
    """One bad import at every step of the stair at once; the report names each."""
    expected = []
    for above, below in pairwise(LAYERS):
        package = planted.package / below[0]
        file = f"{below[0]}/__init__.py" if package.is_dir() else f"{below[0]}.py"
        planted.add(file, f"import hotline.{above[0]}")
        expected.append(f"hotline.{below[0]} is not allowed to import hotline.{above[0]}")
    code, report = lint(sources, "one-way")
    assert code != 0
    assert [sentence for sentence in expected if f"{sentence}:" not in report] == []


CLOCKS = frozenset({"now", "utcnow", "today", "localtime", "localdate", "auto_now", "auto_now_add"})


def clock_readings(source: str) -> list[str]:
    """Where a source reads a clock: calls or names like `datetime.now`, and Django's `auto_now`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and isinstance(node.value, ast.Name):
            if node.value.id in ("datetime", "date", "timezone", "django_timezone", "time"):
                found.append(f"line {node.lineno}: {node.value.id}.{node.attr}")
        elif isinstance(node, ast.keyword) and node.arg in CLOCKS:
            found.append(f"line {node.value.lineno}: {node.arg}=")
    return found


def told_the_time() -> list[Path]:
    package = ROOT / "hotline"
    files = {*package.glob("regulation/*.py"), *package.rglob("rules.py"), *package.rglob("models.py")}
    return sorted(path for path in files if "node_modules" not in path.parts)


@pytest.mark.parametrize("path", told_the_time(), ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_and_models_are_told_the_time(path: Path) -> None:
    assert clock_readings(path.read_text()) == []


@pytest.mark.parametrize(
    "source", ["datetime.now(UTC)", "date.today()", "f(default=timezone.now)", "DateTimeField(auto_now_add=True)"]
)
def test_a_clock_that_is_read_is_found(source: str) -> None:
    assert clock_readings(source)
