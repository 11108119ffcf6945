"""One matter, several reports: joined to one case, told apart from a repeat, and how often the reporter may knock unheard.

Joining only ever suggests: whether two reports are about one matter, a person decides.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Any

from hotline.regulation.reading import Reader

EARTH = 6_371_000.0  # metres, the mean radius
METRES_A_DEGREE = 111_320.0  # of latitude


@dataclass(frozen=True, slots=True)
class JoiningRule:
    """Open cases of the same field are offered for joining when they are at most `radius` metres and `days` apart and
    their words are at least `alike` percent the same. Without a point, the same commune stands for the distance."""

    radius: int = 500
    days: int = 14
    alike: int = 30
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {"radius": self.radius, "days": self.days, "alike": self.alike, "article": self.article}


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """A report about a matter answered at most `days` ago, by the same citizen and with words at least `alike` percent the
    same, is offered as a repeat: linked to the old case it rises above its level, where [rising] says so."""

    days: int = 365
    alike: int = 30
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {"days": self.days, "alike": self.alike, "article": self.article}


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """After each `remind_after` messages of the reporter on an open case its agency and head are reminded, once."""

    remind_after: int
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {"remind_after": self.remind_after, "article": self.article}


def read_joining(r: Reader) -> JoiningRule:
    """The table [joining]."""
    rule = JoiningRule(
        r.whole("radius", 500, least=1), r.whole("days", 14, least=1), _percent(r, 30), r.text("article", "")
    )
    r.done()
    return rule


def read_repeats(r: Reader) -> RepeatRule:
    """The table [repeats]."""
    rule = RepeatRule(r.whole("days", 365, least=1), _percent(r, 30), r.text("article", ""))
    r.done()
    return rule


def read_follow_ups(r: Reader) -> FollowUpRule:
    """The table [follow_ups]."""
    rule = FollowUpRule(r.whole("remind_after", least=1), r.text("article", ""))
    r.done()
    return rule


def _percent(r: Reader, default: int) -> int:
    value = r.whole("alike", default)
    if value > 100:
        r.fail("alike", "là phần trăm, từ 0 đến 100", "is a percentage, from 0 to 100")
    return value


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The distance between two points on the ground, in metres (haversine; the earth as a ball, 0.5 % at the worst)."""
    north, east = radians(other_lat - lat), radians(other_lon - lon)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def box(lat: float, lon: float, radius: float) -> tuple[float, float, float, float]:
    """South, north, west, east of a square of degrees that holds every point at most `radius` metres away."""
    up = radius / METRES_A_DEGREE * 1.01  # the ball is a little flat: rather a candidate too many
    widest = min(89.0, abs(lat) + up)
    aside = up / max(cos(radians(widest)), 0.01)
    return lat - up, lat + up, lon - aside, lon + aside


def reminds(rule: FollowUpRule | None, count: int) -> bool:
    """Whether the `count`th message is one after which the agency is reminded."""
    return rule is not None and count > 0 and count % rule.remind_after == 0
