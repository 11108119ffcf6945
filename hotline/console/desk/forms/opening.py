"""The new case: half filled from what was said, with why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases.models import Case
from hotline.cases.queries import Alike
from hotline.console.casework.forms import AgencyField
from hotline.console.context import language
from hotline.console.desk import rules
from hotline.console.desk.forms.steps import DeskForm
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Field, Hotline
from hotline.hotlines.queries import field_tree
from hotline.intake import actions
from hotline.intake.queries import Prefill
from hotline.journal.rules import Actor
from hotline.organisation.models import Area
from hotline.organisation.queries import agencies_on
from hotline.refusals import Refused
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, Urgency
from hotline.regulation.scope import ALL_FIELDS, Scope
from hotline.routing.queries import Suggestion, area_of, field_of, suggest
from hotline.routing.rules import AreaGuess

NOBODY_ROUTED = Label(
    "Bảng phân công chưa có đơn vị cho lĩnh vực này. Vui lòng chọn cơ quan, đơn vị xử lý, hoặc chỉ mở phiếu.",
    "The routing table names nobody for this field. Please choose the agency, or only open the case.",
)


class OpenForm(DeskForm):
    """The new case, half filled: each suggestion says why, and the call-taker decides."""

    kind = forms.ChoiceField(label=_("Loại"))
    field = forms.TypedChoiceField(
        label=_("Lĩnh vực"), coerce=int, error_messages={"required": _("Vui lòng chọn lĩnh vực.")}
    )
    area = forms.TypedChoiceField(label=_("Xã, phường nơi xảy ra"), required=False, coerce=int, empty_value=None)
    place = forms.CharField(label=_("Địa điểm cụ thể"), required=False, max_length=300)
    summary = forms.CharField(
        label=_("Trích yếu"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Vui lòng ghi trích yếu.")},
    )  # fmt: skip
    content = forms.CharField(
        label=_("Nội dung đầy đủ"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Vui lòng ghi nội dung phản ánh, kiến nghị.")},
    )  # fmt: skip
    urgency = forms.ChoiceField(label=_("Mức độ"))
    public = forms.BooleanField(label=_("Công khai nội dung khi trả lời"), required=False)
    hide_identity = forms.BooleanField(label=_("Ẩn danh tính người phản ánh với cơ quan xử lý"), required=False)
    repeat_of = forms.TypedChoiceField(
        label=_("Phản ánh lại của phiếu đã trả lời"), required=False, coerce=int, empty_value=None
    )
    agency = AgencyField(label=_("Cơ quan, đơn vị xử lý"), required=False, empty_value=None)
    note = forms.CharField(label=_("Ý kiến chuyển xử lý"), required=False, max_length=2000)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, prefill: Prefill, edition: Edition, areas: Sequence[Area], now: datetime,
        hand_over: bool = False, answered: Sequence[Alike] = (), domain: str = "", **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hand_over = hand_over  # given to its agency at once
        self.why: dict[str, str] = {}
        lang = language()
        hotline = self.conversation.hotline
        heard = within(prefill, self.conversation, domain, now) if domain else prefill
        said, prefill = heard is not prefill, heard
        self.fields["kind"].choices = [(str(k), k.label.get(lang)) for k in CaseKind if k in edition.kinds]
        self.fields["urgency"].choices = [(str(u), u.label.get(lang)) for u in Urgency]
        self.fields["field"].choices = [("", _("— chọn lĩnh vực —")), *field_choices(hotline, lang, edition.scope)]
        self.fields["area"].choices = area_choices(areas, prefill.area.areas, lang)
        self.fields["summary"].widget.attrs |= {"data-key": "m"}
        asks = {  # another field or place, another agency: fetched while the form stays
            "hx-get": reverse("console:desk_agency", args=[self.conversation.ref]), "hx-target": "#desk-agency",
            "hx-include": "#id_field, #id_area", "hx-swap": "outerHTML",
        }  # fmt: skip
        for name in ("field", "area"):
            self.fields[name].widget.attrs |= asks
        field_id, area_id = self.data.get("field"), self.data.get("area")
        self.answered = self._offer_answered(answered)
        self.suggestion = routed(self.conversation, field_id, area_id, now) if self.is_bound else prefill.suggestion
        offer_agencies(self.fields["agency"], self.suggestion, now)
        self.begin_with(prefill, lang)
        if said:
            self.why["field"] = rules.ASKED.get(lang)

    def _offer_answered(self, answered: Sequence[Alike]) -> dict[int, Case]:
        """Answered cases of the same citizen that this may repeat, by code and date; where there is none, nothing is asked."""
        if not answered:
            del self.fields["repeat_of"]
            return {}
        said = Label("{code} · trả lời ngày {day} · {summary}", "{code} · answered {day} · {summary}").get(language())
        none = Label("— không phải phản ánh lại —", "— no repeat —").get(language())
        cases = {one.case.pk: one.case for one in answered}
        days = {pk: timezone.localtime(case.answered_at) for pk, case in cases.items() if case.answered_at}
        choices = [(pk, said.format(code=cases[pk].code, day=f"{day:%d/%m/%Y}", summary=cases[pk].summary))
                   for pk, day in days.items()]  # fmt: skip
        self.fields["repeat_of"].choices = [("", none), *choices]
        return cases

    def begin_with(self, prefill: Prefill, lang: str) -> None:
        """What the words of the report suggest, each with its reason."""
        for name in ("kind", "place", "summary", "content", "urgency", "public", "hide_identity", "lat", "lon"):
            self.initial.setdefault(name, getattr(prefill, name))
        self.initial.setdefault("field", prefill.field.pk if prefill.field else None)
        self.initial.setdefault("area", prefill.area.area)
        guess = prefill.area
        told = bool(prefill.field and not prefill.field_words)
        self.why = {
            "field": rules.GIVEN.get(lang) if told else rules.because(prefill.field_words, lang),
            "area": area_why(guess, f"{prefill.place} {prefill.summary} {prefill.content}", lang),
            "urgency": rules.because(prefill.urgent_words, lang),
            "agency": self.suggestion.why.get(lang) if self.suggestion else "",
        }

    def perform(self, actor: Actor, now: datetime) -> Case:
        data = self.cleaned_data
        agency = data["agency"] or (self.suggestion.agency if self.suggestion else None)
        if self.hand_over and agency is None:
            raise Refused(NOBODY_ROUTED)
        return actions.open_case(
            self.conversation.pk, kind=data["kind"], field_id=data["field"], area_id=data["area"], place=data["place"],
            lat=data["lat"], lon=data["lon"], summary=" ".join(data["summary"].split()), content=data["content"],
            urgency=data["urgency"], public=data["public"], hide_identity=data["hide_identity"],
            repeat_of=self.answered.get(data.get("repeat_of") or 0), assign_to=agency if self.hand_over else None,
            note=data["note"], actor=actor, now=now, version=data["version"],
        )


class HandlerForm(forms.Form):
    """The part of the new case that depends on its field and place: who handles it."""

    agency = AgencyField(label=_("Cơ quan, đơn vị xử lý"), required=False, empty_value=None)

    def __init__(self, *args: Any, suggestion: Suggestion | None, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why = {"agency": suggestion.why.get(language()) if suggestion else ""}
        offer_agencies(self.fields["agency"], suggestion, now)


def area_why(guess: AreaGuess, text: str, lang: str) -> str:
    """Why this commune, in the words of the report."""
    return rules.area_because(guess.by, rules.as_written(text, guess.words), len(guess.areas), lang)


def within(prefill: Prefill, conversation: Conversation, domain: str, now: datetime) -> Prefill:
    """What the form begins with once the questions have named a domain: where the words suggest a field of another one, the
    first field of this one and its agency."""
    if prefill.field and prefill.field.domain == domain:
        return prefill
    fields = Field.objects.filter(hotline=conversation.hotline_id, domain=domain, parent=None, active=True)
    first = fields.order_by("position", "id").first()
    if first is None:
        return prefill
    suggestion = routed(conversation, first.pk, prefill.area.area, now)
    return replace(prefill, field=first, field_words=(), others=(), suggestion=suggestion, public=first.public)


def routed(conversation: Conversation, field: Any, area: Any, now: datetime) -> Suggestion | None:
    """Whom the routing table names for a field and a place as the form gives them."""
    chosen = field_of(conversation.hotline_id, _int(field))
    return suggest(conversation.hotline, chosen, area_of(_int(area)), timezone.localdate(now)) if chosen else None


def offer_agencies(field: forms.Field, suggestion: Suggestion | None, now: datetime) -> None:
    """All agencies of the day; left empty, the routing table decides, and the empty line says whom it names."""
    assert isinstance(field, AgencyField)
    field.offer(agencies_on(timezone.localdate(now)))
    first = suggestion.agency.name if suggestion else _("— chọn cơ quan, đơn vị —")
    field.choices = [("", first), *list(field.choices)[1:]]  # type: ignore[arg-type]  # a list since `offer`


def field_choices(hotline: Hotline, lang: str, scope: Scope = ALL_FIELDS) -> list[tuple[Any, Any]]:
    """Fields under their parents, as the pack orders them; those that are open, where an edition has a `scope`."""

    def name(field: Field) -> str:
        return field.en if lang == "en" and field.en else field.vi

    choices: list[tuple[Any, Any]] = []
    for top, below in field_tree(hotline, scope=scope):
        if below:
            choices.append((name(top), [(f.pk, name(f)) for f in (top, *below)]))
        else:
            choices.append((top.pk, name(top)))
    return choices


def area_choices(areas: Sequence[Area], candidates: tuple[int, ...], lang: str) -> list[tuple[Any, Any]]:
    """Communes by name; those the text may mean stand first."""
    nowhere = Label("— chưa rõ —", "— not known —").get(lang)
    everywhere = [(a.pk, a.name) for a in areas]
    if len(candidates) < 2:
        return [("", nowhere), *everywhere]
    may_be, all_of_them = Label("Có thể là", "May be").get(lang), Label("Tất cả xã, phường", "All communes").get(lang)
    meant = [(a.pk, a.name) for a in areas if a.pk in candidates]
    return [("", nowhere), (may_be, meant), (all_of_them, [pair for pair in everywhere if pair not in meant])]


def _int(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 19 else None
