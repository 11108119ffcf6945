"""`hotline sweep`: whatever the time of day asks for, found in the table and done once. Nothing is kept in memory.

A clock's `next_at` is its next warning or its due moment. A sweep claims the cases whose clocks have come due, a few at a
time, with FOR UPDATE SKIP LOCKED: another sweeper passes them by, an officer at work on one is not waited for. The claim,
what follows and its act in the journal are one transaction: killed at any point, all of it happened or none.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

BATCH = 20  # few, so that whoever wants one of these cases waits a moment, not a minute
LONGEST_PAUSE = 15.0  # seconds between tries when the database is away: back within the minute trễ hạn is allowed


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    overdue: int = 0
    warned: int = 0
    settled: int = 0
    failed: int = 0

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            self.overdue + other.overdue, self.warned + other.warned, self.settled + other.settled,
            self.failed + other.failed,
        )

    def __bool__(self) -> bool:
        return self != Swept()


def sweep_once(now: datetime, *, stopping: Callable[[], bool] = lambda: False) -> Swept:
    """Do everything that is due at `now`, in batches, until nothing is left or `stopping` says so.

    A case that cannot be dealt with is logged, counted and passed by; it keeps nobody else's clock waiting and is tried
    again by the next sweep. Raises django.db.OperationalError or InterfaceError when the database goes away.
    """
    total = Swept()
    for batch in (_clocks, _settling):
        passed: set[int] = set()
        while not stopping():
            done = batch(now, passed)
            if done is None:
                break
            total += done
    return total


def _clocks(now: datetime, passed: set[int]) -> Swept | None:
    """Claim one batch of clocks that have come due and deal with them; None when there are none."""
    from django.db import transaction

    from hotline.cases.actions import expire, warn
    from hotline.cases.models import Clock

    with transaction.atomic():
        due = (
            Clock.objects.filter(next_at__lt=now).exclude(pk__in=passed).order_by("next_at", "id")
            .select_related("case").only("due_at", "case__id")
        )
        claimed = list(due.select_for_update(of=("case",), skip_locked=True)[:BATCH])
        if not claimed:
            return None
        done = Swept()
        for clock in claimed:
            if clock.due_at < now:
                done += _one(clock.pk, passed, lambda pk: Swept(overdue=expire(pk, now)))
            else:
                done += _one(clock.pk, passed, lambda pk: Swept(warned=warn(pk, now)))
        return done


def _settling(now: datetime, passed: set[int]) -> Swept | None:
    """Claim one batch of answered cases whose window for reopening has passed and settle them; None when there are none."""
    from django.db import transaction

    from hotline.cases.actions import settle
    from hotline.cases.models import Case
    from hotline.regulation.lifecycle import State

    with transaction.atomic():
        over = (
            Case.objects.filter(state=str(State.ANSWERED), reopen_until__lt=now).exclude(pk__in=passed)
            .order_by("reopen_until").only("id")
        )
        claimed = list(over.select_for_update(skip_locked=True)[:BATCH])
        if not claimed:
            return None
        done = Swept()
        for case in claimed:
            done += _one(case.pk, passed, lambda pk: Swept(settled=1) if settle(pk, now=now) else Swept())
        return done


def _one(pk: int, passed: set[int], effect: Callable[[int], Swept]) -> Swept:
    """One effect inside the batch's transaction; every action has a savepoint of its own, so a failure undoes only itself.

    What failed, or proved to need nothing (another sweeper was there first), is passed by for the rest of this sweep.
    """
    from django.db import InterfaceError, OperationalError

    try:
        done = effect(pk)
    except (OperationalError, InterfaceError):
        raise
    except Exception:  # whatever is wrong with one case must not keep everybody else's clocks from running out
        log.exception("sweep: %s could not be dealt with; the next sweep tries again", pk)
        done = Swept(failed=1)
    if done.failed or not done:
        passed.add(pk)
    return done


def main(arguments: Sequence[str] = ()) -> int:
    """Sweep at once and then every HOTLINE_SWEEP_SECONDS. SIGTERM and SIGINT end it after the batch in hand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import InterfaceError, OperationalError, connection
    from django.utils import timezone

    if arguments:
        log.error("hotline sweep takes no arguments; HOTLINE_SWEEP_SECONDS sets how often it looks")
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    pause = 1.0
    while not stopping.is_set():
        try:
            if done := sweep_once(timezone.now(), stopping=stopping.is_set):
                log.info("sweep: %s overdue, %s warned, %s settled", done.overdue, done.warned, done.settled)
            pause = 1.0
            stopping.wait(settings.SWEEP_SECONDS)
        except (OperationalError, InterfaceError) as error:
            reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            log.error("sweep: the database is out of reach (%s); next try in %.0f s", reason, pause)
            connection.close()
            stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
    return 0
