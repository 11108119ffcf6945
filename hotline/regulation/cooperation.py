"""Chủ trì, phối hợp: one agency leads a case and answers; others are asked for their part, each by its own clock."""

from dataclasses import dataclass
from typing import Any

from hotline.regulation.lifecycle import Role
from hotline.regulation.reading import Reader

ASKED = "cooperate"  # the trigger in `starts_on` of the clock that each cooperating agency gets with its own receipt


@dataclass(frozen=True, slots=True)
class CooperationRule:
    """`clock`: the key of the clock each cooperating agency owes, counted on its own calendar from its own receipt. With
    `lead_proposes` the leading agency may propose whom to ask; the desk or the coordinator decides. Where two agencies
    do not agree (không thống nhất), `decided_by` decides, and the decision binds. At most `most` agencies beside the lead."""

    clock: str
    lead_proposes: bool = False
    decided_by: Role = Role.COORDINATOR
    most: int = 10
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {
            "clock": self.clock,
            "lead_proposes": self.lead_proposes,
            "decided_by": self.decided_by.value,
            "most": self.most,
            "article": self.article,
        }


def read_cooperation(r: Reader) -> CooperationRule:
    """The table [cooperation]."""
    rule = CooperationRule(
        r.text("clock"),
        r.flag("lead_proposes", False),
        r.choice("decided_by", Role, Role.COORDINATOR),
        r.whole("most", 10, least=1),
        r.text("article", ""),
    )
    r.done()
    return rule
