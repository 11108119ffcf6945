"""The cast: named people of two agencies, the desk, those who watch, and one stranger who must never get in.

`cast` is a pytest fixture (loaded by the root conftest). Times are frozen before Tết 2026: Friday 13/02/2026, 16:00, one
working hour before the longest pause of the year.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as filled
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.hashers import make_password

from hotline.journal.rules import Actor
from hotline.people.queries import viewer_of
from hotline.people.rules import Viewer
from hotline.regulation.lifecycle import Role

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY_BEFORE_TET = datetime(2026, 2, 13, 16, 0, tzinfo=ZONE)
THAT_DAY = FRIDAY_BEFORE_TET.date()
DAY_ONE = date(2020, 1, 1)
PASSWORD = "mat-khau-thu-nghiem"  # of every person of the cast, in test databases only

AGENCIES = {  # key → (kind, name, short name)
    "van-phong-ubnd": ("office", "Văn phòng Ủy ban nhân dân", "Văn phòng UBND"),
    "tong-dai-1022": ("public_service_unit", "Tổng đài Thông tin dịch vụ công 1022", "Tổng đài 1022"),
    "so-xay-dung": ("department", "Sở Xây dựng", "Sở Xây dựng"),
    "dien-luc": ("utility", "Công ty Điện lực", "Điện lực"),
    "ubnd-ban-thach": ("commune", "Ủy ban nhân dân phường Bàn Thạch", "UBND phường Bàn Thạch"),
}
PEOPLE = {  # username → (full name, role, agency)
    "cuong": ("Trần Văn Cường", Role.CALL_TAKER, "tong-dai-1022"),
    "tam": ("Huỳnh Thị Thanh Tâm", Role.SHIFT_LEADER, "tong-dai-1022"),
    "ha": ("Phạm Thu Hà", Role.COORDINATOR, "van-phong-ubnd"),
    "binh": ("Lê Thị Bình", Role.FOCAL_PERSON, "so-xay-dung"),
    "duc": ("Võ Minh Đức", Role.FOCAL_PERSON, "so-xay-dung"),
    "hung": ("Nguyễn Hữu Hùng", Role.HEAD, "so-xay-dung"),
    "lan": ("Đỗ Thị Lan", Role.FOCAL_PERSON, "dien-luc"),
    "quang": ("Bùi Đăng Quang", Role.HEAD, "dien-luc"),
    "son": ("Hoàng Ngọc Sơn", Role.LEADER, None),
    "van": ("Đinh Thị Vân", Role.INSPECTOR, None),
    "mai": ("Ngô Thị Mai", Role.KNOWLEDGE_EDITOR, "so-xay-dung"),
    "admin": ("Phan Quốc Trị", Role.ADMINISTRATOR, "tong-dai-1022"),
    "ky-thuat": ("Lý Kỹ Thuật", Role.TECHNICIAN, None),
    "nga": ("Vũ Thúy Nga", Role.SEALED_OFFICER, None),
    "nguoi-la": ("Người Lạ", None, None),  # the stranger: an account without a post
}


@dataclass
class Cast:
    """Everybody by name. `viewer("binh")`, `actor("binh")`, `agency["so-xay-dung"]`, `field["thoat_nuoc"]`."""

    hotline: object
    edition: object
    agency: dict = filled(default_factory=dict)
    person: dict = filled(default_factory=dict)
    field: dict = filled(default_factory=dict)
    area: dict = filled(default_factory=dict)

    def viewer(self, username: str, day: date = THAT_DAY) -> Viewer:
        """Who they are that day."""
        return viewer_of(self.person[username], day)

    def actor(self, username: str, day: date = THAT_DAY) -> Actor:
        """The actor they are at their own agency."""
        agency = PEOPLE[username][2]
        return self.viewer(username, day).actor(self.agency[agency].pk if agency else None)


def make_cast() -> Cast:
    """Rows of a small province: the real Quảng Nam edition and calendar, five agencies, three fields, two communes."""
    from hotline.calendars.models import Calendar, CalendarDay
    from hotline.hotlines.models import Edition, Field, Hotline
    from hotline.organisation.models import Agency, Area
    from hotline.organisation.rules import fold
    from hotline.people.models import Person, Post
    from hotline.regulation.pack import read_pack
    from hotline.routing.models import Route

    pack = read_pack("quang-nam")
    calendar = Calendar.objects.create(
        key="cast", name="Lịch làm việc", weekly=[["07:00-11:30", "13:30-17:00"]] * 5 + [[], []]
    )
    for day, exception in pack.calendar().exceptions.items():
        CalendarDay.objects.create(
            calendar=calendar, date=day, kind=str(exception.kind), reason_vi=exception.reason.vi,
            reason_en=exception.reason.en, tet=exception.tet,
        )
    agencies = {
        key: Agency.objects.create(key=key, kind=kind, name=name, short_name=short, folded=fold(name))
        for key, (kind, name, short) in AGENCIES.items()
    }
    hotline = Hotline.objects.create(
        key="cast", name="Tổng đài 1022 Quảng Nam", short_name="1022 Quảng Nam", authority="UBND tỉnh Quảng Nam",
        code_prefix="QNM", email="1022@quangnam.example", numbers=[{"number": "0235.1022", "label": "Di động"}],
        coordinator=agencies["van-phong-ubnd"], desk=agencies["tong-dai-1022"], calendar=calendar,
    )
    regulation = pack.editions[0]
    edition = Edition.objects.create(
        hotline=hotline, key=regulation.key, decision=regulation.decision, title=regulation.title.vi,
        valid_from=regulation.valid_from, valid_to=regulation.valid_to, document=regulation.to_document(),
    )
    cast = Cast(hotline, edition, agencies)
    for key, vi, words in [
        ("thoat_nuoc", "Thoát nước", ["ngập", "cống"]),
        ("dien_luc", "Điện lực", ["mất điện", "điện"]),
        ("thu_tuc", "Thủ tục hành chính", ["thủ tục", "giấy phép"]),
    ]:
        cast.field[key] = Field.objects.create(hotline=hotline, key=key, vi=vi, en=key, words=words)
    province = Area.objects.create(code="48", name="Thành phố Đà Nẵng", folded="thanh pho da nang", kind="province")
    for code, name, lat, lon in [("20001", "Phường Bàn Thạch", 15.57, 108.48), ("20002", "Phường Tam Kỳ", 15.56, 108.47)]:
        cast.area[code] = Area.objects.create(
            code=code, name=name, folded=fold(name), kind="commune", parent=province, lat=lat, lon=lon, served=True
        )
    Route.objects.create(field=cast.field["thoat_nuoc"], agency=agencies["so-xay-dung"])
    Route.objects.create(field=cast.field["dien_luc"], agency=agencies["dien-luc"])
    for username, (name, role, agency) in PEOPLE.items():
        person = cast.person[username] = Person.objects.create(
            username=username, password=_hashed(), full_name=name, email=f"{username}@example.vn"
        )
        if role:
            Post.objects.create(person=person, role=str(role), agency=agencies[agency] if agency else None, valid_from=DAY_ONE)
    return cast


@cache
def _hashed() -> str:
    """Hashing is slow on purpose: once a run is enough."""
    return make_password(PASSWORD)


@pytest.fixture
def cast(db: None) -> Cast:
    """A fresh cast in a test that is rolled back."""
    return make_cast()
