"""Suggestions from a citizen's words: tables of sentences and dates."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.routing.rules import (
    NOWHERE,
    FieldWords,
    Handler,
    Place,
    RouteRow,
    choose,
    contains,
    fold,
    nearest_area,
    suggest_area,
    suggest_field,
    suggest_urgency,
)

LIGHT, POWER, DRAIN, PAPERS, ROADS = 1, 2, 3, 4, 5
FIELDS = [
    FieldWords(ROADS, ("đường", "ổ gà"), position=1),
    FieldWords(LIGHT, ("đèn đường", "đèn", "bóng đèn"), position=2, parent=ROADS),
    FieldWords(POWER, ("mất điện", "dây điện", "điện"), ("dây điện đứt", "rò điện"), position=3),
    FieldWords(DRAIN, ("ngập", "cống", "nắp cống"), ("trẻ em rơi xuống cống",), position=4),
    FieldWords(PAPERS, ("thủ tục", "giấy phép xây dựng"), position=5),
]


@pytest.mark.parametrize(("text", "field", "words"), [
    ("Đèn đường hỏng ba hôm nay", LIGHT, ("đèn đường",)),  # the long phrase; "đèn" and "đường" add nothing of their own
    ("den duong hong ba hom nay", LIGHT, ("đèn đường",)),  # typed without diacritics
    ("MẤT ĐIỆN cả xóm", POWER, ("mất điện",)),
    ("mat dien ca xom", POWER, ("mất điện",)),
    ("Nắp cống bể, nước ngập", DRAIN, ("nắp cống", "ngập")),
    (unicodedata.normalize("NFD", "Xin giấy phép xây dựng"), PAPERS, ("giấy phép xây dựng",)),
])
def test_field(text: str, field: int, words: tuple[str, ...]) -> None:
    best = suggest_field(text, FIELDS)[0]
    assert (best.field, best.words) == (field, words)


TOURISM, FEES, HERITAGE, FLOOD = 11, 12, 13, 14
TREE = [
    FieldWords(TOURISM, ("du khách", "cù lao chàm"), position=1),
    FieldWords(FEES, ("chặt chém",), position=2, parent=TOURISM),
    FieldWords(HERITAGE, ("chùa cầu",), position=3, parent=TOURISM),
    FieldWords(FLOOD, ("ngập", "cống"), position=4),
    FieldWords(ROADS, ("đường hỏng",), position=5),
    FieldWords(LIGHT, ("đèn đường",), position=6),
]


@pytest.mark.parametrize(("text", "field", "why"), [
    ("chặt chém du khách ở Cù Lao Chàm", FEES, "what speaks for tourism speaks for the field below it that is named"),
    ("du khách hỏi đường ra Cù Lao Chàm", TOURISM, "but not for one that is not named"),
    ("Nước ngập vì cống tắc gần chùa Cầu", FLOOD, "a tie: what is said first"),
    ("đèn đường hỏng", LIGHT, "the thing comes first, what it is like after"),
])
def test_field_in_a_tree(text: str, field: int, why: str) -> None:
    assert suggest_field(text, TREE)[0].field == field, why


@pytest.mark.parametrize("text", ["", "   ", "Xin chào", "congo", "đènn", "!!!"])
def test_no_field_is_better_than_a_wrong_one(text: str) -> None:
    assert suggest_field(text, FIELDS) == []


def test_right_diacritics_decide_between_words_that_fold_alike() -> None:
    grass, palm = FieldWords(1, ("bãi cỏ",)), FieldWords(2, ("bãi cọ",))
    assert suggest_field("cắt bãi cọ", [grass, palm])[0].field == 2
    assert suggest_field("cắt bãi cỏ", [grass, palm])[0].field == 1
    assert {h.field for h in suggest_field("cat bai co", [grass, palm])} == {1, 2}


@pytest.mark.parametrize(("text", "urgency", "words"), [
    ("Dây điện đứt nằm giữa đường", "urgent", ("dây điện đứt",)),
    ("day dien dut nam giua duong", "urgent", ("dây điện đứt",)),
    ("Dây điện bị đứt", "urgent", ("dây điện đứt",)),  # a word between
    ("Đứt dây điện rồi", "urgent", ("dây điện đứt",)),  # turned about
    ("Dây điện chằng chịt, sợ có ngày đứt", "normal", ()),  # too far apart
    ("Dây điện chằng chịt", "normal", ()),
])
def test_urgency(text: str, urgency: str, words: tuple[str, ...]) -> None:
    assert suggest_urgency(text, FIELDS) == (urgency, words)


@given(st.text(max_size=200))
def test_folding_is_stable(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))
    assert contains(folded, text) == bool(folded)
    suggest_field(text, FIELDS)


@given(st.text(alphabet="aăâđeêioôơuưyáàảãạ ĐƠƯ", max_size=40))
def test_folding_leaves_no_diacritics(text: str) -> None:
    assert fold(text).isascii()


TAM_KY, BAN_THACH, TAM_THANH, THANG_BINH, THANG_DIEN = 10, 11, 12, 13, 14
PLACES = [
    Place(TAM_KY, "Phường Tam Kỳ", lat=15.566, lon=108.480),
    Place(BAN_THACH, "Phường Bàn Thạch", lat=15.575, lon=108.490),
    Place(THANG_BINH, "Xã Thăng Bình", lat=15.740, lon=108.360),
    Place(THANG_DIEN, "Xã Thăng Điền", lat=15.700, lon=108.300),
    Place(BAN_THACH, "Phường Tân Thạnh", True, "Thành phố Tam Kỳ"),
    Place(TAM_THANH, "Xã Tam Thanh", True, "Thành phố Tam Kỳ"),
    Place(THANG_BINH, "Thị trấn Hà Lam", True, "Huyện Thăng Bình"),
    Place(THANG_BINH, "Xã Bình Lãnh", True, "Huyện Thăng Bình"),  # one old commune over two of today
    Place(THANG_DIEN, "Xã Bình Lãnh", True, "Huyện Thăng Bình"),
    Place(BAN_THACH, "Xã Tam Phú", True, "Thành phố Tam Kỳ"),
    Place(TAM_KY, "Xã Tam Phú", True, "Huyện Phú Ninh"),  # a namesake in another district
    Place(TAM_KY, "Phường An", True, ""),
]


@pytest.mark.parametrize(("text", "area", "why"), [
    ("ngập ở phường Bàn Thạch", BAN_THACH, "its name today"),
    ("ngap o phuong ban thach", BAN_THACH, "without diacritics"),
    ("ngập ở Bàn Thạch", BAN_THACH, "without its kind"),
    ("tại phường Tân Thạnh cũ", BAN_THACH, "an old name"),
    ("thị trấn Hà Lam", THANG_BINH, "an old name of another kind"),
    ("xã Tam Phú, thành phố Tam Kỳ", BAN_THACH, "the district decides between namesakes"),
    ("xã Tam Phú huyện Phú Ninh", TAM_KY, "the other namesake"),
    ("phường An gần chợ", TAM_KY, "one syllable counts with its kind"),
    ("ở xã Thăng Điền (xã Bình Lãnh cũ)", THANG_DIEN, "both names mean this commune, the old one alone means two"),
])
def test_area(text: str, area: int, why: str) -> None:
    assert suggest_area(text, PLACES).area == area, why


@pytest.mark.parametrize(("text", "areas"), [
    ("đường qua xã Bình Lãnh bị sạt lở", {THANG_BINH, THANG_DIEN}),
    ("xa Tam Phu", {BAN_THACH, TAM_KY}),
])
def test_a_name_that_does_not_tell_asks_for_the_point(text: str, areas: set[int]) -> None:
    guess = suggest_area(text, PLACES)
    assert set(guess.areas) == areas
    assert guess.ask_for_point
    assert guess.area is None


@pytest.mark.parametrize("text", ["", "không rõ ở đâu", "an toàn giao thông", "tam thời"])
def test_nowhere(text: str) -> None:
    assert suggest_area(text, PLACES) == NOWHERE


@pytest.mark.parametrize(("lat", "lon", "area"), [
    (15.5745, 108.4895, BAN_THACH), (15.5665, 108.4795, TAM_KY), (15.73, 108.35, THANG_BINH), (21.03, 105.85, None),
])
def test_nearest(lat: float, lon: float, area: int | None) -> None:
    assert nearest_area(lat, lon, PLACES).area == area


TODAY = date(2026, 2, 13)
OLD, NEW, UTILITY, COMMITTEE, ZONES, LOST, RING_A, RING_B = range(20, 28)
HANDLERS = {
    OLD: Handler(OLD, "Sở GTVT", valid_to=date(2025, 2, 28), successor=NEW),
    NEW: Handler(NEW, "Sở Xây dựng", valid_from=date(2025, 3, 1)),
    UTILITY: Handler(UTILITY, "Điện lực"),
    COMMITTEE: Handler(COMMITTEE, "UBND phường Bàn Thạch", valid_from=date(2025, 7, 1)),
    ZONES: Handler(ZONES, "Ban quản lý khu kinh tế"),
    LOST: Handler(LOST, "Phòng đã giải thể", valid_to=date(2025, 6, 30)),
    RING_A: Handler(RING_A, "A", valid_to=date(2020, 1, 1), successor=27),
    RING_B: Handler(RING_B, "B", valid_to=date(2020, 1, 1), successor=26),
}
COMMITTEES = {BAN_THACH: [COMMITTEE]}


@pytest.mark.parametrize(("routes", "area", "day", "agency", "why"), [
    ([RouteRow(NEW), RouteRow(ZONES, area=BAN_THACH)], BAN_THACH, TODAY, ZONES, "a route for exactly this commune first"),
    ([RouteRow(NEW), RouteRow(ZONES, area=BAN_THACH)], TAM_KY, TODAY, NEW, "which does not hold next door"),
    ([RouteRow(NEW), RouteRow(None, own_commune=True)], BAN_THACH, TODAY, COMMITTEE, "own commune before the province"),
    ([RouteRow(NEW, priority=1), RouteRow(None, own_commune=True, priority=2)], BAN_THACH, TODAY, NEW,
     "unless the pack says otherwise"),
    ([RouteRow(NEW), RouteRow(None, own_commune=True)], None, TODAY, NEW, "no place, no commune"),
    ([RouteRow(NEW), RouteRow(None, own_commune=True)], TAM_KY, TODAY, NEW, "a commune without a known committee"),
    ([RouteRow(OLD)], None, TODAY, NEW, "dissolved: the successor"),
    ([RouteRow(OLD)], None, date(2025, 2, 28), OLD, "the last day of existence still counts"),
    ([RouteRow(OLD)], None, date(2025, 3, 1), NEW, "the day after it does not"),
    ([RouteRow(LOST), RouteRow(UTILITY, priority=5)], None, TODAY, UTILITY, "dissolved without successor: the next route"),
    ([RouteRow(None, own_commune=True)], BAN_THACH, date(2025, 6, 30), None, "before the commune existed"),
    ([RouteRow(RING_A)], None, TODAY, None, "successors in a ring end the search"),
    ([], BAN_THACH, TODAY, None, "nothing is routed"),
])
def test_choose(routes: list[RouteRow], area: int | None, day: date, agency: int | None, why: str) -> None:
    choice = choose(routes, area, day, HANDLERS, COMMITTEES)
    assert (choice.agency if choice else None) == agency, why


def test_a_successor_is_named_with_whom_it_succeeds() -> None:
    choice = choose([RouteRow(OLD)], None, TODAY, HANDLERS, {})
    assert choice is not None
    assert "kế tục Sở GTVT" in choice.why.vi
    assert "successor of Sở GTVT" in choice.why.en
