"""Pictures of strangers: what is taken, what it becomes, and what is refused with which words."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from hotline.conversations import pictures
from hotline.conversations.pictures import (
    A_DOCUMENT,
    DAMAGED,
    HEIC,
    NO_PICTURE,
    NotAPicture,
    make_picture,
    safe_picture,
)
from hotline.regulation.labels import Label


def drawn(mode: str = "RGB", size: tuple[int, int] = (60, 40), kind: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "nhà tôi"
    exif[0x8825] = {1: "N", 2: (15.0, 34.0, 0.0), 3: "E", 4: (108.0, 28.0, 0.0)}  # where the photographer stood
    given = drawn(exif=exif, comment=b"<script>alert(1)</script>", icc_profile=b"x" * 200) + b"<html>PK\x03\x04 hidden</html>"
    picture = make_picture("../../etc/ngập lụt.JPEG", given)
    kept = opened(picture.data)
    assert (picture.name, picture.content_type, kept.format) == ("ngập lụt.jpg", "image/jpeg", "JPEG")
    assert dict(kept.getexif()) == {}
    assert not {"comment", "icc_profile", "exif", "xmp"} & set(kept.info)
    for secret in (b"script", b"hidden", b"PK\x03\x04", "nhà tôi".encode()):
        assert secret not in picture.data


def test_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = make_picture("a.jpg", drawn(size=(60, 40), exif=exif))
    assert (picture.width, picture.height) == opened(picture.data).size == (40, 60)


@pytest.mark.parametrize(("size", "becomes"), [((60, 40), (60, 40)), ((5120, 2560), (2560, 1280)), ((100, 6000), (43, 2560))])
def test_made_smaller(size: tuple[int, int], becomes: tuple[int, int]) -> None:
    picture = make_picture("a.jpg", drawn(size=size))
    assert (picture.width, picture.height) == becomes


@pytest.mark.parametrize(("mode", "kind"), [
    ("RGB", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("L", "PNG"), ("I;16", "PNG"),
    ("CMYK", "JPEG"), ("L", "JPEG"), ("RGB", "WEBP"), ("RGBA", "WEBP"),
])
def test_every_kind_of_picture(mode: str, kind: str) -> None:
    assert opened(make_picture("a", drawn(mode, kind=kind)).data).mode == "RGB"


def test_what_is_seen_through_becomes_white() -> None:
    assert opened(make_picture("a.png", drawn("RGBA", kind="PNG")).data).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("content", "words"), [
    (b"", NO_PICTURE), (b"GIF89a" + b"\0" * 50, NO_PICTURE), (b"%PDF-1.7", NO_PICTURE), (b"BM" + b"\0" * 60, NO_PICTURE),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", A_DOCUMENT),
    (b"\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", A_DOCUMENT), (b"<!DOCTYPE html><html>", A_DOCUMENT),
    (b"\0\0\0\x18ftypheic" + b"\0" * 60, HEIC),
    (b"\xff\xd8\xff\xe0" + b"<script>" * 20, DAMAGED), (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, DAMAGED),
    (drawn(size=(800, 600))[:2000], DAMAGED),
])
def test_refused(content: bytes, words: Label) -> None:
    with pytest.raises(NotAPicture) as refused:
        make_picture("anh.jpg", content)
    assert refused.value.label in (words, NO_PICTURE) if words is DAMAGED else refused.value.label == words
    assert safe_picture("anh.jpg", content) is None


def test_too_many_bytes() -> None:
    with pytest.raises(NotAPicture) as refused:
        make_picture("a.jpg", drawn() + b"\0" * pictures.MOST_BYTES)
    assert refused.value.label == pictures.TOO_BIG


@pytest.mark.parametrize(("kind", "how"), [("PNG", {}), ("JPEG", {"progressive": True})])
def test_a_bomb_is_refused_by_its_size_alone(kind: str, how: dict) -> None:
    bomb = drawn("L", (8000, 8000), kind, **how)
    assert len(bomb) < pictures.MOST_BYTES
    with pytest.raises(NotAPicture) as refused:
        make_picture("a", bomb)
    assert refused.value.label == pictures.TOO_MANY_PIXELS
