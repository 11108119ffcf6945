"""What every staff page knows besides its own content: the side list with live counters, and who the reader is here."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from hotline.cases.models import Obligation
from hotline.cases.queries import counted, moments, parts_owed
from hotline.console.navigation import Group, navigation
from hotline.conversations.queries import counted as at_desk
from hotline.experts.models import Referral
from hotline.experts.queries import may_stand, standing_ids
from hotline.experts.querysets import stands_for
from hotline.knowledge.models import Gap
from hotline.live.actions import sign_topics
from hotline.live.queries import COUNTED_UP_TO, Count
from hotline.live.rules import DESK, OVERSIGHT, agency_topic, oversight, person_topic
from hotline.notifications.models import Notice
from hotline.people.rules import DESK_ROLES, Viewer
from hotline.statements.queries import KEPT


def console(request: HttpRequest) -> dict:
    """Template context: nav, nav_topics, nav_topic_names, nav_src, role_label, unread. Asked only by pages that draw it."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not request.path.startswith(("/console/", "/account/")):
        return {}
    counts = cache(lambda: counters(viewer))
    return {
        "nav": SimpleLazyObject(lambda: side_list(viewer, counts(), request.GET.get("at") or request.path)),
        "nav_topics": SimpleLazyObject(lambda: sign_topics(topics_of(viewer))),
        "nav_topic_names": " ".join(topics_of(viewer)),
        "nav_src": f"{reverse('console:nav')}?at={request.path}",
        "role_label": viewer.posts[0].label(language()) if viewer.posts else "",
        "unread": SimpleLazyObject(lambda: counts()["notices"]),
    }


def side_list(viewer: Viewer, counts: dict[str, int], path: str) -> list[Group]:
    """The groups of the side list on the page at `path`."""
    return navigation(viewer, counts, path, language(), COUNTED_UP_TO)


def counters(viewer: Viewer) -> dict[str, int]:
    """How much waits in each list, each counted to COUNTED_UP_TO at the most; all of them in one statement."""
    at = moments(timezone.now()) if viewer.sees_all_cases or viewer.agency_ids else {}
    return _count(viewer, tuple(at), may_stand(viewer)).ask(**at)


@lru_cache(maxsize=KEPT)
def _count(viewer: Viewer, at: tuple[str, ...], stands: bool) -> Count:
    """The statement that counts a viewer's lists. It is kept, its answers are not: the same person with the same posts asks
    the same, only later."""
    lists: dict[str, QuerySet] = {}
    if viewer.person_id:
        lists["notices"] = Notice.objects.filter(person_id=viewer.person_id, read_at__isnull=True)
    if viewer.sees_all_cases or viewer.agency_ids:
        lists |= counted(viewer, at)
        lists["owed"] = Obligation.objects.owed_by(viewer)
    if viewer.agency_ids:
        lists["cooperation"] = parts_owed(viewer)
    if viewer.roles & DESK_ROLES:
        lists |= {f"desk.{tab}": rows for tab, rows in at_desk(viewer).items()}
    if stands:
        lists["standing"] = Referral.objects.visible_to(viewer).open()
    if viewer.edits_for:
        lists["gaps"] = Gap.objects.closable_by(viewer).filter(state="open")
    return Count(lists)


def topics_of(viewer: Viewer) -> list[str]:
    """What moves this person's lists."""
    topics: Iterable[str] = [
        *([person_topic(viewer.person_id)] if viewer.person_id else []),
        *([DESK] if viewer.roles & DESK_ROLES else []),
        *(map(agency_topic, sorted(stands_for(viewer) & standing_ids()))),
        *(_oversight(viewer) if viewer.sees_all_cases else map(agency_topic, sorted(viewer.agency_ids))),
    ]
    return list(dict.fromkeys(topics))


def _oversight(viewer: Viewer) -> Iterable[str]:
    """All that moves, or what moves behind this viewer's own wall."""
    return [OVERSIGHT] if viewer.domains is None else (oversight(domain)[-1] for domain in sorted(viewer.domains))


def language() -> str:
    """ "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"
