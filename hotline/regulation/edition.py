"""An edition: the regulation of one hotline in force between two dates, as one frozen value read from a document.

The document is the TOML of a pack, or the same thing kept as JSON in the database (dates as "2021-06-04").
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hotline.regulation import lifecycle
from hotline.regulation.clocks import ClockRule, Lead, expiry_of
from hotline.regulation.completeness import ANY_CHANNEL, Completeness, Needed
from hotline.regulation.labels import Label
from hotline.regulation.levels import Level
from hotline.regulation.lifecycle import CaseKind, NotAllowed, OutcomeKind, Role, State, Step
from hotline.regulation.limits import Limit, WorkingDays, parse_limit
from hotline.regulation.reading import PackError, PackInvalid, Reader
from hotline.regulation.reopening import ReopeningRule
from hotline.regulation.reschedule import RescheduleRule
from hotline.regulation.returns import ReturnRule
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

    @property
    def clocks(self) -> tuple[ClockRule, ...]:
        """The clock rules in force, pausing for verification where this edition wants it."""
        return with_verification(self.written_clocks, self.verification)

    def clock(self, key: str) -> ClockRule:
        """The rule of one clock. Raises KeyError."""
        return {rule.key: rule for rule in self.clocks}[key]

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
        return lifecycle.allowed(state, step, roles) and (step != Step.ANSWER or self.may_answer(roles))

    def steps_for(self, state: State | None, roles: Collection[Role]) -> list[Step]:
        return [step for step in lifecycle.steps_for(state, roles) if self.allowed(state, step, roles)]

    def take(self, state: State | None, step: Step, roles: Collection[Role]) -> State:
        """Where the step leads when these roles take it. Raises NotAllowed, the edition's rule on answers included."""
        to = lifecycle.take(state, step, roles)
        if not self.allowed(state, step, roles):
            sentence = Label("Câu trả lời phải được thủ trưởng duyệt.", "An answer needs the head's approval.")
            raise NotAllowed(state, step, sentence)
        return to

    def to_document(self) -> dict[str, Any]:
        """The edition as plain JSON values; `parse_edition` reads it back to an equal edition."""
        from hotline.regulation.edition_document import document

        return document(self)


def edition_on(editions: Iterable[Edition], day: date) -> Edition | None:
    """The edition in force on a day: the latest to begin, where two overlap."""
    return max((e for e in editions if e.in_force(day)), key=lambda e: e.valid_from, default=None)


def parse_edition(document: Mapping[str, Any], source_file: str) -> Edition:
    """The edition a document describes. Raises PackInvalid with every error found: file, key and reason."""
    reader = Reader(document, source_file)
    edition = _edition(reader)
    if not reader.errors:
        _check(edition, reader)
    if reader.errors:
        raise PackInvalid(reader.errors)
    return edition


def _edition(r: Reader) -> Edition:
    edition = Edition(
        key=r.text("key"),
        hotline=r.text("hotline"),
        decision=r.text("decision"),
        title=r.label("title"),
        issued_on=r.day("issued_on") or date.min,
        valid_from=r.day("valid_from") or date.min,
        valid_to=r.day("valid_to", optional=True),
        levels=tuple(_level(level) for level in r.inners("levels")),
        written_clocks=tuple(_clock(clock) for clock in r.inners("clocks")),
        reschedule=_reschedule(r.inner("reschedule")),
        returns=_returns(r.inner("returns")),
        verification=_verification(r.inner("verification", optional=True)),
        reopening=_reopening(r.inner("reopening")),
        approval_needed=r.flag("approval_needed"),
        refusal_grounds=tuple(_ground(ground) for ground in r.inners("refusal_grounds", optional=True)),
        outcomes=tuple(_outcome(outcome) for outcome in r.inners("outcomes", optional=True)),
        kinds=r.choices("kinds", CaseKind, tuple(CaseKind)),
        completeness=_completeness(r.inner("completeness")),
        words=_words(r.inner("words", optional=True)),
        sources=_sentences(r, "sources"),
        assumptions=_sentences(r, "assumptions"),
    )
    r.done()
    return edition


def _level(r: Reader) -> Level:
    level = Level(r.whole("number", least=1), r.text("key"), r.label("label"), r.choice("role", Role))
    r.done()
    return level


def _clock(r: Reader) -> ClockRule:
    rule = ClockRule(
        key=r.text("key"),
        label=r.label("label"),
        owner=r.choice("owner", Role),
        limit=_limit(r, "limit"),
        starts_on=r.texts("starts_on"),
        meets_on=r.choices("meets_on", Step),
        pauses_on=r.choices("pauses_on", Step),
        resumes_on=r.choices("resumes_on", Step),
        cancels_on=r.choices("cancels_on", Step),
        warn_before=tuple(lead for lead in (_lead(r, value) for value in r.items("warn_before", [])) if lead),
        marks_late=r.flag("marks_late", True),
        tells=r.choices("tells", Role),
        article=r.text("article", ""),
    )
    r.done()
    return rule


def _limit(r: Reader, key: str) -> Limit:
    return r.limit(key) or WorkingDays(1)


def _lead(r: Reader, value: Any) -> Lead | None:
    lead = r.attempt("warn_before", parse_limit, value)
    if isinstance(lead, WorkingDays):
        r.fail(
            "warn_before",
            "dùng working_hours, calendar_days hoặc minutes",
            "use working_hours, calendar_days or minutes",
        )
        return None
    return lead


def _reschedule(r: Reader) -> RescheduleRule:
    rule = RescheduleRule(r.whole("most"), r.text("article"), r.limit("within", optional=True), r.texts("moves", []))
    r.done()
    return rule


def _returns(r: Reader) -> ReturnRule:
    rule = ReturnRule(
        r.whole("most"), r.choice("decided_by", Role, Role.COORDINATOR), r.flag("binding", True), r.text("article", "")
    )
    r.done()
    return rule


def _verification(r: Reader) -> VerificationRule:
    rule = VerificationRule(r.flag("pauses_others", False), r.text("article", ""))
    r.done()
    return rule


def _reopening(r: Reader) -> ReopeningRule:
    rule = ReopeningRule(_limit(r, "window"), r.whole("unhappy_at_most", 2), r.text("article", ""))
    r.done()
    return rule


def _ground(r: Reader) -> RefusalGround:
    ground = RefusalGround(
        r.text("key"),
        r.label("label"),
        r.text("article"),
        r.flag("needs_where_to_go", False),
        r.day("valid_from", optional=True),
    )
    r.done()
    return ground


def _outcome(r: Reader) -> OutcomeRule:
    rule = OutcomeRule(
        r.choice("kind", OutcomeKind),
        r.flag("needs_ground", False),
        r.flag("needs_proof", False),
        r.flag("needs_date", False),
    )
    r.done()
    return rule


def _completeness(r: Reader) -> Completeness:
    channels = r.inner("required")
    required = {channel: channels.choices(channel, Needed) for channel in channels.table}
    if ANY_CHANNEL not in required:
        channels.fail(ANY_CHANNEL, "thiếu quy định chung cho mọi kênh", "the rule for all channels is missing")
    rule = Completeness(required, r.whole("least_letters", 1))
    r.done()
    return rule


def _words(r: Reader) -> dict[str, dict[str, Label]]:
    words: dict[str, dict[str, Label]] = {}
    for vocabulary in lifecycle.LABELS:
        inner = r.inner(vocabulary.__name__, optional=True)
        own = {member.value: inner.label(member.value) for member in vocabulary if member.value in inner.table}
        inner.known |= {member.value for member in vocabulary}
        inner.done()
        if own:
            words[vocabulary.__name__] = own
    r.done()
    return words


def _sentences(r: Reader, key: str) -> tuple[Label, ...]:
    readers = r.inners(key, optional=True)
    sentences = tuple(Label(inner.text("vi"), inner.text("en")) for inner in readers)
    for inner in readers:
        inner.done()
    return sentences


def _check(edition: Edition, r: Reader) -> None:
    """What no single key can tell: names that must exist, be different, or follow each other."""
    if edition.valid_to and edition.valid_to < edition.valid_from:
        r.fail("valid_to", "phải từ valid_from trở đi", "must not be before valid_from")
    keys = [rule.key for rule in edition.written_clocks]
    lists: dict[str, list[str]] = {
        "clocks": keys,
        "levels": [str(level.number) for level in edition.levels],
        "refusal_grounds": [ground.key for ground in edition.refusal_grounds],
        "outcomes": [rule.kind for rule in edition.outcomes],
    }
    for name, values in lists.items():
        for twice in sorted({value for value in values if values.count(value) > 1}):
            r.fail(name, f"“{twice}” được khai báo hai lần", f"“{twice}” is declared twice")
    triggers = {*Step, *map(expiry_of, keys)}
    for number, rule in enumerate(edition.written_clocks, 1):
        for trigger in set(rule.starts_on) - triggers:
            key = f"clocks[{number}].starts_on"
            r.fail(key, f"không có bước hoặc đồng hồ “{trigger}”", f"there is no step or clock “{trigger}”")
        if not rule.starts_on:
            r.fail(f"clocks[{number}].starts_on", "đồng hồ không bao giờ bắt đầu", "the clock never starts")
    for key in set(edition.reschedule.moves) - set(keys):
        r.fail("reschedule.moves", f"không có thời hạn “{key}”", f"there is no clock “{key}”")


__all__ = ["Edition", "OutcomeRule", "PackError", "PackInvalid", "RefusalGround", "edition_on", "parse_edition"]
