"""A hotline whose edition names a standing unit, a doctor on duty and one who is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from hotline.conversations.models import Conversation
from hotline.experts import actions, queries
from hotline.experts.models import Expert
from hotline.intake.actions import pass_on, receive, take
from hotline.intake.rules import Inbound
from hotline.knowledge.rules import GapReason
from hotline.organisation.models import Agency
from hotline.people.models import Person, Post
from hotline.people.queries import viewer_of
from hotline.testing.cast import DAY_ONE, FRIDAY_BEFORE_TET, THAT_DAY, Cast

NUMBER = "0912 345 678"
NUMBER_KEPT = "+84912345678"


@dataclass
class Clinic:
    """The cast with a standing unit (`unit`), somebody of it (`thuy`), a doctor `on` duty and one `off`."""

    cast: Cast
    unit: Agency
    thuy: Person
    on: Expert
    off: Expert

    def actor(self) -> Any:
        """Of the standing unit."""
        return viewer_of(self.thuy, THAT_DAY).actor(self.unit.pk)

    def waiting(self, now: datetime = FRIDAY_BEFORE_TET, **changes: Any) -> Conversation:
        """A letter that a call-taker has passed on."""
        letter = receive(Inbound(**{
            "hotline_id": self.cast.hotline.pk, "channel": "email", "source": "m", "external_id": f"<{now}{changes}@x.vn>",
            "text": "Tôi dương tính ngày thứ tám, SpO2 95, có phải nhập viện không?", "name": "Nguyễn Văn An",
            "subject": "Hỏi bác sĩ", "phone": "+84905123456", "email": "an@example.vn", "address": "12 Trần Phú", **changes,
        }), now).conversation  # fmt: skip
        assert letter is not None
        cuong = self.cast.actor("cuong")
        take(letter.pk, actor=cuong, now=now)
        pass_on(letter.pk, GapReason.BEYOND_ABILITY, "Dương tính ngày 8, SpO2 95?", actor=cuong, now=now)
        letter.refresh_from_db()
        return letter


def name_experts(cast: Cast, **rule: Any) -> None:
    """Give the cast's edition the table [experts]."""
    document = dict(cast.edition.document)  # type: ignore[attr-defined]
    document["experts"] = {
        "standing": "thuong-truc", "label": {"vi": "Đội ngũ bác sĩ", "en": "Doctors"}, "rest_hours": 12, **rule,
    }  # fmt: skip
    type(cast.edition).objects.filter(pk=cast.edition.pk).update(document=document)  # type: ignore[attr-defined]
    cast.edition.refresh_from_db()  # type: ignore[attr-defined]
    queries.forget()


@pytest.fixture
def clinic(cast: Cast) -> Iterator[Clinic]:
    """Everything on the Friday before Tết."""
    unit = Agency.objects.create(key="thuong-truc", kind="public_service_unit", name="Bộ phận Thường trực", folded="x")
    cast.agency["thuong-truc"] = unit
    thuy = Person.objects.create(username="thuy", full_name="Lê Thị Thủy")
    Post.objects.create(person=thuy, role="focal_person", agency=unit, valid_from=DAY_ONE)
    cast.person["thuy"] = thuy
    name_experts(cast)
    actor = viewer_of(thuy, THAT_DAY).actor(unit.pk)
    add: Callable[..., Expert] = lambda name: actions.add_expert(  # noqa: E731
        cast.hotline, unit, name=name, specialty="Hồi sức", phone=NUMBER, actor=actor, now=FRIDAY_BEFORE_TET
    )
    on, off = add("BS. Trần Thu Hương"), add("BS. Phạm Văn Đông")
    hours = timedelta(hours=4)
    actions.add_shift(
        on.pk,
        unit,
        FRIDAY_BEFORE_TET - hours,
        FRIDAY_BEFORE_TET + hours,
        rest=timedelta(hours=12),
        actor=actor,
        now=FRIDAY_BEFORE_TET,
    )
    yield Clinic(cast, unit, thuy, on, off)
    queries.forget()
