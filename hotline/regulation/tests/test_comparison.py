"""Editions in words, side by side, and tried on a report that does not exist."""

from dataclasses import replace
from datetime import date

import pytest

from hotline.cases.rules import PROMISE
from hotline.regulation.comparison import compare, differences
from hotline.regulation.in_words import in_words
from hotline.regulation.lifecycle import Role, Step
from hotline.regulation.limits import WorkingHours
from hotline.regulation.pack import PACKS, read_pack
from hotline.regulation.tests.calendars import QUANG_NAM, at
from hotline.regulation.trial import LIVES, Trial, steps_of, try_out

WRITTEN = read_pack("quang-nam", years=[]).editions[0]


def test_an_edition_and_itself_differ_in_nothing() -> None:
    assert not differences(WRITTEN, WRITTEN)
    assert {section.change for section in compare(WRITTEN, WRITTEN)} == {"same"}


def test_what_changed_came_and_went_is_told_apart() -> None:
    clocks = tuple(
        replace(rule, limit=WorkingHours(4)) if rule.key == "focal_person" else rule
        for rule in WRITTEN.written_clocks
        if rule.key != "verification"
    )
    accept = replace(WRITTEN.clock("focal_person"), key="accept")
    new = replace(
        WRITTEN, key="moi", decision="99/QĐ-UBND", valid_from=date(2026, 7, 1), written_clocks=(accept, *clocks),
        reschedule=replace(WRITTEN.reschedule, most=2), refusal_grounds=WRITTEN.refusal_grounds[1:],
    )  # fmt: skip
    told = {section.key: section for section in compare(WRITTEN, new)}
    assert told["clock:accept"].change == "added" and told["clock:verification"].change == "removed"
    assert told["clock:head"].change == "same" and told["clock:focal_person"].change == "changed"
    lines = {(title.en, pair.name.en): pair for title, pair in differences(WRITTEN, new)}
    limit = lines["Focal person handles and answers", "Limit"]
    assert limit.before.vi.startswith("8 giờ làm việc") and limit.after.vi.startswith("4 giờ làm việc")
    most = lines["Rescheduling", "Rescheduled at most"]
    assert (most.before.en, most.after.en) == ("1 time", "2 times"), "one is no plural"
    assert lines["Document", "Decision"].after.vi == "99/QĐ-UBND"
    [gone] = [pair for (title, _), pair in lines.items() if title == "Grounds of refusal"]
    assert gone.change == "removed" and gone.after is None
    keys = [section.key for section in compare(WRITTEN, new)]
    assert keys.index("clock:head") < keys.index("clock:verification") < keys.index("clock:forward"), "where it stood"


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in PACKS.glob("*/pack.toml")))
def test_every_edition_of_every_pack_can_be_read_in_both_languages(pack: str) -> None:
    for edition in read_pack(pack, years=[]).editions:
        sections = in_words(edition)
        assert len(sections) > 8
        for section in sections:
            assert len({line.key for line in section.lines}) == len(section.lines), section.key
            for line in section.lines:
                assert line.name.vi and line.name.en and line.value.vi and line.value.en, (section.key, line)


# -- "what would happen to a report received Friday 16:30 before Tết?" ---------------------------------------------------

FRIDAY = at("2026-02-13 16:30")


def tried(life: str) -> Trial:
    return try_out(WRITTEN, PROMISE, QUANG_NAM, FRIDAY, steps_of(life))


def test_left_lying_it_goes_up_level_by_level_over_tet() -> None:
    found = tried("assigned")
    dues = {each.rule.key: each.clock.due_at for each in found.clocks}
    assert dues["focal_person"] == at("2026-02-23 16:30"), "half an hour before Tết, seven and a half after it"
    assert dues["head"] == at("2026-03-03 16:30"), "six working days from the focal person's expiry"
    assert found.late_at == at("2026-02-23 16:30")
    head = next(each for each in found.clocks if each.rule.key == "head")
    assert head.cause == "expire:focal_person" and head.clock.started_at == at("2026-02-23 16:30")
    assert [t.at for t in head.told if t.late] == [at("2026-03-03 16:30")]
    assert Role.LEADER in head.told[-1].who
    assert any(row.kind == "tet" for row in found.clocks[0].explanation.rows)


def test_answered_in_time_nobody_is_told_that_it_is_late() -> None:
    found = tried("answered")
    assert found.late_at is None and all(each.met for each in found.clocks)
    assert not [t for each in found.clocks for t in each.told if t.late]
    assert found.steps[-1] == (Step.APPROVE, at("2026-02-23 14:30"))


def test_nobody_assigns_it_and_the_desk_is_reminded() -> None:
    found = tried("desk")
    assert {each.rule.key for each in found.clocks} == {"forward", "reply"}


@pytest.mark.parametrize("pack", sorted(path.parent.name for path in PACKS.glob("*/pack.toml")))
@pytest.mark.parametrize("life", LIVES)
def test_every_life_ends_under_every_edition(pack: str, life: str) -> None:
    read = read_pack(pack, range(2026, 2028))
    for edition in read.editions:
        for mode in ("", *(mode.key for mode in edition.modes)):
            found = try_out(edition, PROMISE, read.calendar_of(edition), FRIDAY, steps_of(life), mode)
            assert found.clocks and not any(each.clock.state == "running" for each in found.clocks)
