"""Looking at what is not shown to everybody: nothing changes, and that somebody looked is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hotline.cases.models import Case
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.live.rules import case_topic


def show_phone(case: Case, *, actor: Actor, now: datetime) -> None:
    """Somebody had the reporter's whole number shown. The case's version stays: no form of anybody's is refused by it."""
    with transaction.atomic():
        record("case.phone_shown", "case", case.pk, actor, now, topics=[case_topic(case.pk)])
