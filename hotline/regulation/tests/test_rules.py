"""The small rules of an edition: rescheduling, returning, completeness, reopening, levels."""

from datetime import timedelta

import pytest

from hotline.regulation import completeness, reopening, reschedule
from hotline.regulation.completeness import Completeness, Needed, missing, missing_words
from hotline.regulation.labels import Label
from hotline.regulation.levels import Level, level_of, next_level
from hotline.regulation.lifecycle import Role, Step
from hotline.regulation.limits import CalendarDays, WorkingDays
from hotline.regulation.refusal import Refused
from hotline.regulation.reopening import ReopeningRule
from hotline.regulation.reschedule import RescheduleRule
from hotline.regulation.returns import ReturnRule, step_for_return
from hotline.regulation.tests.calendars import QUANG_NAM, at

NOW = at("2026-03-02 08:00")
ONCE = RescheduleRule(1, "Quyết định 1519/QĐ-UBND", CalendarDays(30))


def test_the_first_reschedule_is_allowed_the_second_refused_with_the_article() -> None:
    reschedule.check(ONCE, 0, at("2026-03-20 17:00"), NOW, QUANG_NAM)
    with pytest.raises(Refused) as refused:
        reschedule.check(ONCE, 1, at("2026-03-20 17:00"), NOW, QUANG_NAM)
    assert refused.value.article == "Quyết định 1519/QĐ-UBND"
    assert "không quá 1 lần" in refused.value.sentence.vi
    assert "at most once" in refused.value.sentence.en


@pytest.mark.parametrize("until", ["2026-03-02 08:00", "2026-03-01 08:00", "2026-04-01 08:01"])
def test_the_new_date_lies_ahead_and_within_the_editions_bound(until: str) -> None:
    with pytest.raises(Refused):
        reschedule.check(ONCE, 0, at(until), NOW, QUANG_NAM)
    reschedule.check(ONCE, 0, at("2026-04-01 08:00"), NOW, QUANG_NAM)


def test_the_second_return_goes_to_the_coordinator_whose_decision_binds() -> None:
    rule = ReturnRule(1, article="Quy chế")
    assert step_for_return(rule, 0, bound=False) == Step.RETURN
    assert step_for_return(rule, 1, bound=False) == Step.RETURN_AGAIN
    with pytest.raises(Refused) as refused:
        step_for_return(rule, 2, bound=True)
    assert refused.value.sentence.vi.startswith("Văn phòng UBND điều phối đã quyết định")
    assert step_for_return(ReturnRule(1, binding=False), 2, bound=True) == Step.RETURN_AGAIN


RULE = Completeness(
    {"any": (Needed.NAME, Needed.ADDRESS, Needed.PHONE, Needed.CONTENT), "chat": (Needed.CONTENT,)}, least_letters=10
)
FULL = {"name": "Nguyễn Văn A", "address": "Tam Kỳ", "phone": "0905123456", "content": "Ngập nước trước trường"}
INCOMPLETE = [
    ({}, "web", ["name", "address", "phone", "content"], "nothing given"),
    (FULL, "web", [], "all given, e-mail is optional"),
    (FULL | {"phone": "  "}, "web", ["phone"], "blank is not given"),
    (FULL | {"content": "1022 ??? 0905123456"}, "phone", ["content"], "no letters, no content"),
    (FULL | {"content": "alo alo"}, "phone", ["content"], "too few letters to mean anything"),
    ({"content": "Cây đổ chắn đường"}, "chat", [], "a channel may ask for less"),
]


@pytest.mark.parametrize(("given", "channel", "lacks", "why"), INCOMPLETE)
def test_what_is_missing(given: dict[str, str], channel: str, lacks: list[str], why: str) -> None:
    assert missing(RULE, channel, given) == lacks, why


def test_what_is_missing_is_said_in_words() -> None:
    assert missing_words([Needed.NAME, Needed.PHONE]) == Label(
        "họ và tên, số điện thoại", "full name, telephone number"
    )
    assert completeness.Completeness({}).for_channel("web") == ()


def test_reopening_may_be_asked_for_within_the_window() -> None:
    rule = ReopeningRule(WorkingDays(10), article="Quy chế")
    answered = at("2026-02-13 09:00")
    last = reopening.closes_at(rule, answered, QUANG_NAM)
    assert last == at("2026-03-06 17:00")
    reopening.check(rule, answered, last, QUANG_NAM)
    with pytest.raises(Refused):
        reopening.check(rule, answered, last + timedelta(seconds=1), QUANG_NAM)


def test_an_unhappy_rating_asks_by_itself() -> None:
    rule = ReopeningRule(WorkingDays(10), unhappy_at_most=2)
    assert reopening.asks_by_rating(rule, 2, None)
    assert reopening.asks_by_rating(rule, 5, resolved=False)
    assert not reopening.asks_by_rating(rule, 3, resolved=True)


def test_levels_are_a_ladder() -> None:
    levels = [Level(n, role, Label(role, role), role) for n, role in enumerate([Role.CALL_TAKER, Role.HEAD], 1)]
    assert next_level(levels, 1) == levels[1]
    assert next_level(levels, 2) is None
    assert level_of(levels, [Role.CALL_TAKER, Role.HEAD]) == levels[1]
    assert level_of(levels, [Role.INSPECTOR]) is None
