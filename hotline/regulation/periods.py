"""Reporting periods: a month that need not be the calendar's, as "từ 12 giờ ngày 25 đến 12 giờ ngày 25"."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, NamedTuple

from hotline.regulation.labels import Label
from hotline.regulation.reading import Reader


class Period(NamedTuple):
    """From `start` up to, not including, `end`; `month` is the first day of the month it is named after."""

    month: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ReportingRule:
    """A period begins on `from_day` (1 to 28) at `at`, hotline time, and lasts a month. It is named after the month in which
    it ends; one that begins with the calendar month, after that month."""

    from_day: int = 1
    at: time = time(0)
    article: str = ""

    @property
    def calendar_month(self) -> bool:
        return self.from_day == 1 and self.at == time(0)

    def period(self, month: date, zone: tzinfo) -> Period:
        """The period named after a month (any day of it)."""
        first = month.replace(day=1)
        begins = first if self.calendar_month else month_before(first)
        return Period(first, self._start(begins, zone), self._start(month_after(begins), zone))

    def month_of(self, moment: datetime) -> date:
        """The month after which the period of a moment (hotline time) is named."""
        first = moment.date().replace(day=1)
        if self.calendar_month:
            return first
        return first if moment < self._start(first, moment.tzinfo) else month_after(first)

    def _start(self, first: date, zone: tzinfo | None) -> datetime:
        return datetime.combine(first.replace(day=self.from_day), self.at, zone)

    def words(self, period: Period) -> Label:
        """The period as people read it."""
        vi, en = f"Tháng {period.month:%m/%Y}", f"{period.month:%m/%Y}"
        if self.calendar_month:
            return Label(vi, en)
        span = f"{period.start:%H:%M} {period.start:%d/%m/%Y} – {period.end:%H:%M} {period.end:%d/%m/%Y}"
        return Label(f"{vi} ({span})", f"{en} ({span})")

    def to_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"from_day": self.from_day, "at": f"{self.at:%H:%M}", "article": self.article}
        return {} if self == BY_MONTH else {name: value for name, value in document.items() if value}


BY_MONTH = ReportingRule()


def read_reporting(r: Reader) -> ReportingRule:
    """The table [reporting]: `from_day`, `at` ("12:00")."""
    day = r.whole("from_day", 1, least=1)
    if day > 28:
        r.fail("from_day", "phải từ 1 đến 28: tháng nào cũng có ngày đó", "must be 1 to 28: a day every month has")
    at = r.attempt("at", _clock_time, r.text("at", "00:00")) or time(0)
    rule = ReportingRule(min(day, 28), at, r.text("article", ""))
    r.done()
    return rule


def _clock_time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(Label(f"phải là giờ như 12:00, gặp {text!r}", f"must be a time like 12:00, got {text!r}")) from None


def month_after(first: date) -> date:
    """The first day of the following month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return date(first.year - (first.month == 1), 12 if first.month == 1 else first.month - 1, 1)
