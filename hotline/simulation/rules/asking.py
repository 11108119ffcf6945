"""What may be asked of the simulator, by whom: an edition as it is, with other limits, or another one altogether."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hotline.regulation.clocks import ClockRule
from hotline.regulation.comparison import differences
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role
from hotline.regulation.limits import CalendarDays, Limit, Minutes, WorkingDays, WorkingHours, parse_limit

# Who weighs a regulation. The administrator sees figures alone: the cases behind them open to those who read cases.
ASKING = (Role.COORDINATOR, Role.LEADER, Role.INSPECTOR, Role.ADMINISTRATOR)
_UNITS: dict[type[Limit], str] = {
    WorkingHours: "working_hours", WorkingDays: "working_days", CalendarDays: "calendar_days", Minutes: "minutes",
}  # fmt: skip


def amount(limit: Limit) -> float:
    """How many of its unit a limit is."""
    return float(limit.to_document()[_UNITS[type(limit)]])


def whole(limit: Limit) -> bool:
    """Whether it counts whole days only."""
    return isinstance(limit, WorkingDays | CalendarDays)


def limits_of(edition: Edition) -> list[ClockRule]:
    """Every clock whose limit can be changed, an obligation's included."""
    return [*edition.written_clocks, *(rule.clock for rule in edition.obligations)]


def with_limits(edition: Edition, amounts: Mapping[str, float]) -> Edition:
    """The edition with other amounts of the same units, by clock. Raises ValueError(Label) for what is no limit."""
    clocks = tuple(replace(rule, limit=_changed(rule.limit, amounts.get(rule.key))) for rule in edition.written_clocks)
    owed = tuple(replace(rule, limit=_changed(rule.limit, amounts.get(rule.key))) for rule in edition.obligations)
    return replace(edition, written_clocks=clocks, obligations=owed)


def _changed(limit: Limit, value: float | None) -> Limit:
    if value is None or value == amount(limit):
        return limit
    given: float = int(value) if whole(limit) and value == int(value) else value
    return parse_limit(limit.to_document() | {_UNITS[type(limit)]: given})


def titled(before: Edition, after: Edition, calendar: str = "") -> Label:
    """What is asked in one line: the decision, and the limits that differ."""
    changed = [
        Label(f"{title.vi}: {_short(pair.before, 'vi')} → {_short(pair.after, 'vi')}",
              f"{title.en}: {_short(pair.before, 'en')} → {_short(pair.after, 'en')}")
        for title, pair in differences(before, after)
        if pair.name.en == "Limit" and pair.before and pair.after
    ]  # fmt: skip
    parts_vi = [after.decision, *(label.vi for label in changed[:3]), *([f"lịch {calendar}"] if calendar else [])]
    parts_en = [after.decision, *(label.en for label in changed[:3]), *([f"calendar {calendar}"] if calendar else [])]
    more = ["…"] if len(changed) > 3 else []
    return Label("; ".join([*parts_vi, *more]), "; ".join([*parts_en, *more]))


def _short(value: Label | None, language: str) -> str:
    return value.get(language).partition(",")[0] if value else "–"
