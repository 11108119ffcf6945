"""The verbs of a reorganisation."""

from hotline.reorganisation.actions.deciding import Outcome, apply_due, foretell, reorganise

__all__ = ["Outcome", "apply_due", "foretell", "reorganise"]
