"""django-allauth as an office uses it: accounts are given with a post, and what changes one is in the journal."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from hotline.people.actions import choose_password
from hotline.people.models import Person


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def set_password(self, user: Person, password: str) -> None:
        """A person's own change of password goes the way of every other act."""
        choose_password(user, password, now=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the person's own account."""
        return reverse("account")
