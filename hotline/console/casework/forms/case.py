"""Forms about the case itself: another date, corrections, merging."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.calendars.queries import work_calendar_of
from hotline.cases import actions
from hotline.cases.models import Case
from hotline.console.casework.forms.base import StepForm, date_field
from hotline.console.context import language
from hotline.hotlines.models import Domain, Field
from hotline.hotlines.queries import field_tree
from hotline.journal.rules import Actor
from hotline.organisation.models import Area
from hotline.organisation.queries import areas_served
from hotline.refusals import Refused
from hotline.regulation import limits
from hotline.regulation.labels import WEEKDAYS, Label
from hotline.regulation.lifecycle import Urgency


class RescheduleForm(StepForm):
    """Another date for the citizen, once, with the reason they will read."""

    day = date_field(_("Ngày hẹn"))
    clock = forms.TimeField(
        label=_("Giờ hẹn"), initial="16:00", input_formats=["%H:%M", "%Hh%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"placeholder": "16:00", "inputmode": "numeric", "class": "short"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("Lý do hẹn lại"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Lý do này được gửi nguyên văn cho người dân."),
    )  # fmt: skip

    def prepare(self) -> None:
        rule, done = self.edition.reschedule, self.case.reschedules
        if done >= rule.most:
            said = Label(
                f"Phiếu đã hẹn lại {done} lần; quy chế cho hẹn không quá {rule.most} lần ({rule.article}).",
                f"Rescheduled {done} time(s) already; the regulation allows {rule.most} at most ({rule.article}).",
            )
        else:
            said = Label(
                f"Còn được hẹn lại {rule.most - done} lần ({rule.article}).",
                f"May be rescheduled {rule.most - done} more time(s) ({rule.article}).",
            )
        self.lead = said.get(language())
        if rule.within and not isinstance(rule.within, limits.WorkingHours | limits.WorkingDays):
            latest = timezone.localtime(self.now) + rule.within.duration
            until = Label(f" Chậm nhất {latest:%H:%M %d/%m/%Y}.", f" By {latest:%H:%M %d/%m/%Y} at the latest.")
            self.lead += until.get(language())
        self.fields["day"].widget.attrs["list"] = "days"
        self.lists = {"days": self._next_days()}

    def _next_days(self) -> list[tuple[str, str]]:
        """The working days to come, as (23/02/2026, thứ Hai), to choose from while typing."""
        calendar = (self.case.agency.calendar if self.case.agency else None) or self.case.hotline.calendar
        working, today = work_calendar_of(calendar), timezone.localdate(self.now)
        days = [working.working_day_after(today, count) for count in range(1, 11)]
        return [(f"{day:%d/%m/%Y}", WEEKDAYS[day.weekday()].get(language())) for day in days]

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        until = timezone.make_aware(datetime.combine(data["day"], data["clock"]))
        return actions.reschedule(self.case.pk, until, data["words"], actor=actor, now=now, **self._common)


class ChangeForm(StepForm):
    """What the desk wrote down, corrected."""

    summary = forms.CharField(label=_("Trích yếu"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("Loại"))
    field = forms.TypedChoiceField(label=_("Lĩnh vực"), coerce=int)
    area = forms.TypedChoiceField(label=_("Xã, phường"), coerce=int, required=False, empty_value=None)
    place = forms.CharField(label=_("Nơi xảy ra"), max_length=300, required=False)
    urgency = forms.ChoiceField(label=_("Mức độ"))
    public = forms.BooleanField(label=_("Công khai nội dung sau khi trả lời"), required=False)
    words = forms.CharField(
        label=_("Lý do chuyển lĩnh vực cơ bản"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Chỉ cần ghi khi chọn lĩnh vực thuộc lĩnh vực cơ bản khác."),
    )  # fmt: skip

    def prepare(self) -> None:
        lang, case = language(), self.case
        tree = field_tree(case.hotline)
        self.rows_of: dict[str, dict[int, Any]] = {
            "field": {f.pk: f for top, below in tree for f in (top, *below)},
            "area": {a.pk: a for a in areas_served()},
        }
        self.fields["kind"].choices = [(str(k), self.edition.word(k).get(lang)) for k in self.edition.kinds]
        self.fields["urgency"].choices = [(str(u), u.label.get(lang)) for u in Urgency]
        self.fields["field"].choices = [(f.pk, _name(f, lang)) for f in self.rows_of["field"].values()]
        self.fields["area"].choices = [("", "—"), *((a.pk, a.name) for a in self.rows_of["area"].values())]
        for column in ("summary", "place", "kind", "urgency", "public"):
            self.initial.setdefault(column, getattr(case, column))
        self.initial.update(field=case.field_id, area=case.area_id)
        self.walls = {d.key: d.en if lang == "en" else d.vi for d in Domain.objects.all()}
        if self.walls:
            of = {key: [(f.pk, _name(f, lang)) for f in self.rows_of["field"].values() if f.domain == key] for key in self.walls}
            self.fields["field"].choices = [(name, of[key]) for key, name in self.walls.items()]
        else:
            del self.fields["words"]

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = dict(self.cleaned_data)
        version = data.pop("version")
        field: Field = self.rows_of["field"][data.pop("field")]
        area: Area | None = self.rows_of["area"].get(data.pop("area"))
        words = data.pop("words", "")
        if field.domain != self.case.domain:
            return self._through_the_wall(field, words, {**data, "area": area}, actor, now, version)
        return actions.change(self.case.pk, field=field, area=area, **data, actor=actor, now=now, version=version)


    @transaction.atomic
    def _through_the_wall(
        self, field: Field, words: str, others: dict[str, Any], actor: Actor, now: datetime, version: int
    ) -> Case:
        """Into the other domain, with whatever else was corrected on the same form: two acts that hold or fall together."""
        if any(getattr(self.case, name) != value for name, value in others.items()):
            version = actions.change(self.case.pk, **others, actor=actor, now=now, version=version).version
        return actions.change_domain(self.case.pk, field, words, actor=actor, now=now, version=version)


def _name(field: Field, lang: str) -> str:
    name = field.en if lang == "en" and field.en else field.vi
    return f"— {name}" if field.parent_id else name


_NO_SUCH_CASE = Label("Không tìm thấy phiếu có mã này.", "There is no case with this code.")


class MergeForm(StepForm):
    """The case about the same matter that stays."""

    into = forms.CharField(label=_("Mã phiếu được giữ lại"), max_length=24, help_text=_("Ví dụ: ABC-2026-004217"))
    words = forms.CharField(
        label=_("Lý do gộp"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def perform(self, actor: Actor, now: datetime) -> Case:
        code = self.cleaned_data["into"].strip().upper()
        into = Case.objects.visible_to(self.viewer).filter(code=code).first()
        if into is None:
            raise Refused(_NO_SUCH_CASE)
        return actions.merge(self.case.pk, into, reason=self.cleaned_data["words"], actor=actor, now=now, **self._common)
