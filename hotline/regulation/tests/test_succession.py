"""Editions follow one another: the day before a decision takes effect is the last day of the one before it."""

from dataclasses import replace
from datetime import date

import pytest

from hotline.regulation.pack import read_pack
from hotline.regulation.succession import faults, in_order

WRITTEN = read_pack("quang-nam", years=[]).editions[0]


def edition(begins: str, ends: str = "", key: str = ""):
    return replace(
        WRITTEN, key=key or begins, decision=f"QĐ {begins}", valid_from=date.fromisoformat(begins),
        valid_to=date.fromisoformat(ends) if ends else None,
    )  # fmt: skip


ORDERS = [
    ([("2021-06-04", "")], ["…"], "one alone goes on"),
    ([("2021-06-04", ""), ("2026-07-01", "")], ["2026-06-30", "…"], "the former ends the day before, unsaid"),
    ([("2021-06-04", "2026-06-30"), ("2026-07-01", "")], ["2026-06-30", "…"], "said, and right"),
    ([("2026-07-01", ""), ("2021-06-04", "")], ["2026-06-30", "…"], "whatever the order they are written in"),
    (
        [("2021-06-04", ""), ("2026-07-01", "2026-07-31"), ("2026-08-01", "")],
        ["2026-06-30", "2026-07-31", "…"],
        "a pilot",
    ),
]


@pytest.mark.parametrize(("given", "last_days", "why"), ORDERS)
def test_one_follows_the_other(given: list[tuple[str, str]], last_days: list[str], why: str) -> None:
    editions = [edition(*dates) for dates in given]
    assert not faults(editions), why
    assert [e.valid_to.isoformat() if e.valid_to else "…" for e in in_order(editions)] == last_days, why


FAULTS = [
    ([("2021-06-04", "2026-07-01"), ("2026-07-01", "")], "cùng có hiệu lực từ ngày 01/07/2026 đến ngày 01/07/2026"),
    ([("2021-06-04", "2030-12-31"), ("2026-07-01", "")], "từ ngày 01/07/2026 đến ngày 31/12/2030"),
    ([("2021-06-04", ""), ("2021-06-04", "")], "cùng có hiệu lực từ ngày 04/06/2021"),
    ([("2021-06-04", "2026-06-29"), ("2026-07-01", "")], "Từ ngày 30/06/2026 đến ngày 30/06/2026 không có quy chế"),
    ([("2022-01-21", "2022-03-31"), ("2024-03-05", "")], "Từ ngày 01/04/2022 đến ngày 04/03/2024 không có quy chế"),
]


@pytest.mark.parametrize(("given", "words"), FAULTS)
def test_two_on_a_day_or_none_is_said_in_a_sentence(given: list[tuple[str, str]], words: str) -> None:
    [fault] = faults([edition(*dates, key=str(n)) for n, dates in enumerate(given)])
    assert words in fault.vi, fault.vi
    assert fault.en and fault.en != fault.vi
