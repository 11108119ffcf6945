"""What the desk needs to know before it decides: who calls, what they had before, and what the new case may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from hotline.cases.models import Case
from hotline.cases.queries import Alike, Matter, answered_before, joinable
from hotline.citizens.models import Citizen
from hotline.citizens.rules import show_phone
from hotline.conversations.models import Contact, Conversation
from hotline.conversations.queries import cursor_of, read_cursor
from hotline.hotlines.models import Field
from hotline.intake.rules import ToRead, summary_of
from hotline.organisation.models import Area
from hotline.people.rules import Viewer
from hotline.regulation.completeness import Needed, missing
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import CaseKind, Urgency
from hotline.routing.queries import Suggestion, area_for, area_of, field_of, fields_for, suggest, urgency_for
from hotline.routing.rules import AreaGuess


@dataclass(frozen=True, slots=True)
class Past:
    """One thing a citizen had with us: a case, or a conversation that is none. `id` is the row's."""

    at: datetime
    id: int
    case: Case | None = None
    conversation: Conversation | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A page of the past, the newest first; `next` is the cursor of the following page, empty on the last."""

    rows: list[Past]
    next: str = ""


def history(viewer: Viewer, citizen: Citizen, after: str = "", limit: int = 20) -> History:
    """Cases and conversations of a citizen as far as the viewer may see them. Two queries, by index."""
    cases = Case.objects.visible_to(viewer).filter(citizen=citizen).select_related("field", "agency").defer("search")
    # A conversation that became a case is told by its case.
    talks = Conversation.objects.visible_to(viewer).filter(citizen=citizen, cases__isnull=True)
    if start := read_cursor(after.partition(":")[2]):
        at, pk = start
        from_case = after.startswith("case:")
        same_case, same_talk = (Q(pk__lt=pk), Q()) if from_case else (Q(pk__in=()), Q(pk__lt=pk))
        cases = cases.filter(Q(received_at__lt=at) | Q(received_at=at) & same_case)
        talks = talks.filter(Q(opened_at__lt=at) | Q(opened_at=at) & same_talk)
    found = [Past(c.received_at, c.pk, case=c) for c in cases.order_by("-received_at", "-id")[: limit + 1]]
    found += [Past(t.opened_at, t.pk, conversation=t) for t in talks.order_by("-opened_at", "-id")[: limit + 1]]
    # At one and the same moment cases come first, then the newer row; the cursor counts on it.
    found.sort(key=lambda p: (p.at, p.case is not None, p.id), reverse=True)
    page = found[:limit]
    if len(found) <= limit:
        return History(page)
    last = page[-1]
    return History(page, f"{'case' if last.case else 'talk'}:{cursor_of(last.at, last.id)}")


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form of a new case begins with. `field_words` and `urgent_words` say why."""

    kind: CaseKind
    summary: str
    content: str
    field: Field | None
    field_words: tuple[str, ...]
    others: tuple[Field, ...]  # the next best fields
    area: AreaGuess
    place: str
    lat: float | None
    lon: float | None
    urgency: Urgency
    urgent_words: tuple[str, ...]
    public: bool
    suggestion: Suggestion | None
    hide_identity: bool = False


def prefill(
    conversation: Conversation, now: datetime, contacts: Sequence[Contact] | None = None, areas: Sequence[Area] | None = None
) -> Prefill:
    """A case as the words (and the portal's form, where there was one) suggest it. The call-taker decides.

    `contacts`, oldest first, and `areas`, the communes served, when the caller has read them already.
    """
    said = _reports(conversation.contacts.order_by("id") if contacts is None else contacts)
    content = "\n\n".join(c.text for c in said).strip()
    told: dict = next((c.meta["form"] for c in said if "form" in c.meta), {})
    everything = f"{conversation.subject}\n{content}"
    hits = fields_for(conversation.hotline_id, everything)
    guessed = [f for h in hits if (f := field_of(conversation.hotline_id, h.field))]
    chosen = field_of(conversation.hotline_id, told.get("field"))
    field = chosen or (guessed[0] if guessed else None)
    place = told.get("place", "")
    if told.get("area"):
        area = AreaGuess((told["area"],))
    else:
        area = area_for(f"{place}\n{everything}", told.get("lat"), told.get("lon"), areas)
    urgency, urgent_words = urgency_for(conversation.hotline_id, everything)
    return Prefill(
        kind=CaseKind(told.get("kind", CaseKind.REPORT)), summary=conversation.subject.strip() or summary_of(content),
        content=content, field=field, field_words=hits[0].words if hits and not chosen else (),
        others=tuple(f for f in guessed if f != field)[:3], area=area, place=place, lat=told.get("lat"),
        lon=told.get("lon"), urgency=Urgency(urgency), urgent_words=urgent_words,
        public=bool(told.get("public", field.public if field else False)),
        suggestion=suggest(conversation.hotline_id, field, area_of(area.area), localdate(now)) if field else None,
        hide_identity=bool(told.get("hide_identity")),
    )


@dataclass(frozen=True, slots=True)
class SameMatter:
    """Cases a report may belong together with: open ones of other reporters, answered ones of this one."""

    joinable: Sequence[Alike] = ()
    answered: Sequence[Alike] = ()


def same_matter(viewer: Viewer, conversation: Conversation, found: Prefill, edition: Edition, now: datetime) -> SameMatter:
    """What the desk is shown before it opens a case: "Có thể cùng một vụ việc", "Đã phản ánh lần trước". At most three
    questions, by index; none where the edition has neither [joining] nor [repeats], or the field is not clear."""
    if found.field is None:
        return SameMatter()
    matter = Matter(
        found.field.pk, f"{found.summary} {found.content}", found.area.area, found.lat, found.lon,
        citizen_id=conversation.citizen_id,
    )
    own = {one.pk for one in conversation.cases.only("pk")} if conversation.state == Conversation.State.OPENED else set()
    joins = joinable(viewer, matter, edition.joining, now) if edition.joining else []
    before = answered_before(viewer, matter, edition.repeats, now) if edition.repeats else []
    return SameMatter([one for one in joins if one.case.pk not in own], [one for one in before if one.case.pk not in own])


def lacking_of(edition: Edition, conversation: Conversation, contacts: Sequence[Contact]) -> list[Needed]:
    """What the edition still misses, after everything the reporter has sent; `contacts` with their files."""
    said = _reports(contacts)
    told: dict = next((c.meta["form"] for c in said if "form" in c.meta), {})
    given: dict[str, str] = {
        Needed.NAME: conversation.reporter_name, Needed.PHONE: conversation.reporter_phone,
        Needed.EMAIL: conversation.reporter_email, Needed.ADDRESS: conversation.reporter_address,
        Needed.CONTENT: " ".join([conversation.subject, *(c.text for c in said)]), Needed.PLACE: told.get("place", ""),
        Needed.PHOTO: "x" if any(c.attachments.all() for c in said) else "",
    }  # fmt: skip
    return missing(edition.completeness, conversation.channel, given)


def _reports(contacts: Iterable[Contact]) -> list[Contact]:
    """What the reporter themselves said."""
    return [c for c in contacts if c.direction == Contact.Direction.IN and c.kind == Contact.Kind.MESSAGE]


def reopenable(conversation: Conversation, now: datetime) -> list[Case]:
    """Answered cases of a conversation that may still be reopened: offered to the desk when the citizen writes again."""
    return list(conversation.cases.filter(state="answered", reopen_until__gte=now).order_by("id"))


def to_read(case: Case) -> ToRead:
    """A case as the call-taker reads it back; words of the report as given that day."""
    conversation = case.conversation
    return ToRead(
        name=conversation.reporter_name, phone=show_phone(conversation.reporter_phone),
        address=conversation.reporter_address, kind=CaseKind(case.kind), field=case.field.vi, summary=case.summary,
        place=case.place, area=case.area.name if case.area else "", urgency=Urgency(case.urgency), public=case.public,
        code=case.code,
    )
