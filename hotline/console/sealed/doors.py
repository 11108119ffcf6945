"""How a page of the sealed lane is left: in no cache, on no shared machine, for nobody who presses "back"."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from hotline.console.doors import View, staff
from hotline.regulation.words import Role

OFFICER = (Role.SEALED_OFFICER,)
WRITERS = (Role.CALL_TAKER, Role.SHIFT_LEADER, Role.SEALED_OFFICER)


def sealed(*roles: Role) -> Callable[[View], View]:
    """`staff(*roles)`, and nothing of the answer is kept by a browser or a proxy."""

    def wrap(view: View) -> View:
        guarded = staff(*roles)(view)

        @wraps(guarded)
        def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = guarded(request, *args, **kwargs)
            answer["Cache-Control"] = "no-store, private"
            return answer

        return door

    return wrap
