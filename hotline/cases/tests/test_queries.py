"""Questions about cases: what each viewer sees, how pages follow each other, how many queries, and by which indexes."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hotline.cases import actions, rules
from hotline.cases.models import Case, Clock
from hotline.cases.queries import (
    by_token,
    case_page,
    counters,
    explanation_for,
    inbox,
    lookup,
    public_page,
    published,
    search,
)
from hotline.cases.sweeping import sweep_once
from hotline.cases.tests.conftest import CITIZEN, Desk, at, make_conversation
from hotline.organisation.models import Agency
from hotline.people.rules import NOBODY
from hotline.regulation.lifecycle import OPEN_STATES, Standing, State, Step

MONDAY = at("02/03 08:00")


def codes(desk: Desk, who: str, tab: str = "open") -> list[str]:
    return [line.case.code for line in inbox(desk.cast.viewer(who), tab, now=MONDAY).lines]


# -- who sees what ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees"),
    [("cuong", 2), ("ha", 2), ("son", 2), ("van", 2), ("binh", 1), ("hung", 1), ("lan", 1), ("mai", 0), ("admin", 0),
     ("ky-thuat", 0), ("nguoi-la", 0)],
)
def test_who_sees_which(desk: Desk, who: str, sees: int) -> None:
    ours, theirs = desk.assigned(MONDAY), desk.assigned(MONDAY, "dien-luc")
    viewer = desk.cast.viewer(who)
    assert len(codes(desk, who)) == sees
    assert len(search(viewer, "cống", now=MONDAY).lines) == sees
    pages = [case_page(viewer, case.code, now=MONDAY) for case in (ours, theirs)]
    assert sum(page is not None for page in pages) == sees
    assert counters(viewer, now=MONDAY)["open"] == sees
    assert case_page(NOBODY, ours.code) is None


def test_the_most_pressing_comes_first_and_the_overdue_before_that(desk: Desk) -> None:
    later = desk.accepted(at("05/03 08:00"))
    late = desk.accepted(at("23/02 08:00"))
    soon = desk.accepted(at("02/03 08:00"))
    sweep_once(at("02/03 16:30"))
    lines = inbox(desk.cast.viewer("binh"), "answer", now=at("02/03 16:30")).lines
    assert [line.case.code for line in lines] == [late.code, soon.code, later.code]
    assert [line.standing for line in lines] == [Standing.OVERDUE, Standing.DUE_SOON, Standing.ON_TIME]
    assert lines[1].remaining == timedelta(hours=1, minutes=30)
    assert lines[0].remaining is not None and lines[0].remaining < timedelta()
    assert "Trễ hạn" in lines[0].state.vi
    assert codes(desk, "ha", "overdue") == [late.code]
    nearly = inbox(desk.cast.viewer("ha"), "soon", now=at("02/03 16:30")).lines
    assert [line.case.code for line in nearly] == [soon.code]


def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk) -> None:
    for day in (2, 2, 2, 3, 4):
        desk.assigned(at(f"{day:02}/03 08:00"))
    waiting = desk.answered(MONDAY)
    actions.ask_reopen(waiting, "chưa xong", actor=CITIZEN, now=at("03/03 08:00"))  # due at no moment: comes last
    for who, tab in (("ha", "open"), ("ha", "all")):
        whole = [line.case.code for line in inbox(desk.cast.viewer(who), tab, now=MONDAY).lines]
        seen: list[str] = []
        after = ""
        while True:
            page = inbox(desk.cast.viewer(who), tab, after, 2, now=MONDAY)
            seen += [line.case.code for line in page.lines]
            after = page.next
            if not after:
                break
        assert seen == whole and len(whole) == 6
    assert codes(desk, "ha", "open")[-1] == waiting.code


def test_a_tab_of_another_role_is_empty(desk: Desk) -> None:
    desk.opened(MONDAY)
    assert codes(desk, "binh", "received") == [] and codes(desk, "cuong", "no such") == []
    assert len(codes(desk, "cuong", "received")) == 1


@pytest.mark.parametrize("text", ["Hùng Vương", "hung vuong", "hu\u0300ng vu\u031bo\u031bng", "HÙNG"])
def test_words_are_found_with_and_without_marks(desk: Desk, text: str) -> None:
    case = desk.opened(MONDAY)
    assert [line.case.code for line in search(desk.cast.viewer("ha"), text).lines] == [case.code]
    assert search(desk.cast.viewer("ha"), "không có từ này").lines == []


def test_search_by_code(desk: Desk) -> None:
    case, _ = desk.opened(MONDAY), desk.opened(MONDAY)
    found = search(desk.cast.viewer("cuong"), f" {case.code.lower()} ").lines
    assert [line.case.pk for line in found] == [case.pk]


# -- the page of a case -------------------------------------------------------------------------------------------------


def test_the_page_says_who_must_do_what_by_when(desk: Desk) -> None:
    case = desk.accepted(at("13/02 16:00"))
    page = case_page(desk.cast.viewer("binh"), case.code, now=at("13/02 16:30"))
    assert page is not None and page.duty is not None
    assert (page.duty.agency, page.duty.person) == ("Sở Xây dựng", "Lê Thị Bình")
    assert page.duty.due_at == at("23/02 16:00") and page.duty.remaining == timedelta(hours=7, minutes=30)
    assert page.explanation is not None and page.explanation.due_at == at("23/02 16:00")
    assert any("Tết" in line for line in page.explanation.as_lines("vi"))
    assert [view.label.vi for view in page.acts] == ["Lập phiếu", "Chuyển xử lý", "Tiếp nhận xử lý"]
    assert Step.RETURN in page.steps and Step.RETURN_AGAIN not in page.steps and Step.APPROVE not in page.steps
    assert page.extras == ["case.noted", "case.drafted", "case.reporter_asked", "case.obligation_met"]
    assert "court_decision" not in {ground.key for ground in page.grounds}  # in force from 01/07/2026 only


STEPS = [
    ("cuong", "opened", {Step.ANSWER_AT_ONCE, Step.ASSIGN, Step.WITHDRAW, Step.MERGE}),
    ("binh", "assigned", {Step.ACCEPT, Step.RETURN}),
    ("lan", "assigned", None),
    ("hung", "submitted", {Step.SEND_BACK, Step.APPROVE, Step.TAKE_OVER}),
    ("binh", "submitted", set()),
    ("van", "accepted", set()),
    ("son", "accepted", {Step.URGE, Step.DIRECT}),
]


@pytest.mark.parametrize(("who", "given", "steps"), STEPS)
def test_steps_open_to_a_viewer(desk: Desk, who: str, given: str, steps: set[Step] | None) -> None:
    make: Callable[[datetime], Case] = getattr(desk, given)
    page = case_page(desk.cast.viewer(who), make(MONDAY).code, now=MONDAY)
    assert (set(page.steps) if page else None) == steps


def test_a_step_that_would_be_refused_is_not_offered(desk: Desk) -> None:
    case = actions.reschedule(desk.accepted(MONDAY), at("10/03 08:00"), "mưa", actor=desk.actor("binh"), now=MONDAY)
    Case.objects.filter(pk=case.pk).update(bound=True)
    page = case_page(desk.cast.viewer("binh"), case.code, now=MONDAY)
    assert page is not None and not {Step.RESCHEDULE, Step.RETURN, Step.RETURN_AGAIN} & set(page.steps)


def test_explanation_of_one_clock(desk: Desk) -> None:
    case = desk.assigned(at("13/02 16:00"))
    clock = Clock.objects.select_related("case__edition").get(case=case, key="focal_person")
    assert explanation_for(clock).due_at == at("23/02 16:00")


# -- the citizen's questions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phone", "found"),
    [("0905123456", True), ("+84 905 123 456", True), ("0905.123.456", True), ("0905123457", False), ("", False),
     ("abc", False)],
)
def test_lookup_by_code_and_number(desk: Desk, phone: str, found: bool) -> None:
    case = desk.opened(MONDAY)
    assert (lookup(f" {case.code.lower()} ", phone) == case) is found
    assert lookup("QNM-2026-999999", phone) is None


def test_a_case_without_a_number_is_not_found_by_an_empty_one(desk: Desk) -> None:
    case = desk.opened(MONDAY, conversation=make_conversation(desk.cast, MONDAY, 50, phone=""))
    assert lookup(case.code, "") is None and lookup(case.code, "+00000000000") is None
    assert by_token(case.token) == case and by_token("x") is None


def test_the_reporters_page_tells_progress_and_names_no_officer(desk: Desk) -> None:
    case = actions.note(desk.accepted(MONDAY), "nội bộ", actor=desk.actor("binh"), now=MONDAY)
    case = actions.reschedule(case, at("10/03 08:00"), "mưa", actor=desk.actor("binh"), now=MONDAY)
    found = by_token(case.token)
    assert found is not None
    page = public_page(found, now=MONDAY)
    assert [what.vi for _, what, _ in page.milestones] == [
        "Đã tiếp nhận", "Đã chuyển đơn vị xử lý", "Đơn vị đã tiếp nhận xử lý", "Hẹn trả lời"
    ]
    assert page.milestones[1][2] == "Sở Xây dựng" and page.milestones[3][2] == "08:00 10/03/2026"
    assert not page.may_rate and not page.may_ask_reopen
    sweep_once(at("20/04 08:00"))
    told = [what.vi for _, what, _ in public_page(found, now=at("20/04 08:00")).milestones]
    assert told.count("Trễ hạn (đang chờ xử lý)") == 1  # three clocks ran out; the citizen is told once


def test_published_are_the_public_answered_ones(desk: Desk) -> None:
    Case.objects.filter(pk__in=[desk.answered(MONDAY).pk, desk.accepted(MONDAY).pk]).update(public=True)
    hidden = desk.answered(MONDAY)
    cases = published().cases
    assert len(cases) == 1 and cases[0] != hidden
    assert [answer.body for answer in cases[0].sent] == ["Đã kiểm tra và nạo vét."]


# -- how many queries, and by which way ---------------------------------------------------------------------------------


def test_a_fixed_number_of_queries(desk: Desk) -> None:
    cases = [desk.submitted(MONDAY) for _ in range(3)]
    desk.assigned(MONDAY, "dien-luc")
    viewer = desk.cast.viewer("ha")
    with CaptureQueriesContext(connection) as queries:
        lines = inbox(viewer, "open", now=MONDAY).lines
        shown = [(c.agency.label, c.field.vi, str(c.focal_person)) for c in (i.case for i in lines)]
    assert len(shown) == 4 and len(queries) <= 3  # the page, what is due at no moment, the clocks that press
    viewer = desk.cast.viewer("hung")
    with CaptureQueriesContext(connection) as queries:
        page = case_page(viewer, cases[0].code, now=MONDAY)
    assert page is not None and len(queries) <= 12
    with CaptureQueriesContext(connection) as queries:
        assert page.case.agency and page.case.hotline.coordinator and page.case.field and page.case.conversation.ref
        assert [(a.agency.name, a.proposed_agency) for a in page.assignments]
        assert [list(a.attachments.all()) for a in [*page.contacts, *page.answers]]
    assert len(queries) == 0


def test_opening_takes_few_queries(desk: Desk) -> None:
    desk.opened(MONDAY)
    conversation = make_conversation(desk.cast, MONDAY, 77)
    with CaptureQueriesContext(connection) as queries:
        desk.opened(MONDAY, conversation=conversation, edition_row=desk.cast.edition)
    asked = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    # The number, the case, its clocks, its act, the job of what follows.
    assert len(asked) == 5, "\n".join(asked)


@pytest.fixture
def thousands(desk: Desk) -> Desk:
    """Six thousand cases over two hundred agencies, most of them closed, as a year leaves them."""
    model, chance = desk.opened(MONDAY), random.Random(1022)
    agencies = Agency.objects.bulk_create(
        [Agency(key=f"xa-{n}", kind="commune", name=f"UBND xã số {n}") for n in range(200)]
    )
    agencies += [desk.cast.agency["so-xay-dung"]] * 5
    states = [str(s) for s in State]
    rows = []
    for n in range(6000):
        state = chance.choice(states) if chance.random() < 0.15 else "closed"
        received = MONDAY - timedelta(minutes=chance.randrange(500_000))
        is_open = state in OPEN_STATES
        late = chance.random() < 0.05
        rows.append(
            Case(
                number=100_000 + n, code=f"QNM-2026-{100_000 + n}", token=f"{n:032}", hotline=desk.cast.hotline,
                edition=desk.cast.edition, conversation=model.conversation, citizen=model.citizen if n % 50 == 0 else None,
                kind="report", field=model.field, area=model.area, place="Tam Kỳ", summary=f"Phản ánh số {n}",
                content=f"Nội dung {n} " * 40, public=n % 2 == 0, state=state,
                agency=chance.choice(agencies) if state != "received" else None,
                due_at=received + timedelta(days=3) if is_open else None, due_clock="reply" if is_open else "",
                late_at=received + timedelta(days=3) if late else None, received_at=received,
                answered_at=None if is_open else received + timedelta(days=2),
                reopen_until=MONDAY - timedelta(minutes=n % 7) if state == "answered" and n % 40 == 0
                else MONDAY + timedelta(days=5),
            )
        )
    cases = Case.objects.bulk_create(rows, batch_size=1000)
    Clock.objects.bulk_create(
        [
            Clock(case=case, key="reply", calendar=desk.cast.hotline.calendar, state="running" if case.due_at else "met",
                  started_at=case.received_at, due_at=case.received_at + timedelta(days=3),
                  next_at=MONDAY - timedelta(hours=1) if n in range(1000, 1030) and case.due_at
                  else MONDAY + timedelta(days=2) if case.due_at else None)
            for n, case in enumerate(cases)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        # The server's own housekeeping, which cannot see a test's rows: new words leave the index's waiting list.
        cursor.execute("SELECT gin_clean_pending_list('case_search')")
        cursor.execute("ANALYZE")
    return desk


def ways(queries: CaptureQueriesContext) -> list[str]:
    """The plans of every captured question that reads cases or clocks."""
    plans = []
    with connection.cursor() as cursor:
        for sql in [q["sql"] for q in queries.captured_queries]:
            if sql.startswith("SELECT") and ("cases_case" in sql or "cases_clock" in sql):
                cursor.execute(f"EXPLAIN {sql}")
                plans.append("\n".join(row[0] for row in cursor.fetchall()) + f"\n{sql[:3000]}")
    return plans


def test_no_question_walks_through_the_table(thousands: Desk) -> None:
    cast = thousands.cast
    late_code, token = "QNM-2026-104200", f"{4200:032}"
    with CaptureQueriesContext(connection) as queries:
        for who in ("binh", "hung", "cuong", "ha", "van"):
            viewer = cast.viewer(who)
            counters(viewer, now=MONDAY)
            for tab in [tab.key for tab in rules.tabs_for(viewer.roles)]:
                page = inbox(viewer, tab, now=MONDAY, limit=20)
                if page.next:
                    inbox(viewer, tab, page.next, now=MONDAY, limit=20)
            search(viewer, "số 4242")
            search(viewer, "0905123456")
            search(viewer, late_code)
        case_page(cast.viewer("ha"), late_code, now=MONDAY)
        lookup(late_code, "0905123456")
        found = by_token(token)
        assert found is not None
        public_page(found, now=MONDAY)
        page = published()
        published(page.next)
        sweep_once(MONDAY)
    plans = ways(queries)
    assert len(plans) > 80
    with CaptureQueriesContext(connection) as queries:
        list(Case.objects.filter(place="nowhere"))
    assert "Seq Scan on cases_case" in ways(queries)[0], "a walk would be seen"
    walking = [plan for plan in plans if "Seq Scan on cases_case" in plan or "Seq Scan on cases_clock" in plan]
    assert not walking, "\n\n".join(walking)
