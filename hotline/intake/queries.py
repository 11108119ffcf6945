"""What the desk needs to know before it decides: who calls, what they had before, and what the new case may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from hotline.cases.models import Case
from hotline.citizens.models import Citizen
from hotline.citizens.rules import show_phone
from hotline.conversations.models import Conversation
from hotline.conversations.queries import cursor_of, read_cursor
from hotline.hotlines.models import Field
from hotline.intake.rules import ToRead, summary_of
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import CaseKind, Urgency
from hotline.routing.queries import Suggestion, area_for, area_of, field_of, fields_for, suggest, urgency_for
from hotline.routing.rules import AreaGuess


@dataclass(frozen=True, slots=True)
class Past:
    """One thing a citizen had with us: a case, or a conversation that is none."""

    at: datetime
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
    found = [Past(c.received_at, case=c) for c in cases.order_by("-received_at", "-id")[: limit + 1]]
    found += [Past(t.opened_at, conversation=t) for t in talks.order_by("-opened_at", "-id")[: limit + 1]]
    # At one and the same moment cases come first, then the newer row; the cursor counts on it.
    found.sort(key=lambda p: (p.at, p.case is not None, (p.case or p.conversation).pk), reverse=True)
    page = found[:limit]
    if len(found) <= limit:
        return History(page)
    last = page[-1]
    kind, row = ("case", last.case) if last.case else ("talk", last.conversation)
    return History(page, f"{kind}:{cursor_of(last.at, row.pk)}")


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


def prefill(conversation: Conversation, now: datetime) -> Prefill:
    """A case as the words (and the portal's form, where there was one) suggest it. The call-taker decides."""
    said = [c for c in conversation.contacts.order_by("id") if c.direction == "in" and c.kind == "message"]
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
        area = area_for(f"{place}\n{everything}", told.get("lat"), told.get("lon"))
    urgency, urgent_words = urgency_for(conversation.hotline_id, everything)
    return Prefill(
        kind=CaseKind(told.get("kind", CaseKind.REPORT)), summary=conversation.subject.strip() or summary_of(content),
        content=content, field=field, field_words=hits[0].words if hits and not chosen else (),
        others=tuple(f for f in guessed if f != field)[:3], area=area, place=place, lat=told.get("lat"),
        lon=told.get("lon"), urgency=Urgency(urgency), urgent_words=urgent_words,
        public=bool(told.get("public", field.public if field else False)),
        suggestion=suggest(conversation.hotline_id, field, area_of(area.area), localdate(now)) if field else None,
    )


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
