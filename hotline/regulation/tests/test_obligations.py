"""Response modes, obligations and levels as an edition writes them: read, written back, and every mistake named."""

import json
from copy import deepcopy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.regulation.edition import Edition, parse_edition
from hotline.regulation.explain import explain
from hotline.regulation.levels import check_rise
from hotline.regulation.lifecycle import ObligationKind, Role, State, Step
from hotline.regulation.limits import due
from hotline.regulation.obligations import owed_in
from hotline.regulation.pack import read_pack
from hotline.regulation.reading import PackInvalid
from hotline.regulation.refusal import Refused
from hotline.regulation.tests.test_edition import DOCUMENT, EDITION, _set
from hotline.regulation.triggers import trigger_words


def label(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


WRITTEN: dict[str, Any] = {
    **DOCUMENT,
    "modes": [
        {"number": 1, "key": "at_once", "label": label("Hướng dẫn ngay"), "set_on": ["answer_at_once"]},
        {"number": 2, "key": "two", "label": label("Hai phản hồi"), "description": label("Ngay, và khi có kết quả"),
         "owes": ["interim", "letter"], "article": "Cấp độ 2"},
    ],
    "obligations": [
        {"key": "interim", "kind": "interim_reply", "owner": "focal_person", "limit": {"working_hours": 4},
         "warn_before": [{"working_hours": 1}], "tells": ["head"], "marks_late": False, "article": "phản hồi ngay"},
        {"key": "letter", "kind": "thank_you_letter", "label": label("Thư"), "owner": "coordinator",
         "limit": {"working_days": 3}, "starts_on": ["approve", "mode:two"]},
        {"key": "progress", "kind": "progress_report", "owner": "focal_person", "limit": {"working_days": 1},
         "starts_on": ["expire:focal_person", "raise:4", "expire:interim"], "meets_on": ["answer", "report_progress"],
         "cancels_on": [], "needs_photo": True, "needs_date": True},
    ],
    "rising": {"by": ["head"], "reopened_at_least": 2, "repeat_raises": True, "article": "04 cấp độ"},
}  # fmt: skip
WITH = parse_edition(WRITTEN, "with.toml")


def test_it_survives_the_database() -> None:
    assert parse_edition(json.loads(json.dumps(WITH.to_document())), "database") == WITH
    assert not {"modes", "obligations", "rising"} & EDITION.to_document().keys(), "absent is absent: nothing changes"


def test_what_an_edition_does_not_write_is_the_kind_s_own() -> None:
    interim, letter, progress = WITH.obligations
    assert interim.label == ObligationKind.INTERIM_REPLY.label
    assert interim.meets_on == (Step.REPLY_INTERIM,)
    assert Step.APPROVE in interim.cancels_on, "nobody waits for a reply before the result once the result is told"
    assert letter.meets_on == (), "by the letter itself: no step of the case writes it"
    assert letter.cancels_on == (Step.WITHDRAW, Step.MERGE)
    assert progress.cancels_on == (), "written, though empty: owed even on what was withdrawn"


@pytest.mark.parametrize(
    ("key", "mode", "starts"),
    [
        ("interim", "", ()),  # named by a mode: owed in no other case
        ("interim", "two", ("mode:two",)),  # without triggers of its own it begins with the mode
        ("letter", "two", ("approve", "mode:two")),  # with its own, with those alone
        ("letter", "at_once", ()),
        ("progress", "", ("expire:focal_person", "raise:4", "expire:interim")),  # named by none: owed in every case
    ],
)
def test_when_an_obligation_begins(key: str, mode: str, starts: tuple[str, ...]) -> None:
    [rule] = [rule for rule in WITH.obligation_clocks(mode) if rule.key == key]
    assert rule.starts_on == starts
    assert owed_in(WITH.obligation(key), WITH.modes, mode) == bool(starts)


WRONG = [
    (_set("modes.1.owes", ["interm"]), "modes[2].owes", "no obligation “interm”"),
    (_set("modes.1.number", 1), "modes", "“1” is declared twice"),
    (_set("modes.1.key", "at_once"), "modes", "“at_once” is declared twice"),
    (_set("modes.1.set_on", ["set_mode"]), "modes[2].set_on", "“set_mode”"),
    (_set("modes.1.label", "Hai"), "modes[2].label", "both languages"),
    (_set("modes.0.owe", []), "modes[1].owe", "unknown key"),
    (_set("obligations.0.kind", "interim"), "obligations[1].kind", "unknown 'interim'"),
    (_set("obligations.0.owner", "boss"), "obligations[1].owner", "unknown 'boss'"),
    (_set("obligations.0.limit", {"hours": 4}), "obligations[1].limit", ""),
    (_set("obligations.0.key", "head"), "obligations", "name of a clock"),
    (_set("obligations.0.key", "promise"), "obligations", "name of a clock"),
    (_set("obligations.1.key", "interim"), "obligations", "declared twice"),
    (_set("obligations.1.starts_on", ["mode:three"]), "obligations[2].starts_on", "“mode:three”"),
    (_set("obligations.2.starts_on", ["raise:9"]), "obligations[3].starts_on", "“raise:9”"),
    (_set("obligations.2.starts_on", []), "obligations[3].starts_on", "never begins"),
    (_set("obligations.2.meets_on", ["report"]), "obligations[3].meets_on", "“report”"),
    (_set("clocks.0.meets_on", ["aprove"]), "clocks[1].meets_on", "“aprove”"),
    (_set("rising.by", ["everybody"]), "rising.by", "unknown 'everybody'"),
    (_set("rising.reopened_at_least", "two"), "rising.reopened_at_least", "whole number"),
]


@pytest.mark.parametrize(("change", "key", "reason"), WRONG)
def test_a_mistake_is_told_with_file_key_and_reason(change: Any, key: str, reason: str) -> None:
    document = deepcopy(WRITTEN)
    change(document)
    with pytest.raises(PackInvalid) as invalid:
        parse_edition(document, "editions/2.toml")
    errors = [error for error in invalid.value.errors if error.key == key]
    assert any(reason in error.reason.en and error.reason.vi and error.file == "editions/2.toml" for error in errors)


def test_an_obligation_is_due_and_explained_like_a_clock() -> None:
    calendar = read_pack("quang-nam").calendar()
    friday = datetime(2026, 2, 13, 16, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    rule = WITH.clock("interim")
    assert due(rule.limit, friday, calendar).isoformat() == "2026-02-23T10:00:00+07:00", "1 giờ, rồi Tết, rồi 3 giờ"
    assert any("Tết" in line for line in explain(rule.limit, friday, calendar).as_lines("vi"))


def test_every_trigger_has_words() -> None:
    words = {
        name: trigger_words(WITH, name).vi
        for name in ("approve", "mode:two", "raise:4", "expire:interim", "expire:head")
    }
    assert words == {
        "approve": "Duyệt và trả lời", "mode:two": "chọn cấp độ phản hồi “Hai phản hồi”",
        "raise:4": "chuyển lên cấp “Lãnh đạo tỉnh”", "expire:interim": "hết hạn “Phản hồi ngay cho người phản ánh”",
        "expire:head": "hết hạn “Thủ trưởng xử lý, trả lời”",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("step", "roles", "without", "under"),
    [
        (Step.SET_MODE, [Role.COORDINATOR], False, True),
        (Step.RAISE_LEVEL, [Role.HEAD], False, True),
        (Step.RAISE_LEVEL, [Role.FOCAL_PERSON], False, False),  # the edition names who may
        (Step.RAISE_LEVEL, [Role.SYSTEM], False, True),  # what rises by itself
        (Step.REPLY_INTERIM, [Role.FOCAL_PERSON], False, True),
        (Step.REPORT_PROGRESS, [Role.FOCAL_PERSON], False, True),
        (Step.DIRECT, [Role.LEADER], True, True),
    ],
)
def test_only_an_edition_that_knows_a_step_lets_it_be_taken(
    step: Step, roles: list[Role], without: bool, under: bool
) -> None:
    def may(edition: Edition) -> bool:
        return edition.allowed(State.IN_PROGRESS, step, roles)

    assert (may(EDITION), may(WITH)) == (without, under)


@pytest.mark.parametrize(
    ("at", "to", "reason", "goes"),
    [
        (1, None, "vượt khả năng", 2), (2, 4, "nhiều sở", 4), (3, None, "gấp", 4),
        (4, None, "gấp", "cao nhất"), (2, 2, "gấp", "không ở trên"), (2, None, "  ", "lý do"),
    ],
)  # fmt: skip
def test_up_the_ladder(at: int, to: int | None, reason: str, goes: int | str) -> None:
    if isinstance(goes, int):
        assert check_rise(EDITION.levels, at, to, reason).number == goes
        return
    with pytest.raises(Refused) as refused:
        check_rise(EDITION.levels, at, to, reason)
    assert goes in refused.value.sentence.vi
