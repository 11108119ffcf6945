"""A complete report from the portal: contact, conversation, citizen, case, clocks and suggested agency in one transaction.

The hot path: create/s is measured here (bin/bench), and a test counts its queries.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from hotline.cases.actions import open_case
from hotline.cases.models import Case, Clock
from hotline.citizens.actions import find_or_create
from hotline.citizens.models import Citizen
from hotline.conversations.actions import add_contact, start, topics_of
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.hotlines.queries import edition_remembered, regulation_of, takes
from hotline.intake.actions.once import Received, ask_back, once
from hotline.intake.rules import ReceivedKind, Report, summary_of
from hotline.journal.actions import record
from hotline.journal.models import Act
from hotline.journal.rules import Actor, citizen_actor
from hotline.refusals import Refused
from hotline.regulation.completeness import Needed, missing
from hotline.routing.queries import area_of, field_of, fields_for, suggest, urgency_for
from hotline.rows import together

CHANNEL, SOURCE = "web", "portal"
CLOCKS = 2  # as many as most editions start on receipt; a third draws its own key


def report(form: Report, now: datetime) -> Received:
    """Receive a report from the portal. The same `submission` again (double click, retry) gives the first one back.

    With a field (chosen, or clear from the words) a case is opened at once, received now; without, or when the edition
    finds the report incomplete, the conversation goes to the desk and `case` is None.
    Raises Refused when no edition is in force, or the one that is does not take the field.
    """
    return once(CHANNEL, SOURCE, form.submission, form.files, lambda stored: _write(form, stored, now))


def _write(form: Report, stored: list[Attachment], now: datetime) -> Received:
    edition = edition_remembered(form.hotline_id, localdate(now))
    lacking = missing(regulation_of(edition).completeness, CHANNEL, form.given())
    field = field_of(form.hotline_id, form.field_id)
    if field is None:
        hits = fields_for(form.hotline_id, form.content)
        field = field_of(form.hotline_id, hits[0].field) if hits else None
    if field is not None and not takes(regulation_of(edition), field):
        raise Refused(regulation_of(edition).scope.refusal)
    citizen = find_or_create(
        name=form.name, phone=form.phone, email=form.email, address=form.address, language=form.language, now=now,
        kind=Citizen.Kind.ORGANISATION if form.organisation else Citizen.Kind.INDIVIDUAL,
    )
    author = citizen_actor(citizen.pk, form.name)
    if field is None or lacking:
        conversation, contact = _thread(form, stored, citizen, author, lacking, now)
        _leave_to_desk(conversation, contact.pk, lacking, author, form.language, now)
        return Received(ReceivedKind.NEW, conversation, contact)
    area = area_of(form.area_id)
    # Nothing below is read back, so all of it goes to the database as one.
    with together(Conversation, Contact, Case, Act, "case_number", *[Clock] * CLOCKS):
        conversation, contact = _thread(
            form, stored, citizen, author, lacking, now, Conversation.State.OPENED, field.domain
        )
        conversation.hotline = field.hotline  # in memory already; the case would ask for it
        case = open_case(
            conversation=conversation, kind=form.kind, field=field, area=area, place=form.place, lat=form.lat, lon=form.lon,
            summary=summary_of(form.content), content=form.content, urgency=urgency_for(form.hotline_id, form.content)[0],
            public=form.public, suggestion=suggest(form.hotline_id, field, area, localdate(now)),
            edition_row=edition, hide_identity=form.hide_identity, received_at=now, actor=author, now=now,
        )
    return Received(ReceivedKind.NEW, conversation, contact, case)


def _thread(
    form: Report, stored: list[Attachment], citizen: Citizen, author: Actor, lacking: list[Needed], now: datetime,
    state: str = "", domain: str = "",
) -> tuple[Conversation, Contact]:
    """The conversation and its first contact."""
    states = Conversation.State
    conversation = start(
        hotline_id=form.hotline_id, channel=CHANNEL, citizen=citizen, name=form.name, phone=form.phone, email=form.email,
        address=form.address, subject=summary_of(form.content), text=form.content,
        state=state or (states.INCOMPLETE if lacking else states.WAITING), domain=domain, now=now,
    )
    contact = add_contact(
        conversation, channel=CHANNEL, source=SOURCE, external_id=form.submission, text=form.content, author=author,
        missing=lacking, meta=_meta(form), files=stored, now=now,
    )
    return conversation, contact


def _leave_to_desk(
    conversation: Conversation, contact_id: int, lacking: list[Needed], author: Actor, language: str, now: datetime
) -> None:
    record(
        "conversation.incomplete" if lacking else "conversation.received", "conversation", conversation.pk, author, now,
        after={"contact": contact_id, "missing": lacking, "answer": True}, topics=topics_of(conversation),
    )
    if lacking:
        ask_back(conversation, lacking, language, now)


def _meta(form: Report) -> dict:
    """What the form said beside its text, so that the desk can open the case from it when the report did not."""
    told = {
        "kind": form.kind, "field": form.field_id, "area": form.area_id, "place": form.place, "lat": form.lat,
        "lon": form.lon, "public": form.public, "hide_identity": form.hide_identity,
    }  # fmt: skip
    return {**form.meta, "form": told}
