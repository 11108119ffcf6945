"""Every door of these pages × every role; and that nobody who only administers or operates reads what citizens wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from hotline.calendars.models import Calendar
from hotline.cases.models import Case
from hotline.console.administration import urls
from hotline.console.administration.tests.conftest import SECRETS
from hotline.hotlines.models import Edition, Field, Mailbox
from hotline.journal.models import Act
from hotline.people.models import Post
from hotline.reorganisation.models import Reorganisation
from hotline.routing.models import Route
from hotline.testing.cast import PEOPLE, Cast

JULY = date(2025, 7, 1)
EVERY_POST = {name for name, (_, role, _) in PEOPLE.items() if role}
ADMINISTRATOR = {"admin"}
OPEN = {
    "calendars": EVERY_POST,
    "calendar": EVERY_POST,
    "editions": EVERY_POST,
    "edition": EVERY_POST,
    "edition_compare": EVERY_POST,
    "edition_try": EVERY_POST,
    "reorganisations": {"admin", "ha", "van"},
    "reorganisation": {"admin", "ha", "van"},
    "style": EVERY_POST,
    "journal": {"admin", "van"},
}  # everything else is the administrator's alone
DOORS = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]


def address(pattern: URLPattern, cast: Cast) -> str:
    """The address of a door with rows that exist."""
    mailbox, _ = Mailbox.objects.get_or_create(address="hop@example.vn", defaults={"hotline": cast.hotline})
    rows = {
        "field": cast.field["dien_luc"].pk,
        "route": Route.objects.first().pk,
        "route_remove": Route.objects.first().pk,
        "mailbox": mailbox.pk,
        "edition": cast.edition.pk,
        "reorganisation": Reorganisation.objects.get_or_create(
            number="1/NQ",
            defaults={"title": "Sắp xếp", "decided_on": JULY, "effective": JULY, "document": {}, "recorded_by": {},
                      "recorded_at": timezone.now(), "applied_at": timezone.now()},
        )[0].pk,
    }
    values = {
        "pk": rows.get(pattern.name, cast.person["binh"].pk),
        "day": "2026-03-04",
        "session": 1,
        "post": Post.objects.get(person=cast.person["binh"]).pk,
        "key": Calendar.objects.get(base=None).key
        if "calendar" in pattern.name and "agency" not in pattern.name
        else "so-xay-dung",
    }
    return reverse(f"console:{pattern.name}", kwargs={k: values[k] for k in pattern.pattern.converters})


@pytest.mark.parametrize("username", [*PEOPLE, None])
def test_a_door_opens_to_its_roles_and_does_not_exist_for_others(
    cast: Cast, browser: Callable, username: str | None
) -> None:
    client = browser(username) if username else Client()
    for pattern in DOORS:
        status = client.get(address(pattern, cast)).status_code
        if username is None:
            expected = {302}
        elif username in OPEN.get(pattern.name, ADMINISTRATOR):
            expected = (
                {200, 302, 404, 405} if pattern.name in ("calendar_day_remove", "person_reactivate") else {200, 405}
            )
        else:
            expected = {404}
        assert status in expected, (username, pattern.name, status)


@pytest.mark.parametrize("username", ["ky-thuat", "mai", "admin", "nguoi-la"])
def test_who_operates_edits_or_administers_sees_no_case(
    cast: Cast, browser: Callable, case: Case, username: str
) -> None:
    client = browser(username)
    doors = [address(p, cast) for p in DOORS if p.name != "style"] + [
        "/console/operations/",
        "/console/notices/",
        "/console/nav/",
        "/account/",
    ]
    content = [
        f"/console/case/{case.code}/",
        f"/console/case/{case.code}/print/",
        "/console/inbox/all/",
        "/console/search/?q=cống",
        "/console/desk/",
    ]
    for url in (*doors, *content):
        page = client.get(url)
        text = page.text if page.status_code == 200 else ""
        assert not any(secret in text for secret in (*SECRETS, case.code)), (username, url)
    for url in content:
        assert client.get(url).status_code == 404, (username, url)


def test_the_technicians_page_counts_and_names_nothing(cast: Cast, browser: Callable, case: Case) -> None:
    page = browser("ky-thuat").get("/console/operations/")
    assert page.status_code == 200 and "Bộ quét thời hạn" in page.text
    assert not any(secret in page.text for secret in (*SECRETS, case.code, "Sở Xây dựng"))


def test_inspectors_read_acts_on_cases_administrators_those_on_reference_data(
    cast: Cast, browser: Callable, case: Case
) -> None:
    seen = browser("van").get("/console/journal/").text
    assert case.code in seen and "Chuyển xử lý" in seen and "Trần Văn Cường" in seen
    administered = browser("admin").get("/console/journal/?of=cases").text
    assert case.code not in administered and "Chuyển xử lý" not in administered


def test_the_journal_goes_on_by_key(cast: Cast, browser: Callable) -> None:
    actor = {"kind": "person", "id": 1, "name": "Phan Quốc Trị", "post": ""}
    field = Field.objects.first()
    Act.objects.bulk_create(
        Act(at=timezone.now(), kind="field.changed", subject="field", subject_id=field.pk, actor=actor, after={"n": n})
        for n in range(120)
    )
    client, url, seen = browser("admin"), "/console/journal/", []
    for _ in range(5):
        page = client.get(url)
        seen += [row["act"].after["n"] for row in page.context["rows"] if "n" in row["act"].after]
        if not page.context["older"]:
            break
        url = "/console/journal/" + page.context["older"]
    assert seen == list(range(119, -1, -1))
    assert client.get("/console/journal/?before=x%00&of=<b>").status_code == 200


def test_an_edition_is_read_by_everybody_and_tried(cast: Cast, browser: Callable) -> None:
    edition = Edition.objects.get()
    page = browser("ky-thuat").get(f"/console/editions/{edition.pk}/?clock=focal_person&day=13/02/2026&time=16:00")
    assert "16:00 thứ Hai, 23/02/2026" in page.text, "eight working hours over Tết"
    assert "14:00 thứ Hai, 23/02/2026" in page.text, "reminded two working hours before"
    assert "Nghỉ Tết" in page.text and "ribbon-track" in page.text
    for words in ("48 giờ làm việc", "Không quá", "Căn cứ từ chối", "Quyết định số 1519"):
        assert words in page.text


@pytest.mark.parametrize(
    "query",
    [
        "clock=focal_person&day=31/02/2026&time=16:00",
        "clock=no&day=13/02/2026&time=16:00",
        "clock=focal_person&day=13/02/2026&time=25:99",
        "clock=&day=&time=",
    ],
)
def test_what_cannot_be_tried_is_said_beside_its_field(cast: Cast, browser: Callable, query: str) -> None:
    page = browser("binh").get(f"/console/editions/{Edition.objects.get().pk}/?{query}")
    assert page.status_code == 200 and "field-error" in page.text and "ribbon-track" not in page.text


def test_a_day_outside_the_edition_is_told(cast: Cast, browser: Callable) -> None:
    page = browser("binh").get(
        f"/console/editions/{Edition.objects.get().pk}/?clock=focal_person&day=13/02/2019&time=16:00"
    )
    assert "ngoài thời gian hiệu lực" in page.text


def test_the_case_leads_to_its_edition(cast: Cast, browser: Callable, case: Case) -> None:
    page = browser("cuong").get(f"/console/case/{case.code}/")
    assert f"/console/editions/{case.edition_id}/?clock=" in page.text


def test_the_pages_are_english_for_who_switched(cast: Cast, browser: Callable) -> None:
    client = browser("admin")
    client.cookies["lang"] = "en"
    pages = {
        "/console/people/": "Add a person",
        "/console/agencies/so-xay-dung/": "Names over time",
        "/console/fields/": "Add a field",
        "/console/routes/": "Routing table",
        "/console/calendars/": "common calendar",
        f"/console/editions/{Edition.objects.get().pk}/": "Try it: received now, due when?",
        "/account/2fa/": "Authenticator app",
        "/account/password/change/": "Current Password",
    }
    for url, words in pages.items():
        assert words in client.get(url).text, url
