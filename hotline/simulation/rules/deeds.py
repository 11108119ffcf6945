"""What the journal's acts are in the replay's words: `case.answered.awaiting_approval` is the step *approve*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hotline.cases.rules import ACT_OF
from hotline.regulation.lifecycle import TRANSITIONS, Step
from hotline.simulation.rules.reference import PART_ASKED, PART_ENDED, PART_MET, PART_MOVED

_ANSWERED, _RETURNED = "case.answered", "case.returned"
_SORTS = {"mode": "case.mode_set", "raise": "case.level_raised", "met": "case.obligation_met"}
# Of a disagreement the act says whether the agency's own people spoke, which is its part (an older act does not: nearly all
# are); of a succession, whether the part is needless since.
_PARTS: Mapping[str, tuple[str, ...]] = {
    PART_ASKED: ("case.cooperation_asked",),
    PART_MET: ("case.contributed", "case.disagreed.true", "case.disagreed"),
    PART_ENDED: ("case.cooperation_declined", "case.cooperation_ended", "case.partner_succeeded.true"),
    PART_MOVED: ("case.partner_succeeded.false",),
}


def deeds_of(word: str) -> tuple[str, ...]:
    """The deeds, as the table keeps them, that stand for one word of the replay."""
    if word in _PARTS:
        return _PARTS[word]
    sort, _, key = word.partition(":")
    if sort in _SORTS:
        return (f"{_SORTS[sort]}.{key}",)
    step = Step(word)
    kind = ACT_OF[step]
    # One kind of act for several steps: the state before tells the answers apart, the state after the returns.
    if kind == _ANSWERED:
        named = tuple(f"{kind}.{state}" for state, taken in _TAKEN[step])
        return (*named, kind) if step == Step.APPROVE else named  # an act that does not say: nearly all are approved
    if kind == _RETURNED:
        named = tuple(dict.fromkeys(f"{kind}.{to}" for _, to in _TAKEN[step]))
        return (*named, kind) if step == Step.RETURN else named
    return (kind,)


_TAKEN: Mapping[Step, Sequence[tuple[str, str]]] = {
    step: [(str(state), str(transition.to)) for (state, taken), transition in TRANSITIONS.items() if taken == step]
    for step in Step
}


def numbered(words: Sequence[str]) -> tuple[list[str], list[int]]:
    """Deeds, and beside each the number of its word."""
    pairs = [(deed, number) for number, word in enumerate(words) for deed in deeds_of(word)]
    return [deed for deed, _ in pairs], [number for _, number in pairs]
