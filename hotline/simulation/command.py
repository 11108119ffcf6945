"""`hotline simulate`: what would have been late under a changed edition, on the command line."""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import orjson

if TYPE_CHECKING:
    from hotline.regulation.edition import Edition
    from hotline.regulation.working_time import WorkCalendar
    from hotline.simulation.queries import Simulation

WRONG_INPUT = 2
_WORDS = {
    "vi": ("phiếu", "đã trễ", "sẽ trễ", "trễ cả hai", "thêm", "bớt"),
    "en": ("cases", "late", "would be", "both", "more", "fewer"),
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(WRONG_INPUT)


def main(arguments: Sequence[str] = ()) -> int:
    """Run it; the exit status. Wrong input is a sentence on stderr and status 2."""
    parser = _Parser(
        prog="hotline simulate",
        description="Chạy lại các phiếu đã có theo một quy chế khác / replay the recorded cases under another edition",
    )
    parser.add_argument("--edition", required=True, type=Path, metavar="FILE", help="quy chế (TOML) / the edition")
    parser.add_argument("--since", required=True, type=date.fromisoformat, metavar="DATE", help="2026-01-01")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="mặc định hôm nay / default today")
    parser.add_argument("--calendar", type=Path, metavar="FILE", help="lịch khác (calendar.toml) / another calendar")
    parser.add_argument("--top", type=int, default=15, help="số dòng mỗi bảng / lines of each table")
    parser.add_argument("--cases", action="store_true", help="kèm từng phiếu / the cases too")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    from hotline.regulation.reading import PackInvalid
    from hotline.regulation.refusal import Refused

    try:
        return _simulate(asked)
    except PackInvalid as invalid:
        sentences = [error.text(asked.lang) for error in invalid.errors]
    except Refused as refused:
        sentences = [refused.sentence.get(asked.lang)]
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
        sentences = [str(error)]
    for sentence in sentences:
        print(f"{parser.prog}: {sentence}", file=sys.stderr)
    return WRONG_INPUT


def _simulate(asked: argparse.Namespace) -> int:
    from django.utils import timezone

    from hotline.regulation.edition import parse_edition
    from hotline.simulation.queries import hotline_of, simulate

    edition = parse_edition(tomllib.loads(asked.edition.read_text("utf-8")), str(asked.edition))
    until = asked.until = asked.until or timezone.localdate()
    replaced = _calendars(asked.calendar, range(asked.since.year, until.year + 2)) if asked.calendar else {}
    found = simulate(hotline_of(edition), edition, asked.since, until, now=timezone.now(), replaced=replaced)
    told = _told(edition, found, asked)
    if asked.json:
        print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    else:
        print("\n".join(_lines(told, asked)))
    return 0


def _calendars(file: Path, years: range) -> dict[str, WorkCalendar]:
    """The calendars of a file by key; the first takes the place of the hotline's."""
    from hotline.regulation.calendar_document import parse_calendars

    calendars = parse_calendars(tomllib.loads(file.read_text("utf-8")), file.name, years)
    values = {key: given.calendar for key, given in calendars.items()}
    return values | {"": next(iter(values.values()))}


def _told(edition: Edition, found: Simulation, asked: argparse.Namespace) -> dict[str, Any]:
    """The figures with names in place of numbers."""
    from hotline.simulation.queries import named, named_cases

    told: dict[str, Any] = {
        "edition": edition.decision,
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        **named(found.figures, edition, asked.lang),
        "seconds": round(found.seconds, 1),
        "seconds_reading": round(found.reading, 1),
    }
    if asked.cases:
        told["cases"] = named_cases(found.cases, edition)
    return told


def _lines(told: dict[str, Any], asked: argparse.Namespace) -> list[str]:
    vi = asked.lang == "vi"
    head = _WORDS[asked.lang]
    lines = [
        f"{told['edition']}: {told['since']} → {told['until']}, {told['seconds']} s",
        "",
        _row("", head),
        _row("Tất cả" if vi else "All", _figures(told["total"])),
    ]
    for key, title in (
        ("agencies", "Theo cơ quan" if vi else "By agency"),
        ("fields", "Theo lĩnh vực" if vi else "By field"),
    ):
        rows = sorted(told[key], key=lambda row: -abs(row["figures"][2] - row["figures"][1]))
        lines += ["", title, *(_row(row["name"], _figures(row["figures"])) for row in rows[: asked.top])]
        if len(rows) > asked.top:
            lines.append(f"… {len(rows) - asked.top}")
    lines += ["", "Thời hạn: đã bắt đầu, trễ" if vi else "Clocks: begun, late"]
    lines += [_row(row["name"], tuple(map(str, row["figures"]))) for row in told["clocks"]]
    lines += [f"{row['code']} {row['change']} {row['clock']}" for row in told.get("cases", ())]
    return lines


def _figures(row: Sequence[int]) -> tuple[str, ...]:
    count, late, would, both = row
    share = (lambda n: f"{n} ({100 * n / count:.1f} %)") if count else str
    return str(count), share(late), share(would), str(both), f"+{would - both}", f"-{late - both}"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name[:44]:<44}" + "".join(f"{cell:>18}" for cell in cells)
