"""Photos of the portal's form: how many, how large, and whether each really is a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language

from hotline.conversations.pictures import MOST_BYTES, TOO_BIG, NotAPicture, make_picture
from hotline.conversations.rules import GivenFile
from hotline.regulation.labels import Label

MOST_PHOTOS = 5
TOO_MANY = Label("Chỉ gửi được tối đa 5 ảnh.", "At most 5 photos can be sent.")


class PhotosInput(forms.ClearableFileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to five pictures; `clean` gives them decoded and written anew as GivenFile."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> list[GivenFile]:
        """Raises ValidationError with one sentence for each photo that cannot be taken."""
        files: Sequence[UploadedFile] = [f for f in (data or []) if f]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_words(TOO_MANY))
        pictures, errors = [], []
        for file in files:
            try:
                pictures.append(_picture(file))
            except NotAPicture as refused:
                errors.append(f"{(file.name or '')[:80]}: {_words(refused.label)}")
        if errors:
            raise forms.ValidationError(errors)
        return pictures


def _picture(file: UploadedFile) -> GivenFile:
    if (file.size or 0) > MOST_BYTES:  # before it is read into memory
        raise NotAPicture(TOO_BIG)
    return make_picture(file.name or "", file.read())


def _words(label: Label) -> str:
    return label.get(get_language() or "vi")
