"""Hẹn lại: promising the citizen another date, at most as often as the edition allows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.limits import Limit, due
from hotline.regulation.refusal import Refused
from hotline.regulation.working_time import WorkCalendar


@dataclass(frozen=True, slots=True)
class RescheduleRule:
    """`most` times; `within` bounds the new date, counted from the moment it is promised; `moves` names the clocks
    whose due moment becomes the promised one."""

    most: int
    article: str
    within: Limit | None = None
    moves: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        document = {"most": self.most, "article": self.article, "moves": list(self.moves)}
        return document | ({"within": self.within.to_document()} if self.within else {})


def check(rule: RescheduleRule, already: int, until: datetime, now: datetime, calendar: WorkCalendar) -> None:
    """Whether a case rescheduled `already` times may be promised `until`. Raises Refused with the article."""
    if already >= rule.most:
        raise Refused(
            Label(
                f"Chỉ được hẹn lại người dân không quá {rule.most} lần; phiếu này đã hẹn lại {already} lần.",
                f"A case may be rescheduled at most {_times(rule.most)}; this one was already, {_times(already)}.",
            ),
            rule.article,
        )
    if until <= now:
        raise Refused(
            Label("Thời điểm hẹn lại phải ở sau hiện tại.", "The new date must lie in the future."), rule.article
        )
    if rule.within and until > (latest := due(rule.within, now, calendar)):
        raise Refused(
            Label(
                f"Chỉ được hẹn lại trong vòng {rule.within.label.vi}, chậm nhất {latest:%H:%M %d/%m/%Y}.",
                f"The new date must be within {rule.within.label.en}, by {latest:%H:%M %d/%m/%Y}.",
            ),
            rule.article,
        )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
