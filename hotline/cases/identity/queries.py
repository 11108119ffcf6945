"""What a page may say of who reported a case: everything an agency reads of a hidden reporter passes through here.

Two places keep a reporter hidden. Where a case is written (`veiled`) its summary and place lose what gives them away, so
that lists, search hits, notices and mail need no thought of it. Where a case is read (`veil`) its text, messages, files and
journal do; what was received stays in the table as it came, for the desk and for the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import get_language

from hotline.cases.identity.rules import Reporter, known_of, neutral_name
from hotline.cases.models import Answer, Assignment, Case, Participation, Rating
from hotline.citizens.models import Citizen, Handle
from hotline.conversations.models import Attachment, Contact, Conversation
from hotline.hotlines.models import Field
from hotline.journal.models import Act
from hotline.people.rules import DESK_ROLES, Viewer
from hotline.regulation.edition import Edition
from hotline.regulation.identity import HIDDEN


def hides(edition: Edition, kind: str, field: Field, asked: bool) -> bool:
    """Whether the edition hides the reporter of such a case. Asks the database nothing unless the edition names fields."""
    rule = edition.identity
    keys = [field.key]
    if rule.fields and field.parent_id and field.parent:
        keys.append(field.parent.key)
    return rule.hides(kind, keys, asked)


def may_see(viewer: Viewer) -> bool:
    """Whether these people may look at a hidden identity: the desk and the coordinator, and it is written down."""
    return bool(viewer.roles & DESK_ROLES)


def reporter_of(conversation: Conversation) -> Reporter:
    """Everything known that could give the reporter of a conversation away: as given that day, and as on record. One query
    where there is a citizen (two where the conversation did not come with its citizen)."""
    citizen: Citizen | None = conversation.citizen
    rows = [
        (
            conversation.reporter_name,
            conversation.reporter_phone,
            conversation.reporter_email,
            conversation.reporter_address,
        )
    ]
    if citizen is not None:
        rows.append((citizen.name, "", "", citizen.address))
        for kind, value in citizen.handles.values_list("kind", "value"):
            rows.append(("", value, "", "") if kind == Handle.Kind.PHONE else ("", "", value, ""))
    return known_of(rows)


def veiled(conversation: Conversation, summary: str, place: str) -> tuple[str, str]:
    """Summary and place of a case as everybody may read them. The place keeps its address: that is where to go."""
    reporter = reporter_of(conversation)
    return reporter.hidden_in(summary), reporter.hidden_in(place, places=False)


def words_for(viewer: Viewer, case: Case, words: str) -> str:
    """Words about a case as this viewer may read them, where they stand outside of the case's page."""
    if not case.hide_identity or may_see(viewer):
        return words
    # Read anew: the conversation that came with a veiled case no longer knows whose it is.
    conversation = Conversation.objects.select_related("citizen").get(pk=case.conversation_id)
    return reporter_of(conversation).hidden_in(words, places=False)


def any_hidden(conversation_id: int) -> bool:
    """Whether a case of this conversation hides its reporter: then all of them do, for they show the same messages."""
    return Case.objects.filter(conversation=conversation_id, hide_identity=True).exists()


def hide_others(conversation_id: int) -> None:
    """A case hides its reporter: the others of the same conversation do so from now on."""
    for case in Case.objects.filter(conversation=conversation_id, hide_identity=False).select_related(
        "conversation__citizen"
    ):
        case.summary, case.place = veiled(case.conversation, case.summary, case.place)
        case.hide_identity = True
        case.save(update_fields=["summary", "place", "hide_identity"])


def contacts_for(conversation: Conversation, hidden: bool, viewer: Viewer) -> QuerySet[Contact]:
    """The messages of a case with the files this viewer may have. Of a hidden reporter only pictures, which we made anew,
    go to the agency: a scanned letter has a name at its foot."""
    files = Attachment.objects.order_by("id")
    if hidden and not may_see(viewer):
        files = files.filter(_shareable())
    return conversation.contacts.prefetch_related(Prefetch("attachments", files)).order_by("id")


def readable_file(viewer: Viewer, attachment: Attachment) -> str | None:
    """The name under which this viewer may have a file they may read; None when it could give a hidden reporter away."""
    contact = attachment.contact
    if contact is None or may_see(viewer) or not any_hidden(contact.conversation_id):
        return attachment.name
    if contact.direction == Contact.Direction.OUT:
        return attachment.name
    return neutral_name(attachment.pk, attachment.name) if attachment.is_image else None


def _shareable() -> Q:
    return Q(width__isnull=False) | Q(contact__direction=Contact.Direction.OUT)


def veil(
    case: Case,
    viewer: Viewer,
    *,
    contacts: Iterable[Contact] = (),
    acts: Iterable[Act] = (),
    answers: Iterable[Answer] = (),
    assignments: Iterable[Assignment] = (),
    ratings: Iterable[Rating] = (),
    parts: Iterable[Participation] = (),
) -> None:
    """Take the reporter out of a case and everything shown with it, in memory. Rows that went through here are for reading:
    they must not be saved.

    Desk and coordinator keep the words of the report, which are their work; who wrote them is folded away until they ask.
    """
    reporter, words = reporter_of(case.conversation), not may_see(viewer)
    name = HIDDEN.get(get_language() or "vi")
    _veil_conversation(case.conversation, name)
    case.citizen = None
    for contact in contacts:
        _veil_contact(contact, reporter, name, words)
    for act in acts:
        _veil_act(act, reporter, name, words)
    if not words:
        return
    case.content = reporter.hidden_in(case.content, letter=True)
    case.summary, case.place = reporter.hidden_in(case.summary), reporter.hidden_in(case.place, places=False)
    _veil_rows(answers, ("body", "where_to_go", "comment"), reporter)
    _veil_rows(assignments, ("note", "return_reason"), reporter)
    _veil_rows(ratings, ("words",), reporter)
    _veil_rows(parts, ("asked", "reason", "contribution", "decision"), reporter)


def veil_conversation(conversation: Conversation, contacts: Iterable[Contact], viewer: Viewer) -> None:
    """As `veil`, for a conversation whose cases hide its reporter, shown by itself to somebody who may not see them."""
    reporter, name = reporter_of(conversation), HIDDEN.get(get_language() or "vi")
    for contact in contacts:
        _veil_contact(contact, reporter, name, not may_see(viewer))
    conversation.subject = reporter.hidden_in(conversation.subject)
    conversation.preview = reporter.hidden_in(conversation.preview)
    _veil_conversation(conversation, name)


def _veil_conversation(conversation: Conversation, name: str) -> None:
    conversation.reporter_name = name
    conversation.reporter_phone = conversation.reporter_email = conversation.reporter_address = ""
    conversation.citizen = None


def _veil_contact(contact: Contact, reporter: Reporter, name: str, words: bool) -> None:
    if contact.author.get("kind") == "citizen":
        contact.author = {**contact.author, "name": name}
    contact.meta = {key: value for key, value in contact.meta.items() if key != "from"}
    files: Sequence[Attachment] = list(contact.attachments.all())
    incoming = contact.direction == Contact.Direction.IN
    if words:
        for number, file in enumerate(files if incoming else (), 1):
            file.name = neutral_name(number, file.name)
        # Our own letters begin with a greeting by name; theirs end with a signature.
        contact.text = reporter.hidden_in(contact.text, letter=incoming)
        contact.subject = reporter.hidden_in(contact.subject)
        contact.delivery_error = reporter.hidden_in(contact.delivery_error)


def _veil_act(act: Act, reporter: Reporter, name: str, words: bool) -> None:
    if act.actor.get("kind") == "citizen":
        act.actor = {**act.actor, "name": name, "id": None}
    if words:
        act.note = reporter.hidden_in(act.note)
        act.before, act.after = _veil_value(act.before, reporter), _veil_value(act.after, reporter)


def _veil_value(value: Any, reporter: Reporter) -> Any:
    if isinstance(value, str):
        return reporter.hidden_in(value, places=False)
    if isinstance(value, dict):
        return {key: _veil_value(inner, reporter) for key, inner in value.items()}
    return [_veil_value(inner, reporter) for inner in value] if isinstance(value, list) else value


def _veil_rows(rows: Iterable[Any], columns: Sequence[str], reporter: Reporter) -> None:
    for row in rows:
        for column in columns:
            setattr(row, column, reporter.hidden_in(getattr(row, column), places=False))
