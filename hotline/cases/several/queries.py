"""Who else reported a matter."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.cases.models import Case
from hotline.journal.queries import acts_of

BATCH = 200


def joined_to(lead_id: int) -> Iterator[Case]:
    """The cases that were joined to a lead case, each with its own conversation and citizen, in the order they came in."""
    rows = Case.objects.filter(merged_into=lead_id).select_related("conversation__citizen", "conversation__hotline")
    return rows.defer("search", "content").order_by("id").iterator(chunk_size=BATCH)


def asker_of(case_id: int, before: int) -> Case:
    """Under which case reopening was last asked for, before the act with this number: the case itself, or one that was
    joined to it. With its conversation, citizen and hotline."""
    asked = acts_of("case", case_id).filter(kind="case.reopen_asked", pk__lt=before).last()
    code = asked.after.get("joined") if asked else None
    rows = Case.objects.select_related("conversation__citizen", "conversation__hotline").defer("search", "content")
    return rows.get(code=code) if code else rows.get(pk=case_id)
