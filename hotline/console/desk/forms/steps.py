"""What each step at the desk asks. A form asks; the intake's actions decide. Each carries the version that was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from hotline.console.desk import rules
from hotline.conversations.models import Conversation
from hotline.intake import actions
from hotline.intake.rules import OUTCOMES
from hotline.journal.rules import Actor
from hotline.regulation.completeness import Needed


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
        return self.conversation.letters_in


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


def outcome_words(keys: tuple[str, ...], lang: str) -> list[tuple[str, str]]:
    """Outcomes as choices."""
    return [(key, OUTCOMES[key].get(lang)) for key in keys]
