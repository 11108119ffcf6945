"""Through the wall between domains: a case is moved with a reason, and everything else only follows its field."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from hotline.cases import rules
from hotline.cases.actions.work import on
from hotline.cases.models import Case
from hotline.conversations.models import Conversation
from hotline.hotlines.models import Field
from hotline.journal.rules import Actor
from hotline.refusals import Refused
from hotline.regulation.labels import Label


def change_domain(
    case: Case | int, field: Field, reason: str, *, actor: Actor, now: datetime, version: int | None = None
) -> Case:
    """Move a case through the wall into the domain of `field`, with the reason: who oversaw it sees it no more, who
    oversees the other domain does from now on. The thread goes with it unless another case of it stays behind.

    Raises Refused (not of the desk or a supervising office, no reason, no other domain, an agency inside the old wall
    still holds it), Stale."""
    if not reason.strip():
        raise Refused(rules.DOMAIN_NEEDS_REASON)
    with on(case, actor, now, version) as work:
        held, old = work.case, work.case.domain
        work.do("case.domain_changed")
        if field.domain == old:
            raise Refused(Label("Phiếu đã thuộc lĩnh vực cơ bản này.", "The case is of this domain already."))
        if held.agency and held.agency.domain not in ("", field.domain):
            raise Refused(Label(
                f"{held.agency.name} đang giữ phiếu; đơn vị chuyển trả trước, sau đó mới chuyển lĩnh vực cơ bản.",
                f"{held.agency.name} holds the case; it has to return it first.",
            ))
        held.field, held.domain = field, field.domain
        held.suggested_agency, held.suggested_why = None, ""
        work.note = reason.strip()
        if not held.conversation.cases.exclude(pk=held.pk).filter(domain=old).exists():
            held.conversation.domain = field.domain
            held.conversation.save(update_fields=["domain"])
    return work.case


def classify_again() -> int:
    """Put every case, and the thread it came by, into the domain its field has by now: after a pack was loaded. How many
    cases changed; nothing is asked of the database where no field is of another domain than its cases."""
    if not Field.objects.exclude(domain="").exists() and not Case.objects.exclude(domain="").exists():
        return 0
    stale = Case.objects.exclude(domain=F("field__domain"))
    threads = list(stale.values_list("conversation_id", flat=True))
    changed = stale.update(domain=Subquery(Field.objects.filter(pk=OuterRef("field_id")).values("domain")[:1]))
    first = Case.objects.filter(conversation=OuterRef("pk")).order_by("id").values("domain")[:1]
    Conversation.objects.filter(pk__in=threads).update(domain=Subquery(first))
    return changed
