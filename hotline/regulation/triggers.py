"""Triggers: the words by which an edition says when a clock or an obligation begins and ends.

A trigger is a step of the life of a case, "expire:<clock>" when that clock runs out, "mode:<key>" when that response mode
is chosen, "raise:<number>" when the case is raised to that level, "cooperate" when another agency is asked for its part.
"""

from typing import TYPE_CHECKING

from hotline.regulation.clocks import expiry_of
from hotline.regulation.cooperation import ASKED
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Step

if TYPE_CHECKING:
    from hotline.regulation.edition import Edition


def mode_trigger(key: str) -> str:
    """The trigger of choosing a response mode."""
    return f"mode:{key}"


def raise_trigger(number: int) -> str:
    """The trigger of raising a case to a level."""
    return f"raise:{number}"


def triggers_of(edition: "Edition") -> set[str]:
    """Every trigger this edition can name."""
    return {
        *Step,
        ASKED,
        *(expiry_of(rule.key) for rule in edition.written_clocks),
        *(expiry_of(rule.key) for rule in edition.obligations),
        *(mode_trigger(mode.key) for mode in edition.modes),
        *(raise_trigger(level.number) for level in edition.levels),
    }


def trigger_words(edition: "Edition", name: str) -> Label:
    """A trigger as people read it. Raises KeyError for one the edition does not know."""
    if name in set(Step):
        return edition.word(Step(name))
    if name == ASKED:
        return Label("đơn vị phối hợp nhận đề nghị", "a cooperating agency is asked")
    sort, _, key = name.partition(":")
    if sort == "mode":
        label = edition.mode(key).label
        return Label(f"chọn cấp độ phản hồi “{label.vi}”", f"the response mode “{label.en}” is set")
    if sort == "raise":
        label = {str(level.number): level.label for level in edition.levels}[key]
        return Label(f"chuyển lên cấp “{label.vi}”", f"raised to “{label.en}”")
    label = edition.clock(key).label
    return Label(f"hết hạn “{label.vi}”", f"“{label.en}” runs out")
