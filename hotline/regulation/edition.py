"""An edition: the regulation of one hotline in force between two dates, as one frozen value read from a document.

The document is the TOML of a pack, or the same thing kept as JSON in the database (dates as "2021-06-04").
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.regulation import lifecycle
from hotline.regulation.clocks import ClockRule
from hotline.regulation.completeness import Completeness
from hotline.regulation.cooperation import CooperationRule
from hotline.regulation.experts import ExpertsRule
from hotline.regulation.identity import BY_REQUEST, IdentityRule
from hotline.regulation.joining import FollowUpRule, JoiningRule, RepeatRule
from hotline.regulation.labels import Label
from hotline.regulation.lanes import Lanes
from hotline.regulation.lanes_by_law import BY_LAW
from hotline.regulation.levels import NO_RISING, Level, RisingRule
from hotline.regulation.lifecycle import CaseKind, NotAllowed, OutcomeKind, Role, State, Step
from hotline.regulation.modes import Mode
from hotline.regulation.obligations import ObligationRule, clock_rules, met_by
from hotline.regulation.periods import BY_MONTH, ReportingRule
from hotline.regulation.reading import PackError, PackInvalid
from hotline.regulation.reopening import ReopeningRule
from hotline.regulation.reschedule import RescheduleRule
from hotline.regulation.responsibilities import Party, Responsibility
from hotline.regulation.returns import ReturnRule
from hotline.regulation.scope import ALL_FIELDS, Scope
from hotline.regulation.verification import VerificationRule, with_verification


@dataclass(frozen=True, slots=True)
class RefusalGround:
    """A lawful reason not to handle a report. Some oblige us to say where to go instead; some hold from a date."""

    key: str
    label: Label
    article: str
    needs_where_to_go: bool = False
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRule:
    """What an ending asks for: a ground and words of refusal, proof (a photo or the citizen's confirmation), a date."""

    kind: OutcomeKind
    needs_ground: bool = False
    needs_proof: bool = False
    needs_date: bool = False


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Everything a decision settles. Dates are whole days in the hotline's zone; `valid_to` is the last day, or None."""

    key: str
    hotline: str
    decision: str
    title: Label
    issued_on: date
    valid_from: date
    valid_to: date | None
    levels: tuple[Level, ...]
    written_clocks: tuple[ClockRule, ...]
    reschedule: RescheduleRule
    returns: ReturnRule
    verification: VerificationRule
    reopening: ReopeningRule
    approval_needed: bool
    refusal_grounds: tuple[RefusalGround, ...]
    outcomes: tuple[OutcomeRule, ...]
    kinds: tuple[CaseKind, ...]
    completeness: Completeness
    words: Mapping[str, Mapping[str, Label]]
    sources: tuple[Label, ...]
    assumptions: tuple[Label, ...]
    modes: tuple[Mode, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    rising: RisingRule = NO_RISING
    cooperation: CooperationRule | None = None
    joining: JoiningRule | None = None
    repeats: RepeatRule | None = None
    follow_ups: FollowUpRule | None = None
    identity: IdentityRule = BY_REQUEST
    lanes: Lanes = BY_LAW
    experts: ExpertsRule | None = None
    scope: Scope = ALL_FIELDS
    reporting: ReportingRule = BY_MONTH
    parties: tuple[Party, ...] = ()
    responsibilities: tuple[Responsibility, ...] = ()

    @property
    def clocks(self) -> tuple[ClockRule, ...]:
        """The clock rules in force, pausing for verification where this edition wants it."""
        return with_verification(self.written_clocks, self.verification)

    def clock(self, key: str) -> ClockRule:
        """The rule of one clock, an obligation's included. Raises KeyError."""
        return {rule.key: rule for rule in (*self.clocks, *self.obligation_clocks())}[key]

    def obligation_clocks(self, mode: str | None = None) -> list[ClockRule]:
        """The clocks of the obligations: those that a case in `mode` ("" while none is chosen) does not owe never start
        there. None: as the edition writes them."""
        if mode is None:
            return [rule.clock for rule in self.obligations]
        return clock_rules(self.obligations, self.modes, mode)

    def obligation(self, key: str) -> ObligationRule:
        """One obligation. Raises KeyError."""
        return {rule.key: rule for rule in self.obligations}[key]

    def mode(self, key: str) -> Mode:
        """One response mode. Raises KeyError."""
        return {mode.key: mode for mode in self.modes}[key]

    def mode_by(self, step: str) -> str | None:
        """The key of the response mode that a step chooses by itself."""
        return next((mode.key for mode in self.modes if step in mode.set_on), None)

    def level(self, number: int) -> Level | None:
        """One rung of the ladder; None where this edition has none of that number."""
        return next((level for level in self.levels if level.number == number), None)

    def party(self, key: str) -> Label:
        """Whoever the matrix of responsibilities names: a party of this edition, or a role in its words."""
        named = {party.key: party.label for party in self.parties}
        return named[key] if key in named else self.word(Role(key))

    @property
    def numbered(self) -> bool:
        """Whether `decision` is the number of one ("1519/QĐ-UBND"), not a name."""
        return self.decision[:1].isdigit()

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def ground(self, key: str) -> RefusalGround:
        """One refusal ground. Raises KeyError."""
        return {ground.key: ground for ground in self.refusal_grounds}[key]

    def grounds_on(self, day: date) -> tuple[RefusalGround, ...]:
        """The grounds that may be used on a day: a decree counts from the day it is in force."""
        return tuple(g for g in self.refusal_grounds if g.valid_from is None or g.valid_from <= day)

    def outcome(self, kind: OutcomeKind) -> OutcomeRule:
        """What an outcome asks for; one the edition does not name asks for nothing more."""
        return next((rule for rule in self.outcomes if rule.kind == kind), OutcomeRule(kind))

    def word(self, member: lifecycle.Word) -> Label:
        """The edition's own word for a role, state, step, kind or outcome, else the house's."""
        return self.words.get(type(member).__name__, {}).get(member.value, member.label)

    def may_answer(self, roles: Collection[Role]) -> bool:
        """Whether these roles may send an answer themselves: the head always, others where no approval is needed."""
        return Role.HEAD in roles or not self.approval_needed

    def allowed(self, state: State | None, step: Step, roles: Collection[Role]) -> bool:
        """Whether the lifecycle and this edition let these roles take the step."""
        return lifecycle.allowed(state, step, roles) and self.knows(step, roles)

    def knows(self, step: Step, roles: Collection[Role]) -> bool:
        """Whether this edition lets these roles take the step in any state the lifecycle allows it in."""
        match step:
            case Step.ANSWER:
                return self.may_answer(roles)
            case Step.RAISE_LEVEL:
                return self.rising.allows(roles)
            case _:
                return self.has(step)

    def has(self, step: Step) -> bool:
        """Whether the step exists under this edition: only some know response modes, levels to rise to, replies owed."""
        match step:
            case Step.SET_MODE:
                return bool(self.modes)
            case Step.RAISE_LEVEL:
                return self.rising != NO_RISING
            case Step.REPLY_INTERIM | Step.REPORT_PROGRESS:
                return met_by(self.obligations, step)
            case _:
                return True

    def steps_for(self, state: State | None, roles: Collection[Role]) -> list[Step]:
        return [step for step in lifecycle.steps_for(state, roles) if self.allowed(state, step, roles)]

    def take(self, state: State | None, step: Step, roles: Collection[Role]) -> State:
        """Where the step leads when these roles take it. Raises NotAllowed, the edition's rule on answers included."""
        to = lifecycle.take(state, step, roles)
        if not self.allowed(state, step, roles):
            raise NotAllowed(state, step, self._why_not(step))
        return to

    def _why_not(self, step: Step) -> Label:
        if step == Step.ANSWER:
            return Label("Câu trả lời phải được thủ trưởng duyệt.", "An answer needs the head's approval.")
        if step == Step.RAISE_LEVEL and self.rising.by:
            return Label(
                f"Theo quy chế, chỉ {' hoặc '.join(self.word(role).vi for role in self.rising.by)} "
                "được chuyển phiếu lên cấp trên.",
                f"Under the regulation only {' or '.join(self.word(role).en for role in self.rising.by)} "
                "may raise a case.",
            )
        what = self.word(step)
        return Label(f"Quy chế không quy định “{what.vi}”.", f"The regulation does not know “{what.en}”.")

    def to_document(self) -> dict[str, Any]:
        """The edition as plain JSON values; `parse_edition` reads it back to an equal edition."""
        from hotline.regulation.edition_document import document

        return document(self)


def edition_on(editions: Iterable[Edition], day: date) -> Edition | None:
    """The edition in force on a day: the latest to begin, where two overlap."""
    return max((e for e in editions if e.in_force(day)), key=lambda e: e.valid_from, default=None)


def parse_edition(document: Mapping[str, Any], source_file: str) -> Edition:
    """The edition a document describes. Raises PackInvalid with every error found: file, key and reason."""
    from hotline.regulation.edition_reading import read_edition

    return read_edition(document, source_file)


__all__ = ["Edition", "OutcomeRule", "PackError", "PackInvalid", "RefusalGround", "edition_on", "parse_edition"]
