"""`hotline reorganise FILE [--dry-run]`: the door to `reorganisation.actions`."""

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
from hotline.reorganisation import rules

WRONG_INPUT = 2  # the file is not right: nothing was written
REFUSED = 1  # the file is right, the state of things refuses it: nothing was written


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence instead of a page of usage."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}", file=sys.stderr)
        raise SystemExit(WRONG_INPUT)


def main(arguments: Sequence[str]) -> int:
    """Print what moves, or moved. Exit 2: the file is wrong; 1: refused; nothing is written in both cases."""
    parser = _Parser(
        prog="hotline reorganise",
        description="Sắp xếp cơ quan, địa bàn theo một quyết định / reorganise agencies and communes by a decision",
    )
    parser.add_argument("file", type=Path, help="tệp TOML của quyết định / the decision as a TOML file")
    parser.add_argument("--dry-run", action="store_true", help="chỉ xem sẽ chuyển những gì / only show what would move")
    parser.add_argument("--lang", choices=["vi", "en"], default="vi")
    asked = parser.parse_args(arguments)
    try:
        plan = rules.read(asked.file.read_bytes(), asked.file.name)
        lines = _perform(plan, asked.file.name, asked.dry_run, asked.lang)
    except OSError as error:
        return _say(f"{parser.prog}: {asked.file}: {error.strerror}", status=WRONG_INPUT)
    except PackInvalid as invalid:
        return _say(*(error.text(asked.lang) for error in invalid.errors), status=WRONG_INPUT)
    except Refused as refused:
        return _say(refused.sentence.get(asked.lang), status=REFUSED)
    print("\n".join(lines))
    return 0


def _perform(plan: rules.Plan, file: str, dry_run: bool, language: str) -> list[str]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    from django.utils import timezone

    from hotline.journal.rules import Actor
    from hotline.reorganisation.actions import foretell, reorganise

    now = timezone.now()
    actor = Actor("system", name="Quản trị hệ thống", post="hotline reorganise")
    head = f"{plan.number} · {plan.title}"
    if dry_run:
        would = Label(
            f"Nếu áp dụng (hiệu lực {plan.effective:%d/%m/%Y}):", f"If applied (in effect {plan.effective:%d/%m/%Y}):"
        )
        return [head, would.get(language), *rules.lines(foretell(plan, file=file, actor=actor, now=now), language)]
    outcome = reorganise(plan, file=file, actor=actor, now=now)
    if not outcome.applied:
        known = (
            Label("Đã ghi nhận", "Recorded") if outcome.changed else Label("Đã ghi nhận từ trước", "Recorded before")
        )
        day = f"{plan.effective:%d/%m/%Y}"
        later = Label(f"{known.vi}; sẽ tự áp dụng ngày {day}.", f"{known.en}; it will be applied on {day}.")
        return [head, later.get(language)]
    if not outcome.changed:
        day = f"{timezone.localtime(outcome.row.applied_at):%d/%m/%Y}"
        before = Label(f"Đã áp dụng ngày {day}; không có gì thay đổi.", f"Applied on {day} already; nothing changes.")
        return [head, before.get(language)]
    done = Label("Đã áp dụng:", "Applied:")
    return [head, done.get(language), *rules.lines(outcome.moved, language)]


def _say(*lines: str, status: int) -> int:
    for line in lines:
        print(line, file=sys.stderr)
    return status
