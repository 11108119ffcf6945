"""What was called what: people are promoted and agencies merge, and the record must not change with them."""

from __future__ import annotations

from collections.abc import Sequence

from hotline.cases.models import Assignment, Case


def as_it_was(case: Case, assignments: Sequence[Assignment]) -> None:
    """A case that is done shows its agency under the name it had when it was given the case. In memory, for a page: what
    was renamed since must not be saved."""
    last = assignments[-1] if assignments else None
    if last is not None and not case.is_open and case.agency is not None and case.agency_id == last.agency_id:
        case.agency.name = last.agency_name
