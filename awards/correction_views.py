"""Requests to correct what stands on an issued NAT: organisers see those of own activities, administrators decide."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import recent_sign_in, requires
from accounts.requests import PortalRequest
from accounts.roles import Permission
from awards.attendance.refusals import AttendanceRefused
from awards.attendance.undoing import awards_on_paper
from awards.forms import DeclineForm
from awards.granting import apply_request, decline_request
from awards.models import CorrectionRequest
from awards.requesting import RequestRefused, withdraw_request
from awards.services import AwardRefused

PER_PAGE = 25


@require_GET
@requires(Permission.ORGANISE)
def requests(request: PortalRequest) -> HttpResponse:
    """The requests that the user may see: those to be decided, or those that were."""
    visible = CorrectionRequest.objects.visible_to(request.user)
    open_count = visible.open().count()
    is_open = request.GET.get("show") != "decided"
    shown = visible.open() if is_open else visible.exclude(status=CorrectionRequest.Status.OPEN)
    page = Paginator(shown.with_subject(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "is_open": is_open,
        "open_count": open_count,
    }
    return render(request, "awards/correction_list.html", context)


@require_GET
@requires(Permission.ORGANISE)
def request_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """What is to be corrected and why; for the administrator with the decision, for the organisers with its state."""
    return _detail(request, _asked(request, pk), DeclineForm())


def _asked(request: PortalRequest, pk: int) -> CorrectionRequest:
    visible = CorrectionRequest.objects.visible_to(request.user).with_subject().select_related("activity__unit")
    return get_object_or_404(visible, pk=pk)


def _detail(request: PortalRequest, asked: CorrectionRequest, form: DeclineForm) -> HttpResponse:
    is_open = asked.status == CorrectionRequest.Status.OPEN
    may_decide = request.user.may(Permission.MANAGE_ALL_ACTIVITIES)
    context = {
        "asked": asked,
        "form": form,
        "on_paper": awards_on_paper(asked.upload) if asked.upload and not asked.award else 1,
        "decides": is_open and may_decide,
        "withdraws": is_open and not may_decide,
    }
    return render(request, "awards/correction_detail.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.MANAGE_ALL_ACTIVITIES)
@recent_sign_in
def apply(request: PortalRequest, pk: int) -> HttpResponse:
    """Makes the correction."""
    asked = _asked(request, pk)
    try:
        apply_request(acting_user=request.user, request=asked)
    except (RequestRefused, AwardRefused) as refused:
        messages.error(request, str(refused))
    except AttendanceRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The correction was made. Whoever asked for it was told."))
    return redirect("awards:correction", asked.pk)


@require_POST
@requires(Permission.MANAGE_ALL_ACTIVITIES)
@recent_sign_in
def decline(request: PortalRequest, pk: int) -> HttpResponse:
    """Leaves everything as it is, with a reason."""
    asked = _asked(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _detail(request, asked, form)
    try:
        decline_request(acting_user=request.user, request=asked, reason=form.cleaned_data["reason"])
    except RequestRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The request was declined. Whoever made it was told."))
    return redirect("awards:correction", asked.pk)


@require_POST
@requires(Permission.ORGANISE)
def withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    """The organisers need it no more."""
    asked = _asked(request, pk)
    try:
        withdraw_request(acting_user=request.user, request=asked)
    except RequestRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The request was withdrawn."))
    return redirect("awards:correction", asked.pk)
