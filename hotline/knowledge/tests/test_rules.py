"""The pure part: what a pack may write, which days an answer is valid, what words ask of the index."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest

from hotline.knowledge.rules import asked, parse_set, valid_on, without_contacts

FIRST, LAST = date(2022, 1, 21), date(2022, 3, 31)  # "vận hành thử nghiệm từ ngày 21/1 đến 31/3/2022"

DAYS = [  # day, last day, may be given, why
    (date(2022, 1, 20), LAST, False, "the day before it begins"),
    (date(2022, 1, 21), LAST, True, "its first day"),
    (date(2022, 3, 31), LAST, True, "its last day, whole"),
    (date(2022, 4, 1), LAST, False, "the day after"),
    (date(2040, 1, 1), None, True, "no last day: until withdrawn"),
]


@pytest.mark.parametrize(("day", "last", "expected", "why"), DAYS, ids=[row[3] for row in DAYS])
def test_days(day: date, last: date | None, expected: bool, why: str) -> None:
    assert valid_on(FIRST, last, day) is expected, why


def document(**changes: Any) -> dict[str, Any]:
    entry = {"key": "a", "question": "Hỏi?", "answer": "Đáp.", "source": "QĐ 1", "valid_from": FIRST}
    entry |= changes.pop("entry", {})
    return {"key": "s", "title": "Bộ", "agency": "health", "entries": [entry], **changes}


WRONG = [  # what is written, the key of the fault, a piece of its reason
    ({"agency": "helth"}, "agency", "agencies.csv"),
    ({"hotline": "1080"}, "hotline", "pack.toml"),
    ({"entry": {"field": "covd"}}, "entries[1].field", "fields.toml"),
    ({"entry": {"valid_to": date(2022, 1, 1)}}, "entries[1].valid_to", "valid_from"),
    ({"entry": {"valid_form": FIRST}}, "entries[1].valid_form", "không có mục này"),
    ({"entry": {"answer": " "}}, "entries[1].answer", "trống"),
    ({"entry": {"state": "done"}}, "entries[1].state", "draft, approved"),
    ({"entry": {"question": "a" * 501}}, "entries[1].question", "nhiều nhất 500"),
    ({"synonyms": [["F0"]]}, "synonyms", "cùng nghĩa"),
]


@pytest.mark.parametrize(("given", "key", "reason"), WRONG, ids=[row[1] for row in WRONG])
def test_a_slip_in_a_pack_is_named(given: dict[str, Any], key: str, reason: str) -> None:
    errors: list = []
    parse_set(
        document(**given), "knowledge/x.toml", agencies=["health"], fields=["covid"], hotlines=["1022"], errors=errors
    )
    assert [(e.file, e.key) for e in errors] == [("knowledge/x.toml", key)]
    assert reason in errors[0].reason.vi


def test_a_question_is_looked_for_by_pairs_and_by_words_that_mean_the_same() -> None:
    question = asked("Tôi bị dương tính có phải đi viện không?", [["F0", "dương tính"]])
    assert "(duong<->tinh)" in question.pairs and "(f0)" in question.pairs
    assert question.every == "(duong&tinh&phai&vien)|((f0))"
    assert asked("") == asked("?!") and not asked("?!").words


def test_both_unicode_forms_and_no_marks_ask_the_same() -> None:
    name = "Nguyễn Tất Thành"
    forms = {asked(text) for text in (name, unicodedata.normalize("NFD", name), "nguyen tat thanh", "NGUYỄN TẤT THÀNH")}
    assert len(forms) == 1


def test_nobody_is_named_to_those_who_write_answers() -> None:
    said = "F0 0905 123 456 ở nhà, thư an@example.vn, hỏi thuốc ngày 21/1/2022 số 261/QĐ-BYT"
    assert without_contacts(said) == "F0 … ở nhà, thư …, hỏi thuốc ngày 21/1/2022 số 261/QĐ-BYT"
