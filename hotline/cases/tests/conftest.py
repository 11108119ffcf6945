"""Cases for the cast: one drain that overflows before Tết."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.citizens.models import Citizen
from hotline.conversations.models import Conversation
from hotline.journal.rules import Actor, citizen_actor
from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.routing.queries import Suggestion
from hotline.testing.cast import FRIDAY_BEFORE_TET, ZONE, Cast

CITIZEN = citizen_actor(None, "Nguyễn Thị Sáu")


def at(text: str) -> datetime:
    """"26/02 08:00" of 2026, or "26/02/2026 08:00", in Việt Nam."""
    day, clock = text.split()
    year = day.count("/") == 2
    return datetime.strptime(f"{day if year else day + '/2026'} {clock}", "%d/%m/%Y %H:%M").replace(tzinfo=ZONE)


def make_conversation(cast: Cast, now: datetime, number: int = 1, phone: str = "+84905123456") -> Conversation:
    citizen = Citizen.objects.create(name="Nguyễn Thị Sáu", created_at=now)
    return Conversation.objects.create(
        ref=f"LH-{number:07d}", hotline=cast.hotline, channel="web", citizen=citizen, reporter_name="Nguyễn Thị Sáu",
        reporter_phone=phone, reporter_email="sau@example.vn", opened_at=now, last_contact_at=now, state="opened",
    )


@contextmanager
def refuses(words: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What runs inside must be refused, and the Vietnamese sentence must say `words`."""
    with pytest.raises(Refused) as refused:
        yield refused
    assert words in refused.value.sentence.vi, refused.value.sentence.vi


class Desk:
    """Opens cases and moves them along the usual way."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.count = 0

    def actor(self, name: str) -> Actor:
        return self.cast.actor(name)

    def opened(self, now: datetime = FRIDAY_BEFORE_TET, **fields: object) -> Case:
        self.count += 1
        values: dict = {
            "conversation": fields.get("conversation") or make_conversation(self.cast, now, self.count), "kind": "report",
            "field": self.cast.field["thoat_nuoc"], "area": self.cast.area["20001"], "place": "ngã tư Hùng Vương",
            "summary": "Cống tràn ngập đường", "content": "Cống tràn từ tối qua, nước vào nhà dân.",
            "received_at": now, "actor": CITIZEN, "now": now,
            "suggestion": Suggestion(self.cast.agency["so-xay-dung"], Label("theo lĩnh vực", "by field")),
        }
        return actions.open_case(**{**values, **fields})

    def assigned(self, now: datetime = FRIDAY_BEFORE_TET, agency: str = "so-xay-dung") -> Case:
        return actions.assign(self.opened(now), self.cast.agency[agency], actor=self.actor("cuong"), now=now)

    def accepted(self, now: datetime = FRIDAY_BEFORE_TET) -> Case:
        return actions.accept(self.assigned(now), actor=self.actor("binh"), now=now)

    def submitted(self, now: datetime = FRIDAY_BEFORE_TET) -> Case:
        case = self.accepted(now)
        case = actions.save_draft(case, "answered", "Đã kiểm tra và nạo vét.", actor=self.actor("binh"), now=now)
        return actions.submit(case, actor=self.actor("binh"), now=now + timedelta(minutes=10))

    def answered(self, now: datetime = FRIDAY_BEFORE_TET) -> Case:
        return actions.approve(self.submitted(now), actor=self.actor("hung"), now=now + timedelta(minutes=20))


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)
