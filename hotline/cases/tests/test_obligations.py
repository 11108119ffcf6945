"""What is owed on a case besides handling it, how it is answered and how high it goes: dated cases on an edition written
here, with the reason in words. MONDAY is 02/03/2026; the working day is 07:00–11:30 and 13:30–17:00."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotline.cases import actions
from hotline.cases.models import Case, Clock, Obligation
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import Desk, at, refuses
from hotline.conversations.models import Attachment, Contact
from hotline.hotlines.models import Edition
from hotline.intake.actions import report
from hotline.intake.tests.test_report import a_report
from hotline.journal.models import Act
from hotline.notifications.models import Notice
from hotline.reactions import react
from hotline.regulation.edition import parse_edition
from hotline.regulation.lifecycle import ClockState, ObligationKind

MONDAY = at("02/03 08:00")


def label(words: str) -> dict[str, str]:
    return {"vi": words, "en": words}


WRITTEN: dict[str, Any] = {
    "modes": [
        {"number": 1, "key": "at_once", "label": label("Hướng dẫn ngay"), "set_on": ["answer_at_once"]},
        {"number": 2, "key": "two_replies", "label": label("Chuyển thủ trưởng"), "owes": ["interim", "final"]},
        {"number": 3, "key": "leaders", "label": label("Báo cáo lãnh đạo"), "owes": ["interim", "final", "report"]},
        {"number": 5, "key": "thanks", "label": label("Tổng hợp, cảm ơn"), "owes": ["letter"]},
    ],
    "obligations": [
        {"key": "interim", "kind": "interim_reply", "label": label("Phản hồi ngay"), "owner": "focal_person",
         "limit": {"working_hours": 4}, "tells": ["head", "coordinator"]},
        {"key": "final", "kind": "final_reply", "label": label("Phản hồi kết quả"), "owner": "head",
         "limit": {"working_days": 5}},
        {"key": "report", "kind": "leaders_report", "label": label("Báo cáo lãnh đạo"), "owner": "coordinator",
         "limit": {"working_days": 2}},
        {"key": "letter", "kind": "thank_you_letter", "label": label("Thư cảm ơn"), "owner": "coordinator",
         "limit": {"working_days": 3}, "starts_on": ["approve", "answer"]},
        {"key": "progress", "kind": "progress_report", "label": label("Báo cáo tiến độ"), "owner": "focal_person",
         "limit": {"working_hours": 8}, "starts_on": ["expire:unit"], "tells": ["head", "coordinator"],
         "needs_photo": True, "needs_date": True},
        {"key": "leader_opinion", "kind": "leaders_report", "label": label("Ý kiến lãnh đạo"), "owner": "leader",
         "limit": {"working_days": 1}, "starts_on": ["raise:4"], "meets_on": ["direct"]},
    ],
    "rising": {"by": ["call_taker", "coordinator", "focal_person", "head"], "reopened_at_least": 2},
}  # fmt: skip
UNIT = {"key": "unit", "label": label("Đơn vị trả lời"), "owner": "focal_person", "limit": {"working_days": 5},
        "starts_on": ["assign"], "meets_on": ["approve", "answer"]}  # fmt: skip


@pytest.fixture
def owing(desk: Desk) -> Desk:
    """The desk under an edition with four levels, response modes and obligations."""
    edition = desk.cast.edition
    assert isinstance(edition, Edition)
    edition.document = {**edition.document, **WRITTEN, "clocks": [*edition.document["clocks"], UNIT]}
    parse_edition(edition.document, "test.toml")
    edition.save()
    return desk


def owed(case: Case) -> dict[str, datetime]:
    """What is owed on a case, by key, with when it is due."""
    return {o.key: o.due_at for o in case.obligations.all() if o.is_owed}


def told(case: Case, kind: str) -> set[str]:
    """Who is told of the last act of a kind."""
    act = Act.objects.filter(kind=kind, subject_id=case.pk).latest("id")
    react(act.pk)
    return set(Notice.objects.filter(act_id=act.pk).values_list("person__username", flat=True))


def photo() -> Attachment:
    return Attachment(file="x", name="ho-ga.jpg", content_type="image/jpeg", size=1, width=8, height=8)


# -- two replies ---------------------------------------------------------------------------------------------------------


def test_two_replies_are_owed_the_first_comes_late_the_answer_is_the_second(owing: Desk) -> None:
    case = owing.accepted(MONDAY)
    assert owed(case) == {}, "no mode is chosen: nothing is owed but the handling"
    case = actions.set_mode(case, "two_replies", actor=owing.actor("ha"), now=MONDAY)
    assert owed(case) == {"interim": at("02/03 14:00"), "final": at("09/03 17:00")}, "4 giờ làm việc; 5 ngày làm việc"
    assert told(case, "case.obligation_owed") == {"hung"}, "the last to begin, the reply on the result, is the head's"

    assert sweep_once(at("02/03 14:01")).overdue == 1
    interim = Obligation.objects.get(key="interim")
    assert interim.is_owed, "running out takes nothing away: it is owed all the same"
    assert told(case, "case.overdue") == {"binh", "duc", "hung", "ha"}, "the owner, and whom the edition names"

    case = actions.reply_interim(case, "Đã cử người kiểm tra.", actor=owing.actor("binh"), now=at("02/03 15:00"))
    interim.refresh_from_db()
    assert (interim.met_at, interim.clock.breached_at) == (at("02/03 15:00"), at("02/03 14:00")), (
        "done, and late for ever"
    )
    assert interim.met_by["name"] == "Lê Thị Bình"
    letter = Contact.objects.get(pk=interim.evidence["contact"])
    assert (letter.kind, letter.delivery) == ("interim", "queued"), (
        "on the citizen's own channel, with its delivery state"
    )
    assert owed(case).keys() == {"final"}

    case = actions.save_draft(case, "answered", "Đã nạo vét.", actor=owing.actor("binh"), now=at("03/03 08:00"))
    case = actions.submit(case, actor=owing.actor("binh"), now=at("03/03 08:00"))
    case = actions.approve(case, actor=owing.actor("hung"), now=at("03/03 09:00"))
    final = Obligation.objects.get(key="final")
    assert (final.met_at, final.clock.state) == (at("03/03 09:00"), ClockState.MET)
    assert final.evidence["answer"] == case.answers.get().pk
    assert case.late_at == at("02/03 14:00"), "an edition's obligation that runs out makes the case late"


def test_once_the_result_is_told_no_reply_before_it_is_waited_for(owing: Desk) -> None:
    case = actions.set_mode(owing.submitted(MONDAY), "two_replies", actor=owing.actor("ha"), now=MONDAY)
    actions.approve(case, actor=owing.actor("hung"), now=at("02/03 09:00"))
    interim = Obligation.objects.get(key="interim")
    assert interim.met_at is None, "it was never given: not counted as kept"
    assert interim.lifted_at == at("02/03 09:00")


def test_another_mode_lifts_what_only_the_old_one_made_owed(owing: Desk) -> None:
    case = actions.set_mode(owing.accepted(MONDAY), "leaders", actor=owing.actor("ha"), now=MONDAY)
    assert owed(case).keys() == {"interim", "final", "report"}
    case = actions.set_mode(case, "two_replies", actor=owing.actor("ha"), now=at("02/03 10:00"))
    assert owed(case) == {"interim": at("02/03 14:00"), "final": at("09/03 17:00")}, "what both make owed runs on"
    with refuses("đang ở cấp độ phản hồi"):
        actions.set_mode(case, "two_replies", actor=owing.actor("ha"), now=MONDAY)
    with refuses("không có cấp độ phản hồi “sixth”"):
        actions.set_mode(case, "sixth", actor=owing.actor("ha"), now=MONDAY)
    with refuses("Chỉ"):
        actions.set_mode(case, "thanks", actor=owing.actor("binh"), now=MONDAY)


def test_what_ran_out_is_not_lifted_by_another_mode(owing: Desk) -> None:
    case = actions.set_mode(owing.accepted(MONDAY), "leaders", actor=owing.actor("ha"), now=MONDAY)
    sweep_once(at("05/03 08:00"))
    case = actions.set_mode(case, "two_replies", actor=owing.actor("ha"), now=at("05/03 08:00"))
    assert "report" in owed(case), "báo cáo lãnh đạo was late on 04/03 17:00: nobody wins by choosing again"


def test_answering_at_once_is_a_mode_by_itself(owing: Desk) -> None:
    case = actions.answer_at_once(owing.opened(MONDAY), "Mang theo căn cước.", actor=owing.actor("cuong"), now=MONDAY)
    assert case.mode == "at_once"


# -- progress ------------------------------------------------------------------------------------------------------------


def test_past_five_working_days_over_a_holiday_a_progress_report_is_owed(owing: Desk) -> None:
    # Friday 13/02/2026 16:00; Tết is off from 14/02 to 22/02; five working days are 23–27/02, the report eight hours more.
    case = owing.accepted(at("13/02 16:00"))
    assert case.clocks.get(key="unit").due_at == at("27/02 17:00")
    sweep_once(at("27/02 17:00"))
    assert owed(case) == {}, "on the due moment itself the answer is still in time"
    sweep_once(at("28/02 09:00"))
    assert owed(case) == {"progress": at("02/03 17:00")}, "from Friday 17:00 eight working hours are Monday's"
    assert sweep_once(at("28/02 09:00")).overdue == 0, "claimed once"
    assert Obligation.objects.count() == 1

    binh, now = owing.actor("binh"), at("02/03 09:00")
    for words, day, files, refusal in (
        ("", date(2026, 3, 6), [photo()], "tiến độ"), ("Đang đào", None, [photo()], "ngày cam kết"),
        ("Đang đào", date(2026, 3, 6), [], "ảnh"), ("Đang đào", date(2026, 3, 1), [photo()], "quá khứ"),
    ):  # fmt: skip
        with refuses(refusal):
            actions.report_progress(case, words, day, files, actor=binh, now=now)
    case = actions.report_progress(case, "Đang đào hố ga.", date(2026, 3, 6), [photo()], actor=binh, now=now)
    assert owed(case) == {}
    assert told(case, "case.progress_reported") >= {"ha", "hung"}
    letter = Contact.objects.get(kind="interim")
    assert "06/03/2026" in letter.text and letter.attachments.count() == 1
    sweep_once(at("07/03 08:00"))
    assert case.clocks.get(key="promise").state == ClockState.BREACHED, "the committed date runs out like any promise"


# -- after the answer ----------------------------------------------------------------------------------------------------


def test_a_letter_is_owed_after_the_answer_and_no_settling_makes_it_disappear(owing: Desk) -> None:
    case = actions.set_mode(owing.submitted(MONDAY), "thanks", actor=owing.actor("ha"), now=MONDAY)
    assert owed(case) == {}, "the letter begins with the answer"
    case = actions.approve(case, actor=owing.actor("hung"), now=at("02/03 09:00"))
    assert owed(case) == {"letter": at("05/03 17:00")}
    assert case.due_at is None, "an answered case has no holder: what is owed is on a list of its own"
    ha = owing.cast.viewer("ha")
    assert [o.key for o in Obligation.objects.owed_by(ha)] == ["letter"]
    assert not Obligation.objects.owed_by(owing.cast.viewer("binh")).exists()

    case = actions.settle(case, actor=owing.cast.actor("ha").__class__("citizen", roles=frozenset({"citizen"})),
                          now=at("02/03 10:00"))  # fmt: skip
    assert Act.objects.get(kind="case.settled").after["owing"] == ["letter"], "not in silence"
    assert owed(case).keys() == {"letter"}
    sweep_once(at("06/03 08:00"))
    case.refresh_from_db()
    assert case.late_at == at("05/03 17:00"), "a closed case becomes late when what it owes runs out"
    assert owed(case).keys() == {"letter"}

    done = actions.meet(case.code, "thank_you_letter", owing.actor("ha"), at("06/03 09:00"), evidence={"document": 7})
    assert (done.evidence["document"], done.met_at) == (7, at("06/03 09:00"))
    assert Act.objects.get(kind="case.obligation_met").after["late"] is True
    with refuses("không còn nợ “Thư cảm ơn”"):
        actions.meet(
            case, ObligationKind.THANK_YOU_LETTER, owing.actor("ha"), at("06/03 09:00"), evidence={"document": 7}
        )


def test_withdrawing_lifts_what_is_owed(owing: Desk) -> None:
    case = actions.set_mode(owing.accepted(MONDAY), "two_replies", actor=owing.actor("ha"), now=MONDAY)
    actions.withdraw(case, "người dân rút", actor=owing.actor("cuong"), now=at("02/03 09:00"))
    assert not Obligation.objects.owed().exists()
    assert not Clock.objects.filter(next_at__isnull=False).exists()


# -- levels --------------------------------------------------------------------------------------------------------------


def test_a_case_goes_up_four_levels_with_a_reason_each_time(owing: Desk) -> None:
    case = owing.opened(MONDAY)
    with refuses("chuyển phiếu đến đơn vị xử lý trước"):
        actions.raise_level(case, "vượt khả năng", actor=owing.actor("cuong"), now=MONDAY)
    case = actions.assign(case, owing.cast.agency["so-xay-dung"], actor=owing.actor("cuong"), now=MONDAY)
    assert case.level == 2
    with refuses("lý do"):
        actions.raise_level(case, " ", actor=owing.actor("binh"), now=MONDAY)
    with refuses("chỉ Tổng đài viên hoặc"):
        actions.raise_level(case, "gấp", actor=owing.actor("son"), now=MONDAY)
    with refuses("Phiếu này không do cơ quan"):
        actions.raise_level(case, "gấp", actor=owing.actor("lan"), now=MONDAY)
    with refuses("Cấp 2 không ở trên"):
        actions.raise_level(case, "gấp", to=2, actor=owing.actor("binh"), now=MONDAY)

    case = actions.raise_level(case, "vượt thẩm quyền", actor=owing.actor("binh"), now=MONDAY)
    assert case.level == 3
    assert told(case, "case.level_raised") == {"hung"}, "thủ trưởng of the agency that holds it"
    case = actions.raise_level(case, "nhiều sở liên quan", actor=owing.actor("hung"), now=MONDAY)
    assert case.level == 4
    assert told(case, "case.level_raised") == {"son"}, "lãnh đạo tỉnh"
    act = Act.objects.filter(kind="case.level_raised").latest("id")
    assert (act.before["level"], act.after["level"], act.note) == (3, 4, "nhiều sở liên quan")
    assert owed(case) == {"leader_opinion": at("03/03 17:00")}, "raise:4 begins what the leaders owe"
    with refuses("cấp cao nhất"):
        actions.raise_level(case, "gấp", actor=owing.actor("hung"), now=MONDAY)

    case = actions.direct(
        case, "Sở Xây dựng chủ trì, xong trong tuần.", actor=owing.actor("son"), now=at("02/03 10:00")
    )
    assert told(case, "case.directed") == {"binh", "duc", "hung", "ha"}, "the agency and the coordinator"
    assert owed(case) == {}, "the directive was what the leaders owed"
    with refuses("Chỉ Lãnh đạo tỉnh"):
        actions.direct(case, "x", actor=owing.actor("ha"), now=MONDAY)


# -- an edition without any of it ----------------------------------------------------------------------------------------


def test_an_edition_without_modes_knows_none_of_it(desk: Desk) -> None:
    case = desk.accepted(MONDAY)
    for refused in (
        lambda: actions.set_mode(case, "two_replies", actor=desk.actor("ha"), now=MONDAY),
        lambda: actions.raise_level(case, "gấp", actor=desk.actor("binh"), now=MONDAY),
        lambda: actions.reply_interim(case, "x", actor=desk.actor("binh"), now=MONDAY),
        lambda: actions.report_progress(case, "x", actor=desk.actor("binh"), now=MONDAY),
    ):
        with refuses("Quy chế không quy định"):
            refused()
    with CaptureQueriesContext(connection) as queries:
        desk.opened(MONDAY)
    assert not any("cases_obligation" in query["sql"] for query in queries), "nothing is paid for what it has not"


def test_what_is_owed_from_the_receipt_is_there_with_the_case(owing: Desk) -> None:
    edition = owing.cast.edition
    assert isinstance(edition, Edition)
    first = {**WRITTEN["obligations"][0], "key": "first", "starts_on": ["open"], "owner": "call_taker"}
    edition.document = {**edition.document, "obligations": [*WRITTEN["obligations"], first]}
    edition.save()
    case = owing.opened(MONDAY)
    assert owed(case) == {"first": at("02/03 14:00")}
    assert case.due_clock == "first", "the most pressing thing the desk must do"


def test_a_report_under_such_an_edition_brings_what_it_owes(owing: Desk) -> None:
    edition = owing.cast.edition
    assert isinstance(edition, Edition)
    first = {**WRITTEN["obligations"][0], "key": "first", "starts_on": ["open"], "owner": "call_taker"}
    edition.document = {**edition.document, "obligations": [*WRITTEN["obligations"], first]}
    edition.save()
    received = report(a_report(owing.cast), MONDAY)
    assert received.case is not None
    assert owed(received.case) == {"first": at("02/03 14:00")}, "written in one piece with the case"


def test_lists_of_what_is_owed_are_read_by_index(owing: Desk) -> None:
    case, other = owing.accepted(MONDAY), owing.cast.agency["ubnd-ban-thach"]
    clocks = Clock.objects.bulk_create(
        Clock(case=case, key="interim", round=n, agency=other, calendar=owing.cast.hotline.calendar, state="running",
              started_at=MONDAY, due_at=MONDAY + timedelta(minutes=n))
        for n in range(4000)
    )  # fmt: skip
    Obligation.objects.bulk_create(  # one in forty the coordinator's, one in forty ours, most of the others': three quarters met
        Obligation(case=case, key="interim", kind="interim_reply", round=n, clock=clock, due_at=clock.due_at,
                   agency=case.agency if n % 40 == 4 else other, met_at=MONDAY if n % 4 else None,
                   owner="coordinator" if n % 40 == 0 else "focal_person")
        for n, clock in enumerate(clocks)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_obligation, cases_case, cases_clock")
    for who, index in (("binh", "obligation_agency"), ("ha", "obligation_owner")):
        asked = Obligation.objects.owed_by(owing.cast.viewer(who)).order_by("due_at", "id")[:51].explain()
        assert index in asked and "Seq Scan on cases_obligation" not in asked and "Sort" not in asked, asked
