"""From "beyond ability" to the doctor's words: every attempt on record, numbers on none, rest between shifts warned of."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hotline.console.sealed.actions import move
from hotline.conversations.models import Contact
from hotline.experts import actions, queries
from hotline.experts.models import Connection, Expert, Referral
from hotline.experts.rules import Answer, Duty, rest_warning, shift_fault
from hotline.experts.tests.conftest import NUMBER_KEPT, Clinic
from hotline.intake.actions import answer_from_base, close, open_case, pass_on, receive, take
from hotline.intake.rules import Inbound
from hotline.journal.models import Act
from hotline.knowledge import actions as knowledge
from hotline.knowledge.models import Gap
from hotline.knowledge.rules import EntryGiven, GapReason
from hotline.refusals import Refused, Stale
from hotline.testing.cast import FRIDAY_BEFORE_TET, THAT_DAY, ZONE, Cast

NOW = FRIDAY_BEFORE_TET
LATER = NOW + timedelta(minutes=3)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=ZONE)


RESTS = [  # the other shift, this shift, warned of, why
    ((13, 7), (13, 15), (14, 3), (14, 11), False, "12 hours exactly, as Điều 110 asks"),
    ((13, 7), (13, 15), (14, 2, 59), (14, 11), True, "one minute less than 12 hours"),
    ((13, 22), (14, 6), (13, 6), (13, 14), True, "a night shift 8 hours after the day shift, entered first"),
    ((13, 7), (13, 15), (13, 15), (13, 19), True, "straight on: no rest at all"),
    ((10, 7), (10, 15), (13, 7), (13, 15), False, "days between"),
]


@pytest.mark.parametrize(("b1", "e1", "b2", "e2", "warned", "why"), RESTS, ids=[row[5] for row in RESTS])
def test_rest_between_shifts(b1: tuple, e1: tuple, b2: tuple, e2: tuple, warned: bool, why: str) -> None:
    warning = rest_warning(Duty(at(*b2), at(*e2)), [Duty(at(*b1), at(*e1))], timedelta(hours=12))
    assert (warning is not None) is warned, why
    if warning:
        assert "Điều 110" in warning.vi


@pytest.mark.parametrize(
    ("begins", "ends", "why"),
    [((13, 9), (13, 9), "no time at all"), ((13, 9), (13, 8), "backwards"), ((13, 9), (14, 10), "longer than a day"),
     ((13, 14), (13, 20), "overlaps another")],
)  # fmt: skip
def test_shifts_that_cannot_be(begins: tuple, ends: tuple, why: str) -> None:
    assert shift_fault(Duty(at(*begins), at(*ends)), [Duty(at(13, 7), at(13, 15))]) is not None, why


def test_a_short_rest_is_allowed_warned_of_and_on_record(clinic: Clinic) -> None:
    _, warning = actions.add_shift(
        clinic.on.pk, clinic.unit, at(14, 2), at(14, 8), rest=timedelta(hours=12), actor=clinic.actor(), now=NOW
    )
    assert warning and "nghỉ 6 giờ" in warning.vi
    assert Act.objects.filter(kind="expert.rostered").last().note == warning.vi
    week = queries.rota(clinic.cast.hotline.pk, at(13, 0), at(16, 0), NOW, timedelta(hours=12))
    assert [bool(row.warning) for row in week] == [True, True] and [row.now for row in week] == [True, False]


def test_beyond_ability_goes_to_the_standing_unit_and_is_a_gap(clinic: Clinic) -> None:
    letter = clinic.waiting()
    assert (letter.state, letter.taken_by) == ("referred", None)
    referral = Referral.objects.get()
    assert (referral.agency, referral.state, referral.reason) == (clinic.unit, "waiting", "beyond_ability")
    assert Gap.objects.get().count == 1
    kinds = list(Act.objects.filter(subject="conversation", subject_id=letter.pk).values_list("kind", flat=True))
    assert kinds[-1] == "conversation.referred"
    with pytest.raises(Refused):
        close(letter.pk, "nuisance", actor=clinic.cast.actor("cuong"), now=NOW)


def test_the_doctor_answers_and_the_citizen_is_told(clinic: Clinic) -> None:
    letter, actor = clinic.waiting(), clinic.actor()
    referral = Referral.objects.get()
    actions.connect(referral.pk, clinic.on.pk, version=1, actor=actor, now=LATER)
    with pytest.raises(Refused):
        actions.connect(referral.pk, clinic.on.pk, version=2, actor=actor, now=LATER)
    with pytest.raises(Refused, match="accepted"):
        actions.finish(referral.pk, "Nằm sấp.", version=2, actor=actor, now=LATER)
    actions.hear(referral.pk, Answer.ACCEPTED, version=2, actor=actor, now=LATER)
    with pytest.raises(Stale):
        actions.finish(referral.pk, "Nằm sấp.", version=2, actor=actor, now=LATER)
    actions.finish(referral.pk, "SpO2 95%: gọi 115, nằm đầu cao.", version=3, actor=actor, now=LATER)
    letter.refresh_from_db()
    answer = Contact.objects.get(conversation=letter, kind="answer")
    assert (letter.state, letter.outcome, answer.delivery) == ("answered", "expert", "queued")
    assert answer.meta["expert"] == "BS. Trần Thu Hương" and answer.meta["level"] == "expert"
    act = Act.objects.get(kind="conversation.answered", subject_id=letter.pk)
    assert act.after["level"] == "expert"
    assert [c.state for c in queries.connections_of(referral)] == ["ended"]


@pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.NO_ANSWER])
def test_who_does_not_answer_is_on_record_and_another_may_be_asked(clinic: Clinic, answer: Answer) -> None:
    clinic.waiting()
    referral, actor = Referral.objects.get(), clinic.actor()
    actions.connect(referral.pk, clinic.on.pk, version=1, actor=actor, now=LATER)
    actions.hear(referral.pk, answer, version=2, actor=actor, now=LATER)
    actions.connect(referral.pk, clinic.on.pk, version=3, actor=actor, now=LATER)
    assert [c.state for c in queries.connections_of(referral)] == [str(answer), "asked"]


def test_nobody_is_called_outside_a_shift(clinic: Clinic) -> None:
    clinic.waiting()
    referral = Referral.objects.get()
    for expert, now in ((clinic.off, LATER), (clinic.on, NOW + timedelta(hours=4))):
        with pytest.raises(Refused, match="not on duty"):
            actions.connect(referral.pk, expert.pk, version=1, actor=clinic.actor(), now=now)
    assert [e.name for e in queries.on_duty(clinic.cast.hotline.pk, LATER)] == ["BS. Trần Thu Hương"]


@pytest.mark.parametrize("who", ["cuong", "tam", "ha", "binh", "mai", "admin", "nguoi-la"])
def test_only_the_standing_unit_connects(clinic: Clinic, who: str) -> None:
    clinic.waiting()
    referral, actor = Referral.objects.get(), clinic.cast.actor(who)
    for attempt in (
        lambda: actions.connect(referral.pk, clinic.on.pk, version=1, actor=actor, now=LATER),
        lambda: actions.give_back(referral.pk, "x", version=1, actor=actor, now=LATER),
        lambda: actions.add_expert(
            clinic.cast.hotline, clinic.unit, name="x", specialty="x", phone="0912345678", actor=actor, now=NOW
        ),
    ):
        with pytest.raises(Refused, match="standing unit"):
            attempt()
    seen = Referral.objects.visible_to(clinic.cast.viewer(who)).exists()
    assert seen is (who in {"tam", "ha"}), "shift leader and coordinator read; others see nothing"


def test_given_back_it_waits_at_the_desk_in_its_old_place(clinic: Clinic) -> None:
    letter = clinic.waiting()
    actions.give_back(Referral.objects.get().pk, "Đề nghị mở phiếu.", version=1, actor=clinic.actor(), now=LATER)
    letter.refresh_from_db()
    assert (letter.state, letter.last_contact_at) == ("waiting", NOW)
    assert Contact.objects.get(conversation=letter, kind="note").text == "Đề nghị mở phiếu."
    cuong = clinic.cast.actor("cuong")
    take(letter.pk, actor=cuong, now=LATER)
    assert pass_on(letter.pk, GapReason.NOT_IN_BASE, "Hỏi lại", actor=cuong, now=LATER)[1], "it may go there again"


def test_what_became_a_case_gets_a_note_and_stays_one(clinic: Clinic) -> None:
    letter = receive(
        Inbound(clinic.cast.hotline.pk, "email", "m", "<case@x.vn>", "Nước ngập, tôi bị sốt", name="An", email="an@example.vn",
                phone="+84905123456", address="12 Trần Phú"), NOW).conversation  # fmt: skip
    assert letter is not None
    cuong = clinic.cast.actor("cuong")
    take(letter.pk, actor=cuong, now=NOW)
    open_case(
        letter.pk, kind="report", field_id=clinic.cast.field["thoat_nuoc"].pk, content="Ngập", actor=cuong, now=NOW
    )
    _, referral = pass_on(letter.pk, GapReason.BEYOND_ABILITY, "Sốt khi ngập nước?", actor=cuong, now=NOW)
    assert referral is not None
    actor = clinic.actor()
    actions.connect(referral.pk, clinic.on.pk, version=1, actor=actor, now=LATER)
    actions.hear(referral.pk, Answer.ACCEPTED, version=2, actor=actor, now=LATER)
    actions.finish(referral.pk, "Theo dõi sốt xuất huyết.", version=3, actor=actor, now=LATER)
    letter.refresh_from_db()
    assert letter.state == "opened"
    assert Contact.objects.get(conversation=letter, kind="note").text == "Theo dõi sốt xuất huyết."


def test_the_number_is_in_no_act(clinic: Clinic) -> None:
    actor = clinic.actor()
    actions.change_expert(
        clinic.on.pk,
        clinic.unit,
        name="BS. Hương",
        specialty="Nhi",
        phone="0987654321",
        version=1,
        actor=actor,
        now=NOW,
    )
    assert Expert.objects.get(pk=clinic.on.pk).phone == "+84987654321"
    actions.change_expert(
        clinic.on.pk, clinic.unit, name="BS. Hương", specialty="Nhi", phone="", version=2, actor=actor, now=NOW
    )
    assert Expert.objects.get(pk=clinic.on.pk).phone == "+84987654321", "left empty, it stays"
    written = str(list(Act.objects.values_list("before", "after", "note")))
    assert not [digits for digits in (NUMBER_KEPT[3:], "987654321") if digits in written]


def test_a_denunciation_that_was_passed_on_is_taken_out_whole(clinic: Clinic) -> None:
    letter, actor, cuong = clinic.waiting(), clinic.actor(), clinic.cast.actor("cuong")
    referral = Referral.objects.get()
    actions.connect(referral.pk, clinic.on.pk, version=1, actor=actor, now=LATER)
    actions.hear(referral.pk, Answer.DECLINED, version=2, actor=actor, now=LATER)
    actions.give_back(referral.pk, "Đây là tố cáo.", version=3, actor=actor, now=LATER)
    take(letter.pk, actor=cuong, now=LATER)
    move(letter.pk, accused="Ông X", matter="Nhận tiền", evidence="Ảnh", actor=cuong, now=LATER)
    assert not Referral.objects.exists() and not Connection.objects.exists() and not Gap.objects.exists()


# -- at the desk -------------------------------------------------------------------------------------------------------


def test_answered_with_an_entry_the_contact_keeps_which_and_which_version(cast: Cast) -> None:
    given = EntryGiven("Ngập thì báo ai?", "Gọi đội thoát nước.", THAT_DAY, valid_to=THAT_DAY)
    entry = knowledge.write(cast.hotline, cast.agency["so-xay-dung"], given, actor=cast.actor("mai"), now=NOW)
    letter = receive(
        Inbound(cast.hotline.pk, "email", "m", "<k@x.vn>", "Ngập?", name="An", email="an@x.vn"), NOW
    ).conversation
    assert letter is not None
    cuong = cast.actor("cuong")
    take(letter.pk, actor=cuong, now=NOW)
    with pytest.raises(Refused, match="not in force"):
        answer_from_base(letter.pk, entry.pk, 1, actor=cuong, now=NOW + timedelta(days=1))
    with pytest.raises(Stale):
        answer_from_base(letter.pk, entry.pk, 2, actor=cuong, now=NOW)
    done = answer_from_base(letter.pk, entry.pk, 1, actor=cuong, now=NOW)
    entry.refresh_from_db()
    contact = Contact.objects.get(conversation=letter, kind="answer")
    assert (done.state, done.outcome, entry.uses) == ("answered", "guided", 1)
    assert (contact.text, contact.meta["entry"], contact.meta["entry_version"]) == ("Gọi đội thoát nước.", entry.pk, 1)


def test_without_experts_in_the_edition_the_question_is_noted_and_stays_here(cast: Cast) -> None:
    queries.forget()
    letter = receive(
        Inbound(cast.hotline.pk, "email", "m", "<k@x.vn>", "Hỏi khó", name="An", email="an@x.vn"), NOW
    ).conversation
    assert letter is not None
    take(letter.pk, actor=cast.actor("cuong"), now=NOW)
    gap, referral = pass_on(letter.pk, GapReason.NOT_IN_BASE, "Câu hỏi khó về ngập", actor=cast.actor("cuong"), now=NOW)
    letter.refresh_from_db()
    assert (referral, letter.state, gap.agency) == (None, "taken", cast.agency["so-xay-dung"])
