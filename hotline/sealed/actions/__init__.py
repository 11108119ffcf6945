"""What is done with sealed records. Every look is an act: it stands in the register before anything is shown."""

from hotline.sealed.actions.following import follow
from hotline.sealed.actions.passing_on import acknowledge, close, forward
from hotline.sealed.actions.reading import counted, cover, identify, listed, open_file, printed, read, register_of
from hotline.sealed.actions.recording import clear_away, record_denunciation, tell
from hotline.sealed.actions.reminding import remind

__all__ = [
    "acknowledge", "clear_away", "close", "counted", "cover", "follow", "forward", "identify", "listed", "open_file", "printed",
    "read", "record_denunciation", "register_of", "remind", "tell",
]  # fmt: skip
