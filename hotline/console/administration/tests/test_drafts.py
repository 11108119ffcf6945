"""Editions side by side, on trial, and a new decision entered by the administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hotline.hotlines.models import Edition, Hotline
from hotline.journal.models import Act
from hotline.regulation.pack import PACKS
from hotline.testing.cast import Cast

Browser = Callable[[str], Client]
TEXT = (PACKS / "quang-nam" / "editions" / "1519.toml").read_text("utf-8")
NEW = (
    TEXT.replace('key = "1519"', 'key = "moi"')
    .replace('decision = "1519/QĐ-UBND"', 'decision = "99/QĐ-UBND"')
    .replace("valid_from = 2021-06-04", "valid_from = 2030-01-01")
    .replace("working_hours = 8 }", "working_hours = 4 }")
)


def test_a_new_decision_is_shown_before_it_is_entered(cast: Cast, admin: Client) -> None:
    shown = admin.post("/console/editions/new/", {"hotline": cast.hotline.pk, "text": NEW})
    assert shown.status_code == 200 and "99/QĐ-UBND" in shown.text and "4 giờ làm việc" in shown.text
    assert Edition.objects.count() == 1, "nothing yet"
    entered = admin.post("/console/editions/new/", {"hotline": cast.hotline.pk, "text": NEW, "agreed": "1"})
    row = Edition.objects.get(key="moi")
    assert entered["Location"] == f"/console/editions/{row.pk}/" and row.valid_from == date(2030, 1, 1)
    assert Edition.objects.get(key="1519").valid_to == date(2029, 12, 31)
    assert Act.objects.get(kind="edition.loaded").actor["name"] == "Phan Quốc Trị"
    compared = admin.get("/console/editions/compare/").text
    assert "<del>8 giờ làm việc" in compared and "<ins>4 giờ làm việc" in compared and "Hẹn lại" not in compared
    whole = admin.get(f"/console/editions/compare/?before={cast.edition.pk}&after={row.pk}&whole=1").text
    assert "Không quá" not in whole and "Hẹn lại không quá" in whole


def test_where_there_are_several_hotlines_each_edition_says_whose_it_is(cast: Cast, admin: Client) -> None:
    """Another hotline's regulation is no change of this one, however new it is."""
    admin.post("/console/editions/new/", {"hotline": cast.hotline.pk, "text": NEW, "agreed": "1"})
    other, theirs = Hotline.objects.get(pk=cast.hotline.pk), Edition.objects.get(key="1519")
    other.pk, other.key, other.short_name = None, "khac", "Đường dây khác"
    other.save()
    theirs.pk, theirs.hotline, theirs.valid_from, theirs.valid_to = None, other, date(2031, 1, 1), None
    theirs.save()
    compared = admin.get("/console/editions/compare/").text
    assert "<del>8 giờ làm việc" in compared and f"99/QĐ-UBND · {cast.hotline.short_name}" in compared
    assert "1519/QĐ-UBND · Đường dây khác" in compared, "offered all the same"
    tried = admin.get("/console/editions/try/").context["row"]
    assert tried.hotline_id == cast.hotline.pk and tried.key == "1519", "the first hotline's, as it is in force"


def test_a_file_does_as_well(cast: Cast, admin: Client) -> None:
    file = SimpleUploadedFile("moi.toml", NEW.encode())
    shown = admin.post("/console/editions/new/", {"hotline": cast.hotline.pk, "file": file})
    assert shown.status_code == 200 and "hiệu lực từ 01/01/2030" in shown.text


FAULTY = [
    ("", "Hãy dán hoặc gửi tệp quy chế"),
    ("x = = 1", "Không phải TOML hợp lệ"),
    (NEW.replace("working_hours = 4 }", "working_hours = -4 }"), "phải là số dương"),
    (NEW.replace("valid_from = 2030-01-01", "valid_from = 2021-06-04"), "cùng có hiệu lực"),
]


@pytest.mark.parametrize(("text", "says"), FAULTY)
def test_what_is_wrong_is_said_and_nothing_is_written(cast: Cast, admin: Client, text: str, says: str) -> None:
    answer = admin.post("/console/editions/new/", {"hotline": cast.hotline.pk, "text": text, "agreed": "1"})
    assert answer.status_code == 422 and says in answer.text
    assert Edition.objects.count() == 1


def test_friday_half_past_four_before_tet(cast: Cast, browser: Browser) -> None:
    """ "What would happen to a report received Friday 16:30 before Tết?" """
    binh = browser("binh")
    told = {"edition": cast.edition.pk, "day": "13/02/2026", "time": "16:30", "life": "assigned"}
    page = binh.post("/console/editions/try/", told)
    assert page.status_code == 302 and "day=13%2F02%2F2026" in page["Location"], "an address that says it all"
    page = binh.get(page["Location"]).text
    assert "Phiếu trễ hạn từ 16:30 thứ Hai, 23/02/2026" in page and "hết hạn “Nhân sự đầu mối xử lý, trả lời”" in page
    assert "Nghỉ Tết" in page or "Tết" in page
    assert "báo quá hạn cho Thủ trưởng cơ quan, đơn vị" in page
    answered = binh.get("/console/editions/try/", told | {"life": "answered"}).text
    assert "Không trễ hạn." in answered and "Trễ hạn." not in answered.replace("Không trễ hạn.", "")


def test_an_edition_that_is_not_issued_may_be_tried(cast: Cast, browser: Browser) -> None:
    told = {"edition": cast.edition.pk, "day": "13/02/2026", "time": "16:30", "life": "assigned", "text": NEW}
    page = browser("son").post("/console/editions/try/", told | {"hotline": cast.hotline.pk}).text
    assert "theo 99/QĐ-UBND" in page and "10:30 thứ Hai, 23/02/2026" in page
    assert "nằm ngoài thời gian hiệu lực" in page and Edition.objects.count() == 1


def test_what_cannot_be_tried_is_said(cast: Cast, browser: Browser) -> None:
    page = browser("binh").get("/console/editions/try/", {"edition": cast.edition.pk, "day": "31/02/2026", "time": "9"})
    assert page.status_code == 422
