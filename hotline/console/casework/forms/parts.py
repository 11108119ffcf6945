"""Forms of cooperation: whom to ask for what, and what an agency that was asked answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases import actions
from hotline.cases.identity.queries import words_for
from hotline.cases.models import Case, Participation
from hotline.channels.web.photos import PhotosField, PhotosInput
from hotline.console.casework.forms.agencies import AgencyField
from hotline.console.casework.forms.base import StepForm
from hotline.conversations.actions import drop_files, store_files
from hotline.conversations.models import Attachment
from hotline.conversations.rules import GivenFile
from hotline.journal.rules import Actor
from hotline.organisation.queries import agencies_on

MOST_FILES, MOST_BYTES = 5, 10 * 1024 * 1024
DOCUMENTS = {".pdf": b"%PDF", ".docx": b"PK\x03\x04", ".xlsx": b"PK\x03\x04", ".odt": b"PK\x03\x04"}


class AskForm(StepForm):
    """Which agency, and what it is asked."""

    agency = AgencyField(label=_("Đơn vị phối hợp"), empty_value=None)
    words = forms.CharField(
        label=_("Nội dung đề nghị phối hợp"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ghi rõ việc đơn vị cần làm hoặc cho ý kiến; thời hạn của đơn vị tính từ lúc nhận được đề nghị này."),
    )  # fmt: skip

    def prepare(self) -> None:
        field = self.fields["agency"]
        assert isinstance(field, AgencyField)
        asked = self.case.participations.filter(round=self.case.round).exclude(state__in=("declined", "released"))
        field.offer(agencies_on(timezone.localdate(self.now)).exclude(pk__in=[self.case.agency_id or 0, *asked.values_list(
            "agency_id", flat=True)]))  # fmt: skip
        rule = self.edition.cooperation
        if rule:
            self.lead = rule.article

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        actions.ask_to_cooperate(self.case.pk, data["agency"], data["words"], actor=actor, now=now, **self._common)
        return self.case


class PartForm(StepForm):
    """A step of one agency's part; which part, the hidden field says (one's own, where there is but one)."""

    part = forms.IntegerField(widget=forms.HiddenInput, required=False)
    action: Callable[..., Participation]

    def prepare(self) -> None:
        rows = list(self.case.participations.select_related("agency").order_by("id"))
        wanted = str(self.data.get("part") or self.given or "")
        mine = [row for row in rows if row.agency_id in self.viewer.agency_ids and row.closed_at is None]
        self.row = next((row for row in rows if str(row.pk) == wanted), mine[-1] if mine and not wanted else None)
        self.initial["part"] = self.row.pk if self.row else None
        if self.row and self.row.asked:
            self.lead = f"{self.row.agency_name}: {words_for(self.viewer, self.case, self.row.asked)}"

    def actor(self) -> Actor:
        """Whoever belongs to the agency asked acts for it; others as whatever they are on the case."""
        own = self.row is not None and self.row.agency_id in self.viewer.agency_ids
        return self.viewer.actor(self.row.agency_id if own and self.row else self.case.agency_id)

    def perform(self, actor: Actor, now: datetime) -> Case:
        self.do(self.row.pk if self.row else 0, actor, now)
        return self.case

    def do(self, part_id: int, actor: Actor, now: datetime) -> None:
        """Take the step. Raises Refused."""
        type(self).action(part_id, actor=actor, now=now)


class PartWordsForm(PartForm):
    """A step of a part that wants a few words."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 5, "autofocus": True}), max_length=5000)
    label: Any = ""

    def prepare(self) -> None:
        super().prepare()
        self.fields["words"].label = self.label

    def do(self, part_id: int, actor: Actor, now: datetime) -> None:
        type(self).action(part_id, self.cleaned_data["words"], actor=actor, now=now)


def part_form(act: Callable[..., Participation]) -> type[PartForm]:
    """A step of a part that needs no words."""
    return type("PartForm", (PartForm,), {"action": staticmethod(act)})


def part_words_form(act: Callable[..., Participation], asked: Any) -> type[PartWordsForm]:
    """A step of a part with words."""
    return type("PartWordsForm", (PartWordsForm,), {"action": staticmethod(act), "label": asked})


class DocumentsField(forms.FileField):
    """Up to five office documents, told by their first bytes and not by their names; given to be saved, never shown."""

    widget = PhotosInput(attrs={"accept": ",".join(DOCUMENTS)})

    def clean(self, data: Any, initial: Any = None) -> list[GivenFile]:
        """Raises ValidationError with one sentence for each file that cannot be taken."""
        files: Sequence[UploadedFile] = [f for f in (data or []) if f]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Chỉ gửi được tối đa 5 tệp."))
        given, wrong = [], []
        for file in files:
            name = (file.name or "")[:200]
            head = DOCUMENTS.get(f".{name.rpartition('.')[2].lower()}")
            content = file.read() if (file.size or 0) <= MOST_BYTES else b""
            if head is None or not content.startswith(head):
                wrong.append(f"{name[:80]}: {_('chỉ nhận tệp PDF, DOCX, XLSX, ODT đến 10 MB.')}")
            else:
                given.append(GivenFile(name=name, content_type="application/octet-stream", data=content))
        if wrong:
            raise forms.ValidationError(wrong)
        return given


class ContributeForm(PartForm):
    """What the agency has to say, with photos and documents; said again it replaces what it said."""

    words = forms.CharField(
        label=_("Ý kiến phối hợp"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 9, "autofocus": True}),
        help_text=_("Đơn vị chủ trì đọc ý kiến này khi soạn câu trả lời chung; người dân không nhận riêng."),
    )  # fmt: skip
    photos = PhotosField(label=_("Ảnh kèm theo"), required=False)
    documents = DocumentsField(label=_("Văn bản kèm theo (PDF, DOCX, XLSX, ODT)"), required=False)
    multipart = True

    def prepare(self) -> None:
        super().prepare()
        if self.row and self.row.contribution:
            self.initial["words"] = self.row.contribution

    def do(self, part_id: int, actor: Actor, now: datetime) -> None:
        data = self.cleaned_data
        new = Attachment.objects.bulk_create(store_files([*data["photos"], *data["documents"]]))
        try:
            actions.contribute(part_id, data["words"], new, actor=actor, now=now)
        except BaseException:
            Attachment.objects.filter(pk__in=[file.pk for file in new]).delete()
            drop_files(new)
            raise
