"""Who else reported a matter."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.cases.models import Case

BATCH = 200


def joined_to(lead_id: int) -> Iterator[Case]:
    """The cases that were joined to a lead case, each with its own conversation and citizen, in the order they came in."""
    rows = Case.objects.filter(merged_into=lead_id).select_related("conversation__citizen", "conversation__hotline")
    return rows.defer("search", "content").order_by("id").iterator(chunk_size=BATCH)
