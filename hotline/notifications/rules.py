"""When a delivery is tried again."""

from __future__ import annotations

# Seconds after the first, second … failure: from a hiccup to a server that is down over the weekend.
RETRY_AFTER = (30, 120, 600, 3600, 6 * 3600, 24 * 3600, 48 * 3600)
