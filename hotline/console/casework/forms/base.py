"""What the forms of all steps have in common. A form asks; the action it calls decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms

from hotline.cases.models import Case
from hotline.hotlines.queries import regulation_of
from hotline.journal.rules import Actor
from hotline.people.rules import Viewer
from hotline.regulation.edition import Edition


class StepForm(forms.Form):
    """What all steps have: the case, its edition, who looks, and the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    send: Any = ""  # the words on the button; none: the step's own label
    lead: Any = ""  # a sentence above the fields
    multipart = False
    nothing = False  # nothing to choose from: the lead says so, and there is no button

    def __init__(
        self, *args: Any, case: Case, viewer: Viewer, now: datetime, given: str = "", **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"version": case.version, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.case, self.viewer, self.now = case, viewer, now
        self.given = given  # what the address names besides the case
        self.edition: Edition = regulation_of(case.edition)
        self.why: dict[str, str] = {}  # field → why it was filled in
        self.lists: dict[str, list[tuple[str, str]]] = {}  # what a field offers while typing, by the id it names
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and suggestions."""

    def actor(self) -> Actor:
        """Who acts: the viewer as whatever they are where the case is held."""
        return self.viewer.actor(self.case.agency_id)

    def perform(self, actor: Actor, now: datetime) -> Case:
        """Call the action. Raises Refused, Stale."""
        raise NotImplementedError

    def seen_again(self, version: int) -> None:
        """Show what was typed with the version that is read now, so that it can be sent again."""
        data: Any = self.data.copy()  # a bound form holds a QueryDict
        data[self.add_prefix("version")] = str(version)
        self.data = data

    @property
    def _common(self) -> dict[str, Any]:
        return {"version": self.cleaned_data["version"]}

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """The visible fields in order, each with the reason of its suggestion."""
        return [(field, self.why.get(field.name, "")) for field in self.visible_fields()]


class WordsForm(StepForm):
    """A step that wants a few words."""

    words = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}), max_length=5000)
    action: Callable[..., Case]
    label: Any = ""

    def prepare(self) -> None:
        self.fields["words"].label = self.label

    def perform(self, actor: Actor, now: datetime) -> Case:
        return type(self).action(self.case.pk, self.cleaned_data["words"], actor=actor, now=now, **self._common)


def words_form(act: Callable[..., Case], asked: Any, leading: Any = "") -> type[WordsForm]:
    """A form that asks for words and hands them to an action."""
    return type("WordsForm", (WordsForm,), {"action": staticmethod(act), "label": asked, "lead": leading})


class AtOnceForm(StepForm):
    """A step that needs no words: pressing is enough."""

    action: Callable[..., Case]

    def perform(self, actor: Actor, now: datetime) -> Case:
        return type(self).action(self.case.pk, actor=actor, now=now, **self._common)


def at_once_form(act: Callable[..., Case]) -> type[AtOnceForm]:
    """A form of one button."""
    return type("AtOnceForm", (AtOnceForm,), {"action": staticmethod(act)})


def needed(field: forms.Field) -> forms.Field:
    """The field shown as one that must be filled in: the action refuses without it and says why in its own words."""
    field.needed = True  # the field's template asks for it
    return field


def unmarked(field: forms.Field) -> forms.Field:
    """One of a row that is filled in together or not at all: it says neither that it must nor that it need not."""
    field.unmarked = True
    return field


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day, written as offices write it, 23/02/2026; a browser's own picker would show it the way of its maker."""
    widget = forms.DateInput(format="%d/%m/%Y", attrs={"placeholder": "dd/mm/yyyy", "inputmode": "numeric",
                                                       "autocomplete": "off", "class": "short"})  # fmt: skip
    return forms.DateField(label=label, widget=widget, input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"], **kwargs)
