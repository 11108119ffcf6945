"""Entries written, changed, given and searched for, and gaps: on dated days, by the owner and by others."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from hotline.intake.actions import receive
from hotline.intake.rules import Inbound
from hotline.journal.models import Act
from hotline.journal.rules import SYSTEM
from hotline.knowledge import actions, queries
from hotline.knowledge.models import Entry, Gap
from hotline.knowledge.rules import EntryGiven, EntryState, GapReason, SetGiven
from hotline.people.rules import NOBODY
from hotline.refusals import Refused, Stale
from hotline.testing.cast import FRIDAY_BEFORE_TET, THAT_DAY, ZONE, Cast

NOW = FRIDAY_BEFORE_TET


def given(**changes: Any) -> EntryGiven:
    return EntryGiven(**{
        "question": "Đường Nguyễn Tất Thành ngập thì báo ai?", "answer": "Gọi đội thoát nước trực 24/24 giờ.",
        "valid_from": THAT_DAY - timedelta(days=30), "source": "QĐ 1", "field": "thoat_nuoc", **changes,
    })  # fmt: skip


def written(cast: Cast, **changes: Any) -> Entry:
    return actions.write(cast.hotline, cast.agency["so-xay-dung"], given(**changes), actor=cast.actor("mai"), now=NOW)


def found(cast: Cast, text: str, now: datetime = NOW, **more: Any) -> list[str]:
    day = now.astimezone(ZONE).date()
    return [entry.question for entry in queries.matching(cast.hotline.pk, text, day, **more)]


def test_written_changed_and_every_version_kept(cast: Cast) -> None:
    entry = written(cast)
    actions.change(entry.pk, given(answer="Gọi 0235.1022."), version=1, actor=cast.actor("mai"), now=NOW)
    entry.refresh_from_db()
    assert (entry.version, entry.answer) == (2, "Gọi 0235.1022.")
    assert [v.document["answer"] for v in queries.versions_of(entry)] == [
        "Gọi 0235.1022.",
        "Gọi đội thoát nước trực 24/24 giờ.",
    ]
    act = Act.objects.get(kind="knowledge.changed", subject_id=entry.pk)
    assert (act.before, act.after) == (
        {"answer": "Gọi đội thoát nước trực 24/24 giờ."},
        {"answer": "Gọi 0235.1022.", "version": 2},
    )
    with pytest.raises(Stale):
        actions.change(entry.pk, given(), version=1, actor=cast.actor("mai"), now=NOW)
    unchanged = actions.change(entry.pk, given(answer="Gọi 0235.1022."), version=2, actor=cast.actor("mai"), now=NOW)
    assert unchanged.version == 2, "saving what stands there is no new version"


@pytest.mark.parametrize("who", ["binh", "hung", "cuong", "ha", "lan", "admin", "nguoi-la"])
def test_only_the_owners_editor_writes(cast: Cast, who: str) -> None:
    entry = written(cast)
    for attempt in (
        lambda: actions.write(cast.hotline, cast.agency["so-xay-dung"], given(), actor=cast.actor(who), now=NOW),
        lambda: actions.change(entry.pk, given(answer="x"), version=1, actor=cast.actor(who), now=NOW),
    ):
        with pytest.raises(Refused, match="knowledge editor"):
            attempt()


def test_an_editor_of_another_agency_reads_but_does_not_write(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.write(cast.hotline, cast.agency["dien-luc"], given(), actor=cast.actor("mai"), now=NOW)
    entry, draft = written(cast), written(cast, state=EntryState.DRAFT)
    for who in ("lan", "cuong", "son"):
        viewer = cast.viewer(who)
        assert list(Entry.objects.visible_to(viewer).defer("search")) == [entry], "drafts are the owner's alone"
        assert not Entry.objects.editable_by(viewer).exists()
    assert Entry.objects.visible_to(cast.viewer("mai")).count() == 2 and draft.state == "draft"
    assert not Entry.objects.visible_to(cast.viewer("nguoi-la")).exists()
    assert not Entry.objects.visible_to(NOBODY).exists()


LAST_DAY = [  # moment, may be given, why
    (datetime(2026, 2, 13, 0, 0, tzinfo=ZONE), True, "the last day has begun"),
    (datetime(2026, 2, 13, 23, 59, tzinfo=ZONE), True, "one minute before midnight of the last day"),
    (datetime(2026, 2, 14, 0, 0, tzinfo=ZONE), False, "midnight: expired"),
    (datetime(2026, 2, 9, 23, 59, tzinfo=ZONE), False, "valid from tomorrow"),
    (datetime(2026, 2, 10, 0, 0, tzinfo=ZONE), True, "its first day has begun"),
]


@pytest.mark.parametrize(("now", "valid", "why"), LAST_DAY, ids=[row[2] for row in LAST_DAY])
def test_an_expired_answer_is_neither_offered_nor_given(cast: Cast, now: datetime, valid: bool, why: str) -> None:
    entry = written(cast, valid_from=date(2026, 2, 10), valid_to=date(2026, 2, 13))
    assert bool(found(cast, "nguyen tat thanh", now)) is valid, why
    if valid:
        assert actions.give(entry.pk, 1, now=now).uses == 1
    else:
        with pytest.raises(Refused, match="not in force"):
            actions.give(entry.pk, 1, now=now)
    assert Entry.objects.get(pk=entry.pk).uses == int(valid)


def test_nobody_gives_words_that_changed_since_they_were_read(cast: Cast) -> None:
    entry = written(cast)
    actions.change(entry.pk, given(answer="Khác."), version=1, actor=cast.actor("mai"), now=NOW)
    with pytest.raises(Stale):
        actions.give(entry.pk, 1, now=NOW)


SEARCHES = [  # typed, finds, why
    ("Nguyễn Tất Thành", True, "as written"),
    (unicodedata.normalize("NFD", "Nguyễn Tất Thành"), True, "letters and marks apart (NFD)"),
    ("Nguyen Tat Thanh", True, "without marks"),
    ("đường nguyen tat thanh bị ngập từ sáng, xin hỏi phải báo cho ai ạ?", True, "a whole letter"),
    ("úng nước", True, "words that mean the same"),
    ("cấp đổi giấy phép lái xe", False, "something else"),
]


@pytest.mark.parametrize(("text", "finds", "why"), SEARCHES, ids=[row[2] for row in SEARCHES])
def test_search(cast: Cast, text: str, finds: bool, why: str) -> None:
    entry = written(cast)
    entry.question_set.synonyms = [["ngập", "úng nước"]]
    entry.question_set.save()
    queries.forget()
    assert bool(found(cast, text)) is finds, why
    queries.forget()


def test_the_question_itself_comes_before_an_answer_that_mentions_it(cast: Cast) -> None:
    written(cast, question="Xử phạt xả rác nơi công cộng", answer="Như đã nói ở mục ngập nước đường Nguyễn Tất Thành.")
    written(cast)
    assert found(cast, "nguyễn tất thành")[0] == "Đường Nguyễn Tất Thành ngập thì báo ai?"


def test_only_public_ones_for_citizens(cast: Cast) -> None:
    written(cast, public=False)
    assert found(cast, "nguyễn tất thành") and not found(cast, "nguyễn tất thành", public=True)


def test_what_runs_out_is_shown_to_its_owner(cast: Cast) -> None:
    soon = written(cast, valid_to=THAT_DAY + timedelta(days=10))
    written(cast, valid_to=THAT_DAY + timedelta(days=60))
    review = written(cast, review_on=THAT_DAY)
    assert list(queries.review_due(cast.viewer("mai"), THAT_DAY)) == [soon, review]
    assert not queries.review_due(cast.viewer("lan"), THAT_DAY).exists()


def a_set(**entry: Any) -> SetGiven:
    return SetGiven("bo", "Bộ hỏi – đáp", "so-xay-dung", "cast", (), (given(key="mot", **entry),))


def test_a_pack_loaded_again_changes_what_it_changed_and_nothing_of_the_officers(cast: Cast) -> None:
    assert actions.load_sets([a_set()], actor=SYSTEM, now=NOW) == 1
    assert actions.load_sets([a_set()], actor=SYSTEM, now=NOW) == 0
    assert actions.load_sets([a_set(answer="Mới.")], actor=SYSTEM, now=NOW) == 1
    entry = Entry.objects.get(key="bo-mot")
    assert entry.version == 2
    actions.change(entry.pk, given(answer="Của cán bộ."), version=2, actor=cast.actor("mai"), now=NOW)
    assert actions.load_sets([a_set(answer="Mới nữa.")], actor=SYSTEM, now=NOW) == 0
    assert Entry.objects.get(key="bo-mot").answer == "Của cán bộ."


def test_what_left_the_pack_is_retired_not_deleted(cast: Cast) -> None:
    actions.load_sets([a_set()], actor=SYSTEM, now=NOW)
    actions.load_sets([SetGiven("bo", "Bộ", "so-xay-dung", "cast", (), ())], actor=SYSTEM, now=NOW)
    assert Entry.objects.get(key="bo-mot").state == "retired" and not found(cast, "nguyễn tất thành")


# -- what was missing --------------------------------------------------------------------------------------------------


def signal(cast: Cast, question: str, **more: Any) -> Gap:
    letter = receive(
        Inbound(cast.hotline.pk, "email", "m", f"<{question}@example.vn>", question, name="An", email="an@example.vn"),
        NOW,
    ).conversation
    assert letter is not None
    return actions.signal_gap(
        letter, question, GapReason.NOT_IN_BASE, field=cast.field["thoat_nuoc"], actor=cast.actor("cuong"), now=NOW,
        **{"agency": cast.agency["so-xay-dung"], **more},
    )  # fmt: skip


def test_much_the_same_question_is_one_gap_and_is_counted(cast: Cast) -> None:
    first = signal(cast, "Cống thoát nước tắc thì gọi đội nào?")
    again = signal(cast, "Cong thoat nuoc tac goi doi nao")
    other = signal(cast, "Giấy phép đào đường xin ở đâu?")
    assert (first.pk, again.count) == (again.pk, 2) and other.pk != first.pk
    assert [gap.pk for gap in queries.gaps(cast.viewer("mai"))] == [first.pk, other.pk], "the most frequent first"
    assert not queries.gaps(cast.viewer("binh"))


def test_a_gap_is_closed_by_writing_the_entry(cast: Cast) -> None:
    gap = signal(cast, "Cống thoát nước tắc thì gọi đội nào?")
    entry = actions.write(
        cast.hotline,
        cast.agency["so-xay-dung"],
        given(question=gap.question),
        gap_id=gap.pk,
        actor=cast.actor("mai"),
        now=NOW,
    )
    gap.refresh_from_db()
    assert (gap.state, gap.entry, queries.gaps(cast.viewer("mai"))) == ("closed", entry, [])
    assert found(cast, "Cống thoát nước tắc thì gọi đội nào?") == [gap.question], "the next one is answered at once"
    with pytest.raises(Refused):
        actions.dismiss_gap(gap.pk, "trùng", actor=cast.actor("mai"), now=NOW)


def test_another_agencys_gap_is_not_mine_and_dismissing_needs_a_reason(cast: Cast) -> None:
    other, mine = signal(cast, "Trạm biến áp kêu to?", agency=cast.agency["dien-luc"]), signal(cast, "Ai nạo vét kênh?")
    assert [gap.pk for gap in queries.gaps(cast.viewer("mai"))] == [mine.pk]
    with pytest.raises(Refused):
        actions.dismiss_gap(other.pk, "không phải việc tôi", actor=cast.actor("mai"), now=NOW)
    with pytest.raises(Refused):
        actions.dismiss_gap(mine.pk, " ", actor=cast.actor("mai"), now=NOW)
    assert (
        actions.dismiss_gap(mine.pk, "Không thuộc lĩnh vực nào.", actor=cast.actor("mai"), now=NOW).state == "dismissed"
    )
