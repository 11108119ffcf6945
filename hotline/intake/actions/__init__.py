"""What the intake does: messages and reports arrive, the desk answers them or makes cases of them."""

from hotline.conversations.actions import release, take
from hotline.intake.actions.consulting import answer_from_base, pass_on
from hotline.intake.actions.desk import answer_at_once, close, guide, hand_over, mark_incomplete, open_case, type_in
from hotline.intake.actions.once import Received
from hotline.intake.actions.receiving import receive
from hotline.intake.actions.reporting import report

__all__ = [
    "Received", "answer_at_once", "answer_from_base", "close", "guide", "hand_over", "mark_incomplete", "open_case",
    "pass_on", "receive", "release", "report", "take", "type_in",
]  # fmt: skip
