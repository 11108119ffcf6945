"""Mode 4 walked in dates: appraised, registered, prepared, invited to, held, minuted, followed up until the last task."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hotline.cases.models import Obligation
from hotline.conversations.models import Contact
from hotline.dialogues import actions
from hotline.dialogues.actions import Given
from hotline.dialogues.models import Dialogue
from hotline.dialogues.queries import of_case, tasks_left
from hotline.documents import actions as documents
from hotline.documents.tests.conftest import MONDAY, Office, at, office, refuses
from hotline.journal.models import Act
from hotline.notifications.models import Notice
from hotline.reactions import react
from hotline.refusals import Stale

__all__ = ["office"]
THURSDAY = at("12/03 14:00")


def told(kind: str) -> set[str]:
    act = Act.objects.filter(kind=kind).latest("id")
    react(act.pk)
    return set(Notice.objects.filter(act_id=act.pk).values_list("person__username", flat=True))


def invited(office: Office) -> Dialogue:
    """Registered on Monday 02/03/2026 for Thursday 12/03, 14:00, chaired by Hoàng Ngọc Sơn."""
    ha, cast = office.actor("ha"), office.cast
    cases = [office.in_mode("dialogue"), office.in_mode("dialogue", hide_identity=True)]
    row = actions.register(
        cases, "Ngập đường Hùng Vương", "Nhiều hộ, kéo dài, vượt thẩm quyền sở.", actor=ha, now=MONDAY
    )
    row = actions.prepare(
        row.pk, contents="Phương án thoát nước.", starts_at=THURSDAY, chair=cast.person["son"], place="Phòng họp số 1",
        agencies=[cast.agency["dien-luc"]], actor=ha, now=MONDAY,
    )  # fmt: skip
    return actions.invite(row.pk, actor=ha, now=at("03/03 08:00"))


def test_mode_4_from_the_appraisal_to_the_last_task(office: Office) -> None:
    cast, ha, son = office.cast, office.actor("ha"), office.actor("son")
    assert not Dialogue.objects.visible_to(cast.viewer("lan")).exists()
    row = invited(office)
    assert told("dialogue.invited") == {"lan", "quang", "son"}, "the agency asked, and who chairs"
    letters = Contact.objects.filter(external_id__startswith="dialogue-")
    assert letters.count() == 2 and all("14 giờ 00, ngày 12/03/2026" in letter.text for letter in letters)
    assert of_case(cast.viewer("lan"), row.registrations.first().case_id) == [row], "invited, they see it"

    one, two = row.registrations.all()
    with refuses("chưa đến giờ"):
        actions.hold(row.pk, "Giao việc.", actor=ha, now=at("12/03 13:59"))
    with refuses("kết luận"):
        actions.hold(row.pk, " ", actor=ha, now=THURSDAY)
    row = actions.hold(row.pk, "Điện lực dời trụ điện.", came=[two.pk], actor=ha, now=at("12/03 16:00"))
    for case in (one.case, two.case):
        owed = Obligation.objects.get(case=case, kind="dialogue")
        assert (owed.met_at, owed.evidence["dialogue"]) == (at("12/03 16:00"), row.pk), "15 ngày làm việc: kept"

    with refuses("ký biên bản"):
        actions.follow_up(row.pk, [], actor=ha, now=THURSDAY)
    minutes = actions.write_minutes(row.pk, actor=ha, now=at("12/03 16:30"))
    assert "Điện lực dời trụ điện." in minutes.body and f"(phiếu {two.case.code})" in minutes.body
    assert minutes.body.count("Nguyễn Thị Sáu") == 1, "one is named as absent, the other is hidden"
    with refuses("đã được soạn"):
        actions.write_minutes(row.pk, actor=ha, now=THURSDAY)
    minutes = documents.issue(minutes.pk, actor=son, now=at("12/03 17:00"))
    assert (minutes.code, minutes.signatory) == ("01/BB-VPUBND", "Hoàng Ngọc Sơn"), "người chủ trì signs"

    task = Given("Dời trụ điện", cast.agency["dien-luc"], date(2026, 3, 20))
    with refuses("không được trước hôm nay"):
        actions.follow_up(row.pk, [Given("x", task.agency, date(2026, 3, 11))], actor=ha, now=THURSDAY)
    row = actions.follow_up(row.pk, [task], actor=ha, now=at("12/03 17:05"))
    assert [t.what for t in tasks_left(cast.viewer("lan"), date(2026, 3, 13))] == ["Dời trụ điện"]
    with refuses("Chỉ cơ quan được giao"):
        actions.finish_task(row.tasks.get().pk, "Xong", actor=office.actor("binh"), now=at("18/03 08:00"))
    actions.finish_task(row.tasks.get().pk, "Đã dời trụ.", actor=office.actor("lan"), now=at("21/03 08:00"))
    row.refresh_from_db()
    assert (row.state, Act.objects.get(kind="dialogue.task_done").after["late"]) == ("done", True)
    assert tasks_left(cast.viewer("ha"), date(2026, 3, 21)) == []


def test_prepared_anew_everybody_is_invited_again(office: Office) -> None:
    row, ha, cast = invited(office), office.actor("ha"), office.cast
    with pytest.raises(Stale):
        actions.prepare(row.pk, contents="", starts_at=THURSDAY, chair=cast.person["son"], place="x", actor=ha, now=MONDAY,
                        version=1)  # fmt: skip
    row = actions.prepare(row.pk, contents="", starts_at=THURSDAY + timedelta(days=1), chair=cast.person["son"],
                          online="https://hop.example.vn/1", actor=ha, now=MONDAY)  # fmt: skip
    assert row.state == "prepared"
    actions.invite(row.pk, actor=ha, now=MONDAY)
    last = Contact.objects.filter(external_id__startswith="dialogue-").latest("id")
    assert "ghi âm, ghi hình" in last.text, "Nghị định 154/2026, Điều 16–20: they are told before"
    actions.cancel(row.pk, "Lãnh đạo đi công tác.", actor=office.actor("son"), now=MONDAY)
    assert office.owed(row.registrations.first().case) == {"dialogue"}, "called off, it is still owed"


@pytest.mark.parametrize(
    ("who", "subject", "appraisal", "why"),
    [
        ("ha", "Ngập", " ", "Hãy ghi kết quả thẩm định"), ("ha", " ", "Đã thẩm định", "nội dung đối thoại"),
        ("cuong", "Ngập", "Đã thẩm định", "không có quyền"), ("son", "Ngập", "Đã thẩm định", "không có quyền"),
        ("binh", "Ngập", "Đã thẩm định", "không có quyền"),
    ],
)  # fmt: skip
def test_a_dialogue_begins_with_the_coordinators_appraisal(
    office: Office, who: str, subject: str, appraisal: str, why: str
) -> None:
    with refuses(why):
        actions.register([office.in_mode("dialogue")], subject, appraisal, actor=office.actor(who), now=MONDAY)
    assert not Dialogue.objects.exists()


def test_what_cannot_be_prepared(office: Office) -> None:
    ha, cast, case = office.actor("ha"), office.cast, office.in_mode("dialogue")
    row = actions.register([case], "Ngập", "Đã thẩm định", actor=ha, now=MONDAY)
    with refuses("đã được đăng ký"):
        actions.register([case], "Ngập", "Đã thẩm định", actor=ha, now=MONDAY)
    for why, given in {
        "sau thời điểm hiện tại": {"starts_at": MONDAY}, "địa điểm": {"place": " "},
        "phải là lãnh đạo": {"chair": cast.person["hung"]},
    }.items():  # fmt: skip
        with refuses(why):
            actions.prepare(
                row.pk, **{"contents": "", "starts_at": THURSDAY, "chair": cast.person["son"], "place": "Phòng 1", **given},
                actor=ha, now=MONDAY,
            )  # fmt: skip
    with refuses("không “Gửi lời mời” được"):
        actions.invite(row.pk, actor=ha, now=MONDAY)
