"""Tell citizens by letter and officers by notice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from hotline.cases.identity.queries import reporter_of
from hotline.cases.models import Case
from hotline.cases.several.queries import joined_to
from hotline.cases.several.rules import AT_AGENCY
from hotline.conversations.actions import queue_outgoing
from hotline.conversations.models import Contact, Conversation
from hotline.journal.rules import SYSTEM
from hotline.live.rules import person_topic
from hotline.notifications.letters import compose
from hotline.notifications.models import Notice
from hotline.people.models import Person
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import State

_WORDS = frozenset({"reason"})  # of a letter's context: what an officer wrote by hand


def write_to_citizen(case: Case, letter: str, kind: str, now: datetime, once: str, **context: Any) -> Contact | None:
    """Queue a letter about a case on the reporter's own channel. `once` names the cause: told twice is told once.

    None when the reporter left no address this channel can reach; the look-up page shows everything all the same.
    """
    conversation = case.conversation
    context |= {
        "case": case,
        "name": conversation.reporter_name,
        "link": link_to(case),
        "lookup": settings.SITE_URL + reverse("portal:lookup"),
    }
    return _queue(conversation, letter, kind, now, once, {"case": case.pk}, **context)


def write_to_reporters(case: Case, letter: str, kind: str, now: datetime, once: str, **context: Any) -> int:
    """The same letter to everybody who reported the matter: whoever came first, and all who were joined, each under their
    own name, code and link and none with a word of another. How many it reached."""
    contacts = [write_to_citizen(case, letter, kind, now, once, **context)]
    reporter = None
    for joined in joined_to(case.pk):
        if reporter is None:  # words of officers were meant for the first of them, and may name them
            reporter = reporter_of(case.conversation)
            context = {k: reporter.hidden_in(v, places=False) if k in _WORDS else v for k, v in context.items()}
        contacts.append(write_to_citizen(joined, letter, kind, now, f"{once}-{joined.pk}", joined=True, **context))
    return sum(contact is not None for contact in contacts)


def write_of_joining(first: Case, brought: Collection[str], now: datetime, once: str) -> None:
    """To whoever reported a case that was joined to another, and to those who came along with it (their codes): handled
    together, by whom and by when. Whose code the other one is, is nobody's business."""
    lead = Case.objects.select_related("agency").defer("search", "content").get(merged=first)
    agency = lead.agency if State(lead.state) in AT_AGENCY else None
    told = {"agency": agency.name if agency else "", "due_at": (lead.promised_at or lead.due_at) if agency else None}
    write_to_citizen(first, "joined", "notice", now, once, **told)
    for joined in joined_to(lead.pk) if brought else ():
        if joined.code in brought:
            write_to_citizen(joined, "joined", "notice", now, f"{once}-{joined.pk}", **told)


def link_to(case: Case) -> str:
    """The reporter's own address of a case."""
    return settings.SITE_URL + reverse("portal:case", args=[case.token])


def write_in_conversation(conversation: Conversation, letter: str, kind: str, now: datetime, once: str, **context: Any) -> (
    Contact | None
):
    """Queue a letter about a conversation that is no case (yet)."""
    context |= {"ref": conversation.ref, "name": conversation.reporter_name}
    return _queue(conversation, letter, kind, now, once, {}, **context)


def _queue(
    conversation: Conversation, letter: str, kind: str, now: datetime, once: str, meta: dict, **context: Any
) -> Contact | None:
    if not conversation.reporter_email:
        return None
    subject, text = compose(letter, conversation.letters_in, conversation.hotline, **context)
    return queue_outgoing(
        conversation, kind=kind, text=text, subject=subject, external_id=once,
        meta={**meta, "whole": True, "code": context["case"].code if "case" in context else conversation.ref},
        actor=SYSTEM, now=now,
    )


@transaction.atomic
def tell(people: Iterable[Person], *, act_id: int, kind: str, case: Case | None, text: Label, now: datetime) -> int:
    """A notice under the bell of each person, once an act however often the job runs; their pages hear of it."""
    ids = sorted({p.pk for p in people})
    Notice.objects.bulk_create(
        [
            Notice(person_id=i, act_id=act_id, kind=kind, case=case, text_vi=text.vi[:400], text_en=text.en[:400], at=now)
            for i in ids
        ],
        ignore_conflicts=True,
    )
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_notify('acts', json_build_object('id', %s::bigint, 'topics', %s::text[])::text)",
                [act_id, [person_topic(i) for i in ids]],
            )
    return len(ids)


def mark_read(person_id: int, now: datetime, up_to: int | None = None) -> int:
    """Everything a person was told (up to a notice) is read."""
    notices = Notice.objects.filter(person_id=person_id, read_at__isnull=True)
    return (notices.filter(pk__lte=up_to) if up_to else notices).update(read_at=now)
