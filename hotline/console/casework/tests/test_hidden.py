"""A hidden reporter: no page, list, hit, notice, file or letter that an agency can open says who they are."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hotline.cases import actions
from hotline.cases.models import Case
from hotline.cases.several.tests.conftest import with_several
from hotline.console.casework.forms import FORMS
from hotline.conversations.models import Attachment, Contact
from hotline.intake.actions import receive, report
from hotline.intake.rules import Inbound, Report
from hotline.journal.models import Act
from hotline.notifications.models import Notice
from hotline.reactions import react
from hotline.routing.queries import forget
from hotline.testing.cast import Cast

# As given, as stored, as somebody might look for it.
NAME, PHONE, EMAIL, ADDRESS = (
    "Trịnh Thị Kín Tiếng",
    "905771881",
    "kin.tieng@example.vn",
    "77 Lý Tự Trọng, phường Tam Kỳ",
)
TELLING = (
    NAME, "Trinh Thi Kin Tieng", "trinh thi kin tieng", "Kín Tiếng", PHONE, "0905 771 881", "0905.771.881", EMAIL, "KIN.TIENG",
    ADDRESS, "77 Lý Tự Trọng", "don-cua-ba-kin-tieng",
)  # fmt: skip
WORDS = (
    f"Tôi là {NAME}, điện thoại 0905.771.881, nhà ở {ADDRESS}. Quán karaoke bên cạnh mở nhạc đến 2 giờ sáng."
    f"\nTrân trọng,\nTRINH THI KIN TIENG\n{EMAIL}"
)
READERS = ("binh", "hung", "lan", "quang", "van")  # of the lead, of the cooperating agency, and who watches
Hidden = tuple[Cast, Case]


@pytest.fixture
def hidden(cast: Cast, settings: pytest.FixtureRequest, tmp_path: object) -> Hidden:
    """A report whose sender asked not to be known, handled by one agency with the help of another, and all that came of it."""
    settings.MEDIA_ROOT, settings.REPORTS_PER_HOUR = tmp_path, 0  # type: ignore[attr-defined]
    forget()
    with_several(cast)
    now, day = timezone.now(), timezone.localdate()
    by = lambda name: cast.actor(name, day)  # noqa: E731
    case = report(
        Report(
            hotline_id=cast.hotline.pk, submission=str(uuid.uuid4()), name=NAME, phone=f"+84{PHONE}", email=EMAIL,
            address=ADDRESS, content=WORDS, place="Quán karaoke 79 đường 24/3", field_id=cast.field["thoat_nuoc"].pk,
            area_id=cast.area["20001"].pk, hide_identity=True,
        ), now,
    ).case  # fmt: skip
    assert case is not None and case.hide_identity
    for name, width in (("don-cua-ba-kin-tieng.pdf", None), ("don-cua-ba-kin-tieng.jpg", 800)):
        file = Attachment(
            contact=case.conversation.contacts.first(), name=name, size=4, content_type="x/y", width=width, height=width
        )
        file.file.save("x", ContentFile(b"tep!"), save=True)
    case = actions.change(case.pk, summary=f"Karaoke ồn, báo bởi {NAME}", actor=by("cuong"), now=now)
    case = actions.assign(
        case.pk, cast.agency["so-xay-dung"], note=f"Bà {NAME} rất bức xúc", actor=by("cuong"), now=now
    )
    case = actions.accept(case.pk, actor=by("binh"), now=now)
    part = actions.ask_to_cooperate(
        case.pk, cast.agency["dien-luc"], f"Theo {NAME}: đo độ ồn", actor=by("cuong"), now=now
    )
    actions.contribute(part.pk, "Đã đo 80 dB.", actor=by("lan"), now=now)
    actions.ask_reporter(case.pk, "Ông/Bà cho biết quán mở những tối nào?", actor=by("binh"), now=now)
    receive(
        Inbound(hotline_id=cast.hotline.pk, channel="email", source="1022@quangnam.example", external_id="<2@example.vn>",
                subject=f"Re: {NAME}", text=f"Tối thứ Bảy.\n--\n{NAME}\n{EMAIL}", email=EMAIL, code=case.code), now,
    )  # fmt: skip
    actions.save_draft(case.pk, "answered", "Đã nhắc nhở chủ quán.", actor=by("binh"), now=now)
    for pk in Act.objects.filter(subject="case").values_list("pk", flat=True):
        react(pk)
    return cast, Case.objects.get(pk=case.pk)


def client_of(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.person[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def told(answer: object) -> list[str]:
    """What a response gives away, its headers included."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    said = content.decode("utf-8", "replace") + str(answer.headers)  # type: ignore[attr-defined]
    return [word for word in TELLING if word in said]


def test_no_page_says_who_it_was(hidden: Hidden) -> None:
    for who in READERS:
        opened = pages_that_open(*hidden, who)
        assert opened >= 8, f"{who}: pages were opened, not only refused"
    assert not Act.objects.filter(kind__in=("case.identity_shown", "case.phone_shown")).exists()


def pages_that_open(cast: Cast, case: Case, who: str) -> int:
    """How many of all pages about the case open to somebody, none of them telling."""
    client = client_of(cast, who)
    files = Attachment.objects.values_list("key", flat=True)
    pages = [
        reverse("console:case", args=[case.code]), f"{reverse('console:case', args=[case.code])}?part=body",
        reverse("console:case_print", args=[case.code]), reverse("console:notices"), reverse("console:search") + "?q=karaoke",
        reverse("console:desk_conversation", args=[case.conversation.ref]),
        *(reverse("console:inbox", args=[tab]) for tab in ("all", "open", "answer", "overdue", "soon")),
        *(f"{reverse('console:search')}?q={word}" for word in (NAME, PHONE, f"0{PHONE}", EMAIL, "kin tieng")),
        *(reverse("console:step", args=[case.code, step]) for step in FORMS),
        *(reverse("console:file", args=[key]) for key in files), reverse("console:nav"), reverse("console:cooperation"),
    ]  # fmt: skip
    opened = 0
    for url in pages:
        answer = client.get(url)
        # What was typed into the search box stands in it again; no case may stand below.
        giving = (
            told(answer) if "?q=" not in url or "karaoke" in url else case.code in answer.content.decode() and [url]
        )
        assert not giving, (who, url, giving)
        opened += answer.status_code == 200
    assert told(client.post(reverse("console:case_phone", args=[case.code]))) == [], (
        "and the number is not shown on request"
    )
    return opened


def test_what_is_read_is_still_worth_reading(hidden: Hidden) -> None:
    cast, case = hidden
    page = client_of(cast, "binh").get(reverse("console:case", args=[case.code])).content.decode()
    for word in ("Quán karaoke", "2 giờ sáng", "(đã ẩn danh tính)", "Tối thứ Bảy.", "Đã đo 80 dB.", "tep-1.jpg"):
        assert word in page, word
    assert "tep-1.pdf" not in page, "a letter has a name at its foot: only pictures go to the agency"
    assert case.summary == "Karaoke ồn, báo bởi •••" and "79 đường 24/3" in case.place


def test_their_files_are_neutral_or_withheld(hidden: Hidden) -> None:
    cast, _ = hidden
    letter, photo = (Attachment.objects.get(name__endswith=ending) for ending in (".pdf", ".jpg"))
    for who, letters in (("binh", 404), ("lan", 404), ("cuong", 200)):
        client = client_of(cast, who)
        assert client.get(reverse("console:file", args=[letter.key])).status_code == letters, who
        assert client.get(reverse("console:file", args=[photo.key])).status_code == 200


def test_the_desk_sees_it_and_that_it_looked_is_written_down(hidden: Hidden) -> None:
    cast, case = hidden
    for name in ("cuong", "ha"):
        client = client_of(cast, name)
        assert NAME not in client.get(reverse("console:case_print", args=[case.code])).content.decode().split("2. ")[0]
        shown = client.post(reverse("console:case_phone", args=[case.code]))
        assert NAME in shown.content.decode() and "0905 771 881" in shown.content.decode()
    looked = Act.objects.filter(kind="case.identity_shown").values_list("actor__name", flat=True)
    assert list(looked) == ["Trần Văn Cường", "Phạm Thu Hà"]


def test_notices_and_journal_kept_no_name(hidden: Hidden) -> None:
    assert not [n.text_vi for n in Notice.objects.all() if any(word in n.text_vi for word in TELLING)]


def test_the_reporter_is_written_to_all_the_same(hidden: Hidden) -> None:
    asked = Contact.objects.get(kind="question")
    assert asked.delivery == "queued" and asked.conversation.reporter_email == EMAIL


def test_hidden_later_and_with_every_case_of_the_conversation(cast: Cast) -> None:
    now, day = timezone.now(), timezone.localdate()
    forget()
    with_several(cast)
    case = report(
        Report(hotline_id=cast.hotline.pk, submission=str(uuid.uuid4()), name=NAME, phone=f"+84{PHONE}", address=ADDRESS,
               content=f"{NAME} báo quán ồn ào cả đêm", field_id=cast.field["thoat_nuoc"].pk), now,
    ).case  # fmt: skip
    assert case is not None and NAME in case.summary and not case.hide_identity
    actor = cast.actor("cuong", day)
    matter = actions.Matter("report", cast.field["dien_luc"], "Câu điện trái phép", "Quán câu điện.")
    [child] = actions.split(case.pk, [matter], actor=actor, now=now)
    actions.hide_identity(child.pk, "Người dân yêu cầu", actor=actor, now=now)
    rows = Case.objects.order_by("id")
    assert [row.hide_identity for row in rows] == [True, True], "both show the same messages"
    assert NAME not in rows[0].summary
    act = Act.objects.get(kind="case.identity_hidden")
    assert NAME not in f"{act.before}{act.after}", "what was taken out does not stay in the journal as its “before”"


def test_a_field_of_the_edition_hides_unasked(cast: Cast) -> None:
    forget()
    with_several(cast)
    for field, hides in (("thu_tuc", True), ("dien_luc", False)):
        case = report(
            Report(hotline_id=cast.hotline.pk, submission=str(uuid.uuid4()), name=NAME, phone=f"+84{PHONE}", address=ADDRESS,
                   content="Cán bộ một cửa hách dịch", field_id=cast.field[field].pk), timezone.now(),
        ).case  # fmt: skip
        assert case is not None and case.hide_identity == hides
