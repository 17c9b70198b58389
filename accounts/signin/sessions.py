"""How long a sign-in lasts: staff half an hour without a click, everybody 12 hours at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User

SIGNED_IN_AT = "signed_in_at"
IDLE_SECONDS = "idle_seconds"
SEEN_AT = "seen_at"
CAME_BY_LINK = "came_by_link"
"""Mark in the session of somebody who used a one-time link: the old password is not asked for."""
REACHABLE_BEFORE_A_PASSWORD = {"signin:password", "signin:sign-out", "signin:link", "set_language", "privacy", "health"}
REFRESH_SECONDS = 60
"""A click within a minute of the last one writes nothing."""


def start_session(sender: object, request: HttpRequest, user: User, **_signal: Any) -> None:
    """Receiver of Django's `user_logged_in`: the clocks of the new session start."""
    idle = settings.STAFF_IDLE_SECONDS if user.is_staff_member else settings.SESSION_LONGEST_SECONDS
    now = int(time.time())
    request.session[SIGNED_IN_AT] = now
    request.session[IDLE_SECONDS] = idle
    _see(request.session, now)


def confirm_sign_in(session: SessionBase) -> None:
    """The person typed the password again: what asks for a recent sign-in may go on."""
    session["confirmed_at"] = int(time.time())


def signed_in_recently(session: SessionBase) -> bool:
    """Whether the password was typed (or the one-time link used) within the last half hour."""
    last = max(session.get(SIGNED_IN_AT, 0), session.get("confirmed_at", 0))
    return time.time() - last < settings.SIGN_IN_AGAIN_SECONDS


def _see(session: SessionBase, now: int) -> None:
    session[SEEN_AT] = now
    left = session[SIGNED_IN_AT] + settings.SESSION_LONGEST_SECONDS - now
    session.set_expiry(max(1, min(session[IDLE_SECONDS], left)))


class SessionLimitMiddleware:
    """Keeps a session alive while its owner clicks, and ends it where it has lasted long enough."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if session.session_key and SESSION_KEY in session and SIGNED_IN_AT in session:
            now = int(time.time())
            idle = now - session[SEEN_AT]
            if idle >= session[IDLE_SECONDS] or now - session[SIGNED_IN_AT] >= settings.SESSION_LONGEST_SECONDS:
                logout(request)
            elif idle >= REFRESH_SECONDS:
                _see(session, now)
        return self.get_response(request)


class PasswordFirstMiddleware:
    """Leads somebody who came by a one-time link to the choice of a password: the link lets nobody in a second time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        match = request.resolver_match
        if CAME_BY_LINK not in request.session or (match and match.view_name in REACHABLE_BEFORE_A_PASSWORD):
            return None
        return redirect("signin:password")
