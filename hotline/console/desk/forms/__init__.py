"""What the desk asks the call-taker."""

from hotline.console.desk.forms.opening import HandlerForm, OpenForm, area_why, field_choices, routed
from hotline.console.desk.forms.special import EmergencyForm, GuidanceForm
from hotline.console.desk.forms.steps import (
    AnswerForm,
    CloseForm,
    DeskForm,
    IncompleteForm,
    ReleaseForm,
    TakeForm,
    outcome_words,
)
from hotline.console.desk.forms.typing import TypeForm

__all__ = [
    "AnswerForm",
    "CloseForm",
    "DeskForm",
    "EmergencyForm",
    "GuidanceForm",
    "HandlerForm",
    "IncompleteForm",
    "OpenForm",
    "ReleaseForm",
    "TakeForm",
    "TypeForm",
    "area_why",
    "field_choices",
    "outcome_words",
    "routed",
]
