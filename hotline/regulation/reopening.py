"""Xử lý lại: within a window after the answer the citizen may ask for the case to be handled again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.limits import Limit, due
from hotline.regulation.refusal import Refused
from hotline.regulation.working_time import WorkCalendar


@dataclass(frozen=True, slots=True)
class ReopeningRule:
    """`window` counts from the answer; a rating of at most `unhappy_at_most` stars (of 5) asks by itself."""

    window: Limit
    unhappy_at_most: int = 2
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {
            "window": self.window.to_document(),
            "unhappy_at_most": self.unhappy_at_most,
            "article": self.article,
        }


def closes_at(rule: ReopeningRule, answered_at: datetime, calendar: WorkCalendar) -> datetime:
    """The last moment to ask; afterwards an answered case is settled."""
    return due(rule.window, answered_at, calendar)


def check(rule: ReopeningRule, answered_at: datetime, now: datetime, calendar: WorkCalendar) -> None:
    """Raises Refused once the window has closed."""
    last = closes_at(rule, answered_at, calendar)
    if now > last:
        within = rule.window.label
        raise Refused(
            Label(
                f"Chỉ được đề nghị xử lý lại trong {within.vi} kể từ khi trả lời, đến {last:%H:%M %d/%m/%Y}.",
                f"Reopening may be asked for within {within.en} of the answer, until {last:%H:%M %d/%m/%Y}.",
            ),
            rule.article,
        )


def asks_by_rating(rule: ReopeningRule, stars: int, resolved: bool | None) -> bool:
    """Whether a rating counts as asking: few stars, or the citizen says "chưa được giải quyết"."""
    return resolved is False or stars <= rule.unhappy_at_most
