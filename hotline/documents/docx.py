"""A sheet as DOCX, for those who go on writing in it: Times New Roman as Nghị định 30/2020 asks (Phụ lục I, I.1)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document as NewDocument
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from hotline.documents.sheet import (
    BELOW_OFFICE,
    BELOW_SUBJECT,
    BOTTOM,
    COUNTRY,
    LEFT,
    MOTTO,
    PARTY,
    RIGHT,
    TOP,
    Sheet,
    recipients,
)

_FONT = "Times New Roman"


def docx_of(sheet: Sheet) -> bytes:
    """The sheet as the bytes of a Word document, A4 upright."""
    paper = NewDocument()
    _page(paper)
    paper.core_properties.title = f"{sheet.number} {sheet.subject}"
    paper.core_properties.language = "vi-VN"
    paper.core_properties.author = sheet.office
    _head(paper, sheet)
    _text(paper, sheet)
    _foot(paper, sheet)
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def _page(paper: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.different_first_page_header_footer = True
    style: Any = paper.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    _page_number(number)


def _page_number(paragraph: Paragraph) -> None:
    """Word counts the pages itself."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _put(
    paragraph: Paragraph, text: str, size: float, *, bold: bool = False, italic: bool = False, align: Any = ALIGN.CENTER
) -> Paragraph:
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), _FONT
    return paragraph


def _rule(paragraph: Paragraph, inset: float) -> None:
    """A thin line below a paragraph, `inset` millimetres in from both sides of its column."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(inset)
    paragraph.paragraph_format.line_spacing = Pt(3)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    border.append(top)
    paragraph._p.get_or_add_pPr().append(border)


def _columns(paper: Document, widths: tuple[float, float]) -> tuple[Any, Any]:
    table = paper.add_table(rows=1, cols=2)
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, widths, strict=True):
        cell.width = Mm(width)
    left, right = table.rows[0].cells
    return left, right


def _head(paper: Document, sheet: Sheet) -> None:
    left, right = _columns(paper, (66, 94))
    first = left.paragraphs[0]
    if sheet.authority:
        _put(first, sheet.authority, 12)
        first = left.add_paragraph()
    _put(first, sheet.office, 12, bold=True)
    if sheet.of_party:
        _put(left.add_paragraph(), BELOW_OFFICE, 12)
    else:
        _rule(left.add_paragraph(), 20)
    _put(left.add_paragraph(), sheet.number_line, 13)
    if not sheet.printed:
        _put(left.add_paragraph(), f"V/v {sheet.subject}", 12, italic=sheet.of_party)
    if sheet.of_party:
        _put(right.paragraphs[0], PARTY, 15, bold=True)
        _rule(right.add_paragraph(), 8)
    else:
        _put(right.paragraphs[0], COUNTRY, 12, bold=True)
        _put(right.add_paragraph(), MOTTO, 13, bold=True)
        _rule(right.add_paragraph(), 17)
    _put(right.add_paragraph(), sheet.place_and_day, 13, italic=True)


def _text(paper: Document, sheet: Sheet) -> None:
    paper.add_paragraph()
    if sheet.printed:
        _put(paper.add_paragraph(), sheet.printed, 16 if sheet.of_party else 14, bold=True)
        _put(paper.add_paragraph(), sheet.subject, 14, bold=True)
        if sheet.of_party:
            _put(paper.add_paragraph(), BELOW_SUBJECT, 14)
        else:
            _rule(paper.add_paragraph(), 55)
    for to in recipients(sheet.recipient):
        said = _put(paper.add_paragraph(), to, 14, align=ALIGN.LEFT)
        said.paragraph_format.left_indent = Mm(32 if to.startswith("-") else 20)
    for line in sheet.lines:
        said = _put(
            paper.add_paragraph(), line.text, 14, bold=line.bold, align=ALIGN.LEFT if line.bold else ALIGN.JUSTIFY
        )
        said.paragraph_format.first_line_indent = Mm(10)
        said.paragraph_format.space_before = Pt(6)


def _foot(paper: Document, sheet: Sheet) -> None:
    paper.add_paragraph()
    left, right = _columns(paper, (80, 80))
    if sheet.copies:
        _put(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True, align=ALIGN.LEFT)
        for line in sheet.copies:
            _put(left.add_paragraph(), line, 11, align=ALIGN.LEFT)
    first = right.paragraphs[0]
    for number, line in enumerate(sheet.signing):
        _put(first if number == 0 else right.add_paragraph(), line, 14, bold=True)
    for _ in range(4):
        right.add_paragraph()
    _put(right.add_paragraph(), sheet.signatory, 14, bold=True)
    if sheet.draft:
        _put(paper.add_paragraph(), "Dự thảo, chưa có giá trị", 11, italic=True)
