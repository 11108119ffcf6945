"""The sweeper, real processes and real signals included: what is due is done once, whoever is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from hotline.cases import actions
from hotline.cases.models import Case, Clock
from hotline.cases.sweeping import Swept, sweep_once
from hotline.cases.tests.conftest import Desk, at
from hotline.journal.models import Act
from hotline.testing.cast import Cast
from hotline.testing.committed import at_once

MONDAY = at("02/03 08:00")


def acts(kind: str) -> list[tuple[int, str]]:
    return [(a.subject_id, a.after.get("clock", "")) for a in Act.objects.filter(kind=kind).order_by("id")]


# -- one sweep ----------------------------------------------------------------------------------------------------------

MOMENTS = [
    ("02/03 15:59", Swept(), "two working hours before 03/03 08:00 is 02/03 16:00: not yet"),
    ("02/03 16:01", Swept(warned=1), "one working hour today and one tomorrow are left"),
    ("03/03 08:00", Swept(warned=1), "on the due moment itself the work is still in time; the missed warning goes out"),
    ("03/03 08:01", Swept(overdue=1), "a minute late is late"),
]


@pytest.mark.parametrize(("now", "does", "why"), MOMENTS)
def test_a_focal_persons_eight_hours(desk: Desk, now: str, does: Swept, why: str) -> None:
    desk.assigned(MONDAY)
    assert sweep_once(at(now)) == does, why
    assert sweep_once(at(now)) == Swept(), "once"


def test_overdue_is_seen_on_the_case_and_starts_the_heads_clock(desk: Desk) -> None:
    case = desk.assigned(MONDAY)
    version = case.version
    sweep_once(at("03/03 08:01"))
    case.refresh_from_db()
    assert (case.late_at, case.due_clock, case.version) == (at("03/03 08:00"), "focal_person", version)
    act = Act.objects.get(kind="case.overdue")
    assert act.actor["kind"] == "system" and act.after["clock"] == "focal_person" and act.after["late"] is True
    assert f"agency:{case.agency_id}" in act.topics and "oversight" in act.topics
    assert case.clocks.get(key="head").started_at == at("03/03 08:00")


def test_a_sweeper_that_slept_for_weeks_tells_everything_once(desk: Desk) -> None:
    case = desk.assigned(MONDAY)
    assert sweep_once(at("20/04 08:00")).overdue == 3
    assert acts("case.overdue") == [(case.pk, "focal_person"), (case.pk, "head"), (case.pk, "reply")]
    assert acts("case.warned") == []  # nobody is warned of what is past
    assert not Clock.objects.filter(next_at__isnull=False).exists()


def test_a_broken_promise_is_overdue(desk: Desk) -> None:
    case = actions.reschedule(desk.accepted(MONDAY), at("05/03 10:00"), "mưa", actor=desk.actor("binh"), now=MONDAY)
    assert sweep_once(at("04/03 16:00")).overdue == 0
    assert sweep_once(at("05/03 10:01")).overdue == 2
    assert {clock for _, clock in acts("case.overdue")} == {"focal_person", "promise"}
    case.refresh_from_db()
    assert case.late_at == at("05/03 10:00")


def test_what_was_done_in_time_is_left_alone(desk: Desk) -> None:
    desk.answered(MONDAY)
    assert sweep_once(at("10/03 08:00")) == Swept()


def test_an_answer_settles_when_its_window_has_passed(desk: Desk) -> None:
    case = desk.answered(MONDAY)
    assert sweep_once(at("16/03 17:00")) == Swept()
    assert sweep_once(at("16/03 17:01")) == Swept(settled=1)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == ("closed", at("16/03 17:01"))


def test_one_broken_case_keeps_nobody_waiting(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = desk.assigned(MONDAY), desk.assigned(MONDAY)
    broken.clocks.filter(key="focal_person").update(key="no-such-clock")
    assert sweep_once(at("03/03 09:00")) == Swept(overdue=1, failed=1)
    assert acts("case.overdue") == [(sound.pk, "focal_person")]
    assert "could not be dealt with" in caplog.text


# -- several sweepers, and the end of some of them ----------------------------------------------------------------------


def server() -> str:
    """How another process or connection reaches the test's database."""
    known = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return make_conninfo(**{libpq: known[django] for libpq, django in names.items() if known[django]})


def ask(question: str) -> list[int]:
    """The first column of an answer, outside any transaction: the server's list of sessions is the same within one."""
    with psycopg.connect(server(), autocommit=True) as other:
        return [row[0] for row in other.execute(question.encode()).fetchall()]


def sessions(which: str) -> list[int]:
    """Sessions on this database, other than the asking one, of which something is true."""
    return ask(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND " + which
    )


@pytest.fixture
def sweepers(committed_cast: Cast) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts `hotline sweep` on the test's database; all are gone when the test ends."""
    environ = os.environ | {
        "DATABASE_URL": server(), "HOTLINE_SWEEP_SECONDS": "0.1", "HOTLINE_LOG": "WARNING", "PGAPPNAME": "a sweeper",
    }
    running: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "hotline", "sweep"]
        running.append(subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def wait(until: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def fill(cast: Cast, late: int, answered: int) -> None:
    def write(_: int) -> None:
        desk = Desk(cast)
        for _ in range(late):
            desk.assigned(MONDAY)
        for _ in range(answered):
            desk.answered(MONDAY)

    at_once(1, write)


def assert_everything_once(late: int, answered: int) -> None:
    overdue = acts("case.overdue")
    assert len(overdue) == len(set(overdue)) == 3 * late  # focal person, head, the whole case
    assert Act.objects.filter(kind="case.settled").count() == answered
    assert Case.objects.filter(late_at__isnull=False).count() == late
    assert not Clock.objects.filter(next_at__isnull=False).exists()


def test_three_sweepers_killed_and_started_again(
    committed_cast: Cast, sweepers: Callable[[], subprocess.Popen[str]]
) -> None:
    late, answered = 100, 10
    fill(committed_cast, late, answered)
    first = [sweepers() for _ in range(3)]
    wait(lambda: Act.objects.filter(kind="case.overdue").exists())
    for process in first:
        process.send_signal(signal.SIGKILL)
    second = [sweepers() for _ in range(3)]
    wait(lambda: Act.objects.filter(kind="case.settled").count() == answered
         and not Clock.objects.filter(next_at__isnull=False).exists())
    time.sleep(0.5)  # a few more sweeps, which must find nothing
    for process in second:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in second] == [0, 0, 0]
    assert_everything_once(late, answered)


def test_killed_between_the_deed_and_its_act(
    committed_cast: Cast, sweepers: Callable[[], subprocess.Popen[str]]
) -> None:
    """The journal is held back, so that the sweeper stands with its work done and not yet recorded; there it is killed."""
    fill(committed_cast, 3, 0)
    before = list(Clock.objects.order_by("id").values_list("state", "breached_at", "next_at"))
    with psycopg.connect(server()) as other:
        other.execute("LOCK TABLE journal_act IN EXCLUSIVE MODE")
        process = sweepers()
        wait(lambda: sessions("wait_event_type = 'Lock' AND query LIKE '%journal_act%'"))
        process.kill()
        process.wait()
        [stuck] = sessions("wait_event_type = 'Lock' AND query LIKE '%journal_act%'")
        # Its session waits on and would notice only afterwards that nobody is there: the machine went with the process.
        ask(f"SELECT pg_terminate_backend({stuck}, 10000)")
        other.rollback()
    assert list(Clock.objects.order_by("id").values_list("state", "breached_at", "next_at")) == before
    assert not acts("case.overdue")
    again = sweepers()
    wait(lambda: not Clock.objects.filter(next_at__isnull=False).exists())
    again.terminate()
    assert again.wait(30) == 0
    assert_everything_once(3, 0)


def test_a_database_that_went_away_is_found_again(
    committed_cast: Cast, sweepers: Callable[[], subprocess.Popen[str]]
) -> None:
    process = sweepers()
    # The sweeper's own session, between two sweeps: another connection of this run may have just committed, too.
    idle = "application_name = 'a sweeper' AND state = 'idle' AND query = 'COMMIT'"
    wait(lambda: sessions(idle))
    for pid in sessions(idle):
        ask(f"SELECT pg_terminate_backend({pid}, 10000)")
    fill(committed_cast, 1, 0)
    wait(lambda: len(acts("case.overdue")) == 3)
    process.terminate()
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said.count("out of reach") == 1 and "Traceback" not in said


def test_two_officers_and_a_sweeper_on_one_case(committed_cast: Cast) -> None:
    """Everybody locks the case first, so nobody waits for the other for ever; each deed is recorded once."""
    desk = Desk(committed_cast)
    [case] = at_once(1, lambda _: desk.accepted(MONDAY))
    now = at("03/03 09:00")

    def run(number: int) -> None:
        if number == 0:
            sweep_once(now)
        else:
            actions.note(case.pk, f"ghi chú {number}", actor=desk.actor("binh"), now=now + timedelta(seconds=number))

    at_once(5, run)
    assert acts("case.overdue") == [(case.pk, "focal_person")]
    assert Act.objects.filter(kind="case.noted").count() == 4
    case.refresh_from_db()
    assert case.version == 7  # opened, assigned, accepted and four notes
