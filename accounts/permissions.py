"""Guards of functions: a refused function answers 403, as a refused object answers 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.roles import Permission

View = Callable[..., HttpResponse]


def requires(*any_of: Permission) -> Callable[[View], View]:
    """A decorator: the signed-in user needs at least one of these permissions."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = cast(User, request.user)
            if not any(user.may(permission) for permission in any_of):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
