"""The standing unit's screens: from the waiting list to the doctor's words; numbers in no page of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline.conversations.models import Contact, Conversation
from hotline.experts import actions, queries
from hotline.experts.models import Connection, Expert, Referral, Shift
from hotline.experts.tests.conftest import NUMBER, NUMBER_KEPT, Clinic, name_experts
from hotline.hotlines.models import Edition
from hotline.organisation.models import Agency
from hotline.people.models import Person, Post
from hotline.people.queries import viewer_of
from hotline.testing.cast import DAY_ONE, PEOPLE, Cast


@pytest.fixture
def clinic(cast: Cast) -> Iterator[Clinic]:
    """Today, for pages ask the clock themselves."""
    now, unit = (
        timezone.now(),
        Agency.objects.create(key="thuong-truc", kind="office", name="Bộ phận Thường trực", folded="x"),
    )
    thuy = Person.objects.create(username="thuy", full_name="Lê Thị Thủy")
    Post.objects.create(person=thuy, role="focal_person", agency=unit, valid_from=DAY_ONE)
    cast.person["thuy"], cast.agency["thuong-truc"] = thuy, unit
    name_experts(cast)
    actor = viewer_of(thuy, timezone.localdate()).actor(unit.pk)
    on, off = (
        actions.add_expert(cast.hotline, unit, name=name, specialty="Hồi sức", phone=NUMBER, actor=actor, now=now)
        for name in ("BS. Trần Thu Hương", "BS. Phạm Văn Đông")
    )
    hours = timedelta(hours=4)
    actions.add_shift(on.pk, unit, now - hours, now + hours, rest=3 * hours, actor=actor, now=now)
    yield Clinic(cast, unit, thuy, on, off)
    queries.forget()


def client_of(clinic: Clinic, who: str) -> Client:
    client = Client()
    client.force_login(clinic.cast.person[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def waiting(clinic: Clinic) -> Referral:
    clinic.waiting(timezone.now())
    return Referral.objects.get()


def test_from_the_list_to_the_answer(clinic: Clinic) -> None:
    referral, client = waiting(clinic), client_of(clinic, "thuy")
    page = client.get("/console/standing/").content.decode()
    assert referral.question in page and "BS. Trần Thu Hương" in page and "BS. Phạm Văn Đông" not in page
    here = f"/console/standing/{referral.pk}/"
    page = client.get(here).content.decode()
    assert "Nguyễn Văn An" in page and "123456" not in page.replace(" ", ""), "the reporter's number is masked"
    off = client.post(f"{here}connect/", {"version": 1, "expert": clinic.off.pk})
    assert off.status_code == 422 and "không trong ca trực" in off.content.decode()
    assert client.post(f"{here}connect/", {"version": 1, "expert": clinic.on.pk}).status_code == 302
    assert client.post(f"{here}no_answer/", {"version": 2}).status_code == 302
    assert client.post(f"{here}connect/", {"version": 3, "expert": clinic.on.pk}).status_code == 302
    assert client.post(f"{here}accepted/", {"version": 4}).status_code == 302
    late = client.post(f"{here}finish/", {"version": 4, "words": "Lời đã gõ"})
    assert late.status_code == 409 and "Lời đã gõ" in late.content.decode()
    assert client.post(f"{here}finish/", {"version": 5, "words": "Gọi 115 ngay."}).status_code == 302
    conversation = Conversation.objects.get(pk=referral.conversation_id)
    assert (conversation.state, conversation.outcome) == ("answered", "expert")
    assert list(Connection.objects.order_by("id").values_list("state", flat=True)) == ["no_answer", "ended"]
    assert (
        "Chuyên gia đã trả lời" in client_of(clinic, "cuong").get(f"/console/desk/{conversation.ref}/").content.decode()
    )


def test_given_back_to_the_desk_with_a_word(clinic: Clinic) -> None:
    referral, client = waiting(clinic), client_of(clinic, "thuy")
    assert client.post(f"/console/standing/{referral.pk}/give_back/", {"version": 1, "words": ""}).status_code == 422
    client.post(f"/console/standing/{referral.pk}/give_back/", {"version": 1, "words": "Mở phiếu giúp."})
    conversation = Conversation.objects.get(pk=referral.conversation_id)
    assert conversation.state == "waiting"
    assert "Mở phiếu giúp." in client_of(clinic, "cuong").get(f"/console/desk/{conversation.ref}/").content.decode()
    assert Contact.objects.filter(conversation=conversation, kind="note").exists()


def test_rota_and_pool_are_the_standing_units_to_write(clinic: Clinic) -> None:
    client = client_of(clinic, "thuy")
    tomorrow = timezone.localdate() + timedelta(days=1)
    sent = {"expert": clinic.off.pk, "day": f"{tomorrow:%d/%m/%Y}", "begins": "22:00", "ends": "06:00"}
    assert client.post("/console/experts/shifts/new/", sent).status_code == 302
    shift = Shift.objects.get(expert=clinic.off)
    assert shift.ends_at - shift.begins_at == timedelta(hours=8), "a night shift ends the day after"
    after = {**sent, "day": f"{tomorrow + timedelta(days=1):%d/%m/%Y}", "begins": "10:00", "ends": "14:00"}
    warned = client.post("/console/experts/shifts/new/", after, follow=True).content.decode()
    assert "Chỉ nghỉ 4 giờ giữa hai ca" in warned and "Điều 110" in warned
    assert client.post(f"/console/experts/shifts/{shift.pk}/remove/").status_code == 302
    doctor = {"name": "BS. Lê Na", "specialty": "Nhi"}
    assert client.post("/console/experts/new/", {**doctor, "phone": "12"}).status_code == 422
    assert client.post("/console/experts/new/", {**doctor, "phone": "0987654321"}).status_code == 302
    assert Expert.objects.get(name="BS. Lê Na").phone == "+84987654321"
    reader = client_of(clinic, "ha")
    assert reader.get("/console/experts/").status_code == 200
    assert (
        reader.get("/console/experts/new/").status_code
        == reader.post("/console/experts/shifts/new/", sent).status_code
        == 404
    )


def test_the_number_is_in_no_page_of_anybody(clinic: Clinic) -> None:
    referral = waiting(clinic)
    actions.connect(
        referral.pk, clinic.on.pk, version=1, actor=viewer_of(clinic.thuy, timezone.localdate()).actor(clinic.unit.pk),
        now=timezone.now(),
    )  # fmt: skip
    digits = NUMBER_KEPT.removeprefix("+84")
    pages = [
        reverse("console:standing"), reverse("console:referral", args=[referral.pk]), reverse("console:rota"),
        reverse("console:expert", args=[clinic.on.pk]), reverse("console:journal"), reverse("console:shift_new"),
        reverse("console:desk_conversation", args=[referral.conversation.ref]), reverse("console:search") + "?q=huong",
    ]  # fmt: skip
    opened = 0
    for who in [*PEOPLE, "thuy"]:
        client = client_of(clinic, who)
        for page in pages:
            answer = client.get(page)
            opened += answer.status_code == 200
            plain = "".join(ch for ch in answer.content.decode() if ch.isalnum())
            assert digits not in plain, (who, page)
    assert opened > 20, "the pages were there to be read"


def test_where_no_edition_names_experts_there_is_nothing(cast: Cast) -> None:
    queries.forget()
    client = Client()
    client.force_login(cast.person["ha"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/console/standing/").status_code == client.get("/console/experts/").status_code == 404
    assert "Trực chuyên gia" not in client.get("/console/inbox/", follow=True).content.decode()


def test_the_rota_of_an_edition_that_has_ended_is_read_and_not_written(clinic: Clinic, cast: Cast) -> None:
    """Its last week opens first; nobody is put on it any more."""
    now = timezone.now()
    begins = now - timedelta(days=12)
    Shift.objects.create(expert=clinic.off, begins_at=begins, ends_at=begins + timedelta(hours=8))
    Edition.objects.filter(pk=cast.edition.pk).update(valid_to=timezone.localdate(now) - timedelta(days=10))
    client = client_of(clinic, "thuy")
    page = client.get("/console/experts/").content.decode()
    assert clinic.off.name in page and "/experts/shifts/new/" not in page
    assert client.get("/console/experts/shifts/new/").status_code == 404
