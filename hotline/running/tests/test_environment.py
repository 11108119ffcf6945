"""What a process finds in its environment and in its home."""

import subprocess
import sys
from pathlib import Path

import pytest

from hotline.database import Fault
from hotline.running.environment import complete, home_of, make_home, number, remember, secret_key
from hotline.running.run import _place


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8022.5", "٨٠٢٢", "http", " "])
def test_a_port_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(Fault, match="HOTLINE_PORT="):
        number({"HOTLINE_PORT": text}, "HOTLINE_PORT", 8022)


@pytest.mark.parametrize(("environ", "expected"), [({}, 8022), ({"HOTLINE_PORT": ""}, 8022), ({"HOTLINE_PORT": "80"}, 80)])
def test_a_port_not_given_is_the_usual_one(environ: dict[str, str], expected: int) -> None:
    assert number(environ, "HOTLINE_PORT", 8022) == expected


def test_the_home_is_the_one_given_else_beside_the_package(tmp_path: Path) -> None:
    assert home_of({"HOTLINE_HOME": str(tmp_path / "a" / ".." / "b")}) == tmp_path / "b"
    assert home_of({}).name == ".home"
    assert (home_of({}).parent / "hotline").is_dir()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from hotline.running.environment import secret_key; "
        "print(secret_key(pathlib.Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    at_once = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    keys = {process.communicate()[0].strip() for process in at_once}
    assert keys == {secret_key(tmp_path)}
    assert len(keys.pop()) >= 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Fault, match="choose another one with HOTLINE_HOME"):
        make_home(tmp_path / "file" / "home")


def test_a_command_by_hand_is_told_what_is_in_use_and_what_is_given_wins(tmp_path: Path) -> None:
    remember(tmp_path, {"HOTLINE_SITE_URL": "http://127.0.0.1:9", "HOTLINE_SMTP_PORT": "25", "HOME": "/root"})
    environ = {"HOTLINE_HOME": str(tmp_path), "DATABASE_URL": "postgresql:///given", "HOTLINE_SMTP_PORT": "2525"}
    complete(environ)
    assert environ["HOTLINE_SITE_URL"] == "http://127.0.0.1:9"
    assert environ["HOTLINE_SMTP_PORT"] == "2525"
    assert environ["DATABASE_URL"] == "postgresql:///given"
    assert environ["HOTLINE_SECRET_KEY"] == secret_key(tmp_path)
    assert "HOME" not in environ


def test_without_a_database_a_command_says_how_to_get_one_and_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="run bin/run once, or set DATABASE_URL"):
        complete({"HOTLINE_HOME": str(tmp_path / "home")})
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("asked", "home"), [
    ([], ".home"),  # the usual pack
    (["usual"], ".home"),
    (["other"], ".home-other"),  # one installation serves one authority
    (["packs/other/"], ".home-other"),
])  # fmt: skip
def test_each_place_has_a_home_of_its_own(tmp_path: Path, asked: list[str], home: str) -> None:
    (tmp_path / "default").write_text("usual\n")
    environ = {"HOTLINE_PACKS": str(tmp_path)}
    assert home_of(environ, _place(asked, environ)).name == home
    assert home_of({**environ, "HOTLINE_HOME": str(tmp_path)}, _place(asked, environ)) == tmp_path
