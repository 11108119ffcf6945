"""Recorded lives replayed: under their own edition nothing changes; under another, what its words say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from hotline.calendars.models import Calendar
from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import CITIZEN, Desk, at
from hotline.hotlines.queries import regulation_of
from hotline.regulation.clocks import ClockRule
from hotline.regulation.edition import Edition
from hotline.regulation.lifecycle import TRANSITIONS, Step
from hotline.regulation.limits import WorkingDays, WorkingHours
from hotline.regulation.tests.calendars import WEEK
from hotline.regulation.working_time import WorkCalendar
from hotline.simulation.command import main
from hotline.simulation.models import Deed
from hotline.simulation.queries import simulate
from hotline.simulation.rules.deeds import deeds_of, numbered
from hotline.simulation.rules.figures import CHANGES, Wanted, rows_of, select, unpack
from hotline.simulation.tests.agreement import all_agree
from hotline.testing.cast import ZONE, Cast

__all__ = ["desk"]
LATER = at("20/04 09:00")


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast)


def returned_and_decided(desk: Desk) -> Case:
    """Sent back twice between two agencies, then decided: the first clock runs on all the while."""
    case = desk.accepted(at("02/03 08:00"))
    for hour, giver in ((10, "dien-luc"), (11, "so-xay-dung")):
        holder = {"dien-luc": "binh", "so-xay-dung": "lan"}[giver]
        case = actions.return_case(
            case, "Không thuộc nhiệm vụ", desk.cast.agency[giver], actor=desk.actor(holder), now=at(f"02/03 {hour}:00")
        )
        if hour == 10:
            case = actions.assign(case, desk.cast.agency[giver], actor=desk.actor("cuong"), now=at("02/03 10:30"))
    return actions.decide(case, desk.cast.agency["so-xay-dung"], actor=desk.actor("ha"), now=at("02/03 14:00"))


def rescheduled(desk: Desk) -> Case:
    """Promised for Monday, answered on Tuesday: the promise was broken."""
    case = desk.accepted(at("05/03 08:00"))
    case = actions.reschedule(case, at("09/03 10:00"), "Chờ vật tư", actor=desk.actor("binh"), now=at("05/03 15:00"))
    case = actions.save_draft(case, "answered", "Đã xong.", actor=desk.actor("binh"), now=at("09/03 16:00"))
    case = actions.submit(case, actor=desk.actor("binh"), now=at("09/03 16:30"))
    return actions.approve(case, actor=desk.actor("hung"), now=at("10/03 08:00"))


def verified(desk: Desk) -> Case:
    """Three days of verification in the middle, then the head takes it over."""
    case = desk.accepted(at("09/03 08:00"))
    case = actions.ask_verification(case, "Hiện trường", actor=desk.actor("binh"), now=at("09/03 09:00"))
    case = actions.finish_verification(case, "Đúng", actor=desk.actor("binh"), now=at("12/03 09:00"))
    return actions.take_over(case, actor=desk.actor("hung"), now=at("12/03 16:00"))


def reopened(desk: Desk) -> Case:
    """Answered in an hour, taken up again, left lying."""
    case = desk.answered(at("16/03 08:00"))
    case = actions.ask_reopen(case, "Chưa xong", actor=CITIZEN, now=at("18/03 08:00"))
    return actions.reopen(case, desk.cast.agency["dien-luc"], actor=desk.actor("ha"), now=at("18/03 09:00"))


def withdrawn(desk: Desk) -> Case:
    return actions.withdraw(
        desk.assigned(at("20/03 16:00")), "Đã tự xử lý", actor=desk.actor("cuong"), now=at("23/03 10:00")
    )


STORIES: list[Callable[[Desk], Case]] = [
    returned_and_decided, rescheduled, verified, reopened, withdrawn,
    lambda desk: desk.answered(at("13/02 16:00")), lambda desk: desk.opened(at("14/02 10:00")),
]  # fmt: skip


@pytest.fixture
def recorded(desk: Desk) -> Desk:
    """The electricity company keeps hours of its own; each story lives, the sweeper comes by."""
    hotline = desk.cast.hotline
    own = Calendar.objects.create(key="ca-kip", name="Ca kíp", base=hotline.calendar, weekly=[["06:00-22:00"]] * 7)
    desk.cast.agency["dien-luc"].calendar = own
    desk.cast.agency["dien-luc"].save()
    for story in STORIES:
        story(desk)
        sweep_once(at("01/04 00:00"))
    sweep_once(LATER)
    return desk


def changed(edition: Edition, **limits: object) -> Edition:
    """The edition with other limits."""
    rules = tuple(replace(r, limit=limits.get(r.key, r.limit)) for r in edition.written_clocks)
    return replace(edition, written_clocks=rules)


def test_under_its_own_edition_everything_is_as_it_was(recorded: Desk) -> None:
    assert all_agree(LATER) == 5


def test_what_is_owed_besides_goes_on_after_the_end_and_a_report_of_progress_ends_nothing(desk: Desk) -> None:
    owed = [
        {"key": key, "kind": kind, "label": {"vi": key, "en": key}, "owner": "coordinator", "limit": {"working_days": days},
         "starts_on": [begins], "tells": []}
        for key, kind, days, begins in (
            ("letter", "thank_you_letter", 25, "approve"), ("progress", "progress_report", 60, "assign"),
        )
    ]  # fmt: skip
    desk.cast.edition.document = {**desk.cast.edition.document, "obligations": owed}
    desk.cast.edition.save()
    thanked = desk.answered(at("02/03 08:00"))
    sweep_once(at("30/03 08:00"))
    assert Case.objects.get(pk=thanked.pk).state == "closed"
    left_lying = desk.accepted(at("30/03 08:00"))
    actions.report_progress(left_lying, "Đang làm", actor=desk.actor("binh"), now=at("30/03 09:00"))
    sweep_once(LATER)
    assert all_agree(LATER) == 2, "late by the letter alone, and by everybody's clocks"


EDITIONS: list[tuple[str, Callable[[Edition], Edition]]] = [
    ("the focal person has two days", lambda e: changed(e, focal_person=WorkingHours(16))),
    ("everybody has an hour", lambda e: changed(e, **{r.key: WorkingHours(1) for r in e.clocks})),
    ("days with a cut-off", lambda e: changed(e, reply=WorkingDays(7, time(15, 30), "same_day"))),
    (
        "the others wait for verification",
        lambda e: replace(e, verification=replace(e.verification, pauses_others=True)),
    ),
    ("a promise moves nothing", lambda e: replace(e, reschedule=replace(e.reschedule, moves=()))),
    ("a clock that never was", lambda e: replace(e, written_clocks=(*e.written_clocks, _accepting(e)))),
]


def _accepting(edition: Edition) -> ClockRule:
    """One working hour to accept, which no recorded clock ever counted."""
    return replace(
        edition.clock("focal_person"), key="accept", limit=WorkingHours(1), starts_on=("assign", "expire:forward"),
        meets_on=(Step.ACCEPT,), warn_before=(),
    )  # fmt: skip


@pytest.mark.parametrize(("why", "change"), EDITIONS, ids=[why for why, _ in EDITIONS])
def test_arrays_and_scalar_rules_agree_under_another_edition(
    recorded: Desk, why: str, change: Callable[[Edition], Edition]
) -> None:
    all_agree(LATER, change(regulation_of(recorded.cast.edition)))


def simulated(desk: Desk, edition: Edition, **replaced: WorkCalendar):
    return simulate(
        desk.cast.hotline, edition, date(2026, 1, 1), date(2026, 12, 31), now=LATER, replaced=replaced
    )  # fmt: skip


def test_twice_the_time_for_the_focal_person_saves_the_case_before_tet(desk: Desk) -> None:
    """Assigned Friday 16:00 before Tết, answered on the Tuesday after it, ten hours of work later."""
    case = desk.accepted(at("13/02 16:00"))
    actions.save_draft(case, "answered", "Đã xong.", actor=desk.actor("binh"), now=at("24/02 08:30"))
    actions.submit(case.pk, actor=desk.actor("binh"), now=at("24/02 09:00"))
    actions.approve(case.pk, actor=desk.actor("hung"), now=at("24/02 09:30"))
    edition = regulation_of(desk.cast.edition)
    agency, field = desk.cast.agency["so-xay-dung"].pk, desk.cast.field["thoat_nuoc"].pk
    found = simulated(desk, changed(edition, focal_person=WorkingHours(16)))
    assert found.figures["total"] == [1, 1, 0, 0]
    assert found.figures["agencies"] == [[agency, 1, 1, 0, 0]] and found.figures["fields"] == [[field, 1, 1, 0, 0]]
    [row] = rows_of(unpack(found.cases))
    assert (row["case"], row["late"], row["clock"]) == (case.pk, CHANGES["gone"], -1)
    found = simulated(desk, changed(edition, forward=WorkingHours(1)))
    assert found.figures["total"] == [1, 1, 1, 1], "forwarding never marks a case late"
    assert {key: rest for key, *rest in found.figures["clocks"]}["focal_person"] == [1, 1]


def test_an_office_that_works_through_tet_is_late_sooner(desk: Desk) -> None:
    case = desk.accepted(at("13/02 16:00"))
    actions.save_draft(case, "answered", "Đã xong.", actor=desk.actor("binh"), now=at("23/02 08:00"))
    actions.submit(case.pk, actor=desk.actor("binh"), now=at("23/02 09:00"))
    actions.approve(case.pk, actor=desk.actor("hung"), now=at("23/02 09:30"))
    edition = regulation_of(desk.cast.edition)
    assert simulated(desk, edition).figures["total"] == [1, 0, 0, 0]
    week = WorkCalendar("khong-nghi", ZONE, WEEK)
    found = simulated(desk, edition, **{"": week})
    assert found.figures["total"] == [1, 0, 1, 0], "eight hours ended on the Monday of Tết week"
    assert len(select(unpack(found.cases), Wanted("new"))) == 1 and not len(select(unpack(found.cases), Wanted("gone")))


def test_days_outside_the_period_are_left_out_and_the_last_day_counts_whole(desk: Desk) -> None:
    desk.opened(at("27/02 23:59"))
    desk.opened(at("28/02 00:00"))
    edition = regulation_of(desk.cast.edition)
    for first, last, count in ((27, 27, 1), (27, 28, 2), (28, 28, 1), (26, 26, 0)):
        found = simulate(desk.cast.hotline, edition, date(2026, 2, first), date(2026, 2, last), now=LATER)
        assert found.figures["total"][0] == count, (first, last)


def test_every_step_of_the_lifecycle_has_its_word_in_the_table_of_deeds() -> None:
    """What the trigger writes for a step in a state must read back as that step."""
    deeds, words = numbered([str(step) for step in Step])
    read = {deed: list(Step)[number] for deed, number in zip(deeds, words, strict=True)}
    from hotline.cases.rules import ACT_OF

    for (state, step), transition in TRANSITIONS.items():
        state_in_deed = {"case.answered": state, "case.returned": transition.to}.get(ACT_OF[step])
        deed = ".".join(filter(None, (ACT_OF[step], state_in_deed and str(state_in_deed))))
        assert read[deed] == step, (state, step)
    assert deeds_of("mode:written") == ("case.mode_set.written",)


def test_the_journal_writes_the_deeds(desk: Desk) -> None:
    case = desk.answered(at("02/03 08:00"))
    assert [d.deed for d in Deed.objects.filter(case_id=case.pk).order_by("act_id")] == [
        "case.assigned", "case.accepted", "case.drafted", "case.submitted", "case.answered.awaiting_approval"
    ]  # fmt: skip
    assert Deed.objects.get(deed="case.assigned").agency_id == desk.cast.agency["so-xay-dung"].pk


def test_the_command_says_it_in_words_and_in_json(desk: Desk, tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    import hotline.regulation.pack as pack

    now = timezone.now()
    case = desk.assigned(now - timedelta(days=40))
    sweep_once(now)
    file = tmp_path / "sua-doi.toml"
    written = (pack.PACKS / "quang-nam" / "editions" / "1519.toml").read_text("utf-8")
    file.write_text(written.replace("working_hours = 8 }", "working_hours = 800 }"), "utf-8")
    since = (now - timedelta(days=90)).date().isoformat()
    assert main(["--edition", str(file), "--since", since, "--json", "--cases"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["total"][:2] == [1, 1] and told["cases"][0]["code"] == case.code
    assert told["agencies"][0]["name"] == "Sở Xây dựng"
    assert main(["--edition", str(file), "--since", since]) == 0
    assert "Theo cơ quan" in (said := capsys.readouterr().out) and "Sở Xây dựng" in said
    assert main(["--edition", str(tmp_path / "khong-co.toml"), "--since", since]) == 2
    assert "khong-co.toml" in capsys.readouterr().err
    assert main(["--edition", str(file), "--since", since, "--until", "2020-01-01"]) == 2
    assert "Ngày cuối" in capsys.readouterr().err


def test_a_moment_is_a_moment() -> None:
    from hotline.simulation.rules.timeline import micros, moment

    assert moment(micros(LATER)) == LATER and isinstance(moment(0), datetime)
