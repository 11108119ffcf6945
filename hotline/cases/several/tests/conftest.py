"""An edition that knows cooperation, joining, repeats, reminders and hidden identity, and the cast's cases under it."""

from __future__ import annotations

from copy import deepcopy

import pytest

from hotline.cases.tests.conftest import Desk
from hotline.hotlines.queries import regulation_of
from hotline.testing.cast import Cast

SEVERAL = {
    "cooperation": {"clock": "cooperating", "lead_proposes": True, "article": "Quy chế, Điều 12"},
    "joining": {"radius": 300, "days": 14, "alike": 30},
    "repeats": {"days": 365, "alike": 30},
    "follow_ups": {"remind_after": 3},
    "identity": {"fields": ["thu_tuc"], "article": "Luật Tố cáo 2018, Điều 56"},
    "rising": {"by": ["coordinator"], "reopened_at_least": 2, "repeat_raises": True},
}
COOPERATING = {
    "key": "cooperating", "label": {"vi": "Đơn vị phối hợp có ý kiến", "en": "Cooperating agency contributes"},
    "owner": "focal_person", "limit": {"working_hours": 16}, "starts_on": ["cooperate"], "marks_late": False,
    "warn_before": [{"working_hours": 4}], "tells": ["head", "coordinator"],
}  # fmt: skip


def with_several(cast: Cast) -> None:
    """Give the cast's edition the tables above."""
    document = {**deepcopy(cast.edition.document), **deepcopy(SEVERAL)}
    document["clocks"] = [*document["clocks"], deepcopy(COOPERATING)]
    cast.edition.document = document
    cast.edition.save()
    regulation_of(cast.edition)


@pytest.fixture
def many(cast: Cast) -> Desk:
    """The desk under that edition."""
    with_several(cast)
    return Desk(cast)
