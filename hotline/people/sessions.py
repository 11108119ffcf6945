"""Sessions as Django keeps them in the database, read without writing the question anew for every page."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from hotline.statements.queries import written_once


@written_once
def _unexpired(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """Django's own, but for how it reads."""

    def _get_session_from_db(self) -> Session | None:
        """The session, or None; then its key is forgotten, so that nobody chooses the key of a session to come."""
        found = next(iter(_unexpired(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        return found
