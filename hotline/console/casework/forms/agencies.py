"""Forms that give a case to an agency, or back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.console.casework.forms.base import StepForm
from hotline.console.context import language
from hotline.journal.rules import Actor
from hotline.organisation.models import Agency
from hotline.organisation.queries import agencies_on
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import State


class AgencyField(forms.TypedChoiceField):
    """An agency that exists on the day, listed under its kind."""

    def offer(self, agencies: Iterable[Agency]) -> None:
        """Set what may be chosen."""
        order = list(Agency.Kind)
        known = sorted(agencies, key=lambda a: (order.index(Agency.Kind(a.kind)), a.name))
        groups = groupby(known, key=lambda a: Agency.Kind(a.kind).label)
        self.coerce = {str(a.pk): a for a in known}.__getitem__
        self.choices = [("", _("— chọn cơ quan, đơn vị —")), *((kind, [(a.pk, a.name) for a in of]) for kind, of in groups)]


class AssignForm(StepForm):
    """An agency, and a few words to it; the suggestion comes with its reason."""

    agency = AgencyField(label=_("Cơ quan, đơn vị xử lý"), empty_value=None)
    words = forms.CharField(
        label=_("Ý kiến chuyển xử lý"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    action: Callable[..., Case]

    def prepare(self) -> None:
        day = timezone.localdate(self.now)
        agencies = agencies_on(day)
        if self.case.state not in (State.RECEIVED, State.REOPEN_REQUESTED):
            agencies = agencies.exclude(pk=self.case.agency_id or 0)
        field = self.fields["agency"]
        assert isinstance(field, AgencyField)
        field.offer(agencies)
        suggested, why = self.suggestion()
        if suggested:
            field.initial, self.why["agency"] = suggested, why

    def suggestion(self) -> tuple[int | None, str]:
        """The agency proposed, and why: whoever returned the case knows best, else the routing table."""
        case = self.case
        returned = case.assignments.filter(returned=True).select_related("proposed_agency").order_by("-id").first()
        if case.state in (State.RETURNED, State.AWAITING_DECISION) and returned and returned.proposed_agency:
            said = Label("{who} đề xuất khi chuyển trả: “{reason}”", "{who} proposed it when returning: “{reason}”")
            return returned.proposed_agency_id, said.get(language()).format(
                who=returned.agency_name, reason=returned.return_reason
            )
        if case.state == State.REOPEN_REQUESTED and case.agency_id:
            return case.agency_id, Label("đã trả lời lần trước", "answered the last time").get(language())
        return case.suggested_agency_id, case.suggested_why

    def perform(self, actor: Actor, now: datetime) -> Case:
        agency, words = self.cleaned_data["agency"], self.cleaned_data["words"]
        return type(self).action(self.case.pk, agency, note=words, actor=actor, now=now, **self._common)


def assign_form(act: Callable[..., Case], leading: Any = "") -> type[AssignForm]:
    """A form that gives the case to an agency."""
    return type("AssignForm", (AssignForm,), {"action": staticmethod(act), "lead": leading})


class ReturnForm(StepForm):
    """Why it is not ours, and whose it is instead."""

    words = forms.CharField(
        label=_("Lý do chuyển trả"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "autofocus": True})
    )
    agency = AgencyField(label=_("Đề xuất cơ quan, đơn vị xử lý"), empty_value=None)

    def prepare(self) -> None:
        field = self.fields["agency"]
        assert isinstance(field, AgencyField)
        field.offer(agencies_on(timezone.localdate(self.now)).exclude(pk=self.case.agency_id or 0))
        rule = self.edition.returns
        if self.case.bound and rule.binding:
            self.lead = _("Văn phòng UBND đã quyết định đơn vị xử lý phiếu này nên không chuyển trả được nữa.")
        elif self.case.returns >= rule.most:
            self.lead = _("Phiếu đã được chuyển trả trước đây: lần này Văn phòng UBND sẽ quyết định đơn vị xử lý.")
        else:
            self.lead = _("Thời hạn đã tính vẫn tiếp tục chạy trong khi chuyển trả.")

    def perform(self, actor: Actor, now: datetime) -> Case:
        words, agency = self.cleaned_data["words"], self.cleaned_data["agency"]
        return actions.return_case(self.case.pk, words, agency, actor=actor, now=now, **self._common)
