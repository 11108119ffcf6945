"""`hotline demo [--cases N]`: the door to the demonstration and to generated cases for measuring."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hotline.demo.actions import SIGN_INS, make_demo
from hotline.packs.models import LoadedPack
from hotline.refusals import Refused
from hotline.regulation.pack import read_pack


class Command(BaseCommand):
    """Prints what was made and where the sign-ins stand."""

    help = "Người và phiếu mẫu để giới thiệu, thử nghiệm (demo people and cases; --cases N: generated ones for bench)"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How many, with which password, and whether real data may be there."""
        parser.add_argument("--cases", type=int, default=0, help="sinh thêm N phiếu tổng hợp (generate N cases more)")
        parser.add_argument("--seed", type=int, default=1022, help="số gieo cho phiếu tổng hợp (seed of generated cases)")
        parser.add_argument("--password", default="", help="mật khẩu chung thay cho mật khẩu ngẫu nhiên")
        parser.add_argument("--force", action="store_true", help="nạp cả khi đã có người dùng hoặc phiếu thật")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the demonstration where it is not there yet, then the generated cases."""
        try:
            made = make_demo(
                self._folder(), now=timezone.now(), password=options["password"], force=options["force"],
                as_of=read_pack(self._folder().parent).demo_as_of,
            )
            if made.changed:
                self.stdout.write(f"{made.people} người, {made.cases} phiếu; đăng nhập: {settings.HOME / SIGN_INS}")
            if options["cases"]:
                from hotline.demo.bulk import generate

                seconds = generate(
                    options["cases"], folder=self._folder(), now=timezone.localtime(), seed=options["seed"],
                    say=self.stdout.write,
                )
                self.stdout.write(f"{options['cases']} phiếu tổng hợp trong {seconds:.0f} giây")
        except Refused as refused:
            raise CommandError(refused.sentence.vi) from refused

    def _folder(self) -> Path:
        for key in LoadedPack.objects.values_list("key", flat=True):
            if (settings.PACKS / key / "demo").is_dir():
                return settings.PACKS / key / "demo"
        raise CommandError("Gói tỉnh đã nạp không có thư mục demo (the loaded pack has no demo folder).")
