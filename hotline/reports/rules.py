"""What a report counts, from the edition alone: the duties it lays on people, and when one was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hotline.regulation.clocks import PROMISE_KEY
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.regulation.responsibilities import Part

KEPT, LATE, OPEN, RUNNING, LIFTED = "kept", "late", "open", "running", "lifted"
BROKEN = "broken"  # late and open together

VERDICTS: dict[str, Label] = {
    KEPT: Label("đúng hạn, đúng quy định", "kept"),
    LATE: Label("đã làm nhưng trễ hạn", "done, but late"),
    OPEN: Label("quá hạn, chưa làm", "overdue, not done"),
    RUNNING: Label("chưa đến hạn", "not due yet"),
    LIFTED: Label("không còn phải làm", "no longer owed"),
    BROKEN: Label("không đúng hạn, không đúng quy định", "broken"),
}

# Duties that are no clock: limits, and what every answer must have.
RESCHEDULES, RETURNS, GROUNDS, DELIVERY = "rule:reschedules", "rule:returns", "rule:grounds", "rule:delivery"
_PROMISE = Label("Giữ đúng ngày đã hẹn với người dân", "Keep the date promised to the citizen")


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing an edition obliges somebody to do. `key` is its clock's, or one of the rules above."""

    key: str
    label: Label
    owner: Label
    article: str


@dataclass(frozen=True, slots=True)
class Line:
    """A duty and how often it was kept. Counts are of duties, not of cases: a reopened case owes some of them twice."""

    duty: Duty
    kept: int = 0
    late: int = 0
    open: int = 0
    running: int = 0
    lifted: int = 0

    @property
    def broken(self) -> int:
        return self.late + self.open

    @property
    def share(self) -> float | None:
        """Per cent kept of what has been decided; None while nothing has. Not yet due and lifted say nothing."""
        decided = self.kept + self.broken
        return 100 * self.kept / decided if decided else None

    @property
    def counts(self) -> Iterator[tuple[str, Label, int]]:
        """(verdict, its words, how many), in the order of the table."""
        return ((name, VERDICTS[name], getattr(self, name)) for name in (KEPT, LATE, OPEN, RUNNING, LIFTED))


def duties(edition: Edition) -> list[Duty]:
    """Every obligation of an edition: its clocks, what its response modes owe, promises, limits, and what answers need."""
    word = edition.word
    timed = [Duty(rule.key, rule.label, word(rule.owner), rule.article) for rule in edition.clocks]
    owed = [Duty(rule.key, rule.label, word(rule.owner), rule.article) for rule in edition.obligations]
    most, again = edition.reschedule.most, edition.returns.most
    return [
        *timed,
        *owed,
        Duty(PROMISE_KEY, _PROMISE, word(Role.HEAD), edition.reschedule.article),
        Duty(
            RESCHEDULES,
            Label(f"Hẹn lại người dân không quá {most} lần", f"Reschedule at most {_times(most)}"),
            word(Role.FOCAL_PERSON), edition.reschedule.article,
        ),
        Duty(
            RETURNS,
            Label(f"Chuyển trả không quá {again} lần, sau đó do cấp điều phối quyết định",
                  f"Return at most {_times(again)}, then the coordinator decides"),
            word(Role.FOCAL_PERSON), edition.returns.article,
        ),
        Duty(
            GROUNDS,
            Label("Không giải quyết thì nêu căn cứ", "A refusal names its ground"), word(Role.HEAD),
            "Nghị định 154/2026/NĐ-CP, Điều 4",
        ),
        Duty(
            DELIVERY,
            Label("Câu trả lời đến được người dân", "The answer reaches the citizen"), word(Role.COORDINATOR), "",
        ),
    ]  # fmt: skip


def matrix(edition: Edition) -> tuple[list[tuple[str, Label]], list[tuple[Label, str, list[Part | None]]]]:
    """The responsibilities as a table: (party key, name) of each column in the order they are first named, and
    (task, article, part of each column) of each row."""
    parties = list(dict.fromkeys(key for task in edition.responsibilities for key in task.parts))
    columns = [(key, edition.party(key)) for key in parties]
    rows = [(task.task, task.article, [task.parts.get(key) for key in parties]) for task in edition.responsibilities]
    return columns, rows


def total(lines: Iterable[Line]) -> Line:
    """All lines together, under no duty of their own."""
    lines = list(lines)
    sums = {name: sum(getattr(line, name) for line in lines) for name in (KEPT, LATE, OPEN, RUNNING, LIFTED)}
    return Line(Duty("", Label("Tất cả", "All"), Label("", ""), ""), **sums)


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
