"""Guards of functions: a refused function answers 403, as a refused object answers 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User
from accounts.roles import Permission
from accounts.signin.sessions import signed_in_recently

View = Callable[..., HttpResponseBase]


def requires(*any_of: Permission) -> Callable[[View], View]:
    """A decorator: the signed-in user needs at least one of these permissions."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = cast(User, request.user)
            if not any(user.may(permission) for permission in any_of):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def recent_sign_in(view: View) -> View:
    """A decorator for what is hard to undo: the password must have been typed within the last half hour.

    Otherwise the person is asked for it and comes back to this page, or from a bare POST to the page it was sent from.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if signed_in_recently(request.session):
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method == "GET" else request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            back = reverse(settings.LOGIN_REDIRECT_URL)
        return redirect_to_login(back, reverse("signin:again"))

    return guarded
