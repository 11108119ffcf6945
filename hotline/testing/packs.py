"""Packs for tests: copies that may be loaded without the whole country, which takes ten times as long."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings


def copy_of(pack: str | Path, folder: Path) -> Path:
    """A copy of a pack in `folder`, beside a country cut down to the communes it serves. Its files are otherwise as shipped."""
    source = settings.PACKS / pack
    country = folder / "vietnam"
    country.mkdir(parents=True)
    served = {line.split(",")[0] for line in (source / "areas.csv").read_text("utf-8").splitlines()[1:]}
    for name, column in (("provinces.csv", None), ("communes.csv", 0), ("old_names.csv", 3)):
        lines = (settings.PACKS / "vietnam" / name).read_text("utf-8").splitlines()
        kept = [line for line in lines[1:] if column is None or line.split(",")[column] in served]
        (country / name).write_text("\n".join([lines[0], *kept]) + "\n", "utf-8")
    return Path(shutil.copytree(source, folder / source.name))
