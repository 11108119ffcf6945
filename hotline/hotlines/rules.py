"""Fields of work and their routes as a pack writes them, before they are rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A field of work; `parent` is the key of the field above, empty for none."""

    key: str
    vi: str
    en: str = ""
    parent: str = ""
    words: tuple[str, ...] = ()
    urgent_words: tuple[str, ...] = ()
    public: bool = True
    domain: str = ""  # the walled domain it belongs to, where the pack has domains


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """Who handles a field, everywhere or in one area: an agency, or the commune's own People's Committee."""

    field: str
    area_code: str = ""
    agency: str = ""
    own_commune: bool = False
    priority: int = 0
    note: str = ""
