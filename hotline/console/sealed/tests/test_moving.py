"""A denunciation leaves the desk: afterwards no ordinary table, file, job or line of the journal says a word of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from hotline.cases import actions as cases
from hotline.cases.models import Case
from hotline.channels.email.inbound import receive as mail_in
from hotline.citizens.models import Citizen
from hotline.console.sealed.actions import move
from hotline.conversations.models import Attachment, Contact, Conversation, RawMessage
from hotline.conversations.rules import SEALED, GivenFile
from hotline.hotlines.models import Mailbox
from hotline.intake.actions import mark_incomplete, receive, report, take
from hotline.intake.rules import Inbound
from hotline.intake.tests.test_report import a_report
from hotline.journal.models import Act
from hotline.knowledge.actions import signal_gap
from hotline.knowledge.models import Gap, Sighting
from hotline.knowledge.rules import GapReason
from hotline.reactions import deliver, react
from hotline.refusals import Refused, Stale
from hotline.regulation.completeness import Needed
from hotline.routing.queries import forget
from hotline.sealed.actions import clear_away, identify, open_file, read
from hotline.sealed.models import Entry, Record
from hotline.sealed.wall import inside
from hotline.testing.cast import FRIDAY_BEFORE_TET, Cast

NOW = FRIDAY_BEFORE_TET
SECRETS = ("Mật hiệu hoa quỳnh", "Phan Thị Kín", "905881882", "phan.kin@example.vn", "7 Lê Lợi")
WORDS = {
    "accused": "Ông A, trưởng phòng",
    "matter": "Mật hiệu hoa quỳnh: nhận tiền để cấp phép",
    "evidence": "Ảnh biên nhận",
}
RAW = """From: =?utf-8?q?Phan_Th=E1=BB=8B_K=C3=ADn?= <phan.kin@example.vn>
To: 1022@quangnam.example
Message-ID: <toi@example.vn>
Subject: To cao
Content-Type: text/plain; charset=utf-8
{more}
Mật hiệu hoa quỳnh. Tôi là Phan Thị Kín, số điện thoại 0905 881 882, địa chỉ 7 Lê Lợi, phường Bàn Thạch. Ông A nhận tiền.
"""


@pytest.fixture(autouse=True)
def store(settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    forget()
    return tmp_path


@pytest.fixture
def letter(cast: Cast) -> Conversation:
    """A letter with a photo, asked back about, in the hands of the call-taker."""
    inbound = Inbound(
        hotline_id=cast.hotline.pk, channel="email", source="1022@quangnam.example", external_id="<1@example.vn>",
        subject=SECRETS[0], text=f"{SECRETS[0]}. Tôi là Phan Thị Kín.", name=SECRETS[1], phone="+84905881882",
        email=SECRETS[3], address="7 Lê Lợi, phường Bàn Thạch", message_id="<1@example.vn>",
        files=(GivenFile("bien-nhan.jpg", "image/jpeg", b"mat hieu hoa quynh", 1, 1),),
        raw_id=RawMessage.objects.create(sha256="x", content=b"Phan Thi Kin", received_at=NOW).pk,
    )  # fmt: skip
    conversation = receive(inbound, NOW).conversation
    assert conversation is not None
    mark_incomplete(conversation.pk, [Needed.PLACE], "Xin bà nói rõ ông A là ai.", actor=cast.actor("cuong"), now=NOW)
    return take(conversation.pk, actor=cast.actor("cuong"), now=NOW)


def everywhere_else() -> str:
    """Every row of every ordinary table, as text, jobs and their events too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def leaks() -> list[str]:
    said = everywhere_else()
    return [word for word in (*SECRETS, "Thị Kín", "Thi Kin", "hoa quỳnh", "ông A", "bien-nhan") if word in said]


def moved(cast: Cast, conversation: Conversation, who: str = "cuong", **changes: object) -> str:
    return move(conversation.pk, actor=cast.actor(who), now=NOW + timedelta(minutes=9), **{**WORDS, **changes})  # type: ignore[arg-type]


def test_nothing_of_it_is_left_outside_the_wall(cast: Cast, letter: Conversation, store: Path) -> None:
    assert leaks(), "the search itself must find something while it is there"
    acts, known = Act.objects.count(), letter.ref
    moved(cast, letter)
    assert leaks() == []
    assert known not in everywhere_else(), "the reference the citizen was given leads nowhere"
    assert not Contact.objects.exists() and not Attachment.objects.exists() and not RawMessage.objects.exists()
    assert not Citizen.objects.exists()
    last = Act.objects.latest("id")
    assert (Act.objects.count(), last.kind, last.subject) == (acts + 1, "sealed.recorded", "sealed")
    assert (last.actor["name"], last.before, last.after, last.note) == ("Hệ thống", {}, {}, "")


def test_the_journal_never_knew(cast: Cast, letter: Conversation) -> None:
    """It cannot forget, so nothing may ever stand there: no name, no number, no words, ours or the citizen's."""
    said = "\n".join(f"{a.actor}{a.before}{a.after}{a.note}" for a in Act.objects.all())
    assert not [word for word in (*SECRETS, "Kín", "ông A") if word in said], said


def test_a_question_that_stayed_unanswered_is_forgotten_too(cast: Cast, letter: Conversation) -> None:
    """The base of questions and answers notes what it lacks; what others asked in much the same words stays, in theirs."""
    other = receive(
        Inbound(
            hotline_id=cast.hotline.pk,
            channel="email",
            source="1022@quangnam.example",
            external_id="<9@example.vn>",
            text="Xin hỏi giờ làm việc của một cửa phường",
            name="Lê Văn Hỏi",
            phone="+84905111222",
            address="1 Hùng Vương",
        ),
        NOW,
    ).conversation
    assert other is not None
    for row, words in ((letter, f"{SECRETS[0]} một"), (other, f"{SECRETS[0]} một"), (letter, "Ông A nhận tiền ở đâu")):
        with transaction.atomic():
            signal_gap(row, words, GapReason.NOT_IN_BASE, field=None, agency=None, actor=cast.actor("cuong"), now=NOW)
    Sighting.objects.filter(conversation=other).update(question="Giờ làm việc một cửa")
    moved(cast, letter)
    assert leaks() == [] and [(g.question, g.count) for g in Gap.objects.all()] == [("Giờ làm việc một cửa", 1)]


def test_the_stub_tells_the_day_and_nothing_else(cast: Cast, letter: Conversation) -> None:
    old = letter.pk
    moved(cast, letter)
    [stub] = Conversation.objects.all()
    assert (stub.state, stub.outcome, stub.citizen, stub.taken_by, stub.subject, stub.preview) == (
        "closed", SEALED, None, None, "", "")  # fmt: skip
    assert stub.pk != old and stub.ref != letter.ref
    assert stub.opened_at == stub.last_contact_at == NOW.replace(hour=0, minute=0)


def test_all_of_it_is_behind_the_wall(cast: Cast, letter: Conversation) -> None:
    ref = moved(cast, letter)
    officer = cast.viewer("nga")
    content = read(ref, "Chuyển thanh tra", viewer=officer, now=NOW)
    assert content.record.matter.startswith("Mật hiệu hoa quỳnh") and content.record.received_at == NOW
    who = identify(ref, "Liên hệ bảo vệ", viewer=officer, now=NOW)
    assert (who.denouncer.name, who.denouncer.phone, who.denouncer.email) == (SECRETS[1], "+84905881882", SECRETS[3])
    assert [m.ours for m in who.messages] == [False, True]
    with inside():
        assert bytes(who.record.messages.order_by("id").first().raw) == b"Phan Thi Kin"
    file = open_file(ref, content.files[0].key, viewer=officer, now=NOW)
    assert bytes(file.content) == b"mat hieu hoa quynh"


def test_files_go_once_the_record_is_safe(
    cast: Cast, letter: Conversation, store: Path, django_capture_on_commit_callbacks: object
) -> None:
    stored = [p for p in store.rglob("*") if p.is_file()]
    with django_capture_on_commit_callbacks(execute=False) as later:  # type: ignore[operator]
        moved(cast, letter)
    assert all(p.exists() for p in stored), "not before the commit: it may still be undone"
    for run in later:
        run()
    assert not [p for p in store.rglob("*") if p.is_file()]
    assert clear_away() == 0


def test_a_process_killed_in_between_leaves_nothing_for_long(cast: Cast, letter: Conversation, store: Path) -> None:
    moved(cast, letter)
    assert [p for p in store.rglob("*") if p.is_file()]
    assert clear_away() == 1
    assert not [p for p in store.rglob("*") if p.is_file()]


def test_jobs_that_were_waiting_find_nothing_and_say_nothing(cast: Cast, letter: Conversation) -> None:
    acts, contacts = list(Act.objects.values_list("pk", flat=True)), list(Contact.objects.values_list("pk", flat=True))
    moved(cast, letter)
    for pk in acts:
        react(pk)
    for pk in contacts:
        deliver(pk)
    assert leaks() == []


def test_an_ordinary_report_of_the_same_citizen_stays_with_them(cast: Cast, letter: Conversation) -> None:
    report(a_report(cast, phone="+84905881882", name="Phan Thị Kín"), NOW)
    moved(cast, letter)
    assert Case.objects.count() == 1 and Citizen.objects.get().name == "Phan Thị Kín"


def test_what_came_by_the_portal_and_is_a_case_already(cast: Cast) -> None:
    """The portal opens a case by itself; before an agency has it, it can go the sealed way whole."""
    case = report(a_report(cast, content="Mật hiệu hoa quỳnh: cán bộ điện lực nhận tiền", field_id=cast.field["dien_luc"].pk,
                           name=SECRETS[1], phone="+84905881882"), NOW).case  # fmt: skip
    assert case is not None
    moved(cast, case.conversation)
    assert not Case.objects.exists() and leaks() == []
    for pk in Act.objects.values_list("pk", flat=True):
        react(pk)
    assert leaks() == []


@pytest.mark.parametrize("deed", ["assigned", "changed"])
def test_what_an_agency_or_the_journal_knows_is_not_pretended_away(cast: Cast, deed: str) -> None:
    case = report(a_report(cast), NOW).case
    assert case is not None
    if deed == "assigned":
        cases.assign(case.pk, cast.agency["so-xay-dung"], actor=cast.actor("cuong"), now=NOW)
    else:
        cases.change(case.pk, summary="Ông A nhận tiền", actor=cast.actor("cuong"), now=NOW)
    with pytest.raises(Refused, match="cannot go the sealed way"):
        moved(cast, case.conversation)
    assert Case.objects.filter(pk=case.pk).exists()
    with inside():
        assert not Record.objects.exists() and not Entry.objects.exists()


@pytest.mark.parametrize("who", ["ha", "binh", "hung", "son", "van", "mai", "admin", "ky-thuat", "nga", "nguoi-la"])
def test_only_the_desk_moves(cast: Cast, letter: Conversation, who: str) -> None:
    with pytest.raises(Refused):
        moved(cast, letter, who)
    assert Conversation.objects.filter(pk=letter.pk).exists()


def test_the_second_of_two_is_told_and_a_refusal_leaves_everything(cast: Cast, letter: Conversation) -> None:
    with pytest.raises(Stale):
        moved(cast, letter, version=1)
    with pytest.raises(Refused, match="who is accused"):
        moved(cast, letter, accused=" ")
    assert letter.contacts.count() == 2 and default_storage.exists(Attachment.objects.get().file.name)


# -- what is written afterwards ----------------------------------------------------------------------------------------------


@pytest.fixture
def by_mail(cast: Cast) -> Conversation:
    Mailbox.objects.create(hotline=cast.hotline, address="1022@quangnam.example")
    mail_in(RAW.format(more="").encode(), None, NOW)
    return take(Conversation.objects.get().pk, actor=cast.actor("cuong"), now=NOW)


def test_the_same_mail_fetched_again_does_not_come_back_to_the_desk(cast: Cast, by_mail: Conversation) -> None:
    moved(cast, by_mail)
    result = mail_in(RAW.format(more="").encode(), None, NOW + timedelta(hours=1))
    assert result["kind"] == "ignored" and leaks() == [] and Conversation.objects.count() == 1


@pytest.mark.parametrize("how", ["In-Reply-To: <toi@example.vn>\n", "reference"])
def test_a_second_letter_falls_into_the_letterbox(cast: Cast, by_mail: Conversation, how: str) -> None:
    ref = moved(cast, by_mail)
    subject, more = (f"Re: {by_mail.ref}", "") if how == "reference" else ("Them", how)
    mail = RAW.replace("<toi@", "<sau@").replace("Subject: To cao", f"Subject: {subject}").format(more=more)
    assert mail_in(mail.encode(), None, NOW + timedelta(days=1))["kind"] == "ignored"
    assert leaks() == [] and Conversation.objects.count() == 1
    who = identify(ref, "Đọc thư mới", viewer=cast.viewer("nga"), now=NOW)
    theirs = [m.text for m in who.messages if not m.ours]
    assert len(theirs) == 2 and "Phan Thị Kín" in theirs[-1]


def test_a_stranger_letter_is_no_business_of_the_letterbox(cast: Cast, by_mail: Conversation) -> None:
    moved(cast, by_mail)
    mail = RAW.format(more="In-Reply-To: <khac@example.vn>\n").replace("<toi@", "<moi@").encode()
    assert mail_in(mail, None, NOW)["kind"] in ("new", "incomplete")
    assert Conversation.objects.count() == 2
    assert django_settings.LETTERBOX.startswith("hotline.sealed.")
