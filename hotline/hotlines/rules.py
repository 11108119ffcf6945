"""Fields of work and their routes as a pack writes them, before they are rows; what roles are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role


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


@dataclass(frozen=True, slots=True)
class RoleWords:
    """What the roles are called in this house: as the regulation of the hotline that a person works for says (“Lãnh đạo
    thành phố”), where several are of several opinions in the words of all houses. `lines`: of each hotline the agencies
    that run it, and its own words."""

    lines: tuple[tuple[frozenset[int], Mapping[str, Label]], ...] = ()

    def of(self, role: Role, agency_id: int | None = None) -> Label:
        """The word for a role at an agency."""
        own = [words for agencies, words in self.lines if agency_id in agencies]
        said = {words.get(role.value, role.label) for words in own or [words for _, words in self.lines]}
        return said.pop() if len(said) == 1 else role.label
