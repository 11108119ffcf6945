"""The pure part: cursors, passwords, devices, the year of a calendar, an edition in words."""

from __future__ import annotations

import random
from datetime import date

import pytest

from hotline.console.administration import rules
from hotline.regulation.in_words import how_counted
from hotline.regulation.limits import CalendarDays, Minutes, WorkingDays, WorkingHours, parse_limit
from hotline.regulation.pack import read_pack

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.fixture(scope="module")
def pack():
    return read_pack("quang-nam", years=[2026])


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (CHROME, "Chrome · Windows"),
        (CHROME + " Edg/140.0", "Edge · Windows"),
        (CHROME.replace("Chrome", "CocCoc/120 Chrome"), "Cốc Cốc · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("curl/8.5", "curl/8.5"),
        ("", "?"),
    ],
)
def test_a_browser_is_said_as_people_know_it(agent: str, said: str) -> None:
    assert rules.device(agent) == said


def test_a_cursor_comes_back_and_what_is_none_begins_anew() -> None:
    assert rules.read_cursor(rules.cursor_of("Đỗ Thị Lan", 12)) == ("Đỗ Thị Lan", 12)
    for wrong in (
        "",
        "x",
        "ÿ",
        rules.cursor_of("a"),
        rules.cursor_of(1, 2),
        rules.cursor_of("a", -1),
        rules.cursor_of("a", 2**63),
    ):
        assert rules.read_cursor(wrong) is None


def test_a_password_is_legible_and_never_the_same() -> None:
    made = {rules.password_words(random.Random(n).randrange) for n in range(200)}
    assert len(made) == 200
    assert all(len(p) == 19 and not set("01loiO") & set(p) for p in made)


def test_the_year_shows_tet_make_up_days_and_weekends(pack) -> None:
    calendar = pack.calendars["quang-nam"].calendar
    months = rules.months_of(2026, calendar)
    days = {day.date: day.kind for month in months for week in month.weeks for day in week if day}
    assert len(months) == 12 and len(days) == 365
    expected = {
        "2026-02-13": "",
        "2026-02-16": "tet",
        "2026-02-22": "tet",
        "2026-08-22": "made",
        "2026-08-31": "off",
        "2026-03-07": "idle",
        "2026-03-09": "",
    }
    assert {day: days[date.fromisoformat(day)] for day in expected} == expected


def test_what_moves_a_clock_is_said_in_the_editions_words(pack) -> None:
    edition = pack.editions[0]
    said = rules.triggers(edition, edition.clock("head").starts_on)
    assert said.vi.endswith("hết hạn “Nhân sự đầu mối xử lý, trả lời”") and "Trình" in said.vi
    assert said.en.endswith("“Focal person handles and answers” runs out")
    assert rules.triggers(edition, ()).vi == ""


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (WorkingHours(8), "chỉ tính giờ làm việc"),
        (WorkingDays(7), "tính từ ngày làm việc kế tiếp"),
        (WorkingDays(7, None, "same_day"), "ngày nhận là ngày thứ nhất"),
        (parse_limit({"working_days": 7, "cut_off": "18:00"}), "nhận sau 18:00 coi như nhận ngày làm việc sau"),
        (CalendarDays(30), "cả ngày nghỉ"),
        (Minutes(5), "theo đồng hồ"),
    ],
)
def test_the_fine_print_of_a_limit(limit, says: str) -> None:
    assert says in how_counted(limit).vi


def test_changes_of_reference_data_are_shortened() -> None:
    changes = rules.plain_changes({"vi": "Rác", "words": ["a"] * 99, "n": 1}, {"vi": "Rác thải", "words": [], "n": 1})
    assert changes[0] == ("vi", "Rác", "Rác thải")
    assert changes[1][1].endswith("…") and changes[1][2] == "—" and len(changes) == 2
