"""What is asked before a case: guidance for a complaint, the number somebody in danger was connected to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.console.context import language
from hotline.console.desk import rules
from hotline.console.desk.forms.steps import DeskForm
from hotline.conversations.models import Conversation
from hotline.intake import actions
from hotline.journal.rules import Actor
from hotline.regulation.lanes import Lanes, told_of_complaint


class GuidanceForm(DeskForm):
    """The guidance the law asks for, as it goes to the citizen or is read to them. `rest`: besides the complaint something
    ordinary was brought, so the contact goes on after it (Luật Tiếp công dân 2013, Điều 25.3)."""

    known_on = forms.DateField(
        label=_("Ngày nhận được quyết định"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Nếu người dân nhớ ngày, lời hướng dẫn nêu luôn ngày cuối cùng."),
    )  # fmt: skip
    words = forms.CharField(label=_("Lời hướng dẫn"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 12}))
    rest = forms.BooleanField(label=_("Còn việc khác để phản ánh: hướng dẫn xong, tiếp nhận tiếp"), required=False)

    def __init__(self, *args: Any, lanes: Lanes, known_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("words", told_of_complaint(lanes, self.language, known_on))
        if known_on:
            self.initial["known_on"] = known_on.isoformat()

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        data = self.cleaned_data
        return actions.guide(
            self.conversation.pk, data["words"], goes_on=data["rest"], actor=actor, now=now, version=data["version"]
        )


class EmergencyForm(DeskForm):
    """Which number was connected or told. Whoever writes is answered with it; whoever calls has heard it."""

    number = forms.ChoiceField(
        label=_("Đã nối máy, hướng dẫn gọi"), widget=forms.RadioSelect,
        error_messages={"required": _("Vui lòng chọn số đã nối máy.")},
    )  # fmt: skip
    words = forms.CharField(label=_("Ghi chú"), required=False, max_length=500)

    def __init__(self, *args: Any, lanes: Lanes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = {n.number: n for n in lanes.numbers}
        lang = language()
        self.fields["number"].choices = [(n.number, f"{n.number} · {n.service.get(lang)}") for n in lanes.numbers]

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        data = self.cleaned_data
        number = self.numbers[data["number"]]
        if self.conversation.channel == "phone":
            note = rules.emergency_note(number, "vi", data["words"])
            return actions.close(
                self.conversation.pk, "emergency", note, actor=actor, now=now, version=data["version"]
            )
        body = "\n\n".join(filter(None, (rules.emergency_words(number, self.language), data["words"].strip())))
        return actions.answer_at_once(
            self.conversation.pk, body, outcome="emergency", actor=actor, now=now, version=data["version"]
        )
