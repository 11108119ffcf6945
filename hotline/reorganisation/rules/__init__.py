"""A reorganisation as a decision writes it: which agencies and communes are renamed, moved, merged, split, dissolved.

Read from a plain file; every fault is named with file, key and reason, all of them at once. Nothing here asks a database.
"""

from __future__ import annotations

from typing import Any

from hotline.reorganisation.rules.check import check
from hotline.reorganisation.rules.plan import (
    AreaEnding,
    AreaRenaming,
    Do,
    Ending,
    Known,
    Moving,
    Part,
    Plan,
    Posts,
    Renaming,
    parents_first,
)
from hotline.reorganisation.rules.reading import parse, plain, read
from hotline.reorganisation.rules.words import lines, totals

__all__ = [
    "FOLLOWS",
    "OWNED",
    "RECORD",
    "AreaEnding",
    "AreaRenaming",
    "Do",
    "Ending",
    "Known",
    "Moving",
    "Part",
    "Plan",
    "Posts",
    "Renaming",
    "check",
    "lines",
    "parents_first",
    "parse",
    "plain",
    "read",
    "totals",
]

# Every column of the product that names an agency, and what a succession does to it (a test finds those not named here).
FOLLOWS = frozenset(
    {  # by the verb of its noun
        "cases.Case.agency",
        "cases.Case.suggested_agency",
        "cases.Clock.agency",
        "cases.Obligation.agency",
        "cases.Participation.agency",
        "hotlines.Hotline.coordinator",
        "hotlines.Hotline.desk",
        "organisation.Agency.parent",
        "people.Post.agency",
        "routing.Route.agency",
    }
)
# What the agency has its successor has from that day on; of some only what is not done yet.
OWNED: dict[str, dict[str, Any]] = {
    "dialogues.Task.agency": {"done_at": None},
    "experts.Referral.agency": {"ended_at": None},
    "hotlines.Domain.supervisor": {},
    "knowledge.Gap.agency": {},
    "knowledge.QuestionSet.agency": {},
}
RECORD = frozenset(
    {  # what was so on its day stays so
        "cases.Assignment.agency",
        "cases.Assignment.proposed_agency",
        "dialogues.Attendance.agency",
        "documents.Document.office",
        "documents.Series.office",
        "organisation.Agency.successor",
        "organisation.AgencyName.agency",
        "organisation.AgencyParent.agency",
        "organisation.AgencyParent.parent",
    }
)
