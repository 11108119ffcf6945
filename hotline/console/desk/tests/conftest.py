"""A desk with a letter that waits, and people who have signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotline.conversations.models import Conversation
from hotline.intake.actions import receive, take
from hotline.intake.rules import Inbound
from hotline.journal.models import Act
from hotline.testing.cast import Cast

Letter = Callable[..., Conversation]
SignIn = Callable[[str], Client]


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast has signed in."""

    def sign_in(username: str) -> Client:
        client = Client()
        client.force_login(cast.person[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def letter(cast: Cast) -> Callable[..., Conversation]:
    """A complete letter, received now; the same person writes unless told otherwise."""

    def write(**changes: Any) -> Conversation:
        now = changes.pop("now", timezone.now())
        inbound = Inbound(**{
            "hotline_id": cast.hotline.pk, "channel": "email", "source": "1022@quangnam.example",
            "external_id": f"<{uuid.uuid4()}@example.vn>", "subject": "Nước ngập trước cổng trường",
            "text": "Mưa từ sáng, nước ngập đến gối trước cổng trường ở phường Bàn Thạch, cống bị rác bịt kín.",
            "name": "Nguyễn Văn An", "phone": "+84905123456", "email": "an@example.vn",
            "address": "12 Trần Phú, phường Bàn Thạch", **changes,
        })  # fmt: skip
        received = receive(inbound, now)
        assert received.conversation is not None
        return received.conversation

    return write


def at(conversation: Conversation, step: str) -> str:
    return f"/console/desk/{conversation.ref}/{step}/"


def acts(conversation: Conversation) -> list[str]:
    rows = Act.objects.filter(subject="conversation", subject_id=conversation.pk).order_by("id")
    return list(rows.values_list("kind", flat=True))


def a_call(**changes: Any) -> dict[str, Any]:
    return {
        "typing": str(uuid.uuid4()), "phone": "0914 222 333", "name": "Trần Thị Bưởi", "address": "Thôn 3, phường Bàn Thạch",
        "content": "Cống trước nhà bị tắc, nước ngập vào sân từ sáng.", **changes,
    }  # fmt: skip


def a_case(cast: Cast, version: int, **changes: Any) -> dict[str, Any]:
    return {
        "version": version, "kind": "report", "field": cast.field["thoat_nuoc"].pk, "area": cast.area["20001"].pk,
        "place": "cổng trường tiểu học", "summary": "Ngập trước cổng trường", "content": "Nước ngập đến gối.",
        "urgency": "normal", "public": "on", "then": "assign", **changes,
    }  # fmt: skip


@pytest.fixture
def taken(cast: Cast, letter: Letter) -> Callable[..., Conversation]:
    """A letter that cuong holds."""

    def write(**changes: Any) -> Conversation:
        return take(letter(**changes).pk, actor=cast.actor("cuong"), now=timezone.now())

    return write
