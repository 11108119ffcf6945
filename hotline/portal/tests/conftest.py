"""The cast's cases, a browser without JavaScript, and a report as somebody fills it in."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from hotline.cases.tests.conftest import Desk
from hotline.hotlines.models import Edition, Hotline
from hotline.testing.cast import Cast, cast

__all__ = ["cast"]

NAME, PHONE, EMAIL, ADDRESS = "Trương Thị Bảy", "0905 777 888", "bay.truong@example.vn", "12 Lê Lợi, phường Bàn Thạch"


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


@pytest.fixture
def browser(cast: Cast) -> Client:
    """A client that checks forms for forgery like a browser's requests are checked."""
    return Client()


def second_line(cast: Cast) -> Hotline:
    """Another hotline at the same desk, under the same rules."""
    line = Hotline.objects.create(
        key="second", name="Đường dây nóng thứ hai", short_name="0888", authority="", code_prefix="DDN",
        coordinator=cast.agency["van-phong-ubnd"], desk=cast.agency["tong-dai-1022"], calendar=cast.hotline.calendar,
    )  # fmt: skip
    row = cast.edition
    Edition.objects.create(
        hotline=line, key=row.key, decision=row.decision, title=row.title, valid_from=row.valid_from, document=row.document
    )
    return line


def filled(cast: Cast, **changes: Any) -> dict[str, Any]:
    """The report form, filled in by somebody who found the drain blocked."""
    form = {
        "submission": str(uuid.uuid4()), "name": NAME, "phone": PHONE, "email": EMAIL, "address": ADDRESS, "kind": "report",
        "field": str(cast.field["thoat_nuoc"].pk), "area": str(cast.area["20001"].pk), "place": "trước số 40 Hùng Vương",
        "content": f"Cống bị tắc từ hôm qua, nước tràn vào nhà. Gọi tôi {NAME}, số {PHONE} hoặc {EMAIL}.",
        "public": "true", "consent": "on", "website": "",
    }  # fmt: skip
    return form | changes


def picture(colour: str = "teal", name: str = "anh.jpg") -> SimpleUploadedFile:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def words(html: bytes) -> str:
    """What a reader sees of a page: its text without tags."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
