"""Questions about officers and their posts."""

from __future__ import annotations

from datetime import date

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet

from hotline.people.models import Person, Post
from hotline.people.rules import HeldPost, Viewer
from hotline.regulation.lifecycle import Role


def posts_on(day: date) -> QuerySet[Post]:
    """Posts valid on a day, of people who may sign in."""
    return Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day, person__is_active=True
    )


def viewer_of(person: Person, day: date) -> Viewer:
    """The viewer a person is on a day: one query."""
    rows = posts_on(day).filter(person=person).order_by("id").values_list("role", "agency_id", "agency__name")
    held = tuple(HeldPost(Role(role), agency_id, name or "") for role, agency_id, name in rows)
    return Viewer(person.pk, person.full_name, held)


def holders(role: Role, day: date, agency_id: int | None = None) -> QuerySet[Person]:
    """People who hold a role that day (at one agency, if given)."""
    posts = posts_on(day).filter(role=str(role))
    if agency_id is not None:
        posts = posts.filter(agency_id=agency_id)
    return Person.objects.filter(pk__in=posts.values("person_id"))


def sessions_of(person: Person) -> QuerySet[UserSession]:
    """Where a person is signed in, the latest first."""
    return UserSession.objects.filter(user=person).order_by("-last_seen_at", "-id")
