"""Places are found as people write them: without diacritics, with or without their kind, by old names."""

from __future__ import annotations

import pytest

from hotline.organisation.actions import load_areas
from hotline.organisation.models import Area
from hotline.organisation.queries import areas_served, find_area, find_areas
from hotline.organisation.rules import AliasEntry, AreaEntry, bare_name, fold

AREAS = [
    AreaEntry("48", "Thành phố Đà Nẵng"), AreaEntry("01", "Thành phố Hà Nội"),
    AreaEntry("20341", "Phường Tam Kỳ", "48"), AreaEntry("20410", "Phường Hội An", "48"),
    AreaEntry("20401", "Phường Hội An Tây", "48"), AreaEntry("20356", "Phường Quảng Phú", "48"),
    AreaEntry("20380", "Xã Tây Hồ", "48"), AreaEntry("00091", "Phường Tây Hồ", "01"),
]
ALIASES = [
    AliasEntry("Xã Tam Thanh", "20356", "Thành phố Tam Kỳ", "Tỉnh Quảng Nam"), AliasEntry("Phố cổ Hội An", "20410"),
    AliasEntry("Xã Chia Đôi", "20341"), AliasEntry("Xã Chia Đôi", "20356"),
]
SERVED = {"20341", "20410", "20401", "20356", "20380"}


@pytest.fixture
def places(db: None) -> None:
    load_areas(AREAS, SERVED, ALIASES)


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("Phường Tam Kỳ", "Phường Tam Kỳ", "its full name"),
        ("tam ky", "Phường Tam Kỳ", "no kind, no diacritics"),
        ("P. Tam Kỳ", "Phường Tam Kỳ", "the kind shortened"),
        ("UBND phường Tam Kỳ", "Phường Tam Kỳ", "the committee stands for the place"),
        ("Hội An", "Phường Hội An", "not the longer name that begins alike"),
        ("hội an tây", "Phường Hội An Tây", "the longer name"),
        ("xã Tam Thanh (cũ)", "Phường Quảng Phú", "an old commune lies in a new one"),
        ("phố cổ hội an", "Phường Hội An", "what people call it"),
        ("Xã Tây Hồ", "Xã Tây Hồ", "the one served, not the namesake in Hà Nội"),
        ("xã Chia Đôi", None, "an old commune that was split: the name alone does not tell"),
        ("Tam Kì", None, "similar is a proposal, not the place"),
        ("", None, "nothing"), ("!!!", None, "nothing to read"),
    ],
)
def test_the_place_a_name_means(places, text, name, why) -> None:
    found = find_area(text)
    assert (found.name if found else None) == name, why


def test_several_are_offered_when_the_name_does_not_tell(places) -> None:
    assert {a.code for a in find_areas("Xã Chia Đôi")} == {"20341", "20356"}
    assert [a.code for a in find_areas("Tây Hồ")] == ["20380", "00091"]
    assert [a.code for a in find_areas("Tây Hồ", served_only=True)] == ["20380"]
    assert "20341" in {a.code for a in find_areas("Tam Kì")}


def test_loading_again_keeps_rows_and_follows_what_is_served(places) -> None:
    before = dict(Area.objects.values_list("code", "id"))
    load_areas([*AREAS[:-1], AreaEntry("00091", "Phường Hồ Tây", "01")], SERVED - {"20380"}, ALIASES[:1])
    assert dict(Area.objects.values_list("code", "id")) == before
    assert Area.objects.get(code="00091").folded == "phuong ho tay"
    assert [a.code for a in areas_served()] == ["20410", "20401", "20356", "20341"]
    assert find_area("phố cổ hội an") is None


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đường Trần Cao Vân", "duong tran cao van"), ("ĐẮK LẮK", "dak lak"), ("P'rao", "p rao"),
     ("  Hoà\u00a0 Khánh ", "hoa khanh"), ("e\u0302\u0301", "e"), ("...", "")],
)
def test_folding(text, folded) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("folded", "bare"),
    [("phuong tam ky", "tam ky"), ("tp da nang", "da nang"), ("xa", "xa"), ("xa tam thanh cu", "tam thanh"),
     ("huynh thuc khang", "huynh thuc khang")],
)
def test_bare_names(folded, bare) -> None:
    assert bare_name(folded) == bare
