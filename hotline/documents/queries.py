"""Questions about documents: those of a case, lists, the facts that fill a template, and the paper itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from hotline.cases.identity.queries import reporter_of
from hotline.cases.models import Answer, Case, Participation
from hotline.cases.rules import MILESTONES
from hotline.documents import rules
from hotline.documents.docx import docx_of
from hotline.documents.models import Document, Template
from hotline.documents.pdf import pdf_of
from hotline.documents.rules import DocumentKind, DocumentState
from hotline.documents.sheet import Sheet, sheet
from hotline.hotlines.models import Domain, Hotline
from hotline.hotlines.queries import regulation_of
from hotline.journal.queries import acts_of
from hotline.organisation.models import Agency
from hotline.organisation.queries import parent_on
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import CaseKind
from hotline.regulation.pack import Heading
from hotline.statements.queries import written_once

PAGE = 50


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `next` is the last row's id, 0 on the last page."""

    rows: list[Document]
    next: int = 0


def listing(viewer: Viewer, *, state: str = "", kind: str = "", before: int = 0, limit: int = PAGE) -> Page:
    """Documents the viewer may see, the latest first."""
    rows = Document.objects.visible_to(viewer).select_related("hotline").defer("hotline__document", "body")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(kind=kind) if kind else rows
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    return Page(found[:limit], found[limit - 1].pk if len(found) > limit else 0)


def of_case(viewer: Viewer, case: int) -> list[Document]:
    """The documents about a case, the first written first."""
    return _of_case(viewer, case=case)


@written_once
def _of_case(viewer: Viewer, *, case: int) -> QuerySet[Document]:
    rows = Document.objects.visible_to(viewer).filter(about__case=case)
    return rows.only("kind", "state", "code", "subject", "issued_on", "written_at", "office").order_by("id")


def one(viewer: Viewer, pk: int) -> Document | None:
    """One document if the viewer may see it; None, and the door answers 404."""
    rows = Document.objects.visible_to(viewer).select_related("hotline", "office", "opinion", "addressed_to")
    return rows.defer("hotline__document").filter(pk=pk).first()


def cases_of(document: Document) -> list[Case]:
    """Its cases in their order, with what facts and pages ask of them. Fetch the document through its scope first."""
    known = ("agency", "field", "area", "hotline", "edition", "conversation__citizen")
    rows = document.about.select_related(*(f"case__{name}" for name in known))
    return [row.case for row in rows.defer("case__search", "case__edition__document", "case__hotline__document")]


def templates(hotline_id: int, kind: DocumentKind | None = None) -> QuerySet[Template]:
    """The templates of a hotline that may be used, of one kind or all."""
    rows = Template.objects.filter(hotline_id=hotline_id, active=True)
    return rows.filter(kind=str(kind)) if kind else rows


def office_of(kind: DocumentKind, case: Case) -> Agency | None:
    """Which office issues it: the agency's own kinds the agency that holds the case; the others whoever oversees its
    domain, or the coordinator of the hotline."""
    if kind == DocumentKind.PROGRESS_REPORT or (kind == DocumentKind.REPLY_LETTER and case.agency_id):
        return case.agency
    domain = Domain.objects.filter(key=case.domain).select_related("supervisor").first() if case.domain else None
    return (
        domain.supervisor
        if domain
        else Hotline.objects.select_related("coordinator").get(pk=case.hotline_id).coordinator
    )


def heading_of(office: Agency | None) -> Heading:
    """Whether an office issues State or Party papers: as the domain says inside whose wall it stands."""
    inside = Domain.objects.filter(key=office.domain) if office and office.domain else Domain.objects.none()
    return Heading(inside.values_list("heading", flat=True).first() or Heading.STATE)


def authority_of(office: Agency | None, heading: Heading, hotline: Hotline, day: date) -> str:
    """Whose office it is, printed above its name: the body it belongs to on a Party paper, else the hotline's authority."""
    if office is None:
        return ""
    if heading == Heading.PARTY:
        above = parent_on(office, day)
        return above.name if above else ""
    return hotline.authority if office.name != hotline.authority else ""


def party_letterhead(case: Case) -> tuple[str, str] | None:
    """The body and its office over a sheet about a case inside the Party's wall; None: the State's heading stands there."""
    office = office_of(DocumentKind.LEADERS_REPORT, case) if case.domain else None
    if office is None or heading_of(office) != Heading.PARTY:
        return None
    return authority_of(office, Heading.PARTY, case.hotline, timezone.localdate()), office.label


# -- the facts ---------------------------------------------------------------------------------------------------------


def facts_of(cases: Sequence[Case], hotline: Hotline, office_name: str) -> dict[str, str]:
    """What is known for the placeholders. A hidden reporter stays hidden on paper: a document leaves the house."""
    first = cases[0]
    facts = {
        "hotline.name": hotline.name, "hotline.authority": hotline.authority, "office.name": office_name,
        "cases.count": str(len(cases)), "cases.list": "\n".join(_line(n, case) for n, case in enumerate(cases, 1)),
        "case.code": ", ".join(case.code for case in cases),
        "case.kind": regulation_of(first.edition).word(CaseKind(first.kind)).vi.lower(),
        "case.summary": "; ".join(case.summary for case in cases),
        "case.content": "\n".join(filter(None, map(content_of, cases))),
        "case.place": "; ".join(dict.fromkeys(filter(None, map(_where, cases)))),
        "case.field": "; ".join(dict.fromkeys(case.field.vi for case in cases)),
        "case.received_on": f"{timezone.localtime(first.received_at):%d/%m/%Y}",
        "case.agency": "; ".join(dict.fromkeys(name for case in cases for name in _agencies(case))),
        "case.done": "\n".join(line for case in cases for line in _done(case, len(cases) > 1)),
        "reporter.name": reporter_name(first) if len(cases) == 1 else "",
    }  # fmt: skip
    answer = (
        Answer.objects.filter(case=first, state=Answer.State.SENT).order_by("-id").first() if len(cases) == 1 else None
    )
    facts["case.answer"] = hidden_in(first, answer.body) if answer else ""
    opinion = _opinion_on(first)
    facts["leader.opinion"] = hidden_in(first, opinion) if opinion else ""
    return facts


def reporter_name(case: Case) -> str:
    """Whom a document names: nobody where the case hides them."""
    return "" if case.hide_identity else case.conversation.reporter_name


def content_of(case: Case) -> str:
    """What was reported, without a hidden reporter's name and signature."""
    return reporter_of(case.conversation).hidden_in(case.content, letter=True) if case.hide_identity else case.content


def hidden_in(case: Case, words: str) -> str:
    """Words for a document about this case: who is hidden is not in them, whoever wrote them."""
    return reporter_of(case.conversation).hidden_in(words, places=False) if case.hide_identity else words


def _line(number: int, case: Case) -> str:
    return f"{number}. Phiếu {case.code}, ngày {timezone.localtime(case.received_at):%d/%m/%Y}: {case.summary}"


def _where(case: Case) -> str:
    return ", ".join(filter(None, (case.place, case.area.name if case.area else "")))


def _agencies(case: Case) -> list[str]:
    parts = Participation.objects.filter(case=case).exclude(state__in=("proposed", "declined", "released"))
    return [*([case.agency.name] if case.agency else []), *parts.order_by("id").values_list("agency_name", flat=True)]


def _done(case: Case, several: bool) -> list[str]:
    """The milestones a reporter may read too, one a line; what officers wrote between themselves is not among them."""
    said, late = [], False
    for act in acts_of("case", case.pk).filter(kind__in=list(MILESTONES)):
        if act.kind == "case.overdue" and late:
            continue  # that it is late is said once, however many clocks ran out
        late = late or act.kind == "case.overdue"
        name = f": {act.after['agency_name']}" if act.after.get("agency_name") else ""
        code = f"{case.code}, " if several else ""
        said.append(f"- {code}{timezone.localtime(act.at):%d/%m/%Y}: {MILESTONES[act.kind].vi}{name}.")
    return said


def _opinion_on(case: Case) -> str:
    row = (
        Document.objects.filter(about__case=case, opinion__isnull=False)
        .order_by("-id")
        .select_related("opinion")
        .first()
    )
    return row.opinion.words if row else ""


# -- paper -------------------------------------------------------------------------------------------------------------


def sheet_of(document: Document) -> Sheet:
    """The document in the parts of Nghị định 30/2020/NĐ-CP."""
    heading = Heading(document.heading)
    return sheet(
        authority=document.authority, office=document.office_name,
        number=document.code or rules.code_of(None, document.symbol, heading),
        place_and_day=rules.place_and_day(document.place, document.issued_on),
        printed=rules.KINDS[DocumentKind(document.kind)].printed, subject=document.subject, recipient=document.recipient,
        body=document.body, signing=document.signing, signatory=document.signatory, copies=document.copies,
        draft=document.state != DocumentState.ISSUED, heading=heading,
    )  # fmt: skip


def printed(document: Document, form: str) -> bytes:
    """The bytes of the PDF or DOCX: of an issued document those kept that day, of a draft drawn now.

    Raises KeyError for a form that does not exist, FileNotFoundError when what was kept is gone."""
    draw = {"pdf": pdf_of, "docx": docx_of}[form]
    if document.state == DocumentState.ISSUED:
        kept = document.pdf if form == "pdf" else document.docx
        with kept.open("rb") as file:
            return bytes(file.read())
    return draw(sheet_of(document))
