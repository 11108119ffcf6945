"""How far cases had to go, and how they were answered: per level (who) and per response mode (how), two dimensions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

from hotline.conversations.models import Conversation
from hotline.hotlines.models import Edition, Hotline
from hotline.hotlines.queries import regulation_of
from hotline.people.rules import Viewer
from hotline.regulation.labels import Label
from hotline.regulation.periods import Period
from hotline.reports.queries import cases_in

NO_MODE = Label("Chưa chọn", "Not chosen")


@dataclass(frozen=True, slots=True)
class Row:
    """Cases of one level or mode received in a period; `answered` of them have an answer, `late` were overdue once."""

    label: Label
    received: int
    answered: int
    late: int

    @property
    def on_time(self) -> float | None:
        """Per cent never overdue."""
        return 100 * (self.received - self.late) / self.received if self.received else None

    def share(self, of: int) -> float | None:
        """Per cent of all cases."""
        return 100 * self.received / of if of else None


def levels(viewer: Viewer, hotline: Hotline, period: Period) -> list[tuple[Edition, list[Row]]]:
    """Each edition's ladder: the highest level its cases have come to. Two questions."""
    counted = _counts(viewer, hotline, period, "level")
    tables = []
    for row in Edition.objects.filter(pk__in=counted).order_by("-valid_from"):
        found, edition = counted[row.pk], regulation_of(row)
        known = [(str(level.number), level.label) for level in edition.levels]
        tables.append((row, [Row(label, *found.get(number, (0, 0, 0))) for number, label in known]))
    return tables


def modes(viewer: Viewer, hotline: Hotline, period: Period) -> list[tuple[Edition, list[Row]]]:
    """Each edition's response modes; editions without modes are left out. Two questions."""
    counted = _counts(viewer, hotline, period, "mode")
    tables = []
    for row in Edition.objects.filter(pk__in=counted).order_by("-valid_from"):
        found, edition = counted[row.pk], regulation_of(row)
        if edition.modes:
            known = [*((mode.key, mode.label) for mode in edition.modes), ("", NO_MODE)]
            tables.append((row, [Row(label, *found.get(key, (0, 0, 0))) for key, label in known]))
    return tables


def answered_without_case(viewer: Viewer, hotline: Hotline, period: Period) -> int:
    """Contacts answered at once that never became a case: level 1 as well, and counted apart, because a contact is no case."""
    return (
        Conversation.objects.visible_to(viewer)
        .filter(hotline=hotline, opened_at__gte=period.start, opened_at__lt=period.end, state=Conversation.State.ANSWERED)
        .count()
    )


def _counts(viewer: Viewer, hotline: Hotline, period: Period, by: str) -> dict[int, dict[str, tuple[int, int, int]]]:
    """edition → value of the column → (received, answered, late)."""
    counted: dict[int, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    rows = cases_in(viewer, hotline, period).values("edition_id", by).annotate(
        received=Count("id"), answered=Count("id", filter=Q(answered_at__isnull=False)),
        late=Count("id", filter=Q(late_at__isnull=False)),
    )  # fmt: skip
    for row in rows:
        counted[row["edition_id"]][str(row[by])] = (row["received"], row["answered"], row["late"])
    return counted


