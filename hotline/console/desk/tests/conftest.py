"""A desk with a letter that waits, and people who have signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hotline.conversations.models import Conversation
from hotline.intake.actions import receive
from hotline.intake.rules import Inbound
from hotline.testing.cast import Cast


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
