"""Topics: what a page may listen to. The push server sends only ids of acts, and only on topics signed by the page."""

from __future__ import annotations


def case_topic(case_id: int) -> str:
    """Acts on one case."""
    return f"case:{case_id}"


def agency_topic(agency_id: int) -> str:
    """The lists of one agency."""
    return f"agency:{agency_id}"


def conversation_topic(conversation_id: int) -> str:
    """One conversation at the desk."""
    return f"conversation:{conversation_id}"


DESK = "desk"  # the intake desk's list
OVERSIGHT = "oversight"  # coordinator, leaders, inspectors: everything that moves


def oversight(domain: str = "") -> list[str]:
    """Who oversees what moves in a walled domain: those who read across, and those of the domain. In no domain: all."""
    return [OVERSIGHT, f"{OVERSIGHT}:{domain}"] if domain else [OVERSIGHT]


def person_topic(person_id: int) -> str:
    """One person's notices."""
    return f"person:{person_id}"
