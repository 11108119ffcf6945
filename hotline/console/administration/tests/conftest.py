"""Signed-in browsers of the cast, and a case whose words must not be seen by those who only operate or administer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hotline.cases.models import Case
from hotline.cases.tests.conftest import Desk
from hotline.testing.cast import Cast

SECRETS = ("Cống tràn", "Nguyễn Thị Sáu", "0905", "905123456", "ngã tư Hùng Vương", "sau@example.vn")


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    """A signed-in browser of somebody."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(cast.person[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def admin(browser: Callable[[str], Client]) -> Client:
    return browser("admin")


@pytest.fixture
def case(cast: Cast) -> Case:
    """An open case at the department of construction."""
    return Desk(cast).assigned()
