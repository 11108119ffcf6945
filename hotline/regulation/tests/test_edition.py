"""Editions: Decision 1519 as it stands in its pack, and what a mistake in a document is told."""

import json
import tomllib
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hotline.regulation.edition import Edition, edition_on, parse_edition
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import CaseKind, NotAllowed, OutcomeKind, Role, State, Step
from hotline.regulation.limits import WorkingDays, WorkingHours
from hotline.regulation.pack import PACKS
from hotline.regulation.reading import PackInvalid

DOCUMENT = tomllib.loads((PACKS / "quang-nam/editions/1519.toml").read_text(encoding="utf-8"))
EDITION = parse_edition(DOCUMENT, "1519.toml")


def test_the_limits_of_decision_1519() -> None:
    limits = {rule.key: rule.limit for rule in EDITION.clocks}
    assert limits["focal_person"] == WorkingHours(8), "không quá 8 giờ làm việc"
    assert limits["head"] == WorkingHours(48), "không quá 48 giờ làm việc"
    assert limits["verification"] == WorkingHours(24), "không quá 24 giờ làm việc"
    assert limits["reply"] == WorkingDays(10), "Luật Tiếp công dân, Điều 28"
    assert limits["forward"] == WorkingDays(5), "NĐ 20/2008, Điều 9"
    assert EDITION.reschedule.most == 1, "số lần hẹn không quá 1 lần"
    assert not EDITION.verification.pauses_others
    assert EDITION.kinds == tuple(CaseKind), "yêu cầu, thắc mắc, góp ý, phản ánh, kiến nghị"
    assert [level.role for level in EDITION.levels] == [Role.CALL_TAKER, Role.FOCAL_PERSON, Role.HEAD, Role.LEADER]
    assert (EDITION.decision, EDITION.issued_on) == ("1519/QĐ-UBND", date(2021, 6, 4))
    assert EDITION.sources, "the pages quote where the figures come from"
    assert EDITION.assumptions, "and say what is assumed"


def test_an_edition_survives_the_database() -> None:
    assert parse_edition(json.loads(json.dumps(EDITION.to_document())), "database") == EDITION


def test_who_may_answer_depends_on_the_edition() -> None:
    assert not EDITION.allowed(State.IN_PROGRESS, Step.ANSWER, [Role.FOCAL_PERSON])
    assert EDITION.allowed(State.IN_PROGRESS, Step.ANSWER, [Role.HEAD])
    assert Step.ANSWER not in EDITION.steps_for(State.IN_PROGRESS, [Role.FOCAL_PERSON])
    with pytest.raises(NotAllowed) as refused:
        EDITION.take(State.IN_PROGRESS, Step.ANSWER, [Role.FOCAL_PERSON])
    assert refused.value.sentence.vi == "Câu trả lời phải được thủ trưởng duyệt."
    free = replace(EDITION, approval_needed=False)
    assert free.take(State.IN_PROGRESS, Step.ANSWER, [Role.FOCAL_PERSON]) == State.ANSWERED


def test_grounds_hold_from_the_day_their_decree_is_in_force() -> None:
    assert EDITION.ground("already_answered") not in EDITION.grounds_on(date(2026, 6, 30))
    assert EDITION.ground("already_answered") in EDITION.grounds_on(date(2026, 7, 1))
    assert EDITION.ground("complaint").needs_where_to_go


def test_outcomes_say_what_they_ask_for() -> None:
    assert EDITION.outcome(OutcomeKind.FIXED).needs_proof
    assert EDITION.outcome(OutcomeKind.NOT_COMPETENT).needs_ground
    assert not EDITION.outcome(OutcomeKind.ANSWERED).needs_ground


def test_an_edition_may_use_its_own_words() -> None:
    words = {"Role": {"call_taker": {"vi": "Điện thoại viên", "en": "Operator"}}}
    edition = parse_edition({**DOCUMENT, "words": words}, "x.toml")
    assert edition.word(Role.CALL_TAKER) == Label("Điện thoại viên", "Operator")
    assert edition.word(Role.HEAD) == Role.HEAD.label


def test_the_edition_of_a_day_is_the_latest_in_force() -> None:
    old = replace(EDITION, key="old", valid_from=date(2020, 1, 1), valid_to=date(2021, 6, 3))
    assert edition_on([EDITION, old], date(2021, 6, 3)) == old
    assert edition_on([EDITION, old], date(2021, 6, 4)) == EDITION
    assert edition_on([EDITION, old], date(2019, 12, 31)) is None


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    *parents, last = path.split(".")

    def change(document: dict[str, Any]) -> None:
        table: Any = document
        for name in parents:
            table = table[int(name)] if name.isdigit() else table[name]
        if value is None:
            del table[last]
        else:
            table[last] = value

    return change


WRONG = [
    (_set("key", None), "key", "missing"),
    (_set("valid_form", "2021-06-04"), "valid_form", "unknown key"),
    (_set("valid_from", "4/6/2021"), "valid_from", "must be a date"),
    (_set("valid_to", "2020-01-01"), "valid_to", "not be before"),
    (_set("title", "Quy chế"), "title", "both languages"),
    (_set("approval_needed", "yes"), "approval_needed", "true or false"),
    (_set("kinds", ["complaint"]), "kinds", "unknown 'complaint'"),
    (_set("clocks.0.limit", {"working_hours": -8}), "clocks[1].limit", "positive"),
    (_set("clocks.0.owner", "boss"), "clocks[1].owner", "unknown 'boss'"),
    (_set("clocks.1.starts_on", ["expire:nobody"]), "clocks[2].starts_on", "no step, clock"),
    (_set("clocks.1.starts_on", []), "clocks[2].starts_on", "never starts"),
    (_set("clocks.1.key", "focal_person"), "clocks", "declared twice"),
    (_set("clocks.0.warn_before", [{"working_days": 1}]), "clocks[1].warn_before", "use working_hours"),
    (_set("clocks.0.limits", {}), "clocks[1].limits", "unknown key"),
    (_set("reschedule.most", -1), "reschedule.most", "at least 0"),
    (_set("reschedule.moves", ["nobody"]), "reschedule.moves", "no clock"),
    (_set("completeness.required.any", None), "completeness.required.any", "missing"),
    (_set("completeness.required.web", ["nam"]), "completeness.required.web", "unknown 'nam'"),
    (_set("levels.0.number", 0), "levels[1].number", "at least 1"),
    (_set("levels", "four"), "levels", "must be a list"),
    (_set("refusal_grounds.0.article", " "), "refusal_grounds[1].article", "blank"),
    (_set("words", {"State": {"lost": {"vi": "Lạc", "en": "Lost"}}}), "words.State.lost", "unknown key"),
    (_set("sources", [{"vi": "Một", "en": 1}]), "sources[1].en", "must be text"),
]


@pytest.mark.parametrize(("change", "key", "reason"), WRONG)
def test_a_mistake_is_told_with_file_key_and_reason(change: Any, key: str, reason: str) -> None:
    document = deepcopy(DOCUMENT)
    change(document)
    with pytest.raises(PackInvalid) as invalid:
        parse_edition(document, "editions/1519.toml")
    [error] = [error for error in invalid.value.errors if error.key == key]
    assert error.file == "editions/1519.toml"
    assert reason in error.reason.en
    assert error.reason.vi
    assert error.text("en").startswith(f"editions/1519.toml: {key}: ")


def test_all_mistakes_are_told_at_once() -> None:
    document = deepcopy(DOCUMENT)
    for change, _, _ in WRONG[:3]:
        change(document)
    with pytest.raises(PackInvalid) as invalid:
        parse_edition(document, "x.toml")
    assert {error.key for error in invalid.value.errors} >= {"key", "valid_form", "valid_from"}


def test_an_empty_document_is_wrong_not_a_crash() -> None:
    with pytest.raises(PackInvalid) as invalid:
        parse_edition({}, "x.toml")
    assert len(invalid.value.errors) > 8


def test_editions_are_values() -> None:
    assert isinstance(EDITION, Edition)
    with pytest.raises(AttributeError):
        EDITION.key = "other"  # type: ignore[misc]
