"""`hotline export-hotline KEY FILE` and `hotline absorb FILE`: the doors to `relocation.actions`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from hotline.refusals import Refused
from hotline.regulation.labels import Label
from hotline.regulation.reading import PackInvalid
from hotline.relocation import rules

WRONG_INPUT = 2  # the archive or the mapping is not right, or does not fit: nothing was written
REFUSED = 1  # the state of things refuses it: nothing was written


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(WRONG_INPUT)


def export_hotline(arguments: Sequence[str]) -> int:
    """Write a hotline into one archive. Exit 1 when it cannot be; no file is left then."""
    parser = _Parser(
        prog="hotline export-hotline", description="Xuất một tổng đài ra một tệp / write a hotline into one archive"
    )
    parser.add_argument("hotline", metavar="KEY", help="mã tổng đài / the hotline's key")
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    asked = parser.parse_args(arguments)
    _ready()
    from django.utils import timezone

    from hotline.journal.rules import Actor
    from hotline.relocation import actions

    try:
        actor = Actor("system", name="Quản trị hệ thống", post="hotline export-hotline")
        manifest = actions.export_hotline(asked.hotline, asked.file, actor=actor, now=timezone.now(), told=_told)
    except Refused as refused:
        return _say(refused.sentence.get(asked.lang), status=REFUSED)
    except OSError as error:
        return _say(f"{parser.prog}: {asked.file}: {error.strerror}", status=REFUSED)
    cases = manifest.counts.get("cases.Case", 0)
    said = Label(
        f"{manifest.name}: {cases} phiếu, {sum(manifest.counts.values())} dòng → {asked.file}. "
        "Tệp chứa dữ liệu cá nhân: chỉ chuyển qua đường truyền bảo mật. Không có nội dung tố cáo niêm phong.",
        f"{manifest.name}: {cases} cases, {sum(manifest.counts.values())} rows → {asked.file}. "
        "It holds personal data: move it over a protected line only. No sealed denunciation is in it.",
    )
    print(said.get(asked.lang))
    return 0


def absorb(arguments: Sequence[str]) -> int:
    """Take a hotline in. Exit 2 when the archive or the mapping does not fit; nothing is written then."""
    parser = _Parser(
        prog="hotline absorb", description="Tiếp nhận một tổng đài từ hệ thống khác / take a hotline in from elsewhere"
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--mapping", type=Path, help="tệp TOML: mã ở nơi cũ → mã ở đây / keys there → keys here")
    parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra / only check")
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    asked = parser.parse_args(arguments)
    _ready()
    from django.utils import timezone

    from hotline.journal.rules import Actor
    from hotline.relocation import actions

    try:
        names = rules.read_names(asked.mapping.read_bytes(), asked.mapping.name) if asked.mapping else rules.Names()
        archive = actions.Archive(asked.file)
        try:
            actor = Actor("system", name="Quản trị hệ thống", post="hotline absorb")
            done = actions.absorb(archive, names, dry_run=asked.dry_run, actor=actor, now=timezone.now(), told=_told)
        finally:
            archive.close()
    except PackInvalid as invalid:
        return _say(*(error.text(asked.lang) for error in invalid.errors), status=WRONG_INPUT)
    except Refused as refused:
        return _say(refused.sentence.get(asked.lang), status=REFUSED)
    except OSError as error:
        return _say(f"{parser.prog}: {error.filename}: {error.strerror}", status=WRONG_INPUT)
    cases = done.counts.get("cases.Case", 0)
    if not done.changed:
        said = Label(f"{done.name}: đã tiếp nhận từ trước, không có gì thay đổi.", f"{done.name}: absorbed before.")
    elif asked.dry_run:
        said = Label(f"{done.name}: tiếp nhận được, {cases} phiếu.", f"{done.name}: can be absorbed, {cases} cases.")
    else:
        said = Label(f"{done.name}: đã tiếp nhận {cases} phiếu.", f"{done.name}: {cases} cases absorbed.")
    print(said.get(asked.lang))
    for words, agencies in (
        (Label("cùng một cơ quan ở đây", "taken for the agency here"), done.same),
        (Label("cơ quan thêm mới", "agencies made"), done.new),
    ):
        if agencies:
            print(f"  {words.get(asked.lang)} ({len(agencies)}): {', '.join(agencies)}")
    return 0


def _ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()


def _told(what: str, rows: int) -> None:
    print(f"  {what}: {rows}", file=sys.stderr)


def _say(*lines: str, status: int) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return status
