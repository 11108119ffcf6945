"""Verbs on officers: accounts, posts, passwords, sessions. Each is journaled; no password ever is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation

from hotline.hotlines.models import Domain
from hotline.journal.actions import record
from hotline.journal.rules import Actor
from hotline.live.rules import person_topic
from hotline.organisation.models import Agency
from hotline.people.models import Person, Post
from hotline.people.queries import holders, sessions_of
from hotline.people.rules import AGENCY_ROLES, NOT_HELD, OVERSEERS, exclude_each_other, overlap
from hotline.refusals import Refused, unchanged
from hotline.regulation.labels import Label
from hotline.regulation.lifecycle import Role


@transaction.atomic
def create_person(
    username: str, full_name: str, *, email: str = "", phone: str = "", title: str = "", password: str | None = None,
    given: bool = False, actor: Actor, now: datetime,
) -> Person:
    """Make an account without posts; without a password nobody can sign in with it yet. `given`: the password must be
    changed at the first sign-in.

    Raises Refused when the username is taken, a name is missing, or the password is too weak.
    """
    username, full_name = username.strip().lower(), full_name.strip()
    if not username or not full_name:
        raise Refused(Label("Cần có tên đăng nhập và họ tên.", "A username and a full name are needed."))
    if Person.objects.filter(username=username).exists():
        raise Refused(Label(f"Tên đăng nhập “{username}” đã có người dùng.", f"The username “{username}” is taken."))
    person = Person(username=username, full_name=full_name, email=email.strip(), phone=phone.strip(), title=title.strip(),
                    password_given=given)
    if password is not None:
        _check_password(password, person)
    person.set_password(password)
    person.save()
    record("person.created", "person", person.pk, actor, now,
           after={"username": username, "full_name": full_name, "title": title})
    return person


@transaction.atomic
def change_person(
    person: Person, *, full_name: str, email: str = "", phone: str = "", title: str = "",
    seen: Mapping[str, str] | None = None, actor: Actor, now: datetime,
) -> Person:
    """Correct what is written about a person. Raises Refused without a name, Stale when it is no more what was `seen`."""
    person = _locked(person)
    if not full_name.strip():
        raise Refused(Label("Họ tên không được để trống.", "A full name is needed."))
    given = {"full_name": full_name.strip(), "email": email.strip(), "phone": phone.strip(), "title": title.strip()}
    before = {name: getattr(person, name) for name in given}
    unchanged(before, seen)
    for name, value in given.items():
        setattr(person, name, value)
    person.save(update_fields=list(given))
    changed = [name for name in given if before[name] != given[name]]
    record("person.changed", "person", person.pk, actor, now, topics=[person_topic(person.pk)],
           before={n: before[n] for n in changed}, after={n: given[n] for n in changed})
    return person


@transaction.atomic
def give_post(
    person: Person, role: Role, agency: Agency | None, *, valid_from: date, valid_to: date | None = None,
    actor: Actor, now: datetime,
) -> Post:
    """Give a role at an agency for dated days (both included).

    Raises Refused for a role nobody holds, an agency role without an agency, an end before the beginning, the same post
    twice at a time, or a technician who would see content.
    """
    person = _locked(person)
    if role in NOT_HELD:
        raise Refused(Label(f"“{role.label.vi}” không phải là vai trò được giao.", f"“{role.label.en}” is no post."))
    if role in AGENCY_ROLES and agency is None:
        raise Refused(Label(f"Vai trò {role.label.vi} phải thuộc một cơ quan.", f"A {role.label.en} needs an agency."))
    if role in OVERSEERS and agency is None and Domain.objects.exists():
        raise Refused(Label(
            f"Vai trò {role.label.vi} phải thuộc một cơ quan: cơ quan quyết định đọc được lĩnh vực cơ bản nào.",
            f"A {role.label.en} needs an agency here: it decides which domain they read.",
        ))
    if valid_to is not None and valid_to < valid_from:
        raise Refused(Label("Ngày kết thúc không được trước ngày bắt đầu.", "A post cannot end before it begins."))
    for other in person.posts.all():
        if not overlap(valid_from, valid_to, other.valid_from, other.valid_to):
            continue
        if other.role == role and other.agency_id == (agency.pk if agency else None):
            raise Refused(Label(
                f"{person.full_name} đã giữ vai trò này trong thời gian đó.",
                f"{person.full_name} already holds this post at that time.",
            ))
        if exclude_each_other(role, Role(other.role)):
            raise Refused(Label(
                "Kỹ thuật viên đơn vị cho thuê dịch vụ không được giữ vai trò xem nội dung phản ánh, kiến nghị.",
                "The vendor's technician may not hold a post that reads what citizens wrote.",
            ) if Role.TECHNICIAN in (role, other.role) else Label(
                "Quản trị hệ thống không được đồng thời là cán bộ tiếp nhận tố cáo.",
                "An administrator may not receive denunciations at the same time.",
            ))
    post = Post.objects.create(person=person, role=str(role), agency=agency, valid_from=valid_from, valid_to=valid_to)
    record("post.given", "person", person.pk, actor, now, after=_document(post), topics=[person_topic(person.pk)])
    return post


@transaction.atomic
def end_post(post: Post, last_day: date, *, actor: Actor, now: datetime) -> Post:
    """Set the last day of a post. Raises Refused when it is before the first, or nobody would administer any more."""
    post = Post.objects.select_for_update(of=["self"]).select_related("agency").get(pk=post.pk)
    if last_day < post.valid_from - timedelta(days=1):
        raise Refused(Label("Ngày kết thúc không được trước ngày bắt đầu.", "A post cannot end before it begins."))
    before = _document(post)
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])
    _keep_an_administrator(post.role == Role.ADMINISTRATOR, timezone.localdate(now))
    record("post.ended", "person", post.person_id, actor, now, before=before, after=_document(post),
           topics=[person_topic(post.person_id)])
    return post


@transaction.atomic
def follow_agency(
    old: Agency, agencies: Mapping[str, Agency], heir_of: Callable[[str], str], *, decision: str, actor: Actor, now: datetime
) -> int:
    """End every post at an agency that is succeeded; whose heir (`heir_of` a username) is an agency goes there with the
    same role from today on. How many posts ended. Raises Refused when nobody would administer any more."""
    today = timezone.localdate(now)
    yesterday = today - timedelta(days=1)
    posts = Post.objects.select_for_update(of=["self"]).select_related("person", "agency").filter(agency=old)
    ended = 0
    for post in posts.exclude(valid_to__lt=today).order_by("id"):
        heir = agencies.get(heir_of(post.person.username))
        if heir is not None and heir.pk == old.pk:
            continue
        before = _document(post)
        begins, ends = max(post.valid_from, today), post.valid_to
        post.valid_to = max(yesterday, post.valid_from - timedelta(days=1))
        post.save(update_fields=["valid_to"])
        record("post.ended", "person", post.person_id, actor, now, before=before, after=_document(post), note=decision,
               topics=[person_topic(post.person_id)])
        if heir is not None and not _held(post, heir, begins, ends):
            given = Post.objects.create(
                person=post.person, role=post.role, agency=heir, valid_from=begins, valid_to=ends
            )
            record("post.given", "person", post.person_id, actor, now, after=_document(given), note=decision,
                   topics=[person_topic(post.person_id)])
        _keep_an_administrator(post.role == Role.ADMINISTRATOR, today)
        ended += 1
    return ended


def _held(post: Post, agency: Agency, begins: date, ends: date | None) -> bool:
    """Whether somebody holds the same role at another agency already, all that time or part of it."""
    others = Post.objects.filter(person=post.person_id, role=post.role, agency=agency)
    return any(overlap(begins, ends, other.valid_from, other.valid_to) for other in others)


@transaction.atomic
def set_password(person: Person, password: str, *, given: bool = False, actor: Actor, now: datetime) -> Person:
    """Set a password for somebody; whoever is signed in with the old one is signed out. `given`: it must be changed at
    the next sign-in. Raises Refused with what is weak about it."""
    person = _locked(person)
    _check_password(password, person)
    person.set_password(password)
    person.password_given = given
    person.save(update_fields=["password", "password_given"])
    _end_sessions(person)
    record("person.password_set", "person", person.pk, actor, now)
    return person


@transaction.atomic
def choose_password(person: Person, password: str, *, now: datetime) -> Person:
    """A person changes their own password, already checked. Every session that was begun with the old one is over."""
    person.set_password(password)
    person.password_given = False
    person.save(update_fields=["password", "password_given"])
    record("person.password_chosen", "person", person.pk, Actor("person", person.pk, person.full_name), now)
    return person


@transaction.atomic
def remove_second_factors(person: Person, *, actor: Actor, now: datetime) -> int:
    """Take away every second factor of somebody who lost their telephone or key; how many there were.

    Raises Refused when there is none.
    """
    person = _locked(person)
    factors = Authenticator.objects.filter(user=person)
    kinds = sorted(factors.values_list("type", flat=True))
    if not kinds:
        raise Refused(Label("Tài khoản này chưa bật xác thực hai lớp.", "This account has no second factor."))
    factors.delete()
    _end_sessions(person)
    record("person.factors_removed", "person", person.pk, actor, now, before={"kinds": kinds})
    return len(kinds)


@transaction.atomic
def deactivate(person: Person, *, reason: str = "", actor: Actor, now: datetime) -> Person:
    """Close an account: no more sign-in, sessions end at once; posts and deeds stay on record.

    Raises Refused when nobody would administer any more.
    """
    person = _locked(person)
    today = timezone.localdate(now)
    administers = holders(Role.ADMINISTRATOR, today).filter(pk=person.pk).exists()
    person.is_active = False
    person.save(update_fields=["is_active"])
    _keep_an_administrator(administers, today)
    _end_sessions(person)
    record("person.deactivated", "person", person.pk, actor, now, note=reason, topics=[person_topic(person.pk)],
           before={"is_active": True}, after={"is_active": False})
    return person


@transaction.atomic
def reactivate(person: Person, *, actor: Actor, now: datetime) -> Person:
    """Open a closed account again; posts whose days are over stay over."""
    person = _locked(person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record("person.reactivated", "person", person.pk, actor, now, before={"is_active": False}, after={"is_active": True})
    return person


@transaction.atomic
def revoke_session(person: Person, session_id: int, *, actor: Actor, now: datetime) -> None:
    """Sign a person out of one place. Raises Refused when that session is over already."""
    session = sessions_of(person).filter(pk=session_id).first()
    if session is None:
        raise Refused(Label("Phiên đăng nhập này đã kết thúc.", "That session is over already."))
    session.end()
    record("person.session_revoked", "person", person.pk, actor, now, after={"ip": session.ip})


@transaction.atomic
def revoke_sessions(person: Person, *, keep: str = "", actor: Actor, now: datetime) -> int:
    """Sign a person out everywhere but in the session with the key `keep`. How many sessions ended."""
    ended = _end_sessions(person, keep)
    record("person.sessions_revoked", "person", person.pk, actor, now, after={"ended": ended})
    return ended


def _end_sessions(person: Person, keep: str = "") -> int:
    sessions = list(sessions_of(person).exclude(session_key=keep))
    for session in sessions:
        session.end()
    return len(sessions)


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        words = {}
        for lang in ("vi", "en"):
            with translation.override(lang):
                words[lang] = " ".join(str(m) for m in error.messages)
        raise Refused(Label(words["vi"], words["en"])) from error


def _keep_an_administrator(was_one: bool, day: date) -> None:
    if was_one and not holders(Role.ADMINISTRATOR, day).exists():
        raise Refused(Label(
            "Đây là người quản trị cuối cùng; hãy giao vai trò quản trị cho người khác trước.",
            "This is the last administrator; give the post to somebody else first.",
        ))


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _document(post: Post) -> dict:
    return {"role": post.role, "agency": post.agency.key if post.agency else None,
            "from": post.valid_from.isoformat(), "to": post.valid_to.isoformat() if post.valid_to else None}
