"""Words for citizens, as tables with the reason beside each line."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.portal.rules import (
    HIDDEN,
    Progress,
    cell,
    client_address,
    month_of,
    months_back,
    next_month,
    share,
    steps,
    timing,
    without_identity,
)
from hotline.regulation.lifecycle import OutcomeKind, State
from hotline.testing.cast import ZONE


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 2, day, hour, tzinfo=ZONE)


def progress(state: State, **facts: object) -> Progress:
    given: dict = {
        "state": state, "outcome": "", "received_at": at(2), "assigned_at": None, "answered_at": None, "closed_at": None,
        "rated_at": None, "overdue": False,
    }  # fmt: skip
    return Progress(**(given | facts))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (progress(State.RECEIVED), "done current todo todo todo"),  # the desk has it
        (progress(State.RETURNED, assigned_at=at(3)), "done current todo todo todo"),  # back at the desk
        (progress(State.ASSIGNED, assigned_at=at(3)), "done done current todo todo"),
        (progress(State.VERIFYING, assigned_at=at(3)), "done done current todo todo"),
        (progress(State.WITH_HEAD, assigned_at=at(3), overdue=True), "done done late todo todo"),  # late is said where it is
        (progress(State.ANSWERED, assigned_at=at(3), answered_at=at(4)), "done done done done current"),  # rate it
        (progress(State.CLOSED, assigned_at=at(3), answered_at=at(4), rated_at=at(5)), "done done done done done"),
        (progress(State.ANSWERED, answered_at=at(4)), "done done current"),  # the desk answered: nothing was passed on
        (progress(State.REOPEN_REQUESTED, assigned_at=at(3), answered_at=at(4)), "done done done current"),
        (progress(State.CLOSED, outcome="withdrawn", closed_at=at(4)), "done done"),  # no answer was ever owed again
        (progress(State.CLOSED, outcome="merged", closed_at=at(4)), "done done"),
    ],
)
def test_how_far_a_report_has_come(facts: Progress, expected: str) -> None:
    assert " ".join(step.state for step in steps(facts)) == expected


def test_every_state_has_its_way() -> None:
    for state in State:
        facts = progress(state, assigned_at=at(3), answered_at=at(4) if state in (State.ANSWERED, State.CLOSED) else None)
        assert all(step.label.vi and step.label.en for step in steps(facts))


@pytest.mark.parametrize(
    ("answered", "due", "late", "words", "tone"),
    [
        (at(10), at(12), None, "trước hạn 2 ngày", "ok"),
        (at(10), at(11), None, "trước hạn 1 ngày", "ok"),  # exactly a day
        (at(10, 9), at(11, 8), None, "trong hạn", "ok"),  # 23 hours are no day
        (at(10), at(9), None, "trong hạn", "ok"),  # the head's own time began after the first: in time by the rules
        (at(10), None, None, "trong hạn", "ok"),  # nothing was promised: answered at the desk at once
        (at(10), at(8), at(8), "trễ hạn 2 ngày", "late"),
        (at(10, 9), at(10, 8), at(10, 8), "trễ hạn 1 giờ", "late"),
        (at(10, 9), None, at(10, 8).replace(minute=30), "trễ hạn 1 giờ", "late"),  # half an hour is told as a started one
        (at(10), at(12), at(3), "trễ hạn 7 ngày", "late"),  # late once is late, however fast the last step was
        (at(10), at(12), at(11), "trước hạn 2 ngày", "ok"),  # the breach came after this answer, in a later round
    ],
)
def test_early_or_late(answered: datetime, due: datetime | None, late: datetime | None, words: str, tone: str) -> None:
    said = timing(answered, due, late)
    assert (said.words.vi, said.tone) == (words, tone)
    assert said.words.en


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tôi là Nguyễn Thị Sáu, ở đây lâu rồi", f"Tôi là {HIDDEN}, ở đây lâu rồi"),
        ("NGUYỄN THỊ SÁU phản ánh", f"{HIDDEN} phản ánh"),
        ("nguyen thi sau xin hoi", f"{HIDDEN} xin hoi"),  # typed without marks
        ("Nguye\u0302\u0303n Thi\u0323 Sa\u0301u", HIDDEN),  # letters composed of parts, as iPhones write them
        ("chị Sáu", "chị Sáu"),  # half a name is a word: sáu is six
        ("Gọi 0905 123 456 nhé", f"Gọi {HIDDEN} nhé"),
        ("Gọi 0905.123.456", f"Gọi {HIDDEN}"),
        ("+84 905-123-456", HIDDEN),
        ("(0235) 3 852 641", f"({HIDDEN}"),  # what is left is a bracket
        ("CCCD 048088001234", f"CCCD {HIDDEN}"),
        ("viết cho sau.nguyen+1@mail.example.vn ngay", f"viết cho {HIDDEN} ngay"),
        ("xem https://fb.example/nguyen.sau?id=9", f"xem {HIDDEN}"),
        ("ngày 13/02/2026 lúc 16:00", "ngày 13/02/2026 lúc 16:00"),  # a date stays
        ("giá 1.250.000.000 đồng", "giá 1.250.000.000 đồng"),  # a price stays
        ("số nhà 12", "số nhà 12"),
        ("ở 40 Hùng Vương, phường Bàn Thạch.", f"ở {HIDDEN}."),  # the address they gave
        ("", ""),
    ],
)
def test_nobody_is_named(text: str, expected: str) -> None:
    assert without_identity(text, "Nguyễn Thị Sáu", "40 Hùng Vương, phường Bàn Thạch", "") == expected


@given(st.text(), st.text())
def test_a_name_never_comes_through(before: str, after: str) -> None:
    said = without_identity(f"{before} Đặng Thị Mỹ Ệ {after}", "Đặng Thị Mỹ Ệ")
    assert "Đặng Thị Mỹ Ệ" not in said and HIDDEN in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02", date(2026, 2, 1)), ("2026-03", None), ("2026-13", None), ("2026-00", None), ("1999-12", None),
        ("2026-2", None), ("٢٠٢٦-02", None), ("", None), ("2026-02-01", None), ("0000-01", None),
    ],
)  # fmt: skip
def test_months_as_they_are_written(text: str, expected: date | None) -> None:
    assert month_of(text, date(2026, 2, 13)) == expected


def test_months_follow_each_other() -> None:
    assert months_back(date(2026, 2, 1), 3) == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)]
    assert next_month(date(2025, 12, 1)) == date(2026, 1, 1)
    assert (share(1, 0), share(3, 4)) == (None, 75)


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.7", "", 0, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", 0, "203.0.113.7"),  # no proxy of ours: the header is anybody's word
        ("127.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 198.51.100.1", 1, "198.51.100.1"),  # written by the asker, then by our proxy
        ("127.0.0.1", "198.51.100.1, 10.0.0.2", 2, "198.51.100.1"),
        ("127.0.0.1", "", 1, "127.0.0.1"),  # asked past the proxy
    ],
)
def test_who_is_asking(remote: str, forwarded: str, proxies: int, expected: str) -> None:
    assert client_address(remote, forwarded, proxies) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), (-5, "-5"), ("Sở Xây dựng", "Sở Xây dựng"), (None, ""), ("-lệnh", "'-lệnh")],
)
def test_a_spreadsheet_runs_nothing(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_every_outcome_ends_somewhere() -> None:
    for outcome in OutcomeKind:
        assert steps(progress(State.CLOSED, outcome=str(outcome), closed_at=at(4)))
