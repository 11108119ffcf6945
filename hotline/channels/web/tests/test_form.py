"""The portal's form: a table of what people send and the sentence they read."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override
from PIL import Image

from hotline.cases.models import Case
from hotline.channels.web.forms import ReportForm
from hotline.channels.web.inbound import submit
from hotline.channels.web.models import Tally
from hotline.channels.web.rate import LOOK_UPS_A_CODE, TooMany, count, count_look_up
from hotline.hotlines.queries import regulation_of
from hotline.intake.rules import ReceivedKind
from hotline.organisation.models import AreaAlias
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast
from hotline.testing.committed import at_once

NOW = FRIDAY_BEFORE_TET
GOOD = {
    "name": "Nguyễn Văn An", "phone": "0905.123.456", "address": "12 Trần Phú", "email": "", "kind": "report", "field": "",
    "area": "", "place": "kiệt 12", "content": "Cống tắc, nước ngập vào nhà.", "consent": "on", "website": "",
}  # fmt: skip


def form(cast: Cast, files: list[SimpleUploadedFile] = (), **changes: Any) -> ReportForm:
    data = {"submission": str(uuid.uuid4()), **GOOD, **changes}
    return ReportForm(
        {k: v for k, v in data.items() if v is not None}, MultiValueDict({"photos": list(files)}),
        hotline=cast.hotline, edition=regulation_of(cast.edition),
    )  # fmt: skip


def photo(name: str = "ngap.jpg", kind: str = "JPEG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "blue").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def test_a_good_report(cast: Cast) -> None:
    good = form(cast, [photo()], organisation="on", public="on", lat="15.571", lon="108.481")
    assert good.is_valid(), good.errors
    report = good.report()
    assert (report.phone, report.organisation, report.public, report.lat) == ("+84905123456", True, True, 15.571)
    assert (report.field_id, report.area_id, len(report.files), report.language) == (None, None, 1, "vi")


def test_an_old_name_that_lies_in_several_communes_is_asked_about_once(cast: Cast) -> None:
    """Of an old commune that was split the name alone does not tell: the communes it may be come first, or a point decides.
    Whoever knows no more is heard as well."""
    for area in cast.area.values():
        AreaAlias.objects.create(area=area, name="Xã Tam Ngọc", folded="xa tam ngoc")
    first = form(cast, place="thôn 3, xã Tam Ngọc cũ")
    assert not first.is_valid() and list(first.errors) == ["area"]
    [said] = first.errors["area"]
    assert "nay thuộc nhiều xã, phường" in said and "(Phường Bàn Thạch, Phường Tam Kỳ)" in said
    offered = dict(first.fields["area"].choices)["Có thể là"]
    assert [name for _, name in offered] == ["Phường Bàn Thạch", "Phường Tam Kỳ"]
    assert 'name="asked" value="on"' in str(first["asked"])

    pinned = form(cast, place="thôn 3, xã Tam Ngọc cũ", lat="15.57", lon="108.48")
    assert pinned.is_valid() and pinned.guess.area == cast.area["20001"].pk
    again = form(cast, place="thôn 3, xã Tam Ngọc cũ", asked="on")
    assert again.is_valid(), again.errors
    assert submit(again, "10.0.0.9", NOW).case.area is None
    chosen = form(cast, place="thôn 3, xã Tam Ngọc cũ", area=str(cast.area["20002"].pk))
    assert chosen.is_valid() and chosen.guess is None, "nothing is looked up for who has chosen"


@pytest.mark.parametrize(("field", "value", "words"), [
    ("name", "", "Vui lòng ghi họ và tên."),
    ("name", "   ", "Vui lòng ghi họ và tên."),
    ("name", "123", "Họ và tên cần có chữ cái."),
    ("name", "a" * 201, "200"),
    ("address", "", "Vui lòng ghi địa chỉ liên hệ"),
    ("phone", "", "Vui lòng ghi số điện thoại"),
    ("phone", "12345", "Số điện thoại chưa đúng"),
    ("phone", "không có", "Số điện thoại chưa đúng"),
    ("email", "an@", "Địa chỉ thư điện tử chưa đúng"),
    ("email", "an@x.vn\nBcc: y@x.vn", "Địa chỉ thư điện tử chưa đúng"),
    ("content", "", "Vui lòng ghi rõ nội dung"),
    ("content", "?!?!?!?!?!?!?!?!?!", "Vui lòng ghi rõ nội dung"),  # ten letters, not ten characters
    ("content", "Ngập 1234", "Vui lòng ghi rõ nội dung"),
    ("content", "a" * 5001, "tối đa 5000"),
    ("consent", None, "Cần có sự đồng ý"),
    ("field", "999999", "Vui lòng chọn một mục trong danh sách."),
    ("area", "abc", "Vui lòng chọn một mục trong danh sách."),
    ("kind", "denunciation", "Vui lòng chọn một mục trong danh sách."),
    ("lat", "91", "90"),
    ("website", "http://spam.example", "Vui lòng để trống ô này"),
    ("submission", None, "tải lại trang"),
    ("submission", "1 OR 1=1", "tải lại trang"),
])
def test_what_is_wrong_is_said(cast: Cast, field: str, value: str | None, words: str) -> None:
    wrong = form(cast, **{field: value})
    assert not wrong.is_valid()
    assert list(wrong.errors) == [field]
    assert words in wrong.errors[field][0]


@pytest.mark.parametrize(("files", "words"), [
    ([photo(f"{n}.jpg") for n in range(6)], "tối đa 5 ảnh"),
    ([SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")], "a.jpg: Tệp này là trang web"),
    ([SimpleUploadedFile("a.png", b"%PDF-1.7", "image/png")], "không phải ảnh"),
    ([photo(), SimpleUploadedFile("to.jpg", b"\xff\xd8" + b"0" * (10 * 1024 * 1024), "image/jpeg")], "to.jpg: Ảnh lớn hơn 10 MB"),
    ([SimpleUploadedFile("gia.gif", b"GIF89a" + b"\0" * 40, "image/gif")], "không phải ảnh"),
])
def test_photos_that_are_none(cast: Cast, files: list[SimpleUploadedFile], words: str) -> None:
    wrong = form(cast, files)
    assert not wrong.is_valid()
    assert words in " ".join(wrong.errors["photos"])


def test_the_name_of_a_file_proves_nothing(cast: Cast) -> None:
    good = form(cast, [photo("khong-phai.exe", "PNG")])
    assert good.is_valid()
    assert good.report().files[0].content_type == "image/jpeg"


def test_half_a_point_is_no_point(cast: Cast) -> None:
    half = form(cast, lat="15.5")
    assert half.is_valid()
    assert half.report().lat is None


def test_english_choices(cast: Cast) -> None:
    with override("en"):
        choices = dict(form(cast).fields["kind"].choices)
    assert choices["report"] == "Report"


def test_sent_twice_is_one_receipt(cast: Cast) -> None:
    once = str(uuid.uuid4())
    results = []
    for _ in range(2):
        sent = form(cast, [photo()], submission=once)
        assert sent.is_valid()
        results.append(submit(sent, "203.0.113.7", NOW))
    assert [r.kind for r in results] == [ReceivedKind.NEW, ReceivedKind.DUPLICATE]
    assert results[0].case == results[1].case
    assert results[0].contact.attachments.count() == 1


@pytest.mark.parametrize(("changes", "code"), [
    ({"lat": "15.5701", "lon": "108.4799"}, "20001"), ({"place": "gần chợ phường Tam Kỳ"}, "20002"), ({}, None),
])
def test_a_commune_not_chosen_is_found(cast: Cast, changes: dict, code: str | None) -> None:
    sent = form(cast, **changes)
    assert sent.is_valid()
    case = submit(sent, "203.0.113.7", NOW).case
    assert (case.area.code if case.area else None) == code


# -- how much an hour ---------------------------------------------------------------------------------------------------


def send(cast: Cast, ip: str = "203.0.113.7", **changes: Any) -> ReceivedKind:
    sent = form(cast, **changes)
    assert sent.is_valid(), sent.errors
    return submit(sent, ip, NOW).kind


def test_one_address_of_the_network_has_its_share(cast: Cast, settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 3
    for n in range(3):
        send(cast, phone=f"090512345{n}")
    with pytest.raises(TooMany) as refused:
        send(cast, phone="0905123459")
    assert refused.value.retry
    assert "chưa được lưu" in refused.value.sentence.vi
    assert Case.objects.count() == 3
    assert send(cast, ip="203.0.113.8", phone="0905123458") == ReceivedKind.NEW


def test_one_telephone_has_a_sixth(cast: Cast, settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 12
    for n in range(2):
        send(cast, ip=f"203.0.113.{n}")
    with pytest.raises(TooMany):
        send(cast, ip="203.0.113.9", phone="+84 905 123 456")


def test_a_retry_of_what_was_received_gets_its_receipt_even_then(cast: Cast, settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 1
    once = str(uuid.uuid4())
    assert [send(cast, submission=once) for _ in range(3)] == ["new", "duplicate", "duplicate"]


@pytest.mark.django_db
def test_the_next_hour_begins_anew_and_forgets(settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 1
    count("203.0.113.7", "", NOW)
    with pytest.raises(TooMany):
        count("203.0.113.7", "", NOW + timedelta(minutes=59))
    count("203.0.113.7", "", NOW + timedelta(hours=1))
    count("203.0.113.7", "", NOW + timedelta(hours=3))
    assert Tally.objects.count() == 1
    assert "203.0.113" not in Tally.objects.get().sender


@pytest.mark.django_db
def test_no_limit_asks_no_database(settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 0
    with CaptureQueriesContext(connection) as captured:
        count("203.0.113.7", "+84905123456", NOW)
        count_look_up("203.0.113.7", "QNM-2026-000001", NOW)
    assert len(captured) == 0


@pytest.mark.django_db
def test_telephone_numbers_cannot_be_tried_against_a_code(settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 1000
    for n in range(LOOK_UPS_A_CODE):
        count_look_up(f"203.0.113.{n}", "qnm-2026-000001 ", NOW)
    with pytest.raises(TooMany):
        count_look_up("203.0.113.250", "QNM-2026-000001", NOW)


def test_eight_processes_count_together(committed_cast: Cast, settings: LazySettings) -> None:
    settings.REPORTS_PER_HOUR = 20

    def tries(_: int) -> int:
        passed = 0
        for _ in range(5):
            try:
                count("203.0.113.7", "", NOW)
                passed += 1
            except TooMany:
                pass
        return passed

    assert sum(at_once(8, tries)) == 20
