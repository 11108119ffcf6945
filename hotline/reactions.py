"""What follows from what, on one page."""

REACTIONS: dict[str, tuple[str, ...]] = {}
