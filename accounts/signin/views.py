"""Signing in and out, one-time links, passwords."""

from __future__ import annotations

import math
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from accounts.models import User
from accounts.refusals import Refusal
from accounts.services import normal_cna
from accounts.signin import services
from accounts.signin.forms import ChangePasswordForm, CurrentPasswordForm, NewPasswordForm, SignInForm
from accounts.signin.limits import client_address, minutes_to_wait, minutes_to_wait_of_wider_limits
from accounts.signin.sessions import CAME_BY_LINK, confirm_sign_in
from accounts.text import clean_line

BACKEND = "accounts.signin.backends.PortalBackend"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    form = SignInForm(_posted(request), request=request)
    if request.method == "POST":
        name = normal_cna(clean_line(request.POST.get("username", "")))
        wait = minutes_to_wait_of_wider_limits(address=client_address(request), name=name)
        if wait:
            return _please_wait(request, wait)
        if form.is_valid() and form.user is not None:
            services.link_to_register(user=form.user)
            login(request, form.user)
            return _in_own_language(redirect(_next(request)), form.user)
    return render(
        request,
        "signin/sign_in.html",
        {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")},
        status=422 if form.errors else 200,
    )


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """GET only shows the page, because programs that scan mail follow links; the button uses the link up."""
    link = services.usable_link(token)
    if link is None:
        return render(request, "signin/link_spent.html", status=404)
    if request.method == "POST":
        try:
            user = services.use_link(token=token)
        except Refusal:
            return render(request, "signin/link_spent.html", status=404)
        if request.user.is_authenticated:
            logout(request)
        login(request, user, backend=BACKEND)
        request.session[CAME_BY_LINK] = True
        return _in_own_language(redirect("signin:password"), user)
    return render(request, "signin/link_use.html", {"link": link})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    is_first = bool(request.session.get(CAME_BY_LINK))
    form_class = NewPasswordForm if is_first else ChangePasswordForm
    form = form_class(_posted(request), user=user, request=request)
    if request.method == "POST" and form.is_valid():
        services.set_password(user=user, password=form.cleaned_data["new_password"])
        update_session_auth_hash(request, user)
        request.session.pop(CAME_BY_LINK, None)
        messages.success(request, _("Your new password is set."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "signin/password_edit.html",
        {"form": form, "is_first": is_first},
        status=422 if form.errors else 200,
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Asks for the password once more before something that is hard to undo."""
    form = CurrentPasswordForm(_posted(request), user=cast(User, request.user), request=request)
    if request.method == "POST" and form.is_valid():
        confirm_sign_in(request.session)
        return redirect(_next(request))
    return render(
        request,
        "signin/sign_in_again.html",
        {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")},
        status=422 if form.errors else 200,
    )


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Django's own switch; somebody signed in finds the language again on another machine."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        services.keep_language(user=cast(User, request.user), language=language)
    return set_language(request)


def too_many_attempts(
    request: HttpRequest, _original: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """What axes answers instead of the view when one name failed too often from one address."""
    name = (credentials or {}).get("username", "")
    return _please_wait(request, minutes_to_wait(address=client_address(request), name=name))


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _please_wait(request: HttpRequest, minutes: int) -> HttpResponse:
    response = render(request, "signin/wait.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(math.ceil(minutes * 60))
    response["Cache-Control"] = "no-store"
    return response


def _next(request: HttpRequest) -> str:
    """The page that was asked for before the sign-in, if it is ours; otherwise the start page."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return settings.LOGIN_REDIRECT_URL


def _in_own_language(response: HttpResponse, user: User) -> HttpResponse:
    """The language that the person chose last time, on whatever machine."""
    if user.language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
