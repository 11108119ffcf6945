"""A case of today in any state, reached by the usual way, and a browser for each of the cast."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.citizens.models import Citizen
from hotline.conversations.actions import add_contact
from hotline.conversations.models import Contact, Conversation
from hotline.journal.rules import Actor, citizen_actor
from hotline.routing.queries import forget, suggest
from hotline.testing.cast import Cast

Browse = Callable[[str], Client]


class Casework:
    """Opens cases now and takes them as far as a test needs; the pages ask the real clock."""

    def __init__(self, cast: Cast) -> None:
        forget()  # the routing table of the test before
        self.cast = cast
        self.now = timezone.now()
        self.count = 0

    def actor(self, name: str) -> Actor:
        return self.cast.actor(name, timezone.localdate())

    def opened(self, summary: str = "Ngập nước trước cổng trường", ago: timedelta = timedelta()) -> Case:
        at = self.now - ago
        self.count += 1
        citizen = Citizen.objects.create(name="Nguyễn Thị Sáu", created_at=at)
        conversation = Conversation.objects.create(
            ref=f"LH-{self.count:07d}", hotline=self.cast.hotline, channel="web", citizen=citizen,
            reporter_name="Nguyễn Thị Sáu", reporter_phone="+84905123318", reporter_email="sau@example.vn",
            opened_at=at, last_contact_at=at, state="opened",
        )
        author = citizen_actor(citizen.pk, citizen.name)
        add_contact(conversation, channel="web", source="portal", external_id=f"web-{self.count}", text="Nước ngập đến gối.",
                    author=author, now=at, direction=Contact.Direction.IN)  # fmt: skip
        field, area = self.cast.field["thoat_nuoc"], self.cast.area["20001"]
        return actions.open_case(
            conversation=conversation, kind="report", field=field, area=area, place="Trước 41 Phan Châu Trinh",
            summary=summary, content="Nước ngập đến gối.", received_at=at, actor=author, now=at,
            suggestion=suggest(self.cast.hotline, field, area, timezone.localdate(at)),
        )

    def at(self, state: str, agency: str = "so-xay-dung", focal: str = "binh", head: str = "hung") -> Case:
        """A case in this state, at this agency."""
        case, given = self.opened(), self.cast.agency[agency]
        way = self._way(state, case, given, focal, head)
        for step in way:
            case = step(self.now)
        assert case.state == state
        return case

    def _way(self, state: str, case: Case, given: object, focal: str, head: str) -> list[Callable[[datetime], Case]]:
        other = self.cast.agency["ubnd-ban-thach"]
        pk, by = case.pk, self.actor
        assign = lambda now: actions.assign(pk, given, actor=by("cuong"), now=now)  # noqa: E731
        accept = lambda now: actions.accept(pk, actor=by(focal), now=now)  # noqa: E731
        back = lambda now: actions.return_case(pk, "Không thuộc thẩm quyền", other, actor=by(focal), now=now)  # noqa: E731
        draft = lambda now: actions.save_draft(pk, "answered", "Đã thông cống.", actor=by(focal), now=now)  # noqa: E731
        submit = lambda now: actions.submit(pk, actor=by(focal), now=now)  # noqa: E731
        approve = lambda now: actions.approve(pk, actor=by(head), now=now)  # noqa: E731
        ask = lambda now: actions.ask_reopen(pk, "Vẫn còn ngập", actor=by("cuong"), now=now)  # noqa: E731
        verify = lambda now: actions.ask_verification(pk, "Đo mực nước", actor=by(focal), now=now)  # noqa: E731
        take = lambda now: actions.take_over(pk, actor=by(head), now=now)  # noqa: E731
        withdraw = lambda now: actions.withdraw(pk, "Đã tự xử lý", actor=by("cuong"), now=now)  # noqa: E731
        working = [assign, accept]
        answered = [*working, draft, submit, approve]
        ways: dict[str, list[Callable[[datetime], Case]]] = {
            "received": [lambda now: case], "assigned": [assign], "in_progress": working, "returned": [assign, back],
            "awaiting_decision": [assign, back, assign, back], "verifying": [*working, verify],
            "awaiting_approval": [*working, draft, submit], "with_head": [*working, take], "answered": answered,
            "reopen_requested": [*answered, ask], "closed": [withdraw],
        }  # fmt: skip
        return ways[state]


@pytest.fixture
def casework(cast: Cast) -> Casework:
    """Cases for the cast."""
    return Casework(cast)


@pytest.fixture
def browse(cast: Cast) -> Browse:
    """A signed-in browser of one of the cast."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast.person[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
