"""What `bin/bench` runs inside a process of its own: `python -m journeys.bench_work WHAT SECONDS`, WHAT as in `main`."""

from __future__ import annotations

import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def main() -> None:
    """Run one kind of work for some seconds and print how many a second; `facts` prints what the load generator needs."""
    what, seconds = sys.argv[1], float(sys.argv[2])
    if what == "deadline":
        print(_rate(_deadline(), seconds))
        return
    import django

    django.setup()
    if what == "facts":
        print(json.dumps(_facts()))
    elif what == "simulate":
        print(_simulated())
    elif what == "settle":
        _settle()
    else:
        print(_rate({"create": _create, "mail": _mail}[what](), seconds))


def _rate(work: Callable[[], None], seconds: float) -> float:
    for _ in range(5):
        work()
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        work()
        count += 1
    return count / (time.perf_counter() - began)


def _create() -> Callable[[], None]:
    from django.utils import timezone

    from hotline.hotlines.models import Field
    from hotline.hotlines.queries import default_hotline
    from hotline.intake.actions import report
    from hotline.intake.rules import Report
    from hotline.organisation.models import Area

    hotline = default_hotline()
    fields = list(Field.objects.filter(hotline=hotline).values_list("pk", flat=True))
    areas = list(Area.objects.filter(served=True, kind="commune").values_list("pk", flat=True))

    def work() -> None:
        report(
            Report(
                hotline_id=hotline.pk, submission=str(uuid.uuid4()), name="Nguyễn Thị Đo Lường",
                phone=f"+8490{random.randrange(10**7):07d}", email=f"{uuid.uuid4().hex}@example.com",
                address="12 Phan Châu Trinh, phường Bàn Thạch", place="Trước cổng trường tiểu học",
                content="Nước ngập đến đầu gối sau mưa lớn, cống bị rác bịt kín, phụ huynh không đưa con vào trường được.",
                field_id=random.choice(fields), area_id=random.choice(areas), public=True,
            ),
            timezone.now(),
        )  # fmt: skip

    return work


def _mail() -> Callable[[], None]:
    from django.utils import timezone

    from hotline.channels.email.inbound import receive
    from hotline.hotlines.models import Mailbox

    mailbox = Mailbox.objects.select_related("hotline").order_by("id").first()
    assert mailbox is not None

    def work() -> None:
        number = uuid.uuid4().hex
        text = (
            f"From: =?utf-8?b?Tmd1eeG7hW4gVsSDbiBB?= <{number}@example.com>\r\nTo: {mailbox.address}\r\n"
            f"Subject: Den duong hong {number}\r\nMessage-ID: <{number}@example.com>\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
            "Đèn đường hẻm 12 Hùng Vương, phường Bàn Thạch hỏng ba hôm nay.\r\nHọ và tên: Nguyễn Văn A\r\n"
            "Số điện thoại: 0905123456\r\nĐịa chỉ: 12 Hùng Vương, phường Bàn Thạch\r\n"
            "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Đèn đường hẻm 12 Hùng Vương hỏng.</p>\r\n--b--\r\n"
        )
        receive(text.encode(), mailbox, timezone.now())

    return work


def _simulated() -> str:
    """All recorded cases of the installation replayed, then a million made-up lives that are in memory already."""
    from datetime import date

    import numpy as np
    from django.utils import timezone

    from hotline.cases.rules import PROMISE
    from hotline.hotlines.queries import default_hotline, regulation_of
    from hotline.regulation.lifecycle import Step
    from hotline.simulation.queries import offices_of, simulate
    from hotline.simulation.rules.replay import NEVER, Recorded, plan_of, replay
    from hotline.simulation.rules.timeline import Timeline, micros

    hotline, now = default_hotline(), timezone.now()
    edition = regulation_of(hotline.editions.order_by("valid_from")[0])
    found = simulate(hotline, edition, date(2015, 1, 1), timezone.localdate(), now=now)
    said = f"{found.figures['total'][0]} in {found.seconds:.1f} s ({found.reading:.1f} s of it reading)"

    plan, line = plan_of(edition, PROMISE), Timeline(offices_of(hotline, {}).calendars)
    dice, size, total = np.random.default_rng(1022), 50_000, 1_000_000
    words = [plan.words.index(step) for step in (Step.ASSIGN, Step.ACCEPT, Step.SUBMIT, Step.APPROVE, Step.SETTLE)]
    gaps = (1, 6, 14, 30, 100)  # hours between them, on average
    seconds = 0.0
    for _ in range(total // size):
        received = np.sort(dice.integers(micros(now - timedelta(1095)), micros(now), size))
        after = np.cumsum((dice.exponential(gaps, (size, len(gaps))) * 3_600_000_000).astype(np.int64), axis=1)
        at = (received[:, None] + after).ravel()
        recorded = Recorded(
            received, np.repeat(np.arange(size), len(gaps)), np.tile(np.array(words, np.int16), size), at,
            np.zeros(len(at), np.int16), np.full(len(at), NEVER),
        )  # fmt: skip
        began = time.perf_counter()
        replay(plan, recorded, line, micros(now))
        seconds += time.perf_counter() - began
    return f"{said}; {total} in memory in {seconds:.1f} s"


def _deadline() -> Callable[[], None]:
    from hotline.regulation.limits import WorkingHours, due
    from hotline.regulation.pack import read_pack

    calendar = read_pack("quang-nam").calendar()
    chooser = random.Random(1022)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    starts = [begin + timedelta(minutes=chooser.randrange(365 * 24 * 60)) for _ in range(1000)]
    limits = [WorkingHours(8), WorkingHours(48), WorkingHours(24)]
    state = {"at": 0}

    def work() -> None:
        state["at"] = at = (state["at"] + 1) % 1000
        due(limits[at % 3], starts[at], calendar)

    return work


def _settle(patience: float = 120) -> None:
    """Wait until the server has tidied up after the generated cases: a hotline does not get 200.000 in four minutes."""
    from django.db import connection

    until = time.monotonic() + patience
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            time.sleep(2)
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'")
            if cursor.fetchone() == (0,):
                return


def _facts() -> dict:
    """A coordinator's session, codes of cases all over the table, fields and areas of the form."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from hotline.cases.models import Case
    from hotline.hotlines.models import Field
    from hotline.organisation.models import Area
    from hotline.people.models import Person

    person = Person.objects.filter(posts__role="coordinator").order_by("id").first()
    assert person is not None
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    newest = Case.objects.order_by("-id").values_list("id", flat=True).first() or 0
    some = random.Random(1022).sample(range(1, newest + 1), min(2000, newest))
    return {
        "session": session.session_key,
        "codes": list(Case.objects.filter(pk__in=some).values_list("code", flat=True)),
        "fields": list(Field.objects.filter(active=True).values_list("pk", flat=True)),
        "areas": list(Area.objects.filter(served=True, kind="commune").values_list("pk", flat=True)),
        "agencies": list(Case.objects.exclude(agency=None).values_list("agency_id", flat=True).distinct()[:20]),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    main()
