"""The regulation on the command line, without database or Django: deadlines, packs, the picture of the lifecycle."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from hotline.regulation.edition import Edition
from hotline.regulation.explain import Explanation, explain
from hotline.regulation.lifecycle_doc import lifecycle_page
from hotline.regulation.pack import Pack, read_pack
from hotline.regulation.reading import PackInvalid

WRONG_INPUT = 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(WRONG_INPUT)


class _Wrong(Exception):
    """Input that cannot be worked with, in one sentence."""


def deadline(arguments: Sequence[str]) -> int:
    """`hotline deadline`: the due moment first, then why."""
    parser = _Parser(prog="hotline deadline", description="Thời hạn của một đồng hồ / the due moment of one clock")
    parser.add_argument("--pack", required=True, help="tên gói hoặc đường dẫn thư mục / name or folder of a pack")
    parser.add_argument("--clock", required=True, help="ví dụ focal_person / such as focal_person")
    parser.add_argument("--from", required=True, dest="start", metavar="MOMENT", help="2026-02-13T16:00+07:00")
    parser.add_argument("--edition", help="mã quy chế; mặc định: đang có hiệu lực / default: the one in force")
    parser.add_argument("--calendar", help="lịch khác của gói / another calendar of the pack")
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    asked = parser.parse_args(arguments)
    try:
        explanation = _deadline(asked)
    except PackInvalid as invalid:
        return _say(parser.prog, *(error.text(asked.lang) for error in invalid.errors))
    except (_Wrong, ValueError, OverflowError) as error:
        return _say(parser.prog, str(error))
    print("\n".join([explanation.due_at.isoformat(), *explanation.as_lines(asked.lang)]))
    return 0


def pack(arguments: Sequence[str]) -> int:
    """`hotline pack check PATH`: read everything, name every error."""
    parser = _Parser(prog="hotline pack", description="Kiểm tra một gói tỉnh / check a pack")
    parser.add_argument("what", choices=["check"])
    parser.add_argument("pack", metavar="PATH", help="tên gói hoặc đường dẫn thư mục / name or folder of a pack")
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    asked = parser.parse_args(arguments)
    try:
        found = read_pack(asked.pack)
    except PackInvalid as invalid:
        return _say(parser.prog, *(error.text(asked.lang) for error in invalid.errors))
    print(f"{found.key}: {found.name.get(asked.lang)}")
    for edition in found.editions:
        print(f"  {edition.hotline} · {edition.decision} · {edition.valid_from:%d/%m/%Y} →", end=" ")
        print(f"{edition.valid_to:%d/%m/%Y}" if edition.valid_to else "…")
        for rule in (*edition.clocks, *edition.obligation_clocks()):
            print(f"    {rule.key}: {rule.label.get(asked.lang)}, {rule.limit.label.get(asked.lang)}")
    return 0


def lifecycle_doc(arguments: Sequence[str]) -> int:
    """`hotline lifecycle-doc [FILE]`: the generated page, to a file or to the screen."""
    parser = _Parser(prog="hotline lifecycle-doc", description="Vòng đời của phiếu / the life of a case, as a page")
    parser.add_argument("file", nargs="?", type=Path)
    asked = parser.parse_args(arguments)
    if asked.file is None:
        print(lifecycle_page(), end="")
    else:
        asked.file.write_text(lifecycle_page(), encoding="utf-8")
    return 0


def _say(prog: str, *sentences: str) -> int:
    for sentence in sentences:
        print(f"{prog}: {sentence}", file=sys.stderr)
    return WRONG_INPUT


def _deadline(asked: argparse.Namespace) -> Explanation:
    start = _moment(asked.start)
    last = start.year
    while True:
        # Seeding a year of holidays is slow: begin with the year asked about, add years while the due moment leaves them.
        found = read_pack(asked.pack, range(start.year, last + 1))
        edition = _edition(found, asked, start)
        rule = edition.clock(asked.clock)
        calendar = found.calendar_of(edition)
        if asked.calendar is not None:
            if asked.calendar not in found.calendars:
                raise _Wrong(f"gói {found.key} không có lịch “{asked.calendar}” (có: {', '.join(found.calendars)})")
            calendar = found.calendar(asked.calendar)
        explanation = explain(rule.limit, start, calendar)
        if explanation.due_at.year <= last:
            return explanation
        last = explanation.due_at.year


def _moment(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong(f"--from “{text}” không phải là thời điểm ISO như 2026-02-13T16:00+07:00") from None
    if start.utcoffset() is None:
        raise _Wrong(f"--from “{text}” thiếu múi giờ, ví dụ 2026-02-13T16:00+07:00")
    return start


def _edition(found: Pack, asked: argparse.Namespace, start: datetime) -> Edition:
    """The edition asked for, or the one in force that day that has the clock."""
    day = start.astimezone(found.calendar().zone).date()
    candidates = [e for e in found.editions if (e.key == asked.edition if asked.edition else e.in_force(day))]
    if not candidates:
        known = ", ".join(f"{e.key} (từ {e.valid_from:%d/%m/%Y})" for e in found.editions)
        which = f"mã “{asked.edition}”" if asked.edition else f"có hiệu lực ngày {day:%d/%m/%Y}"
        raise _Wrong(f"gói {found.key} không có quy chế {which}; có: {known}")
    keys = {e.key: [rule.key for rule in (*e.clocks, *e.obligation_clocks())] for e in candidates}
    with_clock = [e for e in candidates if asked.clock in keys[e.key]]
    if not with_clock:
        known = ", ".join(dict.fromkeys(key for each in keys.values() for key in each))
        raise _Wrong(f"quy chế {candidates[0].decision} không có đồng hồ “{asked.clock}”; có: {known}")
    return max(with_clock, key=lambda edition: edition.valid_from)
