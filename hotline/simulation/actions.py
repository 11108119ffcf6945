"""Asking the simulator, and its answer: asked in a page, reckoned by the worker, kept as it was that day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from hotline.calendars.models import Calendar
from hotline.calendars.queries import work_calendar
from hotline.hotlines.models import Hotline
from hotline.journal.actions import record
from hotline.journal.rules import SYSTEM, Actor
from hotline.refusals import Refused
from hotline.regulation.edition import Edition, parse_edition
from hotline.regulation.labels import Label
from hotline.regulation.working_time import NoWorkingTime
from hotline.simulation.models import Run
from hotline.simulation.queries import simulate, topic

KEPT = 100  # runs; the journal keeps that they were


@transaction.atomic
def ask(
    hotline: Hotline, edition: Edition, title: str, since: date, until: date, *, calendar: Calendar | None = None,
    domains: Collection[str] | None = None, actor: Actor, now: datetime,
) -> Run:
    """Ask what would have been late under an edition, of the cases received from `since` to `until`; the worker answers.

    `calendar`: in place of the hotline's; `domains`: only the cases of these walled domains. Raises Refused for days in
    the wrong order.
    """
    if until < since:
        raise Refused(Label("Ngày cuối phải từ ngày đầu trở đi.", "The last day must not be before the first."))
    run = Run.objects.create(
        hotline=hotline, title=title[:200], document=edition.to_document(), calendar=calendar, since=since, until=until,
        domains=None if domains is None else sorted(domains), asked_by=actor.snapshot(), asked_at=now,
    )
    record(
        "simulation.asked", "simulation", run.pk, actor, now,
        after={"title": run.title, "since": since.isoformat(), "until": until.isoformat()},
    )
    old = Run.objects.order_by("-id").values_list("id", flat=True)[KEPT : KEPT + 1]
    Run.objects.filter(pk__lte=max(old, default=0)).delete()
    return run


def answer(run_id: int, *, now: datetime) -> Run | None:
    """Reckon what was asked and keep it; nothing when it was answered already, or is gone. What cannot be reckoned says
    why, in a sentence."""
    run = Run.objects.select_related("hotline__calendar").filter(pk=run_id, state=Run.State.WAITING).first()
    if run is None:
        return None
    edition = parse_edition(run.document, f"simulation {run.pk}")
    replaced = {"": work_calendar(run.calendar_id)} if run.calendar_id else {}
    try:
        found = simulate(
            run.hotline, edition, run.since, run.until, now=now, replaced=replaced, domains=run.domains
        )  # fmt: skip
    except Refused as refused:
        run.state, run.failure = Run.State.FAILED, refused.sentence.vi
    except NoWorkingTime:
        run.state, run.failure = Run.State.FAILED, "Lịch này không có đủ giờ làm việc để tính thời hạn."
    else:
        run.state, run.figures, run.cases, run.seconds = Run.State.DONE, found.figures, found.cases, found.seconds
    with transaction.atomic():
        run.save(update_fields=["state", "figures", "cases", "seconds", "failure"])
        record(
            "simulation.answered", "simulation", run.pk, SYSTEM, now, topics=[topic(run.pk)],
            after={"state": run.state, "total": run.figures.get("total", [])},
        )
    return run
