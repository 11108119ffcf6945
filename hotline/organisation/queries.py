"""Questions about places and agencies, on a day."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet

from hotline.organisation.models import Agency, Area, AreaAlias, AreaSuccession
from hotline.organisation.rules import bare_name, fold, in_force


def agencies_on(day: date) -> QuerySet[Agency]:
    """Agencies that exist on a day."""
    return Agency.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def agency_at(key: str, day: date) -> Agency | None:
    """The agency with a key if it exists on that day."""
    return agencies_on(day).filter(key=key).first()


def name_on(agency: Agency, day: date) -> str:
    """What an agency was called on a day; its present name when nothing is recorded for that day."""
    row = in_force(agency.names.all(), day)
    return row.name if row else agency.name


def parent_on(agency: Agency, day: date) -> Agency | None:
    """Whom an agency belonged to on a day."""
    row = in_force(agency.parents.select_related("parent"), day)
    return row.parent if row else agency.parent


def standing(agency: Agency) -> Agency:
    """The agency itself while no decision has ended it here, else the last of its successors."""
    seen = {agency.pk}
    while agency.valid_to is not None and agency.successor is not None and agency.successor.pk not in seen:
        agency = agency.successor
        seen.add(agency.pk)
    return agency


def descendants(agency: Agency) -> list[int]:
    """Ids of all agencies below one, today, nearest first; one query."""
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in Agency.objects.order_by("id").values_list("id", "parent_id"):
        children.setdefault(parent_id, []).append(pk)
    below, level = [], [agency.pk]
    while level:
        level = [child for pk in level for child in children.get(pk, [])]
        below += level
    return below


def areas_served() -> QuerySet[Area]:
    """Communes within this installation's authority, by name."""
    return Area.objects.filter(served=True, kind=Area.Kind.COMMUNE).order_by("name")


def old_names_served() -> dict[str, str]:
    """Old names of the communes served, as one line of words by the id of the commune; for a list one can type into."""
    names: dict[str, list[str]] = {}
    rows = AreaAlias.objects.filter(area__served=True).order_by("name").values_list("area_id", "name")
    for area_id, name in rows:
        names.setdefault(str(area_id), []).append(name.removeprefix("Phường ").removeprefix("Xã ").removeprefix("Thị trấn "))
    return {area_id: ", ".join(dict.fromkeys(known)) for area_id, known in names.items()}


def standing_heirs() -> dict[str, list[str]]:
    """Communes whose ground lies elsewhere by a decision: code → the codes it went to, in order."""
    heirs: dict[str, list[str]] = {}
    for code, heir in AreaSuccession.objects.order_by("id").values_list("area__code", "heir__code"):
        heirs.setdefault(code, []).append(heir)
    return heirs


def area_name_on(area: Area, day: date) -> str:
    """What a commune was called on a day; its present name when no decision renamed it since."""
    former = area.aliases.filter(own=True, valid_to__gte=day).order_by("valid_to").first()
    return former.name if former else area.name


def find_areas(text: str, limit: int = 10, served_only: bool = False) -> list[Area]:
    """Areas a typed name may mean, best first: exact names, then exact other names, then similar ones.

    "Tam Kỳ", "p. tam ky", "Xã Tam Thanh (cũ)" are all understood. Several results mean the name alone does not tell:
    an old commune may lie in several new ones, and the country has many communes of one name.
    """
    folded = fold(text)
    bare = bare_name(folded)
    if not bare:
        return []
    scope = Area.objects.filter(served=True) if served_only else Area.objects.all()
    # Names keep their kind ("phuong tam ky"), so the bare name is looked for at their end.
    ends = Q(folded__in=[folded, bare]) | Q(folded__endswith=f" {bare}")
    near = [a for a in scope.filter(ends).order_by("-served", "kind", "name") if bare_name(a.folded) == bare]
    others = AreaAlias.objects.filter(ends, area__in=scope).select_related("area").order_by("-area__served")
    aliases = [a for a in others if bare_name(a.folded) == bare]
    found = {a.pk: a for a in [*near, *(alias.area for alias in aliases)]}
    if not found:
        similar = (
            scope.filter(folded__trigram_word_similar=bare)
            .annotate(likeness=TrigramWordSimilarity(bare, "folded"))
            .order_by("-served", "-likeness", "name")
        )
        found = {a.pk: a for a in similar[:limit]}
    return sorted(found.values(), key=lambda area: not area.served)[:limit]


def find_area(text: str, served_only: bool = True) -> Area | None:
    """The one area a typed name means, or None when there is none or more than one."""
    found = find_areas(text, served_only=served_only)
    folded = fold(text)
    same_words = [a for a in found if a.folded == folded]
    if len(same_words) == 1:
        return same_words[0]
    return found[0] if len(found) == 1 and _certain(found[0], bare_name(folded)) else None


def _certain(area: Area, bare: str) -> bool:
    # A merely similar name is a proposal, not the place.
    names = [area.folded, *area.aliases.values_list("folded", flat=True)]
    return any(bare_name(name) == bare for name in names)
