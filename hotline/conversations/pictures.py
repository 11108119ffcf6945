"""Pictures of strangers made safe: decoded, turned upright, made smaller and written anew; the original is not kept.

What is stored is pixels we encoded ourselves: no EXIF (the reporter's home in it), no comments, no page or archive hidden
behind the picture's last byte.
"""

from __future__ import annotations

import io
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps, UnidentifiedImageError

from hotline.conversations.rules import GivenFile
from hotline.regulation.labels import Label

LONGEST_SIDE = 2560  # pixels: a house number across the street stays readable
QUALITY = 85
SMALL_SIDE = 360  # pixels: a list on a telephone with a dense screen
MOST_BYTES = 10 * 1024 * 1024
# A large baseline JPEG is decoded at a fraction of its size (draft), so a telephone's 108 megapixels cost little memory;
# anything else, a progressive JPEG too, needs all of it at once.
MOST_PIXELS = 36_000_000
MOST_PIXELS_BASELINE = 120_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")

Image.MAX_IMAGE_PIXELS = None  # the limits above hold, by format and with a sentence instead of a warning

TOO_BIG = Label("Ảnh lớn hơn 10 MB. Vui lòng chọn ảnh nhỏ hơn.", "The picture is larger than 10 MB. Choose a smaller one.")
TOO_MANY_PIXELS = Label(
    "Ảnh có quá nhiều điểm ảnh. Vui lòng chọn ảnh nhỏ hơn.", "The picture has too many pixels. Choose a smaller one."
)
NO_PICTURE = Label(
    "Tệp này không phải ảnh JPEG, PNG hoặc WebP. Vui lòng chọn ảnh khác.",
    "This file is not a JPEG, PNG or WebP picture. Choose another.",
)
A_DOCUMENT = Label(
    "Tệp này là trang web hoặc bản vẽ SVG, không phải ảnh chụp. Vui lòng chọn ảnh JPEG, PNG hoặc WebP.",
    "This file is a web page or an SVG drawing, not a photo. Choose a JPEG, PNG or WebP picture.",
)
HEIC = Label(
    "Chưa nhận được ảnh HEIC. Trên iPhone: Cài đặt > Camera > Định dạng > Tương thích nhất, hoặc gửi ảnh chụp màn hình.",
    "HEIC pictures cannot be read yet. On an iPhone: Settings > Camera > Formats > Most Compatible, or send a screenshot.",
)
DAMAGED = Label("Ảnh bị hỏng, không đọc được. Vui lòng chọn ảnh khác.", "The picture is damaged. Choose another.")


class NotAPicture(ValueError):
    """The file is refused; `label` says why. Trying the same file again does not help."""

    def __init__(self, label: Label) -> None:
        super().__init__(label.vi)
        self.label = label


def make_picture(name: str, content: bytes) -> GivenFile:
    """The picture in these bytes as a JPEG of ours, at most 2560 pixels long. What it is decides, not what it is called.

    Raises NotAPicture.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture(TOO_BIG)
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
            baseline = image.format in ("JPEG", "MPO") and "progressive" not in image.info
            if image.width * image.height > (MOST_PIXELS_BASELINE if baseline else MOST_PIXELS):
                raise NotAPicture(TOO_MANY_PIXELS)
            clean = _clean(image)
    except NotAPicture:
        raise
    except UnidentifiedImageError:
        raise NotAPicture(_unidentified(content)) from None
    except Exception as error:  # a hostile file can fail in any way inside the decoder
        raise NotAPicture(DAMAGED) from error
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    stem = PurePath(name.replace("\\", "/")).stem.strip(". ")[:80] or "anh"
    return GivenFile(f"{stem}.jpg", "image/jpeg", out.getvalue(), clean.width, clean.height)


def small_copy(picture: FieldFile) -> File:
    """The picture small enough for a list, open for reading; made on first use and kept beside the pictures.

    Raises FileNotFoundError when the picture itself is gone.
    """
    path = f"small/{picture.name}"
    if not default_storage.exists(path):
        with picture.open("rb") as source, Image.open(source, formats=_FORMATS) as image:
            image.draft("RGB", (SMALL_SIDE, SMALL_SIDE))
            image.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
            out = io.BytesIO()
            image.convert("RGB").save(out, "JPEG", quality=72, optimize=True, progressive=True)
        kept = default_storage.save(path, ContentFile(out.getvalue()))
        if kept != path:  # somebody else made it at the same time: theirs stays
            default_storage.delete(kept)
    return default_storage.open(path, "rb")


def safe_picture(name: str, content: bytes) -> GivenFile | None:
    """`make_picture`, or None where the file is no picture we can vouch for."""
    try:
        return make_picture(name, content)
    except NotAPicture:
        return None


def _clean(image: Image.Image) -> Image.Image:
    """The upright pixels on white, without anything that came with them."""
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        clean = Image.new("RGB", upright.size, "white")
        clean.paste(upright, mask=upright.getchannel("A"))
    else:
        clean = Image.new("RGB", upright.size)
        clean.paste(upright.convert("RGB"))
    return clean


def _unidentified(content: bytes) -> Label:
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<"):
        return A_DOCUMENT
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim"):
        return HEIC
    return NO_PICTURE
