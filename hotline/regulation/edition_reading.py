"""An edition read from its document, table by table; every mistake is told with its file, key and reason."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from hotline.regulation import lifecycle
from hotline.regulation.clocks import PROMISE_KEY, ClockRule, Lead
from hotline.regulation.completeness import ANY_CHANNEL, Completeness, Needed
from hotline.regulation.cooperation import ASKED, read_cooperation
from hotline.regulation.edition import Edition, OutcomeRule, RefusalGround
from hotline.regulation.experts import read_experts
from hotline.regulation.identity import BY_REQUEST, read_identity
from hotline.regulation.joining import read_follow_ups, read_joining, read_repeats
from hotline.regulation.labels import Label
from hotline.regulation.lanes import read_lanes
from hotline.regulation.lanes_by_law import BY_LAW
from hotline.regulation.levels import Level, RisingRule
from hotline.regulation.lifecycle import CaseKind, ObligationKind, OutcomeKind, Role, Step
from hotline.regulation.limits import Limit, WorkingDays, parse_limit
from hotline.regulation.modes import Mode
from hotline.regulation.obligations import MET_BY, ObligationRule, lifted_by
from hotline.regulation.periods import BY_MONTH, read_reporting
from hotline.regulation.reading import PackInvalid, Reader
from hotline.regulation.reopening import ReopeningRule
from hotline.regulation.reschedule import RescheduleRule
from hotline.regulation.responsibilities import read_parties, read_responsibilities
from hotline.regulation.returns import ReturnRule
from hotline.regulation.scope import ALL_FIELDS, read_scope
from hotline.regulation.triggers import triggers_of
from hotline.regulation.verification import VerificationRule

T = TypeVar("T")


def read_edition(document: Mapping[str, Any], source_file: str) -> Edition:
    """The edition a document describes. Raises PackInvalid with every error found: file, key and reason."""
    reader = Reader(document, source_file)
    edition = _edition(reader)
    if not reader.errors:
        _check(edition, reader)
    if reader.errors:
        raise PackInvalid(reader.errors)
    return edition


def _edition(r: Reader) -> Edition:
    parties = read_parties(r.inners("parties", optional=True))
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
        modes=tuple(_mode(mode) for mode in r.inners("modes", optional=True)),
        obligations=tuple(_obligation(rule) for rule in r.inners("obligations", optional=True)),
        rising=_rising(r.inner("rising", optional=True)),
        cooperation=_given(r, "cooperation", read_cooperation),
        joining=_given(r, "joining", read_joining),
        repeats=_given(r, "repeats", read_repeats),
        follow_ups=_given(r, "follow_ups", read_follow_ups),
        identity=_given(r, "identity", read_identity) or BY_REQUEST,
        experts=_given(r, "experts", read_experts),
        scope=_given(r, "scope", read_scope) or ALL_FIELDS,
        reporting=_given(r, "reporting", read_reporting) or BY_MONTH,
        parties=parties,
        responsibilities=read_responsibilities(r.inners("responsibilities", optional=True), parties),
        lanes=_given(r, "lanes", lambda table: read_lanes(table, BY_LAW)) or BY_LAW,
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
        meets_on=r.texts("meets_on", []),
        pauses_on=r.texts("pauses_on", []),
        resumes_on=r.texts("resumes_on", []),
        cancels_on=r.texts("cancels_on", []),
        warn_before=_leads(r),
        marks_late=r.flag("marks_late", True),
        tells=r.choices("tells", Role),
        article=r.text("article", ""),
    )
    r.done()
    return rule


def _obligation(r: Reader) -> ObligationRule:
    kind = r.choice("kind", ObligationKind)
    rule = ObligationRule(
        key=r.text("key"),
        kind=kind,
        label=r.label("label") if "label" in r.table else kind.label,
        owner=r.choice("owner", Role),
        limit=_limit(r, "limit"),
        starts_on=r.texts("starts_on", []),
        meets_on=r.texts("meets_on", [*MET_BY.get(kind, ())]),
        cancels_on=r.texts("cancels_on", [*lifted_by(kind)]),
        warn_before=_leads(r),
        tells=r.choices("tells", Role),
        marks_late=r.flag("marks_late", True),
        needs_photo=r.flag("needs_photo", False),
        needs_date=r.flag("needs_date", False),
        article=r.text("article", ""),
    )
    r.known.add("label")
    r.done()
    return rule


def _mode(r: Reader) -> Mode:
    mode = Mode(
        number=r.whole("number", least=1),
        key=r.text("key"),
        label=r.label("label"),
        description=r.label("description") if "description" in r.table else None,
        owes=r.texts("owes", []),
        set_on=r.texts("set_on", []),
        article=r.text("article", ""),
    )
    r.known.add("description")
    r.done()
    return mode


def _given(r: Reader, key: str, read: Callable[[Reader], T]) -> T | None:
    """A table that an edition may leave out altogether."""
    inner = r.inner(key, optional=True)
    return read(inner) if key in r.table else None


def _rising(r: Reader) -> RisingRule:
    rule = RisingRule(
        r.choices("by", Role), r.whole("reopened_at_least", 0), r.flag("repeat_raises", False), r.text("article", "")
    )
    r.done()
    return rule


def _leads(r: Reader) -> tuple[Lead, ...]:
    return tuple(lead for lead in (_lead(r, value) for value in r.items("warn_before", [])) if lead)


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
    _check_twice(edition, r)
    triggers = triggers_of(edition)
    for table, rules in (("clocks", edition.written_clocks), ("obligations", edition.obligations)):
        for number, rule in enumerate(rules, 1):
            for name in ("starts_on", "meets_on", "pauses_on", "resumes_on", "cancels_on"):
                _check_triggers(f"{table}[{number}].{name}", getattr(rule, name, ()), triggers, r)
    for number, clock in enumerate(edition.written_clocks, 1):
        if not clock.starts_on:
            r.fail(f"clocks[{number}].starts_on", "đồng hồ không bao giờ bắt đầu", "the clock never starts")
    _check_modes(edition, r)
    _check_cooperation(edition, r)
    for key in set(edition.reschedule.moves) - set(keys):
        r.fail("reschedule.moves", f"không có thời hạn “{key}”", f"there is no clock “{key}”")


def _check_cooperation(edition: Edition, r: Reader) -> None:
    rule = edition.cooperation
    clocks = [clock.key for clock in edition.written_clocks if ASKED in clock.starts_on]
    if rule is None:
        for key in clocks:
            r.fail("clocks", f"“{key}” cần bảng [cooperation]", f"“{key}” needs the table [cooperation]")
    elif rule.clock not in clocks:
        r.fail(
            "cooperation.clock",
            f'không có thời hạn “{rule.clock}” với starts_on = ["{ASKED}"]',
            f'there is no clock “{rule.clock}” with starts_on = ["{ASKED}"]',
        )


def _check_twice(edition: Edition, r: Reader) -> None:
    lists: dict[str, list[str]] = {
        "clocks": [rule.key for rule in edition.written_clocks],
        "obligations": [rule.key for rule in edition.obligations],
        "levels": [str(level.number) for level in edition.levels],
        "modes": [str(mode.number) for mode in edition.modes],
        "refusal_grounds": [ground.key for ground in edition.refusal_grounds],
        "outcomes": [rule.kind for rule in edition.outcomes],
    }
    for name, values in lists.items():
        for twice in sorted({value for value in values if values.count(value) > 1}):
            r.fail(name, f"“{twice}” được khai báo hai lần", f"“{twice}” is declared twice")
    modes = [mode.key for mode in edition.modes]
    for twice in sorted({key for key in modes if modes.count(key) > 1}):
        r.fail("modes", f"“{twice}” được khai báo hai lần", f"“{twice}” is declared twice")
    # One name, one due moment: `hotline deadline --clock` and "expire:…" would not know which.
    for key in sorted({*lists["clocks"], PROMISE_KEY} & {*lists["obligations"]}):
        r.fail("obligations", f"“{key}” đã là tên một đồng hồ", f"“{key}” is the name of a clock already")


def _check_triggers(key: str, named: Iterable[str], triggers: Collection[str], r: Reader) -> None:
    for trigger in sorted(set(named) - {*triggers}):
        r.fail(
            key,
            f"không có bước, đồng hồ, cấp độ phản hồi hoặc cấp xử lý “{trigger}”",
            f"there is no step, clock, mode or level “{trigger}”",
        )


def _check_modes(edition: Edition, r: Reader) -> None:
    keys = {rule.key for rule in edition.obligations}
    for number, mode in enumerate(edition.modes, 1):
        for key in sorted(set(mode.owes) - keys):
            r.fail(f"modes[{number}].owes", f"không có nghĩa vụ “{key}”", f"there is no obligation “{key}”")
        _check_triggers(f"modes[{number}].set_on", mode.set_on, {*Step} - {Step.SET_MODE}, r)
    owed = {key for mode in edition.modes for key in mode.owes}
    for number, rule in enumerate(edition.obligations, 1):
        if not rule.starts_on and rule.key not in owed:
            key = f"obligations[{number}].starts_on"
            r.fail(key, "nghĩa vụ không bao giờ phát sinh", "the obligation never begins")
