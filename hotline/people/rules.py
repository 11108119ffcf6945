"""Who is looking: the posts of today, as a value that every scoped queryset is limited by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hotline.hotlines.rules import RoleWords
from hotline.journal.rules import Actor
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role

# Roles that see every case of the hotline; the rest see their agency's, or none.
OVERSEERS = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER, Role.COORDINATOR, Role.LEADER, Role.INSPECTOR})
DESK_ROLES = frozenset({Role.CALL_TAKER, Role.SHIFT_LEADER, Role.COORDINATOR})
AGENCY_ROLES = frozenset({Role.FOCAL_PERSON, Role.HEAD})
# Roles that read what citizens wrote. The vendor's technician operates the machines and must hold none of them.
CONTENT_ROLES = OVERSEERS | AGENCY_ROLES | {Role.KNOWLEDGE_EDITOR, Role.SEALED_OFFICER}
# Roles that count only at the agency of the post.
BOUND_ROLES = AGENCY_ROLES | {Role.KNOWLEDGE_EDITOR}
NOT_HELD = frozenset({Role.CITIZEN, Role.SYSTEM})  # actors, not posts


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A role at an agency, valid today."""

    role: Role
    agency_id: int | None = None
    agency_name: str = ""
    domain: str = ""  # inside whose wall the agency stands
    word: Label | None = field(default=None, compare=False)  # what the regulation calls the role, where it says so

    @property
    def role_word(self) -> Label:
        """The role as it is called here."""
        return self.word or self.role.label

    def label(self, lang: str = "vi") -> str:
        """"Nhân sự đầu mối – Sở Xây dựng"."""
        role = self.role_word.get(lang)
        return f"{role} – {self.agency_name}" if self.agency_name else role


def exclude_each_other(one: Role, other: Role) -> bool:
    """Whether nobody may hold both at a time: a technician sees no content; who gives posts does not read denunciations,
    so nobody opens that door for themselves (Luật Tố cáo 2018, Điều 8.3)."""
    both = {one, other}
    return (Role.TECHNICIAN in both and bool(both & CONTENT_ROLES)) or both == {Role.ADMINISTRATOR, Role.SEALED_OFFICER}


def overlap(from_a: date, to_a: date | None, from_b: date, to_b: date | None) -> bool:
    """Whether two periods share a day; both ends included, None is open."""
    return from_a <= (to_b or date.max) and from_b <= (to_a or date.max)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in person with the posts they hold today; `person_id` None is nobody, who sees nothing."""

    person_id: int | None
    name: str = ""
    posts: tuple[HeldPost, ...] = ()
    words: RoleWords = field(default=RoleWords(), compare=False)  # what the roles are called where they work

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held today."""
        return frozenset(p.role for p in self.posts)

    def has(self, *roles: Role) -> bool:
        """Whether any of these roles is held."""
        return bool(self.roles.intersection(roles))

    @property
    def agency_ids(self) -> frozenset[int]:
        """Agencies where this person is focal person or head."""
        return frozenset(p.agency_id for p in self.posts if p.role in AGENCY_ROLES and p.agency_id)

    @property
    def edits_for(self) -> frozenset[int]:
        """Agencies whose questions and answers this person writes."""
        return frozenset(p.agency_id for p in self.posts if p.role == Role.KNOWLEDGE_EDITOR and p.agency_id)

    @property
    def sees_all_cases(self) -> bool:
        """Desk, coordinator, leaders and inspectors read every case."""
        return bool(self.roles & OVERSEERS)

    @property
    def domains(self) -> frozenset[str] | None:
        """The walled domains this overseer reads; None reads across all of them, as does who has a post outside of walls
        (the desk, the supervising commission). Agency posts open nothing here: what the agency holds is theirs anyway."""
        walls = frozenset(p.domain for p in self.posts if p.role in OVERSEERS)
        return None if "" in walls else walls

    def roles_at(self, agency_id: int | None) -> frozenset[Role]:
        """Roles usable on a case held by this agency: agency roles count only at their own agency."""
        return frozenset(p.role for p in self.posts if p.role not in BOUND_ROLES or p.agency_id == agency_id)

    def actor(self, agency_id: int | None = None) -> Actor:
        """The snapshot for the journal, acting on something held by `agency_id`."""
        usable = self.roles_at(agency_id)
        post = next((p for p in self.posts if p.role in usable and p.agency_id == agency_id), None)
        post = post or next((p for p in self.posts if p.role in usable), None)
        return Actor("person", self.person_id, self.name, post.label() if post else "", frozenset(map(str, usable)))


NOBODY = Viewer(None)
