"""What is done with questions and answers: written, changed, given to somebody, loaded; and what was missing, noted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from hotline.conversations.models import Conversation
from hotline.hotlines.models import Field, Hotline
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.knowledge.models import Entry, EntryVersion, Gap, QuestionSet, Sighting
from hotline.knowledge.rules import ALIKE, EntryGiven, GapReason, SetGiven, without_contacts
from hotline.organisation.models import Agency
from hotline.organisation.rules import fold
from hotline.people.queries import posts_on
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role

NOT_YOURS = Label(
    "Chỉ người biên tập bộ hỏi – đáp của cơ quan sở hữu mới được sửa mục này.",
    "Only a knowledge editor of the agency that owns this entry may change it.",
)
NOT_VALID = Label(
    "Mục này không còn hiệu lực hoặc chưa đến ngày áp dụng nên không được dùng để trả lời. Vui lòng chọn mục khác.",
    "This entry is not in force today and may not be given as an answer. Please choose another one.",
)
NO_QUESTION = Label("Vui lòng ghi câu hỏi người dân đã hỏi.", "Please write the question that was asked.")
NOTE_NEEDED = Label("Vui lòng ghi lý do không bổ sung.", "Please say why no entry is written.")
GAP_CLOSED = Label("Câu hỏi này đã được xử lý.", "This question has been dealt with already.")


# -- entries -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def write(
    hotline: Hotline, agency: Agency, given: EntryGiven, *, gap_id: int | None = None, actor: Actor, now: datetime
) -> Entry:
    """Write a new entry into the agency's set, which is made with its first entry. With `gap_id` the question that nobody
    could answer is closed by it. Raises Refused when the actor is no knowledge editor of that agency."""
    _must_edit(actor, agency.pk, now)
    _check(given)
    question_set = QuestionSet.objects.filter(hotline=hotline, agency=agency).order_by("id").first()
    if question_set is None:
        title = f"Bộ câu hỏi và trả lời của {agency.name}"
        question_set = QuestionSet.objects.create(
            hotline=hotline, key=f"hd-{agency.key}"[:80], title=title[:300], agency=agency
        )
    entry = Entry(question_set=question_set, hotline=hotline, key=f"hd-{secrets.token_hex(5)}", by_hand=True)
    _fill(entry, given, now)
    _save(entry, actor, now)
    record("knowledge.written", "knowledge", entry.pk, actor, now, after=_document(entry))
    if gap_id is not None:
        _end_gap(gap_id, Gap.State.CLOSED, entry, "", actor, now)
    return entry


@transaction.atomic
def change(entry_id: int, given: EntryGiven, *, version: int, actor: Actor, now: datetime) -> Entry:
    """Change an entry; the version before stays as it was. Raises Refused (not the owner's editor), Stale."""
    entry = Entry.objects.select_for_update(of=("self",)).select_related("question_set").get(pk=entry_id)
    _must_edit(actor, entry.question_set.agency_id, now)
    if entry.version != version:
        raise Stale
    _check(given)
    before = _document(entry)
    _fill(entry, given, now)
    after = _document(entry)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        entry.version += 1
        entry.by_hand = True
        _save(entry, actor, now)
        record(
            "knowledge.changed",
            "knowledge",
            entry.pk,
            actor,
            now,
            before={n: before[n] for n in changed},
            after={n: after[n] for n in changed} | {"version": entry.version},
        )
    return entry


def give(entry_id: int, version: int, *, now: datetime) -> Entry:
    """The entry as it may be given to a citizen now, counted as used; call it inside the transaction that gives it.

    Raises Refused when it is not valid today (a draft, expired, still to begin), Stale when its words have changed since
    they were read: nobody gives words they have not seen.
    """
    day = timezone.localdate(now)
    used = Entry.objects.valid_on(day).filter(pk=entry_id, version=version).update(uses=F("uses") + 1, last_used_at=now)
    if not used:
        if Entry.objects.valid_on(day).filter(pk=entry_id).exists():
            raise Stale
        raise Refused(NOT_VALID)
    return Entry.objects.defer("heading", "search").get(pk=entry_id)


def _must_edit(actor: Actor, agency_id: int, now: datetime) -> None:
    """Whoever says to be an editor is asked for the post: of this very agency, today."""
    posts = posts_on(timezone.localdate(now)).filter(
        person_id=actor.id or 0, agency_id=agency_id, role=str(Role.KNOWLEDGE_EDITOR)
    )
    if actor.kind != "person" or not posts.exists():
        raise Refused(NOT_YOURS)


def _check(given: EntryGiven) -> None:
    if not given.question.strip() or not given.answer.strip():
        raise Refused(Label("Mục hỏi – đáp cần có câu hỏi và câu trả lời.", "An entry needs a question and an answer."))
    if given.valid_to is not None and given.valid_to < given.valid_from:
        raise Refused(
            Label(
                "Ngày hết hiệu lực không được trước ngày bắt đầu.",
                "The last day cannot be before the first.",
            )
        )


def _fill(entry: Entry, given: EntryGiven, now: datetime) -> None:
    entry.question, entry.answer = " ".join(given.question.split()), given.answer.strip()
    entry.phrasings = "\n".join(line.strip() for line in given.phrasings if line.strip())
    entry.source, entry.public, entry.state = given.source.strip(), given.public, str(given.state)
    entry.valid_from, entry.valid_to, entry.review_on = given.valid_from, given.valid_to, given.review_on
    field = Field.objects.filter(hotline_id=entry.hotline_id, key=given.field).first() if given.field else None
    entry.field = field
    entry.changed_at = now


def _save(entry: Entry, actor: Actor, now: datetime) -> None:
    """The entry and, beside it for ever, the words of this version."""
    entry.save()
    EntryVersion.objects.create(
        entry=entry, number=entry.version, document=_document(entry), at=now, by=actor.snapshot()
    )


def _document(entry: Entry) -> dict[str, Any]:
    """Everything of an entry that somebody decides, as plain values."""
    dates = {name: getattr(entry, name) for name in ("valid_from", "valid_to", "review_on")}
    return {
        "question": entry.question, "answer": entry.answer, "phrasings": entry.phrasings, "source": entry.source,
        "field": entry.field.key if entry.field else "", "state": str(entry.state), "public": entry.public,
        **{name: day.isoformat() if isinstance(day, date) else "" for name, day in dates.items()},
    }  # fmt: skip


# -- a pack's sets -----------------------------------------------------------------------------------------------------


@transaction.atomic
def load_sets(sets: Iterable[SetGiven], *, actor: Actor, now: datetime) -> int:
    """Make the sets of a pack, or bring them up to date; returns how many entries changed. An entry that an officer wrote
    or changed stays as they left it; one the pack no longer has is retired, never deleted. Agencies, fields and hotlines
    must have been loaded before."""
    changed = 0
    for given in sets:
        hotline = Hotline.objects.get(key=given.hotline)
        question_set, _ = QuestionSet.objects.update_or_create(
            hotline=hotline, key=given.key,
            defaults={"title": given.title[:300], "agency": Agency.objects.get(key=given.agency),
                      "synonyms": [list(group) for group in given.synonyms]},
        )  # fmt: skip
        rows = {entry.key: entry for entry in question_set.entries.select_related("field").defer("heading", "search")}
        keys = {f"{given.key}-{entry.key}": entry for entry in given.entries}
        for key, entry in keys.items():
            row = rows.get(key) or Entry(question_set=question_set, hotline=hotline, key=key)
            changed += _load(row, entry, actor, now)
        for key, row in rows.items():
            if key not in keys and not row.by_hand and row.state != Entry.State.RETIRED:
                row.state, row.version, row.changed_at = Entry.State.RETIRED, row.version + 1, now
                _save(row, actor, now)
                record("knowledge.changed", "knowledge", row.pk, actor, now, after={"state": str(row.state)})
                changed += 1
    return changed


def _load(row: Entry, given: EntryGiven, actor: Actor, now: datetime) -> bool:
    if row.by_hand:
        return False
    before = _document(row) if row.pk else None
    changed_at = row.changed_at if row.pk else now
    _fill(row, given, now)
    if before == _document(row):
        row.changed_at = changed_at
        return False
    row.version += 1 if before else 0
    _save(row, actor, now)
    record("knowledge.changed" if before else "knowledge.loaded", "knowledge", row.pk, actor, now,
           before=before, after=_document(row))  # fmt: skip
    return True


# -- what was missing --------------------------------------------------------------------------------------------------


def signal_gap(
    conversation: Conversation,
    question: str,
    reason: GapReason,
    *,
    field: Field | None,
    agency: Agency | None,
    actor: Actor,
    now: datetime,
) -> Gap:
    """Note that a question could not be answered; asked before in much the same words, it is counted there.

    `agency`: who would own the answer (None: nobody is known, any editor may write it). Numbers and mail addresses are
    taken out of the words. Call inside the transaction that passes the conversation on. Raises Refused without words.
    """
    words = without_contacts(question)
    folded = fold(words)
    if not folded:
        raise Refused(NO_QUESTION)
    with transaction.atomic():
        gap = _alike(conversation.hotline_id, folded) or Gap(
            hotline_id=conversation.hotline_id, question=words, folded=folded[:500], first_at=now
        )
        gap.field, gap.agency = gap.field or field, gap.agency or agency
        gap.count, gap.last_at = gap.count + 1, now
        gap.save()
        Sighting.objects.create(
            gap=gap, conversation=conversation, reason=str(reason), question=words, at=now, by=actor.snapshot()
        )
        # The words stand on the gap alone: what turns out to be sealed is taken out of it again, never out of the journal.
        record("gap.signalled", "gap", gap.pk, actor, now, after={"reason": str(reason), "count": gap.count})
        return gap


def forget(conversation_id: int) -> int:
    """Take what a conversation asked out of the gaps: its sightings, and the gaps nobody else saw; a gap that others saw too
    goes on in their words. How many gaps changed. Call inside the transaction that takes the conversation out."""
    seen = Sighting.objects.filter(conversation_id=conversation_id).values("gap_id")
    gaps = list(Gap.objects.select_for_update().filter(pk__in=seen).order_by("id"))
    Sighting.objects.filter(conversation_id=conversation_id).delete()
    for gap in gaps:
        left = gap.sightings.order_by("id").first()
        if left is None:
            gap.delete()
            continue
        gap.question, gap.folded, gap.count = left.question, fold(left.question)[:500], gap.sightings.count()
        gap.save(update_fields=["question", "folded", "count"])
    return len(gaps)


def _alike(hotline_id: int, folded: str) -> Gap | None:
    """The open gap most like these words, locked. The threshold is set for this transaction alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
    alike = Gap.objects.filter(hotline_id=hotline_id, state=Gap.State.OPEN, folded__trigram_similar=folded)
    return (
        alike.select_for_update()
        .annotate(likeness=TrigramSimilarity("folded", folded))
        .order_by("-likeness", "id")
        .first()
    )


@transaction.atomic
def dismiss_gap(gap_id: int, note: str, *, actor: Actor, now: datetime) -> Gap:
    """Say that no entry will be written, and why. Raises Refused."""
    if not note.strip():
        raise Refused(NOTE_NEEDED)
    return _end_gap(gap_id, Gap.State.DISMISSED, None, note.strip(), actor, now)


@transaction.atomic
def close_gap(gap_id: int, entry: Entry, *, actor: Actor, now: datetime) -> Gap:
    """An entry that exists answers the question after all. Raises Refused."""
    return _end_gap(gap_id, Gap.State.CLOSED, entry, "", actor, now)


def _end_gap(gap_id: int, state: str, entry: Entry | None, note: str, actor: Actor, now: datetime) -> Gap:
    gap = Gap.objects.select_for_update().get(pk=gap_id)
    if gap.state != Gap.State.OPEN:
        raise Refused(GAP_CLOSED)
    if gap.agency_id is not None:
        _must_edit(actor, gap.agency_id, now)
    elif Role.KNOWLEDGE_EDITOR not in actor.roles:
        raise Refused(NOT_YOURS)
    gap.state, gap.entry, gap.note, gap.closed_at = state, entry, note[:500], now
    gap.save(update_fields=["state", "entry", "note", "closed_at"])
    record(
        "gap.closed",
        "gap",
        gap.pk,
        actor,
        now,
        before={"state": "open"},
        note=note,
        after={"state": str(state), "entry": entry.key if entry else ""},
    )
    return gap
