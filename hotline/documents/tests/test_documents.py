"""Modes 3 and 5 walked in dated tables: the report to the leaders with their opinion, the synthesis with its thanks."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from docx import Document as ReadDocx
from pypdf import PdfReader

from hotline.cases.actions import merge
from hotline.cases.models import Obligation
from hotline.conversations.models import Contact, Conversation
from hotline.documents import actions, rules
from hotline.documents.models import Document
from hotline.documents.queries import of_case, printed
from hotline.documents.rules import DocumentKind as Kind
from hotline.documents.tests.conftest import MONDAY, Office, at, refuses
from hotline.hotlines.models import Domain
from hotline.journal.models import Act
from hotline.organisation.models import Agency
from hotline.refusals import Stale


def words_of(pdf: bytes) -> str:
    """The text of a PDF, one blank between words."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def report(office: Office, **fields: object) -> Document:
    case = office.in_mode("leaders", **fields)
    return actions.draft(
        [case], Kind.LEADERS_REPORT, actor=office.actor("ha"), now=MONDAY, addressed_to=office.cast.person["son"]
    )


# -- mode 3 ------------------------------------------------------------------------------------------------------------


def test_mode_3_the_leaders_are_reported_to_and_their_opinion_reaches_the_agency(office: Office) -> None:
    row = report(office)
    case = row.cases.get()
    assert "Cống tràn từ tối qua" in row.body and "Đã chuyển đơn vị xử lý: Sở Xây dựng" in row.body
    assert row.recipient == "Đồng chí Hoàng Ngọc Sơn"
    assert office.owed(case) == {"report"}, "writing is not reporting"

    ha, son, now = office.actor("ha"), office.actor("son"), at("03/03 09:00")
    row = actions.change(row.pk, {"body": row.body + "\nXin ý kiến gấp."}, actor=ha, now=now, version=row.version)
    row = actions.submit(row.pk, actor=ha, now=now)
    row = actions.send_back(row.pk, "Nêu rõ cơ quan chủ trì.", actor=ha, now=now)
    row = actions.issue(row.pk, actor=ha, now=at("03/03 10:00"))
    assert (row.code, row.signatory, row.signed_by["post"]) == (
        "01/BC-VPUBND", "Phạm Thu Hà", "Văn phòng UBND điều phối – Văn phòng Ủy ban nhân dân",
    )  # fmt: skip
    owed = Obligation.objects.get(case=case)
    assert (owed.met_at, owed.evidence["number"]) == (at("03/03 10:00"), "01/BC-VPUBND"), "2 ngày làm việc: kept"

    with refuses("Hãy ghi ý kiến"):
        actions.give_opinion(row.pk, " ", actor=son, now=now)
    with refuses("không có quyền “cho ý kiến”"):
        actions.give_opinion(row.pk, "Đồng ý.", actor=ha, now=now)
    with refuses("có trong báo cáo tổng hợp"):
        actions.give_opinion(row.pk, "Đồng ý.", [case.pk], actor=son, now=now)
    actions.give_opinion(row.pk, "Đồng ý; Sở Xây dựng chủ trì.", actor=son, now=at("04/03 08:00"))
    assert Act.objects.get(kind="case.directed").note == "Đồng ý; Sở Xây dựng chủ trì.", "the directive, told to both"
    with refuses("đã cho ý kiến"):
        actions.give_opinion(row.pk, "Lần nữa.", actor=son, now=at("04/03 09:00"))


STATE_HEAD, PARTY_HEAD = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM"


@pytest.mark.parametrize(
    ("heading", "domain", "head", "above", "code", "why"),
    [
        ("party", "walled", PARTY_HEAD, "TỈNH ỦY", "01-BC/VPUBND", "an office of a Party domain: 36-HD/VPTW"),
        ("state", "walled", STATE_HEAD, "UBND TỈNH QUẢNG NAM", "01/BC-VPUBND", "a walled domain of the State"),
        ("party", "", STATE_HEAD, "UBND TỈNH QUẢNG NAM", "01/BC-VPUBND", "an office inside no wall: 30/2020/NĐ-CP"),
    ],
)
def test_whose_paper_it_is(
    office: Office, heading: str, domain: str, head: str, above: str, code: str, why: str
) -> None:
    """The domain says what its agencies' papers look like; the case's own domain does not."""
    writes = office.cast.agency["van-phong-ubnd"]
    committee = Agency.objects.create(key="tinh-uy", kind="administrative_body", name="Tỉnh ủy", short_name="Tỉnh ủy")
    Domain.objects.create(key="walled", vi="Lĩnh vực", en="Domain", supervisor=writes, heading=heading)
    Agency.objects.filter(pk=writes.pk).update(domain=domain, parent=committee)
    row = actions.issue(report(office).pk, actor=office.actor("ha"), now=at("03/03 10:00"))
    assert row.code == code, why
    word = ReadDocx(io.BytesIO(printed(row, "docx")))
    typed = "\n".join(cell.text for table in word.tables for line in table.rows for cell in line.cells)
    for paper in (words_of(printed(row, "pdf")), typed):
        assert head in paper and above in paper, why
        assert (PARTY_HEAD if head == STATE_HEAD else STATE_HEAD) not in paper, why
        assert ("Độc lập - Tự do - Hạnh phúc" in paper) == (head == STATE_HEAD), why


# -- mode 5 ------------------------------------------------------------------------------------------------------------


def test_mode_5_suggestions_are_synthesised_one_is_adopted_both_are_thanked(office: Office) -> None:
    one, two = (
        office.in_mode("thanks", kind="suggestion", summary=words) for words in ("Trồng thêm cây", "Mở sân chơi")
    )
    ha, son = office.actor("ha"), office.actor("son")
    row = actions.draft([one, two], Kind.SYNTHESIS, actor=ha, now=MONDAY)
    assert "tổng hợp 2 góp ý" in row.body and "1. Phiếu " in row.body and "Mở sân chơi" in row.body
    with refuses("chưa được ban hành"):
        actions.draft_thanks(row.pk, actor=ha, now=MONDAY)
    actions.issue(row.pk, actor=ha, now=at("05/03 08:00"))
    assert (office.owed(one), office.owed(two)) == ({"letter"}, {"letter"}), "đề xuất is made with the synthesis"
    actions.give_opinion(row.pk, "Giao Sở Xây dựng tiếp thu.", [one.pk], actor=son, now=at("06/03 08:00"))
    decided = Act.objects.filter(kind="case.adoption_decided").order_by("subject_id")
    assert [act.after["label"] for act in decided] == ["tiếp thu", "không tiếp thu"]

    letters = actions.draft_thanks(row.pk, actor=ha, now=at("06/03 09:00"))
    assert actions.draft_thanks(row.pk, actor=ha, now=at("06/03 09:00")) == [], "each once"
    assert [letter.recipient for letter in letters] == ["Ông/Bà Nguyễn Thị Sáu"] * 2
    joined = office.opened(MONDAY, kind="suggestion", summary="Thêm cây xanh")
    Conversation.objects.filter(pk=joined.conversation_id).update(reporter_name="Trần Văn Bảy", reporter_email="bay@example.vn")
    merge(joined, one, actor=ha, now=at("06/03 09:30"))
    for letter in letters:
        assert "Giao Sở Xây dựng tiếp thu." in letter.body
        actions.issue(letter.pk, actor=son, now=at("06/03 10:00"))
    assert office.owed(one) == office.owed(two) == set()
    sent = Contact.objects.get(external_id=f"document-{letters[0].pk}")
    assert (sent.delivery, sent.conversation_id) == ("queued", one.conversation_id), "on the reporter's own channel"
    paper = sent.attachments.get()
    assert paper.name == "01-TCO-VPUBND.pdf" and "Nguyễn Thị Sáu" in words_of(paper.file.read())
    thanked = Contact.objects.get(external_id=f"document-{letters[0].pk}-{joined.pk}")
    assert "01/TCO-VPUBND" in thanked.text and "Trần Văn Bảy" in thanked.text, "whoever said the same is thanked as well"
    assert not thanked.attachments.exists() and "Sáu" not in thanked.text and one.code not in thanked.text
    assert [letter.code for letter in Document.objects.filter(kind=Kind.THANK_YOU_LETTER).order_by("id")] == [
        "01/TCO-VPUBND", "02/TCO-VPUBND",
    ]  # fmt: skip


def test_a_hidden_reporter_stays_hidden_on_paper(office: Office) -> None:
    case = office.in_mode(
        "leaders", hide_identity=True, content="Tôi là Nguyễn Thị Sáu, 0905 123 456: cống tràn.\nNguyễn Thị Sáu"
    )
    ha = office.actor("ha")
    row = actions.draft([case], Kind.LEADERS_REPORT, actor=ha, now=MONDAY)
    row = actions.change(row.pk, {"body": f"{row.body}\nBà NGUYEN THI SAU đề nghị sớm xử lý."}, actor=ha, now=MONDAY)
    assert "Sáu" not in row.body and "SAU" not in row.body and "905" not in row.body
    letter = actions.draft([case], Kind.THANK_YOU_LETTER, actor=ha, now=MONDAY)
    assert letter.recipient == f"Ông/Bà đã gửi phiếu {case.code}"
    assert not Document.objects.visible_to(office.cast.viewer("binh")).exists()


# -- what is on the paper ----------------------------------------------------------------------------------------------


def test_pdf_and_docx_hold_every_part_in_vietnamese_with_its_fonts(office: Office) -> None:
    row = actions.issue(report(office).pk, actor=office.actor("ha"), now=at("03/02 10:00"))
    pdf, docx = printed(row, "pdf"), printed(row, "docx")
    paper = ReadDocx(io.BytesIO(docx))
    cells = [p.text for table in paper.tables for cell in table.rows[0].cells for p in cell.paragraphs]
    for text in (words_of(pdf), " ".join([*cells, *(p.text for p in paper.paragraphs)])):
        for part in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "UBND TỈNH QUẢNG NAM",
            "Số: 01/BC-VPUBND", "Quảng Nam, ngày 03 tháng 02 năm 2026", "BÁO CÁO", "Kính gửi: Đồng chí Hoàng Ngọc Sơn",
            "nước vào nhà dân", "Nơi nhận:", "- Lưu: VT.", "CHÁNH VĂN PHÒNG", "Phạm Thu Hà",
        ):  # fmt: skip
            assert part in text, part
    fonts = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    for font in fonts:
        inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in inner and "STIX" in inner["/FontName"]


def test_what_is_issued_never_changes(office: Office) -> None:
    row = actions.issue(report(office).pk, actor=office.actor("ha"), now=MONDAY)
    act = Act.objects.get(kind="document.issued")
    assert act.after["pdf_sha256"] == hashlib.sha256(printed(row, "pdf")).hexdigest()
    assert act.after["docx_sha256"] == hashlib.sha256(printed(row, "docx")).hexdigest()
    with refuses("“Đã ban hành”, không “sửa” được"):
        actions.change(row.pk, {"body": "khác"}, actor=office.actor("ha"), now=MONDAY)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Document.objects.filter(pk=row.pk).update(body="khác")


def test_nothing_is_issued_while_a_part_is_empty_or_marked(office: Office) -> None:
    ha, case = office.actor("ha"), office.in_mode("leaders")
    row = actions.draft([case], Kind.INVITATION, actor=ha, now=MONDAY)
    assert rules.MISSING in row.body, "no dialogue is prepared: its time and place are to be filled in"
    with refuses("chưa điền “[…]”"):
        actions.issue(row.pk, actor=ha, now=MONDAY)
    actions.change(row.pk, {"body": "Kính mời.", "recipient": "Sở Xây dựng"}, actor=ha, now=MONDAY)
    actions.change(row.pk, {"signing": " "}, actor=ha, now=MONDAY)
    with refuses("quyền hạn, chức vụ người ký"):
        actions.submit(row.pk, actor=ha, now=MONDAY)
    with pytest.raises(Stale):
        actions.submit(row.pk, actor=ha, now=MONDAY, version=1)


# -- who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "kind", "writes", "signs", "why"),
    [
        ("ha", Kind.LEADERS_REPORT, True, True, "the office writes to the leaders"),
        ("son", Kind.LEADERS_REPORT, False, False, "a leader does not report to themselves"),
        ("son", Kind.THANK_YOU_LETTER, False, True, "a leader may sign the thanks"),
        ("hung", Kind.PROGRESS_REPORT, True, True, "thủ trưởng signs for the agency"),
        ("binh", Kind.PROGRESS_REPORT, True, False, "nhân sự đầu mối writes it"),
        ("lan", Kind.PROGRESS_REPORT, False, False, "of another agency"),
        ("binh", Kind.LEADERS_REPORT, False, False, "an agency reports to its head"),
        ("cuong", Kind.REPLY_LETTER, False, False, "the desk writes no documents"),
        ("van", Kind.MINUTES, False, False, "the inspector watches"),
        ("admin", Kind.REPLY_LETTER, False, False, "the administrator keeps templates, not letters"),
    ],
)  # fmt: skip
def test_who_writes_and_who_signs(office: Office, who: str, kind: Kind, writes: bool, signs: bool, why: str) -> None:
    case, actor = office.in_mode("leaders"), office.actor(who)

    def allowed(deed: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                deed()
        except Exception as refused:  # noqa: BLE001 - whichever it is, it must be this sentence
            assert "không có quyền" in str(getattr(refused, "sentence", refused)), refused
            return False
        return True

    assert allowed(lambda: actions.draft([case], kind, actor=actor, now=MONDAY)) == writes, why
    writer = office.actor("binh" if kind == Kind.PROGRESS_REPORT else "ha")
    row = actions.draft([case], kind, actor=writer, now=MONDAY)
    parts = dict.fromkeys(("body", "recipient", "signing", "subject"), "Đã điền")
    actions.change(row.pk, parts, actor=writer, now=MONDAY)
    assert allowed(lambda: actions.issue(row.pk, actor=actor, now=MONDAY)) == signs, why


def test_who_sees_what(office: Office) -> None:
    row = report(office)
    sees = lambda: {name for name in ("ha", "son", "van", "cuong", "binh", "hung", "lan", "admin", "mai", "ky-thuat")  # noqa: E731
                    if Document.objects.visible_to(office.cast.viewer(name)).exists()}  # fmt: skip
    assert sees() == {"ha", "son", "van"}, "a draft is the office's, whom it is for, and who supervises"
    actions.issue(row.pk, actor=office.actor("ha"), now=MONDAY)
    assert sees() == {"ha", "son", "van", "cuong", "binh", "hung"}, "issued: the desk, and the agency in charge"
    assert of_case(office.cast.viewer("lan"), row.cases.get().pk) == []


def test_cases_of_two_domains_never_meet_in_a_document(office: Office) -> None:
    one, two = office.in_mode("thanks"), office.in_mode("thanks")
    two.domain = "party"
    two.save(update_fields=["domain"])
    with refuses("cùng lĩnh vực cơ bản"):
        actions.draft([one, two], Kind.SYNTHESIS, actor=office.actor("ha"), now=MONDAY)
    with refuses("chỉ về một phiếu"):
        actions.draft([one, one], Kind.THANK_YOU_LETTER, actor=office.actor("ha"), now=MONDAY)
