"""Who acts, as the journal keeps it: a snapshot of the person that day, not a pointer that changes later (design.md 2)."""

from __future__ import annotations

from dataclasses import dataclass, field

CITIZEN = "Người dân"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody (or the system) doing something. `roles` and `agencies` are what the posts of that day allow."""

    kind: str  # "person" | "citizen" | "system"
    id: int | None = None
    name: str = ""
    post: str = ""  # "Nhân sự đầu mối – Sở Xây dựng"
    roles: frozenset[str] = field(default_factory=frozenset)

    def snapshot(self) -> dict[str, str | int | None]:
        """What the journal stores."""
        return {"kind": self.kind, "id": self.id, "name": self.name, "post": self.post}

    def journaled(self) -> dict[str, str | int | None]:
        """The same for the journal, which never forgets: a citizen's name stands on the report, where it can be corrected,
        hidden or sealed (Luật Tố cáo 2018, Điều 8.3; Luật 91/2025/QH15, Điều 4), never in the journal."""
        return self.snapshot() | ({"id": None, "name": CITIZEN} if self.kind == "citizen" else {})


SYSTEM = Actor("system", name="Hệ thống", roles=frozenset({"system"}))


def citizen_actor(citizen_id: int | None, name: str) -> Actor:
    """The citizen acting through the portal or by mail."""
    return Actor("citizen", citizen_id, name or CITIZEN, roles=frozenset({"citizen"}))
