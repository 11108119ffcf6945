"""What a hotline is open for: one field, from one day to another; others and the late are told where to turn.

"… vận hành thử nghiệm từ ngày 21/1 đến 31/3/2022", one field, others opened later by another edition.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import pytest

from hotline.cases.models import Case
from hotline.conversations.models import Contact, Conversation
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import Closed, _remembered, edition_in_force, field_tree, regulation_of
from hotline.intake.actions import open_case, receive, report, take, type_in
from hotline.intake.rules import Inbound, Report, TypedIn
from hotline.refusals import Refused
from hotline.testing.cast import ZONE, Cast

SCOPE = {
    "fields": ["thoat_nuoc"],
    "elsewhere": {"vi": "Việc khác xin gọi 0225.3.842.356.", "en": "For other matters please call 0225.3.842.356."},
    "closed": {"vi": "Việc mới xin gọi 1900.9095.", "en": "For new matters please call 1900.9095."},
}


@pytest.fixture
def pilot(cast: Cast) -> Cast:
    """The cast's edition from 21/1 to 31/3/2022 for one field; a second one from 01/4/2023 takes all."""
    row: Any = cast.edition
    document = {**row.document, "valid_from": "2022-01-21", "valid_to": "2022-03-31", "scope": SCOPE}
    Edition.objects.filter(pk=row.pk).update(
        document=document, valid_from=date(2022, 1, 21), valid_to=date(2022, 3, 31)
    )
    row.refresh_from_db()
    _remembered.clear()
    yield cast
    _remembered.clear()


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def letter(cast: Cast, now: datetime, **changes: Any) -> Conversation:
    received = receive(Inbound(**{
        "hotline_id": cast.hotline.pk, "channel": "email", "source": "m", "external_id": f"<{uuid.uuid4()}@x.vn>",
        "text": "Cống trước nhà bị tắc, xin hỏi gọi ai?", "subject": "Cống tắc", "name": "An", "email": "an@example.vn",
        "phone": "+84905123456", "address": "12 Trần Phú", **changes,
    }), now)  # fmt: skip
    assert received.conversation is not None
    return received.conversation


def form(cast: Cast, content: str, field: str = "") -> Report:
    return Report(
        hotline_id=cast.hotline.pk, submission=str(uuid.uuid4()), name="Nguyễn Văn An", phone="+84905123456",
        address="12 Trần Phú", content=content, field_id=cast.field[field].pk if field else None,
    )  # fmt: skip


WINDOW = [  # moment, open, why
    (at(2022, 1, 20, 23, 59), False, "a minute before the pilot begins"),
    (at(2022, 1, 21, 0, 0), True, "its first minute"),
    (at(2022, 3, 31, 23, 59), True, "its last minute"),
    (at(2022, 4, 1, 0, 0), False, "it has ended"),
]


@pytest.mark.parametrize(("now", "opened", "why"), WINDOW, ids=[row[2] for row in WINDOW])
def test_portal_desk_and_mail_keep_to_the_window(pilot: Cast, now: datetime, opened: bool, why: str) -> None:
    typed = TypedIn(hotline_id=pilot.hotline.pk, typing=str(uuid.uuid4()), content="Cống tắc", phone="0905123456")
    attempts = (
        lambda: report(form(pilot, "Cống trước nhà bị tắc từ hôm qua", "thoat_nuoc"), now),
        lambda: type_in(typed, actor=pilot.actor("cuong"), now=now),
    )
    for attempt in attempts:
        if opened:
            assert attempt().conversation is not None, why
        else:
            with pytest.raises(Closed):
                attempt()
    conversation = letter(pilot, now)
    assert conversation.state == ("waiting" if opened else "closed"), why
    if not opened:
        answer = Contact.objects.get(conversation=conversation, direction="out")
        assert answer.delivery == "queued" and "21/01/2022" in answer.text, "the writer is told when, and where to turn"
        assert (
            conversation.outcome == "closed"
            and Contact.objects.filter(conversation=conversation, direction="in").exists()
        )


def test_the_sentence_says_when_and_where_to_turn(pilot: Cast) -> None:
    with pytest.raises(Closed) as ended:
        edition_in_force(pilot.hotline.pk, date(2022, 4, 1))
    assert ended.value.sentence.vi == (
        "Tổng đài tiếp nhận từ ngày 21/01/2022 đến hết ngày 31/03/2022, nay đã ngừng tiếp nhận. Việc mới xin gọi 1900.9095."
    )
    with pytest.raises(Closed, match="opens on 21/01/2022"):
        edition_in_force(pilot.hotline.pk, date(2022, 1, 20))


def test_what_was_begun_in_time_is_completed_after_it(pilot: Cast) -> None:
    begun = letter(pilot, at(2022, 3, 31, 20), phone="", address="")
    assert begun.state == "incomplete"
    again = letter(pilot, at(2022, 4, 1, 8), code=begun.ref, text="Số tôi 0905123456, 12 Trần Phú", subject="Bổ sung")
    assert (again.pk, again.state) == (begun.pk, "waiting"), "kept, though the pilot has ended"


def test_another_field_is_refused_with_where_to_go(pilot: Cast) -> None:
    now = at(2022, 2, 1)
    for field in ("dien_luc", ""):  # chosen, or told by the words
        with pytest.raises(Refused) as refused:
            report(form(pilot, "Nhà tôi mất điện từ sáng đến giờ chưa có", field), now)
        assert refused.value.sentence.vi.endswith("Việc khác xin gọi 0225.3.842.356.")
    assert not Conversation.objects.exists(), "nothing half written"
    assert report(form(pilot, "Cống tắc, nước ngập vào nhà", "thoat_nuoc"), now).case is not None
    waiting = letter(pilot, now, text="Nhà tôi mất điện từ sáng")
    take(waiting.pk, actor=pilot.actor("cuong"), now=now)
    with pytest.raises(Refused, match="does not take this field"):
        open_case(
            waiting.pk,
            kind="report",
            field_id=pilot.field["dien_luc"].pk,
            content="x",
            actor=pilot.actor("cuong"),
            now=now,
        )
    assert Case.objects.count() == 1


def test_a_field_opens_by_another_edition_alone(pilot: Cast) -> None:
    first: Any = pilot.edition
    document = {**first.document, "key": "mo-rong", "valid_from": "2022-04-01", "valid_to": None,
                "scope": {**SCOPE, "fields": ["thoat_nuoc", "dien_luc"]}}  # fmt: skip
    second = Edition.objects.create(
        hotline=pilot.hotline, key="mo-rong", decision="QĐ 2", title="x", valid_from=date(2022, 4, 1), document=document
    )
    assert report(form(pilot, "Nhà tôi mất điện từ sáng đến giờ", "dien_luc"), at(2022, 4, 2)).case is not None
    hotline: Any = pilot.hotline
    offered = [top.key for top, _ in field_tree(hotline, scope=regulation_of(second).scope)]
    assert offered == ["thoat_nuoc", "dien_luc"]
