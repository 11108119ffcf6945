"""Whether the machine is well, for whoever operates it: queues, heartbeats, mailboxes. No word of any citizen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from hotline.cases.models import Clock
from hotline.console.doors import staff
from hotline.hotlines.models import Mailbox
from hotline.regulation.lifecycle import Role

COUNTED_UP_TO = 1000
ALIVE_SECONDS = 60  # a worker says that it lives every 10 s; the sweeper comes by within 60 s (trễ hạn)


@dataclass(frozen=True, slots=True)
class Health:
    """One line: what, how it stands, and whether somebody has to look."""

    name: str
    value: str | int
    since: datetime | None = None
    well: bool = True


@staff(Role.TECHNICIAN, Role.ADMINISTRATOR)
def operations(request: HttpRequest) -> HttpResponse:
    """GET: the page of health; `part=health` the tables alone."""
    now = timezone.now()
    part = request.GET.get("part") == "health"
    return render(
        request, "console/casework/_health.html" if part else "console/casework/operations.html",
        {"queues": queues(), "workers": workers(now), "late": unswept(now), "boxes": mailboxes(),
         "now": timezone.localtime(now), "alive": ALIVE_SECONDS},
    )  # fmt: skip


def queues() -> list[dict]:
    """Jobs that wait, run or have failed, by task."""
    rows = (
        ProcrastinateJob.objects.exclude(status__in=("succeeded", "cancelled", "aborted"))
        .values("task_name", "status").annotate(count=Count("id")).order_by("task_name", "status")
    )
    return [dict(row, failed=row["status"] == "failed") for row in rows]


def workers(now: datetime) -> list[dict]:
    """Workers that have not signed off, and whether each is alive."""
    rows = ProcrastinateWorker.objects.order_by("-last_heartbeat").values("id", "last_heartbeat")[:20]
    return [dict(row, alive=(now - row["last_heartbeat"]).total_seconds() < ALIVE_SECONDS) for row in rows]


def unswept(now: datetime) -> Health:
    """Clocks that are past their moment and not dealt with: the sweeper's own heartbeat, seen from its work."""
    rows = Clock.objects.filter(next_at__lt=now).order_by("next_at")
    oldest = rows.values_list("next_at", flat=True).first()
    count = rows.order_by()[:COUNTED_UP_TO].count()
    late = oldest is not None and (now - oldest).total_seconds() > ALIVE_SECONDS
    return Health("sweeper", count, oldest, not late)


def mailboxes() -> list[Mailbox]:
    """Mailboxes with the moment they were last looked into and the last fault."""
    return list(Mailbox.objects.filter(active=True).order_by("address"))
