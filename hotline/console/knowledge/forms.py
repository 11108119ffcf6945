"""What is asked of those who write answers, and of the call-taker who gives one or cannot."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.console.administration.forms.base import date_field, wide
from hotline.console.context import language
from hotline.console.desk.forms import DeskForm, field_choices
from hotline.conversations.models import Conversation
from hotline.experts.models import Referral
from hotline.hotlines.models import Field, Hotline
from hotline.intake import actions
from hotline.journal.rules import Actor
from hotline.knowledge.models import Entry, Gap
from hotline.knowledge.rules import QUESTION_LENGTH, SOURCE_LENGTH, EntryGiven, EntryState, GapReason


class GiveForm(DeskForm):
    """Answer with an entry, as it was read."""

    entry = forms.IntegerField(widget=forms.HiddenInput)
    entry_version = forms.IntegerField(widget=forms.HiddenInput)

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        data = self.cleaned_data
        return actions.answer_from_base(
            self.conversation.pk, data["entry"], data["entry_version"], actor=actor, now=now, version=data["version"]
        )


class PassForm(DeskForm):
    """The question as it was asked, and why it cannot be answered here."""

    question = forms.CharField(
        max_length=QUESTION_LENGTH, error_messages={"required": _("Vui lòng ghi câu hỏi người dân đã hỏi.")}
    )
    reason = forms.ChoiceField(choices=[(str(reason), str(reason)) for reason in GapReason])

    def perform(self, actor: Actor, now: datetime) -> tuple[Gap, Referral | None]:
        data = self.cleaned_data
        return actions.pass_on(
            self.conversation.pk,
            GapReason(data["reason"]),
            data["question"],
            actor=actor,
            now=now,
            version=data["version"],
        )


class EntryForm(forms.Form):
    """An entry, new or changed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    question = wide(forms.CharField(
        label=_("Câu hỏi"), max_length=QUESTION_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Viết như người dân hỏi, một câu."),
    ))  # fmt: skip
    phrasings = wide(forms.CharField(
        label=_("Cách hỏi khác"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một cách hỏi; giúp tìm thấy mục này bằng từ ngữ khác."),
    ))  # fmt: skip
    answer = wide(forms.CharField(
        label=_("Câu trả lời"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Gửi nguyên văn đến người dân: việc phải làm, nơi đến, giấy tờ, thời hạn."),
    ))  # fmt: skip
    source = wide(
        forms.CharField(
            label=_("Văn bản căn cứ"),
            max_length=SOURCE_LENGTH,
            help_text=_("Tên, số, ngày của văn bản; điều khoản nếu có."),
        )
    )
    field = forms.ChoiceField(label=_("Lĩnh vực"), required=False)
    state = forms.ChoiceField(label=_("Trạng thái"))
    valid_from = date_field(_("Áp dụng từ ngày"))
    valid_to = date_field(_("Đến hết ngày"), required=False)
    review_on = date_field(_("Ngày rà soát"), required=False)
    public = forms.BooleanField(label=_("Cho người dân tự tra cứu trên cổng"), required=False)

    def __init__(self, *args: Any, hotline: Hotline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lang = language()
        self.fields["field"].choices = [("", _("— mọi lĩnh vực —")), *field_choices(hotline, lang)]
        self.fields["state"].choices = [(str(state), state.label.get(lang)) for state in EntryState]

    @staticmethod
    def shown(entry: Entry) -> dict[str, Any]:
        """An entry as the form begins with it."""
        names = (
            "version",
            "question",
            "phrasings",
            "answer",
            "source",
            "state",
            "valid_from",
            "valid_to",
            "review_on",
            "public",
        )
        return {**{name: getattr(entry, name) for name in names}, "field": entry.field_id or ""}

    @staticmethod
    def blank(day: date, question: str = "", field_id: int | None = None) -> dict[str, Any]:
        """What a new entry begins with."""
        state = str(EntryState.APPROVED)
        return {"question": question, "field": field_id or "", "state": state, "valid_from": day, "public": True}

    def given(self) -> EntryGiven:
        """The entry as the actions take it."""
        data = self.cleaned_data
        key = Field.objects.filter(pk=data["field"]).values_list("key", flat=True).first() if data["field"] else ""
        return EntryGiven(
            question=data["question"], answer=data["answer"], phrasings=tuple(data["phrasings"].splitlines()),
            field=key or "", source=data["source"], state=EntryState(data["state"]), public=data["public"],
            valid_from=data["valid_from"], valid_to=data["valid_to"], review_on=data["review_on"],
        )  # fmt: skip


class DismissForm(forms.Form):
    """Why a question gets no entry."""

    note = wide(
        forms.CharField(label=_("Lý do không bổ sung"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    )
