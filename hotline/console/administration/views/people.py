"""People: who has an account, which posts they hold when, and help for whoever cannot get in."""

from __future__ import annotations

import secrets
from datetime import date
from functools import partial

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hotline.console.administration.doors import deed, do, form_page
from hotline.console.administration.forms.people import (
    EndPostForm,
    NewPersonForm,
    PeopleFilter,
    PersonForm,
    PostForm,
    ReasonForm,
)
from hotline.console.administration.rules import cursor_of, device, password_words, read_cursor
from hotline.console.context import language
from hotline.console.doors import back_with, staff
from hotline.organisation.models import Agency
from hotline.people import actions
from hotline.people.models import Person, Post
from hotline.people.queries import held_as, people, sessions_of
from hotline.refusals import Refused
from hotline.regulation.lifecycle import Role

PAGE = 50
COLUMNS = ("full_name", "email", "phone", "title")
ADMIN = staff(Role.ADMINISTRATOR)


@ADMIN
def index(request: HttpRequest) -> HttpResponse:
    """GET: everybody with an account, by name; `q`, `role` and `agency` narrow, `after` goes on."""
    today = timezone.localdate()
    asked = PeopleFilter(request.GET or None, day=today, language=language(), words=request.viewer.words)
    chosen = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    agency: Agency | None = chosen.get("agency")
    rows = list(
        people(
            today,
            words=chosen.get("q", ""),
            role=chosen.get("role", ""),
            agency_id=agency.pk if agency else None,
            after=read_cursor(request.GET.get("after", "")),
        )[: PAGE + 1]
    )
    older = ""
    if len(rows) > PAGE:
        rows = rows[:PAGE]
        query = request.GET.copy()
        query["after"] = cursor_of(rows[-1].full_name, rows[-1].pk)
        older = f"?{query.urlencode()}"
    return render(
        request,
        "console/administration/people.html",
        {
            "rows": [(p, [held_as(post, request.viewer.words) for post in p.held]) for p in rows],
            "filter": asked,
            "older": older,
            "newer": reverse("console:people") if request.GET.get("after") else "",
            "narrowed": any(chosen.values()),
        },
    )


@ADMIN
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """A new account with its first post; the password made for it is shown once."""
    password = new_password()

    def perform(given: dict) -> Person:
        with transaction.atomic():  # an account without its post would be no use to anybody
            person = actions.create_person(
                given["username"],
                given["full_name"],
                email=given["email"],
                phone=given["phone"],
                title=given["title"],
                password=password,
                given=True,
                **deed(request),
            )
            _give(request, person, given)
        request.session["shown_once"] = [person.pk, password]
        return person

    return form_page(
        request,
        NewPersonForm(request.POST or None, day=timezone.localdate(), language=language(), words=request.viewer.words),
        perform,
        title=_("Thêm cán bộ"),
        back=reverse("console:people"),
        send=_("Tạo tài khoản"),
        done=_("Đã tạo tài khoản."),
        to=lambda person: reverse("console:person", args=[person.pk]),
        lead=_("Hệ thống sinh mật khẩu tạm, chỉ hiện một lần; người dùng phải đổi khi đăng nhập lần đầu."),
    )


@ADMIN
@never_cache
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: one person: posts past and to come, protection, sessions. A password just made is shown this once."""
    row = get_object_or_404(Person, pk=pk)
    shown = request.session.get("shown_once")
    password = ""
    if shown and shown[0] == pk:
        password = shown[1]
        del request.session["shown_once"]
    today = timezone.localdate()
    posts = row.posts.select_related("agency").order_by("-valid_from", "-id")
    return render(
        request,
        "console/administration/person.html",
        {
            "person": row,
            "password": password,
            "today": today,
            "posts": [(post, held_as(post, request.viewer.words), _when(post, today)) for post in posts],
            "factors": Authenticator.objects.filter(user=row).exclude(type=Authenticator.Type.RECOVERY_CODES).count(),
            "sessions": [(s, device(s.user_agent)) for s in sessions_of(row)[:20]],
            "myself": row.pk == request.viewer.person_id,
        },
    )


@ADMIN
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct name, title and addresses."""
    row = get_object_or_404(Person, pk=pk)
    form = PersonForm(request.POST or None, row={name: getattr(row, name) for name in COLUMNS})
    return form_page(
        request,
        form,
        lambda given: actions.change_person(row, **given, **deed(request)),
        title=_("Sửa thông tin: %(name)s") % {"name": row.full_name},
        to=_page(pk),
        back=_page(pk),
    )


@ADMIN
def give_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Another post."""
    row = get_object_or_404(Person, pk=pk)
    return form_page(
        request,
        PostForm(request.POST or None, day=timezone.localdate(), language=language(), words=request.viewer.words),
        partial(_give, request, row),
        title=_("Giao vai trò: %(name)s") % {"name": row.full_name},
        to=_page(pk),
        back=_page(pk),
        send=_("Giao vai trò"),
        done=_("Đã giao vai trò."),
    )


@ADMIN
def end_post(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    """The last day of a post."""
    row = get_object_or_404(Post.objects.select_related("person", "agency"), pk=post, person_id=pk)
    return form_page(
        request,
        EndPostForm(request.POST or None, initial={"last_day": timezone.localdate()}),
        lambda given: actions.end_post(row, given["last_day"], **deed(request)),
        title=_("Kết thúc vai trò: %(name)s") % {"name": row.person.full_name},
        lead=held_as(row, request.viewer.words).label(language()),
        to=_page(pk),
        back=_page(pk),
        send=_("Kết thúc"),
        done=_("Đã ghi ngày kết thúc."),
    )


@ADMIN
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: a new password, shown once on the page that follows; the person changes it at the next sign-in."""
    row, password = get_object_or_404(Person, pk=pk), new_password()
    try:
        actions.set_password(row, password, given=True, **deed(request))
    except Refused as refused:
        return back_with(request, refused, _page(pk))
    request.session["shown_once"] = [pk, password]
    return HttpResponseRedirect(_page(pk))


@ADMIN
@require_POST
def remove_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take away the second factor of somebody who lost it."""
    row = get_object_or_404(Person, pk=pk)
    return do(
        request,
        lambda: actions.remove_second_factors(row, **deed(request)),
        done=_("Đã gỡ xác thực hai lớp."),
        to=_page(pk),
    )


@ADMIN
@require_POST
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: sign somebody out everywhere (but for oneself here)."""
    row = get_object_or_404(Person, pk=pk)
    keep = (request.session.session_key or "") if pk == request.viewer.person_id else ""
    return do(
        request,
        lambda: actions.revoke_sessions(row, keep=keep, **deed(request)),
        done=_("Đã đăng xuất các phiên."),
        to=_page(pk),
    )


@ADMIN
@require_POST
def end_session(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """POST: sign somebody out of one place."""
    row = get_object_or_404(Person, pk=pk)
    return do(
        request,
        lambda: actions.revoke_session(row, session, **deed(request)),
        done=_("Đã đăng xuất phiên đó."),
        to=_page(pk),
    )


@ADMIN
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, with the reason."""
    row = get_object_or_404(Person, pk=pk, is_active=True)
    return form_page(
        request,
        ReasonForm(request.POST or None),
        lambda given: actions.deactivate(row, reason=given["reason"], **deed(request)),
        title=_("Khóa tài khoản: %(name)s") % {"name": row.full_name},
        to=_page(pk),
        back=_page(pk),
        send=_("Khóa tài khoản"),
        done=_("Đã khóa tài khoản."),
        lead=_("Người này bị đăng xuất ngay và không đăng nhập được nữa; việc đã làm và vai trò cũ vẫn được lưu."),
    )


@ADMIN
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: open a closed account again."""
    row = get_object_or_404(Person, pk=pk, is_active=False)
    return do(request, lambda: actions.reactivate(row, **deed(request)), done=_("Đã mở lại tài khoản."), to=_page(pk))


def new_password() -> str:
    """Easy to read out over the telephone, impossible to guess."""
    return password_words(secrets.randbelow)


def _give(request: HttpRequest, row: Person, given: dict) -> Post:
    return actions.give_post(
        row,
        Role(given["role"]),
        given["agency"],
        valid_from=given["valid_from"],
        valid_to=given["valid_to"],
        **deed(request),
    )


def _when(post: Post, today: date) -> str:
    if post.valid_from > today:
        return "later"
    return "over" if post.valid_to and post.valid_to < today else "now"


def _page(pk: int) -> str:
    return reverse("console:person", args=[pk])
