"""The verbs of moving a hotline: out of one installation, into another."""

from hotline.relocation.actions.absorbing import Absorbed, absorb
from hotline.relocation.actions.archive import Archive
from hotline.relocation.actions.exporting import export_hotline

__all__ = ["Absorbed", "Archive", "absorb", "export_hotline"]
