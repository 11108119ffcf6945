"""Obligations: what is owed on a case besides handling it, each with a clock of its own: two replies, a report, a letter.

An obligation begins with a trigger, stays owed until it is met, and is breached like any clock when its time runs out. A
breach takes nothing away: it is owed all the same, and stays late when it is met afterwards.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotline.regulation.clocks import ClockRule, Lead
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import ObligationKind, Role, Step
from hotline.regulation.limits import Limit
from hotline.regulation.modes import Mode
from hotline.regulation.triggers import mode_trigger

_ANSWERS = (Step.APPROVE, Step.ANSWER, Step.ANSWER_AT_ONCE)
_ENDINGS = (Step.WITHDRAW, Step.MERGE)

# The steps by which each kind is met where the edition names none; the others are met by a deed of their own: a letter
# issued, a dialogue held.
MET_BY: dict[ObligationKind, tuple[Step, ...]] = {
    ObligationKind.INTERIM_REPLY: (Step.REPLY_INTERIM,),
    ObligationKind.FINAL_REPLY: _ANSWERS,
    ObligationKind.PROGRESS_REPORT: (Step.REPORT_PROGRESS,),
}


def lifted_by(kind: ObligationKind) -> tuple[Step, ...]:
    """The steps after which an obligation of this kind is no longer owed, where the edition names none."""
    # Once the result has been told nobody waits for a reply before it: lifted, not kept, and late stays late.
    return (*_ANSWERS, *_ENDINGS) if kind == ObligationKind.INTERIM_REPLY else _ENDINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationRule:
    """One obligation of an edition: what is owed, by whom, within which limit, from which moment.

    `starts_on` are triggers: steps, "mode:<key>", "raise:<level>", "expire:<clock or obligation>". `meets_on` and
    `cancels_on` are triggers too; where the edition does not write them, those of the kind. `needs_photo` and
    `needs_date`: a progress report without a photo, or without the date it commits to, does not meet it.
    """

    key: str
    kind: ObligationKind
    label: Label
    owner: Role
    limit: Limit
    starts_on: tuple[str, ...]
    meets_on: tuple[str, ...] = ()
    cancels_on: tuple[str, ...] = ()
    warn_before: tuple[Lead, ...] = ()
    tells: tuple[Role, ...] = ()
    marks_late: bool = True
    needs_photo: bool = False
    needs_date: bool = False
    article: str = ""

    @property
    def clock(self) -> ClockRule:
        """The rule of its clock: the same key, which no other clock of the edition has."""
        return ClockRule(
            key=self.key, label=self.label, owner=self.owner, limit=self.limit, starts_on=self.starts_on,
            meets_on=self.meets_on, cancels_on=self.cancels_on, warn_before=self.warn_before, tells=self.tells,
            marks_late=self.marks_late, article=self.article,
        )  # fmt: skip

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "key": self.key, "kind": self.kind.value, "label": self.label._asdict(), "owner": self.owner.value,
            "limit": self.limit.to_document(), "marks_late": self.marks_late,
            "meets_on": [str(trigger) for trigger in self.meets_on],
            "cancels_on": [str(trigger) for trigger in self.cancels_on],
        }  # fmt: skip
        optional = {
            "starts_on": [str(trigger) for trigger in self.starts_on],
            "warn_before": [lead.to_document() for lead in self.warn_before],
            "tells": [role.value for role in self.tells],
            "needs_photo": self.needs_photo, "needs_date": self.needs_date, "article": self.article,
        }  # fmt: skip
        return document | {name: value for name, value in optional.items() if value}


def owed_in(rule: ObligationRule, modes: Iterable[Mode], mode: str) -> bool:
    """Whether a case answered in `mode` ("" while none is chosen) can come to owe this: what some mode names in `owes`
    is owed in those modes only, what none names in every case."""
    owing = [each.key for each in modes if rule.key in each.owes]
    return not owing or mode in owing


def clock_rules(rules: Sequence[ObligationRule], modes: Sequence[Mode], mode: str) -> list[ClockRule]:
    """The clocks of the obligations as they stand for a case in `mode`: those not owed in it do not start.

    What a mode owes starts when the mode is chosen, besides its own triggers, unless it has its own in the first place.
    """
    clocks = []
    for rule in rules:
        clock = rule.clock
        if not owed_in(rule, modes, mode):
            clock = replace(clock, starts_on=())
        elif not rule.starts_on:
            clock = replace(clock, starts_on=tuple(mode_trigger(each.key) for each in modes if rule.key in each.owes))
        clocks.append(clock)
    return clocks


def met_by(rules: Iterable[ObligationRule], step: str) -> bool:
    """Whether any obligation of an edition is met by this step."""
    return any(step in rule.meets_on for rule in rules)


def progress_needs(rules: Iterable[ObligationRule], owed: Collection[str]) -> tuple[bool, bool]:
    """Whether a progress report must come with a photo, and with the date it commits to: what the obligations owed now
    ask for, else what any of the edition's progress reports does."""
    reports = [rule for rule in rules if Step.REPORT_PROGRESS in rule.meets_on]
    asked = [rule for rule in reports if rule.key in owed] or reports
    return any(rule.needs_photo for rule in asked), any(rule.needs_date for rule in asked)
