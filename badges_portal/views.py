"""The start page, the privacy notice, and the pages that say what went wrong."""

from __future__ import annotations

import sys

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_safe
from psycopg2.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from badges_portal.retention import RETENTION
from badges_portal.start import StartPage


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What needs doing now; a visitor who is not signed in comes to the scheme page."""
    if not request.user.is_authenticated:
        return redirect("activities:scheme")
    return render(request, "portal/home.html", {"desks": StartPage(request.user, timezone.now()).desks})


@require_safe
@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    """What is held about a person, why, for how long, and whom to ask."""
    return render(request, "portal/privacy.html", {"retention": RETENTION})


@require_safe
@login_not_required
def data_sign_in(request: HttpRequest) -> HttpResponse:
    """Where the data admin sends whom it does not let in; somebody signed in would come back for ever."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect(f"{reverse('signin:sign-in')}?{request.META['QUERY_STRING']}")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return _problem(
        request,
        400,
        _("That request could not be understood"),
        _("Something in the address or in the form was not as it should be, so nothing was changed."),
        _("Go back, reload the page and try again."),
    )


def busy(request: HttpRequest) -> HttpResponse:
    """Somebody else held a row for longer than we wait."""
    response = _problem(
        request,
        503,
        _("Somebody else is changing this just now"),
        _("The portal waited and gave up, so nothing was changed."),
        _("Go back and try again in a moment."),
    )
    response["Retry-After"] = "5"
    return response


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(
        request,
        403,
        _("Your account may not do this"),
        _("This page belongs to a role that your account does not have. Nothing was changed."),
        _("If your work needs it, ask the scheme administrator to give you the role."),
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _problem(
        request,
        404,
        _("There is no such page"),
        _("The address may be mistyped or out of date, or the page is not open to your account."),
        _("Check the address, or start from the menu above."),
    )


CANNOT_STORE = (InsufficientPrivilege, ReadOnlySqlTransaction)
"""A database that answers, but may not be written to."""


def server_error(request: HttpRequest) -> HttpResponse:
    """Something that nobody expected; or a database that is away, which is said without asking it anything."""
    error = sys.exc_info()[1]
    is_away = isinstance(error, OperationalError | InterfaceError)
    if is_away or isinstance(getattr(error, "__cause__", None), CANNOT_STORE):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})
    return defaults.server_error(request)


def too_large(request: HttpRequest) -> HttpResponse:
    return _problem(
        request,
        413,
        _("That file is too large"),
        _("The portal stopped reading it, and nothing was kept."),
        _("Save the sheet without pictures and without empty sheets, then upload it again."),
    )


def too_many_requests(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    return _problem(
        request,
        429,
        _("Too many tries"),
        _("There were too many tries from here in a short time, so the portal is resting for a while."),
        _("Wait a quarter of an hour, then try again."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was sent from a page that is too old, or with cookies switched off."""
    if getattr(request, "upload_too_large", False):
        return too_large(request)
    return _problem(
        request,
        403,
        _("This form is too old to be sent"),
        _("You signed in or out since the page was opened, or your browser blocks cookies. Nothing was changed."),
        _("Go back, reload the page and send the form again. Cookies of this site must be allowed."),
    )


def _problem(request: HttpRequest, status: int, title: str, what: str, remedy: str) -> HttpResponse:
    """One page for every refusal: what happened, and what to do."""
    context = {"status": status, "problem": title, "what": what, "remedy": remedy}
    return render(request, "portal/problem.html", context, status=status)
