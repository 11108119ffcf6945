"""The desk of cases with templates, under an edition with response modes like those of a city (modes 3, 4, 5)."""

from __future__ import annotations

from typing import Any

import pytest

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.tests.conftest import CITIZEN, Desk, at, make_conversation, refuses
from hotline.documents.letters.actions import load_templates
from hotline.documents.letters.rules import general_templates
from hotline.hotlines.models import Edition
from hotline.journal.rules import SYSTEM
from hotline.regulation.edition import parse_edition

__all__ = ["CITIZEN", "MONDAY", "Desk", "at", "make_conversation", "refuses"]
MONDAY = at("02/03 08:00")


def _label(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


MODES: dict[str, Any] = {
    "modes": [
        {"number": 3, "key": "leaders", "label": _label("Báo cáo lãnh đạo"), "owes": ["report"]},
        {"number": 4, "key": "dialogue", "label": _label("Đối thoại"), "owes": ["dialogue"]},
        {"number": 5, "key": "thanks", "label": _label("Tổng hợp, cảm ơn"), "owes": ["synthesis", "letter"]},
    ],
    "obligations": [
        {"key": key, "kind": kind, "label": _label(words), "owner": "coordinator", "limit": limit, "marks_late": False}
        for key, kind, words, limit in (
            ("report", "leaders_report", "Báo cáo lãnh đạo", {"working_days": 2}),
            ("dialogue", "dialogue", "Tổ chức đối thoại", {"working_days": 15}),
            ("synthesis", "synthesis", "Tổng hợp, đề xuất", {"calendar_days": 30}),
            ("letter", "thank_you_letter", "Thư cảm ơn", {"working_days": 10}),
        )
    ],
}


class Office(Desk):
    """The desk, and the office that writes."""

    def in_mode(self, mode: str, **fields: object) -> Case:
        """An accepted case answered in a mode since Monday 02/03/2026, 08:00."""
        case = actions.assign(
            self.opened(MONDAY, **fields), self.cast.agency["so-xay-dung"], actor=self.actor("cuong"), now=MONDAY
        )
        case = actions.accept(case, actor=self.actor("binh"), now=MONDAY)
        return actions.set_mode(case, mode, actor=self.actor("ha"), now=MONDAY)

    @staticmethod
    def owed(case: Case) -> set[str]:
        """What is owed on a case, by key."""
        return {row.key for row in case.obligations.all() if row.is_owed}


@pytest.fixture
def office(cast: Any, settings: Any, tmp_path: Any) -> Office:
    settings.MEDIA_ROOT = tmp_path
    edition = cast.edition
    assert isinstance(edition, Edition)
    edition.document = {**edition.document, **MODES}
    parse_edition(edition.document, "test.toml")
    edition.save()
    load_templates(cast.hotline, general_templates(), actor=SYSTEM, now=MONDAY)
    return Office(cast)
