"""The answer on its way to the citizen: drafted, handed to the head, sent."""

from __future__ import annotations

from datetime import date, datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases import actions
from hotline.cases.models import Answer, Case
from hotline.channels.web.photos import PhotosField
from hotline.console.casework.forms.base import StepForm, date_field
from hotline.console.context import language
from hotline.conversations.actions import drop_files, store_files
from hotline.conversations.models import Attachment
from hotline.conversations.rules import GivenFile
from hotline.journal.rules import Actor
from hotline.regulation.lifecycle import OutcomeKind, Step

_NOT_WRITTEN = (OutcomeKind.MERGED, OutcomeKind.WITHDRAWN)


class AnswerForm(StepForm):
    """The answer on its way: kept as a draft, handed to the head, or sent. What was typed and uploaded is kept as a draft
    first, so that a refusal (a photo is missing, a ground is missing) costs nobody their text."""

    outcome = forms.ChoiceField(label=_("Kết quả"), widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("Nội dung trả lời người dân"), required=False, max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9, "autofocus": True}),
    )  # fmt: skip
    scheduled_for = date_field(_("Ngày dự kiến thực hiện"), required=False)
    ground = forms.ChoiceField(label=_("Căn cứ từ chối"), required=False)
    where_to_go = forms.CharField(
        label=_("Người dân cần liên hệ nơi nào"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    keep = forms.MultipleChoiceField(label=_("Tệp kèm theo"), required=False, widget=forms.CheckboxSelectMultiple)
    photos = PhotosField(label=_("Thêm ảnh kết quả xử lý"), required=False)
    multipart = True
    then = ""  # the step taken once the draft is kept; none: only kept

    def prepare(self) -> None:
        lang = language()
        self.draft = self.case.answers.filter(round=self.case.round).exclude(state=Answer.State.SENT).order_by("-id").first()
        self.attached = list(self.draft.attachments.all()) if self.draft else []
        grounds = self.edition.grounds_on(timezone.localdate(self.now))
        self.fields["outcome"].choices = [
            (str(kind), self.edition.word(kind).get(lang)) for kind in OutcomeKind if kind not in _NOT_WRITTEN
        ]
        self.fields["ground"].choices = [("", _("— chọn căn cứ —")), *(
            (g.key, f"{g.label.get(lang)} ({g.article})") for g in grounds)]  # fmt: skip
        self.fields["keep"].choices = [(str(f.key), f.name) for f in self.attached]
        if not self.attached:
            del self.fields["keep"]
        if self.draft and not self.is_bound:
            kept = ("outcome", "body", "scheduled_for", "ground", "where_to_go")
            self.initial.update({name: getattr(self.draft, name) for name in kept})
            self.initial["keep"] = [str(f.key) for f in self.attached]
        self.initial.setdefault("outcome", str(OutcomeKind.ANSWERED))
        self.fields["body"].required = bool(self.then)  # a draft may still be empty

    @property
    def refusals(self) -> list[str]:
        """Outcomes that want a ground; the page shows its fields only with them."""
        return [str(kind) for kind in OutcomeKind if self.edition.outcome(kind).needs_ground]

    def perform(self, actor: Actor, now: datetime) -> Case:
        """Keep the draft, then take the step. Raises Refused, Stale; after a refusal of the step the draft is kept."""
        version = self.cleaned_data["version"]
        if not self.then or self._differs():
            case = self.keep_draft(actor, now)
            if not self.then:
                return case
            version = case.version
        then = {"actor": actor, "now": now, "version": version}
        match self.then:
            case Step.SUBMIT:
                return actions.submit(self.case.pk, **then)
            case Step.APPROVE:
                return actions.approve(self.case.pk, **then)
            case _:
                return actions.answer(self.case.pk, *self._said(), self._files_of(self.case), **then)

    def _differs(self) -> bool:
        """Whether the form says anything else than the draft that is kept: no act is written for nothing."""
        if self.draft is None or self.cleaned_data["photos"]:
            return True
        kept = (self.draft.outcome, self.draft.body, self.draft.ground, self.draft.where_to_go, self.draft.scheduled_for)
        same_files = set(self.cleaned_data.get("keep", ())) == {str(f.key) for f in self.attached}
        return self._said() != kept or not same_files

    def keep_draft(self, actor: Actor, now: datetime) -> Case:
        """The draft with its new photos: rows and files, or neither."""
        wanted = set(self.cleaned_data.get("keep", ()))
        kept = [f for f in self.attached if str(f.key) in wanted]
        new = _stored(self.cleaned_data["photos"])
        try:
            return actions.save_draft(self.case.pk, *self._said(), [*kept, *new], actor=actor, now=now, **self._common)
        except BaseException:
            Attachment.objects.filter(pk__in=[f.pk for f in new]).delete()
            drop_files(new)
            raise

    def _said(self) -> tuple[str, str, str, str, date | None]:
        data = self.cleaned_data
        return data["outcome"], data["body"], data["ground"], data["where_to_go"], data["scheduled_for"]

    def _files_of(self, case: Case) -> list[Attachment]:
        draft = case.answers.filter(round=case.round).exclude(state=Answer.State.SENT).order_by("-id").first()
        return list(draft.attachments.all()) if draft else []


def answer_form(step: str) -> type[AnswerForm]:
    """The answer's form, ending in this step; "" only keeps the draft."""
    return type("AnswerForm", (AnswerForm,), {"then": step})


def _stored(photos: list[GivenFile]) -> list[Attachment]:
    return Attachment.objects.bulk_create(store_files(photos)) if photos else []
