"""A reporter who writes again while nobody answers: counted, and after so many messages the agency is reminded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F

from hotline.cases.models import Case
from hotline.hotlines.queries import regulation_of
from hotline.journal.actions import draft
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.live.rules import OVERSIGHT, agency_topic, case_topic
from hotline.regulation.joining import reminds


def count_follow_up(cases: Iterable[Case], now: datetime) -> list[Act]:
    """One more message of the reporter about these cases, as far as they are open. Returns the reminders, as acts not yet
    written: the caller records them with its own, in its transaction. A threshold is passed by one message only."""
    acts = []
    for case in cases:
        if not case.is_open:
            continue
        # The row is locked by the first statement, so that of two messages at once each reads its own count.
        Case.objects.filter(pk=case.pk).update(follow_ups=F("follow_ups") + 1)
        case.refresh_from_db(fields=["follow_ups"])
        if reminds(regulation_of(case.edition).follow_ups, case.follow_ups):
            topics = [case_topic(case.pk), OVERSIGHT, *([agency_topic(case.agency_id)] if case.agency_id else [])]
            acts.append(
                draft("case.reminded", "case", case.pk, SYSTEM, now, None, {"follow_ups": case.follow_ups}, "", topics)
            )
    return acts
