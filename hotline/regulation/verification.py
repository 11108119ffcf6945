"""Xác minh, kiểm tra: verification has a clock of its own; whether the others wait meanwhile, the edition says."""

from dataclasses import dataclass, replace
from typing import Any

from hotline.regulation.clocks import ClockRule
from hotline.regulation.lifecycle import Step


@dataclass(frozen=True, slots=True)
class VerificationRule:
    """With `pauses_others` every other clock waits from asking for verification until it is finished."""

    pauses_others: bool = False
    article: str = ""

    def to_document(self) -> dict[str, Any]:
        return {"pauses_others": self.pauses_others, "article": self.article}


def with_verification(rules: tuple[ClockRule, ...], verification: VerificationRule) -> tuple[ClockRule, ...]:
    """The clock rules in force: unless others wait, exactly as written."""
    if not verification.pauses_others:
        return rules
    return tuple(rule if Step.ASK_VERIFICATION in rule.starts_on else _waiting(rule) for rule in rules)


def _waiting(rule: ClockRule) -> ClockRule:
    return replace(
        rule,
        pauses_on=tuple(dict.fromkeys((*rule.pauses_on, Step.ASK_VERIFICATION))),
        # Whoever ends the verification, and however, the others count on.
        resumes_on=tuple(dict.fromkeys((*rule.resumes_on, Step.FINISH_VERIFICATION, Step.REASSIGN, Step.TAKE_OVER))),
    )
