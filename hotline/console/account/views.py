"""One's own account: what protects it, and where it is signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hotline.console.administration.rules import device
from hotline.console.doors import say
from hotline.people.actions import revoke_session, revoke_sessions
from hotline.people.models import Person
from hotline.people.queries import held_as, posts_on
from hotline.refusals import Refused


def nowhere(request: HttpRequest) -> HttpResponse:
    """What this house does not offer does not exist."""
    raise Http404


@login_required
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """GET: my account: who I am here, my password, second factor and sessions."""
    held = posts_on(timezone.localdate()).filter(person=_me(request)).select_related("agency").order_by("id")
    return render(
        request,
        "account/overview.html",
        {
            "posts": [(held_as(post, request.viewer.words), post) for post in held],
            "factors": Authenticator.objects.filter(user=request.user)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
            .count(),
            "session_count": len(_sessions(request)),
        },
    )


@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """GET: where I am signed in; each place can be signed out of."""
    rows = _sessions(request)
    return render(
        request,
        "usersessions/usersession_list.html",
        {
            "sessions": [(row, device(row.user_agent), row.is_current()) for row in rows],
            "others": sum(not row.is_current() for row in rows),
        },
    )


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: sign me out of one other place."""
    try:
        revoke_session(_me(request), pk, actor=request.viewer.actor(), now=timezone.now())
    except Refused as refused:
        messages.error(request, say(request, refused))
    else:
        messages.success(request, _("Đã đăng xuất phiên đó."))
    return HttpResponseRedirect(reverse("usersessions_list"))


@login_required
@require_POST
def revoke_others(request: HttpRequest) -> HttpResponse:
    """POST: sign me out everywhere but here."""
    ended = revoke_sessions(
        _me(request), keep=request.session.session_key or "", actor=request.viewer.actor(), now=timezone.now()
    )
    messages.success(request, _("Đã đăng xuất %(count)s phiên khác.") % {"count": ended})
    return HttpResponseRedirect(reverse("usersessions_list"))


def _me(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # whoever is not signed in was sent to do so
    return request.user


def _sessions(request: HttpRequest) -> list[UserSession]:
    return sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.last_seen_at, reverse=True)
