"""The ribbon's geometry against dates worked out by hand."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.assets.ribbon import MOST_CELLS, label_room, layout
from hotline.assets.strip import strip
from hotline.assets.style_page import CALENDAR
from hotline.regulation.explain import explain
from hotline.regulation.limits import CalendarDays, Minutes, WorkingHours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day: int, month: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def drawn(start: datetime, hours: float, now: datetime | None, **more):
    return layout(explain(WorkingHours(hours), start, CALENDAR), now, **more)


def blocks(ribbon, index: int) -> list[tuple[str, float, float]]:
    return [(b.kind, b.x, b.width) for b in ribbon.cells[index].blocks]


def test_over_tet_as_in_the_example_of_the_regulation():
    """16:00 Friday 13/02 + 8 working hours = 16:00 Monday 23/02; the bar runs from 07:00 to 17:00, so an hour is 10 %."""
    ribbon = drawn(at(13, 2, 16), 8, at(13, 2, 16, 40))
    assert [cell.name for cell in ribbon.cells] == [
        "T6 13/02", "T7 14", "CN 15", "T2 16", "T3 17", "T4 18", "T5 19", "T6 20", "T7 21", "CN 22", "T2 23/02",
    ]  # fmt: skip
    assert [cell.kind for cell in ribbon.cells] == ["working", *["off"] * 2, *["tet"] * 5, *["off"] * 2, "working"]
    assert blocks(ribbon, 0) == [("idle", 0, 45), ("idle", 65, 25), ("used", 90, 6.67), ("left", 96.67, 3.33)]
    assert blocks(ribbon, 10) == [("left", 0, 45), ("left", 65, 25), ("idle", 90, 10)]
    assert [(g.note, len(g.cells)) for g in ribbon.groups if g.note] == [("Tết Nguyên đán", 5)]
    (now,), (due,) = ribbon.cells[0].marks, ribbon.cells[10].marks
    assert (now.kind, now.x, now.words) == ("now", 96.67, "bây giờ 16:40")
    assert (due.kind, due.x, due.words) == ("due", 90, "hạn 16:00")


@pytest.mark.parametrize(
    ("now", "expected", "why"),
    [
        (at(13, 2, 6), (0, 0.0), "before opening: held at the start of the day"),
        (at(13, 2, 12), (0, 50.0), "in the lunch break: where the clock stands"),
        (at(13, 2, 22), (0, 100.0), "after closing: held at the end of the day"),
        (at(15, 2, 12), (2, 50.0), "on a Sunday"),
        (at(18, 2, 9), (5, 20.0), "at Tết"),
        (at(23, 2, 16), (10, 90.0), "on the due moment itself"),
        (at(23, 2, 20), (10, 100.0), "late the same evening"),
        (at(1, 2, 9), (0, 0.0), "before receipt: held at the left end"),
    ],
)
def test_now_stands_where_the_clock_is(now, expected, why):
    ribbon = drawn(at(13, 2, 9), 15, now)
    found = [(i, m.x) for i, cell in enumerate(ribbon.cells) for m in cell.marks if m.kind == "now"]
    assert found == [expected], why


def test_late_the_same_day_is_red_from_due_to_now():
    ribbon = drawn(at(9, 3, 14), 8, at(10, 3, 16))  # 3 + 4.5 + 0.5 hours: due 14:00 on the 10th
    assert blocks(ribbon, 1) == [("used", 0, 45), ("used", 65, 5), ("over", 70, 20), ("idle", 90, 10)]
    assert ribbon.late


def test_long_late_adds_one_cell_that_ends_now():
    ribbon = drawn(at(13, 2, 16), 8, at(26, 2, 9, 30))
    last = ribbon.cells[-1]
    assert (last.kind, last.name, last.reason) == ("over", "+3 ngày", "đã quá hạn")
    assert [(m.kind, m.x) for m in last.marks] == [("now", 100.0)]
    assert ribbon.rows == 2, "both words are near the right end: now moves to a row of its own"


def test_met_in_time_says_done_and_without_now_all_is_past():
    ribbon = drawn(at(10, 3, 8), 24, at(11, 3, 15), finished=True)
    assert [m.words for c in ribbon.cells for m in c.marks if m.kind == "now"] == ["xong 15:00"]
    past = drawn(at(10, 3, 8), 24, None)
    assert {b.kind for c in past.cells for b in c.blocks} == {"used", "idle"}
    assert [m.kind for c in past.cells for m in c.marks] == ["due"]


def test_a_makeup_saturday_is_a_working_day_with_its_name():
    ribbon = drawn(at(20, 8, 14), 24, at(21, 8, 11))
    saturday = next(cell for cell in ribbon.cells if cell.first == date(2026, 8, 22))
    assert (saturday.kind, saturday.reason, saturday.name) == ("makeup", "làm bù", "T7 22/08")
    assert [b.kind for b in saturday.blocks] == ["left", "left"]


def test_minutes_count_round_the_clock_over_a_day_off():
    ribbon = layout(explain(Minutes(240), at(14, 3, 22), CALENDAR), at(14, 3, 23))  # Saturday 22:00 → Sunday 02:00
    assert [b.kind for b in ribbon.cells[0].blocks] == ["used", "left"]
    assert [(b.kind, b.x) for b in ribbon.cells[1].blocks] == [("left", 0)]


def test_calendar_days_fill_whole_days():
    ribbon = layout(explain(CalendarDays(2), at(14, 3, 12), CALENDAR), at(15, 3, 12))
    assert sum(b.width for c in ribbon.cells for b in c.blocks if b.kind in ("used", "left")) == pytest.approx(
        200, abs=1
    )


def test_months_are_folded_and_both_ends_and_today_stay():
    start, now = at(12, 1, 8), at(3, 2, 9)
    ribbon = drawn(start, 240, now)
    assert len(ribbon.cells) <= MOST_CELLS
    assert ribbon.cells[0].first == start.date() and ribbon.cells[-1].last == date(2026, 3, 2)
    assert any(cell.first == cell.last == now.date() for cell in ribbon.cells)
    assert [c.name for c in ribbon.cells if c.kind == "fold"] == ["… 12 ngày làm việc …", "… 11 ngày làm việc …"]
    covered = [(c.last - c.first).days + 1 for c in ribbon.cells]
    assert sum(covered) == (date(2026, 3, 2) - start.date()).days + 1, "no day is lost in a fold"


def test_english():
    ribbon = drawn(at(13, 2, 16), 8, at(13, 2, 16, 40), language="en")
    assert ribbon.cells[0].name == "Fri 13/02" and ribbon.cells[0].marks[0].words == "now 16:40"
    assert [g.note for g in ribbon.groups if g.note] == ["Lunar New Year"]


def test_nothing_to_draw_is_said():
    empty = explain(WorkingHours(8), at(13, 2, 16), CALENDAR)
    object.__setattr__(empty, "rows", ())
    with pytest.raises(ValueError, match="day of receipt"):
        layout(empty, None)


moments = st.integers(0, 270 * 24 * 60).map(lambda minutes: at(2, 1, 0) + timedelta(minutes=minutes))


@given(start=moments, hours=st.integers(1, 400), wait=st.integers(-100, 2000))
def test_geometry_holds_for_any_moment(start, hours, wait):
    """Blocks stay in their bars in order, counted widths equal counted time, words of marks never cover each other."""
    explanation = explain(WorkingHours(hours), start, CALENDAR)
    now = start + timedelta(hours=wait)
    ribbon = layout(explanation, now)
    assert len(ribbon.cells) <= MOST_CELLS + 1
    assert ribbon.late == (now > explanation.due_at)
    for cell in ribbon.cells:
        assert all(b.x >= 0 and b.x + b.width <= 100.02 and b.width > 0 for b in cell.blocks)
        assert all(a.x + a.width <= b.x + 0.02 for a, b in pairwise(cell.blocks))
        assert all(0 <= m.x <= 100 for m in cell.marks)
    for before, after in pairwise(ribbon.cells):
        assert after.first == before.last + timedelta(1)
    if not any(c.kind in ("fold", "over") for c in ribbon.cells):
        shown = sum(b.width for c in ribbon.cells for b in c.blocks if b.kind in ("used", "left"))
        assert shown * 6 == pytest.approx(hours * 60, abs=1 + len(ribbon.cells)), "10 hours are 100 %"
    spans = sorted(_words(ribbon))
    assert len(spans) == 2
    (row_a, _, end), (row_b, begin, _) = spans
    assert row_a != row_b or end <= begin + 0.01


@given(start=moments, hours=st.integers(1, 60), wait=st.integers(-50, 60))
def test_the_strip_in_lists_says_the_same_as_the_large_ribbon(start, hours, wait):
    """Marks stand at the same place (to the gap between two bars) and counted time has the same width."""
    explanation = explain(WorkingHours(hours), start, CALENDAR)
    now = start + timedelta(hours=wait)
    ribbon, rects = layout(explanation, now), strip(explanation, now)
    assert all(x >= 0 and x + width <= 1000.1 for _, x, width in rects)
    if any(cell.days > 1 for cell in ribbon.cells):
        return  # folded: the strip keeps every day instead
    left = 0.0
    for cell in ribbon.cells:
        for mark in cell.marks:
            x = (left + cell.weight * mark.x / 100) / ribbon.units * 1000
            (drawn,) = [at for kind, at, _ in rects if kind == mark.kind[0]]
            assert drawn == pytest.approx(min(x, 992), abs=5)
        left += cell.weight
    for kind in ("used", "left"):
        wide = sum(b.width * c.weight / ribbon.units * 10 for c in ribbon.cells for b in c.blocks if b.kind == kind)
        assert sum(w for k, _, w in rects if k == kind[0]) == pytest.approx(wide, abs=5 * len(ribbon.cells))


def _words(ribbon):
    total, left, room = ribbon.units, 0.0, label_room(ribbon.units)
    for cell in ribbon.cells:
        for mark in cell.marks:
            x = (left + cell.weight * mark.x / 100) / total * 100
            start = x - {"start": 0, "middle": room / 2, "stop": room}[mark.align]
            yield mark.row, start, start + room
        left += cell.weight
