"""Documents and dialogues on the page of a case, and where to do what is owed. Not asked for where nothing was ever written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from hotline.cases.queries import CasePage
from hotline.cases.queries.page import MOST_ACTS
from hotline.console.dialogues.views import line as dialogue_line
from hotline.console.documents.views import line as document_line
from hotline.dialogues.models import Dialogue
from hotline.dialogues.queries import of_case as dialogues_of
from hotline.dialogues.querysets import reads_preparations
from hotline.dialogues.rules import INNER_ACTS as INNER_DIALOGUES
from hotline.documents.models import Document
from hotline.documents.queries import of_case as documents_of
from hotline.documents.querysets import reads_drafts
from hotline.documents.rules import INNER_ACTS as INNER_PAPERS
from hotline.documents.rules import KINDS, DocumentKind, may
from hotline.journal.models import Act
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import ObligationKind, Role, Step

_STEPS = {
    ObligationKind.INTERIM_REPLY: Step.REPLY_INTERIM, ObligationKind.PROGRESS_REPORT: Step.REPORT_PROGRESS,
}  # fmt: skip


def papers_of(page: CasePage, viewer: Viewer, lang: str) -> dict[str, Any]:
    """What was written, which dialogues there are and what was done with them: one query each, none where the journal knows
    of none."""
    kinds = {view.act.kind.partition("_")[0] for view in page.acts}
    whole = len(page.acts) < MOST_ACTS
    case = page.case.pk
    papers = documents_of(viewer, case) if "case.document" in kinds or not whole else []
    dialogues = dialogues_of(viewer, case) if "case.dialogue" in kinds or not whole else []
    return {
        "papers": [document_line(row, lang) for row in papers], "dialogues": [dialogue_line(row, lang) for row in dialogues],
        "paper_links": _links(page, viewer), "paper_acts": acts_on(viewer, papers, dialogues),
    }  # fmt: skip


# What stands on the case itself, under the same name.
ON_CASE = frozenset({
    "document.drafted", "document.issued", "dialogue.registered", "dialogue.invited", "dialogue.held", "dialogue.cancelled",
})  # fmt: skip


def acts_on(viewer: Viewer, papers: Sequence[Document], dialogues: Sequence[Dialogue]) -> list[Act]:
    """What was done with these documents and dialogues, as far as the viewer reads it: one query, none where there are none.
    Give only what the viewer may see."""
    asked = [Q(subject="dialogue", subject_id__in=[row.pk for row in dialogues])] if dialogues else []
    asked += [Q(subject="document", subject_id__in=[row.pk for row in papers])] if papers else []
    if not asked:
        return []
    drafts = {row.pk for row in papers if reads_drafts(viewer, row.office_id)}
    whole = reads_preparations(viewer)
    acts = Act.objects.filter(reduce(or_, asked)).exclude(kind__in=ON_CASE).order_by("-id")[:MOST_ACTS]
    return [
        act for act in reversed(acts)
        if (act.kind not in INNER_PAPERS or act.subject_id in drafts) and (act.kind not in INNER_DIALOGUES or whole)
    ]  # fmt: skip


def _links(page: CasePage, viewer: Viewer) -> list[tuple[str, str]]:
    """Where a document, or a dialogue, about this case begins."""
    roles, here = viewer.roles_at(page.case.agency_id), f"?case={page.case.code}"
    links = []
    if any(may("draft", kind, roles) for kind in DocumentKind):
        links.append((reverse("console:document_new") + here, _("Soạn văn bản")))
    if viewer.has(Role.COORDINATOR) and any(rule.kind == ObligationKind.DIALOGUE for rule in page.edition.obligations):
        links.append((reverse("console:dialogue_new") + here, _("Đăng ký đối thoại")))
    return links


def deeds_of(page: CasePage, viewer: Viewer) -> Mapping[str, str]:
    """By kind of what is owed, the address of what meets it, for those who may do it."""
    if not page.owed:
        return {}
    roles, code = viewer.roles_at(page.case.agency_id), page.case.code
    deeds = {
        str(known.meets): f"{reverse('console:document_new')}?case={code}&kind={kind}"
        for kind, known in KINDS.items() if known.meets and may("draft", kind, roles)
    }  # fmt: skip
    deeds |= {
        str(kind): reverse("console:step", args=[code, str(step)])
        for kind, step in _STEPS.items()
        if step in page.steps
    }
    if viewer.has(Role.COORDINATOR):
        deeds[str(ObligationKind.DIALOGUE)] = f"{reverse('console:dialogue_new')}?case={code}"
    return deeds
