"""The intake decision table, row by row, with the reason in words; and an edition that says it otherwise."""

from dataclasses import replace
from datetime import date

import pytest

from hotline.regulation.edition import parse_edition
from hotline.regulation.edition_document import document
from hotline.regulation.lanes import (
    LANES,
    Lane,
    complaint_until,
    next_question,
    read_answers,
    told_of_complaint,
    told_of_denunciation,
    way,
    write_answers,
)
from hotline.regulation.lanes_by_law import BY_LAW
from hotline.regulation.pack import read_pack
from hotline.regulation.reading import PackInvalid

# (what was said, answers, where it goes, why)
TABLE = [
    ("a drain is blocked", "", Lane.ORDINARY, "nothing special was heard: phản ánh"),
    ("a house burns", "danger", Lane.EMERGENCY, "114 before anything is written down"),
    ("a house burns, and it was the chairman's fault", "danger.accuses", Lane.EMERGENCY, "lives first, blame later"),
    ("the chairman takes bribes", "-danger.accuses", Lane.SEALED, "Luật Tố cáo: never an ordinary case"),
    ("the same, with photos", "-danger.accuses.evidence", Lane.SEALED, "Điều 25.2: must be passed on to inspection"),
    ("my fine is unjust", "-danger.-accuses.reviews", Lane.GUIDANCE, "Luật Khiếu nại Điều 8: letter or in person"),
    ("my fine is unjust, and the street floods", "-accuses.reviews.rest", Lane.GUIDANCE, "mixed: the flood is a case"),
    ("you answered me last week", "-danger.-accuses.-reviews.answered", Lane.REPEAT, "no new facts"),
    ("drain, lamp and dogs", "several", Lane.SPLIT, "Luật Tiếp công dân Điều 25.3: one document each"),
    ("all of us at number 12", "many", Lane.JOIN, "one lead case, everybody is answered"),
    ("a tree fell, I give no name", "anonymous.incident", Lane.ORDINARY, "a fallen tree needs no name"),
    ("my pension, I give no name", "anonymous.-incident", Lane.REFUSED, "nobody could be answered or paid"),
    ("no name, nothing asked further", "anonymous", Lane.ORDINARY, "the flow was skipped: the desk decides by itself"),
    ("evidence without an accusation", "evidence", Lane.ORDINARY, "an answer counts only after its question"),
]


@pytest.mark.parametrize(("said", "answers", "lane", "why"), TABLE, ids=[row[0] for row in TABLE])
def test_the_decision_table(said: str, answers: str, lane: Lane, why: str) -> None:
    assert way(BY_LAW, read_answers(answers, BY_LAW)).lane == lane, why


def asked(*yes: str) -> list[str]:
    """The questions put to somebody who says yes to these and no to the others."""
    answers: dict[str, bool] = {}
    while question := next_question(BY_LAW, answers):
        answers[question.key] = question.key in yes
    return list(answers)


def test_nobody_in_danger_is_asked_a_second_question() -> None:
    assert asked("danger") == ["danger"]


@pytest.mark.parametrize(("yes", "questions"), [
    ((), ["danger", "accuses", "reviews", "answered", "several", "many", "anonymous"]),
    (("accuses",), ["danger", "accuses", "evidence", "rest"]),
    (("reviews",), ["danger", "accuses", "reviews", "rest"]),
    (("several",), ["danger", "accuses", "reviews", "answered", "several"]),
    (("anonymous",), ["danger", "accuses", "reviews", "answered", "several", "many", "anonymous", "incident"]),
])  # fmt: skip
def test_only_what_can_still_change_the_way_is_asked(yes: tuple[str, ...], questions: list[str]) -> None:
    assert asked(*yes) == questions


def test_what_remains_beside_a_complaint_is_told_apart_from_it() -> None:
    mixed = way(BY_LAW, read_answers("reviews.rest", BY_LAW))
    assert (mixed.lane, mixed.rest) == (Lane.GUIDANCE, True)
    assert not way(BY_LAW, read_answers("reviews.-rest", BY_LAW)).rest


def test_answers_travel_in_an_address_and_unknown_ones_are_dropped() -> None:
    answers = {"danger": False, "accuses": True, "evidence": False}
    assert write_answers(answers) == "-danger.accuses.-evidence"
    assert read_answers(write_answers(answers), BY_LAW) == answers
    assert read_answers("<script>.-.danger..", BY_LAW) == {"danger": True}


def test_a_province_may_want_a_name_even_for_a_fallen_tree() -> None:
    strict = replace(BY_LAW, anonymous_incidents=False)
    assert way(strict, {"anonymous": True, "incident": True}).lane == Lane.REFUSED
    assert way(strict, {"anonymous": True}).lane == Lane.REFUSED


@pytest.mark.parametrize(("known_on", "until", "why"), [
    (date(2026, 1, 5), date(2026, 4, 5), "the day itself is not counted; a Sunday at the end prolongs nothing here"),
    (date(2025, 12, 2), date(2026, 3, 2), "over New Year and Tết: calendar days, not working days"),
    (date(2027, 12, 1), date(2028, 2, 29), "a leap year's day counts"),
    (date(2026, 2, 13), date(2026, 5, 14), "the Friday before Tết"),
])  # fmt: skip
def test_the_ninety_days_of_a_complaint(known_on: date, until: date, why: str) -> None:
    assert complaint_until(known_on, BY_LAW.complaint_days) == until, why


def test_the_citizen_is_told_the_last_day_when_they_know_the_first() -> None:
    told = told_of_complaint(BY_LAW, "vi", date(2026, 1, 5))
    assert "90 ngày" in told and "ngày cuối cùng là 05/04/2026" in told and "{" not in told
    assert "ngày cuối cùng" not in told_of_complaint(BY_LAW, "vi")


@pytest.mark.parametrize(
    "said", ["không phải là hình thức tố cáo", "trình bày trực tiếp (Điều 22)", "Điều 25", "qua điện thoại"]
)
def test_a_denouncer_is_told_what_the_law_says(said: str) -> None:
    assert said in told_of_denunciation(BY_LAW, "vi")
    assert "{" not in told_of_denunciation(BY_LAW, "en")


@pytest.mark.parametrize("lane", Lane)
def test_every_lane_has_words(lane: Lane) -> None:
    assert all(word.strip() for word in LANES[lane])


def edition_with(lanes: dict) -> object:
    [edition, *_] = read_pack("quang-nam").editions
    return parse_edition(document(edition) | {"lanes": lanes}, "editions/x.toml")


def test_an_edition_that_says_nothing_has_the_laws_own_and_writes_nothing() -> None:
    [edition, *_] = read_pack("quang-nam").editions
    assert edition.lanes == BY_LAW
    assert "lanes" not in document(edition)


def test_an_edition_says_its_own() -> None:
    party = {
        "key": "party",
        "asked": {"vi": "Về Đảng?", "en": "About the Party?"},
        "leads_to": "domain",
        "domain": "dang",
    }
    edition = edition_with({
        "questions": [party], "anonymous_incidents": False, "complaint_days": 30, "forward_within": {"working_days": 3},
        "remind_before": {"working_hours": 4},
        "inspection": {"vi": "Thanh tra thành phố", "en": "City Inspectorate"},
        "numbers": [{"number": "114", "service": {"vi": "Cứu hỏa", "en": "fire"}, "what_for": {"vi": "cháy", "en": "fire"}}],
        "complaint": {"words": {"vi": "Đến số 1.", "en": "Go to number 1."}},
    })  # fmt: skip
    found = way(edition.lanes, {"party": True})
    assert (found.lane, found.domain) == (Lane.DOMAIN, "dang")
    assert edition.lanes.denunciation == BY_LAW.denunciation, "what it does not say stays the law's"
    assert parse_edition(document(edition), "x").lanes == edition.lanes


@pytest.mark.parametrize(("lanes", "key"), [
    ({"question": []}, "lanes.question"),
    ({"questions": [{"key": "a b", "asked": {"vi": "x", "en": "x"}}]}, "lanes.questions[1].key"),
    ({"questions": [{"key": "a", "asked": {"vi": "x", "en": "x"}, "leads_to": "nowhere"}]}, "lanes.questions[1].leads_to"),
    ({"questions": [{"key": "a", "asked": {"vi": "x", "en": "x"}, "leads_to": "domain"}]}, "lanes.questions[1].domain"),
    ({"questions": [{"key": "a", "asked": {"vi": "x", "en": "x"}, "only_after": "b"}]}, "lanes.questions[1].only_after"),
    ({"complaint_days": 0}, "lanes.complaint_days"),
    ({"remind_before": {"working_days": 1}}, "lanes.remind_before"),
    ({"complaint": {"words": {"vi": "x"}}}, "lanes.complaint.words"),
])  # fmt: skip
def test_mistakes_are_named(lanes: dict, key: str) -> None:
    with pytest.raises(PackInvalid) as caught:
        edition_with(lanes)
    assert key in [error.key for error in caught.value.errors]


ALSO = [
    # (before, where it is asked, why)
    ("answered", "answered", "after the law's own ways: danger, denunciation and complaint come first"),
    ("", "", "after all of them"),
]


@pytest.mark.parametrize(("before", "followed_by", "why"), ALSO)
def test_a_question_is_added_without_repeating_the_law(before: str, followed_by: str, why: str) -> None:
    added = {"key": "party", "asked": {"vi": "Về Đảng?", "en": "The Party?"}, "leads_to": "domain", "domain": "dang"}
    table = document(read_pack("quang-nam").editions[0]) | {"lanes": {"also": [added | ({"before": before} if before else {})]}}
    lanes = parse_edition(table, "test").lanes
    keys = [question.key for question in lanes.questions]
    assert [key for key in keys if key != "party"] == [question.key for question in BY_LAW.questions]
    assert keys[keys.index("party") + 1 :][:1] == ([followed_by] if followed_by else []), why
    assert way(lanes, read_answers("-danger.-accuses.-reviews.party", lanes)).domain == "dang"
    assert way(lanes, read_answers("-danger.accuses", lanes)).lane == Lane.SEALED
    again = parse_edition(document(parse_edition(table, "test")), "test").lanes
    assert again == lanes, "written out and read again it is the same"


def test_a_question_before_one_that_does_not_exist_is_a_mistake() -> None:
    added = {"key": "x", "asked": {"vi": "X?", "en": "X?"}, "before": "nobody"}
    with pytest.raises(PackInvalid, match="nobody"):
        parse_edition(document(read_pack("quang-nam").editions[0]) | {"lanes": {"also": [added]}}, "test")
