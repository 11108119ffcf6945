"""Forms of how a case is answered, how high it goes, and what is owed besides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.channels.web.photos import PhotosField
from hotline.console.casework.forms.base import StepForm, date_field
from hotline.console.context import language
from hotline.console.owing.rules import LEVEL
from hotline.conversations.actions import drop_files, store_files
from hotline.journal.rules import Actor
from hotline.regulation.levels import higher
from hotline.regulation.lifecycle import ObligationKind
from hotline.regulation.obligations import progress_needs


class ModeForm(StepForm):
    """How the case is answered."""

    mode = forms.ChoiceField(label=_("Cấp độ phản hồi"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("Lý do"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        lang = language()
        self.fields["mode"].choices = [
            (mode.key, mode.label.get(lang) + (f" – {mode.description.get(lang)}" if mode.description else ""))
            for mode in sorted(self.edition.modes, key=lambda mode: mode.number) if mode.key != self.case.mode
        ]  # fmt: skip
        self.lead = (
            _("Việc phải làm theo cấp độ cũ mà chưa đến hạn sẽ được bỏ; việc đã trễ hạn vẫn còn nợ.")
            if (self.case.mode)
            else ""
        )

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        return actions.set_mode(self.case.pk, data["mode"], data["words"], actor=actor, now=now, **self._common)


class RaiseForm(StepForm):
    """To which level, and why."""

    to = forms.TypedChoiceField(label=_("Chuyển lên cấp"), coerce=int, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Lý do chuyển lên cấp trên"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )

    def prepare(self) -> None:
        lang, above = language(), higher(self.edition.levels, self.case.level)
        self.fields["to"].choices = [
            (level.number, LEVEL.get(lang).format(number=level.number, label=level.label.get(lang))) for level in above
        ]
        if above:
            self.initial.setdefault("to", above[0].number)

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        return actions.raise_level(self.case.pk, data["words"], to=data["to"], actor=actor, now=now, **self._common)


class _WithPhotos(StepForm):
    """A letter to the citizen with photos: files and rows, or neither."""

    multipart = True

    def send_with(self, call: Any) -> Case:
        files = store_files(self.cleaned_data["photos"])
        try:
            case: Case = call(files)
        except BaseException:
            drop_files(files)
            raise
        return case


class InterimForm(_WithPhotos):
    """What the citizen is told before there is a result."""

    words = forms.CharField(
        label=_("Nội dung phản hồi cho người dân"), max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 7, "autofocus": True}),
        help_text=_("Gửi ngay cho người dân; kết quả xử lý sẽ được trả lời sau."),
    )  # fmt: skip
    photos = PhotosField(label=_("Kèm ảnh"), required=False)

    def perform(self, actor: Actor, now: datetime) -> Case:
        words = self.cleaned_data["words"]
        return self.send_with(
            lambda files: actions.reply_interim(self.case.pk, words, files, actor=actor, now=now, **self._common)
        )


class ProgressForm(_WithPhotos):
    """How far the work has come, and by which day it will be done."""

    words = forms.CharField(
        label=_("Tiến độ xử lý"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}),
        help_text=_("Gửi nguyên văn cho người dân và cơ quan điều phối."),
    )  # fmt: skip
    committed_for = date_field(_("Cam kết hoàn thành ngày"), required=False)
    photos = PhotosField(label=_("Ảnh hiện trường"), required=False)

    def prepare(self) -> None:
        owed = (
            self.case.obligations.owed().filter(kind=str(ObligationKind.PROGRESS_REPORT)).values_list("key", flat=True)
        )
        _photo, self.fields["committed_for"].required = progress_needs(self.edition.obligations, set(owed))

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        return self.send_with(
            lambda files: actions.report_progress(
                self.case.pk, data["words"], data["committed_for"], files, actor=actor, now=now, **self._common
            )
        )
