"""The verbs of a case: what they do, whom they refuse, and that a refusal writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hotline.cases import actions, rules
from hotline.cases.models import Answer, Case, Rating
from hotline.cases.tests.conftest import CITIZEN, Desk, at, refuses
from hotline.conversations.models import Attachment, Contact
from hotline.journal.models import Act
from hotline.journal.rules import Actor
from hotline.refusals import Refused, Stale
from hotline.regulation.lifecycle import State, Step

MONDAY = at("02/03 08:00")


def picture(case: Case | None = None, width: int | None = 800) -> Attachment:
    contact = case.conversation.contacts.create(
        direction="in", channel="web", external_id=f"x{Attachment.objects.count()}", at=MONDAY
    ) if case else None
    return Attachment.objects.create(
        contact=contact, file="attachments/aa/aa", name="sau.jpg", content_type="image/jpeg", size=10, width=width,
        height=600,
    )


def snapshot(case: Case) -> tuple:
    row = Case.objects.get(pk=case.pk)
    columns = tuple(getattr(row, f.attname) for f in Case._meta.concrete_fields)
    return (
        columns, tuple(row.clocks.order_by("id").values_list()), row.assignments.count(), row.answers.count(),
        Contact.objects.count(), Act.objects.count(),
    )


def test_opening(desk: Desk) -> None:
    case = desk.opened(MONDAY)
    assert case.code == rules.case_code("QNM", MONDAY, case.number) and case.code.startswith("QNM-2026-")
    assert (case.state, case.edition_id, case.version) == ("received", desk.cast.edition.pk, 1)
    assert case.suggested_agency == desk.cast.agency["so-xay-dung"]
    assert sorted(case.clocks.values_list("key", flat=True)) == ["forward", "reply"]
    assert [a.kind for a in Act.objects.filter(subject="case", subject_id=case.pk)] == ["case.opened"]


def test_opening_twice_gives_two_numbers_and_two_links(desk: Desk) -> None:
    first, second = desk.opened(MONDAY), desk.opened(MONDAY)
    assert first.number < second.number and first.token != second.token and len(first.token) == 32


def test_no_edition_that_day(desk: Desk) -> None:
    with refuses("Tổng đài tiếp nhận từ ngày 04/06/2021"):
        desk.opened(at("01/01/2019 08:00"))
    assert not Case.objects.exists() and not Act.objects.filter(subject="case").exists()


def test_the_usual_way(desk: Desk) -> None:
    case = desk.answered(MONDAY)
    assert case.state == "answered" and case.due_at is None and case.outcome == "answered"
    assert case.reopen_until == at("16/03 17:00")  # ten working days after the day of the answer
    sent = case.answers.get()
    assert sent.state == Answer.State.SENT and sent.contact.direction == "out" and "nạo vét" in sent.contact.text
    kinds = [a.kind for a in Act.objects.filter(subject="case", subject_id=case.pk)]
    assert kinds == ["case.opened", "case.assigned", "case.accepted", "case.drafted", "case.submitted", "case.answered"]
    assert case.version == len(kinds)


def test_a_case_climbs_the_levels_and_never_down(desk: Desk) -> None:
    levels = [desk.opened(MONDAY).level]
    case = desk.accepted(MONDAY)
    levels.append(case.level)
    case = actions.take_over(case, actor=desk.actor("hung"), now=MONDAY)
    levels.append(case.level)
    case = actions.reassign(case, desk.cast.agency["dien-luc"], actor=desk.actor("ha"), now=MONDAY)
    assert [*levels, case.level] == [1, 2, 3, 3]


def test_the_second_saver_is_told(desk: Desk) -> None:
    case = desk.accepted(MONDAY)
    actions.save_draft(case, "answered", "Của chị Bình", actor=desk.actor("binh"), now=MONDAY, version=case.version)
    before = snapshot(case)
    with pytest.raises(Stale):
        actions.save_draft(case, "answered", "Của anh Đức", actor=desk.actor("duc"), now=MONDAY, version=case.version)
    assert snapshot(case) == before and case.answers.get().body == "Của chị Bình"


REFUSALS: list[tuple[str, Callable[[Desk], Case], Callable[[Desk, Case], object], str]] = [
    ("nobody assigns what the desk has not", lambda d: d.opened(MONDAY),
     lambda d, c: actions.assign(c, d.cast.agency["dien-luc"], actor=d.actor("binh"), now=MONDAY), "đơn vị"),
    ("a call-taker does not accept", lambda d: d.assigned(MONDAY),
     lambda d, c: actions.accept(c, actor=d.actor("cuong"), now=MONDAY), "Chỉ"),
    ("what is accepted is not accepted again", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.accept(c, actor=d.actor("binh"), now=MONDAY), "trạng thái"),
    ("a return needs a reason", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.return_case(c, " ", d.cast.agency["dien-luc"], actor=d.actor("binh"), now=MONDAY), "lý do"),
    ("a return needs a proposal", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.return_case(c, "sai", None, actor=d.actor("binh"), now=MONDAY), "đề xuất"),
    ("nobody proposes themselves", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.return_case(c, "sai", d.cast.agency["so-xay-dung"], actor=d.actor("binh"), now=MONDAY),
     "đề xuất"),
    ("nothing is submitted without a draft", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.submit(c, actor=d.actor("binh"), now=MONDAY), "dự thảo"),
    ("the focal person does not answer without the head", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.answer(c, "answered", "Xong", actor=d.actor("binh"), now=MONDAY), "thủ trưởng"),
    ("the focal person does not approve", lambda d: d.submitted(MONDAY),
     lambda d, c: actions.approve(c, actor=d.actor("binh"), now=MONDAY), "Chỉ"),
    ("a submitted draft is the head's to change", lambda d: d.submitted(MONDAY),
     lambda d, c: actions.save_draft(c, "answered", "Khác", actor=d.actor("binh"), now=MONDAY), "thủ trưởng"),
    ("a promise lies in the future", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.reschedule(c, MONDAY, "mưa", actor=d.actor("binh"), now=MONDAY), "sau hiện tại"),
    ("a promise has a reason", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.reschedule(c, at("09/03 08:00"), "", actor=d.actor("binh"), now=MONDAY), "lý do"),
    ("an inspector only reads", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.note(c, "xem", actor=d.actor("van"), now=MONDAY), "không thể"),
    ("a leader urges but does not withdraw", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.withdraw(c, "thôi", actor=d.actor("son"), now=MONDAY), "Chỉ"),
    ("nothing moves into itself", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.merge(c, c, actor=d.actor("cuong"), now=MONDAY), "chính nó"),
    ("the agency that has it is not given it again", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.reassign(c, d.cast.agency["so-xay-dung"], actor=d.actor("ha"), now=MONDAY), "đang xử lý"),
    ("an answered case is not changed", lambda d: d.answered(MONDAY),
     lambda d, c: actions.change(c, summary="Khác", actor=d.actor("cuong"), now=at("02/03 09:00")), "không thể"),
    ("nothing changed is nothing done", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.change(c, summary=c.summary, actor=d.actor("cuong"), now=MONDAY), "thay đổi"),
    ("the system settles nothing before the window has passed", lambda d: d.answered(MONDAY),
     lambda d, c: actions.settle(c, now=at("16/03 16:59")), "còn thời gian"),
    ("what was not answered is not rated", lambda d: d.accepted(MONDAY),
     lambda d, c: actions.rate(c, 5, actor=CITIZEN, now=MONDAY), "trạng thái"),
    ("a withdrawn case is not taken up again",
     lambda d: actions.withdraw(d.accepted(MONDAY), "thôi", actor=d.actor("cuong"), now=MONDAY),
     lambda d, c: actions.ask_reopen(c, "lại", actor=CITIZEN, now=MONDAY), "không có câu trả lời"),
    ("after the window reopening is refused with its date", lambda d: d.answered(MONDAY),
     lambda d, c: actions.ask_reopen(c, "lại", actor=CITIZEN, now=at("16/03 17:01")), "16/03/2026"),
]


@pytest.mark.parametrize(("given", "do", "says"), [r[1:] for r in REFUSALS], ids=[r[0] for r in REFUSALS])
def test_refused_and_nothing_written(
    desk: Desk, given: Callable[[Desk], Case], do: Callable[[Desk, Case], object], says: str
) -> None:
    case = given(desk)
    before = snapshot(case)
    with refuses(says):
        do(desk, case)
    assert snapshot(case) == before


# -- the stranger who must never get in ---------------------------------------------------------------------------------

AT_AGENCY: list[tuple[str, Callable[[Desk], Case], Callable[[Desk, Case, Actor], object]]] = [
    ("accept", lambda d: d.assigned(MONDAY), lambda d, c, a: actions.accept(c, actor=a, now=MONDAY)),
    ("return", lambda d: d.accepted(MONDAY),
     lambda d, c, a: actions.return_case(c, "x", d.cast.agency["dien-luc"], actor=a, now=MONDAY)),
    ("ask_verification", lambda d: d.accepted(MONDAY),
     lambda d, c, a: actions.ask_verification(c, "x", actor=a, now=MONDAY)),
    ("reschedule", lambda d: d.accepted(MONDAY),
     lambda d, c, a: actions.reschedule(c, at("09/03 08:00"), "x", actor=a, now=MONDAY)),
    ("save_draft", lambda d: d.accepted(MONDAY),
     lambda d, c, a: actions.save_draft(c, "answered", "x", actor=a, now=MONDAY)),
    ("submit", lambda d: actions.save_draft(d.accepted(MONDAY), "answered", "x", actor=d.actor("binh"), now=MONDAY),
     lambda d, c, a: actions.submit(c, actor=a, now=MONDAY)),
    ("send_back", lambda d: d.submitted(MONDAY), lambda d, c, a: actions.send_back(c, "x", actor=a, now=MONDAY)),
    ("approve", lambda d: d.submitted(MONDAY), lambda d, c, a: actions.approve(c, actor=a, now=MONDAY)),
    ("take_over", lambda d: d.accepted(MONDAY), lambda d, c, a: actions.take_over(c, actor=a, now=MONDAY)),
    ("note", lambda d: d.accepted(MONDAY), lambda d, c, a: actions.note(c, "x", actor=a, now=MONDAY)),
]


@pytest.mark.parametrize(("verb", "given", "do"), AT_AGENCY, ids=[r[0] for r in AT_AGENCY])
def test_only_the_agency_that_holds_it(
    desk: Desk, verb: str, given: Callable[[Desk], Case], do: Callable[[Desk, Case, Actor], object]
) -> None:
    """Officers of another agency, people without such a post, an actor who only claims the roles, one whose post ended."""
    case = given(desk)
    both, person = frozenset({"focal_person", "head"}), desk.cast.person
    strangers = [desk.actor(who) for who in ("lan", "quang", "nguoi-la", "mai", "admin", "ky-thuat")]
    strangers.append(Actor("person", person["nguoi-la"].pk, "Tự xưng", roles=both))
    person["duc"].posts.update(valid_to=date(2026, 3, 1))
    strangers.append(Actor("person", person["duc"].pk, "Đã thôi việc hôm qua", roles=both))
    before = snapshot(case)
    for stranger in strangers:
        with pytest.raises(Refused):
            do(desk, case, stranger)
        assert snapshot(case) == before, stranger.name
    do(desk, case, desk.actor("hung" if verb in ("send_back", "approve", "take_over") else "binh"))
    assert snapshot(case) != before, "those whose case it is may do it"


def test_a_citizen_with_an_officers_number_is_no_officer(desk: Desk) -> None:
    case = desk.assigned(MONDAY)
    actor = Actor("citizen", desk.cast.person["binh"].pk, "Giả danh", roles=frozenset({"focal_person"}))
    with pytest.raises(Refused):
        actions.accept(case, actor=actor, now=MONDAY)


# -- returns ------------------------------------------------------------------------------------------------------------


def test_returned_once_goes_to_the_desk_twice_to_the_coordinator_and_never_a_third_time(desk: Desk) -> None:
    agency, binh, lan = desk.cast.agency, desk.actor("binh"), desk.actor("lan")
    case = actions.return_case(desk.assigned(MONDAY), "của điện lực", agency["dien-luc"], actor=binh, now=MONDAY)
    assert (case.state, case.returns, case.agency_id) == ("returned", 1, None)
    last = case.assignments.latest("id")
    assert (last.returned, last.return_reason, last.proposed_agency) == (True, "của điện lực", agency["dien-luc"])
    case = actions.assign(case, agency["dien-luc"], actor=desk.actor("cuong"), now=MONDAY)
    case = actions.return_case(case, "của sở", agency["so-xay-dung"], actor=lan, now=MONDAY)
    assert (case.state, case.returns) == ("awaiting_decision", 2)
    with pytest.raises(Refused):
        actions.assign(case, agency["so-xay-dung"], actor=desk.actor("cuong"), now=MONDAY)
    case = actions.decide(case, agency["so-xay-dung"], note="theo phân cấp", actor=desk.actor("ha"), now=MONDAY)
    assert (case.state, case.bound) == ("assigned", True)
    with refuses("đã quyết định"):
        actions.return_case(case, "vẫn không", agency["dien-luc"], actor=binh, now=MONDAY)
    assert case.assignments.filter(until__isnull=True).count() == 1


# -- hẹn lại ------------------------------------------------------------------------------------------------------------


def test_rescheduling_moves_the_clocks_the_edition_names_and_runs_one_of_its_own(desk: Desk) -> None:
    until = at("12/03 10:00")
    case = actions.reschedule(desk.accepted(MONDAY), until, "chờ ống", actor=desk.actor("binh"), now=at("02/03 09:00"))
    assert (case.promised_at, case.reschedules, case.due_at) == (until, 1, until)
    clocks = {c.key: c for c in case.clocks.all()}
    assert clocks["focal_person"].due_at == clocks["promise"].due_at == until
    assert clocks["reply"].due_at == at("16/03 17:00")  # the law's ten days are nobody's to promise away


def test_a_second_reschedule_is_refused_with_the_article(desk: Desk) -> None:
    case = actions.reschedule(desk.accepted(MONDAY), at("12/03 10:00"), "chờ ống", actor=desk.actor("binh"), now=MONDAY)
    before = snapshot(case)
    with refuses("không quá 1 lần") as refused:
        actions.reschedule(case, at("13/03 10:00"), "vẫn chờ", actor=desk.actor("binh"), now=at("03/03 08:00"))
    assert "1519/QĐ-UBND" in refused.value.article and snapshot(case) == before


def test_a_broken_promise_is_late_though_the_focal_person_was_in_time(desk: Desk) -> None:
    case = actions.reschedule(desk.accepted(MONDAY), at("05/03 10:00"), "chờ ống", actor=desk.actor("binh"), now=MONDAY)
    case = actions.save_draft(case, "answered", "Xong", actor=desk.actor("binh"), now=MONDAY)
    case = actions.submit(case, actor=desk.actor("binh"), now=at("03/03 08:00"))
    case = actions.approve(case, actor=desk.actor("hung"), now=at("06/03 08:00"))
    assert case.late_at == at("05/03 10:00")
    late = Act.objects.filter(kind="case.overdue", subject_id=case.pk)
    assert [a.after["clock"] for a in late] == ["promise"]


# -- answers ------------------------------------------------------------------------------------------------------------

OUTCOMES = [
    ("a plain answer", "answered", {}, ""),
    ("an empty answer", "answered", {"body": "  "}, "trống"),
    ("fixed without proof", "fixed", {}, "ảnh"),
    ("scheduled without a date", "scheduled", {}, "ngày"),
    ("scheduled in the past", "scheduled", {"scheduled_for": date(2026, 3, 1)}, "ngày"),
    ("scheduled for a day", "scheduled", {"scheduled_for": date(2026, 4, 1)}, ""),
    ("cannot, without a ground", "cannot", {"where_to_go": "Tòa án"}, "căn cứ"),
    ("cannot, with a ground of no list", "cannot", {"ground": "no", "where_to_go": "Tòa án"}, "căn cứ"),
    ("a ground not yet in force", "cannot", {"ground": "court_decision", "where_to_go": "Tòa án"}, "căn cứ"),
    ("not competent, and nowhere to go", "not_competent", {"ground": "other_competence"}, "nơi nào"),
    ("not competent, told where", "not_competent", {"ground": "other_competence", "where_to_go": "Công an xã"}, ""),
    ("merged is no answer", "merged", {}, "kết quả"),
]


@pytest.mark.parametrize(("outcome", "fields", "says"), [o[1:] for o in OUTCOMES], ids=[o[0] for o in OUTCOMES])
def test_what_an_outcome_needs(desk: Desk, outcome: str, fields: dict, says: str) -> None:
    case = actions.take_over(desk.accepted(MONDAY), actor=desk.actor("hung"), now=MONDAY)
    fields = {"body": "Đã xem xét.", **fields}
    if not says:
        case = actions.answer(case, outcome, **fields, actor=desk.actor("hung"), now=MONDAY)
        text = case.answers.get().contact.text
        assert case.outcome == outcome and fields.get("where_to_go", "") in text
        return
    with refuses(says):
        actions.answer(case, outcome, **fields, actor=desk.actor("hung"), now=MONDAY)
    assert not Answer.objects.exists() and not Contact.objects.filter(direction="out").exists()


def test_fixed_with_a_photo_and_the_photo_goes_out(desk: Desk) -> None:
    case = actions.take_over(desk.accepted(MONDAY), actor=desk.actor("hung"), now=MONDAY)
    photo = picture()
    case = actions.answer(case, "fixed", "Đã thay.", attachments=[photo], actor=desk.actor("hung"), now=MONDAY)
    photo.refresh_from_db()
    assert case.outcome == "fixed" and photo.contact == case.answers.get().contact


def test_a_text_file_is_no_photo(desk: Desk) -> None:
    case = actions.take_over(desk.accepted(MONDAY), actor=desk.actor("hung"), now=MONDAY)
    with refuses("ảnh"):
        actions.answer(case, "fixed", "Đã thay.", attachments=[picture(width=None)], actor=desk.actor("hung"), now=MONDAY)


def test_a_file_of_another_case_is_not_attached(desk: Desk) -> None:
    other, case = desk.opened(MONDAY), desk.accepted(MONDAY)
    with refuses("không thuộc"):
        actions.save_draft(case, "fixed", "x", attachments=[picture(other)], actor=desk.actor("binh"), now=MONDAY)
    drafted = picture()
    other = actions.assign(other, desk.cast.agency["so-xay-dung"], actor=desk.actor("cuong"), now=MONDAY)
    other = actions.accept(other, actor=desk.actor("binh"), now=MONDAY)
    actions.save_draft(other, "fixed", "x", attachments=[drafted], actor=desk.actor("binh"), now=MONDAY)
    with refuses("không thuộc"):
        actions.save_draft(case, "fixed", "x", attachments=[drafted], actor=desk.actor("binh"), now=MONDAY)


def test_sent_back_and_written_again_is_one_answer(desk: Desk) -> None:
    case = actions.send_back(desk.submitted(MONDAY), "nói rõ ngày", actor=desk.actor("hung"), now=at("02/03 09:00"))
    assert case.answers.get().comment == "nói rõ ngày" and case.state == "in_progress"
    case = actions.save_draft(case, "answered", "Ngày 5/3.", actor=desk.actor("binh"), now=at("02/03 09:30"))
    case = actions.submit(case, actor=desk.actor("binh"), now=at("02/03 10:00"))
    case = actions.approve(case, actor=desk.actor("hung"), now=at("02/03 10:30"))
    assert case.answers.get().contact.text == "Ngày 5/3."


def test_the_desk_answers_at_once(desk: Desk) -> None:
    case = actions.answer_at_once(desk.opened(MONDAY), "Mời gọi 0235.", actor=desk.actor("cuong"), now=MONDAY)
    assert case.state == "answered" and case.level == 1
    assert set(case.clocks.values_list("state", flat=True)) == {"met"}


# -- the citizen --------------------------------------------------------------------------------------------------------

RATINGS = [
    (5, True, "closed", "resolved: settled at once"),
    (4, None, "answered", "content, not said to be resolved: the window stays open"),
    (2, None, "reopen_requested", "two stars ask by themselves"),
    (5, False, "reopen_requested", "“chưa được giải quyết” asks whatever the stars"),
    (1, True, "reopen_requested", "one star asks though it says resolved"),
]


@pytest.mark.parametrize(("stars", "resolved", "state", "why"), RATINGS)
def test_rating(desk: Desk, stars: int, resolved: bool | None, state: str, why: str) -> None:
    case = desk.answered(MONDAY)
    acts = Act.objects.filter(subject="case", subject_id=case.pk)
    before = acts.count()
    case = actions.rate(case, stars, "lời", resolved, actor=CITIZEN, now=at("03/03 08:00"))
    assert case.state == state, why
    assert acts.count() - before == (1 if state == "answered" else 2)
    with pytest.raises(Refused):
        actions.rate(case, 5, actor=CITIZEN, now=at("03/03 09:00"))
    assert Rating.objects.count() == 1


def test_an_unhappy_rating_after_the_window_is_kept_and_asks_nothing(desk: Desk) -> None:
    case = actions.rate(desk.answered(MONDAY), 1, actor=CITIZEN, now=at("17/03 08:00"))
    assert case.state == "answered" and case.stars == 1


def test_a_refused_reopening_is_final(desk: Desk) -> None:
    case = actions.ask_reopen(desk.answered(MONDAY), "chưa xong", actor=CITIZEN, now=at("03/03 08:00"))
    case = actions.refuse_reopen(case, "đã xong, có ảnh", actor=desk.actor("ha"), now=at("03/03 09:00"))
    assert case.state == "closed" and case.outcome == "answered"
    with refuses("đã được xem xét"):
        actions.ask_reopen(case, "lại", actor=CITIZEN, now=at("03/03 10:00"))


def test_merged_and_what_it_was_merged_into(desk: Desk) -> None:
    lead, case = desk.accepted(MONDAY), desk.opened(MONDAY)
    case = actions.merge(case, lead, actor=desk.actor("cuong"), now=MONDAY)
    assert (case.state, case.outcome, case.merged_into) == ("closed", "merged", lead)
    with refuses("chưa kết thúc"):
        actions.merge(lead, case, actor=desk.actor("cuong"), now=MONDAY)


# -- words --------------------------------------------------------------------------------------------------------------


def test_every_state_has_a_holder_or_is_done_and_every_step_an_act() -> None:
    assert set(rules.HOLDERS) == set(State)
    assert set(rules.ACT_OF) == set(Step)
    assert set(rules.ACT_OF.values()) <= set(rules.ACT_LABELS)
    assert set(rules.MILESTONES) <= set(rules.ACT_LABELS)
    assert set(rules.DUTIES) == {state for state, roles in rules.HOLDERS.items() if roles}


@pytest.mark.parametrize("made_up", ["", "1", "x" * 400, "é", "MjAyNi0wMS0wMX4x", "%%%"])
def test_a_made_up_cursor_is_none(made_up: str) -> None:
    assert rules.read_cursor(made_up) is None


def test_a_cursor_reads_back() -> None:
    assert rules.read_cursor(rules.cursor_of(MONDAY, 7)) == (MONDAY, 7)
    assert rules.read_cursor(rules.cursor_of(None, 7)) == (None, 7)

