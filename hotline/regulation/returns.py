"""Chuyển trả: an agency may return a case with a reason and a proposal, not for ever: then somebody decides."""

from dataclasses import dataclass
from typing import Any

from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role, Step
from hotline.regulation.refusal import Refused


@dataclass(frozen=True, slots=True)
class ReturnRule:
    """The return number `most` + 1 goes to `decided_by`; a `binding` decision can no longer be returned."""

    most: int
    decided_by: Role = Role.COORDINATOR
    binding: bool = True
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {
            "most": self.most,
            "decided_by": self.decided_by.value,
            "binding": self.binding,
            "article": self.article,
        }


def step_for_return(rule: ReturnRule, already: int, bound: bool) -> Step:
    """The step a return takes: back to the desk, or on to whoever decides. `already` counts earlier returns; `bound`
    says that a decision has been made. Raises Refused when that decision binds."""
    if bound and rule.binding:
        who = rule.decided_by.label
        raise Refused(
            Label(
                f"{who.vi} đã quyết định đơn vị xử lý; không được chuyển trả nữa.",
                f"{who.en} has decided who handles this case; it can no longer be returned.",
            ),
            rule.article,
        )
    return Step.RETURN if already < rule.most else Step.RETURN_AGAIN
