"""A sheet as PDF, its fonts embedded: it looks the same and its words are found on every machine (PDF with ToUnicode)."""

from __future__ import annotations

from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos

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

_FONTS = Path(__file__).parent / "fonts"
_FAMILY = "paper"
_STYLES = {"": "Regular", "B": "Bold", "I": "Italic", "BI": "BoldItalic"}
_LEFT_COLUMN, _RIGHT_COLUMN = 64.0, 96.0  # of 160 mm between the margins
_INDENT = 10.0  # Phụ lục I, II.6: 1 cm or 1.27 cm
_LINE = 0.3528 * 1.3  # millimetres of a point, with the space between lines


class _Paper(FPDF):
    """A4 with the page's number in the middle of the upper margin, from the second page on (Phụ lục I, I.7)."""

    draft = False

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_y(10)
            self.set_font(_FAMILY, "", 13)
            self.cell(0, 6, str(self.page_no()), align=Align.C)
            self.set_y(TOP)

    def footer(self) -> None:
        if self.draft:
            self.set_y(-14)
            self.set_font(_FAMILY, "I", 11)
            self.cell(0, 6, "Dự thảo, chưa có giá trị", align=Align.C)


def pdf_of(sheet: Sheet) -> bytes:
    """The sheet as the bytes of a PDF, A4 upright."""
    paper = _Paper(format="A4")
    for style, name in _STYLES.items():
        paper.add_font(_FAMILY, style, _FONTS / f"STIXTwoText-{name}.ttf")
    paper.draft = sheet.draft
    paper.set_margins(LEFT, TOP, RIGHT)
    paper.set_auto_page_break(True, BOTTOM)
    paper.set_title(f"{sheet.number} {sheet.subject}")
    paper.set_lang("vi")
    paper.add_page()
    _head(paper, sheet)
    _text(paper, sheet)
    _foot(paper, sheet)
    return bytes(paper.output())


def _column(paper: FPDF, x: float, width: float, text: str, style: str, size: float) -> None:
    """One centred line or more of a column."""
    paper.set_font(_FAMILY, style, size)
    paper.set_x(x)
    paper.multi_cell(width, size * _LINE, text, align=Align.C, new_x=XPos.LEFT, new_y=YPos.NEXT)


def _rule(paper: FPDF, x: float, width: float, length: float) -> None:
    """A thin line in the middle below a column's text."""
    y = paper.get_y() + 0.6
    paper.set_line_width(0.25)
    paper.line(x + (width - length) / 2, y, x + (width + length) / 2, y)
    paper.set_y(y + 1.4)


def _head(paper: FPDF, sheet: Sheet) -> None:
    """Office and number on the left, the country's name and the day on the right (Phụ lục I, II.1–4); of a Party body the
    Party's name at the right, without a motto (36-HD/VPTW, mục II)."""
    right = LEFT + _LEFT_COLUMN
    if sheet.authority:
        _column(paper, LEFT, _LEFT_COLUMN, sheet.authority, "", 12)
    _column(paper, LEFT, _LEFT_COLUMN, sheet.office, "B", 12)
    if sheet.of_party:
        _column(paper, LEFT, _LEFT_COLUMN, BELOW_OFFICE, "", 12)
    else:
        _rule(paper, LEFT, _LEFT_COLUMN, 24)
    after_left = paper.get_y()
    paper.set_y(TOP)
    if sheet.of_party:
        _column(paper, right, _RIGHT_COLUMN, PARTY, "B", 15)
        _rule(paper, right, _RIGHT_COLUMN, paper.get_string_width(PARTY))
    else:
        _country(paper, right)
    row = max(after_left, paper.get_y()) + 1
    paper.set_y(row)
    _column(paper, LEFT, _LEFT_COLUMN, sheet.number_line, "", 13)
    if not sheet.printed:
        _column(paper, LEFT, _LEFT_COLUMN, f"V/v {sheet.subject}", "I" if sheet.of_party else "", 12)
    after_left = paper.get_y()
    paper.set_y(row)
    _column(paper, right, _RIGHT_COLUMN, sheet.place_and_day, "I", 13)
    paper.set_y(max(after_left, paper.get_y()) + 5)


def _country(paper: FPDF, right: float) -> None:
    """The country's name on one line, the motto underlined (Phụ lục I, II.1)."""
    size = 12.0
    paper.set_font(_FAMILY, "B", size)
    while paper.get_string_width(COUNTRY) > _RIGHT_COLUMN - 2:
        size -= 0.25
        paper.set_font(_FAMILY, "B", size)
    _column(paper, right, _RIGHT_COLUMN, COUNTRY, "B", size)
    _column(paper, right, _RIGHT_COLUMN, MOTTO, "B", 13)
    _rule(paper, right, _RIGHT_COLUMN, paper.get_string_width(MOTTO))


def _text(paper: FPDF, sheet: Sheet) -> None:
    width = paper.epw
    if sheet.printed:
        _column(paper, LEFT, width, sheet.printed, "B", 16 if sheet.of_party else 14)
        _column(paper, LEFT, width, sheet.subject, "B", 14)
        if sheet.of_party:
            _column(paper, LEFT, width, BELOW_SUBJECT, "", 14)
        else:
            _rule(paper, LEFT, width, 50)
        paper.ln(3)
    for to in recipients(sheet.recipient):
        paper.set_font(_FAMILY, "", 14)
        paper.set_x(LEFT + (32 if to.startswith("-") else 20))
        paper.multi_cell(0, 14 * _LINE, to, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if sheet.recipient:
        paper.ln(2)
    for line in sheet.lines:
        paper.set_font(_FAMILY, "B" if line.bold else "", 14)
        with paper.text_columns(text_align="J", line_height=1.25) as columns, columns.paragraph(
            first_line_indent=_INDENT, bottom_margin=2.1, text_align=Align.L if line.bold else Align.J
        ) as paragraph:  # fmt: skip
            paragraph.write(line.text)


def _foot(paper: FPDF, sheet: Sheet) -> None:
    """Recipients of copies on the left, authority, post and name of who signs on the right, never torn apart."""
    half = paper.epw / 2
    right = LEFT + half
    paper.set_font(_FAMILY, "B", 14)
    above = 0
    for line in sheet.signing:
        lines = paper.multi_cell(half, 6, line, align=Align.C, dry_run=True, output=MethodReturnValue.LINES)
        assert isinstance(lines, list)
        above += len(lines)
    height = max(6 + above * 14 * _LINE + 32, 8 + len(sheet.copies) * 11 * _LINE)
    if paper.will_page_break(height):
        paper.add_page()
    paper.ln(4)
    top = paper.get_y()
    if sheet.copies:
        paper.set_font(_FAMILY, "BI", 12)
        paper.cell(half, 12 * _LINE, "Nơi nhận:", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        paper.set_font(_FAMILY, "", 11)
        for line in sheet.copies:
            paper.multi_cell(half - 6, 11 * _LINE, line, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_y(top)
    for line in sheet.signing:
        _column(paper, right, half, line, "B", 14)
    paper.ln(24)
    _column(paper, right, half, sheet.signatory, "B", 14)
