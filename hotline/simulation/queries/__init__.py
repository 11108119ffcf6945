"""Questions to the recorded cases: what would have been late, and the names behind the numbers."""

from hotline.simulation.queries.naming import NOBODY, clock_labels, named, named_cases
from hotline.simulation.queries.replaying import Offices, Simulation, hotline_of, offices_of, simulate, topic

__all__ = [
    "NOBODY",
    "Offices",
    "Simulation",
    "clock_labels",
    "hotline_of",
    "named",
    "named_cases",
    "offices_of",
    "simulate",
    "topic",
]
