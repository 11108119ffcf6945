"""`hotline load_pack <folder or name>`: the door to `packs.actions.load_pack`."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from hotline.packs.actions import load_pack
from hotline.refusals import Refused
from hotline.regulation.pack import default_pack
from hotline.regulation.reading import PackInvalid


class Command(BaseCommand):
    """Prints one line on success; one line for each fault, and exit code 1, when nothing was loaded."""

    help = "Nạp một gói tỉnh vào cơ sở dữ liệu (load a pack: all of it or nothing)"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The pack and the language of the faults."""
        parser.add_argument("pack", nargs="?", default="", help="thư mục gói, hoặc tên một gói trong packs/")
        parser.add_argument("--lang", default="vi", choices=["vi", "en"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, or say what is wrong."""
        try:
            loaded = load_pack(options["pack"] or default_pack(settings.PACKS), now=timezone.now())
        except PackInvalid as invalid:
            for error in invalid.errors:
                self.stderr.write(error.text(options["lang"]))
            sys.exit(1)
        except Refused as refused:
            self.stderr.write(refused.sentence.get(options["lang"]))
            sys.exit(1)
        if loaded.changed:
            self.stdout.write(
                f"{loaded.key}: {loaded.agencies} cơ quan, {loaded.fields} lĩnh vực, {loaded.routes} dòng phân công, "
                f"{loaded.areas} địa bàn"
            )
        else:
            self.stdout.write(f"{loaded.key}: không có gì thay đổi")
