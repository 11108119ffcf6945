"""Suggestions from what a citizen wrote: the field, the place, the urgency, and the agency. People decide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
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


# The few thousand words and names of a pack are asked for all day.
_folded = lru_cache(maxsize=16_384)(fold)


def contains(folded_text: str, phrase: str) -> bool:
    """Whether the phrase stands in the text as whole syllables; both are compared folded."""
    folded = _folded(phrase)
    return bool(folded) and f" {folded} " in f" {folded_text} "


def suggest_field(text: str, fields: Iterable[FieldWords]) -> list[FieldHit]:
    """Fields whose words occur in the text, best first; empty when none does. With or without diacritics.

    A phrase counts its syllables: a long one is seldom there by chance. Written with its right diacritics it counts half as
    much again, because "bãi cỏ" and "bãi cọ" fold alike. What speaks for a field speaks for the field below it too, once
    that one is named at all. Ties go to what the text says first ("đèn đường hỏng" is about a lamp, not about a road), then
    to the order of the pack.
    """
    folded = fold(text)
    plain = " ".join(unicodedata.normalize("NFC", text).lower().split())
    found = {field.id: (field, _hits(field, folded)) for field in fields}
    own = {pk: sum(_weight(word, plain) for word in words) for pk, (_, words) in found.items()}
    ranked = []
    for pk, (field, words) in found.items():
        if words:
            first = min(f" {folded} ".index(f" {_folded(word)} ") for word in words)
            hit = FieldHit(pk, tuple(sorted(words, key=lambda w: -_weight(w, plain))), own[pk] + own.get(field.parent, 0))
            ranked.append((-hit.score, first, field.parent == 0, field.position, pk, hit))
    return [row[-1] for row in sorted(ranked)]


def _hits(field: FieldWords, folded: str) -> list[str]:
    """The field's words in the text; a short word inside a longer one that is there too ("đèn" in "đèn đường") says
    nothing new."""
    there = [w for w in dict.fromkeys(field.words) if contains(folded, w)]
    return [w for w in there if not any(o != w and contains(_folded(o), w) for o in there)]


def _weight(word: str, plain_text: str) -> float:
    syllables = len(_folded(word).split())
    return syllables * 1.5 if unicodedata.normalize("NFC", word).lower() in plain_text else float(syllables)


def suggest_urgency(text: str, fields: Iterable[FieldWords]) -> tuple[str, tuple[str, ...]]:
    """("urgent", the words that say so) when any urgent phrase of these fields occurs, else ("normal", ()).

    People turn phrases about and put a word between: "đứt dây điện" is heard in "dây điện bị đứt". Better once too often.
    """
    syllables = fold(text).split()
    words = tuple(dict.fromkeys(w for f in fields for w in f.urgent_words if _near(syllables, _folded(w).split())))
    return (URGENT, words) if words else (NORMAL, ())


def _near(syllables: list[str], phrase: list[str]) -> bool:
    """Whether all syllables of a phrase stand together in any order, with at most one other between them."""
    wanted, span = sorted(phrase), len(phrase) + (len(phrase) > 1)
    if not phrase or not set(phrase) <= set(syllables):
        return False
    windows = (syllables[i : i + span] for i in range(max(1, len(syllables) - len(phrase) + 1)))
    return any(_contains_all(window, wanted) for window in windows)


def _contains_all(window: list[str], wanted: list[str]) -> bool:
    return all(window.count(syllable) >= wanted.count(syllable) for syllable in wanted)


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
        full = _folded(place.name)
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
    in_district = [(p, w) for p, w in chosen if p.district and f" {bare_name(_folded(p.district))} " in folded]
    chosen = in_district or chosen
    # Trà Don and Trà Dơn fold alike: written with its diacritics, only one of them is meant.
    written = f" {' '.join(unicodedata.normalize('NFC', text).lower().replace(',', ' ').split())} "
    chosen = [(p, w) for p, w in chosen if f" {_written(p.name, w)} " in written] or chosen
    # "phường Quảng Phú (xã Tam Thanh cũ)": the commune that both names mean.
    names: dict[int, set[str]] = {}
    for place, words in chosen:
        names.setdefault(place.area, set()).add(words)
    most = max(map(len, names.values()))
    chosen = [(place, words) for place, words in chosen if len(names[place.area]) == most]
    areas = tuple(dict.fromkeys(place.area for place, _ in chosen))
    return AreaGuess(areas, chosen[0][1], "former_name" if chosen[0][0].former else "name")


def _written(name: str, folded: str) -> str:
    """As much of a name as `folded` has syllables, with its diacritics."""
    syllables = unicodedata.normalize("NFC", name).lower().split()
    return " ".join(syllables[-len(folded.split()) :])


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
