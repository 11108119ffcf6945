"""Suggestions from what a citizen wrote: the field, the place, the urgency, and the agency. People decide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, radians
from typing import Literal

from hotline.organisation.rules import bare_name, fold
from hotline.regulation.labels import Label

URGENT, NORMAL = "urgent", "normal"
_FORMER_WORDS = ("cu", "truoc day")
_KM_PER_DEGREE = 111.32


# -- words -------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class FieldWords:
    """A field with the words and phrases that point to it, as the pack writes them. `parent` is 0 at the top."""

    id: int
    words: tuple[str, ...]
    urgent_words: tuple[str, ...] = ()
    parent: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class FieldHit:
    """A suggested field and the words of the text that speak for it, best first."""

    field: int
    words: tuple[str, ...]
    score: float


def contains(folded_text: str, phrase: str) -> bool:
    """Whether the phrase stands in the text as whole syllables; both are compared folded."""
    folded = fold(phrase)
    return bool(folded) and f" {folded} " in f" {folded_text} "


def suggest_field(text: str, fields: Iterable[FieldWords]) -> list[FieldHit]:
    """Fields whose words occur in the text, best first; empty when none does. With or without diacritics.

    A phrase counts the square of its syllables ("đèn đường" 4, "đèn" 1): a long phrase is seldom there by chance. A word
    written with its right diacritics counts half as much again, because "bãi cỏ" and "bãi cọ" fold alike. Ties go to the
    more particular field (one with a parent), then to the order of the pack.
    """
    folded = fold(text)
    plain = " ".join(unicodedata.normalize("NFC", text).lower().split())
    hits = []
    for field in fields:
        found = [(_weight(w, plain), w) for w in dict.fromkeys(field.words) if contains(folded, w)]
        # A short word inside a longer one that also hit ("đèn" in "đèn đường") says nothing new.
        longest = [(weight, w) for weight, w in found if not any(o != w and contains(fold(o), w) for _, o in found)]
        if longest:
            words = tuple(w for _, w in sorted(longest, key=lambda pair: -pair[0]))
            hits.append((FieldHit(field.id, words, sum(weight for weight, _ in longest)), field))
    hits.sort(key=lambda pair: (-pair[0].score, pair[1].parent == 0, pair[1].position, pair[1].id))
    return [hit for hit, _ in hits]


def _weight(word: str, plain_text: str) -> float:
    weight = float(len(fold(word).split()) ** 2)
    return weight * 1.5 if unicodedata.normalize("NFC", word).lower() in plain_text else weight


def suggest_urgency(text: str, fields: Iterable[FieldWords]) -> tuple[str, tuple[str, ...]]:
    """("urgent", the words that say so) when any urgent word of these fields occurs, else ("normal", ())."""
    folded = fold(text)
    words = tuple(dict.fromkeys(w for f in fields for w in f.urgent_words if contains(folded, w)))
    return (URGENT, words) if words else (NORMAL, ())


# -- places ------------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Place:
    """A name of a commune of today: its own, or an old one (`former`) with the district it lay in."""

    area: int
    name: str
    former: bool = False
    district: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class AreaGuess:
    """Communes the text may mean. One: the suggestion. Several: the name alone does not tell, ask for the point."""

    areas: tuple[int, ...]
    words: str = ""
    by: Literal["name", "former_name", "point", ""] = ""

    @property
    def area(self) -> int | None:
        """The commune, when there is no doubt."""
        return self.areas[0] if len(self.areas) == 1 else None

    @property
    def ask_for_point(self) -> bool:
        """Whether the reporter must be asked where exactly it is."""
        return len(self.areas) > 1


NOWHERE = AreaGuess(())
WHERE_EXACTLY = Label(
    "Tên này nay thuộc nhiều xã, phường. Vui lòng chọn điểm trên bản đồ hoặc ghi rõ thôn, đường, số nhà.",
    "This name now lies in several communes. Please mark the point on the map or give the village, street and number.",
)


def suggest_area(text: str, places: Sequence[Place]) -> AreaGuess:
    """The commune a text names, by today's name or an old one; several when an old name was split or is shared.

    A name with its kind ("xã Tam Thanh") beats a bare one ("Tam Thanh"), a longer name a shorter one, today's name an old
    one unless the text says "cũ". The district of an old name, when the text has it, decides between namesakes.
    A bare name of one syllable is not believed: too many words of the language are names of communes.
    """
    folded = f" {fold(text)} "
    found: list[tuple[tuple[int, int, int], Place, str]] = []
    for place in places:
        full = fold(place.name)
        bare = bare_name(full)
        if f" {full} " in folded and full != bare:
            words, with_kind = full, 1
        elif f" {bare} " in folded and " " in bare:
            words, with_kind = bare, 0
        else:
            continue
        says_former = any(f" {words} {word} " in folded for word in _FORMER_WORDS)
        found.append(((with_kind, len(words.split()), int(place.former == says_former)), place, words))
    if not found:
        return NOWHERE
    best = max(rank for rank, _, _ in found)
    chosen = [(place, words) for rank, place, words in found if rank == best]
    in_district = [(p, w) for p, w in chosen if p.district and f" {bare_name(fold(p.district))} " in folded]
    chosen = in_district or chosen
    areas = tuple(dict.fromkeys(place.area for place, _ in chosen))
    return AreaGuess(areas, chosen[0][1], "former_name" if chosen[0][0].former else "name")


def nearest_area(lat: float, lon: float, places: Iterable[Place], within_km: float = 40.0) -> AreaGuess:
    """The commune whose centre is nearest to a point (degrees, WGS 84); nowhere when the nearest is too far off.

    Centres are not borders: near a border the neighbour may be right. It is a suggestion.
    """
    centres = [p for p in places if p.lat is not None and p.lon is not None and not p.former]
    near = min(centres, key=lambda p: _km(lat, lon, p), default=None)
    if near is None or _km(lat, lon, near) > within_km:
        return NOWHERE
    return AreaGuess((near.area,), near.name, "point")


def _km(lat: float, lon: float, place: Place) -> float:
    # A flat earth is exact enough over the tens of kilometres of a province.
    assert place.lat is not None and place.lon is not None, "a centre has both"
    return _KM_PER_DEGREE * hypot(place.lat - lat, (place.lon - lon) * cos(radians(lat)))


# -- agencies ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Handler:
    """An agency as routing needs it: from when to when it exists, and who took over."""

    id: int
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor: int | None = None

    def exists_on(self, day: date) -> bool:
        """Both days included."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One row of the routing table; `agency` None with `own_commune`: the People's Committee of the commune itself."""

    agency: int | None
    area: int | None = None
    own_commune: bool = False
    priority: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The agency a route leads to and the reason, said to the call-taker."""

    agency: int
    why: Label


def choose(
    routes: Iterable[RouteRow], area: int | None, day: date,
    handlers: Mapping[int, Handler], committees: Mapping[int, Sequence[int]],
) -> Choice | None:
    """The first route that leads to an agency existing that day, or to its successor. None: nobody is known.

    Order: a route for exactly this commune; then the pack's priority (1 first); at equal priority the commune's own
    committee before a province-wide agency. `committees`: area → its People's Committees over the years.
    """
    fitting = [r for r in routes if r.area in (None, area) and not (r.own_commune and area not in committees)]
    fitting.sort(key=lambda r: (r.area is None, r.priority, not r.own_commune))
    for route in fitting:
        named = committees[area] if route.own_commune and area is not None else [route.agency]
        standing = [(agency, handler) for agency in named if (handler := _standing(agency, day, handlers))]
        if standing:
            agency, handler = min(standing, key=lambda pair: pair[0] != pair[1].id)  # itself before a successor
            return Choice(handler.id, _why(route, agency, handler, handlers))
    return None


def _standing(agency: int | None, day: date, handlers: Mapping[int, Handler]) -> Handler | None:
    """The agency itself, or along its successors the first that exists that day; a ring of successors ends the search."""
    seen: set[int] = set()
    while agency is not None and agency not in seen and agency in handlers:
        seen.add(agency)
        if handlers[agency].exists_on(day):
            return handlers[agency]
        agency = handlers[agency].successor
    return None


def _why(route: RouteRow, agency: int | None, handler: Handler, handlers: Mapping[int, Handler]) -> Label:
    if route.own_commune:
        why = Label("UBND nơi xảy ra sự việc, theo bảng phân công", "the commune where it happened, by the routing table")
    elif route.area is not None:
        why = Label("phân công riêng cho địa bàn này", "routed for this very area")
    else:
        why = Label("cơ quan phụ trách lĩnh vực", "the agency in charge of the field")
    if agency is not None and handler.id != agency:
        former = handlers[agency].name
        why = Label(f"{why.vi}; kế tục {former}", f"{why.en}; successor of {former}")
    return why
