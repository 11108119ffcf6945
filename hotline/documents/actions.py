"""What is done with documents: written, changed, submitted, sent back, issued, answered by a leader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from hotline.cases import actions as cases_actions
from hotline.cases.actions.work import usable_roles
from hotline.cases.models import Case, Obligation
from hotline.cases.several.queries import joined_to
from hotline.conversations.actions import drop_files, queue_outgoing, store_files
from hotline.conversations.models import Contact
from hotline.conversations.rules import GivenFile
from hotline.documents import rules
from hotline.documents.docx import docx_of
from hotline.documents.models import About, Document, Opinion, Series, Template
from hotline.documents.pdf import pdf_of
from hotline.documents.queries import (
    authority_of,
    cases_of,
    facts_of,
    heading_of,
    hidden_in,
    office_of,
    reporter_name,
    sheet_of,
    templates,
)
from hotline.documents.rules import DocumentKind, DocumentState
from hotline.hotlines.models import Hotline
from hotline.journal.actions import draft as act_of
from hotline.journal.actions import record_all
from hotline.journal.rules import Actor
from hotline.live.rules import agency_topic, case_topic, oversight
from hotline.notifications.actions import write_to_citizen
from hotline.notifications.letters import compose
from hotline.organisation.models import Agency
from hotline.people.models import Person
from hotline.refusals import Refused, Stale
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import OPEN_STATES, Role
from hotline.regulation.pack import Heading

CHANGEABLE = ("subject", "recipient", "body", "copies", "signing", "place", "symbol")


@transaction.atomic
def draft(
    cases: Sequence[Case],
    kind: DocumentKind,
    *,
    actor: Actor,
    now: datetime,
    template: Template | None = None,
    addressed_to: Person | None = None,
    facts: Mapping[str, str] | None = None,
    office: Agency | None = None,
) -> Document:
    """Write a document about one case or several from a template (the first of its kind unless one is given), what is known
    filled in. `facts` are added to what the cases say. Raises Refused (no case, cases of two domains, no template, not
    theirs to write)."""
    rows = _cases(cases, kind)
    first = rows[0]
    roles = frozenset().union(*(usable_roles(case.agency_id, actor, now) for case in rows))
    _check(rules.may("draft", kind, roles), "draft")
    hotline = Hotline.objects.get(pk=first.hotline_id)
    template = template or templates(hotline.pk, kind).first()
    if template is None:
        raise Refused(rules.NO_TEMPLATE)
    office = office or office_of(kind, first)
    name, heading = office.name if office else hotline.authority, heading_of(office)
    known = {**facts_of(rows, hotline, name), **(facts or {})}
    row = Document(
        hotline=hotline, template=template, kind=str(kind), domain=first.domain, office=office, office_name=name,
        heading=str(heading), authority=authority_of(office, heading, hotline, timezone.localdate(now)),
        symbol=template.symbol or rules.symbol_of(kind, office.label if office else hotline.short_name, heading),
        place=rules.place_of(hotline.authority)[: rules.PLACE_LENGTH], addressed_to=addressed_to,
        subject=rules.fill(template.subject, known)[: rules.SUBJECT_LENGTH],
        recipient=_recipient(kind, template, known, first, addressed_to), body=rules.fill(template.body, known),
        copies=rules.fill(template.copies, known), signing=template.signing, author=actor.snapshot(), written_at=now,
    )  # fmt: skip
    row.save()
    About.objects.bulk_create(About(document=row, case=case, position=n) for n, case in enumerate(rows))
    _record(row, rows, "drafted", actor, now)
    return row


def change(
    document_id: int, changes: Mapping[str, str], *, actor: Actor, now: datetime, version: int | None = None
) -> Document:
    """Write on a document that is not submitted or issued; what was sent back is a draft again. A hidden reporter's name is
    taken out of what is written. Raises Refused, Stale; TypeError for a column that is not to be written."""
    if strange := changes.keys() - set(CHANGEABLE):
        raise TypeError(f"change() cannot set {', '.join(sorted(strange))}")
    with transaction.atomic():
        row, rows = _locked(document_id, "change", actor, now, version)
        before = {name: getattr(row, name) for name in changes}
        for name, text in changes.items():
            for case in rows:
                text = hidden_in(case, text)
            field = Document._meta.get_field(name)
            setattr(row, name, text.strip()[: getattr(field, "max_length", None)])
        row.state = DocumentState.DRAFT
        _save(row, *changes, "state")
        # The text itself stays with the document; the journal, which never forgets, says which parts were changed.
        changed = [name for name, text in before.items() if text != getattr(row, name)]
        _record(row, [], "changed", actor, now, parts=changed)
        return row


def submit(document_id: int, *, actor: Actor, now: datetime, version: int | None = None) -> Document:
    """Hand it to whoever signs. Raises Refused (a part is empty or still marked), Stale."""
    with transaction.atomic():
        row, rows = _locked(document_id, "submit", actor, now, version)
        _complete(row)
        row.state, row.comment = DocumentState.SUBMITTED, ""
        _save(row, "state", "comment")
        _record(row, rows, "submitted", actor, now)
        return row


def send_back(document_id: int, reason: str, *, actor: Actor, now: datetime, version: int | None = None) -> Document:
    """Whoever signs wants something changed first. Raises Refused, Stale."""
    if not reason.strip():
        raise Refused(rules.NO_REASON)
    with transaction.atomic():
        row, rows = _locked(document_id, "return", actor, now, version)
        row.state, row.comment = DocumentState.RETURNED, reason.strip()
        _save(row, "state", "comment")
        _record(row, rows, "returned", actor, now, note=reason.strip())
        return row


def issue(document_id: int, *, actor: Actor, now: datetime, version: int | None = None) -> Document:
    """Sign and issue: the next number of its series, the day, the name; PDF and DOCX are kept as they are now, their SHA-256
    in the journal. What the edition makes owed is met by it, and a thank-you letter goes to the reporter on their own
    channel. All or nothing: a number is never lost. Raises Refused (a part is empty or marked, not theirs to sign), Stale."""
    stored: list[str] = []
    attached: list[Any] = []
    try:
        with transaction.atomic():
            row, rows = _locked(document_id, "issue", actor, now, version)
            _complete(row)
            day = timezone.localdate(now)
            row.year, row.number = day.year, _draw(row, day.year)
            row.code = rules.code_of(row.number, row.symbol, Heading(row.heading))
            row.issued_on, row.issued_at, row.state = day, now, DocumentState.ISSUED
            row.signatory, row.signed_by, row.comment = actor.name, actor.snapshot(), ""
            paper = sheet_of(row)
            for name, content in (("pdf", pdf_of(paper)), ("docx", docx_of(paper))):
                getattr(row, name).save("", ContentFile(content), save=False)
                stored.append(getattr(row, name).name)
                setattr(row, f"{name}_sha256", hashlib.sha256(content).hexdigest())
                if name == "pdf" and row.kind == DocumentKind.THANK_YOU_LETTER:
                    attached = store_files([GivenFile(f"{row.code.replace('/', '-')}.pdf", "application/pdf", content)])
            row.version += 1
            row.save()
            sent = _thank(row, rows[0], attached, actor, now) if attached else None
            _record(
                row, rows, "issued", actor, now, number=row.code, pdf_sha256=row.pdf_sha256, docx_sha256=row.docx_sha256,
                contact=sent.pk if sent else None,
            )  # fmt: skip
            _meet(row, rows, actor, now)
            return row
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        drop_files(attached)
        raise


def give_opinion(
    document_id: int,
    words: str,
    adopted: Iterable[int] = (),
    *,
    actor: Actor,
    now: datetime,
    version: int | None = None,
) -> Opinion:
    """A leader answers an issued report. On every case that is still open it is a directive (ý kiến chỉ đạo), told to the
    agency and the coordinator; of a synthesis `adopted` names the cases whose suggestion is adopted, the others are not.

    Raises Refused (no words, none asked, given already, not a leader, a case it is not about), Stale."""
    if not words.strip():
        raise Refused(rules.NO_OPINION)
    with transaction.atomic():
        row, rows = _locked(document_id, "opine", actor, now, version)
        if Opinion.objects.filter(document=row).exists():
            raise Refused(rules.OPINION_GIVEN)
        chosen = {*adopted}
        if chosen - {case.pk for case in rows} or (chosen and row.kind != DocumentKind.SYNTHESIS):
            raise Refused(rules.ABOUT_OTHERS)
        opinion = Opinion.objects.create(document=row, words=words.strip(), by=actor.snapshot(), at=now)
        opinion.adopted.set(chosen)
        acts = [act_of("document.opinion_given", "document", row.pk, actor, now, {}, {"number": row.code},
                       words.strip(), _topics(row, rows))]  # fmt: skip
        for case in rows:
            if row.kind == DocumentKind.SYNTHESIS:
                acts.append(_adoption(case, row, case.pk in chosen, words.strip(), actor, now))
            elif case.state in OPEN_STATES:
                cases_actions.direct(case, hidden_in(case, words), actor=actor, now=now)
        record_all(acts)
        return opinion


def draft_thanks(document_id: int, *, actor: Actor, now: datetime) -> list[Document]:
    """A thank-you letter to each reporter of a synthesis that a leader has answered, where none is written yet."""
    with transaction.atomic():
        row, rows = _of(document_id)
        if row.kind != DocumentKind.SYNTHESIS or not Opinion.objects.filter(document=row).exists():
            raise Refused(rules.NOT_ISSUED)
        thanked = Document.objects.filter(kind=DocumentKind.THANK_YOU_LETTER, about__case__in=rows)
        done = {*thanked.values_list("about__case", flat=True)}
        return [
            draft([case], DocumentKind.THANK_YOU_LETTER, actor=actor, now=now) for case in rows if case.pk not in done
        ]


# -- small steps -------------------------------------------------------------------------------------------------------


def _cases(cases: Sequence[Case], kind: DocumentKind) -> list[Case]:
    if not cases:
        raise Refused(rules.NO_CASE)
    if len(cases) > 1 and not rules.KINDS[kind].many:
        raise Refused(rules.ONE_CASE)
    about = ("agency", "field", "area", "hotline", "edition", "conversation__citizen")
    known = Case.objects.select_related(*about).defer("search").in_bulk([case.pk for case in cases])
    rows = [known[case.pk] for case in cases]
    if len({(case.hotline_id, case.domain) for case in rows}) > 1:
        raise Refused(rules.MIXED)
    return rows


def _recipient(
    kind: DocumentKind, template: Template, facts: Mapping[str, str], case: Case, leader: Person | None
) -> str:
    if leader is not None:
        return f"{leader.title or 'Đồng chí'} {leader.full_name}".strip()
    if kind in (DocumentKind.THANK_YOU_LETTER, DocumentKind.REPLY_LETTER) and not reporter_name(case):
        return f"Ông/Bà đã gửi phiếu {case.code}"
    return rules.fill(template.recipient, facts)[:300] if template.recipient else ""


def _of(document_id: int) -> tuple[Document, list[Case]]:
    row = Document.objects.select_for_update(of=("self",)).select_related("hotline", "office").get(pk=document_id)
    return row, cases_of(row)


def _locked(
    document_id: int, deed: str, actor: Actor, now: datetime, version: int | None
) -> tuple[Document, list[Case]]:
    """The document, locked, for a deed that is theirs and possible now. Raises Refused, Stale."""
    row, rows = _of(document_id)
    if version is not None and row.version != version:
        raise Stale
    kind, state = DocumentKind(row.kind), DocumentState(row.state)
    roles = frozenset().union(*(usable_roles(case.agency_id, actor, now) for case in rows))
    if deed == "opine" and not rules.KINDS[kind].asks_opinion:
        raise Refused(rules.NO_OPINION_ASKED)
    _check(rules.may(deed, kind, roles), deed)
    if state not in rules.FROM[deed]:
        what = rules.DEEDS[deed]
        raise Refused(Label(
            rules.NOT_NOW.vi.format(state=state.label.vi, what=what.vi),
            rules.NOT_NOW.en.format(state=state.label.en, what=what.en),
        ))  # fmt: skip
    return row, rows


def _check(allowed: bool, deed: str) -> None:
    if not allowed:
        what = rules.DEEDS[deed]
        raise Refused(Label(rules.NOT_THEIRS.vi.format(what=what.vi), rules.NOT_THEIRS.en.format(what=what.en)))


def _complete(row: Document) -> None:
    parts = {name: getattr(row, name) for name in rules.PARTS}
    if row.kind == DocumentKind.MINUTES:
        parts.pop("recipient")  # minutes are addressed to nobody
    if missing := rules.gaps(parts):
        raise Refused(missing)


def _save(row: Document, *columns: str) -> None:
    row.version += 1
    row.save(update_fields=["version", *columns])


def _draw(row: Document, year: int) -> int:
    """The next number of the series; its row stays locked until this transaction ends, and a rollback gives it back."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Series._meta.db_table} (hotline_id, office_id, kind, year, last) VALUES (%s, %s, %s, %s, 1) "
            f"ON CONFLICT (hotline_id, office_id, kind, year) DO UPDATE SET last = {Series._meta.db_table}.last + 1 "
            "RETURNING last",
            [row.hotline_id, row.office_id, row.kind, year],
        )
        return int(cursor.fetchone()[0])


def _meet(row: Document, rows: Sequence[Case], actor: Actor, now: datetime) -> None:
    """What the edition makes owed on its cases is done by it; where nothing is owed it is a document all the same."""
    owed = rules.KINDS[DocumentKind(row.kind)].meets
    if owed is None:
        return
    owing = Obligation.objects.owed().filter(case__in=rows, kind=str(owed)).values_list("case_id", flat=True)
    for case in sorted({*owing}):
        evidence = {"document": row.pk, "number": row.code, "pdf_sha256": row.pdf_sha256}
        cases_actions.meet(case, owed, actor, now, evidence=evidence)


def _thank(row: Document, case: Case, files: Sequence[Any], actor: Actor, now: datetime) -> Contact:
    """The letter on the reporter's own channel, the paper with it. Whoever made the same suggestion and was joined to it is
    thanked too, without the paper: it bears the name of the first."""
    for joined in joined_to(case.pk):
        once = f"document-{row.pk}-{joined.pk}"
        write_to_citizen(joined, "thank_you_joined", "notice", now, once, number=row.code, office=row.office_name)
    conversation = case.conversation
    subject, text = compose(
        "thank_you", conversation.letters_in, case.hotline, case=case, name=conversation.reporter_name, number=row.code,
        body=row.body, office=row.office_name,
    )  # fmt: skip
    return queue_outgoing(
        conversation, kind=Contact.Kind.NOTICE, text=text, subject=subject, external_id=f"document-{row.pk}",
        meta={"case": case.pk, "code": case.code, "whole": True}, files=files, actor=actor, now=now,
    )  # fmt: skip


def _adoption(case: Case, row: Document, adopted: bool, words: str, actor: Actor, now: datetime) -> Any:
    label = Label("tiếp thu", "adopted") if adopted else Label("không tiếp thu", "not adopted")
    return act_of(
        "case.adoption_decided", "case", case.pk, actor, now, {},
        {"adopted": adopted, "label": label.vi, "label_en": label.en, "document": row.pk, "number": row.code},
        hidden_in(case, words), [case_topic(case.pk), *oversight(case.domain)],
    )  # fmt: skip


def _topics(row: Document, rows: Iterable[Case]) -> list[str]:
    office = [agency_topic(row.office_id)] if row.office_id else []
    return [*oversight(row.domain), *office, *(case_topic(case.pk) for case in rows)]


def _record(
    row: Document, rows: Sequence[Case], what: str, actor: Actor, now: datetime, note: str = "", **after: Any
) -> None:
    """The act on the document, and on each of its cases a line that it happened."""
    label = DocumentKind(row.kind).label
    said = {"kind": row.kind, "label": label.vi, "label_en": label.en, **after}
    acts = [act_of(f"document.{what}", "document", row.pk, actor, now, {}, said, note, _topics(row, rows))]
    if what in ("drafted", "issued"):
        acts += [
            act_of(f"case.document_{what}", "case", case.pk, actor, now, {}, {**said, "document": row.pk}, "",
                   [case_topic(case.pk)])
            for case in rows
        ]  # fmt: skip
    record_all(acts)


def roles_on(cases: Iterable[Case], actor: Actor, now: datetime) -> frozenset[Role]:
    """What the actor may be on any of these cases: what pages offer, actions check again."""
    return frozenset().union(*(usable_roles(case.agency_id, actor, now) for case in cases))
