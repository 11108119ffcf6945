"""Questions about dialogues: lists, those of a case, and the facts for invitation and minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from hotline.dialogues.models import Dialogue, Registration, Task
from hotline.dialogues.rules import OPEN
from hotline.people.rules import Viewer
from hotline.regulation.identity import HIDDEN
from hotline.statements.queries import written_once

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the last row's id, 0 on the last page."""

    rows: list[Dialogue]
    next: int = 0


def listing(viewer: Viewer, *, ended: bool = False, before: int = 0, limit: int = PAGE) -> Page:
    """Dialogues the viewer may see, the latest registered first: those that go on, or those that are over."""
    rows = Dialogue.objects.visible_to(viewer).select_related("chair")
    states = [str(state) for state in OPEN]
    rows = rows.exclude(state__in=states) if ended else rows.filter(state__in=states)
    rows = rows.filter(pk__lt=before) if before else rows
    found = list(rows.order_by("-id")[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else 0)


def one(viewer: Viewer, pk: int) -> Dialogue | None:
    """One dialogue if the viewer may see it; None, and the door answers 404."""
    rows = Dialogue.objects.visible_to(viewer).select_related("hotline", "chair", "minutes").defer("hotline__document")
    return rows.filter(pk=pk).first()


def of_case(viewer: Viewer, case: int) -> list[Dialogue]:
    """The dialogues a case is registered for."""
    return _of_case(viewer, case=case)


@written_once
def _of_case(viewer: Viewer, *, case: int) -> QuerySet[Dialogue]:
    return Dialogue.objects.visible_to(viewer).filter(registrations__case=case).order_by("id")


def registered(dialogue: Dialogue) -> list[Registration]:
    """Who registered, in order. Fetch the dialogue through its scope first."""
    rows = dialogue.registrations.select_related("case__conversation__citizen", "case__agency")
    return list(rows.defer("case__search").order_by("id"))


def tasks_left(viewer: Viewer, day: date) -> list[Task]:
    """Tasks of conclusions that are not done, of the dialogues the viewer sees, the earliest due first."""
    rows = Task.objects.filter(dialogue__in=Dialogue.objects.visible_to(viewer), done_at__isnull=True)
    return list(rows.select_related("dialogue").order_by("due_on", "id")[:PAGE])


def who(row: Registration, hidden: bool = True) -> str:
    """Who registered, by name; a hidden reporter by the code of the case alone. `hidden` False: to those who may see."""
    if row.organisation:
        return row.organisation
    if row.case.hide_identity and hidden:
        return f"{HIDDEN.vi} (phiếu {row.case.code})"
    return row.case.conversation.reporter_name or f"Người gửi phiếu {row.case.code}"


def facts_of(dialogue: Dialogue) -> dict[str, str]:
    """What invitation and minutes say of a dialogue."""
    agencies = list(dialogue.agencies.all())
    people = registered(dialogue)
    start = timezone.localtime(dialogue.starts_at) if dialogue.starts_at else None
    present = [f"- {row.agency_name}." for row in agencies if row.attended]
    present += [f"- {who(row)}." for row in people if row.attended]
    absent = [who(row) for row in people if row.attended is False] + [
        r.agency_name for r in agencies if r.attended is False
    ]
    if absent and present:
        present.append(f"Vắng mặt: {'; '.join(absent)}.")
    said = [f"- {who(row)}: {row.contents}" for row in people if row.contents]
    return {
        "dialogue.subject": dialogue.subject,
        "dialogue.contents": "\n".join(filter(None, [dialogue.contents, *said])),
        "dialogue.at": f"{start:%H} giờ {start:%M}, ngày {start:%d/%m/%Y}" if start else "",
        "dialogue.place": dialogue.place or ("trực tuyến" if dialogue.online else ""),
        "dialogue.chair": dialogue.chair.full_name if dialogue.chair else "",
        "dialogue.agencies": "\n".join(row.agency_name for row in agencies),
        "dialogue.present": "\n".join(present),
        "dialogue.conclusions": dialogue.conclusions,
    }
