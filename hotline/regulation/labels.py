"""Words for people, always in both languages: Vietnamese first, English second."""

from typing import NamedTuple


class Label(NamedTuple):
    """One wording in Vietnamese and in English."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        """The wording for a language code such as "vi" or "en-gb"; anything that is not English reads Vietnamese."""
        return self.en if lang.lower().startswith("en") else self.vi

    def __str__(self) -> str:
        return self.vi


WEEKDAYS = (
    Label("thứ Hai", "Monday"),
    Label("thứ Ba", "Tuesday"),
    Label("thứ Tư", "Wednesday"),
    Label("thứ Năm", "Thursday"),
    Label("thứ Sáu", "Friday"),
    Label("thứ Bảy", "Saturday"),
    Label("Chủ Nhật", "Sunday"),
)
