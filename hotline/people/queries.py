"""Questions about officers and their posts."""

from __future__ import annotations

from datetime import date

from allauth.usersessions.models import UserSession
from django.db.models import Func, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat

from hotline.hotlines.models import Hotline
from hotline.hotlines.queries import role_words
from hotline.hotlines.rules import RoleWords
from hotline.people.models import Person, Post
from hotline.people.rules import HeldPost, Viewer
from hotline.regulation.lifecycle import Role
from hotline.statements.queries import written_once


def posts_on(day: date) -> QuerySet[Post]:
    """Posts valid on a day, of people who may sign in."""
    return Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day, person__is_active=True
    )


@written_once
def _held(*, person: int, day: date) -> QuerySet[Post, tuple[str, int | None, str | None, str | None, int | None]]:
    rows = posts_on(day).filter(person=person).order_by("id")
    first = Subquery(Hotline.objects.order_by("id").values("id")[:1])
    return rows.values_list("role", "agency_id", "agency__name", "agency__domain", first)


def viewer_of(person: Person, day: date) -> Viewer:
    """The viewer a person is on a day, in the words of the regulation: one query, and one a minute."""
    rows = list(_held(person=person.pk, day=day))
    words = role_words(rows[0][4], day) if rows else RoleWords()
    held = tuple(
        HeldPost(Role(role), agency_id, name or "", domain or "", words.of(Role(role), agency_id))
        for role, agency_id, name, domain, _ in rows
    )
    return Viewer(person.pk, person.full_name, held, words)


def held_as(post: Post, words: RoleWords) -> HeldPost:
    """A post as people read it, its agency already fetched."""
    role = Role(post.role)
    return HeldPost(role, post.agency_id, post.agency.name if post.agency else "", word=words.of(role, post.agency_id))


def holders(role: Role, day: date, agency_id: int | None = None, *, domain: str = "") -> QuerySet[Person]:
    """People who hold a role that day (at one agency, if given; for a walled `domain`, inside its wall or outside of all)."""
    posts = posts_on(day).filter(role=str(role))
    if agency_id is not None:
        posts = posts.filter(agency_id=agency_id)
    if domain:
        posts = posts.filter(Q(agency__isnull=True) | Q(agency__domain__in=["", domain]))
    return Person.objects.filter(pk__in=posts.values("person_id"))


def sessions_of(person: Person) -> QuerySet[UserSession]:
    """Where a person is signed in, the latest first."""
    return UserSession.objects.filter(user=person).order_by("-last_seen_at", "-id")


def people(
    day: date, *, words: str = "", role: str = "", agency_id: int | None = None, after: tuple[str, int] | None = None
) -> QuerySet[Person]:
    """Accounts by name, each with the posts of the day as `held`. `words`: part of the name or username, with diacritics
    or without; `after`: the name and id that the page before ended with."""
    rows = Person.objects.order_by("full_name", "id")
    if words.strip():
        named = Func(Concat("full_name", Value(" "), "username"), function="vi_fold", output_field=TextField())
        rows = rows.annotate(named=named).filter(named__contains=Func(Value(words.strip()), function="vi_fold"))
    if role or agency_id:
        posts = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
        posts = posts.filter(role=role) if role else posts
        posts = posts.filter(agency_id=agency_id) if agency_id else posts
        rows = rows.filter(pk__in=posts.values("person_id"))
    if after is not None:
        rows = rows.filter(Q(full_name__gt=after[0]) | Q(full_name=after[0], pk__gt=after[1]))
    today = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return rows.prefetch_related(Prefetch("posts", today.select_related("agency").order_by("id"), to_attr="held"))

