"""Forms about several cases of one report or one matter, and about a reporter who is not to be known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.queries import answered_before, matter_of
from hotline.console.casework.forms.agencies import AgencyField
from hotline.console.casework.forms.base import StepForm, needed, unmarked
from hotline.console.context import language
from hotline.hotlines.models import Field
from hotline.hotlines.queries import field_tree
from hotline.journal.rules import Actor
from hotline.organisation.queries import agencies_on
from hotline.refusals import Refused
from hotline.regulation.labels import Label

PARTS = 2  # matters split off at once; a third is split off afterwards

_INCOMPLETE = Label(
    "Nội dung tách thứ {n}: hãy ghi đủ lĩnh vực, trích yếu và nội dung.",
    "Matter {n}: give its field, summary and text.",
)


class SplitForm(StepForm):
    """The matters that are split off, each with its field and agency; this case keeps what is left."""

    guidance = forms.CharField(
        label=_("Hướng dẫn phần là khiếu nại, tố cáo (nếu có)"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Phần này không được chuyển đi; lời hướng dẫn được gửi cho người dân cùng với mã của các phiếu."),
    )  # fmt: skip

    def prepare(self) -> None:
        self.lead = _(
            "Mỗi nội dung tách ra thành một phiếu riêng, có đơn vị và thời hạn riêng tính từ lúc tiếp nhận ban đầu. Người dân"
            " được báo mã của tất cả các phiếu trong một tin."
        )
        lang = language()
        tree = [f for top, below in field_tree(self.case.hotline) for f in (top, *below)]
        self.by_id: dict[int, Field] = {f.pk: f for f in tree}
        fields = [("", _("— chọn lĩnh vực —")), *((f.pk, (f.en if lang == "en" else "") or f.vi) for f in tree)]
        agencies = list(agencies_on(timezone.localdate(self.now)))
        for n in range(1, PARTS + 1):
            self._add(n, fields, agencies)

    def _add(self, n: int, fields: Any, agencies: Any) -> None:
        mark = needed if n == 1 else unmarked  # one matter at least; any other whole or not at all
        self.fields |= {
            f"field{n}": mark(forms.TypedChoiceField(
                label=_("Lĩnh vực của nội dung thứ %(n)d") % {"n": n}, coerce=int, required=False, empty_value=None,
                choices=fields)),
            f"summary{n}": mark(forms.CharField(label=_("Trích yếu"), required=False, max_length=300)),
            f"content{n}": mark(forms.CharField(
                label=_("Nội dung"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}))),
            f"agency{n}": AgencyField(label=_("Giao cho"), required=False, empty_value=None),
        }  # fmt: skip
        agency = self.fields[f"agency{n}"]
        assert isinstance(agency, AgencyField)
        agency.offer(agencies)

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        matters = []
        for n in range(1, PARTS + 1):
            field, summary, content = data[f"field{n}"], data[f"summary{n}"], data[f"content{n}"]
            if not (field or summary or content):
                continue
            if not (field and summary and content):
                raise Refused(Label(*(words.format(n=n) for words in _INCOMPLETE)))
            matters.append(
                actions.Matter(
                    kind=self.case.kind,
                    field=self.by_id[field],
                    summary=summary,
                    content=content,
                    agency=data[f"agency{n}"],
                )
            )
        # The parent's row stays as it is; the first field is last on the page.
        actions.split(self.case.pk, matters, data["guidance"], actor=actor, now=now, **self._common)
        return self.case

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """The matters first, the guidance last."""
        visible = super().rows
        return [*visible[1:], visible[0]]


class RepeatForm(StepForm):
    """Which answered case of the same reporter it repeats."""

    earlier = forms.TypedChoiceField(label=_("Phản ánh trước, đã trả lời"), coerce=int, widget=forms.RadioSelect)

    def prepare(self) -> None:
        rule = self.edition.repeats
        found = answered_before(self.viewer, matter_of(_raw(self.case)), rule, self.now) if rule else []
        said = Label("{code} · {summary} (trả lời ngày {day})", "{code} · {summary} (answered {day})").get(language())
        self.nothing = not found
        self.fields["earlier"].choices = [
            (one.case.pk, said.format(code=one.case.code, summary=one.case.summary, day=_day(one.case.answered_at)))
            for one in found
        ]
        self.lead = (
            _("Phiếu được nối với phản ánh trước; nếu quy chế quy định thì được chuyển lên cấp xử lý cao hơn.") if found
            else _("Không thấy phản ánh đã trả lời nào của người này cùng lĩnh vực và nội dung gần giống.")
        )  # fmt: skip

    def perform(self, actor: Actor, now: datetime) -> Case:
        earlier = Case.objects.defer("search").select_related("merged_into").get(pk=self.cleaned_data["earlier"])
        return actions.link_repeat(self.case.pk, earlier, actor=actor, now=now, **self._common)


def _raw(case: Case) -> Case:
    """The case as it is kept: what is compared is not what the page may show."""
    return Case.objects.defer("search").get(pk=case.pk)


def _day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}" if at else ""
