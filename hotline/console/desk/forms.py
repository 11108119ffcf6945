"""What the desk asks the call-taker. A form asks; the intake's actions decide. Each carries the version that was read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hotline.cases.models import Case
from hotline.cases.queries import Alike
from hotline.citizens.rules import normal_email, normal_phone
from hotline.console.casework.forms import AgencyField
from hotline.console.context import language
from hotline.console.desk import rules
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Field, Hotline
from hotline.hotlines.queries import field_tree, hotlines
from hotline.intake import actions
from hotline.intake.queries import Prefill
from hotline.intake.rules import OUTCOMES, TypedIn
from hotline.journal.rules import Actor
from hotline.organisation.models import Area
from hotline.organisation.queries import agencies_on
from hotline.refusals import Refused
from hotline.regulation.completeness import Needed
from hotline.regulation.edition import Edition
from hotline.regulation.labels import Label
from hotline.regulation.lanes import Lanes, told_of_complaint
from hotline.regulation.lifecycle import CaseKind, Urgency
from hotline.regulation.scope import ALL_FIELDS, Scope
from hotline.routing.queries import Suggestion, area_of, field_of, suggest
from hotline.routing.rules import AreaGuess

NOBODY_ROUTED = Label(
    "Bảng phân công chưa có đơn vị cho lĩnh vực này. Vui lòng chọn cơ quan, đơn vị xử lý, hoặc chỉ mở phiếu.",
    "The routing table names nobody for this field. Please choose the agency, or only open the case.",
)


class DeskForm(forms.Form):
    """What every step at the desk has: the conversation and the version that was read."""

    use_required_attribute = False  # several steps share one page, and one text
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": conversation.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.conversation = conversation

    def perform(self, actor: Actor, now: datetime) -> Any:
        """Call the action. Raises Refused, Stale."""
        raise NotImplementedError

    def seen_again(self, version: int) -> None:
        """Show what was typed with the version that is read now, so that it can be sent again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["version"] = str(version)
        self.data = data

    @property
    def language(self) -> str:
        """What we write to this citizen in."""
        citizen = self.conversation.citizen
        return "en" if citizen and citizen.language.startswith("en") else "vi"


class TakeForm(DeskForm):
    """Begin to deal with it."""

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        return actions.take(self.conversation.pk, actor=actor, now=now, version=self.cleaned_data["version"])


class ReleaseForm(DeskForm):
    """Give it back to the line."""

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        return actions.release(self.conversation.pk, actor=actor, now=now, version=self.cleaned_data["version"])


class WordsForm(DeskForm):
    """The text to the citizen, shared by the answer, the question back and the ending without an answer."""

    words = forms.CharField(required=False, max_length=10_000, strip=True, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(WordsForm):
    """The answer at level 1."""

    outcome = forms.ChoiceField(choices=[(key, key) for key in rules.ANSWERS])

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        data = self.cleaned_data
        return actions.answer_at_once(
            self.conversation.pk, data["words"], outcome=data["outcome"], actor=actor, now=now, version=data["version"]
        )


class IncompleteForm(WordsForm):
    """Which things are missing."""

    missing = forms.MultipleChoiceField(required=False, choices=[(str(n), str(n)) for n in rules.ASKABLE])

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        data = self.cleaned_data
        lacking = [Needed(value) for value in data["missing"]]
        return actions.mark_incomplete(
            self.conversation.pk, lacking, data["words"], actor=actor, now=now, version=data["version"]
        )


class CloseForm(WordsForm):
    """How it ends without an answer; the words stay in the journal."""

    ending = forms.ChoiceField(choices=[(key, key) for key in rules.ENDINGS])

    def perform(self, actor: Actor, now: datetime) -> Conversation:
        data = self.cleaned_data
        return actions.close(
            self.conversation.pk, data["ending"], data["words"], actor=actor, now=now, version=data["version"]
        )


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


# -- the new case ------------------------------------------------------------------------------------------------------


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
        hand_over: bool = False, answered: Sequence[Alike] = (), **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hand_over = hand_over  # given to its agency at once
        self.why: dict[str, str] = {}
        lang = language()
        hotline = self.conversation.hotline
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


# -- typed in for somebody ---------------------------------------------------------------------------------------------


def lines() -> dict[str, tuple[Hotline, str]]:
    """Every number of every hotline here: a key for the form → the hotline and the number."""
    return {
        f"{hotline.key}/{line['number']}": (hotline, line["number"]) for hotline in hotlines() for line in hotline.numbers
    }


class TypeForm(forms.Form):
    """For somebody who phones or walks in. `typing` is drawn with the page: sent twice, it is one contact."""

    use_required_attribute = False
    typing = forms.UUIDField(widget=forms.HiddenInput)
    walk_in = forms.ChoiceField(
        label=_("Hình thức"), choices=[("", _("Gọi điện")), ("1", _("Đến trực tiếp"))], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Số điện thoại"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-key": "s", "autofocus": True}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Họ và tên"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(
        label=_("Địa chỉ"), required=False, max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.CharField(
        label=_("Thư điện tử"), required=False, max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )  # fmt: skip
    content = forms.CharField(
        label=_("Nội dung người dân trình bày"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Vui lòng ghi nội dung người dân trình bày.")},
    )  # fmt: skip

    line = forms.ChoiceField(label=_("Số được gọi"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.lines = lines()
        kwargs["initial"] = {"typing": uuid.uuid4(), "line": next(iter(self.lines), ""), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = [(key, f"{number} – {hotline.name}") for key, (hotline, number) in self.lines.items()]
        if len({hotline.pk for hotline, _number in self.lines.values()}) < 2:
            del self.fields["line"]  # one hotline: whatever was dialled, it is this one
        self.fields["phone"].widget.attrs |= {  # the number finds the citizen while the rest is typed
            "hx-post": reverse("console:desk_citizen"), "hx-trigger": "input changed delay:300ms, change",
            "hx-target": "#desk-citizen", "hx-swap": "outerHTML", "hx-include": "#id_name, #id_address",
        }  # fmt: skip

    def clean_phone(self) -> str:
        """A number in E.164; blank when the caller hides it."""
        given = self.cleaned_data["phone"].strip()
        if not given:
            return ""
        if not (number := normal_phone(given)):
            raise forms.ValidationError(_("Số điện thoại chưa đúng. Ví dụ: 0905 123 456."))
        return number

    def clean_email(self) -> str:
        """An address, or nothing."""
        given = self.cleaned_data["email"].strip()
        if not given:
            return ""
        if not (address := normal_email(given)):
            raise forms.ValidationError(_("Địa chỉ thư điện tử chưa đúng."))
        return address

    @property
    def called(self) -> tuple[Hotline | None, str]:
        """The hotline whose number was called, and the number; no hotline where there is only one."""
        return self.lines.get(self.cleaned_data.get("line") or next(iter(self.lines), ""), (None, ""))

    def typed(self, hotline: Hotline) -> TypedIn:
        """What was typed, for the intake. A legacy number keeps its identity: it is the source of the contact."""
        data = self.cleaned_data
        return TypedIn(
            dialled=self.called[1] if "line" in self.fields else "",
            hotline_id=hotline.pk, typing=str(data["typing"]), content=data["content"], name=data["name"].strip(),
            phone=data["phone"], email=data["email"], address=data["address"].strip(), walk_in=bool(data["walk_in"]),
        )


def outcome_words(keys: tuple[str, ...], lang: str) -> list[tuple[str, str]]:
    """Outcomes as choices."""
    return [(key, OUTCOMES[key].get(lang)) for key in keys]
