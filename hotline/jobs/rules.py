"""How soon a worker that died is noticed."""

HEARTBEAT_SECONDS = 5.0  # how often a worker says that it lives
DEAD_SECONDS = 15.0  # silent for so long, its jobs are another's; one that was only slow has them done twice, to one effect
