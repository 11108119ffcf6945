"""A new decision takes effect on a day: what was received before it keeps its edition, to the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.tests.conftest import Desk, at, refuses
from hotline.hotlines.actions import load_edition
from hotline.hotlines.models import Edition
from hotline.hotlines.queries import edition_in_force, regulation_of
from hotline.journal.models import Act
from hotline.regulation.edition import Edition as Regulation
from hotline.regulation.limits import WorkingHours

FOUR_HOURS = WorkingHours(4)


def decided(desk: Desk, begins: date = date(2026, 3, 4), **values: object) -> Regulation:
    """A new decision: the focal person has four hours instead of eight."""
    old = regulation_of(desk.cast.edition)
    clocks = tuple(replace(c, limit=FOUR_HOURS) if c.key == "focal_person" else c for c in old.written_clocks)
    new = replace(old, key="moi", decision="99/QĐ-UBND", valid_from=begins, written_clocks=clocks)
    return replace(new, **values)  # type: ignore[arg-type]


def enact(desk: Desk, new: Regulation, now: str = "02/03 08:00") -> Edition:
    return actions.enact(desk.cast.hotline, new, actor=desk.actor("admin"), now=at(now))


RECEIPTS = [
    ("03/03 08:00", "03/03 08:00", "1519/QĐ-UBND", "the day before"),
    ("03/03 23:59", "03/03 23:59", "1519/QĐ-UBND", "the last minute before midnight"),
    ("03/03 23:59", "04/03 07:30", "1519/QĐ-UBND", "received 23:59, typed in the next morning: the receipt decides"),
    ("04/03 00:00", "04/03 00:00", "99/QĐ-UBND", "midnight is the new day"),
    ("04/03 00:00", "05/03 09:00", "99/QĐ-UBND", "and so it is a day later"),
    ("10/03 10:00", "10/03 10:00", "99/QĐ-UBND", "and it goes on"),
]


@pytest.mark.parametrize(("received", "typed", "decision", "why"), RECEIPTS)
def test_the_moment_of_receipt_decides(desk: Desk, received: str, typed: str, decision: str, why: str) -> None:
    enact(desk, decided(desk))
    case = desk.opened(at(typed), received_at=at(received))
    assert case.edition.decision == decision, why
    hours = 4 if decision == "99/QĐ-UBND" else 8
    case = actions.assign(case, desk.cast.agency["so-xay-dung"], actor=desk.actor("cuong"), now=at("11/03 07:00"))
    assert case.clocks.get(key="focal_person").due_at == at("11/03 11:00" if hours == 4 else "11/03 17:00"), why


def test_the_one_before_ends_the_day_before_and_both_say_so(desk: Desk) -> None:
    row = enact(desk, decided(desk))
    old = Edition.objects.get(key="1519")
    assert old.valid_to == regulation_of(old).valid_to == date(2026, 3, 3)
    assert [(a.kind, a.subject_id, a.after.get("valid_to")) for a in Act.objects.filter(subject="edition")] == [
        ("edition.changed", old.pk, "2026-03-03"), ("edition.loaded", row.pk, None)
    ]  # fmt: skip
    assert edition_in_force(desk.cast.hotline.pk, date(2026, 3, 3)) == old
    # Loading the pack again, which knows nothing of the new decision, does not open the old one again.
    written = replace(regulation_of(old), valid_to=None)
    load_edition(desk.cast.hotline, written, in_use=True, actor=desk.actor("admin"), now=at("05/03 08:00"))
    assert Edition.objects.get(key="1519").valid_to == date(2026, 3, 3)


def test_a_case_keeps_its_edition_when_it_is_reopened_under_the_next(desk: Desk) -> None:
    case = desk.answered(at("02/03 08:00"))
    enact(desk, decided(desk), "02/03 17:00")
    case = actions.ask_reopen(case, "Chưa xong", actor=desk.actor("cuong"), now=at("05/03 08:00"))
    case = actions.reopen(case, desk.cast.agency["so-xay-dung"], actor=desk.actor("ha"), now=at("05/03 09:00"))
    assert case.edition.decision == "1519/QĐ-UBND"
    assert case.clocks.get(key="focal_person", round=2).due_at == at("06/03 09:00"), (
        "eight hours as on the day of receipt"
    )


def test_what_was_received_already_is_not_put_under_another_regulation(desk: Desk) -> None:
    desk.opened(at("04/03 09:00"))
    with refuses("đến ngày 04/03/2026 theo quy chế khác"):
        enact(desk, decided(desk), "05/03 08:00")
    assert enact(desk, decided(desk, date(2026, 3, 5)), "04/03 10:00").valid_from == date(2026, 3, 5)


def test_days_with_two_editions_or_none_are_refused_and_nothing_is_written(desk: Desk) -> None:
    enact(desk, decided(desk, valid_to=date(2026, 3, 20)))
    with refuses("99/QĐ-UBND và quy chế 99/QĐ-UBND cùng có hiệu lực từ ngày 10/03/2026 đến ngày 20/03/2026"):
        enact(desk, decided(desk, date(2026, 3, 10), key="chồng"))
    count = Act.objects.count()
    with refuses("không có quy chế nào có hiệu lực"):
        enact(desk, decided(desk, date(2026, 4, 1), key="hở"))
    assert Act.objects.count() == count and Edition.objects.filter(hotline=desk.cast.hotline).count() == 2


def test_an_edition_that_nobody_uses_yet_may_be_corrected(desk: Desk) -> None:
    row = enact(desk, decided(desk))
    assert enact(desk, decided(desk, approval_needed=False)).pk == row.pk
    case = desk.opened(at("04/03 09:00"))
    assert Case.objects.get(pk=case.pk).edition_id == row.pk
    with refuses("đã có phiếu áp dụng"):
        enact(desk, decided(desk, approval_needed=True), "04/03 10:00")
